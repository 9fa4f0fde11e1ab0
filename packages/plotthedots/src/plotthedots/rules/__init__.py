"""The rules by name, the rule sets by name, and one judgement of a block by any set of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from plotthedots.rules import anhoej, limits, patterns
from plotthedots.rules.base import Block, RuleSet, Verdict
from plotthedots.rules.packed import flags_of
from plotthedots.rules.words import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.codes import Flag
    from plotthedots.rules.packed import Packed
    from plotthedots.settings import Settings

# Rules that look at a few neighbours, cheapest first.
POINT_RULES: Final[dict[str, Callable[[Block, Settings], dict[Flag, Packed]]]] = {
    "outside": limits.outside,
    "two-of-three": limits.two_of_three,
    "four-of-five": limits.four_of_five,
    "shift": patterns.shift,
    "trend": patterns.trend,
    "alternating": patterns.alternating,
    "hugging": patterns.hugging,
    "avoiding": patterns.avoiding,
}
# Rules that judge a phase as a whole.
PHASE_RULES: Final = frozenset({"longest-run", "crossings", "runs"})


def judge(block: Block, settings: Settings) -> Verdict:
    """Return one bit for each rule and side at every point, and the counts where a rule counts runs."""
    found: dict[Flag, Packed] = {}
    for name, rule in POINT_RULES.items():
        if name in settings.apply:
            found |= rule(block, settings)
    flags = flags_of(found, *block.x.shape)
    if not settings.apply & PHASE_RULES:
        return Verdict(flags)
    whole = anhoej.judge(block, settings)
    return Verdict(whole.flags | flags, whole.decides, whole.longest_run, whole.crossings, whole.useful)


__all__ = ["PHASE_RULES", "POINT_RULES", "RULES", "Block", "RuleSet", "Verdict", "judge"]
