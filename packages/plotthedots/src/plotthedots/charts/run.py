"""Run chart: values around their median. It has no limits, so no rule about limits can break.

In plain words: half the points lie above the line and half below; are they mixed as by tossing a coin?

Formula: the median. Source: Anhøj and Olesen (2014), PLoS ONE 9(11): e113825.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of([[5, 7, 4, 6, 9]]), Plan(chart="run"))
>>> result.centre[0].item(), result.upper[0].item()
(6.0, nan)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import divide
from plotthedots.charts.base import Chart, Estimate, Sample

if TYPE_CHECKING:
    from plotthedots.arrays import Floats


def estimate(sample: Sample) -> Estimate:
    """Return the median (or mean); the spread is not known (NaN), so every limit is NaN too."""
    series = sample.x.shape[1]
    wants_mean = sample.how.centre == "mean"
    own = divide(sample.sum(), sample.count()) if wants_mean else np.full(series, np.nan)
    return Estimate(sample.settled(own, "median"), np.full(series, np.nan), sample.cautions())


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return NaN for both: a run chart has no limits."""
    del weights, sigmas
    line = centre + spread
    return line, line


RUN: Final = Chart("run", "run chart", estimate, limits, centre="median")
