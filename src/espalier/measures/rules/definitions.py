"""Read the definitions of measures from content/measures, checked by their schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "schema.json"


class UnableToReadDefinition(UnableTo):
    """A definition does not fit the schema; no definition is taken over, so that no page shows half of them."""

    code = "measure-file"


def load_definitions(folder: Path) -> tuple[dict[str, Any], ...]:
    """Load every definition, whole, in the order of pages."""
    schema = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    rows = [_checked(path, validator) for path in sorted(folder.glob("*.yaml"))]
    if not rows:
        raise UnableToReadDefinition("There are no measures.", where=folder.name, to_do="Put at least one definition there.")
    return tuple(sorted(rows, key=lambda row: (row["place"], row["code"])))


def _checked(path: Path, validator: Draft202012Validator) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}, line {mark.line + 1}" if mark else path.name
        raise UnableToReadDefinition("It is not valid YAML.", where=where, to_do="Check quotes and indentation there.") from error
    errors = sorted(validator.iter_errors(data), key=lambda e: [str(step) for step in e.absolute_path])
    if errors:
        place = ", ".join([path.name, *(str(step) for step in errors[0].absolute_path)])
        raise UnableToReadDefinition(errors[0].message[:200], where=place, to_do=f"Make it fit {SCHEMA}.")
    if data["code"] != path.stem:
        message = f"The file is named {path.stem} but its code is {data['code']}."
        raise UnableToReadDefinition(message, where=path.name, to_do="Make them equal.")
    return dict(data)
