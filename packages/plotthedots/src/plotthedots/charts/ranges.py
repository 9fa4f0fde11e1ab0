"""Mean moving ranges, screened: how far neighbours usually lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.arrays import column_counts, column_sums, divide, mark
from plotthedots.codes import Warn

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, FlagArray, Floats
    from plotthedots.settings import Screen

# D4 for pairs: a range of 3.267 times the mean range is itself a signal (Montgomery, table VI; Nelson 1982).
SCREEN_PER_RANGE: Final = 3.267
# d2 for pairs: the mean range of two normal values in standard deviations.
D2: Final = 1.128
# A range exactly at the screening limit goes, whatever the last digit of the product did.
_AT: Final = 1 - 2.0**-44


@dataclass(frozen=True)
class Ranges:
    """The mean moving range of each series and what to warn of."""

    mean: Floats
    warnings: FlagArray


def moving_ranges(x: Floats, use: Bits | None) -> tuple[Floats, Bits | None]:
    """Return |step| between neighbours, zero where either is not used, and which pairs count."""
    ranges = np.subtract(x[1:], x[:-1])
    np.abs(ranges, out=ranges)
    if use is None:
        return ranges, None
    pairs = use[1:] & use[:-1]
    return np.where(pairs, ranges, 0.0), pairs


def mean_range(ranges: Floats, pairs: Bits | None, screen: Screen, most: float = SCREEN_PER_RANGE) -> Ranges:
    """Return the mean of the ranges, without those of `most` times their mean or more.

    One freak month would otherwise widen the limits until nothing is ever a signal. Where only ranges of zero
    would remain (rare events: nought, nought, five, nought) "once" leaves out nothing, because limits
    of no width would call every single point special; "always" leaves them out all the same, and where
    nothing remains there is no mean (NaN).
    """
    series = ranges.shape[1]
    count = np.full(series, float(ranges.shape[0])) if pairs is None else column_counts(pairs)
    mean = divide(column_sums(ranges), count)
    warnings = np.zeros(series, dtype=np.uint16)
    mark(warnings, mean == 0, Warn.CONSTANT)
    mark(warnings, np.isnan(mean), Warn.NO_LIMITS)
    if screen != "off":
        mean = _screened(ranges, pairs, count, mean, warnings, most, always=screen == "always")
    return Ranges(mean, warnings)


def _screened(
    ranges: Floats, pairs: Bits | None, count: Floats, mean: Floats, warnings: FlagArray, most: float, *, always: bool
) -> Floats:
    large = ranges >= most * _AT * mean
    if pairs is not None:
        large &= pairs
    # Few are large, so they are put out one by one; nobody needs the ranges any more.
    at = np.flatnonzero(large)
    ranges.reshape(-1)[at] = 0.0
    left = count - np.bincount(at % mean.size, minlength=mean.size)
    kept = divide(column_sums(ranges), left)
    if always:
        return kept
    nothing_left = (mean > 0) & ~(kept > 0)
    mark(warnings, nothing_left, Warn.SCREENING_SKIPPED)
    # A constant series keeps its mean range of zero: 0 < 0 keeps nothing, so 0/0 is not used.
    return np.where(kept > 0, kept, mean)
