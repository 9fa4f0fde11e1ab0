"""G chart: how many opportunities pass between rare events (operations between infections).

In plain words: the rarer the event, the longer the wait, and waits are very uneven. High is good here. The centre line is the
median, because half of such waits are much shorter than the mean; the limits come from the mean.

Formula: m = mean; m ± 3 √(m (m + 1)), never below nought; centre = median. With a known mean the centre is 0.693 of
it, the median such waits should have. Source: Montgomery, Introduction to Statistical Quality Control, 7.3; Provost and
Murray (2011), The Health Care Data Guide, p. 228.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of([[2, 3, 7]]), Plan(chart="g"))  # mean 4: 4 + 3 x sqrt(20)
>>> result.centre[0].item(), round(result.upper[0].item(), 3)
(3.0, 17.416)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import divide
from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.charts.medians import column_medians

if TYPE_CHECKING:
    from plotthedots.arrays import Floats

MEDIAN_OF_MEAN: Final = 0.693  # the natural logarithm of two, as printed


def estimate(sample: Sample) -> Estimate:
    """Return the median as centre, and the mean in the place of a spread: the limits need nothing else."""
    mean = divide(sample.sum(), sample.count())
    centre = mean if sample.how.centre == "mean" else column_medians(sample.x, sample.use)
    if sample.mean is not None:
        known = ~np.isnan(sample.mean)
        mean = np.where(known, sample.mean, mean)
        centre = np.where(known, sample.mean if sample.how.centre == "mean" else MEDIAN_OF_MEAN * sample.mean, centre)
    return Estimate(centre, mean, sample.cautions())


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return mean plus and minus so many sqrt(m (m + 1)), the lower never below nought."""
    del centre, weights
    with np.errstate(invalid="ignore"):
        width = sigmas * np.sqrt(spread * (spread + 1))
    return np.maximum(spread - width, 0.0), spread + width


G: Final = Chart("g", "G chart", estimate, limits, centre="median", counts=True)
