"""XmR chart: individual values, with limits from the moving ranges between neighbours.

In plain words: how far does one month usually lie from the next? Three sigmas of that, either side of the mean, is
what to expect as long as nothing changes.

Formula: mean ± 2.66 × mean moving range (or 3 / 1.128 with `constant="d2"`).
Source: Wheeler (1993), Understanding Variation, appendix; Montgomery, Introduction to Statistical Quality Control, 6.33.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of([[5, 7, 4, 6, 8]]))
>>> result.centre[0].item(), round(result.upper[0].item(), 9)  # ranges 2, 3, 2, 2: mean 2.25
(6.0, 11.985)
>>> round(evaluate(Batch.of([[5, 7, 4, 6, 8]]), Plan(constant="d2")).upper[0].item(), 6) == round(6 + 3 * 2.25 / 1.128, 6)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from plotthedots.arrays import divide
from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.charts.ranges import D2, mean_range, moving_ranges

if TYPE_CHECKING:
    from plotthedots.arrays import Floats

LIMITS_PER_RANGE: Final = {"rounded": 2.66, "d2": 3 / D2}


def estimate(sample: Sample) -> Estimate:
    """Return mean and three sigmas; the median moves the centre only, the ranges stay as they are."""
    own = divide(sample.sum(), sample.count())
    found = mean_range(*moving_ranges(sample.x, sample.use), sample.how.screen)
    spread = sample.spread(LIMITS_PER_RANGE[sample.how.constant] * found.mean, 3.0)
    return Estimate(sample.settled(own), spread, found.warnings)


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return the lines so many sigmas either side; the spread is three sigmas."""
    del weights  # an XmR chart of a percentage takes every month as one value
    width = spread * (sigmas / 3)
    return centre - width, centre + width


XMR: Final = Chart("xmr", "XmR chart", estimate, limits, uses_ranges=True, takes_sigma=True)
