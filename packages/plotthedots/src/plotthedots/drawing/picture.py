"""Everything a drawing needs, worked out once: lines, kinds of points, words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from plotthedots.charts import CHARTS
from plotthedots.drawing.scale import Unit, span
from plotthedots.rules.words import TITLES

if TYPE_CHECKING:
    from plotthedots.arrays import Floats, Ints
    from plotthedots.result import Result, Series

Edge = tuple[int, int]


@dataclass(frozen=True)
class Note:
    """Words on one point, counted from 0."""

    point: int
    words: str


@dataclass(frozen=True)
class Goal:
    """One target: what it is called, and its value at each point (NaN: none there)."""

    name: str
    values: Floats


@dataclass(frozen=True)
class Picture:
    """One series ready to be drawn; phases are half-open stretches of points, middle says what the centre is."""

    series: Series
    kinds: list[int]
    phases: list[Edge]
    goals: list[Goal]
    unit: Unit
    low: float
    high: float
    middle: str
    begins: bool
    method: str

    @property
    def points(self) -> int:
        """How many points there are, missing ones included."""
        return self.series.values.size


def picture(result: Result, index: int, unit: Unit, target: float | None) -> Picture:
    """Gather one series and choose the ends of its axis."""
    series = result.series(index)
    goals = _goals(series, target)
    lines = [series.lower, series.upper, series.centre]
    low, high = span(series.values, lines, [each.values for each in goals], unit.suffix == "%")
    return Picture(
        series=series,
        kinds=series.kinds.tolist(),
        phases=_stretches(series.phases, series.values.size),
        goals=goals,
        unit=unit,
        low=low,
        high=high,
        middle="Median" if (result.plan.centre or CHARTS[result.plan.chart].centre) == "median" else "Average",
        begins=CHARTS[result.plan.chart].begins > 0,
        method=f"{CHARTS[result.plan.chart].words} · {TITLES[result.plan.rules]}",
    )


def _goals(series: Series, target: float | None) -> list[Goal]:
    """Return the targets to draw: those that were judged, or one number that only moves the line."""
    if target is not None:
        return [Goal("Target", np.full(series.values.size, float(target)))]
    goals = [Goal(each.name.capitalize(), each.values) for each in series.targets]
    return [each for each in goals if not np.isnan(each.values).all()]


def _stretches(starts: Ints, points: int) -> list[Edge]:
    edges = [*starts.tolist(), points]
    return list(itertools.pairwise(edges))
