"""Bits and codes: what a result says, without words.

Words belong to `draw`, `describe` and the pages. A point can break several rules at once, so
point flags are bits; a series has one variation and one assurance, so those are codes.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Flag(IntFlag):
    """Which rules a point breaks, and on which side. The last four rules have no side."""

    OUTSIDE_HIGH = 1 << 0  # above the upper limit
    OUTSIDE_LOW = 1 << 1  # below the lower limit
    TWO_OF_THREE_HIGH = 1 << 2  # beyond two sigma, in a window of three that breaks the rule
    TWO_OF_THREE_LOW = 1 << 3
    SHIFT_HIGH = 1 << 4  # in a run above the centre longer than the rule set allows
    SHIFT_LOW = 1 << 5
    TREND_UP = 1 << 6  # in a run of rising points
    TREND_DOWN = 1 << 7
    CROSSINGS_HIGH = 1 << 8  # the phase crosses its centre too seldom; it is now above
    CROSSINGS_LOW = 1 << 9
    FOUR_OF_FIVE_HIGH = 1 << 10  # beyond one sigma, in a window of five that breaks the rule
    FOUR_OF_FIVE_LOW = 1 << 11
    HUGGING = 1 << 12  # fifteen in a row within one sigma: less variation than the limits say
    AVOIDING = 1 << 13  # eight in a row beyond one sigma on either side: two processes mixed
    ALTERNATING = 1 << 14  # fourteen in a row up and down by turns
    CROSSINGS_MANY = 1 << 15  # the phase crosses its centre too often


class Variation(IntEnum):
    """What kind of variation the last observed point shows."""

    NONE = 0  # no observed point
    COMMON = 1
    IMPROVEMENT = 2
    CONCERN = 3
    HIGH = 4  # special cause above, where no direction is better
    LOW = 5
    SPECIAL = 6  # special cause without a side: hugging, avoiding, alternating, too many crossings


class Assurance(IntEnum):
    """Whether the process, left as it is, will meet its target."""

    NONE = 0  # no target, no direction, or no limits
    PASS = 1
    FAIL = 2
    RANDOM = 3  # hit or miss: the target lies between the limits


class Warn(IntFlag):
    """What a reader of the chart should know before trusting it. One set of bits per series."""

    NO_DATA = 1 << 0  # not one observed point
    TRIAL_LIMITS = 1 << 1  # a phase whose limits rest on fewer than `Plan.minimum` points
    CONSTANT = 1 << 2  # a phase whose values never change: its limits equal its centre
    DATA_LATE = 1 << 3  # the last point is missing; the icon comes from the last observed one
    ZERO_DENOMINATOR = 1 << 4  # those points are treated as missing
    NO_LIMITS = 1 << 5  # a phase without two neighbouring observed points to take limits from
    GAPS = 1 << 6  # a point before the last observed one is missing
    SCREENING_SKIPPED = 1 << 7  # screening would have left only moving ranges of zero
    CALENDAR_GAP = 1 << 8  # the dates leap: a month (week, day) is not even there as a missing point
    NOT_POSITIVE = 1 << 9  # a time between events of zero or less; those points are treated as missing
