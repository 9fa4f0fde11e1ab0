"""MR chart: the moving ranges themselves, how far each point lies from the one before.

In plain words: an XmR chart asks where the process is, this one asks how restless it is. The first point of each
phase has no point before it, so it is missing here.

Formula: mean range R; upper limit 3.267 R, lower limit nought. Source: Montgomery, 6.4.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of([[5, 7, 4, 6, 8]]), Plan(chart="mr"))
>>> result.values.tolist(), result.centre[0].item(), result.upper[0].item()
([nan, 2.0, 3.0, 2.0, 2.0], 2.25, 7.35075)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import divide
from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.charts.ranges import SCREEN_PER_RANGE

if TYPE_CHECKING:
    from plotthedots.arrays import Floats, Ints
    from plotthedots.batch import Batch

_DIGITS: Final = 13
_MOST_DIGITS: Final = 22


def estimate(sample: Sample) -> Estimate:
    """Return the mean range twice: as centre, and as what the limits are measured in."""
    mean = divide(sample.sum(), sample.count())
    if sample.mean is not None:
        mean = np.where(np.isnan(sample.mean), mean, sample.mean)
    return Estimate(sample.settled(mean), mean, sample.cautions())


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return nought, and the like part of 3.267 mean ranges: as R packages draw their inner lines too."""
    del weights
    upper = spread * (SCREEN_PER_RANGE * sigmas / 3) + 0 * centre
    return 0 * upper, upper


def values(batch: Batch, starts: Ints) -> Floats:
    """Return how far each point lies from the one before, within its phase."""
    x = batch.plotted()
    before = np.r_[np.nan, x[:-1]]
    ranges = _tidy(np.abs(x - before), np.fmax(np.abs(x), np.abs(before)))
    ranges[starts] = np.nan
    return ranges


def _tidy(ranges: Floats, size: Floats) -> Floats:
    """Drop what subtracting left in the last digits: 0.3 - 0.2 and 0.2 - 0.1 are a tie, not a trend.

    Rounds to the thirteenth decimal digit of the larger neighbour; nearest double of the same decimal, so ties are exact.
    """
    with np.errstate(divide="ignore"):
        digits = _DIGITS - np.floor(np.log10(size))
    fits = (digits >= 0) & (digits <= _MOST_DIGITS)  # powers of ten up to here are exact
    scale = np.power(10.0, np.where(fits, digits, 0.0))
    return np.where(fits, np.rint(ranges * scale) / scale, ranges)


MR: Final = Chart("mr", "MR chart", estimate, limits, values=values, begins=1)
