"""P′ and U′ charts (Laney): proportions and rates whose months differ by more than chance alone.

In plain words: with very many cases the limits of a P or U chart hug the centre and call nearly every point special. Here
the limits are widened (or narrowed) by how much neighbouring months really differ.

Formula: z = (y − centre) / σ(n); σz = mean moving range of z / 1.128; limits centre ± 3 σ(n) σz.
Source: Laney (2002), Improved control charts for attributes, Quality Engineering 14(4), 531-537.

>>> from plotthedots import Batch, Plan, evaluate
>>> batch = Batch.of([[1000, 1100, 950, 1050]], [[10000, 10000, 10000, 10000]])
>>> [evaluate(batch, Plan(chart=chart)).upper[0].round(3).item() for chart in ("p", "pp")]
[0.112, 0.134]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import divide
from plotthedots.charts import p, u
from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.charts.ranges import D2, mean_range, moving_ranges

if TYPE_CHECKING:
    from plotthedots.arrays import Floats


def _wider(sample: Sample, centre: Floats, one_case: Floats) -> Estimate:
    """Return the spread of one case times sigma z, from the moving ranges of z."""
    below = np.where(sample.weight() > 0, sample.weight(), np.nan)
    z = divide((sample.x - centre) * np.sqrt(below), np.broadcast_to(one_case, sample.x.shape))
    # Where no case (or every case) counts, sigma is nought and z is 0 / 0: nothing varies, so its ranges are nought.
    z[:, one_case == 0] = 0.0
    found = mean_range(*moving_ranges(z, sample.use), sample.how.screen)
    return Estimate(centre, one_case * found.mean / D2, found.warnings)


def estimate_p(sample: Sample) -> Estimate:
    """Return the share, and its spread widened by sigma z."""
    centre = sample.settled(p.share(sample))
    with np.errstate(invalid="ignore"):
        return _wider(sample, centre, np.sqrt(centre * (1 - centre)))


def estimate_u(sample: Sample) -> Estimate:
    """Return the rate, and its spread widened by sigma z."""
    centre = sample.settled(u.rate(sample))
    with np.errstate(invalid="ignore"):
        return _wider(sample, centre, np.sqrt(centre))


PP: Final = Chart(
    "pp", "P′ chart (Laney)", estimate_p, p.limits, needs="denominators", counts=True, most=1.0, uses_ranges=True
)
UP: Final = Chart("up", "U′ chart (Laney)", estimate_u, u.limits, needs="denominators", counts=True, uses_ranges=True)
