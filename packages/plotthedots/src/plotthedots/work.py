"""The work on one block of phases: load, estimate, judge, write down. Blocks share nothing, so threads may take turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from plotthedots.arrays import Bits, FlagArray, FlagBits, Floats, Ints, column_counts, column_sums, mark
from plotthedots.charts import CHARTS, How, Sample
from plotthedots.codes import Warn
from plotthedots.pieces import Pieces, Window
from plotthedots.rules import PHASE_RULES, Block, judge

if TYPE_CHECKING:
    from plotthedots.batch import Batch
    from plotthedots.charts import Estimate
    from plotthedots.plan import Plan

_COUNTS = ("longest_run", "crossings", "useful")


@dataclass(frozen=True)
class _Loaded:
    """One block as it lies in the flat arrays, and which of its points are observed and excluded (None: all, none)."""

    window: Window
    x: Floats
    weights: Floats | None
    deviations: Floats | None
    present: Bits | None
    excluded: Bits | None
    total: Floats


@dataclass
class Work:
    """The arrays that blocks fill in: flags per point, the rest per piece (a phase of a series)."""

    batch: Batch
    plan: Plan
    values: Floats
    pieces: Pieces
    excluded: Bits | None
    flags: FlagArray = field(init=False)
    centre: Floats = field(init=False)
    spread: Floats = field(init=False)
    warnings: FlagArray = field(init=False)
    last: Ints = field(init=False)  # flat position of the last observed point, -1 if none
    judged: Ints = field(init=False)  # the same without excluded points
    said: FlagArray = field(init=False)  # flags that make the icon: of the last judged point and the phase as a whole
    counts: dict[str, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make room for the answers."""
        pieces, plan = self.pieces.starts.size, self.plan
        self.flags = np.zeros(self.values.size, dtype=np.uint16)
        self.centre, self.spread = np.empty(pieces), np.empty(pieces)
        self.warnings = np.zeros(pieces, dtype=np.uint16)
        self.last = np.empty(pieces, dtype=np.int64)
        self.judged = self.last if self.excluded is None else np.empty(pieces, dtype=np.int64)
        self.said = np.zeros(pieces, dtype=np.uint16)
        if plan.settings.apply & PHASE_RULES:
            self.counts = {name: np.zeros(pieces, dtype=np.int64) for name in _COUNTS}
        self._chart = CHARTS[plan.chart]
        self._weights = self._chart.weights(self.batch)
        self._how = How(plan.settings.screen, plan.constant, plan.centre)
        self._baselines = plan.baselines(self.pieces.owner, self.batch.series)
        self._mean = plan.known("mean", self.batch.series)
        self._sigma = plan.known("sigma", self.batch.series)

    def judge(self, ids: Ints) -> None:
        """Judge one block of pieces and write down what was found."""
        loaded = self._load(ids)
        window, starts = loaded.window, self.pieces.starts[ids]
        use = _used(loaded, None if self._baselines is None else self._baselines[ids])
        closed, order = _closed(loaded, use, self.plan.settings.missing == "skip")
        sample = self._sample(ids, *closed, loaded.total if order is None else None)
        estimate = self._chart.estimate(sample)
        lengths = window.lengths if order is None else _kept(loaded, self.plan.settings.missing == "skip")
        verdict = judge(Block(sample.x, sample.weights, self._chart, estimate, lengths), self.plan.settings)
        flags = _opened(verdict.flags, order)
        window.store(self.flags, flags)
        self.centre[ids], self.spread[ids] = estimate.centre, estimate.spread
        last = judged = _last(loaded.present, window)
        self.last[ids] = _flat(starts, last)
        if loaded.excluded is not None:
            shown = ~loaded.excluded if loaded.present is None else loaded.present & ~loaded.excluded
            judged = _last(shown, window)
            self.judged[ids] = _flat(starts, judged)
        self.said[ids] = _at(flags, judged)
        self.warnings[ids] = self._cautions(estimate, loaded, use, last, sample)
        if verdict.decides is not None:
            self.said[ids] |= _at(verdict.flags, verdict.decides)
            for name, counts in self.counts.items():
                counts[ids] = getattr(verdict, name)

    def _load(self, ids: Ints) -> _Loaded:
        window = Window.of(self.pieces.starts[ids], self.pieces.lengths[ids])
        x = window.load(self.values, np.nan)
        # One sum tells whether anything is missing; mostly nothing is, and all masks are skipped.
        total = column_sums(x)
        present = None if np.isfinite(total).all() else ~np.isnan(x)
        excluded = None if self.excluded is None else window.load(self.excluded, beyond=False)
        weights = None if self._weights is None else window.load(self._weights, 0.0)
        spreads = self.batch.deviations if self._chart.needs == "subgroups" else None
        return _Loaded(window, x, weights, None if spreads is None else window.load(spreads, np.nan), present, excluded, total)

    def _sample(
        self, ids: Ints, x: Floats, weights: Floats | None, deviations: Floats | None, use: Bits | None,
        total: Floats | None
    ) -> Sample:
        owner = self.pieces.owner[ids]
        mean = None if self._mean is None else self._mean[owner]
        sigma = None if self._sigma is None else self._sigma[owner]
        return Sample(x, weights, use, self._how, mean, sigma, deviations, total)

    def _cautions(self, estimate: Estimate, loaded: _Loaded, use: Bits | None, last: Ints, sample: Sample) -> FlagArray:
        bits, chart = estimate.warnings, self._chart
        used = loaded.window.lengths if use is None else column_counts(use)
        mark(bits, used < self.plan.minimum, Warn.TRIAL_LIMITS)
        mark(bits, used == 0, Warn.NO_LIMITS)
        if sample.mean is not None and (sample.sigma is not None or not chart.uses_ranges):
            known = ~np.isnan(sample.mean) & (True if sample.sigma is None else ~np.isnan(sample.sigma))
            bits[known] &= ~np.uint16(Warn.TRIAL_LIMITS | Warn.NO_LIMITS | Warn.CONSTANT | Warn.SCREENING_SKIPPED)
        if loaded.present is not None:
            mark(bits, column_counts(loaded.present) <= last - chart.begins, Warn.GAPS)
        if chart.needs_denominators and loaded.weights is not None and (loaded.weights == 0).any():
            inside = np.arange(loaded.window.rows)[:, None] < loaded.window.lengths
            mark(bits, ((loaded.weights == 0) & inside).any(axis=0), Warn.ZERO_DENOMINATOR)
        bits[last < 0] &= np.uint16(Warn.ZERO_DENOMINATOR)  # a phase without data yet deserves no other warning
        return bits


def _flat(starts: Ints, row: Ints) -> Ints:
    """Return flat positions of one row of each piece, -1 where there is none."""
    return np.where(row < 0, -1, starts + row)


def _at(flags: FlagBits, row: Ints) -> FlagBits:
    """Return the flags of one row of each column, none where there is no such row."""
    found: FlagBits = flags[row, np.arange(row.size)] * (row >= 0)  # row -1 is some row, and is multiplied away
    return found


def _used(loaded: _Loaded, length: Ints | None) -> Bits | None:
    """Return the points that set the limits: observed, not excluded and, where there is a baseline, within it."""
    use = loaded.present
    if loaded.excluded is not None:
        use = ~loaded.excluded if use is None else use & ~loaded.excluded
    if length is None:
        return use
    row = np.arange(loaded.x.shape[0])[:, None]
    within: Bits = (row < length) | (length == 0)
    return within if use is None else within & use


def _closed(
    loaded: _Loaded, use: Bits | None, skip_missing: bool
) -> tuple[tuple[Floats, Floats | None, Floats | None, Bits | None], Ints | None]:
    """Take out excluded points, and missing ones where they are skipped, so that neighbours meet across them."""
    gone = loaded.excluded
    if skip_missing and loaded.present is not None:
        gone = ~loaded.present if gone is None else gone | ~loaded.present
    if gone is None:
        return (loaded.x, loaded.weights, loaded.deviations, use), None
    order = np.argsort(gone, axis=0, kind="stable")
    x = np.take_along_axis(np.where(gone, np.nan, loaded.x), order, axis=0)
    weights, deviations = (
        None if each is None else np.take_along_axis(each, order, axis=0)
        for each in (loaded.weights, loaded.deviations)
    )
    kept = ~gone if use is None else use & ~gone
    return (x, weights, deviations, np.take_along_axis(kept, order, axis=0)), order


def _kept(loaded: _Loaded, skip_missing: bool) -> Ints:
    """Return how many points of each series are left once others are taken out."""
    lengths = loaded.window.lengths
    if skip_missing and loaded.present is not None:
        left = loaded.present if loaded.excluded is None else loaded.present & ~loaded.excluded
        return column_counts(left).astype(np.int64)
    return lengths if loaded.excluded is None else lengths - column_counts(loaded.excluded).astype(np.int64)


def _opened(flags: FlagBits, order: Ints | None) -> FlagBits:
    """Put flags back where their points came from."""
    if order is None:
        return flags
    out = np.zeros_like(flags)
    np.put_along_axis(out, order, flags, axis=0)
    return out


def _last(present: Bits | None, window: Window) -> Ints:
    """Return the row of the last observed point of each column, -1 where there is none."""
    if present is None:
        return window.lengths - 1
    last = window.rows - 1 - np.argmax(present[::-1], axis=0)
    return np.where(present.any(axis=0), last, -1).astype(np.int64)
