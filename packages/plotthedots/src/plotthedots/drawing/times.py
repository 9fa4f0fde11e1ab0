"""Dates as readers say them: "Apr 2016"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plotthedots.errors import DrawError

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Steps between labels that readers can count on: months in a year, weeks and days in round numbers.
_MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 36, 60, 120)
_OTHER_STEPS: Final = (1, 2, 4, 5, 7, 10, 13, 14, 20, 26, 28, 50, 52, 100)

Dates = Sequence[Any] | npt.NDArray[Any]


def labels(dates: Dates | None, points: int) -> list[str]:
    """Return what each point is called: dates in words, other labels as they are, or 1, 2, 3.

    Dates that all fall on the first of a month are months; on the first of January, years.

    >>> labels(["2016-04-01", "2016-05-01"], 2), labels(["2016-04-04"], 1), labels(None, 2)
    (['Apr 2016', 'May 2016'], ['4 Apr 2016'], ['1', '2'])
    """
    if dates is None:
        return [str(number + 1) for number in range(points)]
    if len(dates) != points:
        message = f"There are {len(dates)} dates for {points} points. Give one date for each point, missing ones too."
        raise DrawError("dates-size", message)
    try:
        days = np.asarray(dates, dtype="datetime64[D]")
    except (TypeError, ValueError):
        return [str(each) for each in dates]
    months = days.astype("datetime64[M]").astype(np.int64)
    inside = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    named = [(int(month) // 12 + 1970, _MONTHS[int(month) % 12]) for month in months]
    if points > 1 and (inside == 1).all():
        if (months % 12 == 0).all():
            return [str(year) for year, _ in named]
        return [f"{name} {year}" for year, name in named]
    return [f"{day} {name} {year}" for day, (year, name) in zip(inside.tolist(), named, strict=True)]


def chosen(words: Sequence[str], room: float, letter: float) -> list[int]:
    """Return which points get a label so that none touch: evenly spaced, from the first.

    >>> chosen(["Apr 2016"] * 36, 540, 7)
    [0, 6, 12, 18, 24, 30]
    """
    if not words:
        return []
    need = (max(map(len, words)) + 2) * letter
    each = room / max(len(words) - 1, 1)
    steps = _MONTH_STEPS if words[0][:3] in _MONTHS else _OTHER_STEPS
    step = next((one for one in steps if one * each >= need), max(1, len(words) - 1))
    return list(range(0, len(words), step))
