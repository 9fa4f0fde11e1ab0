"""Runs analysis (Anhøj rules and the runs test): has this series, as a whole, moved away from chance variation?

Sources: Anhøj & Olesen (2014), "Run charts revisited", PLoS ONE 9(11): e113825; Chen (2010) for the crossings.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.codes import Flag
from plotthedots.rules.base import Block, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.arrays import Bits, FlagArray, Ints
    from plotthedots.settings import Settings

_CHANCE: Final = 0.05
_FEWEST_USEFUL: Final = 10  # the runs test says nothing about fewer points
_TAIL: Final = 25  # thousandths at either end of the runs test
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


def fewest_and_most_runs(useful: int) -> tuple[int, int]:
    """Return how many runs are still usual by the runs test: fewer or more are a signal (5 %, two-sided).

    Exact, for as many points on each side as on the other, up to a thousand points; beyond that the normal
    approximation. Printed tables differ by one run at some lengths. Below ten useful points it says nothing.
    Source: Swed and Eisenhart (1943), Annals of Mathematical Statistics 14(1), 66-87.

    >>> [fewest_and_most_runs(n) for n in (9, 10, 16, 24)]
    [(0, 9), (3, 9), (5, 13), (8, 18)]
    """
    return _runs_limits(useful)


@lru_cache(maxsize=4096)
def _runs_limits(useful: int) -> tuple[int, int]:
    if useful < _FEWEST_USEFUL:
        return 0, useful
    n, m = useful // 2, useful - useful // 2
    if useful > _EXACT:
        middle, width = 2 * n * m / useful + 1, 2 * n * m * (2 * n * m - useful) / (useful**2 * (useful - 1))
        away = 1.959963984540054 * np.sqrt(width)
        return int(np.ceil(middle - away)), int(np.floor(middle + away))
    tail = comb(useful, n) * _TAIL  # in thousandths, so that no rounding decides
    ways = {runs: _ways(runs, n, m) * 1000 for runs in range(2, useful + 1)}
    low, total = 2, ways[2]
    while total <= tail:
        low += 1
        total += ways[low]
    high, total = useful, ways[useful]
    while total <= tail:
        high -= 1
        total += ways[high]
    return low, high


def _ways(runs: int, n: int, m: int) -> int:
    """Return in how many orders n points above and m below make so many runs."""
    half = runs // 2
    if runs % 2 == 0:
        return 2 * comb(n - 1, half - 1) * comb(m - 1, half - 1)
    return comb(n - 1, half - 1) * comb(m - 1, half) + comb(n - 1, half) * comb(m - 1, half - 1)


def judge(block: Block, settings: Settings) -> Verdict:
    """Mark the points of runs that are too long, and the last useful point of too few (or too many) crossings.

    Points on the centre and missing points are taken out: they neither break a run nor count.
    The verdict is about the whole series, so the crossing bit says only where the series is now: a
    series that crosses its median too seldom has moved, and its last side tells which way.
    """
    above, below = block.loose_sides
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
    last = np.cumsum(useful) - 1
    flags = np.zeros((points, series), dtype=np.uint16)
    if "longest-run" in settings.apply:
        in_long = np.repeat(length > _by_size(useful, longest_run_allowed)[owner[starts]], length)
        flags[row[in_long], owner[in_long]] = _sided(high[in_long], Flag.SHIFT_HIGH, Flag.SHIFT_LOW)
    few, many = _odd_crossings(useful, crossings, settings)
    flags[row[last[few]], few] |= _sided(high[last[few]], Flag.CROSSINGS_HIGH, Flag.CROSSINGS_LOW)
    flags[row[last[many]], many] |= np.uint16(Flag.CROSSINGS_MANY)
    decides = np.full(series, -1, dtype=np.int64)
    some = useful > 0
    decides[some] = row[last[some]]
    return Verdict(flags, decides, longest, crossings, useful)


def _odd_crossings(useful: Ints, crossings: Ints, settings: Settings) -> tuple[Ints, Ints]:
    """Return the series with too few and those with too many crossings."""
    few = many = np.zeros(useful.size, dtype=np.bool_)
    if "crossings" in settings.apply:
        few = few | (crossings < _by_size(useful, fewest_crossings))
    if "runs" in settings.apply:
        runs = np.where(useful > 0, crossings + 1, 0)
        few = few | (runs < _by_size(useful, lambda n: fewest_and_most_runs(n)[0]))
        many = runs > _by_size(useful, lambda n: fewest_and_most_runs(n)[1])
    return np.flatnonzero(few), np.flatnonzero(many)


def _by_size(useful: Ints, limit: Callable[[int], int]) -> Ints:
    """Look a limit up once for each number of useful points that occurs."""
    sizes, place = np.unique(useful, return_inverse=True)
    return np.array([limit(int(n)) for n in sizes], dtype=np.int64)[place]


def _sided(high: Bits, above: Flag, below: Flag) -> FlagArray:
    return np.where(high, np.uint16(above), np.uint16(below))


def _useful(above: Bits, below: Bits) -> tuple[Ints, Ints, Bits]:
    """Return series, row and side of each useful point, series by series in time order."""
    owner, row = np.nonzero((above | below).T)
    return owner, row, above[row, owner]


def _run_starts(owner: Ints, high: Bits) -> Ints:
    """Return where the side changes or a new series begins."""
    border = np.ones(owner.size, dtype=np.bool_)
    border[1:] = (owner[1:] != owner[:-1]) | (high[1:] != high[:-1])
    return np.flatnonzero(border)

