"""Bytes become text cells, or a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile

import polars as pl
import pytest
import xlsxwriter

from espalier.imports import tables
from espalier.imports.tables import Table, UnableToReadFile, read_tables


def workbook(*rows: list[object]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("May")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def test_a_csv_keeps_zeros_and_row_numbers() -> None:
    table = read_tables("a.csv", b"code,name\r\n\r\n00L,Somewhere\r\n")[0]
    assert table.rows == (("code", "name"), (), ("00L", "Somewhere"))


def test_a_workbook_reads_like_the_same_csv() -> None:
    table = read_tables("a.xlsx", workbook(["code", "rate"], ["00L", 4.5], ["72Q", 3]))[0]
    assert table.sheet == "May"
    assert table.rows == (("code", "rate"), ("00L", "4.5"), ("72Q", "3"))


def test_a_parquet_file_reads_like_the_same_csv() -> None:
    out = io.BytesIO()
    pl.DataFrame({"code": ["00L"], "name": [None]}, schema={"code": pl.String, "name": pl.String}).write_parquet(out)
    assert read_tables("a.parquet", out.getvalue())[0].rows == (("code", "name"), ("00L", ""))


def test_the_bytes_decide_and_not_the_ending_of_the_name() -> None:
    assert read_tables("a.csv", workbook(["code"], ["00L"]))[0].rows[1] == ("00L",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_survive_the_encodings_people_send(encoding: str) -> None:
    assert read_tables("a.csv", "code,name\nR1Z,Café Clinic".encode(encoding))[0].rows[1] == ("R1Z", "Café Clinic")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"  \r\n ", "it is empty"),
        (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "it is a web page"),
        (b"\xef\xbb\xbf <html>", "it is a web page"),
        (b"%PDF-1.7 ...", "an old Excel or a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ....", "an old Excel or a PDF"),
        (b"code,name\x00\x01\x02", "it is not text"),
        (b"PK\x03\x04 not really a zip file", "it is damaged"),
        (b"PAR1 not really parquet", "not a readable Parquet file"),
        (b'code,name\nR1Z,"never closed\n', "a quotation mark is not closed"),
        (b",,\n,,\n", "no filled cells"),
        (b"\xff\xfe\x00", "its letters cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnableToReadFile) as caught:
        read_tables("data.csv", content)
    assert words in caught.value.what
    assert caught.value.where.startswith("data.csv")
    assert caught.value.to_do


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UnableToReadFile, match="not a readable workbook"):
        read_tables("a.xlsx", out.getvalue())


def test_a_workbook_that_unpacks_into_far_more_is_refused_before_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_UNPACKED", 1000)
    with pytest.raises(UnableToReadFile, match="far larger than it looks"):
        read_tables("a.xlsx", workbook(["a"]))


def test_too_many_bytes_or_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(UnableToReadFile, match="more than 2 rows"):
        read_tables("a.csv", b"a\nb\nc\n")
    monkeypatch.setattr(tables, "MOST_BYTES", 3)
    with pytest.raises(UnableToReadFile, match="the most is"):
        read_tables("a.csv", b"a\nb\nc\n")


def test_a_heading_is_found_below_titles_whatever_its_line_breaks() -> None:
    table = Table("a.xlsx", "Table 4", (("Table 4: rates",), (), ("ICS \ncode", "Org  Code"), ("QKK", "RJ1")))
    header = table.find_header({"system": "ICS code", "code": "Org code"})
    assert header is not None
    assert (header.row, header.columns) == (2, {"system": 0, "code": 1})
    assert table.find_header({"system": "ICS code", "name": "Organisation name"}) is None


def test_a_problem_says_where_what_and_what_to_do() -> None:
    problem = Table("staff.xlsx", "May", ()).problem(213, "Start date", "31/04/2026", "is not a day", "Change it.")
    assert str(problem) == 'staff.xlsx, sheet "May", row 214, Start date: "31/04/2026" is not a day. Change it.'
