"""The door around every request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from espalier.access import sessions, signing
from espalier.access.door import look_as
from espalier.access.emergencies import ONLY_READING, only_reads, read_at
from espalier.access.models import Account
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR, Viewer

Handler = Callable[[HttpRequest], HttpResponse]


class Door:
    """One transaction around everything a request does, rendering included; an error of ours rolls it all back.

    Django's ATOMIC_REQUESTS wraps the view only: what is rendered after it would run outside and see no rows.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            look_as(VISITOR)
            response = self.get_response(request)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                transaction.set_rollback(True)
        return response


class Looking:
    """Say to the database who has signed in, once it is known; views find the same as `request.viewer`.

    A session that nobody used for too long ends here, before a view runs: what a closed browser tab kept opens nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Only a browser that has a session cookie can be signed in: visitors cost no query.
        viewer = _viewer(request) if request.session.session_key else VISITOR
        request.at = timezone.now()  # type: ignore[attr-defined]  # noqa: TID251  here time enters, once for the whole request
        if not viewer.is_visitor:
            if why := sessions.over(request.session, viewer=viewer, at=request.at):  # type: ignore[attr-defined]
                if answer := sessions.ended(request, viewer=viewer, why=why):
                    return answer
                viewer = VISITOR
            else:
                sessions.touch(request.session, request.at)  # type: ignore[attr-defined]
                look_as(viewer)
        request.viewer = viewer  # type: ignore[attr-defined]
        request.read_at = read_at(viewer)  # type: ignore[attr-defined]
        if request.read_at and not only_reads(request.method or "", request.path):  # type: ignore[attr-defined]
            raise PermissionDenied(ONLY_READING)
        return self.get_response(request)


def _viewer(request: HttpRequest) -> Viewer:
    """Return who has signed in, and whether they proved it in two ways."""
    viewer, account = viewer_of(request.user), request.user
    if isinstance(account, Account) and not viewer.is_strong and signing.is_strong(request, account):
        return replace(viewer, is_strong=True)
    return viewer
