"""Measure how often steady series are flagged, by rule and length, and write docs/false-alarms.md.

python tools/false_alarms.py [SERIES] takes so many series a line (200,000: about three minutes).
"""

# ruff: noqa: INP001, T201  a script: run by hand, and it prints
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from simulate_chance import PLANS, steady

import plotthedots as ptd
from plotthedots.codes import Flag

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = Path(__file__).parents[1] / "docs" / "false-alarms.md"
LENGTHS: Final = (12, 18, 24, 36, 48, 60, 84, 120)
SEED: Final = 20231102
RULES: Final = {
    "outside": Flag.OUTSIDE_HIGH | Flag.OUTSIDE_LOW,
    "two of three": Flag.TWO_OF_THREE_HIGH | Flag.TWO_OF_THREE_LOW,
    "shift": Flag.SHIFT_HIGH | Flag.SHIFT_LOW,
    "trend": Flag.TREND_UP | Flag.TREND_DOWN,
}
_AT_ONCE: Final = 20_000
HEAD: Final = """<!-- Written by tools/false_alarms.py: run it again, do not edit. -->

# False alarms: how often nothing changes and a chart is flagged all the same

Simulated: {series:,} normal series a line in which nothing changes, XmR chart (run chart for `anhoej` and `ihi-run`). The
largest standard error is {error:.1f} percentage points. "Any" counts charts with at least one flagged point; "last" those flagged
at the last point, which is what an icon on a wall shows. `expected_flags` adds the last column up for your wall, from a finer
table that also knows other strengths of autocorrelation.

Read it so: of 1,000 steady charts of 36 months about {any36} carry a `mdc` flag somewhere and about {last36} show a
special-cause icon now; where each month leans on the one before (autocorrelation 0.4) about {lean36} do.
"""


def shares(plan: ptd.Plan, points: int, lean: float, series: int, seed: int) -> dict[str, float]:
    """Return the share of steady series with any flag, a flag now, and each rule anywhere."""
    rng = np.random.default_rng(seed)
    found = dict.fromkeys(["any", "last", *RULES], 0)
    for first in range(0, series, _AT_ONCE):
        some = min(_AT_ONCE, series - first)
        values = steady(rng, some, points, lean).ravel()
        result = ptd.evaluate(ptd.Batch(values, np.arange(0, values.size + 1, points)), plan)
        bits = np.bitwise_or.reduce(result.flags.reshape(some, points), axis=1)
        found["any"] += int((bits != 0).sum())
        found["last"] += int((result.variation != ptd.Variation.COMMON).sum())
        for name, flags in RULES.items():
            found[name] += int((bits & np.uint16(flags) != 0).sum())
    return {name: count / series for name, count in found.items()}


def percent(share: float) -> str:
    """Write a share as people read it."""
    return f"{100 * share:.1f}"


def by_rule(title: str, plan: ptd.Plan, series: int) -> Iterator[str]:
    """Yield the table of one plan, rule by rule."""
    yield f"\n## {title}\n"
    yield f"| Points | any | {' | '.join(RULES)} | last | AR(1) 0.4: any | last |"
    yield "|" + "---:|" * (len(RULES) + 5)
    for points in LENGTHS:
        still, leaning = (shares(plan, points, lean, series, SEED + points) for lean in (0.0, 0.4))
        cells = [still["any"], *(still[name] for name in RULES), still["last"], leaning["any"], leaning["last"]]
        yield f"| {points} | {' | '.join(map(percent, cells))} |"
        print(title, points, flush=True)


def by_set(series: int) -> Iterator[str]:
    """Yield a table of all rule sets: any flag, and a flag now."""
    yield "\n## All rule sets, nothing changing: any (last), per cent of charts\n"
    yield f"| Points | {' | '.join(f'`{name}`' for name in PLANS)} |"
    yield "|---:|" + "---|" * len(PLANS)
    for points in LENGTHS:
        found = [shares(plan, points, 0.0, series, SEED + points) for plan in PLANS.values()]
        cells = [f"{percent(one['any'])} ({percent(one['last'])})" for one in found]
        yield f"| {points} | {' | '.join(cells)} |"
        print("all", points, flush=True)


def main(series: int) -> None:
    """Write the page."""
    lines = [*by_rule("`mdc`, in per cent of charts", ptd.Plan(), series)]
    anywhere = ptd.Plan(two_of_three="any-side")
    lines += by_rule('`mdc` with the third of three anywhere (`two_of_three="any-side"`)', anywhere, series)
    lines += by_set(series)
    month = next(line for line in lines if line.startswith("| 36 ")).split("|")
    head = HEAD.format(
        series=series,
        error=100 * np.sqrt(0.25 / series),
        any36=round(10 * float(month[2])),
        last36=round(10 * float(month[-4])),
        lean36=round(10 * float(month[-2])),
    )
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
