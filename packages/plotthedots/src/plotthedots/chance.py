"""How many charts are flagged by chance alone."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from plotthedots.errors import PlanError, choices

if TYPE_CHECKING:
    from plotthedots.arrays import Floats
    from plotthedots.settings import RulesName


def expected_flags(
    lengths: npt.ArrayLike,
    lag1: npt.ArrayLike,
    rules: RulesName = "mdc",
) -> Floats:
    """Return, per series, the probability that its last observed point is flagged though nothing changed.

    Summed over a wall this says how many flags to expect from chance: of a thousand steady monthly charts
    about twenty are flagged, and about a hundred where each month leans on the one before (lag1 0.4).

    lengths: observed points of each series. lag1: one number for all, best the median of `lag1(batch)`
    (single estimates are too noisy to be believed), or one per series; NaN counts as 0.
    From a simulated table for normal series on an XmR chart (run chart for "anhoej" and "ihi-run") with the default
    rules, interpolated in both directions. Outside the table (over 120 points, lag1 below 0
    or above 0.8) its edge is used. `tools/simulate_chance.py` makes the table.

    >>> expected_flags([36, 36, 2], [0.0, 0.4, 0.0]).round(2).tolist()
    [0.02, 0.1, 0.0]
    """
    tables = _tables()
    if rules not in tables:
        message = f"There is no table for rules {rules!r}. {choices(rules, tables)}"
        raise PlanError("rules", message)
    sizes, leans, table = tables[rules]
    points, lean = np.broadcast_arrays(np.asarray(lengths, dtype=np.float64), np.asarray(lag1, dtype=np.float64))
    row, up = _between(sizes, points)
    column, right = _between(leans, np.nan_to_num(lean))
    near = table[row, column] * (1 - right) + table[row, column + 1] * right
    far = table[row + 1, column] * (1 - right) + table[row + 1, column + 1] * right
    return np.asarray(near * (1 - up) + far * up, dtype=np.float64)


def _between(grid: Floats, values: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """Return the grid line at or below each value, and how far it lies towards the next (0 to 1)."""
    held = np.clip(values, grid[0], grid[-1])
    below = np.minimum(np.searchsorted(grid, held, side="right") - 1, grid.size - 2)
    return below, (held - grid[below]) / (grid[below + 1] - grid[below])


@lru_cache(maxsize=1)
def _tables() -> dict[str, tuple[Floats, Floats, Floats]]:
    """Read the shipped table: one line per rule set and length, one column per lag-one value."""
    lines = files("plotthedots").joinpath("chance.csv").read_text(encoding="utf-8").splitlines()
    leans = np.array([float(word) for word in lines[0].split(",")[2:]])
    rows = [line.split(",") for line in lines[1:]]
    tables = {}
    for name in dict.fromkeys(row[0] for row in rows):
        mine = np.array([[float(word) for word in row[1:]] for row in rows if row[0] == name])
        tables[name] = (mine[:, 0], leans, mine[:, 1:])
    return tables
