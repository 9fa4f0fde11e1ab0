"""Read staff sickness rates from the workbook that NHS England publishes each month."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from espalier.measures.rules.ae import MONTHS
from espalier.measures.rules.figures import Figure, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from espalier.imports.tables import FileProblem, Header, Table

MEASURE = "staff-sickness-absence"
TABLE_4 = {
    "region": "NHSE code",
    "system": "ICS code",
    "system_name": "ICS name",
    "name": "Organisation name",
    "code": "Org code",
}
TABLE_1 = {"england": "England", "london": "London", "midlands": "Midlands"}
ENGLAND = "ENG"
TOGETHER = "All organisations"
NONE = {"", "."}
MONTH = re.compile(r"([A-Za-z]+)\s+(\d{4})")
RATE = re.compile(r"\d{1,3}(\.\d+)?")


def parse_sickness(tables: Sequence[Table]) -> Reading | None:
    """Turn Tables 1 and 4 into rates; None when no sheet looks like Table 4.

    Published rows of regions and systems are figures of their own and never sums of ours: the file has no counts.
    England comes from Table 1, for the months of Table 4 only, so that all lines on one page begin together.
    A board shares its code with its system; here the board is CODE-ICB.
    """
    found = next(((t, h) for t in tables if (h := t.find_header(TABLE_4))), None)
    if found is None:
        return None
    table, header = found
    problems: list[FileProblem] = []
    months = _months(table, header, problems)
    figures = list(_organisations(table, header, months, problems))
    wanted = set(months.values())
    for other in tables:
        # Tables 1 and 3 both have a column England; only Table 1 has the regions beside it.
        if top := other.find_header(TABLE_1):
            figures += _england(other, top, wanted, problems)
    _refuse_twice(table, figures, problems)
    names = {unit_code(row, header): row[header.columns["name"]] for _, row in body(table, header)}
    if not figures and not problems:
        problems.append(table.problem(header.row, "", "", "no row holds a figure", "Check that it is the right sheet."))
    return Reading(tuple(figures), tuple(problems), names)


def body(table: Table, header: Header) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows of the sheet between its heading and its notes, with their positions."""
    for at, row in enumerate(table.rows[header.row + 1 :], header.row + 1):
        filled = sum(1 for cell in row[: len(header.columns)] if cell)
        if filled > 1:
            yield at, row
        elif filled:
            return  # a single filled cell begins the notes; empty rows stand between regions


def unit_code(row: tuple[str, ...], header: Header) -> str:
    """Code of the unit a row is about: for "All organisations" the region or system, for a board CODE-ICB."""
    code, system = row[header.columns["code"]], row[header.columns["system"]]
    is_board = code == system and row[header.columns["name"]] != TOGETHER
    return f"{code}-ICB" if is_board else code


def _months(table: Table, header: Header, problems: list[FileProblem]) -> dict[int, date]:
    months: dict[int, date] = {}
    for place, cell in enumerate(table.rows[header.row]):
        if place <= max(header.columns.values()) or not cell:
            continue
        month = _month(cell)
        if month is None or month in months.values():
            what = "is not a month" if month is None else "stands in two columns"
            column = f"column {place + 1}"
            problems.append(table.problem(header.row, column, cell, what, "Write it as April 2013, once."))
            continue
        months[place] = month
    if not months:
        problems.append(table.problem(header.row, "", "", "no column is a month", "Use Table 4 as it is published."))
    return months


def _month(text: str) -> date | None:
    match = MONTH.fullmatch(text)
    month = MONTHS.get(match[1].lower()) if match else None
    return date(int(match[2]), month, 1) if match and month and match[2] > "1900" else None


def _organisations(
    table: Table,
    header: Header,
    months: dict[int, date],
    problems: list[FileProblem],
) -> Iterator[Figure]:
    for at, row in body(table, header):
        code = unit_code(row, header)
        if not row[header.columns["code"]]:
            problems.append(table.problem(at, "Org code", "", "the code is missing", "Write the organisation's code."))
            continue
        for place, month in months.items():
            text = row[place] if place < len(row) else ""
            if text not in NONE and (rate := _rate(table, at, month, text, problems)) is not None:
                yield Figure(code, MEASURE, month, None, None, rate)


def _england(table: Table, header: Header, wanted: set[date], problems: list[FileProblem]) -> Iterator[Figure]:
    for at, row in enumerate(table.rows[header.row + 1 :], header.row + 1):
        month, text = (_month(row[0]), row[header.columns["england"]]) if len(row) > 1 else (None, "")
        if month is None or month not in wanted or text in NONE:
            continue
        if (rate := _rate(table, at, month, text, problems)) is not None:
            yield Figure(ENGLAND, MEASURE, month, None, None, rate)


def _rate(table: Table, at: int, month: date, text: str, problems: list[FileProblem]) -> float | None:
    if RATE.fullmatch(text) and (rate := float(text)) <= 100:
        return rate
    what = "is not a percentage from 0 to 100"
    problems.append(table.problem(at, f"{month:%B %Y}", text, what, 'Write a number, or "." where there is none.'))
    return None


def _refuse_twice(table: Table, figures: list[Figure], problems: list[FileProblem]) -> None:
    """An organisation that moved has two rows, each for its own months; two figures for one month contradict."""
    seen: set[tuple[str, date]] = set()
    for figure in figures:
        key = (figure.unit, figure.period_on)
        if key in seen:
            what = f"has two figures for {figure.period_on:%B %Y}"
            problems.append(table.problem(-1, "Org code", figure.unit, what, "Keep one of them."))
        seen.add(key)
