"""U chart: rates, events over what was exposed to them (falls per bed day), with limits that follow the exposure.

In plain words: if events came singly and at a steady rate, how far would the rate stray with so many bed days?

Formula: u = Σ events / Σ exposure; u ± 3 √(u / n), never below nought.
Source: Montgomery, Introduction to Statistical Quality Control, 7.19.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of([[4, 16]], [[100, 400]]), Plan(chart="u"))
>>> result.centre[0].item(), result.upper.round(3).tolist()
(0.04, [0.1, 0.07])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import column_sums, divide
from plotthedots.charts.base import Chart, Estimate, Sample

if TYPE_CHECKING:
    from plotthedots.arrays import Floats


def rate(sample: Sample) -> Floats:
    """Return all events over all exposure."""
    below = sample.weight()
    return divide(column_sums(sample.used(sample.x * below)), column_sums(sample.used(below)))


def estimate(sample: Sample) -> Estimate:
    """Return the rate and the spread of one unit of exposure, sqrt(u)."""
    centre = sample.settled(rate(sample))
    with np.errstate(invalid="ignore"):  # a known mean below nought has no spread
        return Estimate(centre, np.sqrt(centre), sample.cautions())


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return the lines so many spreads / sqrt(n) either side, the lower never below nought."""
    below = np.nan if weights is None else np.where(weights > 0, weights, np.nan)
    width = spread * sigmas / np.sqrt(below)
    return np.maximum(centre - width, 0.0), centre + width


U: Final = Chart("u", "U chart", estimate, limits, needs="denominators", counts=True)
