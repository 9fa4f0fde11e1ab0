"""Which days make sense: a year that was mistyped is asked again, kindly. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from espalier.common.errors import UnableTo

FIRST = date(2000, 1, 1)  # nothing that is kept here began before
TRAINED = date(1970, 1, 1)  # nobody who coaches today was trained before
# Years that may lie between today and a day that is planned.
TEST_AHEAD, PROGRAMME_AHEAD, SESSION_AHEAD, VALUE_AHEAD, TASK_AHEAD, START_AHEAD, AIM_AHEAD = 2, 2, 5, 5, 5, 5, 20
ASK_AHEAD, MONEY_AHEAD, UNTIL_AHEAD = 2, 1, 20


def wrong_day(day: date, *, today: date, ahead: int, first: date = FIRST) -> Literal["", "early", "late"]:
    """Say whether a day lies before the first one that makes sense, or more than so many years ahead.

    >>> from datetime import date
    >>> wrong_day(date(1900, 1, 1), today=date(2026, 5, 2), ahead=2), wrong_day(date(2028, 5, 3), today=date(2026, 5, 2), ahead=2)
    ('early', 'late')
    >>> wrong_day(date(2028, 5, 2), today=date(2026, 5, 2), ahead=2)
    ''
    """
    if day < first:
        return "early"
    return "late" if (day.year - ahead, day.month, day.day) > (today.year, today.month, today.day) else ""


def can_be_meant(day: date, *, today: date, code: str, ahead: int, called: str = "day") -> None:
    """Refuse a day or a month that is long ago or far ahead: mostly the year was mistyped. code names the box it stands in.

    >>> can_be_meant(date(2099, 12, 3), today=date(2026, 5, 2), code="on_day", ahead=1)
    Traceback (most recent call last):
    ...
    espalier.common.errors.UnableTo: That day is too far ahead. Choose a day within the next year.
    """
    wrong = wrong_day(day, today=today, ahead=ahead)
    if wrong == "early":
        raise UnableTo(f"That {called} is too long ago.", to_do=f"Choose {FIRST:%-d %B %Y} or later.", code=code)
    if wrong:
        years = "year" if ahead == 1 else f"{ahead} years"
        raise UnableTo(f"That {called} is too far ahead.", to_do=f"Choose a day within the next {years}.", code=code)
