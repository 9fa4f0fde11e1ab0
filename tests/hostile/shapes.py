"""Sheets as people lay them out."""

from __future__ import annotations

from tests.hostile.building import DATE, book, book_of, csv, parts, rows, sheet, zipped
from tests.hostile.corpus import Case

from espalier.imports.reading import Workbook, layout_of, tables_in


def tables(found: Workbook) -> list[tuple[list[str], int, list[tuple[int, str]]]]:
    """For each table of the first sheet: its headings, how many rows, and what was left out (row as people count, code)."""
    return [
        ([column.name for column in table.columns], len(table.rows), [(out.row + 1, out.code) for out in table.left_out])
        for table in tables_in(found.sheets[0])
    ]


def first(found: Workbook) -> list[tuple[str, ...]]:
    return list(tables_in(found.sheets[0])[0].first(3))


def shape(found: Workbook) -> str:
    return layout_of(tables_in(found.sheets[0])[0]).shape.value


def problems(found: Workbook) -> set[str]:
    return {problem.code for table in tables_in(found.sheets[0]) for problem in table.problems}


HEAD = ["code", "name", "rate"]
BODY = (["R1A", "Worcester", 4.5], ["R1B", "Malvern", 3.2], ["R1C", "Evesham", 5.1])
PLAIN = [(HEAD, 3, [])]


def separated(name: str, sign: str) -> Case:
    lines = [sign.join(map(str, line)) for line in (HEAD, *BODY)]
    return Case("Shape", name, csv(*lines), then=lambda found: (found.separator, tables(found)), gives=(sign, PLAIN))


def found(name: str, content: bytes, gives: object, *, then: object = tables, file: str = "file.xlsx", **more: object) -> Case:
    return Case("Shape", name, content, then=then, gives=gives, file=file, **more)  # type: ignore[arg-type]


MERGED = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="D1:E1"/></mergeCells>'
TWO_ROWS = (["Trust", "Doctors", None, "Nurses"], [None, "Staff", "Days", "Staff", "Days"], ["R1A", 4, 5, 6, 7], ["R1B", 1, 2, 3, 4])
JOINED = ["Trust", "Doctors › Staff", "Doctors › Days", "Nurses › Staff", "Nurses › Days"]
LONG_NOTE = "Source: these figures were counted by hand on the last day of each month and checked by two people."

CASES = (
    separated("commas", ","),
    separated("semicolons", ";"),
    separated("tabs", "\t"),
    separated("bars", "|"),
    found("first line that names the separator", csv("sep=;", "code;name;rate", "R1A;Worcester;4,5"), (";", ("R1A", "Worcester", "4,5")),
          then=lambda read: (read.separator, read.sheets[0].texts(1)), file="file.csv"),
    found("semicolons with decimal commas", csv("code;a;b;c", "R1A;1,5;2,5;3,5", "R1B;1,5;2,5;3,5"), (";", 4),
          then=lambda read: (read.separator, read.sheets[0].width), file="file.csv"),
    found("titles with commas above a table with tabs", csv("Rates, by trust, for May", "", "code\tname\trate", "R1A\tWorcester, City\t4.5"), "\t",
          then=lambda read: read.separator, file="file.csv"),
    Case("Shape", "line ends, separators and quotation marks inside a cell", csv("code,name", '"R1A","Ward 7,\r\n the ""old"" one"', "R1B,x"),
         cells={"B2": 'Ward 7,\r\n the "old" one', "A3": "R1B"}),
    Case("Shape", "quotation mark inside a cell that is not quoted", csv("code,size", 'R1A,5" drain', "R1B,6"), cells={"B2": '5" drain', "B3": "6"}),
    Case("Shape", "quotation mark inside a quoted cell", csv("code,size", 'R1A,"5" drain"', "R1B,6"), cells={"A3": "R1B", "B3": "6"},
         notes=frozenset({"stray-quote"})),
    found("rows of different lengths", csv("code,name,rate", "R1A", "R1B,Malvern", "R1C,Evesham,5.1,spare"), ["code", "name", "rate", "Column D"],
          then=lambda read: tables(read)[0][0], file="file.csv"),
    found("blank cells and rows at the end", csv("code,name,rate,,,", "R1A,Worcester,4.5,,,", "R1B,Malvern,3.2,,,", "R1C,Evesham,5.1,,,", ",,,,,", ",,,,,"),
          (4, 3, PLAIN), then=lambda read: (read.sheets[0].height, read.sheets[0].width, tables(read)), file="file.csv"),
    found("40 blank rows above the headings", book(*([None],) * 40, HEAD, *BODY), [(HEAD, 3, [])]),
    found("40 blank rows below the headings", book(HEAD, *([None],) * 40, *BODY), [(HEAD, 3, [])]),
    found("title and notes above", book(["Rates of May"], ["Counted by hand"], [], HEAD, *BODY), [(HEAD, 3, [(1, "title"), (2, "title")])]),
    found("a name and its value above", book(["Trust:", "St Elsewhere"], [], HEAD, *BODY), [(HEAD, 3, [(1, "title")])]),
    found("merged headings over two rows", book_of(rows(*TWO_ROWS), after=MERGED), [(JOINED, 2, [])]),
    found("headings over two rows, not merged", csv("Trust,Doctors,,Nurses,", ",Staff,Days,Staff,Days", "R1A,4,5,6,7", "R1B,1,2,3,4"), [(JOINED, 2, [])],
          file="file.csv"),
    found("merged title over the table", book_of(rows(["Rates of May"], HEAD, *BODY), after='<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'),
          [(HEAD, 3, [(1, "title")])]),
    found("names merged down their rows", book_of(rows(["trust", "ward", "falls"], ["R1A", "W1", 4], [None, "W2", 5], ["R1B", "W1", 2]),
          after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'), [("R1A", "W1", "4"), ("R1A", "W2", "5"), ("R1B", "W1", "2")], then=first),
    found("rows hidden by a filter are read, and said", book_of(rows(HEAD, *BODY, attributes={3: 'hidden="1"'})), (3, {"hidden-rows"}),
          then=lambda read: (tables(read)[0][1], problems(read))),
    found("hidden column is said", book_of(rows(HEAD, *BODY), before='<cols><col min="2" max="2" hidden="1"/></cols>'), {"hidden-column"}, then=problems),
    found("hidden sheet is said", zipped(parts({"May": sheet(rows(HEAD, *BODY)), "Old": sheet(rows(HEAD, *BODY))}, states={"Old": 'state="veryHidden"'})),
          [("May", False), ("Old", True)], then=lambda read: [(one.name, one.hidden) for one in read.sheets]),
    found("total at the foot", book(HEAD, *BODY, ["Total", None, 12.8]), [(HEAD, 3, [(5, "totals")])]),
    found("total in capitals, with a colon", book(HEAD, *BODY, ["GRAND TOTAL:", None, 12.8]), [(HEAD, 3, [(5, "totals")])]),
    found("Total as a category is data", book(["sex", "code", "n"], *([sex, code, 1] for code in "ABCDEFGHIJKLMNOPQRST" for sex in ("Total", "F", "M"))), 60,
          then=lambda read: tables(read)[0][1]),
    found("notes below", book(HEAD, *BODY, [], [LONG_NOTE], ["© St Elsewhere"]), [(HEAD, 3, [(6, "note"), (7, "note")])]),
    found("headings again in the middle", book(HEAD, BODY[0], HEAD, *BODY[1:]), [(HEAD, 3, [(3, "heading-again")])]),
    found("heading inside the table", book(HEAD, BODY[0], ["North"], *BODY[1:]), [(HEAD, 3, [(3, "section")])]),
    found("same heading twice", book(["code", "rate", "rate"], ["R1A", 1, 2], ["R1B", 3, 4]), (["code", "rate (1)", "rate (2)"], {"same-heading"}),
          then=lambda read: (tables(read)[0][0], problems(read))),
    found("column without a heading", book(["code", None, "rate"], ["R1A", "Worcester", 1]), (["code", "Column B", "rate"], {"no-heading"}),
          then=lambda read: (tables(read)[0][0], problems(read))),
    found("no headings at all: asks", csv("R1A,2026-04-01,4.5", "R1B,2026-04-01,3.2"), (["Column A", "Column B", "Column C"], 2, {"no-headings"}),
          then=lambda read: (*tables(read)[0][:2], problems(read)), file="file.csv"),
    found("only headings", book(HEAD), {"no-rows"}, then=problems),
    found("two tables below each other", book(["A"], HEAD, *BODY, [], ["B"], ["ward", "falls"], ["W1", 4], ["W2", 5]),
          [(HEAD, 3, [(1, "title")]), (["ward", "falls"], 2, [(7, "title")])]),
    found("two tables side by side", book(["ward", "falls", None, "ward", "sores"], ["W1", 4, None, "W3", 1], ["W2", 5, None, "W4", 0]),
          [(["ward", "falls"], 2), (["ward", "sores"], 2)], then=lambda read: [table[:2] for table in tables(read)]),
    found("a table only of words", book(["name", "e-mail", "role"], ["Ada", "ada@example.org", "nurse"], ["Bo", "bo@example.org", "porter"]),
          [(["name", "e-mail", "role"], 2, [])]),
    found("a list of one column", csv("code", "R1A", "R1B"), [(["code"], 2, [])], file="file.csv"),
    found("a sheet of sentences is no table", book([LONG_NOTE], [LONG_NOTE + " Again."], [LONG_NOTE + " And again."]), []),
    found("a marked figure is not a heading", book(["ward", "April", "May"], ["W1", 4, "*"], [], ["W2", "*", "*"], ["W3", 4, 4]),
          [(["ward", "April", "May"], 3, [])]),
    found("years across", book(["trust", 2019, 2020, 2021], ["R1A", 1, 2, 3], ["R1B", 4, 5, 6]), "wide", then=shape),
    found("dates across", book(["trust", (45383, DATE), (45413, DATE)], ["R1A", 1, 2], ["R1B", 4, 5]), "wide", then=shape),
    found("months down, trusts across", csv("month,R1A Ward,R1B Ward,R1C Ward", "Apr 2026,1,2,3", "May 2026,4,5,6"), "across", then=shape, file="file.csv"),
    found("one row a trust and month", csv("code,month,numerator,denominator", "R1A,Apr 2026,1,20", "R1A,May 2026,2,21"), "long", then=shape, file="file.csv"),
)  # fmt: skip
