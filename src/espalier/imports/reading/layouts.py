"""Guess how a table is laid out, and turn periods that run across into rows.

A guess only fills in the mapping page: the person sees it and says yes. What cannot be told is OTHER, never a coin toss.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from espalier.imports.reading.columnkinds import Look, Role, look_at, roles_of
from espalier.imports.reading.dates import dates_of
from espalier.imports.reading.meanings import looks_like_period
from espalier.imports.reading.periodwords import Grain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from espalier.imports.reading.columnkinds import Guess
    from espalier.imports.reading.dates import DateReading
    from espalier.imports.reading.finding import FoundTable
    from espalier.imports.reading.periodwords import DateRead, Order


class Shape(StrEnum):
    """LONG has a column of periods; WIDE has its periods across the top; OTHER has no period we can see.

    ACROSS has something else in its headings: units beside a column of periods (Month | England | London …), or the groups of
    a split beside a column of units (Trust | Doctors | Nurses …). OTHER tells us nothing to turn.
    """

    LONG = "long"
    WIDE = "wide"
    ACROSS = "across"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """A column of a wide table that stands for a period. `heading` is the period as written; `part` is what else its heading says."""

    column: int
    heading: str
    part: str
    read: DateRead


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out: one guess a column; for a wide table its columns of periods, for ACROSS those to turn into rows.

    `reading` tells how the periods read, with its question when they could mean two things. `many` are the columns whose
    headings become a column of their own, with role `across`. `titled` is a period named above a table that has none in it
    ("as at 30 September 2016"): offered, never taken by itself.
    """

    shape: Shape
    guesses: tuple[Guess, ...]
    reading: DateReading | None = None
    periods: tuple[PeriodColumn, ...] = ()
    many: tuple[int, ...] = ()
    across: Role = Role.OTHER
    titled: PeriodColumn | None = None

    def columns(self, role: Role) -> tuple[int, ...]:
        """Positions in the table's columns of all guessed to have this role."""
        return tuple(guess.column for guess in self.guesses if guess.role == role)

    @property
    def asks(self) -> bool:
        """Whether the periods can be read two ways, so that a person must answer."""
        return self.reading is not None and self.reading.asks


@dataclass(frozen=True, slots=True)
class LongRow:
    """One row of data as it is mapped: `row` is its row in the sheet; `columns[i]` is where `texts[i]` stands in the sheet.

    From a wide table one row of the sheet gives one of these for each period: the columns that name the row, then the period
    (its text is the heading, its place the heading's column), then the value.
    """

    row: int
    columns: tuple[int, ...]
    texts: tuple[str, ...]
    kinds: bytes


@dataclass(frozen=True, slots=True)
class LongTable:
    """A table with a row for each thing counted, whatever shape it came in. `names` are the columns' names, `roles` our guesses."""

    table: FoundTable
    layout: Layout
    names: tuple[str, ...]
    roles: tuple[Role, ...]
    kept: tuple[int, ...]  # positions in the table's columns that stand in every row
    turned: tuple[tuple[int, tuple[str, ...]], ...] = ()  # column of values → what its heading says (period, part)

    def __len__(self) -> int:
        """How many rows there will be."""
        return len(self.table.rows) * (len(self.turned) or 1)

    def rows(self) -> Iterator[LongRow]:
        """All rows, made as they are asked for."""
        kept = [self.table.cells(column) for column in self.kept]
        places = tuple(self.table.columns[column].at for column in self.kept)
        texts = list(zip(*(cells.texts for cells in kept), strict=True)) if kept else [()] * len(self.table.rows)
        kinds = [bytes(row) for row in zip(*(cells.kinds for cells in kept), strict=True)] if kept else [b""] * len(self.table.rows)
        if not self.turned:
            for row, its_texts, its_kinds in zip(self.table.rows, texts, kinds, strict=True):
                yield LongRow(row, places, its_texts, its_kinds)
            return
        values = [(self.table.columns[column].at, said, self.table.cells(column)) for column, said in self.turned]
        for i, row in enumerate(self.table.rows):
            for at, said, cells in values:
                yield LongRow(
                    row, (*places, *[at] * len(said), at), (*texts[i], *said, cells.texts[i]),
                    kinds[i] + b"\x01" * len(said) + cells.kinds[i : i + 1],
                )  # fmt: skip


def layout_of(table: FoundTable, *, order: Order | None = None, slash: Grain | None = None, quarters_from: int | None = None) -> Layout:
    """Guess the layout of a table. The keywords are a person's answers when its periods asked (see dates_of)."""
    answers = {"order": order, "slash": slash, "quarters_from": quarters_from}
    periods = _periods_across(table)
    looks = [look_at(table, i) for i in range(len(table.columns)) if i not in periods]
    if len(periods) >= 2:
        reading = dates_of([heading for heading, _ in periods.values()], **answers)  # type: ignore[arg-type]
        found = tuple(PeriodColumn(i, heading, part, reading.read[heading]) for i, (heading, part) in periods.items())
        return Layout(Shape.WIDE, roles_of(looks, list(periods)), reading, found)
    guesses = roles_of(looks, [])
    down = [guess.column for guess in guesses if guess.role is Role.PERIOD]
    down_reading = dates_of(table.cells(down[0]).texts, **answers) if down else None  # type: ignore[arg-type]
    titled = None if down else period_in_title(table)
    units = any(guess.role in {Role.UNIT_CODE, Role.UNIT_NAME} and (guess.sure or not down) for guess in guesses)
    many = _many_across(looks, guesses)
    if many and (down or units):
        return Layout(Shape.ACROSS, guesses, down_reading, (), many, Role.SPLIT if units else Role.UNIT_NAME, titled)
    return Layout(Shape.LONG if down else Shape.OTHER, guesses, down_reading, titled=titled)


def period_in_title(table: FoundTable) -> PeriodColumn | None:
    """A period named in the words above a table, or in the sheet's name. `column` is -1: it stands in no column."""
    for text in (*(out.text for out in table.left_out if out.code == "title"), table.sheet.name):
        words = text.replace(",", " ").replace("(", " ").replace(")", " ").split()
        for length in (3, 2, 1):
            for start in range(len(words) - length + 1):
                some = " ".join(words[start : start + length])
                found = dates_of([some]) if look_period(some) else None
                if found and not found.asks and (read := found.read[some]).grain is not Grain.YEAR:
                    return PeriodColumn(-1, some, "", read)
    return None


def _periods_across(table: FoundTable) -> dict[int, tuple[str, str]]:
    """Columns whose heading names a period, with the period as written and the rest of the heading."""
    found: dict[int, tuple[str, str]] = {}
    for i, column in enumerate(table.columns):
        for at, text in enumerate(column.written):
            if look_period(text):
                rest = [other for place, other in enumerate(column.written) if place != at]
                found[i] = (text, " › ".join(rest))
                break
    return found


def look_period(text: str) -> bool:
    """Whether a heading is a period; one of plain words costs next to nothing."""
    return any(letter.isdigit() for letter in text) and looks_like_period(text)


def _many_across(looks: list[Look], guesses: tuple[Guess, ...]) -> tuple[int, ...]:
    """Columns of figures that stand side by side for different things: several, none of them named like a part of a rate."""
    roles = {guess.column: guess.role for guess in guesses}
    figures = tuple(look.column for look in looks if look.figures and roles[look.column] is Role.OTHER)
    named = any(role in {Role.NUMERATOR, Role.DENOMINATOR, Role.VALUE} for role in roles.values())
    return figures if len(figures) >= 3 and not named else ()


def long_table(table: FoundTable, layout: Layout) -> LongTable:
    """The table as rows to map: a long one as it stands, the others with what runs across turned into rows (unpivot)."""
    roles = {guess.column: guess.role for guess in layout.guesses}
    names = [column.name for column in table.columns]
    if layout.shape is Shape.WIDE:
        across = {period.column for period in layout.periods}
        parts = any(period.part for period in layout.periods)
        said = [(Role.PERIOD, "Period"), *([(Role.SPLIT, "Part")] if parts else [])]
        turned = tuple((p.column, (p.heading, p.part) if parts else (p.heading,)) for p in layout.periods)
    elif layout.shape is Shape.ACROSS:
        across = set(layout.many)
        said = [(layout.across, "Across")]
        turned = tuple((column, (names[column],)) for column in layout.many)
    else:
        across, said, turned = set(), [], ()
    kept = tuple(i for i in range(len(names)) if i not in across)
    last = [(Role.VALUE, "Value")] if turned else []
    new = [*said, *last]
    return LongTable(
        table, layout, (*(names[i] for i in kept), *(name for _, name in new)),
        (*(roles.get(i, Role.OTHER) for i in kept), *(role for role, _ in new)), kept, turned,
    )  # fmt: skip
