"""What was counted at the bedside, put into the chart by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from espalier.common.errors import UnableTo
from espalier.common.periods import period_start, step
from espalier.measures import actions as measures
from espalier.projects.actions.keeping import keep
from espalier.projects.actions.measuring import changing
from espalier.projects.models import Tally
from espalier.projects.queries.measuring import one_counted
from espalier.projects.queries.tallies import Counting, standing

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.measures.actions import Entered


@transaction.atomic
def tally_into_chart(
    *, actor: Viewer, at: datetime, project: int, counted: int, period_on: date, out_of: float | None, seen: str
) -> Entered:
    """Put what was counted in one period into the chart, unless somebody put in another figure that was not seen."""
    found = changing(actor=actor, project=project)
    what = one_counted(viewer=actor, project=found, pk=counted)
    start = period_start(period_on, what.definition.frequency)
    until = step(start, what.definition.frequency, 1)
    sums = Tally.objects.filter(counted_id=counted, on__gte=start, on__lt=until).aggregate(tops=Sum("top"), outs=Sum("out_of"))
    if sums["tops"] is None:
        raise UnableTo("Nothing was counted then.", to_do="Choose a time in which you counted.", code="nothing")
    below = {"percent": float(sums["outs"]), "rate": out_of}.get(what.definition.measured_in)
    now = Counting(start, 0, 0, stands=standing(viewer=actor, counted=what, since=start).get(start))
    there = measures.Numbers(*now.stands) if now.stands else measures.Numbers()
    if now.seen != seen and (there.numerator, there.denominator) != (float(sums["tops"]), below):
        raise measures.ChangedMeanwhile(there)
    done = measures.enter_figure(
        actor=actor, at=at, definition=what.definition, unit=what.unit, period_on=start, numerator=float(sums["tops"]), denominator=below,
        seen=there, why="counted at the bedside",
    )  # fmt: skip
    keep(actor=actor, at=at, project_id=project, kind="counted", object_id=counted, what="tally",
         after={"period": str(start), "number": sums["tops"], "out_of": below})  # fmt: skip
    return done
