"""What somebody has begun to write and not finished: reports and board pages changed since they were last kept as they stood."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from espalier.common.todo import Due
from espalier.insight.models import Frozen, Paper
from espalier.organisations import queries as organisations
from espalier.ui.filters import day, plural

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

FORGOTTEN = timedelta(days=90)  # who has not touched it for so long is not asked again
MOST = 20


def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return what the viewer began, newest first. No title stands in it: people write names into titles, and letters go astray."""
    if viewer.is_visitor:
        return ()
    done = Frozen.objects.filter(paper_id=OuterRef("pk"), at__gte=OuterRef("changed_at"))
    mine = Paper.objects.filter(~Exists(done), made_by=viewer.account_id or 0, removed_at=None, changed_at__gt=at - FORGOTTEN)
    there = organisations.numbered(OuterRef("unit_id"))
    named = mine.annotate(code=Subquery(there.values("code")), place=Subquery(there.values("name"))).order_by("-changed_at")
    return tuple(_line(*row) for row in named.values_list("pk", "kind", "code", "place", "made_at", "content__charts")[:MOST])


def _line(pk: int, kind: str, code: str, place: str, made_at: datetime, charts: list[object] | None) -> Due:
    begun, number = timezone.localdate(made_at), plural(len(charts or ()), "chart")
    name, href = ("Report", f"/insight/reports/{pk}/") if kind == "report" else ("Board page", f"/insight/board/{code}/edit/")
    return Due(f"{name} begun on {day(begun)}, {number}", do="Go on with it", href=href, place=place, since_on=begun)
