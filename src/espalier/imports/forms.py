"""What people send on the pages of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from espalier.imports.mapping import FILTERS, Layout, plain
from espalier.imports.reading import Order
from espalier.ui.fields import FileField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from espalier.imports.kinds import Field

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
    order = sent.get("order", "")
    return Layout(columns, fixed, order if order in set(Order) else "", tuple(filters))


def number_from(sent: Mapping[str, str], name: str) -> int:
    """Return a small number from a form; -1 where there is none."""
    text = sent.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else -1
