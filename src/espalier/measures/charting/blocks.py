"""Many series on their calendars, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from espalier.common.periods import Grain, start_of_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """Many series on a calendar: one flat array, and where each begins.

    keys says whose each series is; first is the number of its first period (common.periods.number_of) and grains says
    what a period is: a month, a week … A period without a figure stands in its place as NaN, so that a gap is seen and
    no rule steps over it unnoticed.
    """

    keys: Ints
    offsets: Ints
    first: Ints
    numerator: Floats
    denominator: Floats
    value: Floats
    grains: tuple[Grain, ...]

    @property
    def lengths(self) -> Ints:
        """Periods from first to last figure, gaps included."""
        return np.diff(self.offsets)

    def months(self, index: int) -> tuple[date, ...]:
        """Return the first days of the periods (mostly months) of one series."""
        start = int(self.first[index])
        return tuple(start_of_number(number, self.grains[index]) for number in range(start, start + int(self.lengths[index])))

    def only(self, index: int) -> Block:
        """Return one series as a block of its own."""
        part = self.part(index)
        ends = np.array([0, part.stop - part.start], dtype=np.int64)
        return Block(
            self.keys[index : index + 1], ends, self.first[index : index + 1],
            self.numerator[part], self.denominator[part], self.value[part], (self.grains[index],),
        )  # fmt: skip

    def newest(self, months: int) -> Block:
        """Return the newest so many periods of a block of one series."""
        cut = max(0, self.value.size - months)
        ends = np.array([0, self.value.size - cut], dtype=np.int64)
        return Block(self.keys, ends, self.first + cut, self.numerator[cut:], self.denominator[cut:], self.value[cut:], self.grains)

    def part(self, index: int) -> slice:
        """Return where one series lies in the flat arrays."""
        return slice(int(self.offsets[index]), int(self.offsets[index + 1]))


def period_numbers(days: npt.ArrayLike, grain: Grain) -> Ints:
    """Number many days at once, as common.periods.number_of numbers one."""
    numbered = np.asarray(days, dtype="datetime64[D]")
    if grain in {"day", "week"}:
        ordinals = numbered.astype(np.int64) + _FIRST_OF_1970
        return ordinals if grain == "day" else (ordinals - 1) // 7
    months = numbered.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return months // {"month": 1, "quarter": 3, "year": 12}[grain]


_FIRST_OF_1970 = 719_163  # counted from the first day of the year 1


def calendar(
    keys: Ints, months: Ints, numerator: Floats, denominator: Floats, value: Floats, grains: Mapping[int, Grain] | Grain = "month"
) -> Block:
    """Lay rows sorted by (key, number of the period) on a calendar, with NaN where one is missing between first and last.

    grains is one for all series, or says it by key.
    """
    if keys.size == 0:
        nothing = np.empty(0)
        return Block(keys, np.zeros(1, np.int64), keys, nothing, nothing, nothing, ())
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    ends = np.r_[starts[1:], keys.size] - 1
    first = months[starts]
    lengths = months[ends] - first + 1
    offsets = np.r_[0, np.cumsum(lengths)]
    which = np.repeat(np.arange(starts.size), ends - starts + 1)
    place = offsets[which] + months - first[which]

    def laid(column: Floats) -> Floats:
        full = np.full(int(offsets[-1]), np.nan)
        full[place] = column
        return full

    by_key = (grains,) * starts.size if isinstance(grains, str) else tuple(grains[key] for key in keys[starts].tolist())
    return Block(keys[starts], offsets, first, laid(numerator), laid(denominator), laid(value), by_key)
