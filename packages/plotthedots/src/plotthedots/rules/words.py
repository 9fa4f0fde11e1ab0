"""The names of rules and rule sets as a chart prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from plotthedots.rules.base import RuleSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.settings import Settings

_TWO: Final = {
    "same-side": ", two of three beyond two sigma (all on one side)",
    "any-side": ", two of three beyond two sigma (the third anywhere)",
    "off": "",
}
_RULES: Final[dict[str, Callable[[Settings], str]]] = {
    "outside": lambda _: ", outside limits",
    "shift": lambda s: f", shift of {s.shift}",
    "trend": lambda s: f", trend of {s.trend}",
    "two-of-three": lambda s: _TWO[s.two_of_three] + ("" if s.count_outside else " and within three"),
    "four-of-five": lambda _: ", four of five beyond one sigma",
    "alternating": lambda s: f", {s.alternating} up and down by turns",
    "hugging": lambda s: f", {s.hugging} within one sigma",
    "avoiding": lambda s: f", {s.avoiding} beyond one sigma",
    "longest-run": lambda _: ", longest run",
    "crossings": lambda _: ", number of crossings",
    "runs": lambda _: ", number of runs",
}
TITLES: Final = {
    "mdc": "Making Data Count rules",
    "nhs-r": "NHSRplotthedots rules",
    "anhoej": "Anhøj rules",
    "ihi-run": "IHI run chart rules",
    "western-electric": "Western Electric rules",
    "nelson": "Nelson rules",
}


def _words(name: str) -> Callable[[Settings], str]:
    def words(settings: Settings) -> str:
        """Print the rule set with the parameters used."""
        each = "".join(say(settings) for rule, say in _RULES.items() if rule in settings.apply)
        return f"{TITLES[name]} ({name}): {each[2:] or 'no rule'}"

    return words


RULES: Final[dict[str, RuleSet]] = {name: RuleSet(name, _words(name)) for name in TITLES}
