"""Which figures are expected by now, and which periods lie between two days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from espalier.common.periods import add_months, month_start

if TYPE_CHECKING:
    from collections.abc import Mapping

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}


def steps(first: date, last: date, frequency: str) -> int:
    """Count the periods from one to another; 0 for the same one, negative when the last comes first.

    >>> steps(date(2019, 1, 1), date(2019, 4, 1), "month"), steps(date(2019, 1, 7), date(2019, 1, 21), "week")
    (3, 2)
    """
    if frequency in _DAYS:
        return (last - first).days // _DAYS[frequency]
    return ((last.year - first.year) * 12 + last.month - first.month) // _MONTHS.get(frequency, 1)


def last_ended(today: date, frequency: str) -> date:
    """Return the start of the newest period that is over.

    >>> last_ended(date(2026, 5, 20), "month"), last_ended(date(2026, 5, 20), "quarter"), last_ended(date(2026, 5, 20), "week")
    (datetime.date(2026, 4, 1), datetime.date(2026, 1, 1), datetime.date(2026, 5, 11))
    """
    if frequency == "day":
        return today - timedelta(days=1)
    if frequency == "week":
        return today - timedelta(days=today.weekday() + 7)
    size = _MONTHS.get(frequency, 1)
    begun = month_start(today).replace(month=(today.month - 1) // size * size + 1)
    return add_months(begun, -size)


def expected_until(definition: Mapping[str, Any], *, newest: date | None, today: date) -> date | None:
    """Return the newest period for which a figure is expected; None where nothing is.

    What a team types is due when the period is over. What somebody publishes is due once they have published it for
    anybody: before that nobody here can do anything about it.
    """
    if definition.get("entered_by") == "teams":
        return last_ended(today, str(definition["frequency"]))
    return newest
