"""What a room says about the records it takes from files; this room knows none of them.

Each room hands in a Kind; config/wiring.py fills the registry. The engine reads, maps, compares, stores and takes back;
a kind says what its columns mean, who may, what is wrong with a row, and how its records are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from espalier.common.errors import NotFoundHere, UnableTo

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer

Key = tuple[Any, ...]
Values = tuple[Any, ...]
PATIENT = "patient"  # the cause of a trouble that is told before all others of its row


class Holds(StrEnum):
    """What stands in a column: words as written, a period of time, one day, or a number."""

    TEXT = "text"
    PERIOD = "period"
    DAY = "day"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a record needs, which a person finds in the file. `roles` and `synonyms` let the engine guess where."""

    code: str
    name: str
    meaning: str
    holds: Holds
    required: bool = False
    roles: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    for_all: str = ""  # what to ask for when every row has the same; empty where that makes no sense


@dataclass(frozen=True, slots=True)
class Words:
    """What pages call the records of a kind."""

    one: str = "figure"
    many: str = "figures"
    place: str = "chart"  # where the stored ones are seen
    twice: str = "has another figure for the same place and period"
    nothing: str = "No row of this table has a number for us."
    empty: str = "without a number"
    gone: str = "Figures that are not in the file"
    remove: str = "Also remove {number} that stand there now"
    removed: str = "Removed"
    lines: tuple[str, ...] = ()  # what such a file may hold, for the page on which one is chosen


@dataclass(frozen=True, slots=True)
class Line:
    """One record as the file gives it: for each of the kind's fields the text, what it means, and its column (-1: none).

    `row` is the position in the sheet from 0. A period's or day's meaning is a DateRead, a number's a float or None, a text's
    itself.
    """

    row: int
    columns: tuple[int, ...]
    texts: tuple[str, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One cell that cannot be used (or, as a warning, that can but should be looked at). `cause` groups what has one remedy.

    What stands for `key` is not missing from the file, only wrong there; `elsewhere` speaks of nothing the viewer could change.
    """

    row: int
    column: int
    value: str
    what: str
    to_do: str
    cause: str
    warning: bool = False
    key: Key | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row that can be stored: what it is about, and what it says."""

    key: Key
    values: Values
    row: int
    column: int = -1  # where its number stands, for what is said about it
    text: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a kind makes of the lines of a file."""

    records: tuple[Record, ...]
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What storing would do to one record; old is None where nothing stands yet, new is None where it would be removed."""

    key: Key
    old: Values | None
    new: Values | None


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking back did: how many went back, and those that were left because somebody changed them since."""

    back: int
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One change in words: what it is about, what stands now, what would."""

    what: str
    old: str
    new: str


class ChangedMeanwhile(UnableTo):
    """What stands is no longer what the person saw when they agreed."""

    code = "changed"

    def __init__(self) -> None:
        super().__init__("Somebody changed something since you looked.", to_do="Nothing was stored. Look at what would change now.")


class Kind(Protocol):
    """One kind of record that files may hold."""

    code: str
    name: str
    says: str  # one sentence for the page on which a file is chosen
    fields: tuple[Field, ...]
    core: tuple[str, ...]  # a row in which none of these fields has anything is passed over
    words: Words
    in_part: bool  # whether check can look at a row of which a cell could not be read (its value is None), so as to say all at once

    def may_use(self, *, viewer: Viewer) -> str:
        """Return why this viewer may not load such files; empty when they may."""
        ...

    def held_back(self) -> str:
        """Return why this installation takes no such file from anybody, and what to do; empty where it does."""
        ...

    def owner_of(self, *, viewer: Viewer) -> int | None:
        """Return whose way of laying out files is remembered: the number of the viewer's own place."""
        ...

    def choices(self, *, viewer: Viewer, field: str) -> tuple[tuple[str, str], ...]:
        """Return what may be chosen for all rows at once, as code and words; empty where it is typed."""
        ...

    def lacks(self, *, given: Collection[str], chosen: Mapping[str, str]) -> Mapping[str, str]:
        """Return, by field, what is missing in a mapping beyond the required fields."""
        ...

    def check(self, *, viewer: Viewer, at: datetime, lines: Sequence[Line]) -> Checked:
        """Turn lines into records, saying what is wrong; lines about things the viewer may not touch are wrong too."""
        ...

    def standing(self, *, viewer: Viewer, records: Sequence[Record], lock: bool) -> Mapping[Key, Values]:
        """Return what stands for the records' keys and for their neighbours, which would be removed if the file were all."""
        ...

    def shown(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[Shown, ...]:
        """Put changes into words."""
        ...

    def too_many(self, *, removed: int, standing: int) -> str:
        """Say a warning when a file would remove very many of those that stand; empty when there is nothing to warn of."""
        ...

    def links(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[tuple[str, str], ...]:
        """Return pages on which the stored records can be seen, as words and address."""
        ...

    def store(self, *, actor: Viewer, at: datetime, why: str, batch: UUID, changes: Sequence[Change]) -> None:
        """Write the changes under one batch, in the open transaction."""
        ...

    def undo(self, *, actor: Viewer, at: datetime, batch: UUID) -> Undone:
        """Take a batch back: each record goes back only if nobody changed it since."""
        ...


_kinds: dict[str, Kind] = {}


def fill(*kinds: Kind) -> None:
    """Say which kinds of record files may hold; filling it again replaces them."""
    _kinds.clear()
    _kinds.update({kind.code: kind for kind in kinds})


def kind_of(code: str) -> Kind:
    """Return a kind by its code."""
    if code not in _kinds:
        raise NotFoundHere("We do not read that kind of file.")
    return _kinds[code]


def kinds_for(viewer: Viewer) -> tuple[Kind, ...]:
    """Return the kinds this viewer may load."""
    return tuple(kind for kind in _kinds.values() if not kind.may_use(viewer=viewer))


def why_not(viewer: Viewer) -> str:
    """Return why a viewer may load no file at all; empty when they may."""
    reasons = [kind.may_use(viewer=viewer) for kind in _kinds.values()]
    return "" if "" in reasons else next(iter(reasons), "No kind of file is read here yet.")
