"""Targets: one for all, one per series, one per point, stepped, or several of any of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from plotthedots.errors import PlanError

if TYPE_CHECKING:
    from plotthedots.arrays import Floats, Ints
    from plotthedots.batch import Batch

Steps: TypeAlias = Sequence[tuple[int, float]]
OneTarget: TypeAlias = float | npt.ArrayLike | Steps | Mapping[int, Steps] | None
AnyTarget: TypeAlias = OneTarget | Mapping[str, OneTarget]
_PAIR = 2


@dataclass(frozen=True, eq=False)
class Target:
    """One target of a batch: level holds one number per series, line one per point where it changes in time."""

    name: str
    level: Floats | None
    line: Floats | None

    def at(self, positions: Ints, part: slice) -> Floats:
        """Return the target of some series, each at a flat position."""
        if self.line is not None:
            return np.asarray(self.line[positions], dtype=np.float64)
        return np.full(positions.size, np.nan) if self.level is None else self.level[part]

    def points(self, series: int, begin: int, end: int) -> Floats:
        """Return the target at every point of one series."""
        if self.line is not None:
            return np.asarray(self.line[begin:end], dtype=np.float64)
        return np.full(end - begin, np.nan if self.level is None else self.level[series])


def resolve(target: AnyTarget, batch: Batch) -> tuple[Target, ...]:
    """Return the targets asked for, the one that decides the icon first.

    Names make several targets: {"national": 0.95, "ours": [(0, 0.76), (12, 0.78)]}.
    """
    if isinstance(target, Mapping) and target and all(isinstance(key, str) for key in target):
        return tuple(_one(str(name), each, batch) for name, each in target.items())
    return (_one("target", target, batch),)  # type: ignore[arg-type]  # names were dealt with above


def _one(name: str, target: OneTarget, batch: Batch) -> Target:
    if isinstance(target, Mapping):
        return Target(name, None, _stepped_each(name, target, batch))
    try:
        goal = np.asarray(np.nan if target is None else target, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = f"{name} is {target!r}, which is not a number. Give a number, one per series or point, or steps."
        raise PlanError("target", message) from error
    if goal.ndim == 0 or (goal.ndim == 1 and goal.size == batch.series):
        return Target(name, np.broadcast_to(goal, (batch.series,)), None)
    if goal.ndim == 1 and goal.size == batch.values.size:
        return Target(name, None, goal)
    if goal.ndim == _PAIR and goal.shape[1] == _PAIR:
        return Target(name, None, _stepped(goal, batch))
    message = (
        f"{name} has {goal.size} entries but the batch has {batch.series} series."
        f" Give one for all, or one for each. One for each of the {batch.values.size} points will do too."
    )
    raise PlanError("target-size", message)


def _stepped(steps: Floats, batch: Batch) -> Floats:
    """Return a line for all series alike: from each point named on, the value beside it; nothing before the first."""
    inside = np.arange(batch.values.size) - np.repeat(batch.offsets[:-1], batch.lengths)
    return _levels(steps, inside)


def _stepped_each(name: str, steps: Mapping[int, Steps], batch: Batch) -> Floats:
    line = np.full(batch.values.size, np.nan)
    for series, each in steps.items():
        if not (isinstance(series, int | np.integer) and 0 <= series < batch.series):
            message = f"{name} names series {series!r}, but the batch has series 0 to {batch.series - 1}."
            raise PlanError("target-series", message)
        begin, end = int(batch.offsets[series]), int(batch.offsets[series + 1])
        line[begin:end] = _levels(np.asarray(each, dtype=np.float64), np.arange(end - begin))
    return line


def _levels(steps: Floats, points: Ints) -> Floats:
    order = np.argsort(steps[:, 0], kind="stable")
    values = np.r_[np.nan, steps[order, 1]]
    return np.asarray(values[np.searchsorted(steps[order, 0], points, side="right")], dtype=np.float64)
