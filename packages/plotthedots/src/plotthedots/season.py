"""Two hints about a series as a whole: does it have seasons, and does each value lean on the one before?

Both make limits wrong, in opposite ways: seasons widen them until nothing is a signal, leaning narrows them until too much is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import column_counts, column_sums, divide
from plotthedots.dependence import lag1
from plotthedots.errors import BatchError
from plotthedots.pieces import Window, blocks
from plotthedots.quantiles import f_tail, normal_quantile

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, Floats
    from plotthedots.batch import Batch

_CYCLES: Final = 2
_SURE: Final = 0.99
_STRONG: Final = 0.3  # of the variation: less is not worth a different chart


@dataclass(frozen=True, eq=False)
class Seasons:
    """Hold the hint for each series.

    strength: share of the variation that the time of year explains, adjusted for chance (0 to 1); p: how
    probable so much is without seasons; likely: p below 1 % and strength 0.3 or more. NaN and False where fewer
    than two cycles are observed or nothing varies.
    """

    strength: Floats
    p: Floats
    likely: Bits


def seasonality(batch: Batch, period: int = 12) -> Seasons:
    """Return whether series have seasons: months that differ from each other in the same way every year.

    Needs two cycles (24 months). Where it says likely, compare with the same month last year (`difference`) or read the
    chart knowing that every winter is high. Values are ranked, so one freak month is no season, and a straight
    trend is taken out.
    Formula: F test of `period` groups on what a straight line leaves of the ranks. A series of dates with gaps must
    have missing points there, or months slip.

    >>> from plotthedots import Batch
    >>> winter = [9, 8, 6, 5, 4, 3, 3, 4, 5, 6, 8, 9]
    >>> no_season = [month * 7 % 11 for month in range(36)]
    >>> found = seasonality(Batch.of([winter * 3, no_season, winter]))
    >>> found.likely.tolist(), found.strength.round(2).tolist()
    ([True, False, False], [1.0, 0.0, nan])
    """
    if period < 2:
        message = f"period is {period}. Give how many points make one cycle: 12 for months, 7 for days, 2 or more."
        raise BatchError("period", message)
    values = batch.plotted()
    starts, lengths = batch.offsets[:-1], batch.lengths
    strength, p = np.full((2, batch.series), np.nan)
    enough = np.flatnonzero(lengths >= _CYCLES * period)
    for part in blocks(lengths[enough]):
        ids = enough[part]
        x = Window.of(starts[ids], lengths[ids]).load(values, np.nan)
        strength[ids], p[ids] = _block(x, period)
    likely = (np.nan_to_num(p, nan=1.0) < 1 - _SURE) & (np.nan_to_num(strength) >= _STRONG)
    return Seasons(strength, p, np.asarray(likely, dtype=np.bool_))


def autocorrelated(batch: Batch) -> Bits:
    """Return which series surely lean on their last value, so that their limits are too narrow.

    Surely: the lag-one correlation is above what one steady series in a hundred shows, 2.33 / sqrt(n). A series that has
    really changed leans on itself too: re-base first, then ask.

    >>> from plotthedots import Batch
    >>> autocorrelated(Batch.of([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [3, 5, 4, 3, 5, 4, 3, 5, 4]])).tolist()
    [True, False]
    """
    observed = np.add.reduceat(np.append(~np.isnan(batch.plotted()), False), batch.offsets[:-1], dtype=np.int64)
    counts = np.maximum(np.where(batch.lengths > 0, observed, 1), 1)
    return np.asarray(np.nan_to_num(lag1(batch)) > normal_quantile(_SURE) / np.sqrt(counts), dtype=np.bool_)


def _block(x: Floats, period: int) -> tuple[Floats, Floats]:
    """Return strength and probability of each column, time down the rows."""
    seen = ~np.isnan(x)
    count = column_counts(seen)
    away = _straightened(_ranks(x, seen), seen, count)
    total = column_sums(away * away)
    between, groups = np.zeros(count.size), np.zeros(count.size)
    for month in range(period):
        own = column_counts(seen[month::period])
        sums = column_sums(away[month::period])
        between += np.where(own > 0, sums * sums / np.maximum(own, 1), 0.0)
        groups += own > 0
    left = count - groups - 1  # one for the straight line
    known = (count >= _CYCLES * period) & (left > 0) & (total > 1e-9 * count)
    within = np.maximum(total - between, 0.0)
    f = divide(between / np.maximum(groups - 1, 1), within / np.maximum(left, 1))
    f = np.where(known & (within <= 1e-12 * total), np.inf, f)
    explained = 1 - divide(within / np.maximum(left, 1), total / np.maximum(count - 2, 1))
    p = np.where(np.isinf(f), 0.0, f_tail(np.where(known, f, 1.0), np.maximum(groups - 1, 1), np.maximum(left, 1)))
    return np.where(known, np.clip(explained, 0, 1), np.nan), np.where(known, p, np.nan)


def _straightened(x: Floats, seen: Bits, count: Floats) -> Floats:
    """Return what a straight line by least squares leaves; missing stays missing."""
    t = np.arange(x.shape[0], dtype=np.float64)[:, None]
    middle = divide(column_sums(np.where(seen, t, 0.0)), count)
    along = np.where(seen, t - middle, 0.0)
    level = divide(column_sums(np.where(seen, x, 0.0)), count)
    slope = divide(column_sums(np.where(seen, (x - level) * along, 0.0)), column_sums(along * along))
    return np.where(seen, x - level - np.nan_to_num(slope) * along, 0.0)


def _ranks(x: Floats, seen: Bits) -> Floats:
    """Return ranks down each column, equal values sharing their average rank; nought where missing."""
    filled = np.where(seen, x, np.inf)
    order = np.argsort(filled, axis=0, kind="stable")
    ordered = np.take_along_axis(filled, order, axis=0)
    place = np.arange(x.shape[0], dtype=np.float64)[:, None] + 1
    with np.errstate(invalid="ignore"):
        new = np.ones(x.shape, dtype=np.bool_)
        new[1:] = ordered[1:] != ordered[:-1]
    first = np.maximum.accumulate(np.where(new, place, 0.0), axis=0)
    ends = np.ones(x.shape, dtype=np.bool_)
    ends[:-1] = new[1:]
    last = np.minimum.accumulate(np.where(ends, place, np.inf)[::-1], axis=0)[::-1]
    ranks = np.empty_like(x)
    np.put_along_axis(ranks, order, (first + last) / 2, axis=0)
    return np.where(seen, ranks, 0.0)
