"""Which days make sense: a year that was mistyped is asked again, kindly. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

FIRST = date(2000, 1, 1)  # nothing that is kept here began before
TRAINED = date(1970, 1, 1)  # nobody who coaches today was trained before
# Years that may lie between today and a day that is planned.
TEST_AHEAD, PROGRAMME_AHEAD, SESSION_AHEAD, VALUE_AHEAD, TASK_AHEAD, START_AHEAD, AIM_AHEAD = 2, 2, 5, 5, 5, 5, 20


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
