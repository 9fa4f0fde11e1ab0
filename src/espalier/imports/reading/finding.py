"""Find the tables on a sheet: where the headings are, which rows are data and which are not, and why.

Published sheets begin with titles, join cells, run headings over two rows, and end in totals and notes. Nothing is dropped
silently: every row that holds something and is not data stands in `left_out` with a code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from espalier.imports.reading import rowkinds
from espalier.imports.reading.book import Cells, Kind, Level, Problem, column_letters
from espalier.imports.reading.headings import Column, headings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from espalier.imports.reading.book import Sheet

MOST_TABLES = 50
# "Total" in more rows than these is a category of a split, not a row at the foot.
MOST_TOTALS_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that holds something but is not data; the codes: title, totals, note, section, heading-again."""

    row: int
    code: str
    text: str


WHY = {
    "title": "stands above the headings",
    "totals": "adds up or averages the rows above",
    "note": "is a note below the table",
    "section": "is a heading inside the table",
    "heading-again": "repeats the headings",
}


@dataclass(frozen=True)
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
        """Cells of the column at this position in `columns`, for every row of data; merged cells hold their text in each row."""
        at = self.columns[column].at
        found = self.sheet.column(at, self.rows)
        if not self._merged.get(at):
            return found
        texts, kinds = list(found.texts), bytearray(found.kinds)
        for i, row in enumerate(self.rows):
            if not texts[i] and (top := self._merged[at].get(row)) is not None:
                cell = self.sheet.cell(top, at)
                texts[i], kinds[i] = cell.text, cell.kind
        return Cells(tuple(texts), bytes(kinds))

    def first(self, how_many: int) -> Iterator[tuple[str, ...]]:
        """Texts of the first rows, for showing."""
        few = replace(self, rows=self.rows[:how_many])
        yield from zip(*(few.cells(i).texts for i in range(len(self.columns))), strict=True)

    def taking(self, rows: Sequence[int]) -> FoundTable:
        """The same table with rows that were left out taken in after all, because a person said so."""
        wanted = set(rows)
        kept = tuple(out for out in self.left_out if out.row not in wanted)
        return replace(self, rows=tuple(sorted({*self.rows, *wanted})), left_out=kept)

    @cached_property
    def _merged(self) -> dict[int, dict[int, int]]:
        """Column → row → top row of the merged block that covers it."""
        if not self.sheet.merged or not self.rows:
            return {}
        first, last = self.rows[0], self.rows[-1]
        found: dict[int, dict[int, int]] = {}
        for merge in self.sheet.merged:
            if merge.bottom > merge.top >= first:
                covered = found.setdefault(merge.left, {})
                covered.update(dict.fromkeys(range(merge.top + 1, min(merge.bottom, last) + 1), merge.top))
        return found


def tables_in(sheet: Sheet) -> tuple[FoundTable, ...]:
    """Find the tables of one sheet, from the top down; () for a sheet that holds only words."""
    tables: list[FoundTable] = []
    start = 0
    while start < sheet.height and len(tables) < MOST_TABLES:
        place = rowkinds.find_heading(sheet, start)
        if place is None:
            break
        end = rowkinds.find_next(sheet, place)
        tables.extend(_tables_between(sheet, place, start, end))
        start = end
    return tuple(tables)


def _tables_between(sheet: Sheet, place: rowkinds.Place, start: int, end: int) -> list[FoundTable]:
    above = rowkinds.filled_rows(sheet, start, place.top)
    title = next(filter(None, sheet.texts(above[0]))) if above else ""
    rows, out = _sort_rows(sheet, place, end)
    left_out = [*(_out(sheet, row, "title") for row in above), *out]
    tables = []
    for left, right in rowkinds.side_by_side(sheet, place, rows):
        columns = headings_of(sheet, place.header, rows, left, right)
        mine = rows if (left, right) == (0, sheet.width) else [row for row in rows if any(sheet.text(row, c.at) for c in columns)]
        if columns:
            tables.append(
                FoundTable(sheet, title[:200], place.header, columns, mine, tuple(left_out), _problems(sheet, place, columns, mine))
            )
    return tables


def _sort_rows(sheet: Sheet, place: rowkinds.Place, end: int) -> tuple[list[int], list[LeftOut]]:
    """Rows of data, and the rows below the headings that are none."""
    heading = sheet.texts(place.header[-1]) if place.header else ()
    few = max(1, min(2, place.width - 1))
    rows: list[int] = []
    thin: list[int] = []  # rows with so little in them that they may be notes or sections
    out: list[LeftOut] = []
    for row in range(place.below, end):
        filled = rowkinds.filled(sheet, row)
        if not filled:
            continue
        if filled < few or (filled == 1 and place.width > 1):
            thin.append(row)
        elif heading and sheet.text(row, 0) == heading[0] and sheet.texts(row) == heading:
            out.append(_out(sheet, row, "heading-again"))
        else:
            rows.append(row)
    rows, notes = _notes_at_foot(sheet, rows)
    last = rows[-1] if rows else -1
    out += [_out(sheet, row, "section" if row < last else "note") for row in (*thin, *notes)]
    rows, totals = _totals(sheet, rows)
    out += [_out(sheet, row, "totals") for row in totals]
    return rows, sorted(out, key=lambda one: one.row)


def _notes_at_foot(sheet: Sheet, rows: list[int]) -> tuple[list[int], list[int]]:
    """Take long sentences at the foot off the data: a note may spill over two cells."""
    keep = len(rows)
    while keep > 1 and rowkinds.is_note(sheet, rows[keep - 1]):
        keep -= 1
    return rows[:keep], rows[keep:]


def _totals(sheet: Sheet, rows: list[int]) -> tuple[list[int], list[int]]:
    totals = [row for row in rows if rowkinds.is_total(sheet, row)]
    if not totals or len(totals) > max(3, MOST_TOTALS_SHARE * len(rows)) or len(totals) == len(rows):
        return rows, []
    out = set(totals)
    return [row for row in rows if row not in out], totals


def _out(sheet: Sheet, row: int, code: str) -> LeftOut:
    return LeftOut(row, code, " ".join(text[:200] for text in sheet.texts(row)[:20] if text)[:200])


def _problems(sheet: Sheet, place: rowkinds.Place, columns: tuple[Column, ...], rows: list[int]) -> tuple[Problem, ...]:
    found = []
    if not place.header:
        what = "The table has no headings"
        found.append(
            Problem("no-headings", Level.ASK, what, "Say what each column is, or put a row of headings on top.", sheet.name, place.data)
        )
    hidden = sheet.hidden_rows.intersection(rows) if sheet.hidden_rows else frozenset()
    if hidden:
        what = f"{len(hidden):,} of the rows are hidden in the file, as by a filter, and are read all the same"
        found.append(Problem("hidden-rows", Level.NOTE, what, "Check that they are meant.", sheet.name, min(hidden)))
    if sheet.hidden:
        found.append(Problem("hidden-sheet", Level.NOTE, "The sheet is hidden in the file", "Check that it is meant.", sheet.name))
    for column in columns:
        if column.at in sheet.hidden_columns:
            found.append(Problem("hidden-column", Level.NOTE, f"Column {column.name} is hidden in the file", "", sheet.name, -1, column.at))
        if column.code == "no-heading" and place.header:
            what = f"Column {column_letters(column.at)} has no heading"
            found.append(Problem("no-heading", Level.NOTE, what, "Say what it is when you match the columns.", sheet.name, -1, column.at))
        if column.code == "same-heading":
            what = f"The heading “{column.name.rpartition(' (')[0]}” stands more than once"
            found.append(Problem("same-heading", Level.NOTE, what, "Choose the right one by its number.", sheet.name, -1, column.at))
    if not rows:
        found.append(
            Problem("no-rows", Level.WRONG, "There are headings and no rows below", "Check that the file is complete.", sheet.name)
        )
    return tuple(found)


def kind_counts(cells: Cells) -> dict[Kind, int]:
    """How many cells of each kind, blanks included."""
    return {kind: cells.kinds.count(kind) for kind in Kind}
