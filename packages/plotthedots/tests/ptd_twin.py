"""The slow twin: the same rules in plain Python and exact fractions, one series and one point at a time.

It shares nothing with the package but the meaning of the flag bits: definitions are read off the page, with
loops over windows and whole-number arithmetic, so a tie here is a tie and not a last digit.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb, log2

HIGH, LOW, TWO_HIGH, TWO_LOW, SHIFT_HIGH, SHIFT_LOW, UP, DOWN, CROSS_HIGH, CROSS_LOW = (1 << k for k in range(10))
Number = Fraction | None


def xmr_lines(values: list[Number], screen: bool = True) -> tuple[Number, Number]:
    """Return mean and mean moving range of a baseline; None where there is nothing to average."""
    seen = [v for v in values if v is not None]
    if not seen:
        return None, None
    ranges = [abs(b - a) for a, b in itertools.pairwise(values) if a is not None and b is not None]
    if not ranges:
        return sum(seen) / len(seen), None
    mean = sum(ranges) / len(ranges)
    if screen:
        kept = [r for r in ranges if r < Fraction(3267, 1000) * mean]
        if kept and sum(kept) > 0:
            mean = sum(kept) / len(kept)
    return sum(seen) / len(seen), mean


def median(values: list[Number]) -> Number:
    seen = sorted(v for v in values if v is not None)
    if not seen:
        return None
    middle = len(seen) // 2
    return seen[middle] if len(seen) % 2 else (seen[middle - 1] + seen[middle]) / 2


class Phase:
    """The values of one phase and the questions the rules ask of each point."""

    def __init__(self, values: list[Number], centre: Fraction, amr: Number) -> None:
        self.values, self.centre, self.amr = values, centre, amr

    def beyond(self, i: int, sign: int, sigmas: int) -> bool:
        value = self.values[i]
        if value is None or self.amr is None:
            return False
        return sign * (value - self.centre) > Fraction(266, 100) * self.amr * sigmas / 3

    def on_side(self, i: int, sign: int) -> bool:
        # Without a centre there are no sides, but there may still be trends.
        return self.values[i] is not None and self.centre is not None and sign * (self.values[i] - self.centre) > 0

    def step(self, i: int, sign: int) -> bool:
        before, after = self.values[i - 1], self.values[i]
        return before is not None and after is not None and sign * (after - before) > 0


def mdc(
    values: list[Number], centre: Number, amr: Number, shift: int = 7, trend: int = 7, same_side: bool = True
) -> list[int]:
    """Return the flags of one phase."""
    n = len(values)
    flags = [0] * n
    phase = Phase(values, centre, amr)
    sides = ((1, HIGH, TWO_HIGH, SHIFT_HIGH, UP), (-1, LOW, TWO_LOW, SHIFT_LOW, DOWN))
    for sign, outside, two, run, trending in sides:
        marked = [(outside, [i for i in range(n) if phase.beyond(i, sign, 3)])]
        marked += [(run, w) for w in windows(n, shift) if all(phase.on_side(i, sign) for i in w)]
        marked += [(trending, w) for w in windows(n, trend) if all(phase.step(i, sign) for i in w[1:])]
        for w in windows(n, 3):
            far = [i for i in w if phase.beyond(i, sign, 2)]
            if len(far) >= 2 and (not same_side or all(phase.on_side(i, sign) for i in w)):
                marked.append((two, far))
        for bit, points in marked:
            for i in points:
                flags[i] |= bit
    return flags


def windows(n: int, length: int) -> list[range]:
    """Return every stretch of so many points in a row."""
    return [range(i, i + length) for i in range(n - length + 1)]


def anhoej(values: list[Number], centre: Number) -> dict[str, object]:
    """Return flags and counts of one phase by the Anhøj rules."""
    flags = [0] * len(values)
    useful = [(i, v > centre) for i, v in enumerate(values) if v is not None and v != centre]
    n = len(useful)
    if n == 0:
        return {"flags": flags, "useful": 0, "longest": 0, "crossings": 0}
    runs: list[list[int]] = []
    crossings = 0
    for k, (i, high) in enumerate(useful):
        if k and high == useful[k - 1][1]:
            runs[-1].append(i)
        else:
            crossings += k > 0
            runs.append([i])
    allowed = int(log2(n) + 0.5) + 3
    for run in runs:
        if len(run) > allowed:
            for i in run:
                flags[i] |= SHIFT_HIGH if values[i] > centre else SHIFT_LOW
    if crossings < binomial_five_percent(n - 1):
        i, high = useful[-1]
        flags[i] |= CROSS_HIGH if high else CROSS_LOW
    return {"flags": flags, "useful": n, "longest": max(map(len, runs)), "crossings": crossings}


def binomial_five_percent(trials: int) -> int:
    """Return the smallest k with P(X <= k) >= 0.05 for X ~ Binomial(trials, 1/2)."""
    for k in range(trials + 1):
        if Fraction(sum(comb(trials, j) for j in range(k + 1)), 2**trials) >= Fraction(1, 20):
            return k
    return 0


def judge(values: list[Number], starts: list[int], baseline: int | None, rules: str, **options) -> list[int]:
    """Return the flags of a whole series, phase by phase."""
    flags: list[int] = []
    edges = sorted({0, *(s for s in starts if s < len(values)), len(values)})
    for a, b in itertools.pairwise(edges):
        phase = values[a:b]
        base = phase[:baseline] if baseline else phase
        if rules == "mdc":
            centre, amr = xmr_lines(base)
            flags += mdc(phase, centre, amr, **options)
        else:
            centre = median(base)
            flags += anhoej(phase, centre)["flags"] if centre is not None else [0] * len(phase)
    return flags
