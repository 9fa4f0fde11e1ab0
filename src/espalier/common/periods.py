"""Half-open periods of days (since is in, until is out, None is open), and the periods figures are counted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

# psycopg cannot read PostgreSQL's infinity, so the closure stores these instead of NULL or infinity.
EARLIEST = date(1, 1, 1)
LATEST = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of days.

    >>> Period(date(2020, 1, 1), date(2021, 1, 1)).holds(date(2021, 1, 1))
    False
    """

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.until <= self.since:
            raise ValueError(f"A period must end after it starts: {self.since} to {self.until}. Swap the days.")

    def holds(self, day: date) -> bool:
        """Whether the day lies inside; the last day does not, so that the next period can start on it."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def overlaps(self, other: Period) -> bool:
        """Whether any day lies in both."""
        return (self.since or EARLIEST) < (other.until or LATEST) and (other.since or EARLIEST) < (self.until or LATEST)


def month_start(day: date) -> date:
    """Return the first day of the month, the name under which a month's figure is stored."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """Return the first of the month that lies `months` later (or earlier when negative).

    >>> add_months(date(2019, 11, 1), 3)
    datetime.date(2020, 2, 1)
    """
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


Grain = Literal["day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "year")
_MONTHS_IN: dict[Grain, int] = {"month": 1, "quarter": 3, "year": 12}
# So many periods lie between a figure and the one of the same season a year before. Days fall on other weekdays a year
# later, and years have no season, so neither is compared so.
YEAR_BEFORE: dict[Grain, int] = {"week": 52, "month": 12, "quarter": 4}


def number_of(day: date, grain: Grain) -> int:
    """Return the period a day lies in as one number, so that neighbouring periods differ by one.

    A week is an ISO week: it begins on its Monday, also across the end of a year. Years and quarters are the calendar's.

    >>> number_of(date(2019, 3, 10), "week") - number_of(date(2019, 3, 4), "week"), number_of(date(2019, 3, 11), "month")
    (0, 24230)
    """
    if grain == "day":
        return day.toordinal()
    if grain == "week":
        return (day.toordinal() - 1) // 7  # the first day of the year 1 is a Monday
    return (day.year * 12 + day.month - 1) // _MONTHS_IN[grain]


def start_of_number(number: int, grain: Grain) -> date:
    """Return the first day of the period with this number.

    >>> start_of_number(number_of(date(2019, 6, 30), "quarter"), "quarter")
    datetime.date(2019, 4, 1)
    """
    if grain == "day":
        return date.fromordinal(number)
    if grain == "week":
        return date.fromordinal(number * 7 + 1)
    months = number * _MONTHS_IN[grain]
    return date(months // 12, months % 12 + 1, 1)


def period_start(day: date, grain: Grain) -> date:
    """Return the first day of the period a day lies in: the name under which its figure is stored.

    >>> period_start(date(2021, 1, 1), "week")
    datetime.date(2020, 12, 28)
    """
    return start_of_number(number_of(day, grain), grain)


def step(day: date, grain: Grain, periods: int) -> date:
    """Return the first day of the period that lies so many periods later (or earlier when negative).

    >>> step(date(2019, 11, 1), "quarter", 1), step(date(2019, 12, 30), "week", 1)
    (datetime.date(2020, 1, 1), datetime.date(2020, 1, 6))
    """
    return start_of_number(number_of(day, grain) + periods, grain)
