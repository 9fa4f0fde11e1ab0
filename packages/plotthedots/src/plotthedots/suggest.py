"""Where a new phase might start: the stable-shift algorithm, which suggests and never applies.

Limits change only where a process has shifted *and stayed*: a run on one side of the centre starts a candidate phase; it
is taken unless, by its own centre, the process turns back or might yet turn back with more data. Suggestions are for
people to accept: a phase should start where somebody knows what changed.

Source: the Stable Shift Algorithm as its authors describe it in the documentation of autospc (R); independent code, with
the same starts and the same trace in all cases compared.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from plotthedots.batch import Batch
from plotthedots.charts import CHARTS
from plotthedots.errors import PlanError
from plotthedots.evaluation import evaluate
from plotthedots.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotthedots.arrays import Floats, Ints, Signs

Found = Literal["baseline", "looking", "shift", "accepted", "rejected", "too-few-left", "too-few-after", "no-shift"]
_SAME: Final = 2.0**-44  # "on the centre" allows for the last digits of a float, as everywhere
_FEWEST: Final = 2

_WORDS: Final[dict[str, str]] = {
    "baseline": "the first limits come from {count} points from here on",
    "looking": "from here on, a shift is looked for",
    "shift": "a shift {side} the centre begins",
    "accepted": "it lasts: a new phase is suggested here",
    "rejected": "no new phase: by its own centre {why}",
    "too-few-left": "fewer than {count} points are left: the end",
    "too-few-after": "fewer than {count} points follow for new limits: the end",
    "no-shift": "no further shift: the end",
}


@dataclass(frozen=True)
class Step:
    """One step of the trace, at one point of one series (both counted from 0).

    found: what happened; side: +1 or -1 for a shift above or below; running: the shift's run began before this
    point; reverts: a shift back begins within the candidate phase; unsettled: its last run is on the way back and
    not over yet; count: the points a phase needs.
    """

    series: int
    point: int
    found: Found
    count: int
    side: int = 0
    running: bool = False
    reverts: bool = False
    unsettled: bool = False

    @property
    def words(self) -> str:
        """The step as people say it.

        >>> Step(0, 24, "shift", 12, side=1).words
        'a shift above the centre begins'
        """
        why = "the process shifts back" if self.reverts else "it may be on its way back"
        side = "above" if self.side > 0 else "below"
        return _WORDS[self.found].format(count=self.count, side=side, why=why)


@dataclass(frozen=True)
class Suggestions:
    """What the algorithm found: starts by series (those with any), and every step it took.

    rebase joins the starts to the phases the plan already had, ready for `Plan(rebase=…)` once somebody agrees.
    """

    starts: Mapping[int, tuple[int, ...]]
    trace: tuple[Step, ...]
    rebase: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def steps(self, series: int) -> tuple[Step, ...]:
        """Return the steps taken in one series."""
        return tuple(step for step in self.trace if step.series == series)


def suggest_rebase(batch: Batch, plan: Plan | None = None, *, minimum: int | None = None, leave_out: int = 3) -> Suggestions:
    """Suggest where new phases might start, within the phases the plan has.

    Nothing is changed: hand `suggestions.rebase` to a plan if you agree. Missing points count as if they had no row. The
    plan's chart and its shift length are used; the baseline is not, because each phase brings its own.

    minimum: points each phase needs for its limits; by default `plan.minimum` (12). autospc asks for 21.
    leave_out: so many of the most extreme points at most, one after the other, are left out of a phase's limits.

    >>> before, after = [4, 6, 5, 7, 4, 5, 6, 4, 5, 7, 5, 6], [9, 11, 10, 12, 9, 10, 11, 9, 10, 12, 10, 11]
    >>> found = suggest_rebase(Batch.of([before + after]))
    >>> found.starts, [step.found for step in found.trace]
    ({0: (12,)}, ['baseline', 'looking', 'shift', 'accepted'])
    """
    chosen = Plan() if plan is None else plan
    least = chosen.minimum if minimum is None else minimum
    if least < _FEWEST or leave_out < 0:
        message = f"minimum is {least} and leave_out {leave_out}. A phase needs {_FEWEST} points or more; leave out 0 or more."
        raise PlanError("suggest", message)
    if CHARTS[chosen.chart].needs == "subgroups":
        message = f"Phases are not suggested for a chart of subgroups ({chosen.chart}). Judge the means as an XmR chart."
        raise PlanError("suggest-chart", message)
    whole = evaluate(batch, chosen)
    counted = ~np.isnan(whole.values) if whole.excluded is None else ~np.isnan(whole.values) & ~whole.excluded
    plain = replace(chosen, rebase=(), exclude=(), baseline=None, target=None, improvement="none", mean=None, sigma=None)
    starts: dict[int, tuple[int, ...]] = {}
    trace: list[Step] = []
    merged: dict[int, tuple[int, ...]] = {}
    for series in range(batch.series):
        begin, end = int(batch.offsets[series]), int(batch.offsets[series + 1])
        own = whole.series(series).phases.tolist()
        new: list[int] = []
        for first, after in itertools.pairwise([*own, end - begin]):
            points = np.flatnonzero(counted[begin + first : begin + after]) + begin + first
            walk = _Walk(series, points - begin, *_picked(batch, points), plain, least, leave_out)
            new += walk.run()
            trace += walk.trace
        if new:
            starts[series] = tuple(new)
        if len(own) > 1 or new:
            merged[series] = tuple(sorted({*own[1:], *new}))
    return Suggestions(starts, tuple(trace), merged)


def _picked(batch: Batch, points: Ints) -> tuple[Floats, Floats | None]:
    below = batch.denominators
    return batch.values[points], None if below is None else below[points]


@dataclass
class _Walk:
    """One phase of one series, walked from its first point to its last."""

    series: int
    points: Ints  # where each observed point lies in its series
    values: Floats
    below: Floats | None
    plan: Plan
    least: int
    leave_out: int
    trace: list[Step] = field(default_factory=list)

    def run(self) -> list[int]:
        """Return the points at which new phases might start."""
        size, starts = self.points.size, list[int]()
        if size < self.least:
            return starts
        centre = self._centre(0)
        self._note(0, "baseline")
        counter = self.least
        if counter < size:
            self._note(counter, "looking")
        while counter < size:
            if size - counter < self.least:
                self._note(counter, "too-few-left")
                break
            sides = self._sides(centre)
            shift = _next_shift(sides, counter, self._length)
            if shift is None:
                self._note(counter, "no-shift")
                break
            side = int(sides[shift])
            self._note(counter, "shift", at=shift, side=side, running=bool(sides[shift - 1] == side))
            if size - shift < self.least:
                self._note(shift, "too-few-after", side=side)
                break
            proposed = self._centre(shift)
            reverts, unsettled = self._turns_back(proposed, shift, side)
            if reverts or unsettled:
                self._note(shift, "rejected", side=side, reverts=reverts, unsettled=unsettled)
                counter = shift + 1
                continue
            self._note(shift, "accepted", side=side)
            starts.append(int(self.points[shift]))
            centre, counter = proposed, shift + self.least
        return starts

    @property
    def _length(self) -> int:
        return self.plan.settings.shift

    def _turns_back(self, centre: float, shift: int, side: int) -> tuple[bool, bool]:
        """Return whether a shift back begins in the candidate phase, and whether its last run may become one."""
        sides = self._sides(centre)
        end = shift + self.least
        back = _next_shift(np.where(sides == -side, sides, 0), shift, self._length)
        reverts = back is not None and back < end
        return reverts, bool((sides[end - 1 :] == -side).all())

    def _sides(self, centre: float) -> Signs:
        away = self._plotted() - centre
        near = np.abs(away) <= _SAME * (np.abs(centre) + np.abs(self._plotted()))
        return np.where(near, 0, np.sign(away)).astype(np.int8)

    def _plotted(self) -> Floats:
        return self.values if self.below is None else self.values / self.below

    def _centre(self, first: int) -> float:
        """Return the centre of the phase that would begin here, its most extreme points left out one by one."""
        kept = np.arange(first, first + self.least)
        for out in range(self.leave_out + 1):
            below = None if self.below is None else [self.below[kept]]
            one = evaluate(Batch.of([self.values[kept]], below), self.plan)
            beyond = (one.values > one.upper) | (one.values < one.lower)
            if out == self.leave_out or not beyond.any():
                break
            away = np.where(beyond, np.abs(one.values - one.centre), -1.0)
            kept = np.delete(kept, int(np.argmax(away)))
        return float(one.centre[0])

    def _note(self, place: int, found: Found, *, at: int | None = None, side: int = 0, **more: bool) -> None:
        where = int(self.points[place if at is None else at])
        self.trace.append(Step(self.series, where, found, self.least, side=side, **more))


def _next_shift(sides: Signs, first: int, length: int) -> int | None:
    """Return the first point from here on with `length` points on its side, itself included."""
    same = (sides[1:] == sides[:-1]) & (sides[1:] != 0)
    run = 1
    found: int | None = None
    for point in range(sides.size - 1, first - 1, -1):
        run = run + 1 if point < sides.size - 1 and same[point] else 1
        if sides[point] != 0 and run >= length:
            found = point
    return found
