"""Read content/units: kinds, the editions that are packed, and the changes that no file tells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo
from espalier.imports.tables import read_tables_at
from espalier.organisations.rules.facts import Changes, Move, PlacesReading, Succession, Tree, UnitFact
from espalier.organisations.rules.published import parse_places
from espalier.organisations.rules.tree import build_tree

if TYPE_CHECKING:
    from pathlib import Path


class UnableToReadPlaces(UnableTo):
    """A content file or a packed file cannot be used; nothing is, for half a tree would give wrong sums."""

    code = "units-file"


@dataclass(frozen=True, slots=True)
class KindFact:
    """A kind of unit. `rank` is smaller for what is higher in the tree."""

    code: str
    name: str
    plural: str
    rank: int
    is_organisation: bool
    about: str = ""


def load_kinds(folder: Path) -> tuple[KindFact, ...]:
    """Load kinds.yaml from content/units, from the top of the tree down."""
    rows = _checked(folder, "kinds")["kinds"]
    return tuple(sorted((KindFact(**row) for row in rows), key=lambda kind: (kind.rank, kind.code)))


def load_changes(folder: Path) -> Changes:
    """Load successors.yaml and names.yaml: each entry says where it comes from and whether somebody checked it."""
    data, names = _checked(folder, "successors"), _checked(folder, "names")
    successions = tuple(
        Succession(row["code"], to, date.fromisoformat(row["first_day"]), row["source"], row["verified"])
        for row in data["successions"]
        for to in row["to"]
    )
    moves = tuple(
        Move(row["code"], row["to"], date.fromisoformat(row["first_day"]), row["source"], row["verified"]) for row in data["moves"]
    )
    closures = {s.child: date.fromordinal(s.on.toordinal() - 1) for s in successions}
    closures |= {row["code"]: date.fromisoformat(row["closed_on"]) for row in data["closures"]}
    units = tuple(UnitFact(row["code"], row["name"], row["kind"], source=row["source"]) for row in names["names"])
    return Changes(successions, moves, closures, units)


def load_readings(content: Path) -> tuple[PlacesReading, ...]:
    """Read every packed edition, or raise with the first thing wrong in one."""
    readings = []
    for row in _checked(content / "units", "editions")["editions"]:
        tables = read_tables_at(content / "data" / row["file"])
        reading = parse_places(tables, as_of=date.fromisoformat(row["as_of"]), source=row["source"])
        if reading.problems:
            raise UnableToReadPlaces(str(reading.problems[0]), where=row["file"], to_do="Pack the file again.")
        readings.append(reading)
    return tuple(readings)


def load_tree(content: Path) -> Tree:
    """Build the tree of everything in the content folder."""
    return build_tree(load_readings(content), load_changes(content / "units"))


def _checked(folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.yaml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        schema = json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError) as error:
        raise UnableToReadPlaces("It cannot be read.", where=path.name, to_do="Check quotes and indentation.") from error
    errors = sorted(Draft202012Validator(schema).iter_errors(data), key=lambda e: [str(step) for step in e.absolute_path])
    if errors:
        place = ", ".join([path.name, *(str(step) for step in errors[0].absolute_path)])
        raise UnableToReadPlaces(errors[0].message[:200], where=place, to_do=f"Make it fit {name}.schema.json.")
    return dict(data)
