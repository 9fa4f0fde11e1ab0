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
PLAIN = (
    "code", "version", "place", "name", "short_name", "gap", "why", "definition", "numerator", "denominator", "measured_in",
    "decimals", "chart", "rules", "improvement", "frequency", "roll_up", "made_up",
)


class UnableToReadDefinition(UnableTo):
    """A definition does not fit the schema; no definition is taken over, so that no page shows half of them."""

    code = "measure-file"


def load_definitions(folder: Path) -> tuple[dict[str, Any], ...]:
    """Load every definition in the order of pages, each as the columns of the table `Measure`.

    A doubtful fact stays visible: a target or source that nobody has checked says so in its note.
    """
    schema = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    rows = [_checked(path, validator) for path in sorted(folder.glob("*.yaml"))]
    if not rows:
        raise UnableToReadDefinition("There are no measures.", where=folder.name, to_do="Put at least one definition there.")
    return tuple(_columns(row) for row in sorted(rows, key=lambda row: (row["place"], row["code"])))


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


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    target, source = row.get("target"), row["source"]
    return {
        **{key: row[key] for key in PLAIN},
        "target": target["value"] if target else None,
        "target_note": f"{target['words']}. {target['source']}{_doubt(target)}" if target else "",
        "source": source["words"] + _doubt(source),
        "source_note": "\n".join(row.get("mind", ())),
    }


def _doubt(fact: dict[str, Any]) -> str:
    return "" if fact["verified"] else " (not checked)"
