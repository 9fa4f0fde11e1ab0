"""T chart: time between rare events.

In plain words: waits are many short ones and a few very long; raised to the power 1/3.6 they become nearly even, an XmR chart is
made of that, and its lines are turned back into days. Long is good here. Two events at the same time have no wait
between them: a wait of nought or less is drawn as missing, with a warning.

Formula: XmR lines of y^(1/3.6), raised to 3.6; a lower limit below nought is nought.
Source: Nelson (1994), Journal of Quality Technology 26(3), 239-240; Montgomery, 7.3.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of([[3, 8, 5, 9]]), Plan(chart="t", constant="d2"))
>>> result.centre[0].round(2).item(), result.upper[0].round(1).item()
(5.88, 25.2)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.charts import xmr
from plotthedots.charts.base import Chart, Estimate, Sample

if TYPE_CHECKING:
    from plotthedots.arrays import Floats, Ints
    from plotthedots.batch import Batch

POWER: Final = 3.6


def _flat(days: Floats) -> Floats:
    return np.asarray(np.power(np.maximum(days, 0.0), 1 / POWER), dtype=np.float64)


def estimate(sample: Sample) -> Estimate:
    """Return the centre in days, and three sigmas of the flattened waits."""
    given = None if sample.mean is None else _flat(sample.mean)
    found = xmr.estimate(Sample(_flat(sample.x), None, sample.use, sample.how, given))
    return Estimate(np.power(found.centre, POWER), found.spread, found.warnings)


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return the lines in days; below nought there is no time."""
    lower, upper = xmr.limits(_flat(centre), spread, weights, sigmas)
    return np.power(np.maximum(lower, 0.0), POWER), np.power(np.maximum(upper, 0.0), POWER)


def values(batch: Batch, starts: Ints) -> Floats:
    """Return the waits, with those of nought or less as missing."""
    del starts
    days = batch.plotted()
    wrong = days <= 0
    return np.where(wrong, np.nan, days) if wrong.any() else days


T: Final = Chart("t", "T chart", estimate, limits, uses_ranges=True, values=values)
