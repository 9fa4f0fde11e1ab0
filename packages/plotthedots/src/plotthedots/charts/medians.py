"""Medians of many columns at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import column_counts

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, Floats

# Up to here a network of minimum and maximum over whole rows beats sorting each column by itself.
_NETWORK: Final = 64


def column_medians(x: Floats, use: Bits | None = None) -> Floats:
    """Return the median of each column, of the points used; NaN where there is none.

    Half of each middle value, not half of their sum: two huge values must not overflow.

    >>> column_medians(np.array([[1.0, 5.0], [3.0, 6.0], [2.0, 8.0], [9.0, 7.0]])).tolist()
    [2.5, 6.5]
    """
    if use is None and 1 < x.shape[0] <= _NETWORK:
        middle = _middle(x)
        return np.asarray(middle[0] / 2 + middle[1] / 2, dtype=np.float64)
    chosen = x if use is None else np.where(use, x, np.nan)
    ordered = np.sort(np.ascontiguousarray(chosen.T), axis=1)  # missing points sort to the end
    count = ordered.shape[1] - column_counts(np.isnan(chosen)).astype(np.int64)
    row = np.arange(count.size)
    low = ordered[row, np.maximum(count - 1, 0) // 2]
    high = ordered[row, np.minimum(count // 2, ordered.shape[1] - 1)]
    return np.asarray(np.where(low == high, low, low / 2 + high / 2), dtype=np.float64)


def _middle(x: Floats) -> tuple[Floats, Floats]:
    """Return the two middle values of each column (the same one twice where the count is odd)."""
    rows = list(x.copy())
    spare = np.empty_like(rows[0])
    for upper, lower in _comparisons(len(rows)):
        np.minimum(rows[upper], rows[lower], out=spare)
        np.maximum(rows[upper], rows[lower], out=rows[lower])
        rows[upper], spare = spare, rows[upper]
    return rows[(len(rows) - 1) // 2], rows[len(rows) // 2]


@lru_cache(maxsize=_NETWORK)
def _comparisons(count: int) -> tuple[tuple[int, int], ...]:
    """Return the steps of Batcher's merge exchange that decide the middle values; the others are left out.

    Source: Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M.
    """
    steps: list[tuple[int, int]] = []
    top = 1 << (count - 1).bit_length() - 1
    p = top
    while p > 0:
        q, r, d = top, 0, p
        while True:
            steps += [(i, i + d) for i in range(count - d) if i & p == r]
            if q == p:
                break
            d, q, r = q - p, q // 2, p
        p //= 2
    needed = {(count - 1) // 2, count // 2}
    kept: list[tuple[int, int]] = []
    for step in reversed(steps):
        if needed & set(step):
            needed |= set(step)
            kept.append(step)
    return tuple(reversed(kept))
