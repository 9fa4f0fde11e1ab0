"""What files say about units, before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from espalier.imports.tables import FileProblem

PART_OF, SUCCEEDED_BY = "part_of", "succeeded_by"
ENGLAND, WALES = "ENG", "WAL"


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit as one file knows it. `closed_on` is the last day it existed, as the ODS writes it."""

    code: str
    name: str
    kind: str
    opened_on: date | None = None
    closed_on: date | None = None
    source: str = ""
    country: str = "E"
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file about the day `as_of` says that the child is part of the parent. It says nothing of other days."""

    child: str
    parent: str
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class RelationFact:
    """A dated "is part of" or "is succeeded by": since is in, until is out, None is not known or still."""

    child: str
    parent: str
    kind: str
    since: date | None
    until: date | None
    inferred: bool = False
    verified: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class Succession:
    """From the day `on`, others carry on what the closed unit did."""

    child: str
    parent: str
    on: date
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Move:
    """The day on which a unit changed its parent, where two files show only that it did."""

    child: str
    parent: str
    on: date
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Renaming:
    """The same code under a new name; the day is not known better than between two files."""

    code: str
    old: str
    new: str
    after: date
    by: date


@dataclass(frozen=True, slots=True)
class PlacesReading:
    """What one file says. With a problem in it nothing may be stored."""

    what: str
    as_of: date
    source: str
    units: tuple[UnitFact, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    successions: tuple[Succession, ...] = ()
    problems: tuple[FileProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What no file says and somebody wrote into content/units: successors, closures and dates of moves."""

    successions: tuple[Succession, ...] = ()
    moves: tuple[Move, ...] = ()
    closures: dict[str, date] = field(default_factory=dict)
    names: tuple[UnitFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """All units and all dated relations, ready to be stored."""

    units: tuple[UnitFact, ...]
    relations: tuple[RelationFact, ...]
    renamings: tuple[Renaming, ...] = ()
