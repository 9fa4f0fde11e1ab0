"""Driver diagrams to start from, read from content/projects/diagrams and checked by their schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo
from espalier.projects.rules.diagrams import DRIVERS, LEVELS, Box, tree

if TYPE_CHECKING:
    from pathlib import Path

    from espalier.projects.rules.diagrams import Branch


@dataclass(frozen=True, slots=True)
class Source:
    """Where the thinking behind a diagram was published."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A diagram to start from. boxes are in reading order, each after the one it hangs on; numbers are their places."""

    code: str
    name: str
    about: str
    words: tuple[str, ...]  # other words people search with
    measures: tuple[str, ...]
    sources: tuple[Source, ...]
    boxes: tuple[Box, ...]

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/diagrams/{self.code}/"

    @property
    def tops(self) -> tuple[Branch, ...]:
        """As a tree."""
        return tree(self.boxes)

    @property
    def ideas(self) -> int:
        """How many change ideas it has."""
        return sum(box.kind == "idea" for box in self.boxes)


@cache
def read_library(folder: Path) -> tuple[Ready, ...]:
    """Read every diagram, by name; one mistake in one file is named by its place, and no page shows half a library."""
    schema = Draft202012Validator(json.loads((folder / "schema.json").read_text(encoding="utf-8")))
    found = []
    for path in sorted(folder.glob("*.yaml")):
        facts = yaml.safe_load(path.read_text(encoding="utf-8"))
        wrong = next(iter(schema.iter_errors(facts)), None)
        if wrong or facts["code"] != path.stem:
            place = " › ".join(str(step) for step in wrong.absolute_path) if wrong else "code"
            what = wrong.message if wrong else "The code is not the name of the file."
            raise UnableTo(what, where=f"content/projects/diagrams/{path.name} {place}", to_do="Mend the file.", code="content")
        found.append(_ready(facts))
    return tuple(sorted(found, key=lambda one: one.name))


def _ready(facts: dict[str, Any]) -> Ready:
    boxes = [Box(1, None, "aim", facts["aim"])]

    def hang(rows: list[Any], parent: int, depth: int) -> None:
        for i, row in enumerate(rows):
            words, below = (row, []) if isinstance(row, str) else next(iter(row.items()))
            boxes.append(Box(len(boxes) + 1, parent, LEVELS[DRIVERS][depth], words, rank=float(i + 1)))
            hang(below or [], len(boxes), depth + 1)

    hang(facts["drivers"], 1, 1)
    sources = tuple(Source(one["name"], one.get("href", "")) for one in facts["sources"])
    return Ready(
        facts["code"], facts["name"], facts["about"], tuple(facts.get("words", ())), tuple(facts.get("measures", ())), sources, tuple(boxes)
    )


def matching(library: tuple[Ready, ...], words: str) -> tuple[Ready, ...]:
    """Return the diagrams in which every word that was asked for begins some word: of its name, its boxes or its other words."""
    asked = words.casefold().split()

    def fits(one: Ready) -> bool:
        said = " ".join((one.name, one.about, *one.words, *(box.words for box in one.boxes))).casefold().split()
        return all(any(word.strip("(.,").startswith(part) for word in said) for part in asked)

    return tuple(one for one in library if fits(one))
