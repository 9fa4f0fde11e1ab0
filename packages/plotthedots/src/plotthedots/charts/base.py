"""What every kind of chart must say: its centre, its spread, and limits from the two.

A further chart is one more file here and one line in the registry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from plotthedots.arrays import column_counts, column_sums, mark
from plotthedots.charts.medians import column_medians
from plotthedots.codes import Warn

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.arrays import Bits, FlagArray, Floats, Ints
    from plotthedots.batch import Batch
    from plotthedots.settings import Screen


@dataclass(frozen=True)
class How:
    """The choices of a plan that change how limits are estimated."""

    screen: Screen = "once"
    constant: Literal["rounded", "d2"] = "rounded"
    centre: Literal["mean", "median"] | None = None


@dataclass(frozen=True)
class Sample:
    """A block of series, time down the rows: x, weights and deviations (points, series).

    weights are denominators or sizes of subgroups, as the chart needs them. `use` marks the points that set
    the limits (observed, not excluded, and in the baseline); None means every point, which lets the common case
    skip all masks. mean and sigma are known values per series, NaN where they must be estimated. total: the sum of all of x, if known.
    """

    x: Floats
    weights: Floats | None = None
    use: Bits | None = None
    how: How = field(default_factory=How)
    mean: Floats | None = None
    sigma: Floats | None = None
    deviations: Floats | None = None
    total: Floats | None = None

    def sum(self) -> Floats:
        """Return the sum of the points that set the limits; worked out once, if somebody needed it before."""
        if self.total is not None and self.use is None:
            return self.total
        return column_sums(self.used(self.x))

    def used(self, numbers: Floats) -> Floats:
        """Return the numbers with those outside the sample as zero, ready to be summed."""
        return numbers if self.use is None else np.where(self.use, numbers, 0.0)

    def count(self) -> Floats:
        """Return how many points of each series set its limits."""
        if self.use is None:
            return np.full(self.x.shape[1], float(self.x.shape[0]))
        return column_counts(self.use)

    def weight(self) -> Floats:
        """Return denominators or sizes; `evaluate` has refused batches without them in better words."""
        if self.weights is None:
            raise TypeError
        return self.weights

    def settled(self, own: Floats, otherwise: Literal["mean", "median"] = "mean") -> Floats:
        """Return the centre: a known mean, else the median where that is asked for, else the chart's own."""
        wants = self.how.centre or otherwise
        centre = column_medians(self.x, self.use) if wants == "median" else own
        return centre if self.mean is None else np.where(np.isnan(self.mean), centre, self.mean)

    def spread(self, own: Floats, per_sigma: float = 1.0) -> Floats:
        """Return the spread, or so many times a known sigma."""
        return own if self.sigma is None else np.where(np.isnan(self.sigma), own, per_sigma * self.sigma)

    def cautions(self) -> FlagArray:
        """Return the warning bits of a chart without moving ranges: does anything vary at all?"""
        warnings = np.zeros(self.x.shape[1], dtype=np.uint16)
        used = ~np.isnan(self.x) if self.use is None else self.use & ~np.isnan(self.x)
        highest = np.max(np.where(used, self.x, -np.inf), axis=0)
        lowest = np.min(np.where(used, self.x, np.inf), axis=0)
        mark(warnings, (highest == lowest) & (column_counts(used) > 1), Warn.CONSTANT)
        return warnings


@dataclass(frozen=True)
class Estimate:
    """Centre, spread and warning bits of each series of a block, all of shape (series,)."""

    centre: Floats
    spread: Floats
    warnings: FlagArray


def _as_they_are(batch: Batch, starts: Ints) -> Floats:
    del starts
    return batch.plotted()


@dataclass(frozen=True)
class Chart:
    """One kind of chart.

    limits(centre, spread, weights, sigmas) gives lower and upper for any shapes that
    broadcast, so that a block and one drawn series use the same formula.
    needs: what a batch must bring: nothing, "denominators" or "subgroups".
    values(batch, starts of phases): what is plotted. counts: whether negative values make no sense.
    most: the greatest sensible ratio. uses_ranges: whether screening changes anything. begins: how many points at
    the start of each phase cannot have a value.
    """

    name: str
    words: str
    estimate: Callable[[Sample], Estimate]
    limits: Callable[[Floats, Floats, Floats | None, float], tuple[Floats, Floats]]
    needs: Literal["nothing", "denominators", "subgroups"] = "nothing"
    centre: Literal["mean", "median"] = "mean"
    counts: bool = False
    most: float = np.inf
    uses_ranges: bool = False
    takes_sigma: bool = False
    begins: int = 0
    values: Callable[[Batch, Ints], Floats] = _as_they_are

    @property
    def needs_denominators(self) -> bool:
        """Whether values are numerators of something."""
        return self.needs == "denominators"

    def weights(self, batch: Batch) -> Floats | None:
        """Return what limits follow: denominators, or how many were measured."""
        return batch.sizes if self.needs == "subgroups" else batch.denominators
