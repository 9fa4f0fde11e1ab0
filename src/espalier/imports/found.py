"""What stands in a file, told so that a page can show it without opening the file again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from espalier.imports.reading import Role, Shape, UnableToReadFile, layout_of, long_table, open_file, tables_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from espalier.imports.reading import FoundTable, Layout, LongTable
    from espalier.imports.reading.dates import Answers, DateReading

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
    across = [table.columns[at].name for at in _turned(layout)]
    return {
        "sheet": table.sheet.name, "title": table.title[:200], "rows": len(table.rows), "lines": len(table.rows) * max(1, len(across)),
        "names": names, "roles": roles, "samples": {name: shown.get(name, []) for name in names}, "shape": layout.shape.value,
        "across": len(across), "across_role": _across_role(layout),
        "first": across[0] if across else "", "last": across[-1] if across else "",
        "question": question_of(layout.reading), "titled": layout.titled.heading if layout.titled else "",
        "headings": mark_of(names), "left_out": len(table.left_out), "not_shown": table.sheet.hidden,
    }  # fmt: skip


def question_of(reading: DateReading | None) -> dict[str, Any]:
    """Return what dates that could mean two things ask, with examples; nothing where they ask nothing."""
    return {"about": reading.question.value, "like": list(reading.open[:3])} if reading is not None and reading.asks else {}


def _turned(layout: Layout) -> tuple[int, ...]:
    return tuple(one.column for one in layout.periods) if layout.shape is Shape.WIDE else layout.many


def _across_role(layout: Layout) -> str:
    return (Role.PERIOD if layout.shape is Shape.WIDE else layout.across).value if _turned(layout) else ""


def names_of(table: FoundTable, layout: Layout) -> tuple[list[str], dict[str, list[str]]]:
    """Return the columns a person can choose from, and by role those we think they are.

    Months across the top are one choice, not a hundred. Other things that run across (places, groups of staff) can be
    chosen together or one by one.
    """
    across = {one.column for one in layout.periods} if layout.shape is Shape.WIDE else set()
    names = [column.name for at, column in enumerate(table.columns) if at not in across and column.name != PROBLEM]
    roles: dict[str, list[str]] = {}
    for guess in layout.guesses:
        name = table.columns[guess.column].name
        if guess.column not in across and name in names:
            roles.setdefault(guess.role.value, []).append(name)
    if _turned(layout):
        names += [*(["Part"] if any(one.part for one in layout.periods) else []), ACROSS, CELLS]
    return names, roles


def mark_of(names: Iterable[str]) -> str:
    """Name a set of headings, so that next month's file with the same ones is known again."""
    return hashlib.sha256("\0".join(" ".join(name.casefold().split()) for name in names).encode()).hexdigest()


def as_rows(table: FoundTable, *, answers: Answers, across: bool) -> LongTable:
    """Return the table with one row for each record, whatever runs across its top."""
    layout = layout_of(table, order=answers.order, slash=answers.slash, quarters_from=answers.quarters_from)
    return long_table(table, layout if across else replace(layout, shape=Shape.LONG))


def places_of(long: LongTable) -> dict[str, int]:
    """Return where each name a person can choose stands among a row's texts."""
    places = {name: at for at, name in reversed(list(enumerate(long.names)))}
    if long.turned:
        places |= {ACROSS: len(long.kept), CELLS: len(long.names) - 1}
    return places
