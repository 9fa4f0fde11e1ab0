"""Make src/plotthedots/chance.csv: how often the last point of a series is flagged by chance alone.

python tools/simulate_chance.py [SERIES [RULES ...]] writes the table from so many series a cell (400,000: a standard
error of at most 0.0008); with names of rule sets only their lines are made anew.
"""

# ruff: noqa: INP001, T201  a script: run by hand, and it prints
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

import plotthedots as ptd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotthedots.arrays import Floats

TABLE: Final = Path(__file__).parents[1] / "src" / "plotthedots" / "chance.csv"
LENGTHS: Final = (2, 4, 6, 8, 10, 12, 18, 24, 36, 48, 60, 84, 120)
LEANS: Final = tuple(step / 10 for step in range(9))
PLANS: Final = {
    "mdc": ptd.Plan(),
    "anhoej": ptd.Plan(chart="run", rules="anhoej"),
    "nhs-r": ptd.Plan(rules="nhs-r"),
    "ihi-run": ptd.Plan(chart="run", rules="ihi-run"),
    "western-electric": ptd.Plan(rules="western-electric"),
    "nelson": ptd.Plan(rules="nelson"),
}
SEED: Final = 20231101
_AT_ONCE: Final = 20_000


def steady(rng: np.random.Generator, series: int, points: int, lean: float) -> Floats:
    """Return normal series in which nothing changes and each point leans on the last (AR(1)), already settled."""
    x = rng.standard_normal((points, series))
    for row in range(1, points):
        x[row] = lean * x[row - 1] + np.sqrt(1 - lean**2) * x[row]
    return np.ascontiguousarray(x.T)


def flagged(rng: np.random.Generator, plan: ptd.Plan, points: int, lean: float, series: int) -> float:
    """Return the share of steady series whose icon is not common cause."""
    found = done = 0
    while done < series:
        some = min(_AT_ONCE, series - done)
        values = steady(rng, some, points, lean).ravel()
        result = ptd.evaluate(ptd.Batch(values, np.arange(0, values.size + 1, points)), plan)
        found += int((result.variation != ptd.Variation.COMMON).sum())
        done += some
    return found / series


def main(series: int, chosen: Sequence[str]) -> None:
    """Write the whole table, or the lines of some rule sets."""
    rng = np.random.default_rng(SEED)
    old = TABLE.read_text(encoding="utf-8").splitlines()[1:] if chosen else []
    lines = [",".join(["rules", "points", *map(str, LEANS)])]
    for name, plan in PLANS.items():
        if chosen and name not in chosen:
            lines += [line for line in old if line.split(",")[0] == name]
            continue
        for points in LENGTHS:
            shares = [flagged(rng, plan, points, lean, series) for lean in LEANS]
            lines.append(",".join([name, str(points), *(f"{share:.5f}" for share in shares)]))
            print(lines[-1], flush=True)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400_000, sys.argv[2:])
