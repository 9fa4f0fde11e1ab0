"""Published files, good and bad, cell by cell."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from espalier.imports.tables import Table, read_tables
from espalier.measures.rules.ae import parse_ae
from espalier.measures.rules.published import UnableToRecognise, parse_published
from espalier.measures.rules.sickness import parse_sickness

if TYPE_CHECKING:
    from espalier.measures.rules.figures import Figure, Reading

LONG = "period,org_code,type,attendances,breaches,admissions\n"
WIDE = (
    "Period,Org Code,Parent Org,Org name,"
    "A&E attendances Type 1,A&E attendances Type 2,A&E attendances Other A&E Department,"
    "A&E attendances Booked Appointments Type 1,A&E attendances Booked Appointments Type 2,"
    "A&E attendances Booked Appointments Other Department,"
    "Attendances over 4hrs Type 1,Attendances over 4hrs Type 2,Attendances over 4hrs Other Department,"
    "Attendances over 4hrs Booked Appointments Type 1,Attendances over 4hrs Booked Appointments Type 2,"
    "Attendances over 4hrs Booked Appointments Other Department,"
    "Patients who have waited 4-12 hs from DTA to admission,Patients who have waited 12+ hrs from DTA to admission,"
    "Emergency admissions via A&E - Type 1,Emergency admissions via A&E - Type 2,"
    "Emergency admissions via A&E - Other A&E department,Other emergency admissions\n"
)
RJ1 = "MSitAE-MARCH-2026,RJ1,NHS ENGLAND LONDON,Guy's,2000,100,300,50,0,10,200,15,45,5,0,1,0,0,400,2,3,9\n"
TOTAL = "TOTAL,,,,2000,100,300,50,0,10,200,15,45,5,0,1,0,0,400,2,3,9\n"


def ae(text: str) -> Reading:
    reading = parse_ae(read_tables("ae.csv", text.encode())[0])
    assert reading is not None
    return reading


def by_measure(reading: Reading) -> dict[str, Figure]:
    return {f.measure: f for f in reading.figures}


def test_all_types_are_added_and_type_1_stands_alone() -> None:
    found = by_measure(ae(LONG + "2017-03-01,RF4,1,21289,2879,5060\n2017-03-01,RF4,2,813,22,0\n2017-03-01,RF4,other,2850,6,0\n"))
    all_types, main = found["ae-4-hours"], found["ae-4-hours-type-1"]
    assert (all_types.numerator, all_types.denominator) == (24952 - 2907, 24952)
    assert (main.numerator, main.denominator) == (21289 - 2879, 21289)
    assert (found["ae-admissions-per-attendance"].numerator, found["ae-attendances"].value) == (5060, 24952)
    assert all_types.value == pytest.approx(88.3496, abs=0.001)


def test_a_place_without_a_main_department_has_no_type_1_figure() -> None:
    assert "ae-4-hours-type-1" not in by_measure(ae(LONG + "2017-03-01,NLW,other,10,0,0\n"))


def test_the_monthly_file_of_nhs_england_gives_the_same_measures_and_leaves_the_total_out() -> None:
    reading = ae(WIDE + RJ1 + TOTAL)
    found = by_measure(reading)
    # Booked appointments count with their type: 2000 + 50 came to main A&E, 200 + 5 of them waited longer.
    assert (found["ae-4-hours-type-1"].numerator, found["ae-4-hours-type-1"].denominator) == (1845, 2050)
    assert (found["ae-4-hours"].numerator, found["ae-4-hours"].denominator) == (2460 - 266, 2460)
    assert found["ae-admissions-per-attendance"].numerator == 405
    assert {f.unit for f in reading.figures} == {"RJ1"}
    assert {f.period_on for f in reading.figures} == {date(2026, 3, 1)}
    assert reading.names == {"RJ1": "Guy's"}


def test_the_older_headings_of_the_monthly_file_are_known_too() -> None:
    old = (
        WIDE.replace("A&E attendances Type", "Number of A&E attendances Type")
        .replace(
            "A&E attendances Other",
            "Number of A&E attendances Other",
        )
        .replace("Attendances over 4hrs Type", "Number of attendances over 4hrs Type")
    )
    assert ae(old + RJ1).figures == ae(WIDE + RJ1).figures


def test_a_missing_column_is_named() -> None:
    # The booked column of type 2 is still there, and must not pass for the whole.
    reading = ae(WIDE.replace("Attendances over 4hrs Type 2", "Something else") + RJ1)
    assert "breaches, type 2" in reading.problems[0].what
    assert not reading.figures


@pytest.mark.parametrize(
    ("row", "row_number", "column", "value", "what"),
    [
        ("2017-03-01,RF4,1,many,0,0", 3, "attendances", "many", "is not a whole number"),
        ("2017-03-01,RF4,1,-5,0,0", 3, "attendances", "-5", "is not a whole number"),
        ("2017-03-01,RF4,1,1.5,0,0", 3, "attendances", "1.5", "is not a whole number"),
        ("2017-03-01,RF4,1,1e9,0,0", 3, "attendances", "1e9", "is not a whole number"),
        ("2017-13-01,RF4,1,5,0,0", 3, "period", "2017-13-01", "is not a month"),
        ("31/03/2017,RF4,1,5,0,0", 3, "period", "31/03/2017", "is not a month"),
        ("2017-03-15,RF4,1,5,0,0", 3, "period", "2017-03-15", "is not the first of a month"),
        ("2017-03-01,,1,5,0,0", 3, "provider", "", "is not an organisation code"),
        ("2017-03-01,=1+1,1,5,0,0", 3, "provider", "=1+1", "is not an organisation code"),
        ("2017-03-01,RF4,3,5,0,0", 3, "type", "3", "is not a type of department"),
        ("2017-03-01,RF4,1,5,6,0", 3, "breaches", "6", "more people waited over four hours than came (5)"),
        ("2017-03-01,RJ1,1,5,0,0", 3, "provider", "RJ1", "there is a second row for this provider and type in March 2017"),
        ("2017-03-01,RF4,1", 3, "", "", "the row has 3 cells instead of 6"),
    ],
)
def test_a_wrong_cell_is_found_by_file_row_column_and_value(row: str, row_number: int, column: str, value: str, what: str) -> None:
    problem = ae(LONG + "2017-03-01,RJ1,1,5,0,0\n" + row + "\n").problems[0]
    assert (problem.file, problem.row, problem.column, problem.value, problem.what) == ("ae.csv", row_number, column, value, what)
    assert problem.to_do


def test_a_heading_without_rows_is_a_problem_and_not_an_empty_success() -> None:
    assert ae(LONG).problems


def test_another_file_is_told_to_be_another_file() -> None:
    with pytest.raises(UnableToRecognise, match="It begins with: name, colour") as caught:
        parse_published(read_tables("fruit.csv", b"name,colour\napple,red\n"))
    assert caught.value.where == "fruit.csv"


# ---- sickness --------------------------------------------------------------------------------------------------------

HEADING = ("NHSE \ncode", "NHSE Region name", "ICS \ncode", "ICS name", "Organisation name", "Org \ncode", "April\n2013", "May\n2013")
REGION = ("Y56", "London", "Y56", "All ICS areas", "All organisations", "Y56", "3.29", "3.24")
SYSTEM = ("Y56", "London", "QKK", "South East London", "All organisations", "QKK", "3.71", "3.57")
BOARD = ("Y56", "London", "QKK", "South East London", "NHS South East London ICB", "QKK", ".", "2.1")
TRUST = ("Y56", "London", "QKK", "South East London", "Guy's", "RJ1", "3.28", "")
NOTES = ("Source: NHS England", "", "", "", "", "", "", "")
ENGLAND = Table(
    "s.xlsx",
    "Table 1",
    (
        ("", "England", "London", "Midlands"),
        ("April 2009", "9", "9", "9"),
        ("April 2013", "4.2", "3.29", "4"),
        ("May 2013", "4.1", "3.24", "4"),
    ),
)


def sickness(*rows: tuple[str, ...]) -> Reading:
    table = Table("s.xlsx", "Table 4", (("Table 4: Monthly rates",), (), HEADING, *rows, (), NOTES))
    reading = parse_sickness([ENGLAND, table])
    assert reading is not None
    return reading


def test_published_rows_of_region_system_board_and_trust_are_figures_of_their_own() -> None:
    figures = sickness(REGION, SYSTEM, BOARD, TRUST).figures
    assert {f.period_on.year for f in figures} == {2013}
    values = {(f.unit, f.period_on.month): f.value for f in figures}
    assert values == {
        ("Y56", 4): 3.29,
        ("Y56", 5): 3.24,
        ("QKK", 4): 3.71,
        ("QKK", 5): 3.57,
        ("QKK-ICB", 5): 2.1,
        ("RJ1", 4): 3.28,
        ("ENG", 4): 4.2,
        ("ENG", 5): 4.1,  # April 2009 lies before the months of Table 4
    }


def test_rates_have_no_numerator_and_no_denominator() -> None:
    assert {(f.numerator, f.denominator) for f in sickness(REGION, TRUST).figures} == {(None, None)}


@pytest.mark.parametrize("cell", ["three", "-1", "101", "4,5", "1e1", "NaN", "inf"])
def test_a_rate_that_is_no_percentage_is_found_by_its_month(cell: str) -> None:
    problem = sickness((*TRUST[:6], cell, "3.0")).problems[0]
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("Table 4", 4, "April 2013", cell)


def test_an_organisation_that_moved_has_two_rows_but_never_two_figures_for_a_month() -> None:
    moved = ("QZZ", "Special Health Authorities", "QZZ", "Special Health Authorities", "Guy's", "RJ1", ".", "3.0")
    assert not sickness(TRUST, moved).problems
    clash = (*moved[:6], "3.1", "3.0")
    assert sickness(TRUST, clash).problems[0].what == "has two figures for April 2013"


def test_a_column_that_is_no_month_is_a_problem() -> None:
    table = Table("s.xlsx", "Table 4", ((*HEADING[:6], "April\n2013", "Total"), TRUST))
    reading = parse_sickness([table])
    assert reading is not None
    assert (reading.problems[0].value, reading.problems[0].what) == ("Total", "is not a month")
