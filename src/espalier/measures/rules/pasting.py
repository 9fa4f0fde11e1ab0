"""A block copied from a spreadsheet: which period, which numbers, and what is wrong where."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from espalier.common.commas import with_a_point, without_commas
from espalier.measures.rules.entering import UnableToStoreFigure, checked_value, needs_denominator, refuse_period
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
    """What a pasted block says; with neither rows nor problems nothing in it looks like a figure."""

    rows: tuple[PastedRow, ...]
    problems: tuple[PastedProblem, ...]


def _bare(text: str) -> str:
    return text.strip().removesuffix("%").replace("\u00a0", "").replace(" ", "")


def number_of(text: str) -> float:
    """Read a number as spreadsheets show it.

    >>> number_of("1,234"), number_of(" 12.5 "), number_of("86%")
    (1234.0, 12.5, 86.0)
    """
    plain = without_commas(_bare(text))
    if with_a_point(plain):
        raise ValueError("has a comma where a point is meant")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,9})?", plain):
        raise ValueError("is not a number")
    return float(plain)


def read_block(text: str, definition: Mapping[str, Any], *, today: date | None = None) -> Pasted:
    """Read a pasted block: a period and one or two numbers a row; a first row of headings is left out.

    With today given, periods that are not over are problems too. Rows of one period are all refused: which of them is
    right, nobody can know.
    """
    two = needs_denominator(definition)
    frequency: Grain = definition.get("frequency", "month")
    rows: list[PastedRow] = []
    problems: list[PastedProblem] = []
    lines = _lines(text)[: LONGEST + 1]
    cut = [_cells(line, wanted=3 if two else 2) for line in lines]
    read = reader_for(frequency, [cells[0] for cells in cut])
    filled = [(number, cells) for number, cells in enumerate(cut, 1) if any(cells)]
    if all(_is_heading(cells, read) for _, cells in filled):
        return Pasted((), ())
    for number, cells in filled[1:] if _is_heading(filled[0][1], read) else filled:
        try:
            rows.append(row := _row(number, cells, definition, read, two=two))
            _refuse_unfinished(row, today, frequency)
        except _Wrong as wrong:
            problems.append(wrong.problem)
    if len(lines) > LONGEST:
        problems.append(PastedProblem(LONGEST + 1, "", f"There are more than {LONGEST} rows.", "Load a file instead."))
    twice = _twice(rows, frequency)
    refused = {one.row for one in (*problems, *twice)}
    return Pasted(tuple(row for row in rows if row.row not in refused), tuple(sorted((*problems, *twice), key=lambda one: one.row)))


class _Wrong(Exception):  # noqa: N818  never leaves this file
    def __init__(self, row: int, cell: str, what: str, to_do: str) -> None:
        self.problem = PastedProblem(row, cell[:40], what, to_do)
        super().__init__(what)


def _lines(text: str) -> list[str]:
    """Cut a block into its lines; a table copied with its HTML tags has a line for each of its rows."""
    if "<tr" not in text.lower():
        return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = re.split(r"<tr\b", text, flags=re.IGNORECASE)[1:]
    cut = [re.split(r"<t[dh]\b[^<>]*>", row, flags=re.IGNORECASE)[1:] for row in rows]
    return ["\t".join(" ".join(unescape(re.sub(r"<[^<>]*>", " ", cell)).split()) for cell in cells) for cells in cut]


def _refuse_unfinished(row: PastedRow, today: date | None, frequency: Grain) -> None:
    if today is None:
        return
    try:
        refuse_period(row.month, today=today, frequency=frequency)
    except UnableToStoreFigure as problem:
        raise _Wrong(row.row, "", problem.what, problem.to_do) from None


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
            point = with_a_point(_bare(cell))
            to_do = f"Write {point}." if point else "Write digits only, such as 12 or 12.5."
            raise _Wrong(number, cell, f'"{cell[:40]}" {error}.', to_do) from None
    try:
        value = checked_value(definition, numbers[0], numbers[1] if two else None)
    except UnableToStoreFigure as problem:
        raise _Wrong(number, " ".join(cells[1 : wanted + 1]), problem.what, problem.to_do) from None
    return PastedRow(number, month, numbers[0], numbers[1] if two else None, value)


def _twice(rows: list[PastedRow], frequency: Grain) -> tuple[PastedProblem, ...]:
    """Name every row whose period another row has too."""
    places: dict[date, list[int]] = defaultdict(list)
    for row in rows:
        places[row.month].append(row.row)
    problems = []
    for month, numbers in places.items():
        when = f"{month:%B %Y}" if frequency == "month" else f"{month.day} {month:%B %Y}"
        for number in numbers if len(numbers) > 1 else ():
            others = [other for other in numbers if other != number]
            what = f"{when} stands in row {others[0]} too." if len(others) == 1 else f"{when} stands in {len(others)} other rows too."
            problems.append(PastedProblem(number, "", what, "Keep one of them."))
    return tuple(problems)
