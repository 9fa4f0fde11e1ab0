from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccessConfig(AppConfig):
    name = "espalier.access"
    label = "access"

    def ready(self) -> None:
        """Start both clocks of a session when somebody signs in, by whatever road."""
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.connect(_begin, dispatch_uid="espalier.access.begin")


def _begin(sender: object, request: HttpRequest, **facts: Any) -> None:
    del sender, facts
    from django.utils import timezone

    from espalier.access.sessions import begin

    begin(request.session, timezone.now())  # noqa: TID251  time enters where somebody signs in
