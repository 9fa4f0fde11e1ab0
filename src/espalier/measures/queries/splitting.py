"""One measure at one place for groups of people: each group's figures, and how far apart two of them lie."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.periods import number_of, start_of_number, step
from espalier.measures.charting import ENOUGH, judge
from espalier.measures.models import Point, Series
from espalier.measures.permissions import may_enter
from espalier.measures.queries.definitions import Definition, definition, of_numbers, splits_of
from espalier.measures.queries.figures import Rows, periods_shown, rows_of
from espalier.measures.rules.gaps import PER_GROUP, Gap, by_chance, difference
from espalier.measures.rules.small_numbers import not_shown

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.measures.queries.listing import PointRow
    from espalier.measures.rules import Category, Dimension
    from espalier.organisations.queries import UnitFacts

    Numbers = tuple[float | None, float | None, float | None]

NOT_KNOWN = "not-known"  # people nobody asked are no group whose lot can be better or worse
NOTHING: Numbers = (None, None, None)


@dataclass(frozen=True, slots=True)
class Cell:
    """One group's figure in one period. Where it is not shown nothing of it leaves this module."""

    period: date
    value: float | None
    too_small: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One group and its figures over the periods shown."""

    category: Category
    cells: tuple[Cell, ...]
    numerator: float  # added up over the figures that are shown
    denominator: float
    variation: str

    @property
    def shown(self) -> tuple[Cell, ...]:
        """The cells with a figure to show."""
        return tuple(cell for cell in self.cells if cell.value is not None)


@dataclass(frozen=True, slots=True)
class GapPoint:
    """How far the two groups lay apart in one period."""

    period: date
    gap: Gap


@dataclass(frozen=True, slots=True)
class Split:
    """Everything the page says; codes and numbers, not words."""

    definition: Definition
    unit: UnitFacts
    dimension: Dimension
    others: tuple[Dimension, ...]
    periods: tuple[date, ...]
    groups: tuple[Group, ...]
    best: Group | None  # of the groups compared, over all periods shown; highest and lowest where neither way is better
    worst: Group | None
    gaps: tuple[GapPoint, ...]  # best minus worst or worst minus best: always the higher one minus the lower one
    whole: Gap | None  # over all periods shown
    chance: float | None  # how far apart that many groups would lie with nothing but chance
    compared: int
    too_small: int  # figures that are not shown
    may_enter: Decision

    @property
    def href(self) -> str:
        """The chart's address."""
        return f"{self.definition.href}{self.unit.code}/"


def strata_there(*, viewer: Viewer, definition: Definition, unit_id: int) -> tuple[Dimension, ...]:
    """Return the dimensions by which figures of this measure stand at a unit."""
    del viewer
    if not splits_of(definition):
        return ()
    rows = Series.objects.filter(measure_id=definition.pk, unit_id=unit_id).exclude(stratum="").values_list("stratum", flat=True)
    there = {stratum.partition(":")[0] for stratum in rows}
    return tuple(one for one in splits_of(definition) if one.code in there)


def split(*, viewer: Viewer, measure: str, unit: UnitFacts, dimension: str) -> Split:
    """Read the figures of each group, take out what is too small, and compare what is left."""
    what = definition(viewer=viewer, code=measure)
    known = splits_of(what)
    asked = next((one for one in known if one.code == dimension), None)
    if asked is None:
        suggestions = tuple(Suggestion(f"By {one.words}", f"{what.href}{unit.code}/split/{one.code}/") for one in known)
        back = Suggestion(f"{what.name}, everybody together", f"{what.href}{unit.code}/")
        raise NotFoundHere(f"{what.name} is not split by {dimension[:40]!r}.", suggestions=(*suggestions, back))
    figures = _figures(what, unit, asked)
    periods, hidden = _periods(what, figures), 0
    shown: dict[str, dict[date, Numbers]] = {one.code: {} for one in asked.categories}
    cells: dict[str, list[Cell]] = defaultdict(list)
    for period in periods:
        row = [figures[one.code].get(period, NOTHING) for one in asked.categories]
        small = _small(what, row)
        hidden += sum(small)
        for one, numbers, out in zip(asked.categories, row, small, strict=True):
            if not out:
                shown[one.code][period] = numbers
            cells[one.code].append(Cell(period, None if out else numbers[2], out))
    groups = tuple(_group(what, one, tuple(cells[one.code]), shown[one.code]) for one in asked.categories if figures[one.code])
    compared = _comparable(what, groups)
    best, worst = _furthest(what, compared)
    return Split(
        definition=what, unit=unit, dimension=asked, others=tuple(one for one in known if one.code != dimension), periods=periods,
        groups=groups, best=best, worst=worst, gaps=_gaps(what, best, worst, shown), whole=_whole(what, best, worst),
        chance=by_chance(what.measured_in, [(one.numerator, one.denominator) for one in compared]) if compared else None,
        compared=len(compared), too_small=hidden, may_enter=may_enter(viewer=viewer, unit=unit, definition=what.words),
    )  # fmt: skip


def figures_of_group(
    *, viewer: Viewer, definition: Definition, unit: UnitFacts, stratum: str, until: date | None = None
) -> tuple[Rows, date]:
    """Return the figures of one group (like ethnicity:asian) that may be shown, and the last period of any group.

    A figure too small to be shown is absent, as if nobody had given it.
    """
    del viewer
    dimension, _, code = stratum.partition(":")
    asked = next((one for one in splits_of(definition) if one.code == dimension), None)
    found = _figures(definition, unit, asked) if asked and code in {one.code for one in asked.categories} else {}
    days = sorted({day for several in found.values() for day in several if until is None or day <= until})
    rows = []
    for day in days:
        row = [several.get(day, NOTHING) for several in found.values()]
        small = dict(zip(found, _small(definition, row), strict=True))
        if day in found[code] and not small[code]:
            rows.append((0, day, *found[code][day]))
    if not rows:
        back = Suggestion(f"{definition.name}, everybody together", f"{definition.href}{unit.code}/")
        raise NotFoundHere(f"There are no figures of that group to show for {definition.name.lower()} at {unit.name}.", suggestions=(back,))
    return rows_of(rows, definition.frequency), days[-1]


def small_ones(*, viewer: Viewer, points: Collection[PointRow]) -> frozenset[tuple[int, date]]:
    """Return which of many figures of groups are too small to be shown, as (series, period): two questions for all of them.

    Whether one is too small hangs on the other groups of its period, which are read for it.
    """
    groups = [one for one in points if ":" in one.stratum]
    if not groups:
        return frozenset()
    what = {pk: one for pk, one in of_numbers(viewer=viewer, pks={one.measure_id for one in groups}).items() if one.words["about_people"]}
    beside = Point.objects.filter(
        series__measure_id__in=list(what), series__unit_id__in={one.unit_id for one in groups}, series__stratum__contains=":",
        period_on__in={one.period_on for one in groups},
    )  # fmt: skip
    rows: dict[tuple[int, int, str, date], list[tuple[int, float | None, float | None]]] = defaultdict(list)
    names = ("series__measure_id", "series__unit_id", "series__stratum", "period_on", "series_id", "numerator", "denominator")
    for measure, unit, stratum, day, *numbers in beside.values_list(*names):
        rows[measure, unit, stratum.partition(":")[0], day].append((numbers[0], numbers[1], numbers[2]))
    return frozenset(
        (series, day)
        for (measure, _, _, day), several in rows.items()
        for (series, *_), small in zip(several, not_shown([one[1:] for one in several], what[measure].measured_in), strict=True)
        if small
    )


def _figures(what: Definition, unit: UnitFacts, asked: Dimension) -> dict[str, dict[date, Numbers]]:
    points = Point.objects.filter(series__measure_id=what.pk, series__unit_id=unit.pk, series__stratum__startswith=f"{asked.code}:")
    found: dict[str, dict[date, Numbers]] = {one.code: {} for one in asked.categories}
    for stratum, period, *numbers in points.values_list("series__stratum", "period_on", "numerator", "denominator", "value"):
        code = stratum.partition(":")[2]
        if code in found:
            top, below, value = numbers
            found[code][period] = (top, below, value)
    return found


def _periods(what: Definition, figures: dict[str, dict[date, Numbers]]) -> tuple[date, ...]:
    """Return the newest periods, gaps included, from the first figure of any group shown to the last."""
    days = sorted({day for several in figures.values() for day in several})
    if not days:
        return ()
    first = max(days[0], step(days[-1], what.frequency, 1 - periods_shown(what)))
    numbers = range(number_of(first, what.frequency), number_of(days[-1], what.frequency) + 1)
    return tuple(start_of_number(number, what.frequency) for number in numbers)


def _small(what: Definition, row: list[Numbers]) -> tuple[bool, ...]:
    if not what.words["about_people"]:
        return (False,) * len(row)
    return not_shown([(top, below) for top, below, _ in row], what.measured_in)


def _group(what: Definition, category: Category, cells: tuple[Cell, ...], shown: dict[date, Numbers]) -> Group:
    there = [(day, numbers) for day, numbers in shown.items() if numbers != NOTHING]
    variation = "unknown"
    if len(there) >= ENOUGH:
        rows = rows_of([(0, day, *numbers) for day, numbers in there], what.frequency)
        variation = judge(rows.block(), what.words).variation[0]
    return Group(
        category=category, cells=cells, variation=variation,
        numerator=sum(top or 0.0 for _, (top, _, _) in there), denominator=sum(below or 0.0 for _, (_, below, _) in there),
    )  # fmt: skip


def _comparable(what: Definition, groups: tuple[Group, ...]) -> list[Group]:
    """Return the groups that can be set against each other: known, with counts and something to count from."""
    if what.measured_in not in PER_GROUP:
        return []
    return [one for one in groups if one.category.code != NOT_KNOWN and one.denominator > 0]


def _furthest(what: Definition, groups: list[Group]) -> tuple[Group | None, Group | None]:
    """Return best and worst by all figures shown together, so that the pair stays the same from period to period."""
    if len(groups) < 2:
        return None, None
    ordered = sorted(groups, key=lambda one: one.numerator / one.denominator, reverse=what.improvement != "down")
    return ordered[0], ordered[-1]


def _higher_first(what: Definition, best: Group, worst: Group) -> tuple[Group, Group]:
    return (worst, best) if what.improvement == "down" else (best, worst)


def _whole(what: Definition, best: Group | None, worst: Group | None) -> Gap | None:
    if best is None or worst is None:
        return None
    high, low = _higher_first(what, best, worst)
    return difference(what.measured_in, (high.numerator, high.denominator), (low.numerator, low.denominator))


def _gaps(what: Definition, best: Group | None, worst: Group | None, shown: dict[str, dict[date, Numbers]]) -> tuple[GapPoint, ...]:
    if best is None or worst is None:
        return ()
    high, low = (shown[one.category.code] for one in _higher_first(what, best, worst))
    points = []
    for period in sorted(high.keys() & low.keys()):
        (a, m, _), (b, n, _) = high[period], low[period]
        if a is not None and b is not None and m and n and not isnan(a + b):
            points.append(GapPoint(period, difference(what.measured_in, (a, m), (b, n))))
    return tuple(points)
