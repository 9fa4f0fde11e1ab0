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
    ranges = np.abs(np.diff(x, prepend=np.nan))
    ranges[starts] = np.nan
    return ranges


MR: Final = Chart("mr", "MR chart", estimate, limits, values=values, begins=1)
