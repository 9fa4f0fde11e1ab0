"""Read the definitions of measures from content/measures, checked by their schema; and check those made on a page."""

from __future__ import annotations

import difflib
import json
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import yaml
from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo
from espalier.common.plain import days_as_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jsonschema import ValidationError

SCHEMA = "schema.json"


class UnableToReadDefinition(UnableTo):
    """A definition does not fit the schema; no definition is taken over, so that no page shows half of them."""

    code = "measure-file"


def load_definitions(folder: Path) -> tuple[dict[str, Any], ...]:
    """Load every definition, whole, in the order of pages."""
    rows = [_read(path) for path in sorted(folder.glob("*.yaml"))]
    if not rows:
        raise UnableToReadDefinition("There are no measures.", where=folder.name, to_do="Put at least one definition there.")
    return tuple(sorted(rows, key=lambda row: (row["place"], row["code"])))


def check_definition(data: Any, folder: Path, *, where: str) -> None:
    """Say in words what does not fit the schema: the first slip, the line it is in, and what may stand there."""
    errors = sorted(_validator(folder).iter_errors(data), key=lambda e: [str(step) for step in e.absolute_path])
    if errors:
        place = ", ".join([where, *(str(step) for step in errors[0].absolute_path)])
        what, to_do = _in_words(errors[0])
        raise UnableToReadDefinition(what, where=place, to_do=to_do)


@cache
def _validator(folder: Path) -> Draft202012Validator:
    return Draft202012Validator(json.loads((folder / SCHEMA).read_text(encoding="utf-8")))


def load_yaml(path: Path) -> Any:
    """Read a YAML file; days come as text (YAML reads 2019-04-01 as a day by itself, which no schema knows)."""
    try:
        return days_as_text(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}, line {mark.line + 1}" if mark else path.name
        raise UnableToReadDefinition("It is not valid YAML.", where=where, to_do="Check quotes and indentation there.") from error


def _read(path: Path) -> dict[str, Any]:
    data = load_yaml(path)
    check_definition(data, path.parent, where=path.name)
    if data["code"] != path.stem:
        message = f"The file is named {path.stem} but its code is {data['code']}."
        raise UnableToReadDefinition(message, where=path.name, to_do="Make them equal.")
    return dict(data)


def _in_words(error: ValidationError) -> tuple[str, str]:
    """Turn the schema's own sentence into what happened and what to do."""
    kind, found, wanted, schema = cast("tuple[str, Any, Any, Any]", (error.validator, error.instance, error.validator_value, error.schema))
    if kind == "required":
        missing = [name for name in wanted if name not in found]
        return f"The line {missing[0]!r} is missing.", "Add it."
    if kind == "additionalProperties":
        known = list(schema["properties"])
        unknown = next(name for name in found if name not in known)
        near = difflib.get_close_matches(str(unknown), known, n=1)
        return f"There is no line {unknown!r}.", f"Did you mean {near[0]!r}?" if near else f"The lines are: {', '.join(known)}."
    if kind in {"enum", "const"}:
        choices = wanted if kind == "enum" else [wanted]
        return f"It says {_short(found)}, which is none of the choices.", f"Write one of: {', '.join(map(str, choices))}."
    if kind == "type":
        names = {"string": "words", "number": "a number", "integer": "a whole number", "boolean": "true or false", "array": "a list"}
        return f"It says {_short(found)}.", f"It must be {names.get(str(wanted), 'a group of lines')}."
    return f"It says {_short(found)}, which does not fit.", f"Look at {SCHEMA} for what may stand there."


def _short(found: Any) -> str:
    text = json.dumps(found, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


def targets_of(definition: Mapping[str, Any]) -> tuple[tuple[date | None, float], ...]:
    """Return the targets of a measure with the day from which each holds, oldest first; None is from the beginning.

    >>> targets_of({"targets": [{"value": 76, "since": "2023-04-01"}, {"value": 78, "since": "2025-04-01"}]})
    ((datetime.date(2023, 4, 1), 76.0), (datetime.date(2025, 4, 1), 78.0))
    """
    if one := definition.get("target"):
        return ((None, float(one["value"])),)
    dated = [
        (date.fromisoformat(each["since"]) if each.get("since") else None, float(each["value"])) for each in definition.get("targets", ())
    ]
    return tuple(sorted(dated, key=lambda pair: pair[0] or date.min))
