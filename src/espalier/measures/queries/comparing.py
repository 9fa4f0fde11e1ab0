"""The phases of one series side by side: what each was like, and how far apart they lie."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from espalier.measures.charting import Floats, Judged, Lines, lines_at, number_or_none

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Stretch:
    """One phase: its lines, its figures, and how far its average lies from the one before, with a 95% interval."""

    since: date
    until: date
    figures: int
    left_out: int
    average: float | None
    spread: float | None  # standard deviation of the figures
    lines: Lines
    change: float | None = None
    low: float | None = None
    high: float | None = None


def stretches(judged: Judged, index: int) -> tuple[Stretch, ...]:
    """Compare the phases of one series."""
    one, days = judged.result.series(index), judged.block.months(index)
    out = np.zeros(one.values.size, dtype=np.bool_) if one.excluded is None else one.excluded
    found: list[Stretch] = []
    before = np.empty(0)
    for first, after in zip(one.phases.tolist(), [*one.phases.tolist()[1:], one.values.size], strict=True):
        part = one.values[first:after] * judged.scale
        counted = part[~np.isnan(part) & ~out[first:after]]
        made = Stretch(
            days[first], days[after - 1], counted.size, int(out[first:after].sum()),
            number_or_none(counted.mean()) if counted.size else None,
            number_or_none(counted.std(ddof=1)) if counted.size > 1 else None, lines_at(judged, one, after - 1),
        )  # fmt: skip
        if before.size and counted.size:
            change, reach = float(counted.mean() - before.mean()), _reach(before, counted)
            low, high = (None, None) if reach is None else (change - reach, change + reach)
            made = replace(made, change=change, low=low, high=high)
        found.append(made)
        before = counted
    return tuple(found)


FEW = 6  # with fewer figures on either side an interval says more about luck than about the work


def _reach(before: Floats, after: Floats) -> float | None:
    """Return half the width of Welch's 95% interval for the difference of two averages."""
    if min(before.size, after.size) < FEW:
        return None
    parts = before.var(ddof=1) / before.size, after.var(ddof=1) / after.size
    if sum(parts) == 0:
        return 0.0
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (before.size - 1) + parts[1] ** 2 / (after.size - 1))
    return float(t_975(float(freedom)) * math.sqrt(sum(parts)))


def t_975(freedom: float) -> float:
    """Return the 97.5% point of Student's t, by its series in 1 / freedom (Abramowitz and Stegun 26.7.5).

    >>> [round(t_975(n), 2) for n in (5, 10, 30)]
    [2.57, 2.23, 2.04]
    """
    z = 1.959963984540054
    terms = (z, (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384)
    return sum(term / freedom**power for power, term in enumerate(terms))
