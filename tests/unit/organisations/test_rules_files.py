"""Files of units, good and bad."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from espalier.imports.tables import Table, read_tables
from espalier.organisations.rules import (
    PlacesReading,
    Sighting,
    UnableToReadPlaces,
    UnableToRecognisePlaces,
    load_changes,
    load_kinds,
    parse_places,
)

CONTENT = Path(__file__).resolve().parents[3] / "content"
TODAY = date(2026, 1, 1)
GOOD = ("RJ1", "GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Y56", "QKK", "19930401", "")
PRACTICES = (
    "PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME,CCG_CODE,CCG_NAME,STP_CODE,STP_NAME,COMM_REGION_CODE,COMM_REGION_NAME\n"
)


def ods(*rows: tuple[str, str, str, str, str, str]) -> str:
    """Rows as the ODS writes them: 27 cells, no heading."""
    lines = []
    for code, name, region, system, opened, closed in rows:
        cells = [code, name, region, system, *[""] * 6, opened, closed, *[""] * 15]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines) + "\n"


def read(text: str, file: str = "etr.csv") -> PlacesReading:
    return parse_places(read_tables(file, text.encode()), as_of=TODAY, source="a test")


def test_a_headerless_ods_file_is_known_by_its_shape() -> None:
    found = read(ods(GOOD))
    assert (found.what, found.problems) == ("ods", ())
    assert (found.units[0].code, found.units[0].kind, found.units[0].opened_on) == ("RJ1", "trust", date(1993, 4, 1))
    assert found.sightings == (Sighting("RJ1", "QKK", TODAY, "a test"),)


def test_a_welsh_trust_is_in_wales_and_in_no_system() -> None:
    found = read(ods(("RT4", "WELSH AMBULANCE SERVICES NHS TRUST", "W00", "Q99", "19980401", "")))
    assert found.units[0].country == "W"
    assert [s.parent for s in found.sightings] == ["WAL"]


def test_a_file_of_practices_from_the_ods_gives_practices() -> None:
    found = read(ods(("Y02147", "SOME WALK IN CENTRE", "Y56", "QKK", "20080401", "")), "epraccur.csv")
    assert found.units[0].kind == "practice"


@pytest.mark.parametrize(
    ("row", "column", "value", "what"),
    [
        (("R?", *GOOD[1:]), "code", "R?", "is not an organisation code"),
        (("=CMD()", *GOOD[1:]), "code", "=CMD()", "is not an organisation code"),
        ((*GOOD[:1], "", *GOOD[2:]), "name", "", "is empty or longer than 200 letters"),
        ((*GOOD[:1], "X" * 201, *GOOD[2:]), "name", "X" * 201, "is empty or longer than 200 letters"),
        ((*GOOD[:4], "19930431", ""), "opened", "19930431", "is not a day"),
        ((*GOOD[:4], "01/04/1993", ""), "opened", "01/04/1993", "is not a day"),
        ((*GOOD[:4], "00010101", ""), "opened", "00010101", "is not a day"),
        ((*GOOD[:4], "20200401", "20190401"), "closed", "20190401", "lies before the opening day"),
        ((*GOOD[:2], "LONDON", *GOOD[3:]), "region", "LONDON", "is not a region"),
        ((*GOOD[:3], "ICB", *GOOD[4:]), "system", "ICB", "is not a system"),
    ],
)
def test_a_wrong_cell_is_found(row: tuple[str, str, str, str, str, str], column: str, value: str, what: str) -> None:
    first = ("RAA", "FIRST NHS TRUST", "Y56", "QKK", "19930401", "")
    problem = read(ods(first, row)).problems[0]
    assert (problem.file, problem.row, problem.column, problem.value, problem.what) == ("etr.csv", 2, column, value, what)
    assert problem.to_do


def test_the_same_code_twice_is_a_problem() -> None:
    problem = read(ods(GOOD, GOOD)).problems[0]
    assert (problem.row, problem.value, problem.what) == (2, "RJ1", "stands in an earlier row too")


def test_a_short_row_is_a_problem_and_not_an_error() -> None:
    assert "the row has 3 cells" in read(ods(GOOD) + "RJ2,Lewisham,Y56\n").problems[0].what


def test_some_other_file_is_refused_in_words() -> None:
    with pytest.raises(UnableToRecognisePlaces, match="It begins with: name, colour"):
        read("name,colour\napple,red\n", "fruit.csv")
    with pytest.raises(UnableToRecognisePlaces):
        parse_places([], as_of=TODAY, source="")


def test_a_heading_without_rows_is_a_problem() -> None:
    assert read(PRACTICES).problems[0].what == "no rows follow the heading"


def practice(code: str, network: str, group: str, system: str) -> str:
    return f"{code},Surgery {code},{network},Net {network},{group},NHS {group} CCG,{system},Sys {system},Y60,Midlands\n"


def test_a_network_over_two_groups_belongs_to_most_of_its_practices() -> None:
    text = PRACTICES + practice("A81001", "U10001", "03W", "QK1") + practice("A81002", "U10001", "03W", "QK1")
    parents = {s.child: s.parent for s in read(text + practice("A81003", "U10001", "04V", "QK1")).sightings}
    assert parents["U10001"] == "03W"
    assert parents["A81003"] == "U10001"  # the same system: the network's sums are right there


def test_a_practice_whose_network_lies_in_another_system_stands_under_its_own_group() -> None:
    text = PRACTICES + practice("A81001", "U10001", "03W", "QK1") + practice("A81002", "U10001", "03W", "QK1")
    parents = {s.child: s.parent for s in read(text + practice("A81003", "U10001", "71E", "QJM")).sightings}
    assert parents["A81003"] == "71E"


def test_a_practice_without_a_network_stands_under_its_group() -> None:
    found = read(PRACTICES + practice("A81001", "U", "03W", "QK1"))
    assert {s.child: s.parent for s in found.sightings}["A81001"] == "03W"
    assert "U" not in {unit.code for unit in found.units}


HEADING = ("NHSE code", "NHSE Region name", "ICS code", "ICS name", "Organisation name", "Org code", "April 2013", "May 2013")


def test_table_4_gives_regions_systems_boards_and_organisations_and_its_notes_are_not_rows() -> None:
    rows = (
        HEADING,
        ("Y56", "London", "Y56", "All ICS areas", "All organisations", "Y56", "3", "3"),
        ("Y56", "London", "QKK", "South East London", "All organisations", "QKK", "3", "3"),
        ("Y56", "London", "QKK", "South East London", "NHS South East London ICB", "QKK", "3", "3"),
        ("", "", "", "", "", "", "", ""),
        ("QZZ", "Others", "QZZ", "Others", "NHS Digital", "X26", "3", "3"),
        ("Source: NHS England", "", "", "", "", "", "", ""),
        ("Notes", "x", "x", "x", "x", "x", "", ""),
    )
    found = parse_places([Table("s.xlsx", "Table 4", rows)], as_of=TODAY, source="")
    assert {unit.code: unit.kind for unit in found.units} == {
        "Y56": "region", "QKK": "system", "QKK-ICB": "board", "X26": "national-body",
    }
    assert {s.child: s.parent for s in found.sightings}["QKK-ICB"] == "QKK"
    assert not found.problems


def test_an_organisation_that_moved_is_where_its_latest_figure_is() -> None:
    rows = (
        HEADING,
        ("Y59", "South East", "QXU", "Surrey", "VH Doctors Ltd", "NCY", "4.4", "."),
        ("QZZ", "Others", "QZZ", "Others", "VH Doctors Ltd", "NCY", ".", "4.1"),
    )
    for order in (rows, (rows[0], rows[2], rows[1])):
        found = parse_places([Table("s.xlsx", "Table 4", order)], as_of=TODAY, source="")
        assert [(s.child, s.parent) for s in found.sightings] == [("NCY", "QZZ")]


def test_content_fits_its_schemas_and_a_slip_names_file_and_place(tmp_path: Path) -> None:
    assert load_kinds(CONTENT / "units")[0].code == "nation"
    assert load_changes(CONTENT / "units").successions
    for name in ("kinds.yaml", "kinds.schema.json"):
        (tmp_path / name).write_text((CONTENT / "units" / name).read_text(encoding="utf-8"), encoding="utf-8")
    broken = (tmp_path / "kinds.yaml").read_text(encoding="utf-8").replace("rank: 10,", "rank: ten,")
    (tmp_path / "kinds.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(UnableToReadPlaces, match=r"kinds.yaml, kinds, 1, rank"):
        load_kinds(tmp_path)
