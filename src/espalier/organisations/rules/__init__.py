"""Pure decisions about units: what files say, and which dated tree follows from it."""

from espalier.imports.tables import FileProblem
from espalier.organisations.rules.content import (
    KindFact,
    UnableToReadPlaces,
    load_changes,
    load_kinds,
    load_readings,
    load_tree,
)
from espalier.organisations.rules.facts import (
    ENGLAND,
    PART_OF,
    SUCCEEDED_BY,
    WALES,
    Changes,
    Move,
    PlacesReading,
    RelationFact,
    Renaming,
    Sighting,
    Succession,
    Tree,
    UnitFact,
)
from espalier.organisations.rules.naming import short_name, tidy_name
from espalier.organisations.rules.published import UnableToRecognisePlaces, kind_of_code, parse_places
from espalier.organisations.rules.tree import build_tree, renamings, stays_of

__all__ = [
    "ENGLAND",
    "PART_OF",
    "SUCCEEDED_BY",
    "WALES",
    "Changes",
    "FileProblem",
    "KindFact",
    "Move",
    "PlacesReading",
    "RelationFact",
    "Renaming",
    "Sighting",
    "Succession",
    "Tree",
    "UnableToReadPlaces",
    "UnableToRecognisePlaces",
    "UnitFact",
    "build_tree",
    "kind_of_code",
    "load_changes",
    "load_kinds",
    "load_readings",
    "load_tree",
    "parse_places",
    "renamings",
    "short_name",
    "stays_of",
    "tidy_name",
]
