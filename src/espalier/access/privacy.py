"""What is held about people and why, in plain English: content/privacy.yaml, read once and checked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import yaml
from django.conf import settings
from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of thing that is held."""

    what: str
    why: str
    ground: str
    seen_by: str
    kept: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a person says yes or no to. begins is how it stands before they say anything."""

    code: str
    title: str
    words: str
    begins: bool


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie."""

    name: str
    why: str
    kept: str


@dataclass(frozen=True, slots=True)
class Privacy:
    """All of the file."""

    held: tuple[Held, ...]
    choices: tuple[Choice, ...]
    cookies: tuple[Cookie, ...]
    controller: str
    not_offered: tuple[str, ...]
    leaving: tuple[str, ...]


@cache
def privacy() -> Privacy:
    """Return the words of this installation."""
    return read_privacy(settings.CONTENT_DIR)


def read_privacy(content_dir: Path) -> Privacy:
    """Read and check the file."""
    content = yaml.safe_load((content_dir / "privacy.yaml").read_text(encoding="utf-8"))
    schema = json.loads((content_dir / "privacy.schema.json").read_text(encoding="utf-8"))
    for problem in Draft202012Validator(schema).iter_errors(content):
        raise UnableTo(problem.message[:300], where=f"privacy.yaml, {problem.json_path}", to_do="See privacy.schema.json.", code="privacy")
    return Privacy(
        held=tuple(Held(**(one | {"tables": tuple(one["tables"])})) for one in content["held"]),
        choices=tuple(Choice(**one) for one in content["choices"]),
        cookies=tuple(Cookie(**one) for one in content["cookies"]),
        controller=content["controller"],
        not_offered=tuple(content["not_offered"]),
        leaving=tuple(content["leaving"]),
    )
