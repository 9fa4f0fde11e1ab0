"""The first cell of a pasted row: which month, week, day, quarter or year it names."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from espalier.common.periods import Grain, period_start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
HOW = {
    "day": "Write the day like 4 Mar 2019 or 2019-03-04.",
    "week": "Write the Monday of the week like 4 Mar 2019 or 2019-03-04.",
    "month": "Write the month like Apr 2019 or 2019-04.",
    "quarter": "Write the first month of the quarter, like Apr 2019, or Q1 2019/20.",
    "year": "Write the year like 2019.",
}
_NAMED = re.compile(r"([a-z]{3,9})[ \-/.,']*(\d{4}|\d{2})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[ T]00:00(:00)?)?")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_DAY_NAMED = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ \-/.]([a-z]{3,9})[ \-/.,]*(\d{4})", re.IGNORECASE)
_FINANCIAL_QUARTER = re.compile(r"q([1-4])[ ,]*(\d{4})[/\-–](\d{2})", re.IGNORECASE)
_MONTHS_OF_QUARTER = re.compile(r"([a-z]{3,9})\.?(?: ?[-–] ?| to )[a-z]{3,9}\.?[ ,]*(\d{4})", re.IGNORECASE)


def reader_for(frequency: Grain, column: Sequence[str]) -> Callable[[str], date]:
    """Return how to read the first cells of a block, each as the first day of its period.

    03/04/2019 is April in one country and March in another. Days are read so only where another row of the same block
    (13/04/2019) shows which number is the day; otherwise they are refused, never guessed.
    """
    if frequency == "month":
        return month_of
    if frequency == "quarter":
        return quarter_of
    if frequency == "year":
        return year_of
    order = _order(column)
    return lambda text: period_start(day_of(text, order), frequency)


def month_of(text: str) -> date:
    """Read a month as spreadsheets show it; a day that could be read two ways is refused, never guessed.

    >>> month_of("Apr-19"), month_of("April 2019"), month_of("2019-04-01"), month_of("01/04/2019")
    (datetime.date(2019, 4, 1), datetime.date(2019, 4, 1), datetime.date(2019, 4, 1), datetime.date(2019, 4, 1))
    """
    text = text.strip()
    if (named := _NAMED.fullmatch(text)) and named[1][:3].lower() in MONTHS:
        year = int(named[2]) + (2000 if len(named[2]) == 2 else 0)
        return date(year, MONTHS.index(named[1][:3].lower()) + 1, 1)
    if iso := _ISO.fullmatch(text):
        return date(int(iso[1]), int(iso[2]), 1)
    if slashed := _SLASHED.fullmatch(text):
        first, second, year = (int(part) for part in slashed.groups())
        if first != 1 and second <= 12 and first <= 12:
            raise ValueError(f"could be the {first} of month {second} or the {second} of month {first}")
        return date(year, second if second <= 12 else first, 1)
    raise ValueError("is not a month")


def quarter_of(text: str) -> date:
    """Read a quarter by its first month, by its months, or as the financial year has it; Q1 2019 alone could be either.

    >>> quarter_of("Apr 2019"), quarter_of("Q1 2019/20"), quarter_of("April to June 2019"), quarter_of("Q4 2019/20")
    (datetime.date(2019, 4, 1), datetime.date(2019, 4, 1), datetime.date(2019, 4, 1), datetime.date(2020, 1, 1))
    """
    text = text.strip()
    if financial := _FINANCIAL_QUARTER.fullmatch(text):
        month, year = 3 * int(financial[1]) + 1, int(financial[2])
        if (year + 1) % 100 != int(financial[3]):
            raise ValueError("is not a financial year")
        return date(year + month // 13, (month - 1) % 12 + 1, 1)
    if re.fullmatch(r"(q[1-4][ ,\-]*\d{4})|(\d{4}[ ,\-]*q[1-4])", text, re.IGNORECASE):
        raise ValueError("could be a quarter of the calendar year or of the financial year")
    if months := _MONTHS_OF_QUARTER.fullmatch(text):
        text = f"{months[1]} {months[2]}"
    day = month_of(text)
    if day != period_start(day, "quarter"):
        raise ValueError("is not the first month of a quarter")
    return day


def year_of(text: str) -> date:
    """Read a calendar year.

    >>> year_of("2019")
    datetime.date(2019, 1, 1)
    """
    if re.fullmatch(r"(19|2\d)\d\d", text.strip()):
        return date(int(text), 1, 1)
    raise ValueError("is not a calendar year")


def day_of(text: str, order: str = "") -> date:
    """Read a day; order says which number of 03/04/2019 is the day, where anything shows it.

    >>> day_of("4 Mar 2019"), day_of("2019-03-04"), day_of("13/03/2019"), day_of("04/03/2019", "day-first")
    (datetime.date(2019, 3, 4), datetime.date(2019, 3, 4), datetime.date(2019, 3, 13), datetime.date(2019, 3, 4))
    """
    text = text.strip()
    if (named := _DAY_NAMED.fullmatch(text)) and named[2][:3].lower() in MONTHS:
        return _real(int(named[3]), MONTHS.index(named[2][:3].lower()) + 1, int(named[1]))
    if (iso := _ISO.fullmatch(text)) and iso[3]:
        return _real(int(iso[1]), int(iso[2]), int(iso[3]))
    if slashed := _SLASHED.fullmatch(text):
        first, second, year = (int(part) for part in slashed.groups())
        order = order or _order([text]) or ("day-first" if first == second else "")
        if not order:
            raise ValueError(f"could be the {first} of month {second} or the {second} of month {first}")
        return _real(year, second, first) if order == "day-first" else _real(year, first, second)
    raise ValueError("is not a day")


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None


def _order(column: Sequence[str]) -> str:
    """Say which number comes first in a column of days; nothing where it could be either, or where rows disagree."""
    found = [match for cell in column if (match := _SLASHED.fullmatch(cell.strip()))]
    day_first, month_first = any(int(one[1]) > 12 for one in found), any(int(one[2]) > 12 for one in found)
    if day_first == month_first:
        return ""
    return "day-first" if day_first else "month-first"
