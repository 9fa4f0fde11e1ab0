# ruff: noqa: SLF001  Django documents _meta as its interface for tools like this one
"""What every column means, of which class it is and in what unit, from the program's own words about its tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Field, Model

# Made from tests/contracts/fields.py, where every field has a class; tests/unit/exports/test_everything_words.py says when it is old.
CLASSES = Path(__file__).with_name("classes.json")
UNITS = {
    "TimeField": "time of day", "DateField": "day", "DateTimeField": "moment, UTC", "BinaryField": "bytes",
}  # fmt: skip
# What a number counts where its name alone says so.
COUNTED = {
    "size": "bytes", "fraction": "part of full time, 1.000 is full", "depth": "steps down", "share": "part of 1",
    "numerator": "as the measure's definition says", "denominator": "as the measure's definition says",
    "value": "as the measure's definition says, percentages as 86.6",
}  # fmt: skip


def meanings() -> dict[str, dict[str, dict[str, Any]]]:
    """Say for each table and column what the program knows about it; the name '' stands for the table."""
    classes = json.loads(CLASSES.read_text(encoding="utf-8"))
    return {
        model._meta.db_table.replace('"', ""): _table(model, classes.get(model._meta.db_table, {}))
        for model in apps.get_models(include_auto_created=True)
    }


def _table(model: type[Model], classes: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    words = (model.__doc__ or "").strip().split("\n")[0]
    own = "" if words.startswith(f"{model.__name__}(") else words  # Django writes a list of fields where nobody wrote words
    return {"": {"meaning": own}} | {field.column: _column(field, classes) for field in model._meta.local_concrete_fields if field.column}


def _column(field: Field[Any, Any], classes: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {"class": classes.get(field.name) or classes.get("*") or "confidential"}
    if meaning := str(field.db_comment or field.help_text or ""):
        facts["meaning"] = meaning
    bare = field.name.removeprefix("old_").removeprefix("new_")
    if unit := COUNTED.get(bare) or UNITS.get(field.get_internal_type()):
        facts["unit"] = unit
    if field.choices:
        facts["choices"] = {str(value): str(words) for value, words in field.flatchoices}
    return facts
