"""A block copied from a spreadsheet: which period, which numbers, and what is wrong where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from espalier.measures.rules.entering import UnableToStoreFigure, checked_value, needs_denominator
from espalier.measures.rules.periods_read import HOW, reader_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from espalier.common.periods import Grain

LONGEST, WIDEST = 600, 40  # rows and cells of a block; more is a file, not a paste


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row that can be stored."""

    row: int
    month: date
    numerator: float
    denominator: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class PastedProblem:
    """One cell that cannot; row counts from 1 as in the pasted block."""

    row: int
    cell: str
    what: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted block says."""

    rows: tuple[PastedRow, ...]
    problems: tuple[PastedProblem, ...]


def number_of(text: str) -> float:
    """Read a number as spreadsheets show it.

    >>> number_of("1,234"), number_of(" 12.5 "), number_of("86%")
    (1234.0, 12.5, 86.0)
    """
    plain = text.strip().removesuffix("%").replace(",", "").replace("\u00a0", "").replace(" ", "")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,9})?", plain):
        raise ValueError("is not a number")
    return float(plain)


def read_block(text: str, definition: Mapping[str, Any]) -> Pasted:
    """Read a pasted block: a period and one or two numbers a row; a first row of headings is left out."""
    two = needs_denominator(definition)
    frequency: Grain = definition.get("frequency", "month")
    rows: list[PastedRow] = []
    problems: list[PastedProblem] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[: LONGEST + 1]
    cut = [_cells(line, wanted=3 if two else 2) for line in lines]
    read = reader_for(frequency, [cells[0] for cells in cut])
    for number, cells in enumerate(cut, 1):
        if not any(cells) or (not rows and not problems and _is_heading(cells, read)):
            continue
        try:
            rows.append(_row(number, cells, definition, read, two=two))
        except _Wrong as wrong:
            problems.append(wrong.problem)
    if len(lines) > LONGEST:
        problems.append(PastedProblem(LONGEST + 1, "", f"There are more than {LONGEST} rows.", "Load a file instead."))
    return Pasted(tuple(rows), (*problems, *_twice(rows, frequency)))


class _Wrong(Exception):  # noqa: N818  never leaves this file
    def __init__(self, row: int, cell: str, what: str, to_do: str) -> None:
        self.problem = PastedProblem(row, cell[:40], what, to_do)
        super().__init__(what)


def _cells(line: str, wanted: int) -> list[str]:
    """Cut a line into cells. Between commas, "1,700" is one number unless that leaves too few cells."""
    mark = "\t" if "\t" in line else ";" if ";" in line else ","
    parts = line.split(mark)
    if mark == "," and len(parts) > wanted:
        parts = re.split(r",(?!\d{3}(?:\D|$))", line)
    return [part.strip().strip('"') for part in parts[:WIDEST]]


def _is_heading(cells: list[str], read: Callable[[str], date]) -> bool:
    """A first row in which nothing is a number and the first cell is no month is a row of headings."""
    return not any(_reads(number_of, cell) for cell in cells[1:]) and not _reads(read, cells[0])


def _reads(read: Any, cell: str) -> bool:
    try:
        read(cell)
    except ValueError:
        return False
    return True


def _row(number: int, cells: list[str], definition: Mapping[str, Any], read: Callable[[str], date], *, two: bool) -> PastedRow:
    when = definition.get("frequency", "month")
    try:
        month = read(cells[0])
    except ValueError as error:
        raise _Wrong(number, cells[0], f'"{cells[0][:40]}" {error}.', HOW[when]) from None
    wanted = 2 if two else 1
    if len(cells) < wanted + 1 or not all(cells[1 : wanted + 1]):
        raise _Wrong(number, cells[0], "A number is missing.", f"Each row needs a {when} and {'two numbers' if two else 'a number'}.")
    numbers = []
    for cell in cells[1 : wanted + 1]:
        try:
            numbers.append(number_of(cell))
        except ValueError as error:
            raise _Wrong(number, cell, f'"{cell[:40]}" {error}.', "Write digits only, such as 12 or 12.5.") from None
    try:
        value = checked_value(definition, numbers[0], numbers[1] if two else None)
    except UnableToStoreFigure as problem:
        raise _Wrong(number, " ".join(cells[1 : wanted + 1]), problem.what, problem.to_do) from None
    return PastedRow(number, month, numbers[0], numbers[1] if two else None, value)


def _twice(rows: list[PastedRow], frequency: Grain) -> tuple[PastedProblem, ...]:
    seen: dict[date, int] = {}
    problems = []
    for row in rows:
        if row.month in seen:
            when = f"{row.month:%B %Y}" if frequency == "month" else f"{row.month.day} {row.month:%B %Y}"
            what = f"{when} stands in row {seen[row.month]} too."
            problems.append(PastedProblem(row.row, "", what, "Keep one of them."))
        seen.setdefault(row.month, row.row)
    return tuple(problems)
