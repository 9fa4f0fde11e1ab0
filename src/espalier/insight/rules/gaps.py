"""The rows of the board page, read from content/gaps.yaml."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jsonschema
import yaml

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Gap:
    """One row: what it is, what it is for, the question it answers, and what to do where nothing is known."""

    code: str
    name: str
    beside: str
    asks: str
    when_empty: str


def read_gaps(folder: Path) -> tuple[Gap, ...]:
    """Read and check the file; a mistake is named by its place in the file."""
    facts = yaml.safe_load((folder / "gaps.yaml").read_text(encoding="utf-8"))
    schema = json.loads((folder / "gaps.schema.json").read_text(encoding="utf-8"))
    wrong = next(iter(jsonschema.Draft202012Validator(schema).iter_errors(facts)), None)
    if wrong:
        place = " › ".join(str(step) for step in wrong.absolute_path)
        raise UnableTo(wrong.message, where=f"content/gaps.yaml {place}", to_do="Mend the file.", code="content")
    return tuple(Gap(**one) for one in facts["gaps"])
