"""The drafts of whoever is looking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from espalier.site.models import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """One draft; without fields its form was sent."""

    place: str
    title: str
    fields: Mapping[str, list[str]] | None
    at: datetime

    @property
    def href(self) -> str:
        """Where the form stands."""
        return self.place.partition("#")[0]


def draft(*, viewer: Viewer, place: str) -> DraftFacts | None:
    """Return what is kept of one form of the viewer's."""
    rows = Draft.objects.filter(account_id=viewer.account_id or 0, place=place)
    row = rows.values_list("place", "title", "fields", "at").first()
    return DraftFacts(*row) if row else None


def drafts(*, viewer: Viewer) -> tuple[DraftFacts, ...]:
    """Return all that is kept of the viewer's, the newest first."""
    if viewer.is_visitor:
        raise PermissionDenied("Sign in to see what you were typing.")
    rows = Draft.objects.filter(account_id=viewer.account_id or 0).exclude(fields=None).order_by("-at")
    return tuple(DraftFacts(*row) for row in rows.values_list("place", "title", "fields", "at"))
