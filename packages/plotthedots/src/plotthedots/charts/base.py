"""What every kind of chart must say: its centre, its spread, and limits from the two.

A further chart is one more file here and one line in the registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.arrays import Bits, FlagArray, Floats


@dataclass(frozen=True)
class Sample:
    """A block of series, time down the rows: x and denominators (points, series).

    `use` marks the points that set the limits (observed, and in the baseline); None means
    every point, which lets the common case skip all masks.
    """

    x: Floats
    denominators: Floats | None
    use: Bits | None

    def used(self, numbers: Floats) -> Floats:
        """Return the numbers with those outside the sample as zero, ready to be summed."""
        return numbers if self.use is None else np.where(self.use, numbers, 0.0)


@dataclass(frozen=True)
class Estimate:
    """Centre, spread and warning bits of each series of a block, all of shape (series,)."""

    centre: Floats
    spread: Floats
    warnings: FlagArray


@dataclass(frozen=True)
class Chart:
    """One kind of chart.

    limits(centre, spread, denominators, sigmas) gives lower and upper for any shapes that
    broadcast, so that a block and one drawn series use the same formula.
    """

    name: str
    words: str
    needs_denominators: bool
    estimate: Callable[[Sample, bool], Estimate]
    limits: Callable[[Floats, Floats, Floats | None, float], tuple[Floats, Floats]]
