"""The rules of NHS Making Data Count, as announced in November 2023.

A point is special when it is outside the limits; in a shift of seven or more on one side of the centre;
in a trend of seven or more points, each beyond the last; or beyond two sigma where two of three
neighbours are (all three on that side). Points beyond three sigma count towards the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from plotthedots.codes import Flag
from plotthedots.rules.base import Block, RuleSet, Verdict
from plotthedots.rules.runs import in_run, spread, starts_of_runs

if TYPE_CHECKING:
    from plotthedots.arrays import Bits
    from plotthedots.plan import Plan

_WINDOW: Final = 3


def judge(block: Block, plan: Plan) -> Verdict:
    """Return one bit for each rule and side at every point.

    All comparisons are strict: a point on a limit is not outside, a tie breaks a trend, a point on
    the centre breaks a shift, and a missing point breaks every run.
    """
    above, below = block.sides()
    outside_high, outside_low = block.beyond(3)
    warn_high, warn_low = block.beyond(2)
    rising, falling = block.steps()
    points = block.x.shape[0]
    found = {
        Flag.OUTSIDE_HIGH: outside_high,
        Flag.OUTSIDE_LOW: outside_low,
        Flag.SHIFT_HIGH: in_run(above, plan.shift),
        Flag.SHIFT_LOW: in_run(below, plan.shift),
        Flag.TREND_UP: spread(starts_of_runs(rising, plan.trend - 1), plan.trend, points),
        Flag.TREND_DOWN: spread(starts_of_runs(falling, plan.trend - 1), plan.trend, points),
    }
    if plan.two_of_three != "off":
        same = plan.two_of_three == "same-side"
        found[Flag.TWO_OF_THREE_HIGH] = _two_of_three(warn_high, above if same else None)
        found[Flag.TWO_OF_THREE_LOW] = _two_of_three(warn_low, below if same else None)
    return Verdict(_packed(found, block.x.shape))


def _two_of_three(beyond: Bits, side: Bits | None) -> Bits:
    """Return the points beyond two sigma that lie in a window of three with two of them."""
    first, second, third = beyond[:-2], beyond[1:-1], beyond[2:]
    windows = (first & second) | (third & (first | second))
    if side is not None:
        windows &= starts_of_runs(side, _WINDOW)
    return spread(windows, _WINDOW, beyond.shape[0]) & beyond


def _packed(found: dict[Flag, Bits], shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Put each rule's answers in its own bit; bytes, because the eight bits of these rules fit."""
    flags = np.zeros(shape, dtype=np.uint8)
    for bit, answer in found.items():
        flags |= answer.view(np.uint8) << np.uint8(int(bit).bit_length() - 1)
    return flags


def words(plan: Plan) -> str:
    """Print the rule set with the parameters used."""
    two = {
        "same-side": ", two of three beyond two sigma (all on one side)",
        "any-side": ", two of three beyond two sigma (the third anywhere)",
        "off": "",
    }[plan.two_of_three]
    return f"Making Data Count rules (mdc): outside limits, shift of {plan.shift}, trend of {plan.trend}{two}"


MDC: Final = RuleSet("mdc", judge, words)
