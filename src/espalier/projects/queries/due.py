"""What is due from somebody in their projects, in one question. Each package adds a part of its own to PARTS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery

from espalier.common.todo import MOST, Asking, Due, day_of, gather
from espalier.organisations import queries as organisations
from espalier.projects.models import Member, Project
from espalier.projects.permissions import LEADS
from espalier.projects.queries.cycles_told import tests_asking
from espalier.projects.queries.due_partners import partners_asking
from espalier.projects.queries.due_programmes import programmes_asking
from espalier.projects.queries.ideas import ideas_asking
from espalier.projects.queries.stories import adopted_asking, stories_asking
from espalier.projects.rules.standing import MOVING, STILL_AFTER
from espalier.ui.filters import day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from espalier.access.viewer import Viewer


def still_asking(*, viewer: Viewer, at: datetime) -> Asking:
    """Ask for the projects the viewer leads or coaches that have stood still for 90 days, the longest first.

    No title stands in it: people write names into titles, and letters go astray.
    """
    led = Member.objects.filter(account_id=viewer.account_id or 0, until=None, role__in=LEADS).values("project_id")
    place = Subquery(organisations.numbered(OuterRef("unit_id")).values("name"))
    rows = Project.objects.filter(pk__in=led, state__in=MOVING, changed_at__lte=at - STILL_AFTER).annotate(place=place)
    return Asking.of(rows.order_by("changed_at").values("pk", "begun_at", "changed_at", "place")[:MOST], _still)


def _still(rows: Sequence[dict[str, Any]]) -> Iterator[Due]:
    for row in rows:
        what = f"Your project begun on {day(day_of(row['begun_at']))} stands still"
        yield Due(what, do="Say what is next", href=f"/projects/{row['pk']}/", place=row["place"], since_on=day_of(row["changed_at"]))


# Parts of one question; the most pressing first.
PARTS: tuple[Callable[..., Asking], ...] = (
    tests_asking,
    partners_asking,
    stories_asking,
    still_asking,
    adopted_asking,
    programmes_asking,
    ideas_asking,
)


def asking(*, viewer: Viewer, at: datetime) -> tuple[Asking, ...]:
    """Ask for what is due from the viewer in projects."""
    if viewer.is_visitor or viewer.within is not None:
        return ()
    return tuple(part(viewer=viewer, at=at) for part in PARTS)


def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return what is due from the viewer in projects."""
    return gather({"projects": asking(viewer=viewer, at=at)})["projects"]
