"""Reports and board pages that a search named, read under row-level security like anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from espalier.insight.models import Paper
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PaperFound:
    """A report or a board page by its title."""

    pk: int
    kind: str
    title: str
    code: str
    place: str

    @property
    def href(self) -> str:
        """Its page."""
        return f"/insight/reports/{self.pk}/" if self.kind == "report" else f"/insight/board/{self.code}/"


def papers_found(*, viewer: Viewer, pks: Collection[int]) -> dict[int, PaperFound]:
    """Return these reports and board pages by number; what the viewer may not see is not among them."""
    del viewer
    there = organisations.numbered(OuterRef("unit_id"))
    rows = Paper.objects.filter(pk__in=list(pks), removed_at=None).annotate(
        code=Subquery(there.values("code")), place=Subquery(there.values("name"))
    )
    return {row[0]: PaperFound(*row) for row in rows.values_list("pk", "kind", "title", "code", "place")}
