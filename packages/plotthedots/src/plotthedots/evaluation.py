"""Judging a whole batch: block by block through chart and rules, then series by series to icons."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from plotthedots.charts import CHARTS
from plotthedots.checks import check
from plotthedots.codes import Warn
from plotthedots.days import leaps
from plotthedots.pieces import blocks, cut, positions
from plotthedots.plan import Plan
from plotthedots.result import Result
from plotthedots.summary import Icons
from plotthedots.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from plotthedots.arrays import Bits, FlagArray, Ints
    from plotthedots.batch import Batch

_AT_ONCE: Final = 1 << 13
Part = TypeVar("Part")


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
    _each(work.judge, blocks(pieces.lengths), threads)
    return _summary(work, threads)


def _each(judge: Callable[[Part], None], parts: Iterable[Part], threads: int | None) -> None:
    """Do all parts, several at once if asked: numpy lets go of the interpreter while it computes."""
    if threads == 1:
        for part in parts:
            judge(part)
        return
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        list(pool.map(judge, parts))


def _excluded(batch: Batch, plan: Plan) -> Bits | None:
    points = positions(batch, plan.exclude, "exclude", "that are drawn but not judged")
    if points.size == 0:
        return None
    out = np.zeros(batch.values.size, dtype=np.bool_)
    out[points] = True
    return out


def _summary(work: Work, threads: int | None) -> Result:
    """Join the phases of each series and turn the deciding flags into icons."""
    batch, plan = work.batch, work.plan
    last, judged, warnings = _per_series(work)
    late = last < batch.offsets[1:] - 1
    icons = Icons.of(work, judged, late)
    # In the cache from the first comparison to the last.
    _each(icons.judge, (slice(first, first + _AT_ONCE) for first in range(0, batch.series, _AT_ONCE)), threads)
    first_target = icons.targets[0].name
    return Result(
        batch=batch,
        plan=plan,
        values=work.values,
        flags=work.flags,
        variation=icons.variation,
        assurance=icons.assurances[first_target],
        warnings=_warnings(work, warnings, last, late),
        last=np.where(last >= 0, last - batch.offsets[:-1], -1),
        directions=icons.directions,
        targets=icons.goals[first_target],
        pieces=work.pieces,
        piece_centre=work.centre,
        piece_spread=work.spread,
        goals=icons.targets,
        assurances=icons.assurances,
        excluded=work.excluded,
        **icons.counts,
    )


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
