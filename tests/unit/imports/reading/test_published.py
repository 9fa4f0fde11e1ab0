"""Real published workbooks are recognised well enough to be mapped as they are.

Counts and cells were taken from the workbooks as a spreadsheet shows them, and every cell is compared with another reader.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from espalier.imports.reading import FoundTable, Role, Shape, Workbook, layout_of, long_table, number_of, open_file, tables_in

FILES = Path(__file__).parent / "published"
SICKNESS = "nhs_sickness_absence_jan2023.xlsx"
EU = "eu_uk_by_staff_group_org_2016.xlsx"
STAFF = "hchs_staff_by_group_nationality_org_2017_2018.xlsx"


@pytest.fixture(scope="module")
def books() -> dict[str, Workbook]:
    return {name: open_file(FILES / name, name=name) for name in (SICKNESS, EU, STAFF)}


def table_of(book: Workbook, sheet: str) -> FoundTable:
    (found,) = [table for one in book.sheets if one.name == sheet for table in tables_in(one)]
    return found


@pytest.mark.parametrize("name", [SICKNESS, EU, STAFF])
def test_every_cell_is_what_another_reader_reads(books: dict[str, Workbook], name: str) -> None:
    import fastexcel

    other = fastexcel.read_excel(FILES / name)
    assert [sheet.name for sheet in books[name].sheets] == other.sheet_names
    compared = 0
    for sheet in books[name].sheets:
        frame = other.load_sheet(sheet.name, header_row=None, dtypes="string").to_polars()
        # The other reader leaves out empty rows at the top; ours keeps the row numbers a person sees.
        first = next(row for row in range(sheet.height) if sheet.length(row))
        for row, cells in enumerate(frame.rows(), first):
            for column, theirs in enumerate(cells):
                ours = sheet.cell(row, column).text
                assert ours == (theirs or "").replace("\r", "").strip() or float(ours) == float(theirs), (sheet.name, row, column)
                compared += 1
    assert compared > 3000


def test_sheets_of_words_hold_no_table(books: dict[str, Workbook]) -> None:
    assert [sheet.name for sheet in books[SICKNESS].sheets if not tables_in(sheet)] == ["Title sheet", "Notes and definitions"]
    assert [sheet.name for sheet in books[STAFF].sheets if not tables_in(sheet)] == ["Notes"]


def test_trusts_by_month_run_across(books: dict[str, Workbook]) -> None:
    table = table_of(books[SICKNESS], "Table 4")
    assert table.header == (2,)
    layout = layout_of(table)
    assert layout.shape is Shape.WIDE
    names = [column.name for column in table.columns]
    assert [names[i] for i in layout.columns(Role.UNIT_CODE)] == ["Org code"]
    assert [names[i] for i in layout.columns(Role.UNIT_NAME)] == ["Organisation name"]
    # April 2013 to January 2023.
    assert len(layout.periods) == 9 * 12 + 10
    assert [str(layout.periods[i].read.day) for i in (0, -1)] == ["2013-04-01", "2023-01-01"]
    assert not layout.asks


def test_a_rate_comes_out_beside_its_trust_and_month(books: dict[str, Workbook]) -> None:
    table = table_of(books[SICKNESS], "Table 4")
    long = long_table(table, layout_of(table))
    place = {role: i for i, role in enumerate(long.roles)}
    found = [
        row for row in long.rows() if row.texts[place[Role.UNIT_CODE]] == "RJ1" and row.texts[place[Role.PERIOD]].split() == ["April", "2013"]
    ]
    assert [(row.row + 1, row.texts[place[Role.VALUE]]) for row in found] == [(7, "3.28")]
    assert number_of(found[0].texts[-1]).value is not None


def test_notes_below_are_left_out_with_their_reason(books: dict[str, Workbook]) -> None:
    table = table_of(books[SICKNESS], "Table 4")
    notes = [out for out in table.left_out if out.code == "note"]
    assert notes[0].text.startswith("Source:")
    assert all(out.row > max(table.rows) for out in notes)


@pytest.mark.parametrize(("sheet", "months", "across"), [("Table 1", 166, 9), ("Table 3", 157, 10)])
def test_months_down_and_regions_across(books: dict[str, Workbook], sheet: str, months: int, across: int) -> None:
    table = table_of(books[SICKNESS], sheet)
    layout = layout_of(table)
    # April 2009 and January 2010 to January 2023, both included.
    assert len(table.rows) == months == layout.reading.dates
    assert (layout.shape, len(layout.many)) == (Shape.ACROSS, across)
    assert len(list(long_table(table, layout).rows())) == months * across


def test_a_long_table_with_two_splits(books: dict[str, Workbook]) -> None:
    table = table_of(books[STAFF], "Data")
    layout = layout_of(table)
    assert layout.shape is Shape.LONG
    assert [guess.role for guess in layout.guesses] == [Role.PERIOD, Role.UNIT_CODE, Role.UNIT_NAME, Role.SPLIT, Role.SPLIT, Role.VALUE]
    assert len(table.rows) == 600
    assert table.left_out == ()
    assert {str(read.day) for read in layout.reading.read.values()} == {"2017-09-01"}


def test_two_heading_rows_and_a_date_in_the_title(books: dict[str, Workbook]) -> None:
    table = table_of(books[EU], "final")
    assert table.header == (3, 4)
    assert [column.name for column in table.columns][3:5] == ["EU › All staff", "EU › HCHS doctors"]
    layout = layout_of(table)
    assert layout.shape is Shape.ACROSS
    assert layout.across is Role.SPLIT
    assert [table.columns[i].at for i in layout.columns(Role.UNIT_CODE)] == [2]
    assert str(layout.titled.read.day) == "2016-09-30"
    chesterfield = [row.texts[-2:] for row in long_table(table, layout).rows() if "RFS" in row.texts][:2]
    assert chesterfield == [("EU › All staff", "108"), ("EU › HCHS doctors", "21")]
