"""The plain way: one series at a time in NumPy, as most would write it. What the kernel is measured against."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# Bits as in plotthedots.Flag.
OUTSIDE_HIGH, OUTSIDE_LOW, TWO_HIGH, TWO_LOW, SHIFT_HIGH, SHIFT_LOW, TREND_UP, TREND_DOWN = (1 << k for k in range(8))
COMMON, IMPROVEMENT, CONCERN = 1, 2, 3
PASS, FAIL, RANDOM = 1, 2, 3


def runs(bits, length, points):
    """Mark the points of every run of set bits at least so long; `points` is how many each run covers."""
    marks = np.zeros(bits.size + points - length, dtype=bool)
    if bits.size >= length:
        for start in np.flatnonzero(sliding_window_view(bits, length).all(axis=1)):
            marks[start : start + points] = True
    return marks


def two_of_three(beyond, side):
    """Mark points beyond two sigma in a window of three with two of them, all on one side."""
    marks = np.zeros(beyond.size, dtype=bool)
    if beyond.size >= 3:
        far, same = sliding_window_view(beyond, 3).sum(axis=1) >= 2, sliding_window_view(side, 3).all(axis=1)
        for start in np.flatnonzero(far & same):
            marks[start : start + 3] = True
    return marks & beyond


def judge(x, better, target):
    """Return flags, variation and assurance of one XmR series without gaps by the mdc rules."""
    ranges = np.abs(np.diff(x))
    mean = ranges.mean()
    kept = ranges[ranges < 3.267 * mean]
    width = 2.66 * (kept.mean() if kept.sum() > 0 else mean)
    centre = x.mean()
    upper, lower = centre + width, centre - width
    above, below, step = x > centre, x < centre, np.diff(x)
    flags = np.zeros(x.size, dtype=np.uint16)
    flags[x > upper] |= OUTSIDE_HIGH
    flags[x < lower] |= OUTSIDE_LOW
    flags[two_of_three(x > centre + width * 2 / 3, above)] |= TWO_HIGH
    flags[two_of_three(x < centre - width * 2 / 3, below)] |= TWO_LOW
    flags[runs(above, 7, 7)] |= SHIFT_HIGH
    flags[runs(below, 7, 7)] |= SHIFT_LOW
    flags[runs(step > 0, 6, 7)] |= TREND_UP
    flags[runs(step < 0, 6, 7)] |= TREND_DOWN
    return flags, variation(int(flags[-1]), better), assurance(lower, upper, target, better)


def variation(flags, better):
    """Return common cause, improvement or concern for the last point's flags."""
    side = 0
    if flags & (OUTSIDE_HIGH | TWO_HIGH | SHIFT_HIGH):
        side = 1
    elif flags & (OUTSIDE_LOW | TWO_LOW | SHIFT_LOW):
        side = -1
    elif flags & TREND_UP:
        side = 1
    elif flags & TREND_DOWN:
        side = -1
    if side == 0:
        return COMMON
    return IMPROVEMENT if side == better else CONCERN


def assurance(lower, upper, target, better):
    """Return pass, fail or hit-and-miss."""
    if better < 0:
        lower, upper, target = -upper, -lower, -target
    if lower >= target:
        return PASS
    return FAIL if upper < target else RANDOM
