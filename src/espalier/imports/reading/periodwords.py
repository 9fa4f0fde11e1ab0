"""What one text could mean as a day or period, before its column has been looked at.

Some texts have one meaning, some have two (03/04/2026; 2011-12), some have none and say why.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class Order(StrEnum):
    """Which of two numbers comes first in 03/04/2026."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Grain(StrEnum):
    """How long a period a text names."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FINANCIAL_YEAR = "financial-year"


class Question(StrEnum):
    """What a column asks when nothing in it decides."""

    NONE = ""
    DAY_OR_MONTH = "day-or-month"  # 03/04/2026
    MONTH_OR_YEAR = "month-or-year"  # 2011-12: December 2011, or the financial year
    WHICH_QUARTER = "which-quarter"  # Q1 2026: from January, or from April


@dataclass(frozen=True, slots=True)
class DateRead:
    """One text read: `day` is the first day of what it names, None when `wrong` (a code) says why not.

    `moment` is set when the text also held a time of day, as the clock on the wall showed it.
    """

    day: date | None
    grain: Grain | None = None
    moment: datetime | None = None
    wrong: str = ""
    what: str = ""
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class Meanings:
    """All a text could mean. With no question there is one meaning, `first`.

    With a question: `first` is the answer day-first, month, or quarter from January; `second` the other one.
    `evidence` says that although the text has one meaning, it has it only in that order: 13/04/2026.
    """

    first: DateRead
    second: DateRead | None = None
    question: Question = Question.NONE
    evidence: Order | Grain | None = None
    note: str = ""


MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
MONTHS |= {name.lower()[:3]: n for name, n in list(MONTHS.items())} | {"sept": 9}
MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
DAYS = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
GAP = r"[\s\-/.,_]*"
CLOCK = (
    r"(?:[T\s,]+(?:at\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>am|pm)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
FY = r"(?:FY\s*)?(?P<year>(?:19|20)\d\d)\s*[/\-–]\s*(?P<to>(?:19|20)?\d\d)"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text + r"\Z", re.IGNORECASE)


ISO_DAY = _pattern(r"(?P<year>\d{4})([-/.])(?P<mon>\d{1,2})\2(?P<day>\d{1,2})" + CLOCK)
TWO_NUMBERS = _pattern(DAYS + r"(?P<a>\d{1,2})\s*([-/. ])\s*(?P<b>\d{1,2})\s*\2\s*(?P<year>\d{4}|\d{2})" + CLOCK)
DAY_WORD = _pattern(DAYS + rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?{GAP}{MONTH}{GAP}(?P<year>\d{{4}}|'?\d{{2}})" + CLOCK)
WORD_DAY = _pattern(DAYS + rf"{MONTH}{GAP}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*[,\s]\s*(?P<year>\d{{4}})" + CLOCK)
WORD_YEAR = _pattern(rf"{MONTH}{GAP}(?P<year>\d{{4}}|'?\d{{2}})")
YEAR_WORD = _pattern(rf"(?P<year>\d{{4}}){GAP}{MONTH}")
WORD_FY = _pattern(rf"{MONTH}{GAP}{FY}")
FY_WORD = _pattern(rf"{FY}{GAP}{MONTH}")
FY_MONTH = _pattern(rf"{FY}{GAP}(?:M|month|period|P)\s*(?P<count>\d{{1,2}})")
MONTH_FY = _pattern(rf"(?:M|month|period|P)\s*(?P<count>\d{{1,2}}){GAP}{FY}")
FY_QUARTER = _pattern(rf"{FY}{GAP}(?:Q|quarter|qtr)\s*(?P<quarter>\d)")
QUARTER_FY = _pattern(rf"(?:Q|quarter|qtr)\s*(?P<quarter>\d){GAP}{FY}")
YEAR_QUARTER = _pattern(rf"(?P<year>\d{{4}}){GAP}(?:Q|quarter|qtr)\s*(?P<quarter>\d)")
QUARTER_YEAR = _pattern(rf"(?:Q|quarter|qtr)\s*(?P<quarter>\d){GAP}(?P<year>\d{{4}})")
YEAR_MONTH = _pattern(r"(?P<year>(?:19|20)\d\d)\s*[-/.]\s*(?P<mon>\d{1,2})")
MONTH_YEAR = _pattern(r"(?P<mon>\d{1,2})\s*[-/.]\s*(?P<year>(?:19|20)\d\d)")
ONLY_FY = _pattern(FY)
DIGITS = _pattern(r"(?P<year>(?:19|20)\d\d)(?P<mon>\d\d)(?P<day>\d\d)?")
ONLY_YEAR = _pattern(r"(?P<year>(?:19|20)\d\d)")
NO_YEAR = _pattern(rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{GAP})?{MONTH}(?:{GAP}(?P<d2>\d{{1,2}})(?:st|nd|rd|th))?")
# Two-digit years below this are of this century.
CENTURY_FROM = 70
SERIAL_FROM, SERIAL_TO = 20_000, 60_000  # October 1954 to April 2064
APRIL = 4


def wrong(code: str, what: str, to_do: str = "Change it or leave it blank.") -> DateRead:
    """A text that names no day."""
    return DateRead(None, wrong=code, what=what, to_do=to_do)


def full_year(text: str) -> int:
    """Year in full; two digits from 70 on are of the last century.

    >>> full_year("26"), full_year("'98"), full_year("2019")
    (2026, 1998, 2019)
    """
    year = int(text.lstrip("'"))
    return year if year > 99 else year + (1900 if year >= CENTURY_FROM else 2000)


def day_read(year: int, month: int, day: int, hit: re.Match[str] | None = None) -> DateRead:
    """A day, or why there is no such day."""
    if not 1 <= month <= 12:
        return wrong("no-such-month", f"there is no month {month}")
    if not 1 <= year <= 9998:
        return wrong("no-such-year", f"there is no year {year}")
    most = calendar.monthrange(year, month)[1]
    if not 1 <= day <= most:
        name = calendar.month_name[month] + (f" {year}" if month == 2 else "")
        return wrong("no-such-day", f"{name} has {most} days, so there is no {day}")
    found = date(year, month, day)
    clock = hit.groupdict() if hit else {}
    if clock.get("hour") is None:
        return DateRead(found, Grain.DAY)
    return _with_clock(found, clock)


def _with_clock(day: date, clock: dict[str, str | None]) -> DateRead:
    hour, minute, second = (int(clock[part] or 0) for part in ("hour", "minute", "second"))
    if clock["half"]:
        if not 1 <= hour <= 12:
            return wrong("no-such-time", f"there is no {hour} o'clock {clock['half']}")
        hour = hour % 12 + (12 if clock["half"].lower() == "pm" else 0)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return wrong("no-such-time", f"there is no time {hour}:{minute:02}")
    # 24:00 is the end of the day it is written with: the same moment as the next day's 00:00.
    moment = datetime.combine(day, time(hour % 24, minute, second)) + timedelta(days=hour // 24)
    zone = clock["zone"]
    if zone:
        moment = datetime.fromisoformat(moment.isoformat() + ("+00:00" if zone.upper() == "Z" else zone))
    return DateRead(day, Grain.DAY, moment)


def month_read(year: int, month: int) -> DateRead:
    """A month, named by its first day."""
    found = day_read(year, month, 1)
    return DateRead(found.day, Grain.MONTH) if found.day else found


def quarter_read(year: int, quarter: int, first_month: int) -> DateRead:
    """A quarter of the year that begins with `first_month`."""
    if not 1 <= quarter <= 4:
        return wrong("no-such-quarter", f"there is no quarter {quarter}")
    month = first_month + 3 * (quarter - 1)
    return DateRead(date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1), Grain.QUARTER)
