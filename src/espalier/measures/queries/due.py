"""Which figures are due from the viewer: of the places where they belong, each with one click to put it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from espalier.access.roles import all_roles
from espalier.common.periods import step
from espalier.common.todo import Due
from espalier.measures.models import MeasureUse, Point, Series
from espalier.measures.permissions import ENTER, may_enter
from espalier.measures.queries import marking
from espalier.measures.queries.definitions import COLUMNS, Definition, of_row
from espalier.measures.rules import expected_until, is_silent, steps
from espalier.organisations import queries as organisations
from espalier.ui.filters import period, plural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

MOST = 20
_ROW = ("pk", "unit_id", "measure_id", "owner_id", "made_by", "last", "marks")


@dataclass(frozen=True, slots=True)
class Kept:
    """One series of a place, or a measure taken into use there that has no figure yet (pk 0)."""

    pk: int
    unit_id: int
    measure_id: int
    owner_id: int | None
    made_by: str
    last: date | None
    marks: tuple[marking.Found, ...]
    definition: Definition


def kept(
    *, viewer: Viewer, where: Q, at: Collection[int] = (), first: Q | None = None, most: int | None = None
) -> tuple[Kept, ...]:
    """Return the series meant, each with its definition, its newest period and what was decided of it, in one question.

    at names the places of which what was taken into use and has no series yet is returned too. Where there are more than
    most, those named by first come first, then what people here put in themselves, then the order of pages.
    """
    last = Point.objects.filter(series_id=OuterRef("pk")).order_by("-period_on").values("period_on")[:1]
    marks = marking.of_series(viewer=viewer) or {"marks": ArraySubquery(Series.objects.none().values("pk"))}
    columns = [f"measure__{name}" for name in COLUMNS]
    found = Series.objects.filter(where, stratum="", measure__retired_at=None).annotate(last=Subquery(last), **marks)
    chosen = Case(When(first, then=0), default=2) if first else Value(2)
    theirs = Case(When(measure__definition__entered_by="teams", then=0), default=1)
    order = ("measure__place", "measure__code")
    rows = list(found.order_by(*((chosen, theirs) if most else ()), *order).values_list(*_ROW, *columns)[:most])
    return tuple(
        Kept(row[0], row[1], row[2], row[3], row[4], row[5], marking.found_in(row[6] or ()), of_row(row[7:])) for row in rows
    ) + _begun(at)


def _begun(at: Collection[int]) -> tuple[Kept, ...]:
    """Return what was taken into use and nobody has put a figure in for."""
    if not at:
        return ()
    series = Series.objects.filter(measure_id=OuterRef("measure_id"), unit_id=OuterRef("unit_id"), stratum="")
    uses = MeasureUse.objects.filter(~Exists(series), unit_id__in=at, measure__retired_at=None).order_by("measure__place", "measure__code")
    columns = [f"measure__{name}" for name in COLUMNS]
    rows = uses.values_list("unit_id", "measure_id", *columns)
    return tuple(Kept(0, row[0], row[1], None, "figures", None, (), of_row(row[2:])) for row in rows)


def own_places(*, viewer: Viewer) -> frozenset[int]:
    """Return where the viewer belongs and may put figures in. Of what lies below, the people there are asked."""
    roles = all_roles().with_right(ENTER)
    return frozenset(held.unit_id for held in viewer.grants if held.role in roles)


def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return the figures that are due from the viewer at the places where they belong, the most pressing first."""
    places = own_places(viewer=viewer)
    if not places:
        return ()
    rows = kept(viewer=viewer, where=Q(unit_id__in=places, made_by="figures"), at=places)
    return due_of(rows, viewer=viewer, places=places, facts=organisations.units(viewer=viewer, pks=places), today=timezone.localdate(at))


def due_at(*, viewer: Viewer, wanted: Collection[tuple[str, int]], today: date) -> tuple[Due, ...]:
    """Return what is due of named measures (by code) at named places, where the viewer was asked to keep them."""
    if not wanted:
        return ()
    pairs = Q(pk__in=[])
    for code, unit_id in wanted:
        pairs |= Q(measure__code=code, unit_id=unit_id)
    rows = kept(viewer=viewer, where=pairs & Q(made_by="figures") & organisations.where_may(viewer=viewer, do=ENTER))
    places = {one.unit_id for one in rows}
    if not places:
        return ()
    return due_of(rows, viewer=viewer, places=places, facts=organisations.units(viewer=viewer, pks=places), today=today)


def due_of(
    rows: Iterable[Kept], *, viewer: Viewer, places: Collection[int], facts: Mapping[int, UnitFacts], today: date
) -> tuple[Due, ...]:
    """Pick what is due among rows that were read already: a figure is due when its period is over, late one period on."""
    found: dict[tuple[int, int], tuple[tuple[object, ...], Due]] = {}
    for one in rows:
        unit = facts.get(one.unit_id)
        if one.unit_id not in places or one.made_by != "figures" or unit is None or unit.closed_on:
            continue
        if may_enter(viewer=viewer, unit=unit, definition=one.definition.words, held=True):
            line = _line(one, unit, today)
            if line:
                found.setdefault((one.unit_id, one.measure_id), line)
    return tuple(line for _, line in sorted(found.values(), key=lambda each: each[0]))[:MOST]


def _line(one: Kept, unit: UnitFacts, today: date) -> tuple[tuple[object, ...], Due] | None:
    what, grain = one.definition, one.definition.frequency
    until = expected_until(what.words, newest=None, today=today)
    if until is None:
        return None
    href = f"{what.href}{unit.code}/enter/"
    if one.last is None:
        return (1, "", what.name), Due(f"{what.short_name}: the first figure", do="Put it in", href=href, place=unit.name)
    missing = steps(one.last, until, grain)
    if missing <= 0:
        return None
    first = step(one.last, grain, 1)
    words = f"{what.short_name}: {period(first, grain)}"
    words = words if missing == 1 else f"{what.short_name}: {plural(missing, 'figure')}, from {period(first, grain)}"
    until_day = step(first, grain, 2) - timedelta(days=1)  # until the next period is over too
    line = Due(words, do="Put it in", href=href, place=unit.name, since_on=step(first, grain, 1), due_on=until_day)
    return (2 if is_silent(missing, grain) else 0, line.due_on, what.name), line

