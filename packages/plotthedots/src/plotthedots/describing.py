"""The facts of one chart, for others to put into words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from plotthedots.codes import Assurance, Flag, Variation, Warn
from plotthedots.errors import DrawError
from plotthedots.icons import side_of
from plotthedots.rules import PHASE_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plotthedots.arrays import Bits
    from plotthedots.drawing.times import Dates
    from plotthedots.result import Result, Series
    from plotthedots.settings import Settings


@dataclass(frozen=True)
class Signal:
    """One stretch of points that breaks one rule on one side (+1 high or rising, -1 low or falling).

    first and last are points counted from 0; points is how many of them are flagged; since is the date of the
    first, as given; current says that it reaches the last observed point.
    """

    rule: Flag
    side: int
    first: int
    last: int
    points: int
    current: bool
    since: Any


@dataclass(frozen=True)
class Phase:
    """One phase: its points first to last (inclusive), and its lines at its last point (NaN: none)."""

    first: int
    last: int
    observed: int
    centre: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Facts:
    """What a chart shows, without one word: see `describe`."""

    points: int
    observed: int
    last: int
    value: float
    date: Any
    side: int
    variation: Variation
    assurance: Assurance
    warnings: Warn
    target: float
    signals: tuple[Signal, ...]
    phases: tuple[Phase, ...]
    method: str

    @property
    def current(self) -> tuple[Signal, ...]:
        """The signals that reach the last observed point: what the icon stands for."""
        return tuple(signal for signal in self.signals if signal.current)


_RULES: Final = tuple(Flag)
_SIDED: Final = Flag.SHIFT_HIGH | Flag.SHIFT_LOW


def describe(result: Result, index: int, *, dates: Dates | None = None) -> Facts:
    """Return which rules broke, since when, for how many points and on which side, and the lines they broke.

    Stretches never cross a phase. By the Anhøj rules a run goes on over points on the centre and missing
    points, as the rule itself does. A crossing signal is one point: it is about the whole phase.

    >>> from plotthedots.batch import Batch
    >>> from plotthedots.evaluation import evaluate
    >>> result = evaluate(Batch.of([[2, 9, 1, 8, 2, 7, 1, 9, 7, 9, 7, 10, 7, 9]]))
    >>> facts = describe(result, 0)
    >>> [(signal.rule.name, signal.first, signal.points, signal.current) for signal in facts.signals]
    [('SHIFT_HIGH', 7, 7, True)]
    """
    series = result.series(index)
    if dates is not None and len(dates) != series.values.size:
        message = (
            f"There are {len(dates)} dates for {series.values.size} points."
            " Give one date for each point, missing ones too."
        )
        raise DrawError("dates-size", message)
    seen = ~np.isnan(series.values)
    known = series.last >= 0
    found = _signals(series, result.plan.settings, dates)
    signals = sorted(found, key=lambda one: (-one.last, one.first, one.rule))
    return Facts(
        points=series.values.size,
        observed=int(seen.sum()),
        last=series.last,
        value=float(series.values[series.last]) if known else float("nan"),
        date=dates[series.last] if known and dates is not None else None,
        side=side_of(int(series.flags[series.last]), trend_first=series.trend_first) if known else 0,
        variation=Variation(series.variation),
        assurance=Assurance(series.assurance),
        warnings=Warn(series.warnings),
        target=series.target,
        signals=tuple(signals),
        phases=tuple(_phases(series)),
        method=result.method,
    )


def _phases(series: Series) -> Iterator[Phase]:
    edges = [*series.phases.tolist(), series.values.size]
    for first, after in itertools.pairwise(edges):
        last = after - 1
        seen = int((~np.isnan(series.values[first:after])).sum())
        yield Phase(first, last, seen, float(series.centre[last]), float(series.lower[last]), float(series.upper[last]))


def _signals(series: Series, settings: Settings, dates: Dates | None) -> Iterator[Signal]:
    edges = [*series.phases.tolist(), series.values.size]
    bits = int(np.bitwise_or.reduce(series.flags)) if series.flags.size else 0
    for rule in _RULES:
        if not bits & rule:
            continue
        passed = _passed_over(series, rule, settings)
        for first, after in itertools.pairwise(edges):
            for stretch in _stretches(series, int(rule), range(first, after), passed):
                yield Signal(
                    rule=rule,
                    side=side_of(rule),
                    first=stretch[0],
                    last=stretch[-1],
                    points=len(stretch),
                    current=bool(passed[stretch[-1] + 1 : series.last + 1].all()),
                    since=None if dates is None else dates[stretch[0]],
                )


def _passed_over(series: Series, rule: Flag, settings: Settings) -> Bits:
    """Return the points a rule steps over: its stretches go on behind them.

    Excluded points always; missing ones where the plan skips them; and where the longest run is judged, or points on the
    centre are skipped, what the side of the centre cannot be told for.
    """
    values, missing = series.values, np.isnan(series.values)
    passed = np.zeros(values.size, dtype=np.bool_) if series.excluded is None else series.excluded.copy()
    if settings.missing == "skip" or (settings.apply & PHASE_RULES and "shift" not in settings.apply):
        passed |= missing
    if settings.on_centre == "skip" and rule in _SIDED:
        passed |= np.isclose(values, series.centre, rtol=2.0**-44, atol=0)
    return passed


def _stretches(series: Series, rule: int, points: range, passed: Bits) -> Iterator[list[int]]:
    """Yield the flagged points of each unbroken stretch, stepping over points that are passed over."""
    stretch: list[int] = []
    for point in points:
        if int(series.flags[point]) & rule:
            stretch.append(point)
        elif stretch and not passed[point]:
            yield stretch
            stretch = []
    if stretch:
        yield stretch
