"""What `evaluate` hands back: bits and codes, and lines worked out only when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from plotthedots.charts import CHARTS
from plotthedots.errors import DrawError
from plotthedots.rules import RULES

if TYPE_CHECKING:
    from plotthedots.arrays import Codes, FlagArray, Floats, Ints, Signs
    from plotthedots.batch import Batch
    from plotthedots.pieces import Pieces
    from plotthedots.plan import Plan


@dataclass(frozen=True, eq=False)
class Series:
    """One series of a result, with everything `draw` and `describe` need.

    phases holds the first point of each phase; last is -1 where nothing was observed.
    """

    values: Floats
    denominators: Floats | None
    centre: Floats
    lower: Floats
    upper: Floats
    flags: FlagArray
    phases: Ints
    last: int
    variation: int
    assurance: int
    warnings: int
    direction: int
    target: float


@dataclass(frozen=True, eq=False)
class Result:
    """Hold the judgement of a whole batch.

    Per point: values (as plotted), flags (bits of `Flag`), and centre, lower, upper. The three lines
    are computed when first read: a million series have one centre each, not thirty-six.
    Per series: variation and assurance (codes of `Variation`, `Assurance`), warnings (bits of `Warn`),
    last (index of the last observed point within the series, -1 if none) and, for the rules
    "anhoej", longest_run, crossings and useful of the phase of the last observed point (else None).
    """

    batch: Batch
    plan: Plan
    values: Floats
    flags: FlagArray
    variation: Codes
    assurance: Codes
    warnings: FlagArray
    last: Ints
    directions: Signs
    targets: Floats
    pieces: Pieces
    piece_centre: Floats
    piece_spread: Floats
    longest_run: Ints | None = None
    crossings: Ints | None = None
    useful: Ints | None = None

    @property
    def offsets(self) -> Ints:
        """Where each series begins in the per-point arrays."""
        return self.batch.offsets

    @property
    def method(self) -> str:
        """Print chart, rule set and parameters: no two tools draw the same limits by silence."""
        chart = CHARTS[self.plan.chart].words
        screened = self.plan.chart == "xmr" and self.plan.screen
        extra = ", moving ranges screened once" if screened else ""
        if self.plan.baseline is not None:
            extra += ", limits from the baseline of each phase"
        return f"{chart}{extra}; {RULES[self.plan.rules].words(self.plan)}"

    @cached_property
    def centre(self) -> Floats:
        """Centre line at every point."""
        return np.repeat(self.piece_centre, self.pieces.lengths)

    @cached_property
    def _limits(self) -> tuple[Floats, Floats]:
        spread = np.repeat(self.piece_spread, self.pieces.lengths)
        return CHARTS[self.plan.chart].limits(self.centre, spread, self.batch.denominators, 3)

    @property
    def lower(self) -> Floats:
        """Lower limit at every point; NaN where there is none."""
        return self._limits[0]

    @property
    def upper(self) -> Floats:
        """Upper limit at every point; NaN where there is none."""
        return self._limits[1]

    def series(self, index: int) -> Series:
        """Return one series, at the cost of that series alone."""
        if not 0 <= index < self.batch.series:
            message = f"There is no series {index}: the result has series 0 to {self.batch.series - 1}."
            raise DrawError("no-series", message)
        begin, end = (int(self.offsets[index]), int(self.offsets[index + 1]))
        part = slice(*np.searchsorted(self.pieces.owner, [index, index + 1]))
        lengths = self.pieces.lengths[part]
        centre = np.repeat(self.piece_centre[part], lengths)
        spread = np.repeat(self.piece_spread[part], lengths)
        below = self.batch.denominators
        below = None if below is None else below[begin:end]
        lower, upper = CHARTS[self.plan.chart].limits(centre, spread, below, 3)
        return Series(
            values=self.values[begin:end],
            denominators=below,
            centre=centre,
            lower=lower,
            upper=upper,
            flags=self.flags[begin:end],
            phases=self.pieces.starts[part] - begin,
            last=int(self.last[index]),
            variation=int(self.variation[index]),
            assurance=int(self.assurance[index]),
            warnings=int(self.warnings[index]),
            direction=int(self.directions[index]),
            target=float(self.targets[index]),
        )
