"""What is odd about a series of figures: each finding can be wrong, so it asks somebody to look and claims nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_IN_A_ROW = 6  # figures that never move for half a year are often typed from memory, or not measured
JUMP = 8.0  # times the usual step from one figure to the next
ENOUGH_STEPS = 8
ENOUGH_DIGITS = 24
HEAPED = 0.001  # so seldom would chance alone give so many counts that end in 0 or 5


@dataclass(frozen=True, slots=True)
class Reported:
    """One period of a series as it stands; all None where there is no figure."""

    numerator: float | None
    denominator: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Oddities:
    """What was found in one series, counted from 0; places are indexes into what was given."""

    periods: int
    reported: int
    no_denominator: tuple[int, ...]  # nobody was there to be counted
    same: int  # the longest run of equal figures, where it is long enough to ask
    jumps: tuple[int, ...]
    heaped: bool


def oddities(series: Sequence[Reported]) -> Oddities:
    """Look through a series for what is worth asking about."""
    values = [one.value for one in series]
    return Oddities(
        periods=len(series),
        reported=sum(one.value is not None or one.denominator == 0 for one in series),
        no_denominator=tuple(at for at, one in enumerate(series) if one.denominator == 0),
        same=same_in_a_row(values),
        jumps=jumps(values),
        heaped=heaped([one.numerator for one in series if one.numerator is not None]),
    )


def same_in_a_row(values: Sequence[float | None]) -> int:
    """Return the length of the longest run of equal figures, or 0 when it is short or stands at nought.

    Months without a single fall are good news and no slip, so runs of nought are not asked about.

    >>> same_in_a_row([3, 4, 4, 4, 4, 4, 4, 5]), same_in_a_row([0] * 9), same_in_a_row([4, 4, 4])
    (6, 0, 0)
    """
    runs = [sum(1 for _ in several) for value, several in groupby(values) if value]
    longest = max(runs, default=0)
    return longest if longest >= SAME_IN_A_ROW else 0


def jumps(values: Sequence[float | None]) -> tuple[int, ...]:
    """Return where a single figure leaps away and the next one comes back: the mark of a slip of the finger.

    A lasting change is no slip, so a figure whose neighbours do not agree with each other is left alone.

    >>> jumps([10, 11, 10, 12, 11, 110, 10, 11, 12, 10, 11]), jumps([10, 11, 10, 12, 11, 10, 40, 41, 42, 40, 41])
    ((5,), ())
    """
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    steps = [abs(after - before) for (_, before), (_, after) in pairwise(known)]
    if len(steps) < ENOUGH_STEPS:
        return ()
    usual = median(steps) or min((step for step in steps if step), default=0.0)
    if not usual:
        return ()
    found = []
    for (_, before), (at, value), (_, after) in zip(known, known[1:], known[2:], strict=False):
        away = min(abs(value - before), abs(value - after))
        if away > JUMP * usual and (value - before) * (value - after) > 0 and abs(after - before) < away / 2:
            found.append(at)
    return tuple(found)


def heaped(counts: Sequence[float]) -> bool:
    """Whether far more counts end in 0 or 5 than chance gives: they may have been estimated, not counted.

    Small counts say nothing (0 and 5 are counts like others), so only those of 20 and more are looked at.

    >>> heaped([100, 105, 110, 95] * 8), heaped([101, 107, 112, 93] * 8)
    (True, False)
    """
    last = [int(count) % 5 == 0 for count in counts if count >= 20 and float(count).is_integer()]
    if len(last) < ENOUGH_DIGITS:
        return False
    hits, several = sum(last), len(last)
    return sum(math.comb(several, n) * 0.2**n * 0.8 ** (several - n) for n in range(hits, several + 1)) < HEAPED
