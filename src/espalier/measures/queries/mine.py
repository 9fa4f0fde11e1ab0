"""What somebody sees of charts on their own page: those of the places where they belong, those they follow, and what is new.

All of it is read in five questions, however many places and charts there are: a front page is opened more than any other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import BigIntegerField, F, Q, Value
from django.utils import timezone

from espalier.common.periods import step
from espalier.measures import charting
from espalier.measures.models import Follow, LastLook, Point
from espalier.measures.queries import figures, marking
from espalier.measures.queries.cards import Card, card
from espalier.measures.queries.changes import Changes, Numbers, Whose, before_since, compared
from espalier.measures.queries.due import due_of, kept, own_places

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.common.todo import Due
    from espalier.measures.charting import Judged
    from espalier.measures.queries.due import Kept
    from espalier.organisations.queries import UnitFacts

MOST = 150  # charts that are judged here; a place with more says so, and has a page of them
NEW_FOR = timedelta(days=30)
ATTENTION = ("concerning", "low", "high", "improving", "steady", "unknown")
FLAGGED = ("concerning", "improving", "high", "low")
A_PLACE, FOLLOWED = 3, 6


@dataclass(frozen=True, slots=True)
class Followed:
    """A place, a measure there, or a measure at all places below it, that somebody follows."""

    unit_id: int
    measure_id: int | None
    below: bool


@dataclass(frozen=True, slots=True)
class AtPlace:
    """The charts of one place: the few that need a look first, how many there are, and how many stand out."""

    unit: UnitFacts
    cards: tuple[Card, ...]
    total: int
    standing_out: int
    more: bool  # there are further charts, which were not read here


@dataclass(frozen=True, slots=True)
class Mine:
    """Charts of somebody's own page; codes and numbers, not words."""

    places: tuple[AtPlace, ...]
    followed: tuple[tuple[Card, UnitFacts], ...]
    follows: int
    changes: Changes
    since_look: bool  # whether changes counts from when they last looked, or only from some days back
    due: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class _Keeps:
    """What somebody follows, and when they last looked at what changed."""

    follows: tuple[Followed, ...]
    looked: datetime | None


def keeps(*, viewer: Viewer) -> _Keeps:
    """Return what somebody follows and when they last looked at what changed, in one question."""
    follows = Follow.objects.filter(account_id=viewer.account_id or 0).annotate(what=Value("follow"), when=F("since_at"))
    looks = LastLook.objects.filter(account_id=viewer.account_id or 0).annotate(
        what=Value("look"), when=F("seen_at"), measure_id=Value(None, output_field=BigIntegerField()), below=Value(False)  # noqa: FBT003  a column
    )
    columns = ("what", "unit_id", "measure_id", "below", "when")
    rows = list(follows.values_list(*columns).union(looks.values_list(*columns), all=True))
    looked = [when for what, *_, when in rows if what == "look"]
    return _Keeps(tuple(Followed(*row[1:4]) for row in rows if row[0] == "follow"), max(looked, default=None))


def mine(*, viewer: Viewer, keeping: _Keeps, facts: Mapping[int, UnitFacts], held: Collection[int], at: datetime) -> Mine:
    """Gather, judge and compare. facts are those of the places held and of all that is followed, read by who asks.

    A measure followed at all places below one is a page of many charts: it is linked, not read here.
    """
    enter = own_places(viewer=viewer)
    followed = _followed_where(keeping)
    rows = kept(viewer=viewer, where=Q(unit_id__in=list(held)) | followed, at=enter, first=followed or None, most=MOST + 1)
    more = sum(one.pk > 0 for one in rows) > MOST
    series = [one for one in rows if one.pk and one.last and one.unit_id in facts]
    points = _points(series)
    said = _judged(series, points)
    since, looked = _since(keeping, at)
    return Mine(
        places=tuple(_at_place(facts[pk], [one for one in series if one.unit_id == pk], said, more) for pk in held if pk in facts),
        followed=_followed(keeping, series, said, facts), follows=len(keeping.follows),
        changes=_changes(series, points, since, facts), since_look=looked,
        due=due_of(rows, viewer=viewer, places=enter, facts=facts, today=timezone.localdate(at)),
    )  # fmt: skip


def _followed_where(keeping: _Keeps) -> Q:
    """Name the series that are followed, each by its own numbers, so that an index finds them among 180,000."""
    found = Q()
    for one in keeping.follows:
        if not one.below:
            found |= Q(unit_id=one.unit_id) if one.measure_id is None else Q(unit_id=one.unit_id, measure_id=one.measure_id)
    return found


def _since(keeping: _Keeps, at: datetime) -> tuple[datetime, bool]:
    """Return from when changes count: from the last look, and never from longer ago than a month."""
    month_ago = at - NEW_FOR
    if keeping.looked and keeping.looked > month_ago:
        return keeping.looked, True
    return month_ago, False


def _points(series: Collection[Kept]) -> dict[tuple[int, date], Numbers]:
    """Read the newest years of all these series at once; one year more than is shown, for what a chart said before."""
    if not series:
        return {}
    first = min(step(one.last, one.definition.frequency, -figures.SHOWN[one.definition.frequency]) for one in series if one.last)
    frozen = [mark.mark.starts_on for one in series for mark in one.marks if mark.mark.ends_on]
    rows = Point.objects.filter(series_id__in=[one.pk for one in series], period_on__gte=min([first, *frozen])).order_by()
    return {(pk, day): (top, below, value) for pk, day, top, below, value in rows.values_list(
        "series_id", "period_on", "numerator", "denominator", "value")}  # fmt: skip


def _alike(one: Kept) -> str:
    """Return what decides how a series is judged: those alike are judged together, however many measures they are of."""
    words = one.definition.words
    return json.dumps([words.get(name) for name in ("chart", "rules", "improvement", "measured_in", "frequency", "targets", "target")])


def _judged(series: Collection[Kept], points: Mapping[tuple[int, date], Numbers]) -> dict[int, tuple[Judged, int]]:
    """Judge every series as its own page does, those with the same rules in one go."""
    by_series: dict[int, list[tuple[date, Numbers]]] = {}
    for (pk, day), numbers in points.items():
        by_series.setdefault(pk, []).append((day, numbers))
    groups: dict[str, list[Kept]] = {}
    for one in series:
        groups.setdefault(_alike(one), []).append(one)
    found: dict[int, tuple[Judged, int]] = {}
    for several in groups.values():
        words, grain = several[0].definition.words, several[0].definition.frequency
        decided = {one.pk: marking.decided_of(mark.mark for mark in one.marks) for one in several if one.marks}
        rows = [(one.pk, day, *numbers) for one in several for day, numbers in _shown(one, by_series.get(one.pk, []), decided)]
        if rows:
            judged = charting.judge(figures.rows_of(rows, grain).block(), words, decided=decided)
            found |= {pk: (judged, index) for index, pk in enumerate(np.asarray(judged.block.keys).tolist())}
    return found


def _shown(one: Kept, points: Iterable[tuple[date, Numbers]], decided: Mapping[int, object]) -> Iterable[tuple[date, Numbers]]:
    """Keep what the series' own chart shows: its newest three years, or from the start of a frozen range."""
    grain = one.definition.frequency
    first = step(one.last, grain, 1 - figures.SHOWN[grain]) if one.last else None
    frozen = [mark.mark.starts_on for mark in one.marks if mark.mark.ends_on] if one.pk in decided else []
    start = min([first, *frozen]) if first else None
    return [(day, numbers) for day, numbers in points if start is None or day >= start]


def _order(said: Mapping[int, tuple[Judged, int]]) -> Callable[[Kept], tuple[int, int]]:
    def place(one: Kept) -> tuple[int, int]:
        judged, index = said[one.pk]
        return (ATTENTION.index(judged.variation[index]), -int(judged.observed[index] >= charting.ENOUGH))

    return place


def _card(one: Kept, said: Mapping[int, tuple[Judged, int]], unit: UnitFacts) -> Card:
    judged, index = said[one.pk]
    newest = one.last or judged.block.months(index)[-1]
    return card(judged, index, unit=unit, definition=one.definition, newest=newest, added_up=one.made_by == "sum", by="measure")


def _at_place(unit: UnitFacts, series: Collection[Kept], said: Mapping[int, tuple[Judged, int]], more: bool) -> AtPlace:
    there = sorted((one for one in series if one.pk in said), key=_order(said))
    flagged = sum(said[one.pk][0].variation[said[one.pk][1]] in FLAGGED for one in there)
    return AtPlace(unit, tuple(_card(one, said, unit) for one in there[:A_PLACE]), len(there), flagged, more)


def _followed(
    keeping: _Keeps, series: Collection[Kept], said: Mapping[int, tuple[Judged, int]], facts: Mapping[int, UnitFacts]
) -> tuple[tuple[Card, UnitFacts], ...]:
    wanted = {(one.unit_id, one.measure_id) for one in keeping.follows if not one.below}
    mine = [one for one in series if one.pk in said and {(one.unit_id, one.measure_id), (one.unit_id, None)} & wanted]
    return tuple((_card(one, said, facts[one.unit_id]), facts[one.unit_id]) for one in sorted(mine, key=_order(said))[:FOLLOWED])


def _changes(
    series: Collection[Kept], points: Mapping[tuple[int, date], Numbers], since: datetime, facts: Mapping[int, UnitFacts]
) -> Changes:
    """Compare what came since with what stood before; sums change with their parts and are told there."""
    whose = {one.pk: Whose(one.measure_id, one.unit_id, one.owner_id) for one in series if one.made_by == "figures"}
    before = before_since(whose, since) if whose else {}
    changed = {pk for pk, _ in before}
    known = {one.measure_id: one.definition for one in series}
    return compared(since, {pk: one for pk, one in whose.items() if pk in changed}, before, points, known, facts)
