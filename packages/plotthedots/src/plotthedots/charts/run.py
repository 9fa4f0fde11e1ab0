"""Run chart: values around their median. It has no limits, so no rule about limits can break."""

from __future__ import annotations

from typing import Final

import numpy as np

from plotthedots.arrays import Floats, mark
from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.codes import Warn


def estimate(sample: Sample, screen: bool) -> Estimate:
    """Return the median; the spread is not known (NaN), so every limit is NaN too."""
    del screen  # there are no moving ranges here
    chosen = sample.x if sample.use is None else np.where(sample.use, sample.x, np.nan)
    ordered = np.sort(np.ascontiguousarray(chosen.T), axis=1)  # missing points sort to the end
    count = ordered.shape[1] - np.isnan(ordered).sum(axis=1)
    row = np.arange(count.size)
    low = ordered[row, np.maximum(count - 1, 0) // 2]
    high = ordered[row, np.minimum(count // 2, ordered.shape[1] - 1)]
    warnings = np.zeros(count.size, dtype=np.uint16)
    constant = (count > 1) & (ordered[:, 0] == ordered[row, np.maximum(count - 1, 0)])
    mark(warnings, constant, Warn.CONSTANT)
    # Half of each, not half of the sum: two huge values must not overflow.
    centre = np.where(low == high, low, low / 2 + high / 2)
    return Estimate(centre, np.full(count.size, np.nan), warnings)


def limits(centre: Floats, spread: Floats, denominators: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return NaN for both: a run chart has no limits."""
    del denominators, sigmas
    line = centre + spread
    return line, line


RUN: Final = Chart("run", "run chart", needs_denominators=False, estimate=estimate, limits=limits)
