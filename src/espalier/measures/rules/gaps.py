"""The difference between two groups, with its interval; and how far apart groups lie by chance alone.

Source: R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven
methods, Statistics in Medicine 17 (1998) 873-890, method 10: each group's own score interval, put together by the sum of
squares. The same way of putting together serves two rates (Zou and Donner, Statistics in Medicine 27 (2008) 1693-1702),
with the score interval of a Poisson count for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from espalier.measures.rules.figures import MULTIPLIER

if TYPE_CHECKING:
    from collections.abc import Sequence

Z = 1.959963984540054  # 95 in 100 intervals hold the true value
PER_GROUP = ("percent", "rate")  # of means and plain counts we store nothing that says how sure they are
# Mean range of so many equal normal values, in standard deviations (Tippett 1925; d2 of control charts).
RANGE = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326, 6: 2.534, 7: 2.704, 8: 2.847, 9: 2.970, 10: 3.078}


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference and its interval, in the terms of the measure."""

    value: float
    lower: float
    upper: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out no difference at all."""
        return self.lower > 0 or self.upper < 0


def wilson(count: float, total: float) -> tuple[float, float]:
    """Return the score interval of a share.

    >>> [round(limit, 6) for limit in wilson(3, 40)]
    [0.025836, 0.198642]
    """
    share, spread = count / total, Z * Z / total
    centre = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def poisson_score(count: float, exposure: float) -> tuple[float, float]:
    """Return the score interval of a rate: of so many events in so much time.

    >>> [round(limit, 3) for limit in poisson_score(10, 1)]
    [5.432, 18.409]
    """
    half = Z * sqrt(count + Z * Z / 4)
    return max(0.0, count + Z * Z / 2 - half) / exposure, (count + Z * Z / 2 + half) / exposure


def difference(measured_in: str, one: tuple[float, float], other: tuple[float, float]) -> Gap:
    """Return how much the first group (numerator, denominator) lies above the second, with its interval.

    Newcombe's example (a): 56 of 70 against 48 of 80.

    >>> gap = difference("percent", (56, 70), (48, 80))
    >>> round(gap.value, 2), round(gap.lower, 2), round(gap.upper, 2)
    (20.0, 5.24, 33.39)
    """
    interval = wilson if measured_in == "percent" else poisson_score
    (a, m), (b, n) = one, other
    (low_a, high_a), (low_b, high_b) = interval(a, m), interval(b, n)
    share_a, share_b, scale = a / m, b / n, MULTIPLIER[measured_in]
    value = share_a - share_b
    lower = value - sqrt((share_a - low_a) ** 2 + (high_b - share_b) ** 2)
    upper = value + sqrt((high_a - share_a) ** 2 + (share_b - low_b) ** 2)
    return Gap(scale * value, scale * lower, scale * upper)


def by_chance(measured_in: str, groups: Sequence[tuple[float, float]]) -> float | None:
    """Return how far apart the highest and the lowest of groups lie on average where nothing but chance tells them apart.

    The furthest apart of many always look different: this is what to set against the gap. None for too few or too many
    groups. Groups of unequal size are taken as if each had the mean of their variances.
    """
    if len(groups) not in RANGE or not sum(total for _, total in groups):
        return None
    share = sum(count for count, _ in groups) / sum(total for _, total in groups)
    one = share * (1 - share) if measured_in == "percent" else share
    variance = sum(one / total for _, total in groups) / len(groups)
    return MULTIPLIER[measured_in] * RANGE[len(groups)] * sqrt(max(0.0, variance))
