"""Figures of many units at once, stored or added up, on a monthly calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from django.contrib.postgres.aggregates import BoolOr
from django.db import connection
from django.db.models import Max, OuterRef, Q, Subquery

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.periods import add_months
from espalier.measures.charting import Block, Floats, Ints, calendar, month_number
from espalier.measures.models import Point, Series
from espalier.measures.queries import marking
from espalier.measures.rules import MULTIPLIER
from espalier.measures.rules.marking import PHASES
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer
    from espalier.measures.queries.definitions import Definition

    Units = Collection[int] | QuerySet[Any, Any]

MONTHS_SHOWN = 36  # a season comes round three times, and "usual" is not ancient history
EXPECTED_WITHIN = 12  # months: who reported in the last year is expected to report now


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of those expected are in a sum, for one month."""

    on: date
    reported: int
    expected: int
    missing: tuple[int, ...]  # numbers of the units that were expected and are not in it


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """Points of many series as columns, sorted by (key, month)."""

    key: Ints
    month: Ints
    numerator: Floats
    denominator: Floats
    value: Floats

    def block(self) -> Block:
        """Lay the rows on a calendar, one series a key."""
        return calendar(self.key, self.month, self.numerator, self.denominator, self.value)

    def of(self, key: int) -> Rows:
        """Return the rows of one key."""
        part = slice(*np.searchsorted(self.key, [key, key + 1]))
        return Rows(self.key[part], self.month[part], self.numerator[part], self.denominator[part], self.value[part])


def rows_of(rows: Sequence[tuple[Any, ...]]) -> Rows:
    """Turn (key, month, numerator, denominator, value) rows into sorted columns; None becomes NaN."""
    columns = list(zip(*rows, strict=True)) or [()] * 5
    key, month = (np.asarray(column, dtype=np.int64) for column in columns[:2])
    order = np.lexsort((month, key))
    numbers = (np.asarray(column, dtype=np.float64)[order] for column in columns[2:])
    return Rows(key[order], month[order], *numbers)


@dataclass(frozen=True, slots=True)
class Where:
    """Whether a measure has a series at a unit itself, or below it, and the newest month with a figure there."""

    here: bool
    below: bool
    newest: date
    marks: tuple[marking.Found, ...] = ()  # what was said of series there, as far as this viewer may see it


def where(*, viewer: Viewer, measures: Collection[int], unit_id: int, kinds: Collection[str] = PHASES) -> dict[int, Where]:
    """Say by measure where its figures lie at and below a unit, and what was said of them, as far as this viewer may see.

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
            **marking.asked_along(viewer=viewer, inside=inside, kinds=kinds),
        )
    )
    return {measure: Where(here, under, newest, marking.found_in(*marks)) for measure, here, under, newest, *marks in rows if newest}


def newest_anywhere(*, viewer: Viewer, definition: Definition) -> date:
    """Return the newest month of a measure at any place this viewer may see: against it a figure is late or not."""
    del viewer
    last = Point.objects.filter(series_id=OuterRef("pk")).order_by("-period_on").values("period_on")[:1]
    newest = (
        Series.objects.filter(measure_id=definition.pk, stratum="").annotate(last=Subquery(last)).aggregate(newest=Max("last"))["newest"]
    )
    return newest or date.min


def as_asked(newest: dict[int, date], until: date | None, definition: Definition) -> dict[int, date]:
    """Return the last month to show: the newest, or the one in the address. A month of the future has no page."""
    last = newest.get(definition.pk)
    if until is None or last is None:
        return newest
    if until > last:
        here = Suggestion(f"{definition.name}, newest months", definition.href)
        raise NotFoundHere(f"There are no figures for {until:%B %Y} yet; the newest are for {last:%B %Y}.", suggestions=(here,))
    return {definition.pk: until}


def _window(newest: dict[int, date], months: int | None, *, path: str) -> Q:
    """Build the condition "the newest so many months of each measure"."""
    condition = Q(pk__in=[])
    for measure, until in newest.items():
        one = Q(**{path: measure, "period_on__lte": until})
        condition |= one & Q(period_on__gt=add_months(until, -months)) if months else one
    return condition


def stored(
    *,
    viewer: Viewer,
    newest: dict[int, date],
    unit_ids: Units,
    months: int | None,
    key: str = "unit_id",
    since: Mapping[int, date] | None = None,
) -> Rows:
    """Read the stored figures of units, the newest `months` months of each measure; None reads all.

    since names the keys of which older figures are needed too, and from when: their usual range rests on those.

    The rows are keyed by unit, or by measure for one unit's page. Values go straight into columns: a model instance
    per point costs three times as much.
    """
    del viewer
    wanted = _window(newest, months, path="series__measure_id")
    for one, first in (since or {}).items():
        wanted |= Q(**{f"series__{key}": one, "period_on__gte": first, "period_on__lte": max(newest.values())})
    points = Point.objects.filter(
        wanted,
        series__measure_id__in=list(newest),
        series__unit_id__in=unit_ids,
        series__stratum="",
    )
    rows = points.values_list(f"series__{key}", "period_on", "numerator", "denominator", "value")
    return rows_of([(keyed, month_number(day), *figures) for keyed, day, *figures in rows])


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
    months: int | None,
    key: str = "unit_id",
) -> Rows:
    """Add open figures up to the units above: numerators and denominators by month, each where it lay in that month.

    A unit that moved counts in its old place until it moved and in the new one since; a percentage is worked out from
    the sums, never averaged. Only open figures: a live sum of others would silently change with who is looking.
    """
    wanted = {one.pk: one for one in of if one.pk in newest}
    stays, parameters = organisations.stays_below(viewer=viewer, ancestors=ancestors).query.sql_with_params()
    since = [add_months(newest[pk], -months) if months else date(1, 1, 1) for pk in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_ADDED_UP.format(stays=stays), [*parameters, list(wanted), since, [newest[pk] for pk in wanted]])
        sums = cursor.fetchall()
    return rows_of(
        [
            (unit if key == "unit_id" else measure, month_number(day), top, below, _value(wanted[measure].measured_in, top, below))
            for unit, measure, day, top, below in sums
        ]
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
    stays, parameters = organisations.stays_below(viewer=viewer, ancestors=[unit_id]).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE.format(stays=stays), [on, *parameters, definition.pk, add_months(on, -EXPECTED_WITHIN), on])
        units = cursor.fetchall()
    missing = tuple(sorted(pk for pk, there in units if not there))
    return Coverage(on=on, reported=len(units) - len(missing), expected=len(units), missing=missing)
