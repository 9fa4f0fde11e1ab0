"""x̄ chart: means of subgroups (ten waits a week), with limits from how much members of one subgroup differ.

In plain words: do the subgroups differ by more than their members do among each other? Give `Batch.of_subgroups`.

Formula: centre = Σ n x̄ / Σ n; centre ± 3 s / (c4(n) √n), where s is the mean deviation of subgroups of equal size, else
their pooled one, √(Σ (n − 1) s² / Σ (n − 1)). A known sigma stands for s. Source: Montgomery, 6.27 to 6.31.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of_subgroups([[[4, 6], [5, 9], [6, 6]]]), Plan(chart="xbar"))
>>> result.centre[0].item(), result.upper[0].round(3).item()  # mean deviation 1.414 = sqrt 2; c4(2) = 0.798
(6.0, 9.76)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import column_counts, column_sums, divide
from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.charts.constants import c4

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, Floats


def deviation(sample: Sample) -> Floats:
    """Return the mean deviation of subgroups of equal size, the pooled one where sizes differ."""
    s, sizes = sample.deviations, sample.weight()
    if s is None:  # `evaluate` has refused this with better words
        raise TypeError
    used = ~np.isnan(s) if sample.use is None else sample.use & ~np.isnan(s)
    freedom = np.where(used, sizes - 1, 0.0)
    pooled = np.sqrt(divide(column_sums(freedom * np.where(used, s, 0.0) ** 2), column_sums(freedom)))
    mean = divide(column_sums(np.where(used, s, 0.0)), column_counts(used))
    return np.where(_equal(sizes, sample), mean, pooled)


def _equal(sizes: Floats, sample: Sample) -> Bits:
    used = ~np.isnan(sample.x) if sample.use is None else sample.use
    most, least = np.where(used, sizes, -np.inf).max(axis=0), np.where(used, sizes, np.inf).min(axis=0)
    return np.asarray(most == least, dtype=np.bool_)


def estimate(sample: Sample) -> Estimate:
    """Return the mean of all measurements and the deviation within subgroups."""
    sizes = sample.weight()
    own = divide(column_sums(sample.used(sample.x * sizes)), column_sums(sample.used(sizes)))
    return Estimate(sample.settled(own), sample.spread(deviation(sample)), sample.cautions())


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return the lines so many standard errors either side; a subgroup of one has none."""
    sizes = np.full(1, np.nan) if weights is None else np.asarray(weights, dtype=np.float64)
    width = sigmas * spread / (c4(sizes) * np.sqrt(np.where(sizes > 0, sizes, np.nan)))
    return centre - width, centre + width


XBAR: Final = Chart("xbar", "x̄ chart", estimate, limits, needs="subgroups", takes_sigma=True)
