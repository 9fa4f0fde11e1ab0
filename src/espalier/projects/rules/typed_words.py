"""What registers kept elsewhere call things, as content has it: read, checked, frozen. A new register is a few lines there, and no code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo
from espalier.common.names import alike

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WHERE = "registers.yaml"


class UnableToReadRegisters(UnableTo):
    """The file about registers is not as it must be."""

    code = "registers"


@dataclass(frozen=True, slots=True)
class Preset:
    """One layout of a register: the headings it is known by, and which of our fields stands under which."""

    code: str
    name: str
    kind: str
    needs: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    fixed: Mapping[str, str]
    verified: bool


@dataclass(frozen=True, slots=True)
class Registers:
    """All layouts, and for each word of a register what it means here."""

    presets: tuple[Preset, ...]
    states: Mapping[str, str]
    decisions: Mapping[str, str]
    methods: Mapping[str, str]


def read_registers(folder: Path) -> Registers:
    """Read content/projects/registers.yaml; a word that would mean two things is refused."""
    data = _checked(folder)
    presets = tuple(
        Preset(
            row["code"], row["name"], row["kind"], tuple(row["needs"]), {code: tuple(several) for code, several in row["columns"].items()},
            row["fixed"], row["verified"],
        )
        for row in data["presets"]
    )  # fmt: skip
    if len({one.code for one in presets}) < len(presets):
        raise UnableToReadRegisters("A code stands twice.", where=WHERE, to_do="Give each layout a code of its own.")
    return Registers(presets, *(_turned(data[name], name) for name in ("states", "decisions", "methods")))


def _turned(words: Mapping[str, list[str]], name: str) -> dict[str, str]:
    turned: dict[str, str] = {}
    for code, several in words.items():
        for word in several:
            if turned.setdefault(alike(word), code) != code:
                raise UnableToReadRegisters(f"“{word}” would mean two things.", where=f"{WHERE}, {name}", to_do="Leave it in one place.")
    return turned


def _checked(folder: Path) -> Any:
    try:
        data = yaml.safe_load((folder / "projects" / WHERE).read_text(encoding="utf-8"))
        schema = json.loads((folder / "projects" / "registers.schema.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError) as error:
        raise UnableToReadRegisters("It cannot be read.", where=WHERE, to_do="Check quotes and indentation.") from error
    for wrong in Draft202012Validator(schema).iter_errors(data):
        place = ", ".join([WHERE, *(str(step) for step in wrong.absolute_path)])
        raise UnableToReadRegisters(wrong.message[:200], where=place, to_do="Make it fit registers.schema.json.")
    return data
