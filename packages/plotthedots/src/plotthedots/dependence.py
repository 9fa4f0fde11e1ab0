"""How much each point leans on the one before, and comparing with the same time last year."""

from __future__ import annotations

from typing import Final

import numpy as np

from plotthedots.arrays import Floats, column_counts, column_sums, divide
from plotthedots.batch import Batch
from plotthedots.errors import BatchError
from plotthedots.pieces import Window, blocks

_SHORTEST: Final = 8  # below this the estimate says more about chance than about the series


def lag1(batch: Batch) -> Floats:
    """Return how strongly each series leans on its last value: lag-one autocorrelation, per series.

    Monthly health data often lie between 0.2 and 0.6, and limits from moving ranges are then too narrow: at 0.4
    five times as many last points are flagged by chance. Corrected for length, because the plain coefficient
    of 36 independent points averages -0.03 and of dependent ones falls far short of the truth.
    NaN where fewer than eight points are observed or nothing varies.

    A series that has really changed leans on itself too, so take the median of many, not each alone.
    Formula: r = sum d(t) d(t+1) / sum d(t)^2, d = x - mean; corrected (n r + 1) / (n - 4), within -1 and 1.
    Source: Kendall (1954), Biometrika 41, 403; Marriott and Pope (1954), Biometrika 41, 390.

    >>> round(lag1(Batch.of([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]))[0].item(), 3)
    1.0
    """
    values = batch.plotted()
    starts, lengths = batch.offsets[:-1], batch.lengths
    out = np.full(batch.series, np.nan)
    enough = np.flatnonzero(lengths >= _SHORTEST)
    for part in blocks(lengths[enough]):
        ids = enough[part]
        out[ids] = _block_lag1(Window.of(starts[ids], lengths[ids]).load(values, np.nan))
    return out


def _block_lag1(x: Floats) -> Floats:
    seen = ~np.isnan(x)
    count = column_counts(seen)
    away = np.where(seen, x - divide(column_sums(np.where(seen, x, 0.0)), count), 0.0)
    spread = column_sums(away * away)
    pairs = column_counts(seen[1:] & seen[:-1])
    # Missing pairs are made up for, as if the pairs seen stood for all n - 1.
    raw = divide(column_sums(away[1:] * away[:-1]) * (count - 1), pairs * spread)
    # Rounding leaves a constant series a spread of almost nothing rather than of nothing.
    raw[spread <= 2.0**-88 * column_sums(np.where(seen, x * x, 0.0))] = np.nan
    raw[count < _SHORTEST] = np.nan
    return np.clip(divide(count * raw + 1, count - 4), -1, 1)


def difference(batch: Batch, lag: int = 12) -> Batch:
    """Return each value minus the one `lag` points before: monthly data against the same month last year.

    Each series loses its first `lag` points; a series no longer than that becomes empty, and its result is
    "no data". Takes out the seasons, at the price of noise: a difference varies more than its parts.
    With denominators the ratios are compared, and the new batch has none.

    >>> difference(Batch.of([[1, 2, 4, 7], [5]]), lag=2).values.tolist()
    [3.0, 5.0]
    """
    if lag < 1:
        message = f"lag is {lag}. Give how many points lie between the two compared: 12 for months of a year."
        raise BatchError("lag", message)
    values = batch.plotted()
    left = np.maximum(batch.lengths - lag, 0)
    # For each series: so many points without a partner, then so many with one.
    parts = np.stack([batch.lengths - left, left], axis=1).ravel()
    paired = np.repeat(np.tile([False, True], batch.series), parts)
    offsets = np.append(np.int64(0), np.cumsum(left))
    if values.size <= lag:
        return Batch(np.empty(0), offsets)
    return Batch((values[lag:] - values[:-lag])[paired[lag:]], offsets)
