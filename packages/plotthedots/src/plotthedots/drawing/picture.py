"""Everything a drawing needs, worked out once: lines, kinds of points, words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from plotthedots.drawing.scale import Unit, span
from plotthedots.icons import variation

if TYPE_CHECKING:
    from plotthedots.arrays import Ints
    from plotthedots.result import Result, Series

Edge = tuple[int, int]


@dataclass(frozen=True)
class Note:
    """Words on one point, counted from 0."""

    point: int
    words: str


@dataclass(frozen=True)
class Picture:
    """One series ready to be drawn; phases are half-open stretches of points."""

    series: Series
    kinds: list[int]
    phases: list[Edge]
    target: float
    unit: Unit
    low: float
    high: float
    chart: str
    method: str

    @property
    def points(self) -> int:
        """How many points there are, missing ones included."""
        return self.series.values.size


def picture(result: Result, index: int, unit: Unit, target: float | None) -> Picture:
    """Gather one series and choose the ends of its axis."""
    series = result.series(index)
    goal = series.target if target is None else float(target)
    directions = np.full(series.flags.size, series.direction, dtype=np.int8)
    kinds = variation(series.flags, directions).tolist()
    low, high = span(series.values, [series.lower, series.upper], goal, unit.suffix == "%")
    return Picture(
        series=series,
        kinds=kinds,
        phases=_stretches(series.phases, series.values.size),
        target=goal,
        unit=unit,
        low=low,
        high=high,
        chart=result.plan.chart,
        method=f"{result.method.split(',')[0].split(';')[0]} · rules: {result.plan.rules}",
    )


def _stretches(starts: Ints, points: int) -> list[Edge]:
    edges = [*starts.tolist(), points]
    return list(itertools.pairwise(edges))
