"""I′ chart: single values with denominators, whose limits widen where less was counted.

In plain words: an XmR chart for shares, rates and averages. Months with few cases stray more, so a step between two such
months says less about the process; what is left, each month's own restlessness, may be more than counting
alone explains, and the limits allow for that.

Formula: centre = Σ y n / Σ n; s = √(π/2) |y₂ − y₁| / √(1/n₁ + 1/n₂) for each pair of neighbours, screened
at 3.2665 times their mean; centre ± 3 mean(s) / √n.
Source: Taylor (2017), Normalized individuals chart, Taylor Enterprises technical report.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of([[5, 14, 4, 24]], [[50, 200, 50, 200]]), Plan(chart="ip"))
>>> result.centre[0].round(3).item(), (result.upper - result.centre).round(3).tolist()
(0.094, [0.09, 0.045, 0.09, 0.045])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import divide
from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.charts.ranges import mean_range, moving_ranges
from plotthedots.charts.u import rate

if TYPE_CHECKING:
    from plotthedots.arrays import Floats

SCREEN_PER_STEP: Final = 3.2665


def estimate(sample: Sample) -> Estimate:
    """Return the weighted mean, and the spread one unit of denominator would have."""
    below = np.where(sample.weight() > 0, sample.weight(), np.nan)
    use = ~np.isnan(sample.x) if sample.use is None else sample.use
    pairs = use[1:] & use[:-1]
    steps, _ = moving_ranges(sample.x, use)
    one_unit = np.sqrt(np.pi / 2) * divide(steps, np.sqrt(1 / below[1:] + 1 / below[:-1]))
    found = mean_range(np.where(pairs, one_unit, 0.0), pairs, sample.how.screen, SCREEN_PER_STEP)
    return Estimate(sample.settled(rate(sample)), sample.spread(found.mean), found.warnings)


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return the lines so many spreads / sqrt(n) either side."""
    below = np.nan if weights is None else np.where(weights > 0, weights, np.nan)
    width = spread * sigmas / np.sqrt(below)
    return centre - width, centre + width


IP: Final = Chart("ip", "I′ chart", estimate, limits, needs="denominators", uses_ranges=True, takes_sigma=True)
