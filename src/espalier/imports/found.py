"""What stands in a file, told so that a page can show it without opening the file again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from espalier.imports.reading import LongTable, Order, Role, Shape, UnableToReadFile, layout_of, long_table, open_file, tables_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from espalier.imports.reading import FoundTable, Layout

ACROSS, CELLS = "::across", "::cells"  # the headings of periods, and the cells below them
PROBLEM = "Problem"  # the column we add to a file that goes back; on its return it says nothing
SAMPLES, WIDEST = 4, 60


def tables_of(path: Path, name: str) -> tuple[FoundTable, ...]:
    """Open a file and find every table in it, those of sheets not shown last."""
    book = open_file(path, name=name)
    found = [table for sheet in sorted(book.sheets, key=lambda sheet: sheet.hidden) for table in tables_in(sheet)]
    if not found:
        raise UnableToReadFile("There is no table in this file.", where=name, to_do="Check that it has a row of headings with rows below.")
    return tuple(found)


def described(table: FoundTable) -> dict[str, Any]:
    """Tell one table: headings, the first rows, and what we think each column is."""
    layout = layout_of(table)
    names, roles = names_of(table, layout)
    samples = list(zip(*(row for row in table.first(SAMPLES)), strict=False)) if table.rows else []
    shown = {column.name: [text[:WIDEST] for text in texts] for column, texts in zip(table.columns, samples, strict=False)}
    periods = [table.columns[one.column].name for one in layout.periods]
    return {
        "sheet": table.sheet.name, "title": table.title[:200], "header": [row + 1 for row in table.header], "rows": len(table.rows),
        "names": names, "roles": roles, "samples": {name: shown.get(name, []) for name in names}, "shape": layout.shape.value,
        "periods": len(periods), "first": periods[0] if periods else "", "last": periods[-1] if periods else "",
        "lines": len(table.rows) * max(1, len(periods)), "asks": list(layout.asks[:3]), "headings": mark_of(names),
        "left_out": _counted(one.code for one in table.left_out), "not_shown": table.sheet.hidden,
    }  # fmt: skip


def _counted(codes: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for code in codes:
        counts[code] = counts.get(code, 0) + 1
    return counts


def names_of(table: FoundTable, layout: Layout) -> tuple[list[str], dict[str, list[str]]]:
    """Return the columns a person can choose from, and by role those we think they are."""
    across = {one.column for one in layout.periods} if layout.shape is Shape.WIDE else set()
    names = [column.name for at, column in enumerate(table.columns) if at not in across and column.name != PROBLEM]
    roles: dict[str, list[str]] = {}
    for guess in layout.guesses:
        name = table.columns[guess.column].name
        if guess.column not in across and name in names:
            roles.setdefault(guess.role.value, []).append(name)
    if across:
        names += [ACROSS, CELLS]
        roles |= {Role.PERIOD.value: [ACROSS], Role.VALUE.value: [CELLS]}
    return names, roles


def mark_of(names: Iterable[str]) -> str:
    """Name a set of headings, so that next month's file with the same ones is known again."""
    return hashlib.sha256("\0".join(" ".join(name.casefold().split()) for name in names).encode()).hexdigest()


def as_rows(table: FoundTable, *, order: Order | None, across: bool) -> LongTable:
    """Return the table with one row for each record, whatever way its periods run."""
    layout = layout_of(table, order=order)
    if not across and layout.shape is Shape.WIDE:
        layout = replace(layout, shape=Shape.LONG, periods=())
    return long_table(table, layout)


def places_of(long: LongTable, *, across: bool) -> dict[str, int]:
    """Return where each name a person can choose stands among a row's texts."""
    places = {name: at for at, name in reversed(list(enumerate(long.names)))}
    if across:
        at = {role: place for place, role in enumerate(long.roles)}
        places[ACROSS], places[CELLS] = at.get(Role.PERIOD, -1), at.get(Role.VALUE, -1)
    return places
