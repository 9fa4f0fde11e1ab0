"""What people send on the pages of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from espalier.imports.mapping import FILTERS, Layout, plain
from espalier.ui.fields import FileField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from espalier.imports.kinds import Field

ANSWERS = ("day-first", "month-first", "month", "financial-year", "1", "4")
FOR_ALL = "::all"  # in the list of columns: the same for every row


class FileForm(forms.Form):
    """One file."""

    file = FileField(
        label="Your file", hint="Excel (.xlsx) or CSV, up to 60 MB. Nothing is stored before you have seen what would change.",
        accept=".xlsx,.csv,.txt,.tsv", missing="Choose a file",
    )  # fmt: skip


def layout_from(sent: Mapping[str, str], fields: Iterable[Field]) -> Layout:
    """Read the mapping page: for each field a column, or what is the same for all rows."""
    columns, fixed = {}, {}
    for one in fields:
        column = plain(sent.get(f"{one.code}-column", ""))[:300]
        if column == FOR_ALL:
            fixed[one.code] = plain(sent.get(f"{one.code}-all", "")).strip()[:200]
        elif column:
            columns[one.code] = column
    filters = []
    for number in range(1, FILTERS + 1):
        name, text = plain(sent.get(f"filter-{number}-column", ""))[:300], plain(sent.get(f"filter-{number}-is", "")).strip()[:200]
        if name and text:
            filters.append((name, text))
    answer = sent.get("answer", "")
    return Layout(columns, fixed, answer if answer in ANSWERS else "", tuple(filters))


def number_from(sent: Mapping[str, str], name: str) -> int:
    """Return a small number from a form; -1 where there is none."""
    text = sent.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else -1


def agreed(sent: Mapping[str, str]) -> dict[str, Any]:
    """Read what a person agrees to: which check they saw, only the good rows or all, and removing only by its own tick."""
    return {"seen": sent.get("seen", "")[:64], "take_good": sent.get("do") == "take-good", "remove": sent.get("remove") == "yes"}
