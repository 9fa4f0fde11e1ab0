"""XmR chart: individual values, with limits from the moving ranges between neighbours."""

from __future__ import annotations

from typing import Final

import numpy as np

from plotthedots.arrays import Bits, FlagArray, Floats, column_counts, column_sums, divide, mark
from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.codes import Warn

# Wheeler, D. J. (1993), Understanding Variation, appendix: natural process limits are the
# mean plus and minus 2.66 times the mean moving range (3 / d2 with d2 = 1.128 for pairs, rounded
# as the NHS does), and a moving range of 3.267 times the mean (D4 for pairs) is itself a signal.
LIMITS_PER_RANGE: Final = 2.66
SCREEN_PER_RANGE: Final = 3.267
# A range exactly at the screening limit goes, whatever the last digit of the product did.
_AT: Final = 1 - 2.0**-44


def estimate(sample: Sample, screen: bool) -> Estimate:
    """Return mean and 2.66 times the mean moving range.

    Ranges of 3.267 times their mean or more are left out once: one freak month would otherwise
    widen the limits until nothing is ever a signal. Where only ranges of zero would remain
    (rare events: nought, nought, five, nought) nothing is left out, because limits of no
    width would call every single point special.
    """
    points = sample.x.shape[0] if sample.use is None else column_counts(sample.use)
    centre = divide(column_sums(sample.used(sample.x)), np.asarray(points, dtype=np.float64))
    ranges, pairs = _moving_ranges(sample)
    count = ranges.shape[0] if pairs is None else column_counts(pairs)
    mean = divide(column_sums(ranges), np.asarray(count, dtype=np.float64))
    warnings = np.zeros(mean.size, dtype=np.uint16)
    mark(warnings, mean == 0, Warn.CONSTANT)
    mark(warnings, np.isnan(mean), Warn.NO_LIMITS)
    if screen:
        mean = _screened(ranges, pairs, mean, warnings)
    return Estimate(centre, LIMITS_PER_RANGE * mean, warnings)


def limits(centre: Floats, spread: Floats, denominators: Floats | None, sigmas: float) -> tuple[Floats, Floats]:
    """Return the lines so many sigmas either side; 2.66 mean ranges are three sigmas."""
    del denominators  # an XmR chart of a percentage takes every month as one value
    width = spread * (sigmas / 3)
    return centre - width, centre + width


def _moving_ranges(sample: Sample) -> tuple[Floats, Bits | None]:
    """Return |step| between neighbours, zero where either is missing, and which pairs count."""
    ranges = np.subtract(sample.x[1:], sample.x[:-1])
    np.abs(ranges, out=ranges)
    if sample.use is None:
        return ranges, None
    pairs = sample.use[1:] & sample.use[:-1]
    return np.where(pairs, ranges, 0.0), pairs


def _screened(ranges: Floats, pairs: Bits | None, mean: Floats, warnings: FlagArray) -> Floats:
    keep = ranges < SCREEN_PER_RANGE * _AT * mean
    if pairs is not None:
        keep &= pairs
    kept = divide(column_sums(np.where(keep, ranges, 0.0)), column_counts(keep))
    nothing_left = (mean > 0) & ~(kept > 0)
    mark(warnings, nothing_left, Warn.SCREENING_SKIPPED)
    # A constant series keeps its mean range of zero: 0 < 0 keeps nothing, so 0/0 is not used.
    return np.where(kept > 0, kept, mean)


XMR: Final = Chart("xmr", "XmR chart", needs_denominators=False, estimate=estimate, limits=limits)
