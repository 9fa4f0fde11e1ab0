"""Whatever stands on a sheet, every row is accounted for."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from espalier.imports.reading import Kind, Merge, Sheet, layout_of, long_table, tables_in
from espalier.imports.reading.book import SheetBuilder

WORDS = ("", "", "code", "name", "Total", "R1A", "Ward 7", "4.5", "12", "*", "2019", "2020", "Apr 2026", "01/02/2026", "Source: a note", "x" * 130, "1,5", "rate")


def sheet_of(*rows: list[str], merged: tuple[Merge, ...] = ()) -> Sheet:
    words: dict[str, int] = {}
    builder = SheetBuilder("May", words)
    builder.merged.extend(merged)
    for row in rows:
        builder.add(row, bytes(Kind.TEXT if text else Kind.EMPTY for text in row))
    return builder.build(tuple(words))


grids = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), max_size=25)
blocks = st.lists(
    st.tuples(*[st.integers(0, 30)] * 4).map(lambda t: Merge(min(t[0], t[2]), min(t[1], t[3]), max(t[0], t[2]), max(t[1], t[3]))), max_size=3
)


@given(grids, blocks)
def test_every_row_of_a_table_is_heading_data_or_left_out_once(grid: list[list[str]], merged: list[Merge]) -> None:
    sheet = sheet_of(*grid, merged=tuple(merged))
    for table in tables_in(sheet):
        out = [one.row for one in table.left_out]
        below = {row for row in range(max((*table.header, -1)) + 1, max((*table.rows, -1)) + 1) if sheet.length(row)}
        assert set(table.rows) <= below
        assert below <= {*table.rows, *out} or len(tables_in(sheet)) > 1
        assert not {*table.rows} & {*table.header, *out}
        assert len({column.name for column in table.columns}) == len(table.columns)
        assert len(list(table.first(3))) == min(3, len(table.rows))


@given(grids)
def test_a_long_table_holds_each_cell_where_it_stands(grid: list[list[str]]) -> None:
    sheet = sheet_of(*grid)
    for table in tables_in(sheet):
        long = long_table(table, layout_of(table))
        rows = list(long.rows())
        assert len(rows) == len(long)
        for row in rows:
            assert len(row.texts) == len(row.columns) == len(row.kinds) == len(long.names) == len(long.roles)
            if row.texts and long.turned:
                assert row.texts[-1] == sheet.text(row.row, row.columns[-1])


def test_a_row_left_out_can_be_taken_in() -> None:
    (table,) = tables_in(sheet_of(["ward", "falls"], ["W1", "4"], ["W2", "5"], ["Total", "9"]))
    assert [out.code for out in table.left_out] == ["totals"]
    taken = table.taking([3])
    assert (list(taken.rows), taken.left_out) == ([1, 2, 3], ())
    assert taken.cells(1).texts == ("4", "5", "9")


def test_a_tall_empty_sheet_costs_little() -> None:
    words: dict[str, int] = {}
    builder = SheetBuilder("May", words)
    for row in (0, 1, 500_000, 1_048_575):
        builder.skip_to(row)
        builder.add(["code", "n"] if row == 0 else ["R1A", "4"], b"\x01\x01")
    start = time.process_time()
    (table,) = tables_in(builder.build(tuple(words)))
    assert list(table.rows) == [1, 500_000, 1_048_575]
    assert time.process_time() - start < 4
