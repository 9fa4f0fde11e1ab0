"""What a typed figure must be, and which period is asked for next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.common.errors import UnableTo
from espalier.common.periods import Grain, number_of, period_start, start_of_number, step
from espalier.measures.rules.figures import value_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date


class UnableToStoreFigure(UnableTo):
    """The figure cannot be right as it was typed; field says which box to look at."""

    code = "figure"

    def __init__(self, what: str, *, to_do: str, field: str) -> None:
        self.field = field
        super().__init__(what, to_do=to_do)


def needs_denominator(definition: Mapping[str, Any]) -> bool:
    """Whether a figure of this measure is a number out of another one."""
    return bool(definition["measured_in"] != "count")


def checked_value(definition: Mapping[str, Any], numerator: float, denominator: float | None) -> float | None:
    """Work out the value of a typed figure, or say what cannot be right about it.

    A percentage whose part is larger than its whole is the commonest slip: the two boxes were mixed up.

    >>> checked_value({"measured_in": "percent"}, 45, 50)
    90.0
    """
    measured_in = str(definition["measured_in"])
    if numerator < 0:
        raise UnableToStoreFigure("A count cannot be below 0.", to_do="Check the first number.", field="numerator")
    if definition.get("whole") and not float(numerator).is_integer():
        what = f"{numerator:,.10g} is not a whole number, and this measure counts people, things or events."
        raise UnableToStoreFigure(what, to_do="Type how many there were.", field="numerator")
    if measured_in != "count":
        _refuse_denominator(numerator, denominator)
        if measured_in == "percent" and denominator is not None and numerator > denominator:
            raise UnableToStoreFigure(
                f"{numerator:,.0f} out of {denominator:,.0f} is more than all of them.",
                to_do="Are the two numbers the wrong way round?",
                field="numerator",
            )
    value = value_of(measured_in, numerator, denominator)
    _within(definition, value)
    return value


def _refuse_denominator(numerator: float, denominator: float | None) -> None:
    """Refuse a second number out of which nothing can be; 0 out of 0 is a month in which nothing was there to count."""
    if denominator is None:
        raise UnableToStoreFigure("The second number is missing.", to_do="Type how many there were in all.", field="denominator")
    if denominator < 0:
        raise UnableToStoreFigure("The second number cannot be below 0.", to_do="Check the second number.", field="denominator")
    if denominator == 0 and numerator > 0:
        what = f"{numerator:,.10g} out of 0 cannot be."
        raise UnableToStoreFigure(what, to_do="Check the second number: how many were there in all?", field="denominator")


def _within(definition: Mapping[str, Any], value: float | None) -> None:
    low, high = definition.get("lowest"), definition.get("highest")
    slack = 1e-9 * abs(high or 1)  # 100 × n ÷ n may come out a hair above 100
    if value is not None and ((low is not None and value < low) or (high is not None and value > high + slack)):
        limits = f"between {low} and {high}" if low is not None and high is not None else f"{low} or more"
        raise UnableToStoreFigure(f"That makes {value:,.1f}, but it must be {limits}.", to_do="Check both numbers.", field="numerator")


def missing_periods(known: Collection[date], *, today: date, frequency: Grain = "month") -> tuple[date, ...]:
    """Return the periods without a figure, oldest first, from the first one known to the last that has ended.

    Without any figure only the last one is asked for: nobody should face a wall of empty months on the first day.

    >>> from datetime import date
    >>> missing_periods([date(2026, 1, 1), date(2026, 3, 1)], today=date(2026, 5, 20))
    (datetime.date(2026, 2, 1), datetime.date(2026, 4, 1))
    >>> missing_periods([date(2026, 5, 4)], today=date(2026, 5, 20), frequency="week")
    (datetime.date(2026, 5, 11),)
    """
    last = number_of(today, frequency) - 1
    first = number_of(min(known), frequency) if known else last
    return tuple(day for number in range(first, last + 1) if (day := start_of_number(number, frequency)) not in known)


def refuse_period(day: date, *, today: date, frequency: Grain = "month", field: str = "month") -> None:
    """Refuse a figure for a period that is not over, or for a day that is not the first of one.

    Half a month beside whole ones looks like a change. A weekly figure stored under its Wednesday would stand beside
    the one stored under its Monday.
    """
    if day > today:
        raise UnableToStoreFigure(f"That {frequency} has not begun.", to_do=f"Choose a {frequency} that is over.", field=field)
    if (start := period_start(day, frequency)) != day:
        what = f"No {frequency} begins on {day.day} {day:%B %Y}."
        raise UnableToStoreFigure(what, to_do=f"Take {start.day} {start:%B %Y} instead.", field=field)
    if (after := step(day, frequency, 1)) > today:
        what = f"That {frequency} is not over yet."
        raise UnableToStoreFigure(what, to_do=f"It can be put in from {after.day} {after:%B %Y}.", field=field)


missing_months = missing_periods  # what callers say whose figures are monthly
