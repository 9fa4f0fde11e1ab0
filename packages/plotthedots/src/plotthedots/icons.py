"""From flags to icons: one variation code and one assurance code for each series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.codes import Assurance, Flag, Variation

if TYPE_CHECKING:
    from plotthedots.arrays import Codes, FlagArray, Floats, Signs

# Where a point lies outranks where it is heading. Only a trend can disagree with the others (a point
# has one side), and results that are still well above usual must not be shown as
# improving because they have begun to fall.
LEVEL_HIGH: Final = Flag.OUTSIDE_HIGH | Flag.TWO_OF_THREE_HIGH | Flag.SHIFT_HIGH | Flag.CROSSINGS_HIGH
LEVEL_LOW: Final = Flag.OUTSIDE_LOW | Flag.TWO_OF_THREE_LOW | Flag.SHIFT_LOW | Flag.CROSSINGS_LOW
_KINDS: Final = 1 << 10


def side_of(flags: int) -> int:
    """Return +1, -1 or 0: on which side these flags put a point.

    >>> side_of(Flag.SHIFT_HIGH | Flag.TREND_DOWN), side_of(Flag.TREND_DOWN), side_of(0)
    (1, -1, 0)
    """
    for high, low in ((LEVEL_HIGH, LEVEL_LOW), (Flag.TREND_UP, Flag.TREND_DOWN)):
        if flags & high:
            return 1
        if flags & low:
            return -1
    return 0


_SIDES: Final = np.array([side_of(flags) for flags in range(_KINDS)], dtype=np.int8)
# Rows: which way is better (down, none, up). Columns: the side (low, neither, high).
_VARIATIONS: Final = np.array(
    [
        [Variation.IMPROVEMENT, Variation.COMMON, Variation.CONCERN],
        [Variation.LOW, Variation.COMMON, Variation.HIGH],
        [Variation.CONCERN, Variation.COMMON, Variation.IMPROVEMENT],
    ],
    dtype=np.uint8,
)


def sides(flags: FlagArray) -> Signs:
    """Return the side of each set of flags, as `side_of` does."""
    return np.asarray(_SIDES[flags], dtype=np.int8)


def variation(flags: FlagArray, better: Signs) -> Codes:
    """Return the variation that flags show, given which way is better (+1, -1 or 0)."""
    return np.asarray(_VARIATIONS[better + 1, sides(flags) + 1], dtype=np.uint8)


def assurance(lower: Floats, upper: Floats, target: Floats, better: Signs) -> Codes:
    """Return whether limits and target promise success (PASS), failure (FAIL) or either (RANDOM).

    A target exactly on a limit counts as met: a value equal to its target meets it. "On" allows
    for rounding in the last digits, or the answer would depend on how 0.95 is stored.
    """
    slack = 2.0**-44 * (np.abs(lower) + np.abs(upper) + np.abs(target))
    floor, ceiling = np.minimum(lower, upper), np.maximum(lower, upper)
    passes = np.where(better > 0, floor >= target - slack, ceiling <= target + slack)
    fails = np.where(better > 0, ceiling < target - slack, floor > target + slack)
    known = (better != 0) & ~np.isnan(slack)
    codes = np.where(passes, Assurance.PASS, np.where(fails, Assurance.FAIL, Assurance.RANDOM))
    return np.where(known, codes, Assurance.NONE).astype(np.uint8)
