"""What `evaluate` hands back: bits and codes, and lines worked out only when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from plotthedots.charts import CHARTS
from plotthedots.errors import DrawError
from plotthedots.icons import variation
from plotthedots.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotthedots.arrays import Bits, Codes, FlagArray, Floats, Ints, Signs
    from plotthedots.batch import Batch
    from plotthedots.pieces import Pieces
    from plotthedots.plan import Plan
    from plotthedots.targets import Target


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
    targets: tuple[Line, ...] = ()
    excluded: Bits | None = None
    trend_first: bool = False

    @property
    def kinds(self) -> Codes:
        """What each point is: codes of `Variation`, NONE where it is missing or excluded."""
        directions = np.full(self.flags.size, self.direction, dtype=np.int8)
        return _kinds(self.values, self.flags, directions, self.excluded, self.trend_first)


@dataclass(frozen=True, eq=False)
class Line:
    """One target of a series: its name, its value at each point (NaN: none there), and whether it will be met."""

    name: str
    values: Floats
    assurance: int


@dataclass(frozen=True, eq=False)
class Result:
    """Hold the judgement of a whole batch.

    Per point: values (as plotted), flags (bits of `Flag`), and centre, lower, upper. The three lines
    are computed when first read: a million series have one centre each, not thirty-six.
    Per series: variation and assurance (codes of `Variation`, `Assurance`), warnings (bits of `Warn`),
    last (index of the last observed point within the series, -1 if none) and, for the rules
    "anhoej" and "ihi-run", longest_run, crossings and useful of the phase of the last observed point (else None).
    assurances holds one array of codes for each target by name; `assurance` is the first of them.
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
    goals: tuple[Target, ...] = ()
    assurances: Mapping[str, Codes] = field(default_factory=dict)
    excluded: Bits | None = None
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
        chart, plan, settings = CHARTS[self.plan.chart], self.plan, self.plan.settings
        said = [chart.words]
        if (plan.centre or chart.centre) != chart.centre:
            said.append(f"centre is the {plan.centre}")
        if chart.uses_ranges and settings.screen != "off":
            said.append("moving ranges screened once")
        if plan.chart == "xmr" and plan.constant == "d2":
            said.append("limits at 3 / 1.128 mean ranges")
        if plan.mean is not None or plan.sigma is not None:
            said.append("known values instead of estimates")
        if plan.baseline is not None:
            said.append("limits from the baseline of each phase")
        if self.excluded is not None:
            said.append("some points excluded")
        return f"{', '.join(said)}; {RULES[plan.rules].words(settings)}"

    @property
    def kinds(self) -> Codes:
        """What each point is: codes of `Variation`, NONE where it is missing or excluded."""
        directions = np.repeat(self.directions, self.batch.lengths)
        return _kinds(self.values, self.flags, directions, self.excluded, self.plan.settings.trend_first)

    @cached_property
    def centre(self) -> Floats:
        """Centre line at every point."""
        return np.repeat(self.piece_centre, self.pieces.lengths)

    def lines(self, sigmas: float) -> tuple[Floats, Floats]:
        """Return the lower and upper line so many sigmas from the centre, at every point."""
        spread = np.repeat(self.piece_spread, self.pieces.lengths)
        chart = CHARTS[self.plan.chart]
        lower, upper = chart.limits(self.centre, spread, chart.weights(self.batch), sigmas)
        return lower, upper

    @cached_property
    def _limits(self) -> tuple[Floats, Floats]:
        return self.lines(3)

    @property
    def lower(self) -> Floats:
        """Lower limit at every point; NaN where there is none."""
        return self._limits[0]

    @property
    def upper(self) -> Floats:
        """Upper limit at every point; NaN where there is none."""
        return self._limits[1]

    def view(self, index: int = 0, **options: Any) -> View:
        """Return one series as something a notebook shows by itself; the options are those of `draw`."""
        return View(self, index, options)

    def _repr_svg_(self) -> str | None:
        """Draw the chart of a result of one series in a notebook; of many, `view` shows one."""
        return self.view()._repr_svg_() if self.batch.series == 1 and self.values.size else None

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
        chart = CHARTS[self.plan.chart]
        below, weights = (None if each is None else each[begin:end] for each in (self.batch.denominators, chart.weights(self.batch)))
        lower, upper = chart.limits(centre, spread, weights, 3)
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
            targets=tuple(
                Line(each.name, each.points(index, begin, end), int(self.assurances[each.name][index]))
                for each in self.goals
            ),
            excluded=None if self.excluded is None else self.excluded[begin:end],
            trend_first=self.plan.settings.trend_first,
        )


@dataclass(frozen=True, eq=False)
class View:
    """One chart of a result. `str(view)` is the svg element; a notebook draws it."""

    result: Result
    index: int
    options: Mapping[str, Any]

    def __str__(self) -> str:
        """Return the svg element."""
        from plotthedots.drawing import draw  # drawing is needed only where somebody looks

        return draw(self.result, self.index, **{"title": f"Series {self.index}", **self.options})

    def _repr_svg_(self) -> str:
        """Return what a notebook shows."""
        return str(self)


def _kinds(values: Floats, flags: FlagArray, better: Signs, excluded: Bits | None, trend_first: bool) -> Codes:
    kinds = variation(flags, better, trend_first=trend_first)
    gone = np.isnan(values)
    if excluded is not None:
        gone |= excluded
    kinds[gone] = 0
    return kinds
