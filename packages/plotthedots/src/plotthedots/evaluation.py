"""Judging a whole batch: block by block through chart and rules, then series by series to icons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from plotthedots.arrays import Bits, FlagArray, Floats, Ints, column_counts, column_sums, mark
from plotthedots.charts import CHARTS, Sample
from plotthedots.codes import Warn
from plotthedots.errors import PlanError
from plotthedots.icons import assurance, variation
from plotthedots.pieces import Pieces, Window, blocks, cut
from plotthedots.plan import Plan
from plotthedots.result import Result
from plotthedots.rules import RULES, Block

if TYPE_CHECKING:
    from plotthedots.batch import Batch


def evaluate(batch: Batch, plan: Plan | None = None) -> Result:
    """Judge every series of the batch by the plan.

    The icon of a series comes from its last *observed* point: a missing last month never turns a
    concern into "as usual", it only adds a warning. Where rules disagree there, the point's level
    (limits, two of three, shift) outranks its trend.

    Errors: `PlanError` where plan and batch do not fit.

    >>> from plotthedots import Batch, Plan, Variation
    >>> falls = Batch.of([[4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 12]])
    >>> result = evaluate(falls, Plan(improvement="down", target=6))
    >>> Variation(result.variation[0]).name, result.flags[-1].item(), result.centre[0].item()
    ('CONCERN', 1, 4.6923076923076925)

    The twelve moving ranges add up to 20. The last, 7, is more than 3.267 x 20 / 12 and is left out, so
    the upper limit is 61 / 13 + 2.66 x 13 / 11:

    >>> round(result.upper[0].item(), 9) == round(61 / 13 + 2.66 * 13 / 11, 9)
    True
    """
    chosen = Plan() if plan is None else plan
    if CHARTS[chosen.chart].needs_denominators and batch.denominators is None:
        message = (
            f"A {CHARTS[chosen.chart].words} needs denominators: how many each value is out of."
            " Give them to Batch, or use chart='xmr' for plain percentages."
        )
        raise PlanError("needs-denominators", message)
    if CHARTS[chosen.chart].needs_denominators:
        _check_proportions(batch)
    pieces = cut(batch, chosen.rebase)
    work = _Work(batch, chosen, batch.plotted(), pieces)
    baselines = chosen.baselines(batch.series)
    for ids in blocks(pieces.lengths):
        work.judge(ids, baselines)
    return _summary(work)


def _check_proportions(batch: Batch) -> None:
    """Refuse proportions above one or below nought: the formula has no meaning there."""
    below = batch.denominators
    if below is None:
        return
    wrong = np.flatnonzero((batch.values > below) | (batch.values < 0))
    if wrong.size:
        at = int(wrong[0])
        message = (
            f"{batch.where(at)} counts {batch.values[at]:g} out of {below[at]:g}, which is not a proportion."
            " The values of a P chart are numerators, from 0 to their denominator."
        )
        raise PlanError("not-a-proportion", message[0].upper() + message[1:])


@dataclass
class _Work:
    """The arrays that blocks fill in: flags per point, the rest per piece."""

    batch: Batch
    plan: Plan
    values: Floats
    pieces: Pieces
    flags: FlagArray = field(init=False)
    centre: Floats = field(init=False)
    spread: Floats = field(init=False)
    warnings: FlagArray = field(init=False)
    last: Ints = field(init=False)  # flat position of the last observed point, -1 if none
    decides: Ints = field(init=False)  # flat position of the point whose flags make the icon
    counts: dict[str, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pieces = self.pieces.starts.size
        self.flags = np.zeros(self.values.size, dtype=np.uint16)
        self.centre, self.spread = np.empty(pieces), np.empty(pieces)
        self.warnings = np.zeros(pieces, dtype=np.uint16)
        self.last = np.empty(pieces, dtype=np.int64)
        self.decides = self.last
        if self.plan.rules == "anhoej":
            self.decides = np.empty(pieces, dtype=np.int64)
            self.counts = {name: np.zeros(pieces, dtype=np.int64) for name in ("longest_run", "crossings", "useful")}

    def judge(self, ids: Ints, baselines: Ints | None) -> None:
        """Judge one block of pieces and write down what was found."""
        starts, lengths = self.pieces.starts[ids], self.pieces.lengths[ids]
        window = Window.of(starts, lengths)
        x = window.load(self.values, np.nan)
        below = None if self.batch.denominators is None else window.load(self.batch.denominators, 0.0)
        # One sum tells whether anything is missing; mostly nothing is, and all masks are skipped.
        present = None if np.isfinite(column_sums(x)).all() else ~np.isnan(x)
        use = _baseline(present, None if baselines is None else baselines[self.pieces.owner[ids]], x)
        chart = CHARTS[self.plan.chart]
        estimate = chart.estimate(Sample(x, below, use), self.plan.screen)
        verdict = RULES[self.plan.rules].judge(Block(x, below, chart, estimate), self.plan)
        window.store(self.flags, verdict.flags)
        self.centre[ids], self.spread[ids] = estimate.centre, estimate.spread
        last = _last(present, window)
        self.last[ids] = np.where(last < 0, -1, starts + last)
        self.warnings[ids] = self._cautions(estimate.warnings, present, use, last, window)
        if below is not None and (below == 0).any():
            self._zero_denominators(ids, below, window)
        if verdict.decides is not None:
            self.decides[ids] = np.where(verdict.decides < 0, -1, starts + verdict.decides)
            for name, counts in self.counts.items():
                counts[ids] = getattr(verdict, name)

    def _cautions(
        self, bits: FlagArray, present: Bits | None, use: Bits | None, last: Ints, window: Window
    ) -> FlagArray:
        used = window.lengths if use is None else column_counts(use)
        mark(bits, used < self.plan.minimum, Warn.TRIAL_LIMITS)
        mark(bits, used == 0, Warn.NO_LIMITS)
        if present is not None:
            mark(bits, column_counts(present) <= last, Warn.GAPS)
        bits[last < 0] = 0  # a phase that has no data yet deserves no other warning
        return bits

    def _zero_denominators(self, ids: Ints, below: Floats, window: Window) -> None:
        inside = np.arange(window.rows)[:, None] < window.lengths
        self.warnings[ids] |= np.where(((below == 0) & inside).any(axis=0), Warn.ZERO_DENOMINATOR, 0).astype(np.uint16)


def _baseline(present: Bits | None, length: Ints | None, x: Floats) -> Bits | None:
    """Return the points that set the limits: observed and, where there is a baseline, within it."""
    if length is None:
        return present
    row = np.arange(x.shape[0])[:, None]
    within: Bits = (row < length) | (length == 0)
    return within if present is None else within & present


def _last(present: Bits | None, window: Window) -> Ints:
    """Return the row of the last observed point of each column, -1 where there is none."""
    if present is None:
        return window.lengths - 1
    last = window.rows - 1 - np.argmax(present[::-1], axis=0)
    return np.where(present.any(axis=0), last, -1).astype(np.int64)


def _summary(work: _Work) -> Result:
    """Join the phases of each series and turn the deciding flags into icons."""
    batch, plan, pieces = work.batch, work.plan, work.pieces
    last, warnings = _per_series(work)
    seen = last >= 0
    at = np.where(seen, last, 0)
    # The phase of the last observed point; a later one in which nothing is observed yet says nothing.
    now = np.arange(batch.series)
    if not pieces.plain:
        now = np.maximum(np.searchsorted(pieces.starts, at, side="right") - 1, 0)
    directions, targets = plan.directions(batch.series), plan.targets(batch.series)
    variations, assurances = np.zeros((2, batch.series), dtype=np.uint8)
    counts = {name: np.zeros(batch.series, dtype=np.int64) for name in work.counts}
    if seen.any():
        decides = work.decides[now]
        flags = np.where(decides >= 0, work.flags[np.maximum(decides, 0)], np.uint16(0))
        variations[seen] = variation(flags, directions)[seen]
        below = None if batch.denominators is None else batch.denominators[at]
        lower, upper = CHARTS[plan.chart].limits(work.centre[now], work.spread[now], below, 3)
        assurances[seen] = assurance(lower, upper, targets, directions)[seen]
        counts = {name: np.where(seen, each[now], 0) for name, each in work.counts.items()}
    warnings[~seen] = (warnings[~seen] & np.uint16(Warn.ZERO_DENOMINATOR)) | np.uint16(Warn.NO_DATA)
    mark(warnings, seen & (last < batch.offsets[1:] - 1), Warn.DATA_LATE)
    return Result(
        batch=batch,
        plan=plan,
        values=work.values,
        flags=work.flags,
        variation=variations,
        assurance=assurances,
        warnings=warnings,
        last=np.where(seen, last - batch.offsets[:-1], -1),
        directions=directions,
        targets=targets,
        pieces=pieces,
        piece_centre=work.centre,
        piece_spread=work.spread,
        **counts,
    )


def _per_series(work: _Work) -> tuple[Ints, FlagArray]:
    """Return last observed positions and warning bits of each series, over all its phases."""
    if work.pieces.plain:
        return work.last, work.warnings
    series, owner = work.batch.series, work.pieces.owner
    last = np.full(series, -1, dtype=np.int64)
    warnings = np.zeros(series, dtype=np.uint16)
    np.maximum.at(last, owner, work.last)
    np.bitwise_or.at(warnings, owner, work.warnings)
    return last, warnings
