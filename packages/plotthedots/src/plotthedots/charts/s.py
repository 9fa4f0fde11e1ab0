"""s chart: the deviations of subgroups, the companion of the x̄ chart.

In plain words: are the members of some subgroups more mixed than usual? Read it before the x̄ chart: if deviations are
not steady, the limits of the means rest on sand.

Formula: centre s as for the x̄ chart; centre × (1 ± 3 √(1 − c4²) / c4) for each size, never below nought.
Source: Montgomery, 6.27 to 6.31.

>>> from plotthedots import Batch, Plan, evaluate
>>> result = evaluate(Batch.of_subgroups([[[4, 6, 5], [5, 9, 7], [6, 6, 6]]]), Plan(chart="s"))
>>> result.values.tolist(), result.centre[0].item(), result.upper[0].round(3).item()  # B4(3) = 2.568
([1.0, 2.0, 0.0], 1.0, 2.568)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.charts.constants import c4
from plotthedots.charts.xbar import deviation

if TYPE_CHECKING:
    from plotthedots.arrays import Floats, Ints
    from plotthedots.batch import Batch


def estimate(sample: Sample) -> Estimate:
    """Return the usual deviation, as centre and as what limits are measured in."""
    own = deviation(sample)
    if sample.mean is not None:
        own = np.where(np.isnan(sample.mean), own, sample.mean)
    return Estimate(sample.settled(own), own, sample.cautions())


def limits(centre: Floats, spread: Floats, weights: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return B3 and B4 times the usual deviation, for so many sigmas; a subgroup of one has none."""
    sizes = np.full(1, np.nan) if weights is None else np.asarray(weights, dtype=np.float64)
    short = c4(sizes)
    away = sigmas * np.sqrt(1 - short**2) / short
    return np.maximum(spread * (1 - away), 0.0) + 0 * centre, spread * (1 + away) + 0 * centre


def values(batch: Batch, starts: Ints) -> Floats:
    """Return the deviations; of one measurement there is none."""
    del starts
    if batch.deviations is None:  # `evaluate` has refused this with better words
        raise TypeError
    return batch.deviations


S: Final = Chart("s", "s chart", estimate, limits, needs="subgroups", values=values)
