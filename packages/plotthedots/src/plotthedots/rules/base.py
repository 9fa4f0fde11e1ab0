"""What a rule set gets to see, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.arrays import Bits, Floats, Ints
    from plotthedots.charts import Chart, Estimate
    from plotthedots.plan import Plan

# "On the line" means within this part of the centre and spread. A mean of 0.1, 0.2 and 0.3 is
# not quite the 0.2 in the data; without this, noise in the sixteenth digit would be a signal.
_SAME: Final = 2.0**-44


@dataclass(frozen=True)
class Block:
    """A block of series against its lines, time down the rows (points, series)."""

    x: Floats
    denominators: Floats | None
    chart: Chart
    estimate: Estimate

    def _slack(self) -> Floats:
        size = np.abs(self.estimate.centre) + np.nan_to_num(self.estimate.spread)
        return np.asarray(_SAME * size, dtype=np.float64)

    def sides(self) -> tuple[Bits, Bits]:
        """Return above and below the centre; a point on the centre, or missing, is neither."""
        slack = self._slack()
        return self.x > self.estimate.centre + slack, self.x < self.estimate.centre - slack

    def beyond(self, sigmas: float) -> tuple[Bits, Bits]:
        """Return above the upper and below the lower line; on the line is not beyond it."""
        made = self.estimate
        lower, upper = self.chart.limits(made.centre, made.spread, self.denominators, sigmas)
        slack = self._slack()
        return self.x > upper + slack, self.x < lower - slack

    def steps(self) -> tuple[Bits, Bits]:
        """Return rising and falling steps between neighbours, one fewer than points; a tie is neither."""
        return self.x[1:] > self.x[:-1], self.x[1:] < self.x[:-1]


@dataclass(frozen=True)
class Verdict:
    """Flags of every point (points, series); the last fields only where a rule set counts runs.

    decides: the row whose flags make the icon, where that is not the last observed point.
    """

    flags: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
    decides: Ints | None = None
    longest_run: Ints | None = None
    crossings: Ints | None = None
    useful: Ints | None = None


@dataclass(frozen=True)
class RuleSet:
    """One named rule set; `words(plan)` prints it with its parameters."""

    name: str
    judge: Callable[[Block, Plan], Verdict]
    words: Callable[[Plan], str]
