"""Rules about lines: outside the limits, two of three beyond two sigma, four of five beyond one.

All comparisons are strict: a point on a line is not beyond it. Only points beyond the line are marked.
Sources: Western Electric (1956), Statistical Quality Control Handbook; Shewhart (1931) for the limits.
Answers are packed, eight series to a byte: see `packed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.codes import Flag
from plotthedots.rules.runs import spread, starts_of_runs

if TYPE_CHECKING:
    from plotthedots.rules.base import Block
    from plotthedots.rules.packed import Packed
    from plotthedots.settings import Settings

_THREE: Final = 3
_FIVE: Final = 5
_FOUR: Final = 4


def outside(block: Block, settings: Settings) -> dict[Flag, Packed]:
    """Return the points beyond three sigma: rare while nothing changes, about one in 370."""
    del settings
    high, low = block.outside
    return {Flag.OUTSIDE_HIGH: high, Flag.OUTSIDE_LOW: low}


def two_of_three(block: Block, settings: Settings) -> dict[Flag, Packed]:
    """Return the points beyond two sigma that lie in a window of three with two of them.

    With "same-side" all three lie on one side of the centre. Without `count_outside` a point beyond three
    sigma is no longer one of the two: NHSRplotthedots counts so.
    """
    if settings.two_of_three == "off":
        return {}
    out: dict[Flag, Packed] = {}
    long = block.long_enough(_THREE)
    for flag, warned, outer, side in zip(
        (Flag.TWO_OF_THREE_HIGH, Flag.TWO_OF_THREE_LOW), block.warned, block.outside, block.sides, strict=True
    ):
        beyond = warned if settings.count_outside else warned & ~outer
        windows = _pairs(beyond)
        if settings.two_of_three == "same-side":
            windows &= starts_of_runs(side, _THREE)
        if long is not None:
            windows &= long
        out[flag] = spread(windows, _THREE, beyond.shape[0]) & beyond
    return out


def _pairs(beyond: Packed) -> Packed:
    """Return which windows of three hold at least two set points."""
    first, second, third = beyond[:-2], beyond[1:-1], beyond[2:]
    return (first & second) | (third & (first | second))


def four_of_five(block: Block, settings: Settings) -> dict[Flag, Packed]:
    """Return the points beyond one sigma that lie in a window of five with four of them on that side."""
    del settings
    out: dict[Flag, Packed] = {}
    long = block.long_enough(_FIVE)
    for flag, beyond in zip((Flag.FOUR_OF_FIVE_HIGH, Flag.FOUR_OF_FIVE_LOW), block.stray, strict=True):
        rows = beyond.shape[0]
        if rows < _FIVE:
            continue
        a, b, c, d, e = (beyond[k : rows - _FOUR + k] for k in range(_FIVE))
        windows = np.asarray((a & b & c & (d | e)) | (d & e & ((a & b) | (c & (a | b)))), dtype=np.uint8)
        if long is not None:
            windows &= long
        out[flag] = spread(windows, _FIVE, rows) & beyond
    return out
