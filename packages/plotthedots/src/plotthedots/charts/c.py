"""C chart: counts of events where the chance of one stays about the same from month to month.

In plain words: if events come singly and at a steady rate, the count strays by about its own square root.

Formula: c = mean count; c ± 3 √c, never below nought. Source: Montgomery, Introduction to Statistical Quality Control, 7.17.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of([[3, 5, 4, 4]]), Plan(chart="c"))
>>> result.centre[0].item(), result.upper[0].item(), result.lower[0].item()
(4.0, 10.0, 0.0)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import divide
from plotthedots.charts.base import Chart, Estimate, Sample

if TYPE_CHECKING:
    from plotthedots.arrays import Floats


def estimate(sample: Sample) -> Estimate:
    """Return the mean count and its square root."""
    centre = sample.settled(divide(sample.sum(), sample.count()))
    with np.errstate(invalid="ignore"):  # a known mean below nought has no spread
        return Estimate(centre, np.sqrt(centre), sample.cautions())


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return the lines so many square roots either side, the lower never below nought."""
    del weights
    width = spread * sigmas
    return np.maximum(centre - width, 0.0), centre + width


C: Final = Chart("c", "C chart", estimate, limits, counts=True)
