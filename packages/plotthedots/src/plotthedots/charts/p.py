"""P chart: proportions, with limits that widen where fewer people were counted."""

from __future__ import annotations

from typing import Final

import numpy as np

from plotthedots.arrays import Floats, column_counts, column_sums, divide, mark
from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.codes import Warn


def estimate(sample: Sample, screen: bool) -> Estimate:
    """Return all numerators over all denominators, and the spread of one single case.

    Months with many cases therefore weigh more than in an average of percentages.
    Formula: p = sum(numerators) / sum(denominators); spread = sqrt(p (1 - p)).
    """
    del screen  # there are no moving ranges here
    below = sample.denominators
    if below is None:  # `evaluate` has refused this with better words
        raise TypeError
    cases = column_sums(sample.used(sample.x * below))
    centre = divide(cases, column_sums(sample.used(below)))
    centre = np.clip(centre, 0.0, 1.0)  # x times n can land one last digit beyond n
    warnings = np.zeros(centre.size, dtype=np.uint16)
    used = ~np.isnan(sample.x) if sample.use is None else sample.use
    highest = np.max(np.where(used, sample.x, -np.inf), axis=0)
    lowest = np.min(np.where(used, sample.x, np.inf), axis=0)
    mark(warnings, (highest == lowest) & (column_counts(used) > 1), Warn.CONSTANT)
    return Estimate(centre, np.sqrt(centre * (1 - centre)), warnings)


def limits(centre: Floats, spread: Floats, denominators: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return p plus and minus so many sqrt(p (1 - p) / n), kept between 0 and 1.

    Where nothing was counted there are no limits (NaN) rather than infinite ones.
    """
    below = np.nan if denominators is None else np.where(denominators > 0, denominators, np.nan)
    width = spread * sigmas / np.sqrt(below)
    return np.maximum(centre - width, 0.0), np.minimum(centre + width, 1.0)


P: Final = Chart("p", "P chart", needs_denominators=True, estimate=estimate, limits=limits)
