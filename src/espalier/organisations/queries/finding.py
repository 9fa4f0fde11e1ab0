"""People that a search named, read under row-level security like anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now

from espalier.organisations.models import Assignment, Person

if TYPE_CHECKING:
    from collections.abc import Collection

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PersonFound:
    """Somebody by name, with a post they hold today that the viewer may see."""

    pk: int
    name: str
    post: str
    place: str

    @property
    def href(self) -> str:
        """Their page."""
        return f"/people/{self.pk}/"


def people_found(*, viewer: Viewer, pks: Collection[int]) -> dict[int, PersonFound]:
    """Return these people by number; whom the viewer may not see is not among them."""
    del viewer
    today = Q(until__isnull=True) | Q(until__gt=Now())
    held = Assignment.objects.filter(today, person_id=OuterRef("pk"), since__lte=Now()).order_by("since")
    rows = Person.objects.filter(pk__in=list(pks)).annotate(
        post=Subquery(held.values("role_title")[:1]), place=Subquery(held.values("unit__name")[:1])
    )
    return {row[0]: PersonFound(row[0], row[1], row[2] or "", row[3] or "") for row in rows.values_list("pk", "name", "post", "place")}
