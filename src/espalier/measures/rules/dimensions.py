"""By what a measure may be split, and into which groups: read from content/dimensions.yaml."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo
from espalier.measures.rules.definitions import load_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Category:
    """One group of a split; its figures stand in the series with this stratum."""

    dimension: str
    code: str
    name: str

    @property
    def stratum(self) -> str:
        """The name under which its series is stored."""
        return f"{self.dimension}:{self.code}"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to split, with its groups in the order in which they are shown."""

    code: str
    name: str
    words: str
    about: str
    source: str
    verified: bool
    categories: tuple[Category, ...]

    def category(self, code: str) -> Category | None:
        """Return a group by its code."""
        return next((one for one in self.categories if one.code == code), None)


def load_dimensions(folder: Path) -> tuple[dict[str, Any], ...]:
    """Load dimensions.yaml of the content folder, checked by its schema."""
    schema = json.loads((folder / "dimensions.schema.json").read_text(encoding="utf-8"))
    data = load_yaml(folder / "dimensions.yaml")
    errors = sorted(Draft202012Validator(schema).iter_errors(data), key=lambda e: [str(step) for step in e.absolute_path])
    if errors:
        place = ", ".join(["dimensions.yaml", *(str(step) for step in errors[0].absolute_path)])
        raise UnableTo(errors[0].message[:200], where=place, to_do="Make it fit dimensions.schema.json.", code="dimension-file")
    return tuple(data["dimensions"])


def dimensions_of(definition: Mapping[str, Any], known: tuple[dict[str, Any], ...]) -> tuple[Dimension, ...]:
    """Return the dimensions one measure may be split by; the places of a split by site are the measure's own."""
    wanted = definition.get("splits", ())
    return tuple(_dimension(one, definition) for code in wanted for one in known if one["code"] == code)


def _dimension(data: Mapping[str, Any], definition: Mapping[str, Any]) -> Dimension:
    groups = definition.get("sites", ()) if data.get("own_places") else data["categories"]
    return Dimension(
        code=data["code"], name=data["name"], words=data["words"], about=data.get("about", ""), source=data["source"]["words"],
        verified=data["source"]["verified"], categories=tuple(Category(data["code"], one["code"], one["name"]) for one in groups),
    )  # fmt: skip
