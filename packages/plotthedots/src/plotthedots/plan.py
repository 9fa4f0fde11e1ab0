"""How to judge a batch: the chart, the rules, the direction, the target and the phases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from plotthedots.errors import PlanError, choices

if TYPE_CHECKING:
    from plotthedots.arrays import Floats, Ints, Signs

ChartName = Literal["xmr", "run", "p"]
RulesName = Literal["mdc", "anhoej"]
Direction = Literal["up", "down", "none"]
TwoOfThree = Literal["same-side", "any-side", "off"]
Rebase = Sequence[int] | Mapping[int, Sequence[int]]

_SIGN: Final = {"up": 1, "down": -1, "none": 0}
_WORDS: Final = {
    "chart": ("xmr", "run", "p"),
    "rules": ("mdc", "anhoej"),
    "two_of_three": ("same-side", "any-side", "off"),
}
_FEWEST: Final = 2  # two points make one moving range, the least that gives limits


@dataclass(frozen=True, eq=False)  # fields may be arrays, whose == is not a yes or a no
class Plan:
    """Say how every series of a batch is judged. Frozen, so one plan can serve many batches.

    chart: "xmr" (individual values with moving-range limits), "run" (median, no limits) or
        "p" (proportions; limits follow the denominators).
    rules: "mdc" (NHS Making Data Count as announced in November 2023) or "anhoej".
    improvement: which way is better, "up", "down" or "none"; or one word per series, as an
        array. "none" gives the variations high and low instead of improvement and concern.
    target: a number, or one per series with NaN where there is none.
    baseline: only the first so many points of each phase set its centre and limits. None, or 0
        in an array of one per series: all of them do.
    rebase: the points, counted from 0, at which new phases start: one list for all series (a
        start beyond a short series' end is no phase), or {series: list}. Every phase has its
        own centre and limits, and no rule looks across a border.
    shift: points on one side of the centre that make a shift (7).
    trend: points, each beyond the last, that make a trend (7 points are 6 steps).
    two_of_three: "same-side": all three points lie on one side of the centre; "any-side": the
        third may lie anywhere; "off".
    screen: leave out moving ranges of 3.267 times their mean and more, once.
    minimum: with fewer observed points than this behind its limits, a phase warns of trial limits.

    The last four are parameters because teams do differ on them; the defaults are the rule set.
    Errors: `PlanError`; what depends on the number of series is checked by `evaluate`.

    >>> Plan(improvement="up", target=0.95).shift
    7
    """

    chart: ChartName = "xmr"
    rules: RulesName = "mdc"
    improvement: Direction | Sequence[Direction] | npt.NDArray[np.str_] = "none"
    target: float | npt.ArrayLike | None = None
    baseline: int | npt.ArrayLike | None = None
    rebase: Rebase = field(default=())
    shift: int = 7
    trend: int = 7
    two_of_three: TwoOfThree = "same-side"
    screen: bool = True
    minimum: int = 12

    def __post_init__(self) -> None:
        """Refuse unknown words and lengths now, where the mistake was made."""
        for name, known in _WORDS.items():
            word = getattr(self, name)
            if word not in known:
                message = f"There is no {name.replace('_', ' ')} called {word!r}. {choices(word, known)}"
                raise PlanError(name.replace("_", "-"), message)
        for name in ("shift", "trend"):
            if getattr(self, name) < _FEWEST:
                message = f"{name} is {getattr(self, name)}, but it needs at least {_FEWEST} points. 7 is usual."
                raise PlanError(name, message)
        if isinstance(self.improvement, str):
            self.directions(1)

    def directions(self, series: int) -> Signs:
        """Return +1, -1 or 0 for each series: which way is better."""
        words = np.asarray(self.improvement)
        known = np.isin(words, list(_SIGN))
        if not known.all():
            word = words[~known].flat[0] if words.ndim else words[()]
            message = f"improvement cannot be {str(word)!r}. {choices(word, _SIGN)}"
            raise PlanError("improvement", message)
        signs = (words == "up").astype(np.int8) - (words == "down").astype(np.int8)
        return np.asarray(_per_series(signs, series, "improvement"), dtype=np.int8)

    def targets(self, series: int) -> Floats:
        """Return the target of each series, NaN where it has none."""
        goal = np.asarray(np.nan if self.target is None else self.target, dtype=np.float64)
        return np.asarray(_per_series(goal, series, "target"), dtype=np.float64)

    def baselines(self, series: int) -> Ints | None:
        """Return how many points of each phase set its limits (0: all), or None if always all."""
        if self.baseline is None:
            return None
        length = np.asarray(self.baseline)
        if length.dtype.kind not in "iu" or ((length != 0) & (length < _FEWEST)).any():
            message = (
                f"baseline is {self.baseline!r}."
                f" Give how many first points set the limits: whole numbers, {_FEWEST} or more."
            )
            raise PlanError("baseline", message)
        return np.asarray(_per_series(length, series, "baseline"), dtype=np.int64)


def _per_series(given: npt.NDArray[np.generic], series: int, name: str) -> npt.NDArray[np.generic]:
    if given.ndim > 1 or (given.ndim == 1 and given.size != series):
        message = (
            f"{name} has {given.size} entries but the batch has {series} series. Give one for all, or one for each."
        )
        raise PlanError(f"{name}-size", message)
    return np.broadcast_to(given, (series,))
