"""From flags to icons: one variation code and one assurance code for each series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.codes import Assurance, Flag, Variation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotthedots.arrays import Codes, FlagArray, Floats, Signs

# Where a point lies outranks where it is heading. Only a trend can disagree with the others (a point
# has one side), and results that are still well above usual must not be shown as
# improving because they have begun to fall.
LEVEL_HIGH: Final = (
    Flag.OUTSIDE_HIGH | Flag.TWO_OF_THREE_HIGH | Flag.SHIFT_HIGH | Flag.CROSSINGS_HIGH | Flag.FOUR_OF_FIVE_HIGH
)
LEVEL_LOW: Final = (
    Flag.OUTSIDE_LOW | Flag.TWO_OF_THREE_LOW | Flag.SHIFT_LOW | Flag.CROSSINGS_LOW | Flag.FOUR_OF_FIVE_LOW
)
_TREND: Final = ((Flag.TREND_UP, Flag.TREND_DOWN),)
_LEVEL: Final = ((LEVEL_HIGH, LEVEL_LOW),)
_OUTSIDE: Final = ((Flag.OUTSIDE_HIGH, Flag.OUTSIDE_LOW),)
_ALL: Final = np.arange(1 << 16, dtype=np.uint16)
_NO_SIDE: Final = 2


def _sides(order: Sequence[tuple[Flag, Flag]]) -> Signs:
    """Return the side of every possible set of flags: that of the first rule that has one, else 2, or 0 for none."""
    found = np.where(_ALL != 0, _NO_SIDE, 0).astype(np.int8)
    for high, low in reversed(order):
        found[(_ALL & np.uint16(low)) != 0] = -1
        found[(_ALL & np.uint16(high)) != 0] = 1
    return found


_SIDES: Final = _sides((*_LEVEL, *_TREND))
# NHSRplotthedots names each point by the first that holds: outside, trend, two of three, shift.
_SIDES_TREND_FIRST: Final = _sides((*_OUTSIDE, *_TREND, *_LEVEL))
# Rows: which way is better (down, none, up). Columns: the side (low, neither, high, flagged without a side).
_VARIATIONS: Final = np.array(
    [
        [Variation.IMPROVEMENT, Variation.COMMON, Variation.CONCERN, Variation.SPECIAL],
        [Variation.LOW, Variation.COMMON, Variation.HIGH, Variation.SPECIAL],
        [Variation.CONCERN, Variation.COMMON, Variation.IMPROVEMENT, Variation.SPECIAL],
    ],
    dtype=np.uint8,
)


def side_of(flags: int, *, trend_first: bool = False) -> int:
    """Return +1, -1 or 0: on which side these flags put a point.

    >>> side_of(Flag.SHIFT_HIGH | Flag.TREND_DOWN), side_of(Flag.TREND_DOWN), side_of(0), side_of(Flag.HUGGING)
    (1, -1, 0, 0)
    >>> side_of(Flag.SHIFT_HIGH | Flag.TREND_DOWN, trend_first=True)
    -1
    """
    side = int((_SIDES_TREND_FIRST if trend_first else _SIDES)[flags])
    return 0 if side == _NO_SIDE else side


def variation(flags: FlagArray, better: Signs, *, trend_first: bool = False) -> Codes:
    """Return the variation that flags show, given which way is better (+1, -1 or 0)."""
    side = (_SIDES_TREND_FIRST if trend_first else _SIDES)[flags]
    return np.asarray(_VARIATIONS[better + 1, side + 1], dtype=np.uint8)


def assurance(lower: Floats, upper: Floats, target: Floats, better: Signs, *, inclusive: bool = True) -> Codes:
    """Return whether limits and target promise success (PASS), failure (FAIL) or either (RANDOM).

    A target exactly on a limit counts as met: a value equal to its target meets it; not `inclusive`, it may
    go either way. "On" allows for rounding in the last digits, or the answer would depend on how 0.95 is stored.
    """
    slack = 2.0**-44 * (np.abs(lower) + np.abs(upper) + np.abs(target))
    floor, ceiling = np.minimum(lower, upper), np.maximum(lower, upper)
    if inclusive:
        passes = np.where(better > 0, floor >= target - slack, ceiling <= target + slack)
    else:
        passes = np.where(better > 0, floor > target + slack, ceiling < target - slack)
    fails = np.where(better > 0, ceiling < target - slack, floor > target + slack)
    known = (better != 0) & ~np.isnan(slack)
    codes = np.where(passes, Assurance.PASS, np.where(fails, Assurance.FAIL, Assurance.RANDOM))
    return np.where(known, codes, Assurance.NONE).astype(np.uint8)
