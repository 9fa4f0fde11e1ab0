"""How to judge a batch: the chart, the rules, the direction, the target and the phases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from plotthedots.errors import PlanError, choices
from plotthedots.settings import CHOICES, RULE_NAMES, SETTINGS, Pass, RuleName, RulesName, Settings, TwoOfThree

if TYPE_CHECKING:
    from plotthedots.arrays import Floats, Ints, Signs
    from plotthedots.targets import AnyTarget

ChartName = Literal["xmr", "run", "ip", "mr", "xbar", "s", "p", "pp", "u", "up", "c", "g", "t"]
CHART_NAMES: Final[tuple[str, ...]] = ChartName.__args__  # type: ignore[attr-defined]  # the words above, as values

Direction = Literal["up", "down", "none"]
Rebase = Sequence[int] | Mapping[int, Sequence[int]]

_SIGN: Final = {"up": 1, "down": -1, "none": 0}
_FEWEST: Final = 2  # two points make one moving range, the least that gives limits
_LENGTHS: Final = ("shift", "trend")
_CENTRES: Final = ("mean", "median")
_CONSTANTS: Final = ("rounded", "d2")
_SCREENS: Final[dict[bool | str, str]] = {True: "once", False: "off", "always": "always"}
_CALLED: Final = {
    "rules": "are no rules",
    "two_of_three": "is no two of three",
    "on_centre": "is no choice for points on the centre",
    "apply": "is no rule",
    "missing": "is no choice for missing",
    "ties": "is no choice for ties",
}


@dataclass(frozen=True, eq=False)  # fields may be arrays, whose == is not a yes or a no
class Plan:
    """Say how every series of a batch is judged. Frozen, so one plan can serve many batches.

    chart: "xmr" (single values, limits from moving ranges), "run" (median, no limits), "ip" (I′: single values with
        denominators), "mr" (the moving ranges themselves), "xbar" and "s" (means and deviations of
        subgroups), "p" and "pp" (P′, Laney), "u" and "up" (U′), "c", "g" (opportunities between rare
        events), "t" (time between rare events).
    rules: "mdc" (NHS Making Data Count as announced in November 2023), "nhs-r" (NHSRplotthedots 0.2.2 to the
        letter), "anhoej", "ihi-run", "western-electric" or "nelson".
    improvement: which way is better, "up", "down" or "none"; or one word per series, as an
        array. "none" gives the variations high and low instead of improvement and concern.
    target: a number; one per series or per point (NaN: none); steps [(0, 0.76), (12, 0.78)] as "from this point on",
        for all or {series: steps}; or several of these by name, the first of which decides the icon.
    baseline: only the first so many points of each phase set its centre and limits. None, or 0
        in an array of one per series: all of them do. {series: one for each of its phases} where phases differ.
    rebase: the points, counted from 0, at which new phases start: one list for all series (a
        start beyond a short series' end is no phase), or {series: list}. Every phase has its
        own centre and limits, and no rule looks across a border.
    exclude: points, in the same form, that are drawn but neither set limits nor are judged: as if they had no row.
    mean, sigma: known values instead of estimates; one for all or one per series (NaN: estimate).
    centre: "mean" or "median"; None is the chart's own ("median" for "run" and "g").
    constant: "rounded" takes XmR limits at 2.66 mean ranges, as the NHS does; "d2" at 3 / 1.128, as R packages do.
    minimum: with fewer observed points than this behind its limits, a phase warns of trial limits.

    None leaves these to the rule set, whose answers `plan.settings` shows (see `Settings`):
    apply: the rules looked for, by name, so that each can be switched on or off.
    shift, trend: points that make one. two_of_three: "same-side" (all three lie on one side of the centre),
        "any-side" (the third may lie anywhere) or "off". count_outside: whether points beyond three sigma count there.
    ties, on_centre, missing: "break" or "skip".
    screen: leave out moving ranges of 3.267 times their mean and more, once; "always": even where nothing would be
        left to vary, so that there are no limits.

    Errors: `PlanError`; what depends on the number of series is checked by `evaluate`.

    >>> Plan(improvement="up", target=0.95).settings.shift, Plan(rules="nelson").settings.shift
    (7, 9)
    >>> sorted(Plan(apply=["outside", "shift"], shift=8).settings.apply)
    ['outside', 'shift']
    """

    chart: ChartName = "xmr"
    rules: RulesName = "mdc"
    improvement: Direction | Sequence[Direction] | npt.NDArray[np.str_] = "none"
    target: AnyTarget = None
    baseline: int | npt.ArrayLike | Mapping[int, Sequence[int]] | None = None
    rebase: Rebase = field(default=())
    shift: int | None = None
    trend: int | None = None
    two_of_three: TwoOfThree | None = None
    screen: bool | Literal["always"] | None = None
    minimum: int = 12
    exclude: Rebase = field(default=())
    mean: float | npt.ArrayLike | None = None
    sigma: float | npt.ArrayLike | None = None
    centre: Literal["mean", "median"] | None = None
    constant: Literal["rounded", "d2"] = "rounded"
    apply: Collection[RuleName] | None = None
    count_outside: bool | None = None
    ties: Pass | None = None
    on_centre: Pass | None = None
    missing: Pass | None = None

    def __post_init__(self) -> None:
        """Refuse unknown words and lengths now, where the mistake was made."""
        _known("chart", self.chart, CHART_NAMES)
        _known("rules", self.rules, SETTINGS)
        _known("constant", self.constant, _CONSTANTS)
        if self.centre is not None:
            _known("centre", self.centre, _CENTRES)
        for name, words in CHOICES.items():
            if getattr(self, name) is not None:
                _known(name, getattr(self, name), words)
        for rule in self.apply or ():
            _known("apply", rule, RULE_NAMES)
        if self.screen not in (None, True, False, "always"):
            _known("screen", self.screen, ("always",))
        for name in _LENGTHS:
            length = getattr(self, name)
            if length is not None and length < _FEWEST:
                message = f"{name} is {length}, but it needs at least {_FEWEST} points. 7 is usual."
                raise PlanError(name, message)
        if isinstance(self.improvement, str):
            self.directions(1)

    @cached_property
    def settings(self) -> Settings:
        """What the rule set says, with the answers this plan gives instead."""
        own: dict[str, Any] = {"screen": _SCREENS[self.screen]} if self.screen is not None else {}
        own |= {} if self.apply is None else {"apply": frozenset(self.apply)}
        for name in ("shift", "trend", "two_of_three", "count_outside", "ties", "on_centre", "missing"):
            if getattr(self, name) is not None:
                own[name] = getattr(self, name)
        return replace(SETTINGS[self.rules], **own)

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

    def known(self, name: Literal["mean", "sigma"], series: int) -> Floats | None:
        """Return a value given from outside for each series (NaN: estimate it), or None if none is given."""
        given = getattr(self, name)
        if given is None:
            return None
        numbers = np.asarray(_per_series(np.asarray(given, dtype=np.float64), series, name), dtype=np.float64)
        if name == "sigma" and (numbers < 0).any():
            message = "sigma is negative. It is how far points usually lie from the centre: zero or more."
            raise PlanError("sigma", message)
        return numbers

    def baselines(self, owner: Ints, series: int) -> Ints | None:
        """Return how many points of each phase set its limits (0: all), or None if always all.

        owner says whose each phase is, in order. Phases beyond those a mapping names rest on all their points.
        """
        if self.baseline is None:
            return None
        if not isinstance(self.baseline, Mapping):
            return _per_series(self._lengths(self.baseline), series, "baseline").astype(np.int64)[owner]
        out = np.zeros(owner.size, dtype=np.int64)
        for one, lengths in self.baseline.items():
            first, after = np.searchsorted(owner, [one, one + 1])
            if not 0 <= one < series or len(lengths) > after - first:
                message = (
                    f"baseline names {len(lengths)} phases of series {one}, but it has {after - first}."
                    " Give one number for each phase, or fewer."
                )
                raise PlanError("baseline-phases", message)
            out[first : first + len(lengths)] = self._lengths(lengths)
        return out

    def _lengths(self, given: object) -> npt.NDArray[np.generic]:
        length = np.asarray(given)
        if length.dtype.kind not in "iu" or ((length != 0) & (length < _FEWEST)).any():
            message = (
                f"baseline is {self.baseline!r}."
                f" Give how many first points set the limits: whole numbers, {_FEWEST} or more."
            )
            raise PlanError("baseline", message)
        return length


def _known(name: str, word: object, known: Collection[object]) -> None:
    if word not in known:
        called = _CALLED.get(name, f"is no {name}")
        message = f"There {called} called {word!r}. {choices(word, map(str, known))}"
        raise PlanError(name.replace("_", "-"), message)


def _per_series(given: npt.NDArray[np.generic], series: int, name: str) -> npt.NDArray[np.generic]:
    if given.ndim > 1 or (given.ndim == 1 and given.size != series):
        message = (
            f"{name} has {given.size} entries but the batch has {series} series. Give one for all, or one for each."
        )
        raise PlanError(f"{name}-size", message)
    return np.broadcast_to(given, (series,))
