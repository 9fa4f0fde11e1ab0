"""Guess how a table is laid out, and turn periods that run across into rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from espalier.imports.reading.book import Problem
    from espalier.imports.reading.dates import DateRead, Order
    from espalier.imports.reading.finding import FoundTable


class Shape(StrEnum):
    """LONG has a row for each unit and period; WIDE has its periods across the top; OTHER has no period we can see."""

    LONG = "long"
    WIDE = "wide"
    OTHER = "other"


class Role(StrEnum):
    """What a column is for."""

    UNIT_CODE = "unit-code"
    UNIT_NAME = "unit-name"
    PERIOD = "period"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    VALUE = "value"
    MEASURE = "measure"
    SPLIT = "split"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Guess:
    """What we think a column is for. `column` is its position in the table's columns; `why` is a code."""

    column: int
    role: Role
    sure: bool
    why: str


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """A column of a wide table that stands for a period."""

    column: int
    read: DateRead


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out: one guess a column, and for a wide table its columns of periods."""

    shape: Shape
    guesses: tuple[Guess, ...]
    periods: tuple[PeriodColumn, ...] = ()
    asks: tuple[str, ...] = ()  # headings of periods that could mean two days
    problems: tuple[Problem, ...] = ()

    def columns(self, role: Role) -> tuple[int, ...]:
        """Positions in the table's columns of all guessed to have this role."""
        return tuple(guess.column for guess in self.guesses if guess.role == role)


@dataclass(frozen=True, slots=True)
class LongRow:
    """One row of data as it is mapped: `row` is its row in the sheet; `columns[i]` is where `texts[i]` stands in the sheet.

    From a wide table one row of the sheet gives one of these for each period: the columns that name the row, then the period
    (its text is the heading, its place the heading's), then the value.
    """

    row: int
    columns: tuple[int, ...]
    texts: tuple[str, ...]
    kinds: bytes


@dataclass(frozen=True, slots=True)
class LongTable:
    """A table with a row for each thing counted, whatever shape it came in. `names` are the columns' names."""

    table: FoundTable
    names: tuple[str, ...]
    roles: tuple[Role, ...]
    _rows: tuple[LongRow, ...] | None = None

    def rows(self) -> Iterator[LongRow]:
        """All rows, made as they are asked for."""
        sheet = self.table.sheet
        places = tuple(column.at for column in self.table.columns)
        for row in self.table.rows:
            yield LongRow(row, places, tuple(sheet.text(row, at) for at in places), bytes(sheet.cell(row, at).kind for at in places))


def layout_of(table: FoundTable, *, order: Order | None = None) -> Layout:
    """Guess the layout of a table. `order` is a person's answer when headings of periods asked."""
    return Layout(Shape.LONG, tuple(Guess(i, Role.OTHER, sure=False, why="unknown") for i in range(len(table.columns))))


def long_table(table: FoundTable, layout: Layout) -> LongTable:
    """The table as rows to map: a long one as it stands, a wide one with its periods turned into rows (unpivot)."""
    roles = tuple(guess.role for guess in layout.guesses)
    return LongTable(table, tuple(column.name for column in table.columns), roles)
