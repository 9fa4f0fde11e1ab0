"""What a rule set gets to see, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.rules.packed import Packed, pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.arrays import Bits, FlagBits, Floats, Ints
    from plotthedots.charts import Chart, Estimate
    from plotthedots.settings import Settings

# "On the line" means within this part of the centre and spread. A mean of 0.1, 0.2 and 0.3 is
# not quite the 0.2 in the data; without this, noise in the sixteenth digit would be a signal.
_SAME: Final = 2.0**-44
Pair = tuple[Packed, Packed]


@dataclass(frozen=True)
class Block:
    """A block of series against its lines, time down the rows (points, series).

    lengths: how many rows of each series are points, missing ones included.
    Answers come packed, eight series to a byte, high and low (or rising and falling) side.
    """

    x: Floats
    weights: Floats | None
    chart: Chart
    estimate: Estimate
    lengths: Ints

    def long_enough(self, points: int) -> Packed | None:
        """Return which series have so many points at all (one packed row), or None if all have.

        Rows below the end of a series hold nothing; they must not complete a window of three or five.
        """
        enough = self.lengths >= points
        return None if enough.all() else pack(enough[None, :])

    @cached_property
    def _slack(self) -> Floats:
        # fmax passes over a spread that is not known.
        return np.asarray(_SAME * (np.abs(self.estimate.centre) + np.fmax(self.estimate.spread, 0.0)), dtype=np.float64)

    @property
    def rows(self) -> int:
        """How many points the longest series has."""
        return int(self.x.shape[0])

    @cached_property
    def loose_sides(self) -> tuple[Bits, Bits]:
        """Above and below the centre, unpacked, for rules that count."""
        centre = self.estimate.centre
        return self.x > centre + self._slack, self.x < centre - self._slack

    @cached_property
    def sides(self) -> Pair:
        """Above and below the centre; a point on the centre, or missing, is neither."""
        high, low = self.loose_sides
        return pack(high), pack(low)

    @cached_property
    def outside(self) -> Pair:
        """Above the upper and below the lower limit."""
        return self.beyond(3)

    @cached_property
    def warned(self) -> Pair:
        """Beyond two sigma on either side."""
        return self.beyond(2)

    @cached_property
    def stray(self) -> Pair:
        """Beyond one sigma on either side."""
        return self.beyond(1)

    def beyond(self, sigmas: float) -> Pair:
        """Return above the upper and below the lower line; on the line is not beyond it."""
        made = self.estimate
        lower, upper = self.chart.limits(made.centre, made.spread, self.weights, sigmas)
        return pack(self.x > upper + self._slack), pack(self.x < lower - self._slack)

    @cached_property
    def steps(self) -> Pair:
        """Rising and falling steps between neighbours, one fewer than points; a tie is neither."""
        return pack(self.x[1:] > self.x[:-1]), pack(self.x[1:] < self.x[:-1])


@dataclass(frozen=True)
class Verdict:
    """Flags of every point (points, series); the last fields only where a rule set counts runs.

    decides: the row of the last useful point, where a rule judges the whole phase; its flags go into the icon too.
    """

    flags: FlagBits
    decides: Ints | None = None
    longest_run: Ints | None = None
    crossings: Ints | None = None
    useful: Ints | None = None


@dataclass(frozen=True)
class RuleSet:
    """One named rule set; `words(settings)` prints it with its parameters."""

    name: str
    words: Callable[[Settings], str]
