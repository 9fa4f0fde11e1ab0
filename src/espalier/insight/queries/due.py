"""What somebody has begun to write and not finished: reports and board pages changed since they were last kept as they stood."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Subquery

from espalier.common.todo import MOST, Asking, Due, day_of, gather
from espalier.insight.models import Frozen, Paper
from espalier.organisations import queries as organisations
from espalier.ui.filters import day, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from typing import Any

    from espalier.access.viewer import Viewer

FORGOTTEN = timedelta(days=90)  # who has not touched it for so long is not asked again


def asking(*, viewer: Viewer, at: datetime) -> tuple[Asking, ...]:
    """Ask what the viewer began, newest first. No title stands in it: people write names into titles, and letters go astray."""
    if viewer.is_visitor:
        return ()
    done = Frozen.objects.filter(paper_id=OuterRef("pk"), at__gte=OuterRef("changed_at"))
    mine = Paper.objects.filter(~Exists(done), made_by=viewer.account_id or 0, removed_at=None, changed_at__gt=at - FORGOTTEN)
    there = organisations.numbered(OuterRef("unit_id"))
    named = mine.annotate(code=Subquery(there.values("code")), place=Subquery(there.values("name"))).order_by("-changed_at")
    return (Asking.of(named.values("pk", "kind", "code", "place", "made_at", "content__charts")[:MOST], _tell),)


def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return what the viewer began."""
    return gather({"insight": asking(viewer=viewer, at=at)})["insight"]


def _tell(rows: Sequence[dict[str, Any]]) -> Iterator[Due]:
    for row in rows:
        begun, number = day_of(row["made_at"]), plural(len(row["content__charts"] or ()), "chart")
        is_report = row["kind"] == "report"
        name, href = ("Report", f"/insight/reports/{row['pk']}/") if is_report else ("Board page", f"/insight/board/{row['code']}/edit/")
        yield Due(f"{name} begun on {day(begun)}, {number}", do="Go on with it", href=href, place=row["place"], since_on=begun)
