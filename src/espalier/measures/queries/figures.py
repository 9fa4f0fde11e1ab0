"""Figures of many units at once, stored or added up, on a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from django.contrib.postgres.aggregates import BoolOr
from django.db import connection
from django.db.models import Max, OuterRef, Q, Subquery

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.periods import EARLIEST, YEAR_BEFORE, Grain, add_months, period_start, step
from espalier.measures.charting import Block, Compare, Floats, Ints, calendar, period_numbers
from espalier.measures.models import Point, Series
from espalier.measures.rules import MULTIPLIER
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer
    from espalier.measures.queries.definitions import Definition

    Units = Collection[int] | QuerySet[Any, Any]

# A season comes round three times, and "usual" is not ancient history; with days and weeks, as many as a chart can show.
SHOWN: dict[Grain, int] = {"day": 91, "week": 104, "month": 36, "quarter": 24, "year": 20}
MONTHS_SHOWN = SHOWN["month"]
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


def where(*, viewer: Viewer, measures: Collection[int], unit_id: int) -> dict[int, Where]:
    """Say by measure where its figures lie at and below a unit, as far as this viewer may see.

    The newest month is looked up once a series, at the end of its index: asking for the maximum of all points would
    read every one of them.
    """
    inside = organisations.below(viewer=viewer, unit_id=unit_id)
    last = Point.objects.filter(series_id=OuterRef("pk")).order_by("-period_on").values("period_on")[:1]
    series = Series.objects.filter(measure_id__in=measures, unit_id__in=inside, stratum="").annotate(last=Subquery(last))
    rows = (
        series.order_by()
        .values_list("measure_id")
        .annotate(
            here=BoolOr(Q(unit_id=unit_id)),
            under=BoolOr(~Q(unit_id=unit_id)),
            newest=Max("last"),
        )
    )
    return {measure: Where(here, under, newest) for measure, here, under, newest in rows if newest}


def newest_anywhere(*, viewer: Viewer, definition: Definition) -> date:
    """Return the newest month of a measure at any place this viewer may see: against it a figure is late or not."""
    del viewer
    last = Point.objects.filter(series_id=OuterRef("pk")).order_by("-period_on").values("period_on")[:1]
    newest = (
        Series.objects.filter(measure_id=definition.pk, stratum="").annotate(last=Subquery(last)).aggregate(newest=Max("last"))["newest"]
    )
    return newest or date.min


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
) -> Rows:
    """Read the stored figures of units: the newest periods of each measure, or everything.

    The rows are keyed by unit, or by measure for one unit's page. Values go straight into columns: a model instance
    per point costs three times as much.
    """
    del viewer
    since = None if everything else _since(newest, of, compare)
    points = Point.objects.filter(
        _window(newest, since, path="series__measure_id"),
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
SELECT b.ancestor_id, s.measure_id, p.period_on, sum(p.numerator), sum(p.denominator)
FROM measures_point p JOIN measures_series s ON s.id = p.series_id
     JOIN ({stays}) b ON b.unit_id = s.unit_id AND b.since <= p.period_on AND p.period_on < b.until
     JOIN unnest(%s::bigint[], %s::date[], %s::date[]) AS w(measure_id, since, until)
          ON w.measure_id = s.measure_id AND p.period_on > w.since AND p.period_on <= w.until
WHERE s.stratum = '' AND s.owner_id IS NULL AND p.numerator IS NOT NULL GROUP BY 1, 2, 3
"""


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
    the sums, never averaged. Only open figures: a live sum of others would silently change with who is looking.
    """
    wanted = {one.pk: one for one in of if one.pk in newest}
    stays, parameters = organisations.stays_below(viewer=viewer, ancestors=ancestors).query.sql_with_params()
    since = dict.fromkeys(wanted, EARLIEST) if everything else _since(newest, wanted.values(), compare)
    with connection.cursor() as cursor:
        cursor.execute(
            _ADDED_UP.format(stays=stays), [*parameters, list(wanted), [since[pk] for pk in wanted], [newest[pk] for pk in wanted]]
        )
        sums = cursor.fetchall()
    return rows_of(
        [
            (unit if key == "unit_id" else measure, day, top, below, _value(wanted[measure].measured_in, top, below))
            for unit, measure, day, top, below in sums
        ],
        _grains(wanted.values(), key),
    )


def _value(measured_in: str, top: float, below: float | None) -> float | None:
    if measured_in == "count":
        return top
    return MULTIPLIER[measured_in] * top / below if below else None


_COVERAGE = """
SELECT s.unit_id, bool_or(p.period_on = %s)
FROM measures_point p JOIN measures_series s ON s.id = p.series_id
     JOIN ({stays}) b ON b.unit_id = s.unit_id AND b.since <= p.period_on AND p.period_on < b.until
WHERE s.measure_id = %s AND s.stratum = '' AND s.owner_id IS NULL AND p.numerator IS NOT NULL
      AND p.period_on > %s AND p.period_on <= %s GROUP BY 1
"""


def coverage(*, viewer: Viewer, definition: Definition, unit_id: int, on: date) -> Coverage:
    """Say who is in the sum of a month: expected is who reported in the twelve months up to it.

    Somebody who stopped longer ago is not missing, they have gone; somebody who starts later was not expected yet.
    """
    months = EXPECTED_WITHIN * (2 if definition.frequency == "year" else 1)
    stays, parameters = organisations.stays_below(viewer=viewer, ancestors=[unit_id]).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE.format(stays=stays), [on, *parameters, definition.pk, add_months(on, -months), on])
        units = cursor.fetchall()
    missing = tuple(sorted(pk for pk, there in units if not there))
    return Coverage(on=on, reported=len(units) - len(missing), expected=len(units), missing=missing)
