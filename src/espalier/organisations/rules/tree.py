"""Merge what several files say, each about one day, into one dated tree."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from espalier.organisations.rules.facts import (
    ENGLAND,
    PART_OF,
    SUCCEEDED_BY,
    WALES,
    Changes,
    Move,
    RelationFact,
    Renaming,
    Sighting,
    Tree,
    UnitFact,
)
from espalier.organisations.rules.naming import HAS_SMALL, short_name, tidy_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from espalier.organisations.rules.facts import PlacesReading, Succession

NATIONS = (UnitFact(ENGLAND, "England", "nation", country="E"), UnitFact(WALES, "Wales", "nation", country="W"))
BY_DEFINITION = {"region", "national-group"}
NOT_KNOWN = "region not known"
DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of time with one parent."""

    parent: str
    since: date | None
    until: date | None
    inferred: bool
    verified: bool
    source: str


def build_tree(readings: Sequence[PlacesReading], changes: Changes) -> Tree:
    """Merge files and the changes no file tells into units and dated relations.

    Files know the tree of single days from 2021, figures begin in 2013. So the earliest known parent is carried back to
    the unit's opening (or without end where that is not known) and marked inferred: a guess, but a visible one.
    Where a parent did not exist yet, the parent's own parent stands in, so that region sums stay right.
    """
    ordered = sorted(readings, key=lambda reading: reading.as_of)
    successions = tuple(dict.fromkeys([*(s for r in ordered for s in r.successions), *changes.successions]))
    units = _merge_units(ordered, changes, successions)
    sightings: dict[str, list[Sighting]] = defaultdict(list)
    for reading in ordered:
        for sighting in reading.sightings:
            sightings[sighting.child].append(sighting)
    moves: dict[str, list[Move]] = defaultdict(list)
    for move in changes.moves:
        moves[move.child].append(move)
    stays = {code: stays_of(unit, sightings.get(code, []), moves.get(code, [])) for code, unit in units.items() if unit.kind != "nation"}
    relations = [
        RelationFact(code, stay.parent, PART_OF, stay.since, stay.until, stay.inferred, stay.verified, stay.source)
        for code in sorted(stays)
        for stay in _joined(part for stay in stays[code] for part in _stand_in(stay, units, stays, DEEPEST))
    ]
    relations += [RelationFact(s.child, s.parent, SUCCEEDED_BY, s.on, None, verified=s.verified, source=s.source) for s in successions]
    return Tree(tuple(units[code] for code in sorted(units)), tuple(relations), renamings(ordered))


def stays_of(unit: UnitFact, sightings: Sequence[Sighting], moves: Sequence[Move]) -> tuple[Stay, ...]:
    """Turn sightings of one unit into stays without gaps or overlaps, from its opening to its closing.

    A sighting from after the closing only tells where a file counts a closed unit; it is used when nothing better is.
    """
    end = unit.closed_on + timedelta(days=1) if unit.closed_on else None
    if unit.kind in BY_DEFINITION:
        return (Stay(ENGLAND, None, None, inferred=False, verified=True, source="by definition"),)
    ordered = sorted(sightings, key=lambda s: s.as_of)
    alive = [s for s in ordered if end is None or s.as_of < end] or ordered[:1]
    if not alive:
        nation = WALES if unit.country == "W" else ENGLAND
        return _cut([Stay(nation, unit.opened_on, end, inferred=False, verified=True, source=NOT_KNOWN)])
    first = alive[0]
    known = first.as_of if end is None or first.as_of < end else end
    stays = [
        Stay(first.parent, unit.opened_on, known, inferred=True, verified=True, source=first.source),
        Stay(first.parent, known, end, inferred=False, verified=True, source=first.source),
    ]
    for before, after in pairwise(alive):
        if after.parent == before.parent:
            continue
        move = next((m for m in moves if m.parent == after.parent and before.as_of < m.on <= after.as_of), None)
        on = move.on if move else after.as_of
        stays[-1] = replace(stays[-1], until=on)
        source, verified = (move.source, move.verified) if move else (after.source, True)
        stays.append(Stay(after.parent, on, end, inferred=False, verified=verified, source=source))
    # A file may name a body before its opening day; it is part of nothing until then.
    return _cut(replace(stay, since=_latest(stay.since, unit.opened_on)) for stay in stays)


def _cut(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Leave out stays of no length, such as the time before a file for a unit that opened after it."""
    return tuple(s for s in stays if s.since is None or s.until is None or s.since < s.until)


def _stand_in(
    stay: Stay,
    units: Mapping[str, UnitFact],
    stays: Mapping[str, tuple[Stay, ...]],
    deeper: int,
) -> tuple[Stay, ...]:
    """Replace the parts of a stay in which the parent did not exist by the parent's own parent, marked inferred."""
    parent = units.get(stay.parent)
    above = stays.get(stay.parent, ())
    if parent is None or not above or not deeper:
        return (stay,)
    born = parent.opened_on
    gone = parent.closed_on + timedelta(days=1) if parent.closed_on else None
    inside = replace(stay, since=_latest(stay.since, born), until=_earliest(stay.until, gone))
    before = replace(stay, parent=above[0].parent, until=_earliest(stay.until, born), inferred=True) if born else None
    after = replace(stay, parent=above[-1].parent, since=_latest(stay.since, gone), inferred=True) if gone else None
    parts = [*(_stand_in(before, units, stays, deeper - 1) if before else ()), inside]
    parts += _stand_in(after, units, stays, deeper - 1) if after else ()
    return _cut(parts)


def _latest(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)


def _earliest(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)


def _joined(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Join neighbours that differ in nothing but their days."""
    done: list[Stay] = []
    for stay in stays:
        if done and done[-1].until == stay.since and replace(done[-1], since=None, until=None) == replace(stay, since=None, until=None):
            done[-1] = replace(done[-1], until=stay.until)
        else:
            done.append(stay)
    return tuple(done)


def _merge_units(ordered: Sequence[PlacesReading], changes: Changes, successions: Sequence[Succession]) -> dict[str, UnitFact]:
    """Take each fact from the newest file that has it; a file that leaves a day out does not take it away."""
    units: dict[str, UnitFact] = {}
    written: dict[str, str] = {}
    for unit in (*changes.names, *(unit for reading in ordered for unit in reading.units)):
        if HAS_SMALL.search(unit.name):
            written.setdefault(unit.name.lower(), unit.name)
        old = units.get(unit.code)
        units[unit.code] = unit if old is None else _newer(old, unit)
    for code, closed_on in changes.closures.items():
        if code in units and units[code].closed_on is None:
            units[code] = replace(units[code], closed_on=closed_on)
    for succession in successions:
        heir = units.get(succession.parent)
        if heir and heir.opened_on is None and heir.kind == "commissioner":
            # A group that files name only as a successor began when the first it follows had ended.
            units[heir.code] = replace(heir, opened_on=succession.on)
    for code, unit in units.items():
        name = written.get(" ".join(unit.name.lower().split())) or tidy_name(unit.name)
        units[code] = replace(unit, name=name, short_name=unit.short_name or short_name(name))
    return units | {nation.code: replace(nation, short_name=nation.name) for nation in NATIONS}


def _newer(old: UnitFact, new: UnitFact) -> UnitFact:
    return replace(
        new,
        opened_on=new.opened_on or old.opened_on,
        closed_on=new.closed_on or old.closed_on,
        # A packed file of trusts knows what is a trust; a mapping that only mentions a code does not.
        kind=old.kind if new.kind == "provider" else new.kind,
    )


def renamings(ordered: Sequence[PlacesReading]) -> tuple[Renaming, ...]:
    """Find codes whose name changed between two files of the same layout; another layout only writes them otherwise."""
    found: list[Renaming] = []
    last: dict[tuple[str, str], tuple[str, date]] = {}
    for reading in ordered:
        for unit in reading.units:
            name = " ".join(unit.name.upper().split())
            old = last.get((reading.what, unit.code))
            if old and old[0] != name:
                found.append(Renaming(unit.code, old[0], name, after=old[1], by=reading.as_of))
            last[reading.what, unit.code] = (name, reading.as_of)
    return tuple(found)
