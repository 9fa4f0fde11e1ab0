"""Read the published files that say which units there are and which is part of which."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

from espalier.common.errors import UnableTo
from espalier.organisations.rules.facts import ENGLAND, WALES, PlacesReading, Sighting, Succession, UnitFact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from espalier.imports.tables import FileProblem, Header, Table

ODS = {"code": 0, "name": 1, "region": 2, "system": 3, "opened": 10, "closed": 11}
ODS_WIDTH = 27
ODS_PACKED = {name: name for name in ("code", "name", "region", "system", "opened", "closed")}
ORGANISATIONS = {
    "code": "Code",
    "name": "Name",
    "opened": "Start",
    "closed": "Close",
    "sector": "Sector",
    "system": "STP20CDH",
    "trust_system": "STPCDH",
    "region": "NHSER20CDH",
    "region_name": "NHSER20NM",
    "successor": "Successor.Code",
}
PRACTICES = {
    "code": "PRACTICE_CODE",
    "name": "PRACTICE_NAME",
    "network": "PCN_CODE",
    "network_name": "PCN_NAME",
    "group": "CCG_CODE",
    "group_name": "CCG_NAME",
    "system": "STP_CODE",
    "system_name": "STP_NAME",
    "region": "COMM_REGION_CODE",
    "region_name": "COMM_REGION_NAME",
}
TABLE_4 = {
    "region": "NHSE code",
    "region_name": "NHSE Region name",
    "system": "ICS code",
    "system_name": "ICS name",
    "name": "Organisation name",
    "code": "Org code",
}
TOGETHER = "All organisations"
NATIONAL_GROUP = "QZZ"
NO_NETWORK = "U"
WELSH = {"W00", "Q99"}
CODE = re.compile(r"[A-Z0-9]{3,10}(-[A-Z]{1,3})?")
REGION = re.compile(r"Y\d\d")
SYSTEM = re.compile(r"Q[A-Z0-9]{2}")
SECTORS = {"Trust": "trust", "CCG": "commissioner", "CSU": "support-unit"}
YEARS = range(1900, 2101)
AS_PUBLISHED = "Write the code as published."


class UnableToRecognisePlaces(UnableTo):
    """No sheet has the layout of a file of units we know."""

    code = "unknown-file"


def parse_places(tables: Sequence[Table], *, as_of: date, source: str) -> PlacesReading:
    """Read a file of units, whichever of the known kinds it is: its headings and widths tell, not its name.

    `as_of` is the day the file describes. Files rarely say it, so whoever loads one does.
    """
    for table in tables:
        for wanted, parse in _KINDS:
            if header := table.find_header(wanted):
                return parse(table, header, as_of, source)
        if _looks_like_ods(table):
            return _ods(table, -1, ODS, as_of, source)
    rows = tables[0].rows if tables else ()
    begins = next((", ".join(cell for cell in row[:5] if cell) for row in rows if any(row)), "")
    raise UnableToRecognisePlaces(
        f"This is not a file of organisations that can be read. It begins with: {begins[:120]}",
        where=tables[0].file if tables else "",
        to_do="Give an ODS file such as etr.csv or epraccur.csv, the practice mapping, or the sickness workbook.",
    )


def kind_of_code(code: str, name: str = "") -> str:
    """Tell the kind of a unit by the shape of its ODS code, as far as that goes.

    >>> kind_of_code("RJ1"), kind_of_code("Y56"), kind_of_code("QMJ"), kind_of_code("A81001"), kind_of_code("U89141")
    ('trust', 'region', 'system', 'practice', 'network')
    """
    shapes = (
        (code == NATIONAL_GROUP, "national-group"),
        (REGION.fullmatch(code), "region"),
        (code.endswith("-ICB"), "board"),
        (SYSTEM.fullmatch(code), "system"),
        (re.search(r"\b(CCG|COMMISSIONING GROUP)\b", name.upper()), "commissioner"),
        (re.search(r"\b(CSU|COMMISSIONING SUPPORT UNIT)\b", name.upper()), "support-unit"),
        (re.fullmatch(r"T\d{4}", code), "national-body"),
        (re.search(r"\bTRUST\b", name.upper()) or re.fullmatch(r"[RT][A-Z0-9]{2}(-X)?", code), "trust"),
        (re.fullmatch(r"U\d{5}", code), "network"),
        (re.fullmatch(r"[A-HJ-NPVWY]\d{5}", code), "practice"),
    )
    return next((kind for fits, kind in shapes if fits), "provider")


# ---- ODS files without a heading (etr, epraccur, …) ----------------------------------------------------------------


def _looks_like_ods(table: Table) -> bool:
    first = next((row for row in table.rows if any(row)), ())
    return len(first) == ODS_WIDTH and bool(CODE.fullmatch(first[0])) and bool(re.fullmatch(r"\d{8}|", first[10]))


def _ods_packed(table: Table, header: Header, as_of: date, source: str) -> PlacesReading:
    return _ods(table, header.row, header.columns, as_of, source)


def _ods(table: Table, header_row: int, at_: dict[str, int], as_of: date, source: str) -> PlacesReading:
    problems: list[FileProblem] = []
    units: dict[str, UnitFact] = {}
    sightings: list[Sighting] = []
    for at, row in _rows(table, header_row, max(at_.values()) + 1, problems):
        code = _code(table, at, row[at_["code"]], units, problems)
        opened, closed = (_day(table, at, name, row[at_[name]], problems) for name in ("opened", "closed"))
        region, system = row[at_["region"]], row[at_["system"]]
        _name(table, at, row[at_["name"]], problems)
        if opened and closed and closed < opened:
            what = "lies before the opening day"
            problems.append(table.problem(at, "closed", row[at_["closed"]], what, "Correct one of the two days."))
        if code is None:
            continue
        welsh = region in WELSH
        kind = kind_of_code(code, row[at_["name"]])
        units[code] = UnitFact(code, row[at_["name"]], kind, opened, closed, source, "W" if welsh else "E")
        parent = WALES if welsh else _known_parent(table, at, region, system, problems)
        if parent:
            sightings.append(Sighting(code, parent, as_of, source))
    return PlacesReading("ods", as_of, source, tuple(units.values()), tuple(sightings), (), tuple(problems))


def _known_parent(table: Table, at: int, region: str, system: str, problems: list[FileProblem]) -> str | None:
    """System if the row names one, else region, else nothing; a code of another shape is a problem."""
    if region and not REGION.fullmatch(region):
        to_do = "Write a region code such as Y56, or leave it empty."
        problems.append(table.problem(at, "region", region, "is not a region", to_do))
    if system and not SYSTEM.fullmatch(system):
        to_do = "Write a system code such as QMJ, or leave it empty."
        problems.append(table.problem(at, "system", system, "is not a system", to_do))
    return system or region or None


# ---- trusts, commissioning groups and support units of 2022 ---------------------------------------------------------


def _organisations(table: Table, header: Header, as_of: date, source: str) -> PlacesReading:
    problems: list[FileProblem] = []
    units: dict[str, UnitFact] = {}
    sightings: set[Sighting] = set()
    successions: list[Succession] = []
    at_ = header.columns
    for at, row in _rows(table, header.row, max(at_.values()) + 1, problems):
        code, successor = row[at_["code"]], row[at_["successor"]]
        # One organisation with two successors has two rows: only the second successor is news.
        if code not in units or not successor:
            code = _code(table, at, code, units, problems) or ""
        opened, closed = (_day(table, at, name, row[at_[name]], problems) for name in ("opened", "closed"))
        kind = SECTORS.get(row[at_["sector"]], "provider")
        system = row[at_["system"]] or row[at_["trust_system"]]
        units[code] = UnitFact(code, row[at_["name"]], kind, opened, closed, source)
        if system:
            sightings.add(Sighting(code, system, as_of, source))
        elif kind == "support-unit":
            sightings.add(Sighting(code, NATIONAL_GROUP, as_of, source))
        if successor and closed:
            successions.append(Succession(code, successor, _next_day(closed), source, verified=True))
    units.pop("", None)
    ordered = tuple(sorted(sightings, key=lambda s: (s.child, s.parent)))
    return PlacesReading("organisations", as_of, source, tuple(units.values()), ordered, tuple(successions), tuple(problems))


# ---- practices, networks, commissioning groups, systems and regions --------------------------------------------------


def _practices(table: Table, header: Header, as_of: date, source: str) -> PlacesReading:
    """Practices stand in their network, networks in a group, groups in a system.

    A network with practices in two groups belongs to the group of most of them. A practice whose network lies in
    another *system* than its own group stands directly under its group, or its region's sums would be wrong.
    """
    problems: list[FileProblem] = []
    units: dict[str, UnitFact] = {}
    rows: list[dict[str, str]] = []
    for at, row in _rows(table, header.row, max(header.columns.values()) + 1, problems):
        cells = {name: row[place] for name, place in header.columns.items()}
        if (code := _code(table, at, cells["code"], units, problems)) is None:
            continue
        _name(table, at, cells["name"], problems)
        missing = next((name for name in ("group", "system", "region") if not CODE.fullmatch(cells[name])), None)
        if missing:
            problems.append(table.problem(at, PRACTICES[missing], cells[missing], "is not a code", AS_PUBLISHED))
            continue
        units[code] = UnitFact(code, cells["name"], "practice", source=source)
        rows.append(cells)
    above = _networks(rows)
    for cells in rows:
        units.update(_units_above(cells, source))
    sightings = [Sighting(child, parent, as_of, source) for child, parent in sorted(above.items())]
    sightings += [Sighting(cells["code"], _practice_parent(cells, above), as_of, source) for cells in rows]
    return PlacesReading("practices", as_of, source, tuple(units.values()), tuple(sightings), (), tuple(problems))


def _networks(rows: list[dict[str, str]]) -> dict[str, str]:
    """Parents of networks, groups and systems."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    above: dict[str, str] = {}
    for cells in rows:
        if cells["network"] not in {"", NO_NETWORK}:
            votes[cells["network"]][cells["group"]] += 1
        above[cells["group"]] = cells["system"]
        above[cells["system"]] = cells["region"]
    # Most practices win; with as many in both, the code that sorts first, so that every load gives the same tree.
    return above | {network: min(groups, key=lambda g: (-groups[g], g)) for network, groups in votes.items()}


def _practice_parent(cells: dict[str, str], above: dict[str, str]) -> str:
    group = above.get(cells["network"])
    return cells["network"] if group is not None and above[group] == cells["system"] else cells["group"]


def _units_above(cells: dict[str, str], source: str) -> Iterator[tuple[str, UnitFact]]:
    for part, kind in (("network", "network"), ("group", "commissioner"), ("system", "system"), ("region", "region")):
        code, name = cells[part], cells[f"{part}_name"]
        if code not in {"", NO_NETWORK}:
            yield code, UnitFact(code, name, kind, source=source)


# ---- Table 4 of the sickness workbook --------------------------------------------------------------------------------


def _sickness(table: Table, header: Header, as_of: date, source: str) -> PlacesReading:
    """Names and systems of organisations, also of many that closed long ago.

    Columns after the codes are months. An organisation with two rows moved: the row with figures for the latest month
    says where it is, the other is left out here.
    """
    problems: list[FileProblem] = []
    units: dict[str, UnitFact] = {}
    parents: dict[str, tuple[int, str]] = {}
    at_ = header.columns
    for at, row in enumerate(table.rows[header.row + 1 :], header.row + 1):
        filled = sum(1 for cell in row[: len(at_)] if cell)
        if filled == 1:
            break  # a single filled cell begins the notes
        cells = {name: row[place] for name, place in at_.items()} if filled else {}
        if not filled:
            continue
        if bad := next((name for name in ("region", "system", "code") if not CODE.fullmatch(cells[name])), None):
            problems.append(table.problem(at, TABLE_4[bad], cells[bad], "is not a code", AS_PUBLISHED))
            continue
        unit, parent = _sickness_unit(cells, source)
        units[unit.code] = unit
        latest = max((place for place, cell in enumerate(row) if cell not in {"", "."}), default=0)
        parents[unit.code] = max(parents.get(unit.code, (0, parent)), (latest, parent))
    sightings = tuple(Sighting(code, parent, as_of, source) for code, (_, parent) in sorted(parents.items()))
    return PlacesReading("sickness", as_of, source, tuple(units.values()), sightings, (), tuple(problems))


def _sickness_unit(cells: dict[str, str], source: str) -> tuple[UnitFact, str]:
    code, name, system = cells["code"], cells["name"], cells["system"]
    if name == TOGETHER:
        if code == cells["region"] and code != NATIONAL_GROUP:
            return UnitFact(code, cells["region_name"], "region", source=source), ENGLAND
        parent = ENGLAND if code == NATIONAL_GROUP else cells["region"]
        return UnitFact(code, cells["system_name"], kind_of_code(code), source=source), parent
    if code == system:
        return UnitFact(f"{code}-ICB", name, "board", source=source), system
    kind = kind_of_code(code, name)
    national = system == NATIONAL_GROUP and kind == "provider" and not code.startswith(("N", "8"))
    return UnitFact(code, name, "national-body" if national else kind, source=source), system


# ---- cells -----------------------------------------------------------------------------------------------------------


def _rows(table: Table, header_row: int, width: int, problems: list[FileProblem]) -> Iterator[tuple[int, tuple[str, ...]]]:
    found = False
    for at, row in enumerate(table.rows[header_row + 1 :], header_row + 1):
        if not any(row):
            continue
        found = True
        if len(row) < width:
            what = f"the row has {len(row)} cells instead of at least {width}"
            to_do = "Complete the row; a comma inside a name needs quotation marks."
            problems.append(table.problem(at, "", "", what, to_do))
            continue
        yield at, row
    if not found:
        what = "no rows follow the heading"
        problems.append(table.problem(max(header_row, 0), "", "", what, "Check that it is the right file."))


def _code(table: Table, at: int, text: str, seen: dict[str, UnitFact], problems: list[FileProblem]) -> str | None:
    code = text.upper()
    if not CODE.fullmatch(code):
        what = "is not an organisation code"
        problems.append(table.problem(at, "code", text, what, "Use 3 to 10 letters and numbers, such as RJ1."))
        return None
    if code in seen:
        what = "stands in an earlier row too"
        problems.append(table.problem(at, "code", text, what, "Remove one of the two rows."))
        return None
    return code


def _name(table: Table, at: int, text: str, problems: list[FileProblem]) -> None:
    if not text or len(text) > 200:
        what = "is empty or longer than 200 letters"
        problems.append(table.problem(at, "name", text, what, "Write the organisation's name."))


def _day(table: Table, at: int, column: str, text: str, problems: list[FileProblem]) -> date | None:
    """Read 20210930 or 2021-09-30; an empty cell is no day. Any other form could be read two ways and is refused."""
    if not text:
        return None
    match = re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)", text[:10])
    try:
        day = date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        to_do = "Write it as 20210930 or 2021-09-30, or leave it empty."
        problems.append(table.problem(at, column, text, "is not a day", to_do))
        return None
    return day


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


_KINDS: tuple[tuple[dict[str, str], Callable[[Table, Header, date, str], PlacesReading]], ...] = (
    (PRACTICES, _practices),
    (ORGANISATIONS, _organisations),
    (TABLE_4, _sickness),
    (ODS_PACKED, _ods_packed),
)
