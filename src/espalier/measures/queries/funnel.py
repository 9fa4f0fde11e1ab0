"""Organisations (or teams) of any size compared at one time, with limits that narrow as the numbers grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from espalier.common.periods import step
from espalier.measures import charting
from espalier.measures.models import Point
from espalier.measures.queries import figures
from espalier.measures.queries.definitions import Definition, definition
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

Sort = Literal["far", "name", "value", "size"]
SPANS = (1, 3, 12)
FEWEST = 4  # with fewer there is nothing to compare, and the spread between them cannot be told


@dataclass(frozen=True, slots=True)
class FunnelPlace:
    """One place of the comparison; numbers as pages write them."""

    unit: UnitFacts
    href: str
    numerator: float
    denominator: float
    value: float
    lower: float
    upper: float
    beyond: int  # 0 inside; 1 between the two limits, 2 outside both; minus is below
    months: int  # with a figure, of those chosen


@dataclass(frozen=True, slots=True)
class FunnelPage:
    """Everything the page says; codes and numbers, not words."""

    definition: Definition
    unit: UnitFacts
    until: date | None
    since: date | None
    months: int
    kind: str
    kinds: tuple[tuple[str, str, int], ...]
    why_not: str  # a code: why this measure or this choice cannot be compared so
    svg: str = ""
    places: tuple[FunnelPlace, ...] = ()
    centre: float = 0.0
    adjusted: bool = False
    phi: float = 1.0


def funnel(
    *,
    viewer: Viewer,
    measure: str,
    unit: UnitFacts,
    until: date | None = None,
    months: int = 1,
    kind: str = "",
    sort: Sort = "far",
    links: bool = True,
) -> FunnelPage:
    """Add each place's counts up over the months chosen, and compare the places.

    Only counts out of counts can be compared so: a published percentage without them says nothing of its size.
    """
    what = definition(viewer=viewer, code=measure)
    there = figures.where(viewer=viewer, measures=[what.pk], unit_id=unit.pk)
    newest = figures.as_asked({pk: found.newest for pk, found in there.items()}, until, what)
    last = newest.get(what.pk)
    empty = FunnelPage(what, unit, last, last and step(last, what.frequency, 1 - months), months, kind, (), "")
    if what.measured_in not in charting.FUNNELS or what.roll_up != "sum":
        return _not(empty, "no-counts")
    if last is None:
        return _not(empty, "no-figures")
    inside = organisations.below(viewer=viewer, unit_id=unit.pk)
    rows = _read(what, inside, last, months)
    facts = organisations.units(viewer=viewer, pks=set(rows.key.tolist()))
    summed = _summed(rows, facts, unit)
    kinds = _kinds([place for place, *_ in summed])
    chosen = [one for one in summed if kind in {"", one[0].kind}]
    if len(chosen) < FEWEST:
        return _not(FunnelPage(what, unit, last, empty.since, months, kind, kinds, ""), "too-few")
    return _compared(FunnelPage(what, unit, last, empty.since, months, kind, kinds, ""), chosen, sort, links=links)


def _not(page: FunnelPage, why: str) -> FunnelPage:
    return FunnelPage(page.definition, page.unit, page.until, page.since, page.months, page.kind, page.kinds, why)


def _read(what: Definition, inside: QuerySet[Any, Any], last: date, periods: int) -> figures.Rows:
    """Read only the periods that are compared: of three years a funnel shows one month."""
    points = Point.objects.filter(
        series__measure_id=what.pk, series__unit_id__in=inside, series__stratum="",
        period_on__gt=step(last, what.frequency, -periods), period_on__lte=last,
    )  # fmt: skip
    return figures.rows_of(list(points.values_list("series__unit_id", "period_on", "numerator", "denominator", "value")), what.frequency)


Summed = tuple["UnitFacts", float, float, int]


def _summed(rows: figures.Rows, facts: dict[int, UnitFacts], root: UnitFacts) -> list[Summed]:
    """Add up the months of each place on the level compared; a month without both counts is left out."""
    whole = ~(np.isnan(rows.numerator) | np.isnan(rows.denominator)) & (rows.denominator > 0)
    keys, where = np.unique(rows.key[whole], return_inverse=True)
    top = np.bincount(where, rows.numerator[whole], keys.size)
    below = np.bincount(where, rows.denominator[whole], keys.size)
    seen = np.bincount(where, minlength=keys.size)
    return [
        (facts[pk], float(top[index]), float(below[index]), int(seen[index]))
        for index, pk in enumerate(keys.tolist())
        if pk != root.pk and (root.is_organisation or facts[pk].is_organisation)
    ]


def _kinds(places: list[UnitFacts]) -> tuple[tuple[str, str, int], ...]:
    counts: dict[tuple[str, str], int] = {}
    for place in places:
        counts[place.kind, place.kind_plural] = counts.get((place.kind, place.kind_plural), 0) + 1
    return tuple((code, name, number) for (code, name), number in sorted(counts.items(), key=lambda one: one[0][1]))


def _compared(page: FunnelPage, chosen: list[Summed], sort: Sort, *, links: bool) -> FunnelPage:
    what = page.definition
    hrefs = [f"{what.href}{unit.code}/?until={page.until:%Y-%m}" for unit, *_ in chosen]
    found = charting.compare(
        np.array([one[1] for one in chosen]), np.array([one[2] for one in chosen]), what.words,
        title=f"{what.name}: {page.unit.name}", names=[one[0].name for one in chosen], links=hrefs if links else None,
    )  # fmt: skip
    places = [
        FunnelPlace(
            unit, hrefs[at], top, below, float(found.value[at]), float(found.lower[-1, at]), float(found.upper[-1, at]),
            int(found.beyond[at]), seen,
        )
        for at, (unit, top, below, seen) in enumerate(chosen)
    ]  # fmt: skip
    return FunnelPage(
        what, page.unit, page.until, page.since, page.months, page.kind, page.kinds, "", found.svg,
        tuple(sorted(places, key=_ORDERS[sort])), found.centre, found.adjusted, found.phi,
    )  # fmt: skip


_ORDERS = {
    "far": lambda one: (-abs(one.beyond), one.beyond, one.unit.name),
    "name": lambda one: (one.unit.name,),
    "value": lambda one: (one.value, one.unit.name),
    "size": lambda one: (-one.denominator, one.unit.name),
}
