"""Figures of many units at once, stored or added up, on a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.contrib.postgres.aggregates import BoolOr
from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, Subquery

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.periods import EARLIEST, YEAR_BEFORE, Grain, add_months, period_start, step
from espalier.measures.charting import Block, Compare, Floats, Ints, calendar, period_numbers
from espalier.measures.models import Point, Series
from espalier.measures.queries import marking, tried
from espalier.measures.rules import MULTIPLIER
from espalier.measures.rules.marking import PHASES
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer
    from espalier.measures.queries.definitions import Definition

    Units = Collection[int] | QuerySet[Any, Any]

# A season comes round three times, and "usual" is not ancient history; with days and weeks, as many as a chart can show.
SHOWN: dict[Grain, int] = {"day": 91, "week": 104, "month": 36, "quarter": 24, "year": 20}
EXPECTED_WITHIN = 12  # months: who reported in the last year is expected to report now; of a yearly figure, in the last two


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of those expected are in a sum, for one month."""

    on: date
    reported: int
    expected: int
    missing: tuple[int, ...]  # numbers of the units that were expected and are not in it


def periods_shown(definition: Definition, compare: Compare = "each-month") -> int:
    """Return how many periods of a measure are shown; a comparison with the year before needs that year too."""
    grain = definition.frequency
    return SHOWN[grain] + (YEAR_BEFORE.get(grain, 0) if compare == "year-before" else 0)


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """Points of many series as columns, sorted by (key, month); month is the number of the period, whatever its length."""

    key: Ints
    month: Ints
    numerator: Floats
    denominator: Floats
    value: Floats
    grains: Mapping[int, Grain] | Grain = "month"  # one for all, or by key

    def block(self) -> Block:
        """Lay the rows on a calendar, one series a key."""
        return calendar(self.key, self.month, self.numerator, self.denominator, self.value, self.grains)

    def of(self, key: int) -> Rows:
        """Return the rows of one key."""
        part = slice(*np.searchsorted(self.key, [key, key + 1]))
        return Rows(self.key[part], self.month[part], self.numerator[part], self.denominator[part], self.value[part], self.grains)


def rows_of(rows: Sequence[tuple[Any, ...]], grains: Mapping[int, Grain] | Grain = "month") -> Rows:
    """Turn (key, day, numerator, denominator, value) rows into sorted columns; None becomes NaN."""
    columns = list(zip(*rows, strict=True)) or [()] * 5
    key = np.asarray(columns[0], dtype=np.int64)
    days = np.asarray(columns[1], dtype="datetime64[D]")
    if isinstance(grains, str):
        month = period_numbers(days, grains)
    else:
        month = np.empty(key.size, dtype=np.int64)
        for one, grain in grains.items():
            month[key == one] = period_numbers(days[key == one], grain)
    order = np.lexsort((month, key))
    top, below, value = (np.asarray(column, dtype=np.float64)[order] for column in columns[2:])
    return Rows(key[order], month[order], top, below, value, grains)


@dataclass(frozen=True, slots=True)
class Where:
    """Whether a measure has a series at a unit itself, or below it, and the newest month with a figure there."""

    here: bool
    below: bool
    newest: date
    stored_sum: bool = False  # whether the series at the unit itself is a stored sum of shared figures
    anywhere: date | None = None  # where it was asked for: the newest month at any place this viewer may see
    marks: tuple[marking.Found, ...] = ()  # what was said of series there, as far as this viewer may see it
    tried: tuple[tried.Tried, ...] = ()  # changes tried on the unit's own chart, where they were asked for


def where(
    *, viewer: Viewer, measures: Collection[int], unit_id: int, kinds: Collection[str] = PHASES, anywhere: bool = False
) -> dict[int, Where]:
    """Say by measure where its figures lie at and below a unit, and what was said of them, as far as this viewer may see.

    The newest month is looked up once a series, at the end of its index: asking for the maximum of all points would
    read every one of them. anywhere is for a chart of its own page: it asks for the newest month of each measure at
    whatever place, and along for the changes tried here.
    """
    inside = organisations.below(viewer=viewer, unit_id=unit_id)
    last = Point.objects.filter(series_id=OuterRef("pk")).order_by("-period_on").values("period_on")[:1]
    series = Series.objects.filter(measure_id__in=measures, unit_id__in=inside, stratum="").annotate(last=Subquery(last))
    along = marking.asked_along(viewer=viewer, inside=inside, kinds=kinds) | (tried.asked_along(unit_id=unit_id) if anywhere else {})
    newest_of = _newest_anywhere(measures) if anywhere else {}
    at = {"here": BoolOr(Q(unit_id=unit_id)), "under": BoolOr(~Q(unit_id=unit_id)), "stored_sum": BoolOr(Q(unit_id=unit_id, made_by="sum"))}
    rows: Iterable[dict[str, Any]] = series.order_by().values("measure_id").annotate(**at, newest=Max("last"), **along)  # type: ignore[assignment]
    return {
        row["measure_id"]: Where(
            row["here"], row["under"], row["newest"], row["stored_sum"], newest_of.get(row["measure_id"]),
            marking.found_in(row.get("marks", ())), tried.read(row.get("tried", ())),
        )
        for row in rows
        if row["newest"]
    }  # fmt: skip


def present(*, viewer: Viewer, unit_id: int) -> Q:
    """Return the condition on measures that they can be drawn for a unit: from figures of its own, or added up from below.

    It asks only whether there is one series each, which costs the same for a ward and for a nation of 180,000 series.
    """
    inside = organisations.below(viewer=viewer, unit_id=unit_id).filter(depth__gt=0)
    of = Series.objects.filter(measure_id=OuterRef("pk"), stratum="")
    here, under = Exists(of.filter(unit_id=unit_id)), Exists(of.filter(unit_id__in=inside, owner_id=None))
    return Q(here) | Q(under, roll_up__in=["sum", "mean"])


def _newest_anywhere(measures: Collection[int]) -> dict[int, date | None]:
    """Return the newest month of each measure at any place this viewer may see: against it a figure is late or not.

    A question of its own: asked along as a sub-select it ran once a series, 40 s for a measure of 3,000 teams.
    """
    last = Point.objects.filter(series_id=OuterRef("pk")).order_by("-period_on").values("period_on")[:1]
    every = Series.objects.filter(measure_id__in=measures, stratum="").annotate(last=Subquery(last))
    return dict(every.order_by().values_list("measure_id").annotate(newest=Max("last")))


def as_asked(newest: dict[int, date], until: date | None, definition: Definition) -> dict[int, date]:
    """Return the last period to show: the newest, or the one in the address. One of the future has no page."""
    last = newest.get(definition.pk)
    if until is None or last is None:
        return newest
    asked = period_start(until, definition.frequency)
    if asked > last:
        here = Suggestion(f"{definition.name}, newest months", definition.href)
        written = "%B %Y" if definition.frequency == "month" else "%-d %B %Y"
        raise NotFoundHere(f"There are no figures for {asked:{written}} yet; the newest are for {last:{written}}.", suggestions=(here,))
    return {definition.pk: asked}


def _since(newest: dict[int, date], of: Collection[Definition], compare: Compare) -> dict[int, date]:
    """Return by measure the last day before the periods shown."""
    return {one.pk: step(newest[one.pk], one.frequency, -periods_shown(one, compare)) for one in of if one.pk in newest}


def _window(newest: dict[int, date], since: dict[int, date] | None, *, path: str) -> Q:
    """Build the condition "the newest periods of each measure"."""
    condition = Q(pk__in=[])
    for measure, until in newest.items():
        one = Q(**{path: measure, "period_on__lte": until})
        condition |= one & Q(period_on__gt=since[measure]) if since else one
    return condition


def stored(
    *,
    viewer: Viewer,
    of: Collection[Definition],
    newest: dict[int, date],
    unit_ids: Units,
    everything: bool = False,
    compare: Compare = "each-month",
    key: str = "unit_id",
    stratum: str = "",
    since: Mapping[int, date] | None = None,
) -> Rows:
    """Read the stored figures of units: the newest periods of each measure, or everything.

    since names the keys of which older figures are needed too, and from when: their usual range rests on those.

    The rows are keyed by unit, or by measure for one unit's page. Values go straight into columns: a model instance
    per point costs three times as much.
    """
    del viewer
    wanted = _window(newest, None if everything else _since(newest, of, compare), path="series__measure_id")
    for one, first in (since or {}).items():
        wanted |= Q(**{f"series__{key}": one, "period_on__gte": first, "period_on__lte": max(newest.values())})
    points = Point.objects.filter(
        wanted,
        series__measure_id__in=list(newest),
        series__unit_id__in=unit_ids,
        series__stratum=stratum,
    )
    rows = points.values_list(f"series__{key}", "period_on", "numerator", "denominator", "value")
    return rows_of(list(rows), _grains(of, key))


def _grains(of: Collection[Definition], key: str) -> Mapping[int, Grain] | Grain:
    """Say what a period is: by measure where rows are keyed by measure, else of the one measure that is read."""
    if key == "measure_id":
        return {one.pk: one.frequency for one in of}
    return next((one.frequency for one in of), "month")


# The stays (who lay below whom, from when until when) come from organisations as a sub-select of its own making.
_ADDED_UP = """
SELECT b.ancestor_id, s.measure_id, p.period_on, sum(p.numerator), sum(p.denominator), avg(p.value)
FROM measures_point p JOIN measures_series s ON s.id = p.series_id
     JOIN ({stays}) b ON b.unit_id = s.unit_id AND b.since <= p.period_on AND p.period_on < b.until
     JOIN unnest(%s::bigint[], %s::date[], %s::date[], %s::bool[]) AS w(measure_id, since, until, is_mean)
          ON w.measure_id = s.measure_id AND p.period_on > w.since AND p.period_on <= w.until
WHERE s.stratum = '' AND s.owner_id IS NULL AND CASE WHEN w.is_mean THEN p.value ELSE p.numerator END IS NOT NULL AND {highest}
GROUP BY 1, 2, 3
"""
# A measure may be kept at a trust and at its wards. Counted both, everybody would be counted twice: of each branch the
# highest level that gave a figure for the period counts, and only it. What lies in one another is found first, from the
# few series there are: for most measures nothing does, and no point is looked at.
_NESTED = """
WITH kept AS MATERIALIZED (
    SELECT id, measure_id, unit_id FROM measures_series WHERE measure_id = ANY(%s::bigint[]) AND stratum = '' AND owner_id IS NULL
), nested AS MATERIALIZED (
    SELECT low.id AS low, high.id AS high, low.measure_id, step.since, step.until,
           top.ancestor_id AS above, top.since AS top_since, top.until AS top_until
    FROM kept low JOIN ({steps}) step ON step.unit_id = low.unit_id
         JOIN kept high ON high.unit_id = step.ancestor_id AND high.measure_id = low.measure_id
         JOIN ({stays}) top ON top.unit_id = high.unit_id
)
"""
# Whether anything is nested at all is asked once; the rest would be asked of each point.
_HIGHEST = """(NOT EXISTS (SELECT 1 FROM nested) OR NOT EXISTS (
    SELECT 1 FROM nested n JOIN measures_point q ON q.series_id = n.high AND q.period_on = p.period_on
         AND (q.numerator IS NOT NULL OR {given})
    WHERE n.low = s.id AND n.above = b.ancestor_id AND n.since <= p.period_on AND p.period_on < n.until
          AND n.top_since <= p.period_on AND p.period_on < n.top_until))"""


def added_up(
    *,
    viewer: Viewer,
    of: Collection[Definition],
    newest: dict[int, date],
    ancestors: Collection[int],
    everything: bool = False,
    compare: Compare = "each-month",
    key: str = "unit_id",
) -> Rows:
    """Add open figures up to the units above: numerators and denominators by month, each where it lay in that month.

    A unit that moved counts in its old place until it moved and in the new one since; a percentage is worked out from
    the sums, never averaged (unless the measure asks for the mean of its places). Only open figures: a live sum of
    others would silently change with who is looking.
    """
    wanted = {one.pk: one for one in of if one.pk in newest}
    if not wanted:
        return rows_of([])
    stays, parameters = organisations.stays_below(viewer=viewer, ancestors=ancestors).query.sql_with_params()
    since = dict.fromkeys(wanted, EARLIEST) if everything else _since(newest, wanted.values(), compare)
    windows = [(pk, since[pk], newest[pk], one.roll_up == "mean") for pk, one in wanted.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            _with_nested(stays) + _ADDED_UP.format(stays=stays, highest=_HIGHEST.replace("{given}", _given(wanted.values()))),
            [list(wanted), *parameters, *parameters, *map(list, zip(*windows, strict=True))],
        )
        sums = cursor.fetchall()
    return rows_of(
        [
            (unit if key == "unit_id" else measure, day, *_together(wanted[measure], top, below, mean))
            for unit, measure, day, top, below, mean in sums
        ],
        _grains(wanted.values(), key),
    )


def _together(what: Definition, top: float, below: float | None, mean: float | None) -> tuple[float | None, float | None, float | None]:
    """Return numerator, denominator and value of many units together: of their sums, or where every unit weighs the same their mean."""
    if what.roll_up == "mean":
        return None, None, mean
    if what.measured_in == "count":
        return top, below, top
    return top, below, MULTIPLIER[what.measured_in] * top / below if below else None


def _given(of: Iterable[Definition]) -> str:
    """Return when a higher level without a numerator counts as reported: where places are averaged, by its value.

    Written as numbers of measures and never as a column of the outer query: that cost 40 s on a country of teams.
    """
    means = [str(int(one.pk)) for one in of if one.roll_up == "mean"]
    return f"n.measure_id IN ({', '.join(means)}) AND q.value IS NOT NULL" if means else "false"


def _with_nested(stays: str) -> str:
    return _NESTED.format(stays=stays, steps=str(organisations.steps().query))


_COVERAGE = """
SELECT s.unit_id, bool_or(p.period_on = %s)
FROM measures_point p JOIN measures_series s ON s.id = p.series_id
     JOIN ({stays}) b ON b.unit_id = s.unit_id AND b.since <= p.period_on AND p.period_on < b.until
WHERE s.measure_id = %s AND s.stratum = '' AND s.owner_id IS NULL AND (p.numerator IS NOT NULL OR %s)
      AND p.period_on > %s AND p.period_on <= %s AND {highest} GROUP BY 1
"""


def coverage(*, viewer: Viewer, definition: Definition, unit_id: int, on: date) -> Coverage:
    """Say who is in the sum of a month: expected is who reported in the twelve months up to it.

    Somebody who stopped longer ago is not missing, they have gone; somebody who starts later was not expected yet.
    """
    months = EXPECTED_WITHIN * (2 if definition.frequency == "year" else 1)
    stays, parameters = organisations.stays_below(viewer=viewer, ancestors=[unit_id]).query.sql_with_params()
    with connection.cursor() as cursor:
        mean = definition.roll_up == "mean"
        given = "q.value IS NOT NULL" if mean else "false"
        cursor.execute(
            _with_nested(stays) + _COVERAGE.format(stays=stays, highest=_HIGHEST.replace("{given}", given)),
            [[definition.pk], *parameters, on, *parameters, definition.pk, mean, add_months(on, -months), on],
        )
        units = cursor.fetchall()
    missing = tuple(sorted(pk for pk, there in units if not there))
    return Coverage(on=on, reported=len(units) - len(missing), expected=len(units), missing=missing)
