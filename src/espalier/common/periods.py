"""Half-open periods of days: since is in, until is out, None is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
