"""What was counted at the bedside: today, and each period that is not in the chart yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Sum

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.periods import period_start, step
from espalier.measures import queries as measures
from espalier.projects.models import Tally

if TYPE_CHECKING:
    from datetime import date

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.projects.queries.measuring import CountedFacts
    from espalier.projects.queries.projects import ProjectFacts

Stands = tuple[float | None, float | None, float | None]  # number, out of, and the value made of them
PERIODS = 12  # that are looked at for what is not in the chart yet


@dataclass(frozen=True, slots=True)
class Counting:
    """What the taps of one day or one period come to."""

    on: date
    top: int
    out_of: int
    over: bool = True  # whether the period is over: only then it can go into the chart
    stands: Stands | None = None  # what the chart says now; None: nothing there

    @property
    def seen(self) -> str:
        """What stood in the chart when the page was opened, for the form to carry along."""
        return " ".join("-" if one is None else f"{one!r}" for one in self.stands or ())

    @property
    def is_in(self) -> bool:
        """Whether the chart says the same already."""
        return self.stands is not None and self.stands[0] == self.top and (not self.out_of or self.stands[1] == self.out_of)


@dataclass(frozen=True, slots=True)
class TallyPage:
    """The counter, and what was counted so far."""

    project: ProjectFacts
    counted: CountedFacts
    today: Counting
    periods: tuple[Counting, ...]  # newest first
    may_enter: Decision  # whether the viewer may put them into the chart; anybody of the team may count

    @property
    def is_share(self) -> bool:
        """Whether each tap says yes or no."""
        return self.counted.definition.measured_in == "percent"

    @property
    def asks_out_of(self) -> bool:
        """Whether the number to divide by is typed: nobody taps days in bed."""
        return self.counted.definition.measured_in == "rate"


def tally_page(*, viewer: Viewer, project: ProjectFacts, counted: CountedFacts, today: date) -> TallyPage:
    """Return the counter of one measure: today's taps, and the newest periods with what the chart says of them."""
    if not counted.can_be_tallied:
        see = Suggestion(counted.definition.name, counted.chart_href)
        raise NotFoundHere("This measure is not counted one at a time.", suggestions=(see,))
    (may,) = measures.may_enter_each(viewer=viewer, wanted=[(counted.unit, counted.definition.words)])
    grain = counted.definition.frequency
    first = step(period_start(today, grain), grain, -PERIODS)
    rows = list(
        Tally.objects.filter(counted_id=counted.pk, on__gte=first, on__lte=today).order_by("on").values_list("on")
        .annotate(tops=Sum("top"), outs=Sum("out_of")).values_list("on", "tops", "outs")
    )  # fmt: skip
    days = {on: (top, out_of) for on, top, out_of in rows}
    stands = standing(viewer=viewer, counted=counted, since=first)
    periods: dict[date, tuple[int, int]] = {}
    for on, (top, out_of) in days.items():
        start = period_start(on, grain)
        before = periods.get(start, (0, 0))
        periods[start] = (before[0] + top, before[1] + out_of)
    newest_first = sorted(periods.items(), reverse=True)
    listed = [Counting(on, *sums, over=step(on, grain, 1) <= today, stands=stands.get(on)) for on, sums in newest_first]
    return TallyPage(project, counted, Counting(today, *days.get(today, (0, 0))), tuple(listed), may)


def standing(*, viewer: Viewer, counted: CountedFacts, since: date) -> dict[date, Stands]:
    """Return what the chart has for each period since a day."""
    which = measures.Which(measure_id=counted.definition.pk, unit_id=counted.unit.pk, stratum="")
    points = measures.list_points(viewer=viewer, which=which, since=since, until=None, limit=500)
    return {one.period_on: (one.numerator, one.denominator, one.value) for one in points}
