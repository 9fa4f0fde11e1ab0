"""What one line of a file must say to be a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.common.periods import period_start
from espalier.measures.rules.entering import UnableToStoreFigure, checked_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from espalier.common.periods import Grain

Numbers = tuple[float | None, float | None, float | None]
LARGEST = 1e12  # more than anybody counts; a number too large to store is never half stored
# How long a period a text may name for each frequency; a year is no month, whichever month one would take.
GRAINS = {
    "day": ("day",), "week": ("day",), "month": ("day", "month"), "quarter": ("day", "month", "quarter"),
    "year": ("day", "month", "quarter", "year"),
}  # fmt: skip


def period_of(frequency: Grain, day: date, grain: str) -> date:
    """Return the first day of the period a text names, under which its figure is stored.

    >>> from datetime import date
    >>> period_of("month", date(2019, 4, 30), "day"), period_of("week", date(2019, 4, 30), "day")
    (datetime.date(2019, 4, 1), datetime.date(2019, 4, 29))
    """
    if grain not in GRAINS.get(frequency, GRAINS["month"]):
        raise UnableToStoreFigure(
            f"It names a whole {grain.replace('-', ' ')}, and these figures are for each {frequency}.",
            to_do=f"Give one figure for each {frequency}.",
            field="period",
        )
    return period_start(day, frequency)


def numbers_of(definition: Mapping[str, Any], numerator: float | None, denominator: float | None, value: float | None) -> Numbers:
    """Return the three numbers of a figure. A file may give the counts, or only what they come to.

    With counts the value is always worked out from them: a rounded percentage beside its counts would else be two truths.

    >>> numbers_of({"measured_in": "percent"}, 45, 50, 90.1)
    (45, 50, 90.0)
    >>> numbers_of({"measured_in": "percent"}, None, None, 4.7)
    (None, None, 4.7)
    """
    if max((abs(number) for number in (numerator, denominator, value) if number is not None), default=0) > LARGEST:
        raise UnableToStoreFigure("That is larger than anything counted here.", to_do="Check the number.", field="numerator")
    if numerator is not None:
        return numerator, (None if definition["measured_in"] == "count" else denominator), checked_value(definition, numerator, denominator)
    if definition["measured_in"] == "count" and value is not None:
        return value, None, checked_value(definition, value, None)
    if value is None:
        raise UnableToStoreFigure("The first number is missing.", to_do="Fill it in, or leave the whole row out.", field="numerator")
    low, high = definition.get("lowest"), definition.get("highest")
    if (low is not None and value < low) or (high is not None and value > high):
        limits = f"between {low} and {high}" if low is not None and high is not None else f"{low} or more"
        raise UnableToStoreFigure(f"It must be {limits}.", to_do="Check the number.", field="value")
    return None, None, value


def plainly_differs(given: float | None, worked_out: float | None) -> bool:
    """Whether a value given beside its counts is another one than they come to, rounding apart.

    >>> plainly_differs(14.2, 14.2857), plainly_differs(15.0, 14.2857)
    (False, True)
    """
    if given is None or worked_out is None:
        return False
    return abs(given - worked_out) > max(0.1, abs(worked_out) * 0.01)
