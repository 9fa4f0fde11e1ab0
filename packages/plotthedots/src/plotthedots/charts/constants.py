"""c4: how far the deviation of a small subgroup falls short of the truth, on average."""

from __future__ import annotations

from math import exp, lgamma, sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from plotthedots.arrays import Floats


def c4(sizes: Floats) -> Floats:
    """Return c4 for each size; NaN below two, where there is no deviation.

    Formula: sqrt(2 / (n - 1)) Γ(n / 2) / Γ((n - 1) / 2). Source: Montgomery, appendix table VI.

    >>> c4(np.array([2.0, 5.0, 25.0])).round(4).tolist()
    [0.7979, 0.94, 0.9896]
    """
    known, place = np.unique(sizes, return_inverse=True)
    factors = np.array([_c4(float(size)) for size in known])
    return np.asarray(factors[place].reshape(sizes.shape), dtype=np.float64)


def _c4(size: float) -> float:
    if not size > 1:
        return float("nan")
    return sqrt(2 / (size - 1)) * exp(lgamma(size / 2) - lgamma((size - 1) / 2))
