"""Make src/plotthedots/evidence.csv: how strong the evidence at the last point of steady series is.

python tools/simulate_evidence.py [SERIES] writes, for each length and lag-one correlation, the scores that so many steady
series reach with given probabilities (200,000: about five minutes).
"""

# ruff: noqa: INP001, T201  a script: run by hand, and it prints
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from simulate_chance import steady

import plotthedots as ptd
from plotthedots.discovery import evidence

if TYPE_CHECKING:
    from plotthedots.arrays import Floats

TABLE: Final = Path(__file__).parents[1] / "src" / "plotthedots" / "evidence.csv"
LENGTHS: Final = (8, 12, 18, 24, 36, 48, 60, 84, 120)
LEANS: Final = tuple(step / 10 for step in range(9))
TAILS: Final = (1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.002, 0.001, 0.0005, 0.0003, 0.0002, 0.0001)
PLANS: Final = {"limits": ptd.Plan(), "median": ptd.Plan(chart="run")}
SEED: Final = 20231102
_AT_ONCE: Final = 20_000


def scores(rng: np.random.Generator, plan: ptd.Plan, points: int, lean: float, series: int) -> Floats:
    """Return the scores of steady series."""
    parts: list[Floats] = []
    for _ in range(0, series, _AT_ONCE):
        values = steady(rng, _AT_ONCE, points, lean).ravel()
        batch = ptd.Batch(values, np.arange(0, values.size + 1, points))
        parts.append(evidence(ptd.evaluate(batch, plan)))
    return np.concatenate(parts)


def main(series: int) -> None:
    """Write the whole table."""
    rng = np.random.default_rng(SEED)
    lines = [",".join(["kind", "points", "lag1", *map(str, TAILS)])]
    for name, plan in PLANS.items():
        for points in LENGTHS:
            for lean in LEANS:
                found = np.sort(scores(rng, plan, points, lean, series))[::-1]
                # The least score that no more than this share reaches.
                marks = [found[min(int(tail * found.size), found.size - 1)] for tail in TAILS]
                lines.append(",".join([name, str(points), str(lean), *(f"{mark:.4f}" for mark in marks)]))
            print(lines[-1], flush=True)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
