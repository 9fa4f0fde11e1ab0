"""What cells hold: formulas, dates, numbers, names, people who come twice, and clocks."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

from tests.hostile.building import (
    CLOCK,
    DATE,
    GENERAL,
    LENGTH,
    MOMENT,
    MONTH,
    PERCENT,
    ZEROS,
    book,
    book_of,
    csv,
    parts,
    rows,
    sheet,
    strings,
    zipped,
)
from tests.hostile.corpus import Case

from espalier.imports.reading import dates_of, in_london, number_of


def typed(row: str, name: str, text: str, kept: str | None = None, **more: object) -> Case:
    """A text in a CSV cell, quoted as it should be, that must come back as typed."""
    quoted = '"' + text.replace('"', '""') + '"'
    return Case(row, name, csv("code,text", f"R1A,{quoted}"), cells={"B2": text if kept is None else kept}, **more)  # type: ignore[arg-type]


def in_cell(row: str, name: str, xml: str, text: str, kind: str, **more: object) -> Case:
    """One raw cell B1 of a workbook and what must come of it."""
    content = book_of(f'<row r="1"><c r="A1" t="str"><v>R1A</v></c>{xml}</row>')
    return Case(row, name, content, cells={"B1": text}, kinds={"B1": kind}, file="file.xlsx", **more)  # type: ignore[arg-type]


FORMULAS = (
    typed("Formulas", "command", "=cmd|' /C calc'!A0"),
    typed("Formulas", "at sign", "@SUM(1+1)*cmd|' /C calc'!A0"),
    typed("Formulas", "telephone number", "+44 20 7946 0000"),
    typed("Formulas", "minus", "-2+3+cmd|' /C calc'!A0"),
    typed("Formulas", "link", '=HYPERLINK("http://127.0.0.1/?x="&A1,"click")'),
    typed("Formulas", "TAB before it", "\t=1+1", "=1+1"),
    typed("Formulas", "carriage return before it", "\r=1+1", "=1+1"),
    typed("Formulas", "full-width equals sign", "＝1+1"),
    Case("Formulas", "zeros guarded by a formula", csv("code,n", '="00123",4'), cells={"A2": "00123"}),
    in_cell("Formulas", "formula with its last result", '<c r="B1"><f>3+4</f><v>7</v></c>', "7", "number",
            then=lambda found: found.sheets[0].cell(0, 1).formula, gives=True),
    in_cell("Formulas", "formula that gives text", '<c r="B1" t="str"><f>A1&amp;"x"</f><v>R1Ax</v></c>', "R1Ax", "text"),
    in_cell("Formulas", "formula without a result", '<c r="B1"><f>SUM(A1:A9)</f></c>', "", "empty", notes=frozenset({"formula-without-value"})),
    in_cell("Formulas", "formula in error", '<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!", "error"),
    in_cell("Formulas", "formula that reaches for another program", "<c r=\"B1\" t=\"str\"><f>cmd|'/C calc'!A0</f><v>x</v></c>", "x", "text"),
    in_cell("Formulas", "text that looks like a formula", '<c r="B1" t="inlineStr"><is><t>=1+1</t></is></c>', "=1+1", "text"),
    in_cell("Formulas", "long formula is not taken for its result", f'<c r="B1"><f>{"1+" * 4000}1</f><v>4001</v></c>', "4001", "number"),
)  # fmt: skip


def date_cell(name: str, value: object, style: int, text: str, kind: str = "date", *, from_1904: bool = False) -> Case:
    content = zipped(parts({"May": sheet(rows(["R1A", (value, style)]))}, from_1904=from_1904))
    return Case("Dates", name, content, cells={"B1": text}, kinds={"B1": kind}, file="file.xlsx")


def column(name: str, *texts: str, gives: object) -> Case:
    """A column of dates in a CSV: which question it asks, and the days (None where none is read)."""

    def read(found: object) -> object:
        cells = found.sheets[0].column(1, range(1, found.sheets[0].height))  # type: ignore[attr-defined]
        reading = dates_of(cells.texts, cells.kinds)
        return reading.question.value, [reading.read[text].day for text in texts]

    return Case("Dates", name, csv("code,date", *(f'R1A,"{text}"' for text in texts)), then=read, gives=gives)


def wrong_date(name: str, text: str, code: str, words: str) -> Case:
    def read(found: object) -> object:
        one = dates_of([found.sheets[0].text(1, 1)]).read[text]  # type: ignore[attr-defined]
        return one.day, one.wrong, words in one.what

    return Case("Dates", name, csv("code,date", f"R1A,{text}"), then=read, gives=(None, code, True))


DATES = (
    column("days first, decided by one value", "03/04/2026", "13/04/2026", gives=("", [date(2026, 4, 3), date(2026, 4, 13)])),
    column("months first, decided by one value", "03/04/2026", "04/13/2026", gives=("", [date(2026, 3, 4), date(2026, 4, 13)])),
    column("nothing decides: asks", "03/04/2026", "05/06/2026", gives=("day-or-month", [None, None])),
    column("two values contradict each other: asks", "13/04/2026", "04/13/2026", "01/02/2026",
           gives=("day-or-month", [date(2026, 4, 13), date(2026, 4, 13), None])),
    column("months in words", "1 Apr 2026", "2nd May 2026", "June 3, 2026", gives=("", [date(2026, 4, 1), date(2026, 5, 2), date(2026, 6, 3)])),
    column("Apr-19 and 2017-SEP", "Apr-19", "2017-SEP", gives=("", [date(2019, 4, 1), date(2017, 9, 1)])),
    column("two-digit years", "13/04/26", "14/04/98", gives=("", [date(2026, 4, 13), date(1998, 4, 14)])),
    column("a spreadsheet's days as text", "46171", "46172", gives=("", [date(2026, 5, 29), date(2026, 5, 30)])),
    column("quarters of a financial year", "2019/20 Q1", "Q4 2019/20", gives=("", [date(2019, 4, 1), date(2020, 1, 1)])),
    column("quarters of nobody knows which year: asks", "2019 Q1", gives=("which-quarter", [None])),
    column("2011-12 alone: asks", "2011-12", gives=("month-or-year", [None])),
    column("2011-12 among financial years", "2011-12", "2012-13", gives=("", [date(2011, 4, 1), date(2012, 4, 1)])),
    column("2011-12 among months", "2011-11", "2011-12", gives=("", [date(2011, 11, 1), date(2011, 12, 1)])),
    column("months of a financial year", "2019/20 M01", "2019/20 M12", "January 2019/20",
           gives=("", [date(2019, 4, 1), date(2020, 3, 1), date(2020, 1, 1)])),
    wrong_date("31 April", "31/04/2026", "no-such-day", "April has 30 days"),
    wrong_date("29 February 2025", "29/02/2025", "no-such-day", "February 2025 has 28 days"),
    wrong_date("no month 13", "13/13/2025", "no-such-month", "no month 13"),
    wrong_date("no year", "19-Apr", "no-year", "has no year"),
    wrong_date("2019/21 is no financial year", "2019/21", "no-such-year", "neither a month nor a financial year"),
    date_cell("a day", 46171, DATE, "2026-05-29"),
    date_cell("a day counted from 1904", 46171 - 1462, DATE, "2026-05-29", from_1904=True),
    date_cell("a month", 46143, MONTH, "2026-05-01"),
    date_cell("a moment", 46171.1041666667, MOMENT, "2026-05-29 02:30"),
    date_cell("the day that never was, 29 February 1900", 60, DATE, "60", "number"),
    date_cell("1 March 1900, the day after it", 61, DATE, "1900-03-01"),
    date_cell("1 January 1900", 1, DATE, "1900-01-01"),
    date_cell("a day below nought", -5, DATE, "-5", "number"),
    date_cell("a day beyond the year 9999", 99_999_999, DATE, "99999999", "number"),
    date_cell("a time of day", 0.5, CLOCK, "12:00", "text"),
    date_cell("more hours than a day has", 1.5, LENGTH, "36:00:00", "text"),
    in_cell("Dates", "a day written as ISO", '<c r="B1" t="d"><v>2026-05-29T00:00:00</v></c>', "2026-05-29", "date"),
)  # fmt: skip


def number(name: str, text: str, **expect: object) -> Case:
    """A text read as a number: value, missing or wrong."""
    return typed("Numbers", name, text, then=lambda found: {key: getattr(number_of(found.sheets[0].text(1, 1)), key) for key in expect}, gives=expect)


def stored(name: str, value: object, style: int, text: str, kind: str = "number", **more: object) -> Case:
    return Case("Numbers", name, book(["R1A", (value, style)]), cells={"B1": text}, kinds={"B1": kind}, file="file.xlsx", **more)  # type: ignore[arg-type]


NUMBERS = (
    typed("Numbers", "payroll number with zeros", "00012345"),
    number("staff number shown with an exponent", "1.23E+15", wrong="digits-lost", value=None),
    number("not applicable", "N/A", missing="not-applicable", value=None),
    number("a dash", "-", missing="dash", value=None),
    number("nil is not nought", "nil", missing="nil", value=None),
    number("a star", "*", missing="suppressed", value=None),
    number("two dots", "..", missing="not-available", value=None),
    number("c", "c", missing="suppressed", value=None),
    number("below a threshold", "<5", missing="suppressed", value=None),
    number("decimal comma", "1,5", wrong="decimal-comma", value=None),
    number("two numbers", "12/50", wrong="two-numbers", value=None),
    number("brackets", "(4)", wrong="brackets", value=None),
    number("words", "about four", wrong="not-a-number", value=None),
    number("digits of another script", "٤٢", wrong="not-a-number", value=None),
    number("not a number, as programs write it", "NaN", missing="not-available", value=None),
    number("infinity", "inf", wrong="not-a-number", value=None),
    number("underscores", "1_000", wrong="not-a-number", value=None),
    stored("code with zeros from its format", 12345, ZEROS, "00012345", "text"),
    stored("percentage as seen", 0.045, PERCENT, "4.5%"),
    stored("long staff number", 1230000000000000, GENERAL, "1230000000000000", notes=frozenset({"digits-lost"})),
    stored("stored with too many digits", "4.6600000000000001", GENERAL, "4.66"),
    stored("tiny", "1E-7", GENERAL, "0.0000001"),
    stored("beyond all numbers", "1E999", GENERAL, "1E999", "error"),
    stored("a million digits", "9" * 1_000_000, GENERAL, "9" * 100, "error"),
    stored("not a number in a number's cell", "0x10", GENERAL, "0x10", "error"),
    in_cell("Numbers", "yes or no", '<c r="B1" t="b"><v>1</v></c>', "TRUE", "bool"),
)


def same_twice(*lines: str, gives: object) -> dict[str, object]:
    return {"content": csv("name,e-mail,post", *lines), "then": lambda found: [found.sheets[0].texts(row) for row in (1, 2)], "gives": gives}


DUPLICATES = (
    Case("Duplicates", "exactly the same row twice: both kept for a person to see", **same_twice(
        "Ada,ada@example.org,1", "Ada,ada@example.org,1", gives=[("Ada", "ada@example.org", "1")] * 2)),
    Case("Duplicates", "same e-mail in other letters: as typed", **same_twice(
        "Ada,ADA@example.org,1", "Ada,ada@example.org,1", gives=[("Ada", "ADA@example.org", "1"), ("Ada", "ada@example.org", "1")])),
    Case("Duplicates", "one person with two posts is two rows", **same_twice(
        "Ada,ada@example.org,1", "Ada,ada@example.org,2", gives=[("Ada", "ada@example.org", "1"), ("Ada", "ada@example.org", "2")])),
)  # fmt: skip

SIAN = "Siân O’Brien‑Łukasz"
NAMES = (
    *(
        typed("Names", what, name)
        for what, name in {
            "accents, an apostrophe and a hyphen that does not break": SIAN,
            "Japanese": "株式会社",
            "one word": "Sukarno",
            "200 letters": "Ab" * 100,
            "right to left": "محمد بن سلمان",
            "a letter and its accent apart, as typed": unicodedata.normalize("NFD", "Zoë"),
            "a letter and its accent in one, as typed": unicodedata.normalize("NFC", "Zoë"),
            "emoji of several signs": "Sam 👩🏽‍⚕️",
            "called Null": "Null",
            "called None": "None",
            "called True": "True",
            "a script": "<script>alert(1)</script>",
            "Cyrillic letters that look Latin": "аdmin",
            "marks that turn the reading direction": "Ann\u202egpj.exe",
            "comma and quotation marks": 'O"Brien, "Bo"',
            "database words": "Robert'); DROP TABLE students;--",
            "template signs": "{{ 7*7 }} ${x} %s",
        }.items()
    ),
    Case("Names", "emoji in a workbook's shared texts", zipped(parts({"May": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')},
         shared=strings("Sam 👩🏽‍⚕️"))), cells={"A1": "Sam 👩🏽‍⚕️"}, file="file.xlsx"),
    Case("Names", "emoji escaped half by half", book(["_xD83D__xDE00_", 1]), cells={"A1": "😀"}, file="file.xlsx"),
    Case("Names", "half an emoji", book(["a_xD83D_b", 1]), cells={"A1": "ab"}, file="file.xlsx"),
    Case("Names", "hints of pronunciation are not part of a name", zipped(parts({"May": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')},
         shared=strings("東京").replace("</si>", '<rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>'))), cells={"A1": "東京"}, file="file.xlsx"),
    Case("Names", "words in several colours are one text", zipped(parts({"May": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')},
         shared=strings("X").replace("<t>X</t>", "<r><t>Ward </t></r><r><rPr><b/></rPr><t>7</t></r>"))), cells={"A1": "Ward 7"}, file="file.xlsx"),
    Case("Names", "sheet with a script for its name", zipped(parts({"<script>": sheet(rows(["a", 1]))})),
         then=lambda found: found.sheets[0].name, gives="<script>", file="file.xlsx"),
)  # fmt: skip


def clock(name: str, text: str, gives: object) -> Case:
    def read(found: object) -> object:
        moment = dates_of([found.sheets[0].text(1, 1)]).read[text].moment  # type: ignore[attr-defined]
        london = in_london(moment)
        return london.wrong, london.twice, london.at.astimezone(UTC).replace(tzinfo=None) if london.at else None

    return Case("Clocks", name, csv("code,at", f"R1A,{text}"), then=read, gives=gives)


CLOCKS = (
    clock("01:30 on the last Sunday of March does not exist", "29/03/2026 01:30", ("no-such-time", False, None)),
    clock("02:30 on that Sunday is summer time", "29/03/2026 02:30", ("", False, datetime(2026, 3, 29, 1, 30))),
    clock("01:30 on the last Sunday of October comes twice", "25/10/2026 01:30", ("", True, datetime(2026, 10, 25, 0, 30))),
    clock("02:30 on that Sunday is winter time", "25/10/2026 02:30", ("", False, datetime(2026, 10, 25, 2, 30))),
    clock("23:59 in summer", "30/06/2026 23:59", ("", False, datetime(2026, 6, 30, 22, 59))),
    clock("24:00 is the next day's midnight", "30/06/2026 24:00", ("", False, datetime(2026, 6, 30, 23, 0))),
    clock("midnight at the start of the day", "30/06/2026 00:00", ("", False, datetime(2026, 6, 29, 23, 0))),
    clock("a moment with its own zone", "2026-06-30T23:59:00Z", ("", False, datetime(2026, 6, 30, 23, 59))),
    wrong_date("25 o'clock", "30/06/2026 25:00", "no-such-time", "no time 25:00"),
)
CASES = (*FORMULAS, *DATES, *NUMBERS, *DUPLICATES, *NAMES, *CLOCKS)
