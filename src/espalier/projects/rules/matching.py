"""Which coach for which project: the nearest with time left, and why. The same list always gives the same answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 4  # letters: shorter words ("and", "the") say nothing about a topic
STALLED_AFTER, MOVES_WITHIN = 90, 30  # days


@dataclass(frozen=True, slots=True)
class Free:
    """A coach as far as matching goes; load is how many projects they coach, or are proposed for, now."""

    account_id: int
    unit_id: int
    owner_id: int
    capacity: int
    load: int
    helps_with: str = ""

    @property
    def room(self) -> int:
        """How many more projects they have time for."""
        return max(0, self.capacity - self.load)


@dataclass(frozen=True, slots=True)
class Wanting:
    """A project that asks for a coach; number says whose turn it is (the smallest first)."""

    number: int
    unit_id: int
    owner_id: int
    words: str = ""
    team: frozenset[int] = frozenset()  # who takes part already: nobody coaches their own project


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal, with its reason in words."""

    number: int
    account_id: int
    why: str


def topics(words: str) -> frozenset[str]:
    """Return the words that say something about a topic.

    >>> sorted(topics("Falls and the night shift"))
    ['falls', 'night', 'shift']
    """
    return frozenset(word for word in re.findall(r"[a-z]+", words.lower()) if len(word) >= SHORTEST)


def match(wanting: Iterable[Wanting], coaches: Iterable[Free]) -> tuple[Match, ...]:
    """Propose at most one coach for each project, in the order they asked, and never more than somebody has time for.

    Same organisation comes before all else: whoever is elsewhere cannot walk over. Then the same place, a shared topic, and
    who has the most time left.
    """
    known = sorted(coaches, key=lambda one: one.account_id)
    room = {one.account_id: one.room for one in sorted(known, key=lambda one: one.room)}  # of two lines the one with most time
    found = []
    for project in sorted(wanting, key=lambda one: one.number):
        able = [one for one in known if room[one.account_id] > 0 and one.account_id not in project.team]
        if not able:
            continue
        best = max(able, key=lambda one: (*_closeness(project, one), room[one.account_id], -one.account_id))
        found.append(Match(project.number, best.account_id, _why(project, best, room[best.account_id])))
        room[best.account_id] -= 1
    return tuple(found)


def _closeness(project: Wanting, coach: Free) -> tuple[bool, bool, int]:
    shared = topics(project.words) & topics(coach.helps_with)
    return project.owner_id == coach.owner_id, project.unit_id == coach.unit_id, len(shared)


def _why(project: Wanting, coach: Free, room: int) -> str:
    if project.unit_id == coach.unit_id:
        where = "Works in the same place"
    else:
        where = "Works in the same organisation" if project.owner_id == coach.owner_id else "Works in another organisation"
    shared = sorted(topics(project.words) & topics(coach.helps_with))
    about = f", helps with {' and '.join(shared[:2])}" if shared else ""
    return f"{where}{about}, has time for {room} more."


def movement(days_since_change: int) -> str:
    """Say whether a project moves, is quiet or stalls, from how long nothing in it changed.

    >>> movement(3), movement(45), movement(91)
    ('moves', 'quiet', 'stalls')
    """
    if days_since_change <= MOVES_WITHIN:
        return "moves"
    return "stalls" if days_since_change > STALLED_AFTER else "quiet"
