"""Find the tables on a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.imports.reading.book import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from espalier.imports.reading.book import Cells, Problem, Sheet


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: `at` is its position in the sheet from 0, `name` is unique in the table, `written` as it stands there.

    Headings over several rows are joined ("EU › All staff"); a column without a heading is called by its letter.
    """

    at: int
    name: str
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row inside or below a table that is not data, with the code of the reason: totals, blank, note, heading-again."""

    row: int
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table somebody may mean: its heading rows, columns and rows of data (positions in the sheet, from 0)."""

    sheet: Sheet
    title: str
    header: tuple[int, ...]
    columns: tuple[Column, ...]
    rows: Sequence[int]
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()

    def cells(self, column: int) -> Cells:
        """Cells of the column at this position in `columns`, for every row of data."""
        return self.sheet.column(self.columns[column].at, self.rows)

    def first(self, how_many: int) -> Iterator[tuple[str, ...]]:
        """Texts of the first rows, for showing."""
        for row in self.rows[:how_many]:
            yield tuple(self.sheet.text(row, column.at) for column in self.columns)


def tables_in(sheet: Sheet) -> tuple[FoundTable, ...]:
    """Find the tables of one sheet, most likely first."""
    for row in range(sheet.height):
        texts, kinds = sheet.texts(row), sheet.kinds_of(row)
        if sum(map(bool, texts)) >= min(2, sheet.width) and set(kinds) <= {Kind.EMPTY, Kind.TEXT}:
            columns = tuple(Column(at, text or f"Column {at + 1}", (text,)) for at, text in enumerate(texts))
            rows = tuple(r for r in range(row + 1, sheet.height) if sheet.length(r))
            return (FoundTable(sheet, "", (row,), columns, rows),)
    return ()
