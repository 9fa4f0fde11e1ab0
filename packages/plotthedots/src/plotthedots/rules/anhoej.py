"""The Anhøj rules: has this series, as a whole, moved away from chance variation?

Sources: Anhøj & Olesen (2014), "Run charts revisited", PLoS ONE 9(11): e113825; Chen (2010) for the crossings.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.codes import Flag
from plotthedots.rules.base import Block, RuleSet, Verdict

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, Ints
    from plotthedots.plan import Plan

_CHANCE: Final = 0.05
_EXACT: Final = 1000  # up to here binomial sums are exact whole numbers


def longest_run_allowed(useful: int) -> int:
    """Return round(log2 n) + 3; a longer run is a signal.

    >>> [longest_run_allowed(n) for n in (10, 12, 24, 36)]
    [6, 7, 8, 8]
    """
    return round(np.log2(useful)) + 3 if useful > 0 else 0


@lru_cache(maxsize=4096)
def fewest_crossings(useful: int) -> int:
    """Return the 5 % point of Binomial(n - 1, 1/2); fewer crossings are a signal.

    Exact whole-number sums to a thousand points; beyond that the normal approximation with
    continuity correction, which is right to one crossing.

    >>> [fewest_crossings(n) for n in (1, 10, 12, 24, 36)]
    [0, 2, 3, 8, 13]
    """
    trials = useful - 1
    if trials < 1:
        return 0
    if trials > _EXACT:
        return int(np.ceil(trials / 2 - 1.6448536269514722 * np.sqrt(trials) / 2 - 0.5))
    total, crossings = 1, 0
    # Whole numbers: total / 2**trials >= 0.05 without any rounding.
    while total * 20 < 2**trials:
        crossings += 1
        total += comb(trials, crossings)
    return crossings


def judge(block: Block, plan: Plan) -> Verdict:
    """Mark the points of runs that are too long, and the last useful point of too few crossings.

    Points on the centre and missing points are taken out: they neither break a run nor count.
    The verdict is about the whole series, so the crossing bit says only where the series is now: a
    series that crosses its median too seldom has moved, and its last side tells which way.
    """
    del plan  # both limits follow from the number of useful points
    above, below = block.sides()
    points, series = above.shape
    # Series by series in one flat line: runs are then stretches between borders, at any length.
    owner, row, high = _useful(above, below)
    useful = np.bincount(owner, minlength=series).astype(np.int64)
    starts = _run_starts(owner, high)
    length = np.diff(np.append(starts, owner.size))
    longest = np.zeros(series, dtype=np.int64)
    np.maximum.at(longest, owner[starts], length)
    runs = np.bincount(owner[starts], minlength=series).astype(np.int64)
    crossings = np.maximum(runs - 1, 0)
    sizes, place = np.unique(useful, return_inverse=True)
    allowed = np.array([longest_run_allowed(int(n)) for n in sizes], dtype=np.int64)[place]
    fewest = np.array([fewest_crossings(int(n)) for n in sizes], dtype=np.int64)[place]
    flags = np.zeros((points, series), dtype=np.uint16)
    in_long = np.repeat(length > allowed[owner[starts]], length)
    side = np.where(high, np.uint16(Flag.SHIFT_HIGH), np.uint16(Flag.SHIFT_LOW))
    flags[row, owner] = np.where(in_long, side, np.uint16(0))
    last = np.cumsum(useful) - 1
    few = np.flatnonzero(crossings < fewest)
    now = np.where(high[last[few]], np.uint16(Flag.CROSSINGS_HIGH), np.uint16(Flag.CROSSINGS_LOW))
    flags[row[last[few]], few] |= now
    decides = np.full(series, -1, dtype=np.int64)
    some = useful > 0
    decides[some] = row[last[some]]
    return Verdict(flags, decides, longest, crossings, useful)


def _useful(above: Bits, below: Bits) -> tuple[Ints, Ints, Bits]:
    """Return series, row and side of each useful point, series by series in time order."""
    owner, row = np.nonzero((above | below).T)
    return owner, row, above[row, owner]


def _run_starts(owner: Ints, high: Bits) -> Ints:
    """Return where the side changes or a new series begins."""
    border = np.ones(owner.size, dtype=np.bool_)
    border[1:] = (owner[1:] != owner[:-1]) | (high[1:] != high[:-1])
    return np.flatnonzero(border)


def words(plan: Plan) -> str:
    """Print the rule set; it has no parameters."""
    del plan
    return "Anhøj rules (anhoej): longest run and number of crossings"


ANHOEJ: Final = RuleSet("anhoej", judge, words)
