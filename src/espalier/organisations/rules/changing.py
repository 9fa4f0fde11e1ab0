"""What adding, renaming, moving, merging, splitting and closing do to dated rows: each from a day on, never before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

ADD, RENAME, MOVE, MERGE, SPLIT, CLOSE, REOPEN = "add", "rename", "move", "merge", "split", "close", "reopen"
WHATS = (ADD, RENAME, MOVE, MERGE, SPLIT, CLOSE, REOPEN)
BY_HAND = "changed by hand"
DEEPEST = 18  # steps from the top; the closure is made for fewer than 20
LONGEST_CODE, MOST_NEW = 40, 6
CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{1,39}")
NOT_IN_CODES = re.compile(r"[^A-Z0-9]+")


class UnableToChange(UnableTo):
    """A change of a place that makes no sense, or that this person may not make."""

    code = "place"


class ChangedMeanwhile(UnableToChange):
    """Somebody else changed the same place after this person opened the page."""

    code = "changed"


class Dated(Protocol):
    """Something that holds from a day (None: always did) until another (None: still does)."""

    @property
    def since(self) -> date | None: ...

    @property
    def until(self) -> date | None: ...


AnyDated = TypeVar("AnyDated", "Stay", "Named")


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of time in which one unit was part of another, as one row holds it. pk None: not stored yet."""

    child: int
    parent: int
    since: date | None
    until: date | None
    inferred: bool = False
    verified: bool = True
    source: str = BY_HAND
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A name a unit bore for a stretch of time."""

    unit: int
    name: str
    since: date | None
    until: date | None
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class KindOf:
    """What must be known of a unit's kind to say what may lie in it."""

    code: str
    rank: int
    is_organisation: bool


def covers(one: Dated, day: date) -> bool:
    """Whether it holds on a day."""
    return (one.since is None or one.since <= day) and (one.until is None or one.until > day)


def holds_later(one: Dated, day: date) -> bool:
    """Whether any of it lies on the day or after."""
    return one.until is None or one.until > day


def on_day(stretches: Iterable[AnyDated], day: date) -> AnyDated | None:
    """Return what holds on a day."""
    return next((one for one in stretches if covers(one, day)), None)


def _cut(one: AnyDated, day: date) -> list[AnyDated]:
    """Return what of a stretch lies before a day; one that is cut keeps its row."""
    if one.since is not None and one.since >= day:
        return []
    return [one if one.until is not None and one.until <= day else replace(one, until=day)]


def placed_from(stays: Sequence[Stay], parent: int, on: date) -> tuple[Stay, ...]:
    """Put a unit under another parent from a day on, until the next change that is already known.

    A move dated in the past does not undo a later one: it holds until that one begins.

    >>> from datetime import date
    >>> was = (Stay(1, 7, None, date(2024, 1, 1), pk=5), Stay(1, 8, date(2024, 1, 1), None, pk=6))
    >>> [(s.parent, s.since and s.since.year, s.until and s.until.year, s.pk) for s in placed_from(was, 9, date(2020, 1, 1))]
    [(7, None, 2020, 5), (9, 2020, 2024, None), (8, 2024, None, 6)]
    """
    result: list[Stay] = []
    for stay in stays:
        if covers(stay, on):
            result += [*_cut(stay, on), Stay(stay.child, parent, on, stay.until)]
        else:
            result.append(stay)
    return tuple(result)


def handed_over(stays: Sequence[Stay], old: int, new: int, on: date) -> tuple[Stay, ...]:
    """Put a unit under another parent wherever, from a day on, it would lie under the old one."""
    result: list[Stay] = []
    for stay in stays:
        if stay.parent == old and holds_later(stay, on):
            begins = stay.since if stay.since is not None and stay.since > on else on
            result += [*_cut(stay, on), Stay(stay.child, new, begins, stay.until)]
        else:
            result.append(stay)
    return tuple(result)


def ended_on(stays: Sequence[AnyDated], on: date) -> tuple[AnyDated, ...]:
    """End everything on a day: what was to begin later never does."""
    return tuple(part for stay in stays for part in _cut(stay, on))


def copied_from(stays: Sequence[Stay], child: int, on: date) -> tuple[Stay, ...]:
    """Return the stays of a new unit that lies from a day on wherever another one does."""
    later = [stay for stay in stays if holds_later(stay, on)]
    return tuple(Stay(child, s.parent, on if s.since is None or s.since < on else s.since, s.until) for s in later)


def named_from(names: Sequence[Named], name: str, on: date) -> tuple[Named, ...]:
    """Give a unit a name from a day on, until the next one that is already known.

    >>> from datetime import date
    >>> [(n.name, n.since and n.since.year) for n in named_from([Named(1, "Old", None, None)], "New", date(2024, 4, 1))]
    [('Old', None), ('New', 2024)]
    """
    result: list[Named] = []
    for one in names:
        result += [*_cut(one, on), Named(one.unit, name, on, one.until)] if covers(one, on) else [one]
    return tuple(result)


def may_lie_in(child: KindOf, parent: KindOf) -> bool:
    """Whether one kind may be part of another: only what is lower. Two of one kind never lie in each other.

    The ranks stand in content/units/kinds.yaml, so that a new kind needs no code.

    >>> team, ward, trust = KindOf("team", 90, False), KindOf("ward", 80, False), KindOf("trust", 30, True)
    >>> may_lie_in(ward, trust), may_lie_in(trust, ward), may_lie_in(ward, ward), may_lie_in(team, ward), may_lie_in(ward, team)
    (True, False, False, True, False)
    """
    return child.rank > parent.rank


def code_from(name: str, prefix: str, taken: frozenset[str]) -> str:
    """Make a code nobody has yet out of a name, for people who have better things to do than to invent one.

    >>> code_from("Ward 9, stroke", "DEMO-TRUST", frozenset())
    'DEMO-TRUST-WARD-9-STROKE'
    >>> code_from("Ward 9", "T", frozenset({"T-WARD-9"}))
    'T-WARD-9-2'
    """
    slug = NOT_IN_CODES.sub("-", name.upper()).strip("-") or "TEAM"
    start = f"{prefix.upper()}-{slug}"[: LONGEST_CODE - 3].strip("-")
    if start not in taken:
        return start
    return next(code for number in range(2, 1000) if (code := f"{start}-{number}"[:LONGEST_CODE]) not in taken)


def same_name(one: str, other: str) -> bool:
    """Whether two names would be read as the same."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
