"""P chart: proportions, with limits that widen where fewer people were counted.

In plain words: if every single case had the same chance, how far would the share stray in a month with so many cases?
With tens of thousands of cases a month the answer is "hardly at all" and nearly every point is special: use P′ then.

Formula: p = Σ numerators / Σ denominators; p ± 3 √(p (1 − p) / n), kept between 0 and 1.
Source: Montgomery, Introduction to Statistical Quality Control, 7.2.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of([[10, 40]], [[100, 400]]), Plan(chart="p"))
>>> result.centre[0].item(), result.upper.round(3).tolist()
(0.1, [0.19, 0.145])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import column_sums, divide
from plotthedots.charts.base import Chart, Estimate, Sample

if TYPE_CHECKING:
    from plotthedots.arrays import Floats


def share(sample: Sample) -> Floats:
    """Return all numerators over all denominators: months with many cases weigh more than in an average of percentages."""
    below = sample.weight()
    cases = column_sums(sample.used(sample.x * below))
    centre = divide(cases, column_sums(sample.used(below)))
    return np.clip(centre, 0.0, 1.0)  # x times n can land one last digit beyond n


def estimate(sample: Sample) -> Estimate:
    """Return the share and the spread of one single case, sqrt(p (1 - p))."""
    centre = sample.settled(share(sample))
    with np.errstate(invalid="ignore"):  # a known mean beyond 0 to 1 has no spread
        return Estimate(centre, np.sqrt(centre * (1 - centre)), sample.cautions())


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return the lines so many spreads / sqrt(n) either side, kept between 0 and 1.

    Where nothing was counted there are no limits (NaN) rather than infinite ones.
    """
    below = np.nan if weights is None else np.where(weights > 0, weights, np.nan)
    width = spread * sigmas / np.sqrt(below)
    return np.maximum(centre - width, 0.0), np.minimum(centre + width, 1.0)


P: Final = Chart("p", "P chart", estimate, limits, needs="denominators", counts=True, most=1.0)
