"""What a rule set means where tools differ: one value for each open question, all of them printed in the docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

RulesName = Literal["mdc", "nhs-r", "anhoej", "ihi-run", "western-electric", "nelson"]
RuleName = Literal[
    "outside",
    "two-of-three",
    "four-of-five",
    "shift",
    "trend",
    "alternating",
    "hugging",
    "avoiding",
    "longest-run",
    "crossings",
    "runs",
]
TwoOfThree = Literal["same-side", "any-side", "off"]
Screen = Literal["once", "always", "off"]
Pass = Literal["break", "skip"]

RULE_NAMES: Final[tuple[RuleName, ...]] = RuleName.__args__  # type: ignore[attr-defined]  # the words above, as values


@dataclass(frozen=True)
class Settings:
    """The answers one rule set gives; `Plan` may give others, one by one.

    apply: which rules are looked for.
    shift, trend: points that make one. alternating, hugging, avoiding: points in a row that make one.
    two_of_three: where the third point may lie.
    count_outside: a point beyond three sigma counts in two of three.
    ties: what an equal neighbour does to a trend; "skip" counts equal points once.
    on_centre: what a point on the centre does to a shift.
    missing: "break" ends runs and moving ranges; "skip" treats the series as if the point had no row.
    screen: "once" leaves out moving ranges of 3.267 times their mean, unless nothing would vary any more;
        "always" does so even then; "off" keeps all.
    trend_first: where rules disagree at a point, trend outranks two of three and shift.
    target_on_limit: a target exactly on a limit counts as "met", or as "either".
    late: a missing last point leaves the icon to the last "observed" one, or shows "common" cause.
    """

    apply: frozenset[str] = frozenset({"outside", "two-of-three", "shift", "trend"})
    shift: int = 7
    trend: int = 7
    alternating: int = 14
    hugging: int = 15
    avoiding: int = 8
    two_of_three: TwoOfThree = "same-side"
    count_outside: bool = True
    ties: Pass = "break"
    on_centre: Pass = "break"
    missing: Pass = "break"
    screen: Screen = "once"
    trend_first: bool = False
    target_on_limit: Literal["met", "either"] = "met"
    late: Literal["observed", "common"] = "observed"


def _rules(*names: RuleName) -> frozenset[str]:
    return frozenset(names)


SETTINGS: Final[dict[str, Settings]] = {
    "mdc": Settings(),
    "nhs-r": Settings(
        count_outside=False, screen="always", trend_first=True, target_on_limit="either", late="common"
    ),
    "anhoej": Settings(apply=_rules("longest-run", "crossings"), on_centre="skip"),
    "ihi-run": Settings(apply=_rules("shift", "trend", "runs"), shift=6, trend=5, ties="skip", on_centre="skip"),
    "western-electric": Settings(
        apply=_rules("outside", "two-of-three", "four-of-five", "shift"), shift=8, two_of_three="any-side"
    ),
    "nelson": Settings(
        apply=_rules(
            "outside", "shift", "trend", "alternating", "two-of-three", "four-of-five", "hugging", "avoiding"
        ),
        shift=9,
        trend=6,
        two_of_three="any-side",
    ),
}
# What `Plan` may change: field of the plan and of the settings alike.
CHOICES: Final[dict[str, Sequence[object]]] = {
    "two_of_three": ("same-side", "any-side", "off"),
    "ties": ("break", "skip"),
    "on_centre": ("break", "skip"),
    "missing": ("break", "skip"),
}
