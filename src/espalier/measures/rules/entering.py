"""What a typed figure must be, and which month is asked for next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.common.errors import UnableTo
from espalier.common.periods import add_months, month_start
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
    if measured_in != "count":
        if denominator is None or denominator < 0:
            raise UnableToStoreFigure("The second number is missing.", to_do="Type how many there were in all.", field="denominator")
        if measured_in == "percent" and numerator > denominator:
            raise UnableToStoreFigure(
                f"{numerator:,.0f} out of {denominator:,.0f} is more than all of them.",
                to_do="Are the two numbers the wrong way round?",
                field="numerator",
            )
    value = value_of(measured_in, numerator, denominator)
    _within(definition, value)
    return value


def _within(definition: Mapping[str, Any], value: float | None) -> None:
    low, high = definition.get("lowest"), definition.get("highest")
    slack = 1e-9 * abs(high or 1)  # 100 × n ÷ n may come out a hair above 100
    if value is not None and ((low is not None and value < low) or (high is not None and value > high + slack)):
        limits = f"between {low} and {high}" if low is not None and high is not None else f"{low} or more"
        raise UnableToStoreFigure(f"That makes {value:,.1f}, but it must be {limits}.", to_do="Check both numbers.", field="numerator")


def missing_months(known: Collection[date], *, today: date) -> tuple[date, ...]:
    """Return the months without a figure, oldest first, from the first one known to the last that has ended.

    Without any figure only the last month is asked for: nobody should face a wall of empty months on the first day.

    >>> missing_months([date(2026, 1, 1), date(2026, 3, 1)], today=date(2026, 5, 20))
    (datetime.date(2026, 2, 1), datetime.date(2026, 4, 1))
    """
    last = add_months(month_start(today), -1)
    month = min(known, default=last)
    missing = []
    while month <= last:
        if month not in known:
            missing.append(month)
        month = add_months(month, 1)
    return tuple(missing)
