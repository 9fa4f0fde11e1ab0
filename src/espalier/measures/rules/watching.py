"""Which figures are expected by now, and how many lie between two days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.common.periods import Grain, number_of, start_of_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_IN_A_YEAR: dict[Grain, int] = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 2}


def steps(first: date, last: date, frequency: Grain) -> int:
    """Count the periods from one to another; 0 for the same one, negative when the last comes first.

    >>> from datetime import date
    >>> steps(date(2019, 1, 1), date(2019, 4, 1), "month"), steps(date(2019, 1, 7), date(2019, 1, 21), "week")
    (3, 2)
    """
    return number_of(last, frequency) - number_of(first, frequency)


def last_ended(today: date, frequency: Grain) -> date:
    """Return the start of the newest period that is over.

    >>> from datetime import date
    >>> last_ended(date(2026, 5, 20), "month"), last_ended(date(2026, 5, 20), "quarter"), last_ended(date(2026, 5, 20), "week")
    (datetime.date(2026, 4, 1), datetime.date(2026, 1, 1), datetime.date(2026, 5, 11))
    """
    return start_of_number(number_of(today, frequency) - 1, frequency)


def expected_until(definition: Mapping[str, Any], *, newest: date | None, today: date) -> date | None:
    """Return the newest period for which a figure is expected; None where nothing is.

    What a team types is due when the period is over. What somebody publishes is due once they have published it for
    anybody: before that nobody here can do anything about it.
    """
    if definition.get("entered_by") == "teams":
        return last_ended(today, definition["frequency"])
    return newest


def is_silent(behind: int, frequency: Grain) -> bool:
    """Whether nothing has come for more than a year; of a yearly figure, for more than two.

    >>> is_silent(12, "month"), is_silent(13, "month"), is_silent(2, "year")
    (False, True, False)
    """
    return behind > _IN_A_YEAR[frequency]
