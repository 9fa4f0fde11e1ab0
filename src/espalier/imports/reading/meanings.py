"""Find all that a text could mean as a day or period."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from espalier.imports.reading import periodwords as words
from espalier.imports.reading.periodwords import (
    DateRead,
    Grain,
    Meanings,
    Order,
    Question,
    day_read,
    full_year,
    month_read,
    quarter_read,
    wrong,
)
from espalier.imports.reading.styles import serial_day

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

LONGEST = 60


def meanings_of(text: str) -> Meanings:
    """All that one text could mean. A text that is no date at all has the code not-a-date."""
    plain = " ".join(text[: 4 * LONGEST].split())
    if len(plain) <= LONGEST:
        for pattern, meaning in MEANING:
            if hit := pattern.match(plain):
                return meaning(hit)
        if plain.isascii() and plain.isdigit() and words.SERIAL_FROM <= int(plain) <= words.SERIAL_TO:
            return Meanings(DateRead(serial_day(int(plain), from_1904=False), Grain.DAY), note="serial")
    return Meanings(wrong("not-a-date", f"“{plain[:40]}” is not a date", "Write it like 29/05/2026 or May 2026, or leave it blank."))


def looks_like_period(text: str) -> bool:
    """Whether a text names a day or period, whichever of two it may be.

    >>> looks_like_period("Apr-19"), looks_like_period("2019/20 Q1"), looks_like_period("March"), looks_like_period("4.5")
    (True, True, False, False)
    """
    found = meanings_of(text)
    return found.first.day is not None and found.note != "serial"


def _iso(hit: re.Match[str]) -> Meanings:
    return Meanings(day_read(int(hit["year"]), int(hit["mon"]), int(hit["day"]), hit))


def _two_numbers(hit: re.Match[str]) -> Meanings:
    a, b, year = int(hit["a"]), int(hit["b"]), full_year(hit["year"])
    note = "two-digit-year" if len(hit["year"]) == 2 else ""
    day_first, month_first = day_read(year, b, a, hit), day_read(year, a, b, hit)
    if a == b:
        return Meanings(day_first, note=note)
    if day_first.day and month_first.day:
        return Meanings(day_first, month_first, Question.DAY_OR_MONTH, note=note)
    if day_first.day:
        return Meanings(day_first, month_first, evidence=Order.DAY_FIRST, note=note)
    if month_first.day:
        return Meanings(month_first, day_first, evidence=Order.MONTH_FIRST, note=note)
    # 31/04 is the 31st of April whichever way a column is written, and 04/31 likewise: the number above 12 is the day.
    return Meanings(month_first if b > 12 >= a else day_first, note=note)


def _day_word(hit: re.Match[str]) -> Meanings:
    read = day_read(full_year(hit["year"]), words.MONTHS[hit["month"].lower()], int(hit["day"]), hit)
    return Meanings(read, note="two-digit-year" if len(hit["year"].lstrip("'")) == 2 else "")


def _word_year(hit: re.Match[str]) -> Meanings:
    read = month_read(full_year(hit["year"]), words.MONTHS[hit["month"].lower()])
    return Meanings(read, note="two-digit-year" if len(hit["year"].lstrip("'")) == 2 else "")


def _year_month(hit: re.Match[str]) -> Meanings:
    """2019-04 is a month; 2011-12 may also be the financial year; 2019-20 can only be one; 2019-21 is neither."""
    year, number = int(hit["year"]), int(hit["mon"])
    follows = len(hit["mon"]) == 2 and number == (year + 1) % 100
    month, financial = month_read(year, number), DateRead(date(year, words.APRIL, 1), Grain.FINANCIAL_YEAR)
    if follows and month.day:
        return Meanings(month, financial, Question.MONTH_OR_YEAR)
    if follows:
        return Meanings(financial, evidence=Grain.FINANCIAL_YEAR)
    if month.day:
        return Meanings(month, evidence=Grain.MONTH)
    to_do = f"Write {year}/{(year + 1) % 100:02} if the year is meant."
    return Meanings(wrong("no-such-year", f"{hit[0]} is neither a month nor a financial year", to_do))


def _financial(hit: re.Match[str]) -> int | DateRead:
    """The first year of a financial year as written 2019/20, or why it is none."""
    year, to = int(hit["year"]), hit["to"]
    if int(to) % 100 != (year + 1) % 100 or (len(to) == 4 and int(to) != year + 1):
        return wrong("no-such-year", f"{year}/{to} is not a financial year", f"Write {year}/{(year + 1) % 100:02} if that is meant.")
    return year


def _of_financial(read: Callable[[int, re.Match[str]], DateRead]) -> Callable[[re.Match[str]], Meanings]:
    def meaning(hit: re.Match[str]) -> Meanings:
        year = _financial(hit)
        return Meanings(year if isinstance(year, DateRead) else read(year, hit))

    return meaning


def _month_of(year: int, month: int) -> DateRead:
    return month_read(year if month >= words.APRIL else year + 1, month)


def _counted(year: int, hit: re.Match[str]) -> DateRead:
    count = int(hit["count"])
    if not 1 <= count <= 12:
        return wrong("no-such-month", f"a year has no month {count}")
    return _month_of(year, (count + 2) % 12 + 1)


def _quarter(hit: re.Match[str]) -> Meanings:
    year, quarter = int(hit["year"]), int(hit["quarter"])
    from_january, from_april = quarter_read(year, quarter, 1), quarter_read(year, quarter, words.APRIL)
    if not from_january.day:
        return Meanings(from_january)
    return Meanings(from_january, from_april, Question.WHICH_QUARTER)


def _digits(hit: re.Match[str]) -> Meanings:
    if hit["day"]:
        return Meanings(day_read(int(hit["year"]), int(hit["mon"]), int(hit["day"])))
    return Meanings(month_read(int(hit["year"]), int(hit["mon"])))


def _no_year(hit: re.Match[str]) -> Meanings:
    return Meanings(wrong("no-year", f"“{hit[0]}” has no year", "Write the year as well, like 29/05/2026 or May 2026."))


MEANING: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Meanings]], ...] = (
    (words.ISO_DAY, _iso),
    (words.TWO_NUMBERS, _two_numbers),
    (words.YEAR_MONTH, _year_month),
    (words.DAY_WORD, _day_word),
    (words.WORD_DAY, _day_word),
    (words.WORD_YEAR, _word_year),
    (words.YEAR_WORD, _word_year),
    (words.ONLY_YEAR, lambda hit: Meanings(DateRead(date(int(hit["year"]), 1, 1), Grain.YEAR))),
    (words.MONTH_YEAR, lambda hit: Meanings(month_read(int(hit["year"]), int(hit["mon"])))),
    (words.ONLY_FY, _of_financial(lambda year, _: DateRead(date(year, words.APRIL, 1), Grain.FINANCIAL_YEAR))),
    (words.FY_WORD, _of_financial(lambda year, hit: _month_of(year, words.MONTHS[hit["month"].lower()]))),
    (words.WORD_FY, _of_financial(lambda year, hit: _month_of(year, words.MONTHS[hit["month"].lower()]))),
    (words.FY_MONTH, _of_financial(_counted)),
    (words.MONTH_FY, _of_financial(_counted)),
    (words.FY_QUARTER, _of_financial(lambda year, hit: quarter_read(year, int(hit["quarter"]), words.APRIL))),
    (words.QUARTER_FY, _of_financial(lambda year, hit: quarter_read(year, int(hit["quarter"]), words.APRIL))),
    (words.YEAR_QUARTER, _quarter),
    (words.QUARTER_YEAR, _quarter),
    (words.DIGITS, _digits),
    (words.NO_YEAR, _no_year),
)
