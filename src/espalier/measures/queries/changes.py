"""What changed since a moment: new figures, corrected ones, and charts that stand out now and did not then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import OuterRef, Q, Subquery

from espalier.measures import charting
from espalier.measures.models import LastLook, Point, PointVersion, Series
from espalier.measures.queries import figures
from espalier.measures.queries.definitions import Definition, of_numbers
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

MOST = 1500  # series that are judged then and now; more are counted, and a place further down can be chosen
LISTED = 100
FLAGGED = ("concerning", "improving", "high", "low")

Numbers = tuple[float | None, float | None, float | None]
NOTHING: Numbers = (None, None, None)


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """One period that is new, corrected or gone."""

    period: date
    old: float | None
    new: float | None
    kind: str  # new, corrected or removed


@dataclass(frozen=True, slots=True)
class Changed:
    """One series with something new."""

    definition: Definition
    unit: UnitFacts
    figures: tuple[ChangedFigure, ...]
    then: str  # what the chart said
    now: str  # what it says
    is_open: bool  # anybody may see it; of others a letter names nothing

    @property
    def href(self) -> str:
        """The chart."""
        return f"{self.definition.href}{self.unit.code}/"

    @property
    def is_signal(self) -> bool:
        """Whether it stands out now, and did not, or not in this way."""
        return self.now in FLAGGED and self.now != self.then

    @property
    def is_over(self) -> bool:
        """Whether it stood out and no longer does."""
        return self.then in FLAGGED and self.now == "steady"


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed; codes and numbers, not words."""

    since: datetime
    rows: tuple[Changed, ...]
    too_many: int  # series that changed, where they are more than can be judged
    judged: int  # with a new figure, and long enough to say what is usual
    by_chance: float  # how many of these chance alone makes stand out anew


def last_look(*, viewer: Viewer, unit_id: int) -> datetime | None:
    """Return until when the viewer has seen what changed at a unit."""
    if viewer.is_visitor:
        return None
    return LastLook.objects.filter(account_id=viewer.account_id or 0, unit_id=unit_id).values_list("seen_at", flat=True).first()


def changes(*, viewer: Viewer, where: Q, since: datetime) -> Changes:
    """Compare every series that changed since a moment with what it was then; where says which series are meant.

    A chart as it stood then is made from the figures of now, with what each of them was before its first change since.
    Only stored figures are compared: a sum over many places changes when any of them does, and is not listed.
    """
    changed = PointVersion.objects.filter(at__gt=since).values("series_id")
    rows = Series.objects.filter(where, stratum="", pk__in=changed).values_list("pk", "measure_id", "unit_id", "owner_id")
    whose = {pk: Whose(*facts) for pk, *facts in rows}
    if not whose or len(whose) > MOST:
        return Changes(since, (), len(whose), 0, 0.0)
    before = before_since(whose, since)
    known = of_numbers(viewer=viewer, pks={one.measure_id for one in whose.values()})
    facts = organisations.units(viewer=viewer, pks={one.unit_id for one in whose.values()})
    points = Point.objects.filter(series_id__in=list(whose)).order_by()
    now = {(pk, day): (top, below, value) for pk, day, top, below, value in points.values_list(
        "series_id", "period_on", "numerator", "denominator", "value")}  # fmt: skip
    return compared(since, whose, before, now, known, facts)


def inside(*, viewer: Viewer, unit_id: int, measure_id: int | None = None) -> Q:
    """Build the condition "at this unit or anywhere below it", of one measure or of all."""
    there = Q(unit_id__in=organisations.below(viewer=viewer, unit_id=unit_id))
    return there if measure_id is None else there & Q(measure_id=measure_id)


@dataclass(frozen=True, slots=True)
class Whose:
    """Which series it is."""

    measure_id: int
    unit_id: int
    owner_id: int | None


def before_since(series: Collection[int], since: datetime) -> dict[tuple[int, date], Numbers]:
    """Return what stood at each period that changed since, before the first of its changes."""
    first = PointVersion.objects.filter(series_id__in=list(series), at__gt=since).order_by("series_id", "period_on", "at")
    rows = first.distinct("series_id", "period_on")
    return {
        (pk, period): (top, below, value)
        for pk, period, top, below, value in rows.values_list("series_id", "period_on", "old_numerator", "old_denominator", "old_value")
    }


def compared(
    since: datetime,
    whose: Mapping[int, Whose],
    before: dict[tuple[int, date], Numbers],
    now: Mapping[tuple[int, date], Numbers],
    known: Mapping[int, Definition],
    facts: Mapping[int, UnitFacts],
) -> Changes:
    """Compare what stands now with what stood before, series by series; now holds the newest years of each of them."""
    then = {**now, **before}
    by_measure: dict[int, list[int]] = defaultdict(list)
    for pk, one in whose.items():
        by_measure[one.measure_id].append(pk)
    said_now: dict[int, str] = {}
    said_then: dict[int, str] = {}
    chance: dict[int, float] = {}
    for measure, several in by_measure.items():
        said_now |= _judged(now, several, known[measure], chance)
        said_then |= _judged(then, several, known[measure], {})
    listed: dict[int, list[ChangedFigure]] = defaultdict(list)
    for (pk, day), old in sorted(before.items(), key=lambda one: one[0][1], reverse=True):
        new = now.get((pk, day), NOTHING)
        if new != old:
            kind = "new" if old == NOTHING else "removed" if new == NOTHING else "corrected"
            listed[pk].append(ChangedFigure(day, old[2], new[2], kind))
    rows = [
        Changed(
            known[one.measure_id], facts[one.unit_id], tuple(listed[pk]), said_then.get(pk, "unknown"), said_now.get(pk, "unknown"),
            one.owner_id is None,
        )
        for pk, one in whose.items() if listed[pk]
    ]  # fmt: skip
    fresh = [pk for pk in whose if any(one.kind == "new" for one in listed[pk]) and chance.get(pk, 0)]
    order = sorted(rows, key=lambda one: (not one.is_signal, not one.is_over, one.unit.name, one.definition.name))
    return Changes(since, tuple(order), 0, len(fresh), _by_chance(fresh, chance, said_then))


def _by_chance(fresh: Iterable[int], chance: dict[int, float], said_then: dict[int, str]) -> float:
    """Return how many charts chance alone would newly flag: those that stood out before cannot do so anew."""
    return sum(chance[pk] for pk in fresh if said_then.get(pk) not in FLAGGED)


def _judged(
    figures_of: Mapping[tuple[int, date], Numbers], several: Collection[int], what: Definition, chance: dict[int, float]
) -> dict[int, str]:
    """Return what each chart says, judged like its own page: on its newest three years."""
    mine = set(several)
    rows: list[tuple[Any, ...]] = [
        (pk, day, *numbers) for (pk, day), numbers in figures_of.items() if pk in mine and numbers != NOTHING
    ]
    if not rows:
        return {}
    every = figures.rows_of(rows, what.frequency)
    keys, ends = np.unique(every.key, return_index=True)
    last = np.r_[every.month[ends[1:] - 1], every.month[-1]]
    keep = every.month > np.repeat(last, np.diff(np.r_[ends, every.key.size])) - figures.SHOWN[what.frequency]
    numbers = every.numerator[keep], every.denominator[keep], every.value[keep]
    cut = figures.Rows(every.key[keep], every.month[keep], *numbers, what.frequency)
    judged = charting.judge(cut.block(), what.words)
    chance |= dict(zip(keys.tolist(), judged.chance.tolist(), strict=True))
    return dict(zip(keys.tolist(), judged.variation, strict=True))


@dataclass(frozen=True, slots=True)
class Latest:
    """What was stored of one measure in one go."""

    definition: Definition
    at: datetime
    figures: tuple[ChangedFigure, ...]
    why: str


NEWEST, SHOWN = 60, 5


def latest(*, viewer: Viewer, unit: UnitFacts, known: Collection[Definition]) -> tuple[Latest, ...]:
    """Return the latest changes of a unit's own figures, newest first; what was stored together is one change."""
    del viewer
    own = Series.objects.filter(unit_id=unit.pk, stratum="")
    rows = (
        PointVersion.objects.filter(series_id__in=own.values("pk"))
        .order_by("-at", "-period_on")
        .annotate(measure=Subquery(own.filter(pk=OuterRef("series_id")).values("measure_id")[:1]))
    )
    several: dict[tuple[int, datetime, str], list[ChangedFigure]] = {}
    for measure, at, why, period, old, new, removed in rows.values_list(
        "measure", "at", "why", "period_on", "old_value", "new_value", "removed"
    )[:NEWEST]:
        kind = "removed" if removed else "new" if old is None else "corrected"
        several.setdefault((measure, at, why), []).append(ChangedFigure(period, old, new, kind))
    by_pk = {one.pk: one for one in known}
    named = [(by_pk[pk], at, tuple(changed), why) for (pk, at, why), changed in several.items() if pk in by_pk]
    return tuple(Latest(*one) for one in named[:SHOWN])
