"""Read A&E figures: the packed monthly file, and the wide CSV that NHS England publishes each month."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from espalier.imports.tables import plain_heading
from espalier.measures.rules.figures import Figure, Reading, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from espalier.imports.tables import FileProblem, Header, Table

LONG = {name: name for name in ("period", "org_code", "type", "attendances", "breaches", "admissions")}
WIDE = {"period": "Period", "org_code": "Org Code", "name": "Org name"}
TYPES = ("1", "2", "other")
COUNTS = ("attendances", "breaches", "admissions")
MONTHS = {
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
}
NO_FIGURES = "no rows hold figures"
FIRST = "Write the first of the month, such as 2019-03-01."
CODE = re.compile(r"[A-Z0-9]{3,10}(-[A-Z]{1,3})?")
PERIOD_WORDS = re.compile(r"(?:msitae-)?([a-z]+)[ -](\d{4})", re.IGNORECASE)
NUMBER = re.compile(r"\d{1,3}(,\d{3})+|\d{1,9}")

# Published headings changed over the years ("Number of A&E attendances …" until 2020). Booked appointments have columns
# of their own since August 2020; they count with their type, as everybody who came was counted together before.
_TYPE = r"(?P<type>type 1|type 2|other(?: a&e)? department)"
WIDE_COLUMNS = {
    "attendances": re.compile(rf"(?:number of )?a&e attendances (?P<booked>booked appointments )?{_TYPE}"),
    "breaches": re.compile(rf"(?:number of )?attendances over 4 ?hrs (?P<booked>booked appointments )?{_TYPE}"),
    "admissions": re.compile(rf"(?:number of )?emergency admissions via a&e - {_TYPE}"),
}


@dataclass(slots=True)
class _Sum:
    """Running sums of one provider and month: [attendances, breaches, admissions] of all types, and of type 1."""

    every: list[int]
    main: list[int]


@dataclass(frozen=True, slots=True)
class _Row:
    at: int
    code: str
    period: date
    kind: str
    counts: tuple[int, int, int]


def parse_ae(table: Table) -> Reading | None:
    """Turn an A&E file into figures of the four A&E measures; None when it is not an A&E file.

    All types are added together for "seen within four hours", so a place with a walk-in centre looks better than its
    main A&E alone: that is why type 1 is a measure of its own.
    """
    problems: list[FileProblem] = []
    names: dict[str, str] = {}
    if header := table.find_header(LONG):
        rows = _long_rows(table, header, problems)
    elif (header := table.find_header(WIDE)) and (columns := _wide_columns(table, header)):
        rows = _wide_rows(table, header, columns, problems, names)
    else:
        return None
    sums: dict[tuple[str, date], _Sum] = defaultdict(lambda: _Sum([0, 0, 0], [0, 0, 0]))
    seen: set[tuple[str, date, str]] = set()
    for row in rows:
        key = (row.code, row.period, row.kind)
        if key in seen:
            what = f"there is a second row for this provider and type in {row.period:%B %Y}"
            problems.append(table.problem(row.at, "provider", row.code, what, "Remove one of the two rows."))
        seen.add(key)
        entry = sums[row.code, row.period]
        for at, count in enumerate(row.counts):
            entry.every[at] += count
            if row.kind == "1":
                entry.main[at] += count
    if not sums and not problems:
        problems.append(table.problem(-1, "", "", NO_FIGURES, "Check that it is the right file."))
    return Reading(tuple(_figures(sums)), tuple(problems), names)


def _figures(sums: dict[tuple[str, date], _Sum]) -> Iterator[Figure]:
    for (code, period), entry in sorted(sums.items()):
        came, late, admitted = entry.every
        if not came:
            continue  # a provider listed without a single visit has no A&E
        yield _percent(code, "ae-4-hours", period, came - late, came)
        yield Figure(code, "ae-attendances", period, float(came), None, float(came))
        yield _percent(code, "ae-admissions-per-attendance", period, admitted, came)
        came, late, _ = entry.main
        if came:
            yield _percent(code, "ae-4-hours-type-1", period, came - late, came)


def _percent(code: str, measure: str, period: date, numerator: int, denominator: int) -> Figure:
    value = value_of("percent", numerator, denominator)
    return Figure(code, measure, period, float(numerator), float(denominator), value)


def _long_rows(table: Table, header: Header, problems: list[FileProblem]) -> Iterator[_Row]:
    at_ = header.columns
    width = max(at_.values()) + 1
    for at, row in enumerate(table.rows[header.row + 1 :], header.row + 1):
        if not any(row):
            continue
        if len(row) < width:
            what = f"the row has {len(row)} cells instead of {width}"
            problems.append(table.problem(at, "", "", what, "Complete the row."))
            continue
        before = len(problems)
        code = _code(table, at, row[at_["org_code"]], problems)
        period = _period(table, at, row[at_["period"]], problems)
        kind = row[at_["type"]].lower()
        if kind not in TYPES:
            what = "is not a type of department"
            problems.append(table.problem(at, "type", row[at_["type"]], what, 'Use 1, 2 or "other".'))
        came, late, stayed = (_count(table, at, name, row[at_[name]], problems) for name in COUNTS)
        counts = (came, late, stayed)
        if period and len(problems) == before and _adds_up(table, at, counts, problems):
            yield _Row(at, code, period, kind, counts)


def _wide_columns(table: Table, header: Header) -> dict[tuple[str, str], list[int]]:
    """Find which columns hold which count of which type; several are added (booked and not booked)."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    booked: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, cell in enumerate(table.rows[header.row]):
        for count, pattern in WIDE_COLUMNS.items():
            if match := pattern.fullmatch(plain_heading(cell)):
                kind = match["type"].removeprefix("type ")
                into = booked if match.groupdict().get("booked") else found
                into[count, kind if kind in TYPES else "other"].append(place)
    # A file with the booked column only is not whole: it must not pass for one.
    return {key: [*places, *booked[key]] for key, places in found.items()}


def _wide_rows(
    table: Table,
    header: Header,
    columns: dict[tuple[str, str], list[int]],
    problems: list[FileProblem],
    names: dict[str, str],
) -> Iterator[_Row]:
    missing = [f"{count}, type {kind}" for count in COUNTS for kind in TYPES if (count, kind) not in columns]
    if missing:
        what = f"columns are missing: {'; '.join(missing)}"
        problems.append(table.problem(header.row, "", "", what, "Use the monthly CSV file as NHS England publishes it."))
        return
    width = max(place for places in columns.values() for place in places) + 1
    for at, row in enumerate(table.rows[header.row + 1 :], header.row + 1):
        cells = (*row, *([""] * (width - len(row))))
        if not any(row) or "TOTAL" in {cell.upper() for cell in cells[:4]}:
            continue  # the published total of England would be counted as one more provider
        before = len(problems)
        if len(row) < width:  # read as blanks, the missing waits would count as none: 100 % within four hours
            what = f"the row ends after {len(row)} of {width} columns"
            problems.append(table.problem(at, "", "", what, "Download the file again: it seems to be cut off."))
        code = _code(table, at, cells[header.columns["org_code"]], problems)
        period = _period(table, at, cells[header.columns["period"]], problems)
        names[code] = cells[header.columns["name"]]
        for kind in TYPES:
            came, late, stayed = (_wide_count(table, header, at, cells, columns[count, kind], problems) for count in COUNTS)
            counts = (came, late, stayed)
            if period and len(problems) == before and _adds_up(table, at, counts, problems) and any(counts):
                yield _Row(at, code, period, kind, counts)


def _wide_count(
    table: Table,
    header: Header,
    at: int,
    cells: tuple[str, ...],
    places: list[int],
    problems: list[FileProblem],
) -> int:
    return sum(_count(table, at, table.rows[header.row][place], cells[place], problems) for place in places)


def _code(table: Table, at: int, text: str, problems: list[FileProblem]) -> str:
    code = text.upper()
    if not CODE.fullmatch(code):
        what = "is not an organisation code"
        problems.append(table.problem(at, "provider", text, what, "Use the code of the organisation, such as RJ1."))
    return code


def _period(table: Table, at: int, text: str, problems: list[FileProblem]) -> date | None:
    """Read "2019-03-01" or "MSitAE-MARCH-2019". Another day than the first is refused: it may be a daily figure."""
    if (match := PERIOD_WORDS.fullmatch(text)) and (month := MONTHS.get(match[1].lower())) and match[2] > "1900":
        return date(int(match[2]), month, 1)
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        problems.append(table.problem(at, "period", text, "is not a month", FIRST))
        return None
    if day.day != 1:
        problems.append(table.problem(at, "period", text, "is not the first of a month", FIRST))
        return None
    return day


def _count(table: Table, at: int, column: str, text: str, problems: list[FileProblem]) -> int:
    """Read a whole number; "21,289" is one, an empty cell or a dash is none."""
    if text in {"", "-"}:
        return 0
    if not NUMBER.fullmatch(text.removesuffix(".0")):
        what = "is not a whole number"
        problems.append(table.problem(at, column, text, what, "Write a number of 0 or more, without other signs."))
        return 0
    return int(text.removesuffix(".0").replace(",", ""))


def _adds_up(table: Table, at: int, counts: tuple[int, int, int], problems: list[FileProblem]) -> bool:
    came, late, _ = counts
    if late <= came:
        return True
    what = f"more people waited over four hours than came ({came})"
    problems.append(table.problem(at, "breaches", str(late), what, "Correct one of the two numbers."))
    return False
