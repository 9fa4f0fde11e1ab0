"""Axes in round numbers, for programs that would start every axis at nought."""

from __future__ import annotations

from math import ceil, floor, log10


def even(least: float, most: float) -> tuple[float, float, float]:
    """Return the ends and steps of an axis in round numbers.

    >>> even(68.2, 95), even(0.2, 4.8)
    ((65.0, 95.0, 5.0), (0.0, 5.0, 1.0))
    """
    spread = most - least or abs(most) or 1.0
    tenth = 10.0 ** floor(log10(spread / 5))
    step = next(times * tenth for times in (1, 2, 5, 10) if times * tenth * 7 >= spread)
    return round(floor(least / step) * step, 9) + 0.0, round(ceil(most / step) * step, 9) + 0.0, round(step, 9) + 0.0
