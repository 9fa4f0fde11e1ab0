"""Which series lack figures that are expected by now, for how long, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, IntegerField, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from espalier.measures.models import Point, Series
from espalier.measures.permissions import places_to_enter
from espalier.measures.queries.definitions import Definition, definitions
from espalier.measures.rules import expected_until, is_silent, steps
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import Colleague, UnitFacts

MOST = 200  # rows of one page; more are reached by choosing a measure or a place further down


@dataclass(frozen=True, slots=True)
class Late:
    """One series that lacks figures."""

    definition: Definition
    unit: UnitFacts
    first: date
    last: date
    expected: date
    behind: int  # periods missing at the end
    gaps: int  # periods missing before the last figure
    silent: bool  # nothing for a year and more
    ask: tuple[Colleague, ...]
    enter: bool  # whether this viewer may put the figure in

    @property
    def href(self) -> str:
        """Where to go next: to put the figure in, or to look at the chart."""
        return f"{self.definition.href}{self.unit.code}/{'enter/' if self.enter else ''}"


@dataclass(frozen=True, slots=True)
class LatePage:
    """Everything the page says; codes and numbers, not words."""

    unit: UnitFacts
    measure: str
    measures: tuple[Definition, ...]
    rows: tuple[Late, ...]
    total: int
    looked_at: int
    stopped: int  # published series that ended more than a year before the newest: gone, not late
    may_ask: bool
    all_together: bool  # whether all measures can be looked at in one list


@dataclass(frozen=True, slots=True)
class Stretch:
    """One series: from when until when it has figures, and how many."""

    series_id: int
    measure_id: int
    unit_id: int
    owner_id: int | None
    first: date
    last: date
    count: int


def stretches(*, viewer: Viewer, where: Q) -> tuple[Stretch, ...]:
    """Return where each of these series begins and ends.

    The ends are looked up at the ends of the index; only the count reads what lies between.
    """
    del viewer
    points = Point.objects.filter(series_id=OuterRef("pk"))
    number = points.order_by().values("series_id").annotate(number=Count("pk")).values("number")
    series = Series.objects.filter(where, stratum="").annotate(
        first=Subquery(points.order_by("period_on").values("period_on")[:1]),
        last=Subquery(points.order_by("-period_on").values("period_on")[:1]),
        number=Coalesce(Subquery(number, output_field=IntegerField()), 0),
    )
    rows = series.order_by().values_list("pk", "measure_id", "unit_id", "owner_id", "first", "last", "number")
    return tuple(Stretch(*row) for row in rows if row[4])


def newest_of(*, viewer: Viewer, measures: Collection[int]) -> dict[int, date]:
    """Return the newest month of each measure at any place this viewer may see."""
    del viewer
    last = Point.objects.filter(series_id=OuterRef("pk")).order_by("-period_on").values("period_on")[:1]
    series = Series.objects.filter(measure_id__in=measures, stratum="").annotate(last=Subquery(last)).order_by()
    return {pk: newest for pk, newest in series.values_list("measure_id").annotate(newest=Max("last")) if newest}


def chosen_measures(*, viewer: Viewer, unit: UnitFacts, measure: str) -> tuple[tuple[Definition, ...], tuple[Definition, ...], str]:
    """Return all measures, those to look at, and which one was chosen.

    Above an organisation it is one at a time: three hundred organisations with four hundred measures each are no list
    that anybody reads.
    """
    known = definitions(viewer=viewer, at=unit)
    found = tuple(one for one in known if one.code == measure)
    if not found and not all_together(unit):
        found = known[:1]
    return known, found or known, found[0].code if found else ""


def all_together(unit: UnitFacts) -> bool:
    """Whether a list of all measures of a place is one that somebody reads: at an organisation, and inside it."""
    return unit.rank >= organisations.ORGANISATION_RANK


def late(*, viewer: Viewer, unit: UnitFacts, today: date, measure: str = "") -> LatePage:
    """List what is missing at a unit and below it, the longest first."""
    known, wanted, code = chosen_measures(viewer=viewer, unit=unit, measure=measure)
    inside = Q(unit_id__in=organisations.below(viewer=viewer, unit_id=unit.pk), measure_id__in=[one.pk for one in wanted])
    there = stretches(viewer=viewer, where=inside)
    rows, stopped = missing(viewer=viewer, wanted=wanted, there=there, today=today)
    facts = organisations.units(viewer=viewer, pks={row.unit_id for row, *_ in rows})
    open_now = [(row, what, due) for row, what, due in rows if not _closed(facts[row.unit_id], due)]
    ordered = sorted(open_now, key=lambda one: (-behind(*one), -_gaps(one[0], one[1]), facts[one[0].unit_id].name, one[1].name))
    shown, enter = ordered[:MOST], places_to_enter(viewer=viewer)
    ask = organisations.whom_to_ask(viewer=viewer, unit_ids={row.unit_id for row, what, _ in shown if by_teams(what)})
    made = tuple(
        Late(
            definition=what, unit=facts[row.unit_id], first=row.first, last=row.last, expected=due, behind=max(0, behind(row, what, due)),
            gaps=_gaps(row, what), silent=is_silent(behind(row, what, due), what.frequency),
            ask=ask.get(row.unit_id, ()) if by_teams(what) else (), enter=by_teams(what) and row.unit_id in enter,
        )
        for row, what, due in shown
    )  # fmt: skip
    return LatePage(unit, code, known, made, len(ordered), len(there), stopped, bool(viewer.grants), all_together(unit))


Missing = tuple[Stretch, Definition, "date"]


def missing(*, viewer: Viewer, wanted: Collection[Definition], there: Collection[Stretch], today: date) -> tuple[list[Missing], int]:
    """Pick what lacks a figure; a published series that ended long ago has gone and is only counted."""
    by_pk = {one.pk: one for one in wanted}
    published = {row.measure_id for row in there if not by_teams(by_pk[row.measure_id])}
    newest = newest_of(viewer=viewer, measures=published) if published else {}
    rows, stopped = [], 0
    for row in there:
        what = by_pk[row.measure_id]
        due = expected_until(what.words, newest=newest.get(row.measure_id), today=today)
        if due is None or (behind(row, what, due) <= 0 and not _gaps(row, what)):
            continue
        if not by_teams(what) and is_silent(behind(row, what, due), what.frequency):
            stopped += 1
            continue
        rows.append((row, what, due))
    return rows, stopped


def by_teams(what: Definition) -> bool:
    """Whether the figures are typed in by those they are about."""
    return what.words.get("entered_by") == "teams"


def behind(row: Stretch, what: Definition, due: date) -> int:
    """Count the periods missing at the end."""
    return steps(row.last, due, what.frequency)


def _gaps(row: Stretch, what: Definition) -> int:
    return steps(row.first, row.last, what.frequency) + 1 - row.count


def _closed(unit: UnitFacts, due: date) -> bool:
    return unit.closed_on is not None and unit.closed_on <= due
