"""A file is read in a process of its own, and comes back whole."""

from __future__ import annotations

import io
import random
import sys
import time
import unicodedata
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from espalier.imports.reading import Kind, Limits, UnableToReadFile, layout_of, long_table, open_file, opening, tables_in, wire
from espalier.imports.reading.book import SheetBuilder

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
ALPHABETS = ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "àâçéèêëîïôöùûüÿñßæœŠŽžÀÉÈÖÜØøåÅ", "’‘“”–—•£€ -'.")
WIDER = ("łńśźżąęćőűğışčěřž", "株式会社田中太郎", "محمدعليحسن", "ΑΒΓαβγδ", "Жанна", "👩🏽‍⚕️😀", "e\u0301a\u0308")


def names(encoding: str) -> list[str]:
    chance = random.Random(500)  # noqa: S311  the same each time
    letters = "".join(ALPHABETS if encoding == "cp1252" else (*ALPHABETS, *WIDER))
    made = ["".join(chance.choice(letters) for _ in range(chance.randint(1, 30))).strip() or "A" for _ in range(490)]
    return [*made, "Siân O’Brien", "Null", "None", "nan", "<script>", "a,b", 'a"b', "a;b", "Ab" * 100, "="]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_500_names_survive(encoding: str, tmp_path: Path) -> None:
    wanted = names(encoding)
    assert len(wanted) == 500
    path = tmp_path / "names.csv"
    lines = ["code,name", *(f'R{n},"{name.replace(chr(34), chr(34) * 2)}"' for n, name in enumerate(wanted))]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    sheet = open_file(path, name="names.csv").sheets[0]
    assert list(sheet.column(1, range(1, 501)).texts) == wanted


def test_500_names_survive_in_a_workbook(tmp_path: Path) -> None:
    wanted = names("utf-8")
    book = xlsxwriter.Workbook(tmp_path / "names.xlsx")
    sheet = book.add_worksheet()
    for row, name in enumerate(wanted):
        sheet.write_string(row, 0, name)
    book.close()
    read = open_file(tmp_path / "names.xlsx", name="names.xlsx").sheets[0]
    assert list(read.column(0, range(500)).texts) == wanted
    assert {unicodedata.is_normalized("NFC", name) for name in wanted} == {True, False}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip), min_size=2, max_size=5), min_size=1, max_size=8))
def test_what_is_written_is_what_is_read(tmp_path: Path, rows: list[list[str]]) -> None:
    """A workbook of any texts comes back cell for cell."""
    if not any(any(row) for row in rows):
        return
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(at, column, text)
    path = tmp_path / "any.xlsx"
    path.write_bytes(out.getvalue())
    read = open_file(path, name="any.xlsx").sheets[0]
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            assert read.cell(at, column).text == text
    for table in tables_in(read):
        list(long_table(table, layout_of(table)).rows())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a,b\n", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_any_bytes_are_read_or_refused_in_words(tmp_path: Path, rest: bytes, start: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(start + rest)
    error = None
    try:
        open_file(path, name="any.csv")
    except UnableToReadFile as refused:
        error = refused
    assert error is None or (error.code != "unreadable" and error.what and error.to_do)


def big(path: Path, rows: int = 50_000, columns: int = 8) -> Path:
    chance = random.Random(1)  # noqa: S311  the same each time
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["Code", "Name", "Month", "Numerator", "Denominator", "Rate", "Group", "Note"][:columns])
        for row in range(1, rows + 1):
            code = row % 300
            values = [f"R{code:03}", f"Trust {code}", f"2026-{row % 12 + 1:02}", chance.randint(0, 90), chance.randint(90, 9000), chance.random(), "Nurses", f"n{row}"]
            sheet.write_row(row, 0, values)
    return path


def spent_reading(path: Path) -> float:
    import resource

    def spent() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    start = spent()
    (table,) = [table for sheet in open_file(path, name=path.name).sheets for table in tables_in(sheet)]
    assert len(table.rows) == 50_000
    assert layout_of(table).shape.value == "long"
    return spent() - start


def test_50_000_rows_are_opened_and_recognised_in_seconds(tmp_path: Path) -> None:
    workbook = big(tmp_path / "big.xlsx")
    sheet = open_file(workbook, name="big.xlsx").sheets[0]
    plain = tmp_path / "big.csv"
    plain.write_text("\n".join(",".join(sheet.texts(row)) for row in range(sheet.height)), encoding="utf-8")
    # Seconds of computing, so that a busy machine does not fail the test.
    assert spent_reading(workbook) <= 4
    assert spent_reading(plain) <= 2


def test_a_child_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = big(tmp_path / "big.xlsx", rows=5_000)
    with pytest.raises(UnableToReadFile) as caught:
        open_file(path, name="big.xlsx", limits=Limits(wall_seconds=0.02))
    assert caught.value.code == "too-slow"


def test_a_child_without_memory_refuses(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(b"," * 10_000_000 + b"x")  # a list of ten million cells takes 80 MB
    with pytest.raises(UnableToReadFile) as caught:
        open_file(path, name="wide.csv", limits=Limits(memory_bytes=60_000_000))
    assert caught.value.code == "too-large"


def test_the_child_sees_no_secret_and_loads_nothing_heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tmp_path / "said"
    look = f"import sys, os; sys.path.insert(0, sys.argv[1]); import espalier.imports.reading.child; open({str(said)!r}, 'w').write(str((dict(os.environ), [m for m in ('django', 'polars', 'pyarrow', 'fastexcel', 'numpy') if m in sys.modules])))"
    monkeypatch.setenv("ESPALIER_SECRET_KEY", "not for the child")
    monkeypatch.setattr(opening, "START", look)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UnableToReadFile):
        open_file(path, name="a.csv")
    assert "not for the child" not in said.read_text()
    assert said.read_text().endswith("[])")


@pytest.mark.parametrize("answer", [b"", b"{}\n", b"[]\n", b"nonsense", b'{"book": {}, "notes": [], "sheets": [{"rows": 9, "cells": 9}]}\n'])
def test_an_answer_no_child_sends_is_not_believed(answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "START", f"import sys; sys.stdout.buffer.write({answer!r})")
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UnableToReadFile) as caught:
        open_file(path, name="a.csv")
    assert caught.value.code == "unreadable"


def test_numbers_beyond_the_list_of_texts_are_refused() -> None:
    words: dict[str, int] = {}
    builder = SheetBuilder("May", words)
    builder.add(["a", "b"], bytes([Kind.TEXT, Kind.TEXT]))
    out = io.BytesIO()
    wire.write_book(out, {"name": "x", "format": "csv"}, [builder], {"a": 0}, [])
    out.seek(0)
    with pytest.raises(ValueError, match="do not fit"):
        wire.read_book(out)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnableToReadFile) as caught:
        open_file(tmp_path / "none.csv", name="none.csv")
    assert caught.value.code == "not-there"
    assert sys.executable not in str(caught.value)
