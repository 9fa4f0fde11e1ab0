"""What a chart says of each series: the only calls that judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

import plotthedots as ptd
from espalier.common.periods import YEAR_BEFORE, number_of
from espalier.measures.rules import targets_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from espalier.measures.rules.marking import Decided
from espalier.measures.charting.blocks import Block, Floats, Ints

Compare = Literal["each-month", "year-before"]
RuleSet = Literal["mdc", "anhoej"]
# What "as usual" rests on: with fewer points limits are on trial and the card says "not enough data".
ENOUGH = 12
_VARIATION = {
    ptd.Variation.NONE: "unknown", ptd.Variation.COMMON: "steady", ptd.Variation.IMPROVEMENT: "improving",
    ptd.Variation.CONCERN: "concerning", ptd.Variation.HIGH: "high", ptd.Variation.LOW: "low",
}  # fmt: skip
UNITS = {"percent": "%", "count": "", "rate": "", "score": "", "days": ""}
_ASSURANCE = {ptd.Assurance.NONE: "", ptd.Assurance.PASS: "pass", ptd.Assurance.FAIL: "fail", ptd.Assurance.RANDOM: "hit_or_miss"}


@dataclass(frozen=True, eq=False, slots=True)
class Judged:
    """A block and what the chart says of it; per series unless said otherwise."""

    block: Block
    result: ptd.Result
    variation: tuple[str, ...]
    assurance: tuple[str, ...]
    observed: Ints  # periods with a figure
    settled: Ints  # of these, those of the last figure's own phase that count: what "as usual" rests on
    last: Ints  # index within the series of the last figure, -1 where there is none
    lag1: Floats
    chance: Floats  # how probable it is that chance alone flags the last figure
    method: str
    unit: str  # what the kernel writes behind numbers
    scale: int  # pages write 100 times what the kernel calls a proportion


def judge(
    block: Block,
    definition: Mapping[str, Any],
    *,
    compare: Compare = "each-month",
    rules: RuleSet | None = None,
    decided: Mapping[int, Decided] | None = None,
) -> Judged:
    """Judge every series of a block as its measure's definition says, and as people decided (by key of the block).

    With compare="year-before" what is judged is the difference from the same month (quarter, week) a year before: a
    season then stands against the same season. A target says nothing about differences, so it is left out; nor does what was decided.
    """
    wanted: RuleSet = rules or definition["rules"]
    chart = definition["chart"]
    yearly = compare == "year-before"
    # The kernel draws percentages from proportions, so that one axis serves counts with and without denominators.
    # A difference of two percentages is so many points, which is no percentage.
    scale = 100 if definition["measured_in"] == "percent" and not yearly else 1
    if chart == "p" and not yearly:
        batch = ptd.Batch(block.numerator, block.offsets, denominators=block.denominator)
    else:
        batch = ptd.Batch(block.value / scale, block.offsets)
        chart = "xmr" if chart == "p" else chart
    target = None if yearly else _target(block, targets_of(definition), scale)
    lag = YEAR_BEFORE[block.grains[0] if block.grains else "month"] if yearly else 0
    batch = ptd.difference(batch, lag=lag) if yearly else batch
    phases = _phasing(block, {} if yearly else decided or {})
    result = ptd.evaluate(batch, ptd.Plan(chart=chart, rules=wanted, improvement=definition["improvement"], target=target, **phases))
    observed = _observed(result)
    settled = _settled(result, observed)
    lag1 = np.asarray(ptd.lag1(batch), dtype=np.float64)
    return Judged(
        block=_yearly_block(block, result, scale, lag) if yearly else block,
        unit="" if yearly else UNITS[definition["measured_in"]],
        scale=scale,
        result=result,
        variation=tuple(
            "unknown" if seen < ENOUGH else _VARIATION[ptd.Variation(code)] for seen, code in zip(settled, result.variation, strict=True)
        ),
        assurance=tuple(
            "" if seen < ENOUGH else _ASSURANCE[ptd.Assurance(code)] for seen, code in zip(settled, result.assurance, strict=True)
        ),
        observed=observed,
        settled=settled,
        last=np.asarray(result.last, dtype=np.int64),
        lag1=lag1,
        chance=np.where(settled < ENOUGH, 0.0, ptd.expected_flags(settled, lag1, rules=wanted)),
        method=result.method,
    )


def _target(block: Block, targets: Sequence[tuple[date | None, float]], scale: int) -> Floats | float | None:
    """Return the target as one number, or where it changed over time as one for each point: each holds from its day on."""
    if not targets:
        return None
    if len(targets) == 1 and targets[0][0] is None:
        return targets[0][1] / scale
    line = np.full(block.value.size, np.nan)
    for index, grain in enumerate(block.grains):
        part = block.part(index)
        numbers = int(block.first[index]) + np.arange(part.stop - part.start)
        for since, value in targets:
            line[part][numbers >= (number_of(since, grain) if since else 0)] = value / scale
    return line


def _observed(result: ptd.Result) -> Ints:
    seen = np.r_[0, np.cumsum(~np.isnan(result.values))]
    return np.asarray(seen[result.offsets[1:]] - seen[result.offsets[:-1]], dtype=np.int64)


def _phasing(block: Block, decided: Mapping[int, Decided]) -> dict[str, Any]:
    """Turn what was decided into points of each series of the block."""
    keys = block.keys.tolist() if decided else []
    found = {index: decided[key].points(block.months(index)) for index, key in enumerate(keys) if key in decided}
    names = ("rebase", "baseline", "exclude")
    return {name: {index: points[place] for index, points in found.items()} for place, name in enumerate(names)} if found else {}


def _settled(result: ptd.Result, observed: Ints) -> Ints:
    """Count the figures of each last phase; only where people decided something is it other than all figures."""
    settled = observed.copy()
    for index in result.plan.rebase if isinstance(result.plan.rebase, dict) else ():
        one = result.series(index)
        if one.last >= 0:
            first = int(one.phases[one.phases <= one.last][-1])
            counts = ~np.isnan(one.values) if one.excluded is None else ~np.isnan(one.values) & ~one.excluded
            settled[index] = int(counts[first:].sum())
    return settled


def _yearly_block(block: Block, result: ptd.Result, scale: int, lag: int) -> Block:
    """The calendar of differences: it starts a year later, and a series shorter than that is empty."""
    nothing = np.full(result.values.size, np.nan)
    values = np.asarray(result.values) * scale
    return Block(block.keys, np.asarray(result.offsets), block.first + lag, nothing, nothing, values, block.grains)


def suggestion(judged: Judged) -> date | None:
    """Return where results seem to have settled at a new level, for people to agree or not; nothing is ever applied."""
    days = judged.block.months(0)
    found = ptd.suggest_rebase(judged.result.batch, judged.result.plan).starts.get(0)
    return days[found[-1]] if found else None


@dataclass(frozen=True, eq=False, slots=True)
class Sure:
    """Which charts of many still stand out when all are read together, and what share of these may be chance."""

    kept: npt.NDArray[np.bool_]  # one for each series
    flagged: int  # how many stood out before
    rate: float
    lean: float  # how closely figures were taken to follow the one before; at most 0.8

    def expected(self, among: int) -> float:
        """How many of so many kept charts are expected to be chance."""
        return among * self.rate


def surest(judged: Judged, rate: float = 0.1) -> Sure:
    """Keep the flags of a wall of which at most this share is expected to be chance; short series are never kept."""
    found = ptd.discoveries(judged.result, rate)
    return Sure(np.asarray(found.found & (judged.observed >= ENOUGH)), found.flagged, rate, found.lean)
