"""Judging a whole batch: block by block through chart and rules, then series by series to icons."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from plotthedots.charts import CHARTS
from plotthedots.checks import check
from plotthedots.codes import Variation, Warn
from plotthedots.days import leaps
from plotthedots.icons import assurance, variation
from plotthedots.pieces import blocks, cut, positions
from plotthedots.plan import Plan
from plotthedots.result import Result
from plotthedots.targets import resolve
from plotthedots.work import Work

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, Codes, FlagArray, Ints
    from plotthedots.batch import Batch
    from plotthedots.targets import Target


def evaluate(batch: Batch, plan: Plan | None = None, *, threads: int | None = 1) -> Result:
    """Judge every series of the batch by the plan.

    The icon of a series comes from its last *observed* point: a missing last month never turns a
    concern into "as usual", it only adds a warning. Where rules disagree there, the point's level
    (limits, two of three, shift) outranks its trend. The rule set "nhs-r" has its own answers to both.

    threads: how many blocks are worked on at once; None takes every core. The result is the same, to the last bit.
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
    check(batch, chosen)
    pieces = cut(batch, chosen.rebase)
    work = Work(batch, chosen, CHARTS[chosen.chart].values(batch, pieces.starts), pieces, _excluded(batch, chosen))
    several = os.cpu_count() if threads is None else threads
    if several == 1:
        for ids in blocks(pieces.lengths):
            work.judge(ids)
    else:
        with ThreadPoolExecutor(several) as pool:  # numpy lets go of the interpreter while it computes
            list(pool.map(work.judge, blocks(pieces.lengths)))
    return _summary(work)


def _excluded(batch: Batch, plan: Plan) -> Bits | None:
    points = positions(batch, plan.exclude, "exclude", "that are drawn but not judged")
    if points.size == 0:
        return None
    out = np.zeros(batch.values.size, dtype=np.bool_)
    out[points] = True
    return out


def _summary(work: Work) -> Result:
    """Join the phases of each series and turn the deciding flags into icons."""
    batch, plan, pieces = work.batch, work.plan, work.pieces
    last, judged, warnings = _per_series(work)
    seen = judged >= 0
    at = np.where(seen, judged, 0)
    # The phase of the last judged point; a later one in which nothing is observed yet says nothing.
    now = np.arange(batch.series)
    if not pieces.plain:
        now = np.maximum(np.searchsorted(pieces.starts, at, side="right") - 1, 0)
    directions, targets = plan.directions(batch.series), resolve(plan.target, batch)
    late = last < batch.offsets[1:] - 1
    variations = np.zeros(batch.series, dtype=np.uint8)
    goals = {each.name: np.full(batch.series, np.nan) for each in targets}
    assurances = {each.name: np.zeros(batch.series, dtype=np.uint8) for each in targets}
    counts = {name: np.zeros(batch.series, dtype=np.int64) for name in work.counts}
    if seen.any():
        flags = work.deciding(now, at)
        variations[seen] = variation(flags, directions, trend_first=plan.settings.trend_first)[seen]
        if plan.settings.late == "common":
            variations[seen & late] = Variation.COMMON
        for each in targets:
            goals[each.name] = each.at(at)
            assurances[each.name] = _assured(work, now, at, each, seen)
        counts = {name: np.where(seen, each[now], 0) for name, each in work.counts.items()}
    return Result(
        batch=batch,
        plan=plan,
        values=work.values,
        flags=work.flags,
        variation=variations,
        assurance=assurances[targets[0].name],
        warnings=_warnings(work, warnings, last, late),
        last=np.where(last >= 0, last - batch.offsets[:-1], -1),
        directions=directions,
        targets=goals[targets[0].name],
        pieces=pieces,
        piece_centre=work.centre,
        piece_spread=work.spread,
        goals=targets,
        assurances=assurances,
        excluded=work.excluded,
        **counts,
    )


def _assured(work: Work, now: Ints, at: Ints, target: Target, seen: Bits) -> Codes:
    goal = target.at(at)
    if np.isnan(goal).all():
        return np.zeros(seen.size, dtype=np.uint8)
    chart = CHARTS[work.plan.chart]
    weights = chart.weights(work.batch)
    lower, upper = chart.limits(work.centre[now], work.spread[now], None if weights is None else weights[at], 3)
    inclusive = work.plan.settings.target_on_limit == "met"
    codes = assurance(lower, upper, goal, work.plan.directions(seen.size), inclusive=inclusive)
    return np.where(seen, codes, np.uint8(0))


def _warnings(work: Work, bits: FlagArray, last: Ints, late: Bits) -> FlagArray:
    batch, nothing = work.batch, last < 0
    bits[nothing] &= np.uint16(Warn.ZERO_DENOMINATOR | Warn.NOT_POSITIVE)
    bits[nothing] |= np.uint16(Warn.NO_DATA)
    bits[~nothing & late] |= np.uint16(Warn.DATA_LATE)
    if work.plan.chart == "t":
        wrong = np.flatnonzero(batch.plotted() <= 0)
        bits[np.searchsorted(batch.offsets, wrong, side="right") - 1] |= np.uint16(Warn.NOT_POSITIVE)
    if batch.dates is not None:
        bits[leaps(batch.dates, batch.offsets)] |= np.uint16(Warn.CALENDAR_GAP)
    return bits


def _per_series(work: Work) -> tuple[Ints, Ints, FlagArray]:
    """Return last observed and last judged positions and warning bits of each series, over all its phases."""
    if work.pieces.plain:
        return work.last, work.judged, work.warnings
    series, owner = work.batch.series, work.pieces.owner
    last, judged = np.full((2, series), -1, dtype=np.int64)
    warnings = np.zeros(series, dtype=np.uint16)
    np.maximum.at(last, owner, work.last)
    np.maximum.at(judged, owner, work.judged)
    np.bitwise_or.at(warnings, owner, work.warnings)
    return last, judged, warnings
