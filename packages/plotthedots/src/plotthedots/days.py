"""Dates beside the values: do they rise, and is one left out?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from plotthedots.errors import BatchError

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, Days, Ints

_HALF_MORE: Final = 1.5  # of the usual step: February's 28 days are no gap, two months are
_PAIR: Final = 2


def checked_days(dates: npt.ArrayLike, offsets: Ints) -> Days:
    """Return dates as days; refuse those that stand still or go back within a series.

    Two values on one day cannot both be "the" point of that day, and quietly adding them up would be a guess.
    """
    try:
        days = np.asarray(dates, dtype="datetime64[D]")
    except (TypeError, ValueError) as error:
        message = f"The dates are not all dates ({error}). Use ISO dates such as 2024-04-01, or date objects."
        raise BatchError("not-dates", message) from error
    if days.shape != (int(offsets[-1]),):
        message = f"There are {int(offsets[-1])} values but {days.size} dates. Give one for each value."
        raise BatchError("dates-size", message)
    wrong = np.flatnonzero((np.diff(days) <= np.timedelta64(0, "D")) & ~_borders(offsets, days.size))
    if wrong.size:
        at = int(wrong[0])
        owner = int(np.searchsorted(offsets, at, side="right")) - 1
        message = (
            f"In series {owner} the date {days[at + 1]} follows {days[at]}."
            " Sort each series by date, and give each date one value."
        )
        raise BatchError("dates-order", message)
    return days


def leaps(days: Days, offsets: Ints) -> Bits:
    """Return which series leave out a date: a step half as long again as their usual one.

    The usual step is the series' median. First days of months are compared as months, so that a February is no gap.

    >>> days = np.array(["2024-01-01", "2024-02-01", "2024-04-01"], dtype="datetime64[D]")
    >>> leaps(days, np.array([0, 3])).tolist()
    [True]
    """
    months = days.astype("datetime64[M]")
    monthly = bool((days == months).all())
    steps = np.diff((months if monthly else days).astype(np.int64))
    inside = ~_borders(offsets, days.size)
    found = np.zeros(offsets.size - 1, dtype=np.bool_)
    owner = np.repeat(np.arange(found.size), np.diff(offsets))[1:][inside]
    steps = steps[inside]
    if steps.size == 0:
        return found
    order = np.lexsort((steps, owner))  # steps are now sorted within each series
    starts = np.flatnonzero(np.r_[True, np.diff(owner) > 0])
    counts = np.diff(np.append(starts, owner.size))
    usual = steps[order][starts + (counts - 1) // _PAIR]
    longest = np.maximum.reduceat(steps, starts)
    found[owner[starts]] = longest > _HALF_MORE * usual
    return found


def _borders(offsets: Ints, points: int) -> Bits:
    """Return which steps between flat neighbours lead from one series to the next."""
    border = np.zeros(max(points - 1, 0), dtype=np.bool_)
    first = offsets[1:-1]
    border[first[(first > 0) & (first < points)] - 1] = True
    return border
