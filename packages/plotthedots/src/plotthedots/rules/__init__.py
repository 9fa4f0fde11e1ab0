"""The rules by name, the rule sets by name, and one judgement of a block by any set of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.rules import anhoej, limits, patterns
from plotthedots.rules.base import Block, RuleSet, Verdict
from plotthedots.rules.words import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.arrays import Bits, FlagBits
    from plotthedots.codes import Flag
    from plotthedots.settings import Settings

# Rules that look at a few neighbours, cheapest first.
POINT_RULES: Final[dict[str, Callable[[Block, Settings], dict[Flag, Bits]]]] = {
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
    found: dict[Flag, Bits] = {}
    for name, rule in POINT_RULES.items():
        if name in settings.apply:
            found |= rule(block, settings)
    flags = _packed(found, block.x.shape)
    if not settings.apply & PHASE_RULES:
        return Verdict(flags)
    whole = anhoej.judge(block, settings)
    return Verdict(whole.flags | flags, whole.decides, whole.longest_run, whole.crossings, whole.useful)


def _packed(found: dict[Flag, Bits], shape: tuple[int, ...]) -> FlagBits:
    """Put each rule's answers in its own bit; bytes where the bits fit, as those of most rule sets do."""
    wide = any(flag > np.iinfo(np.uint8).max for flag in found)
    flags = np.zeros(shape, dtype=np.uint16 if wide else np.uint8)
    for bit, answer in found.items():
        place = int(bit).bit_length() - 1
        flags |= (answer.astype(np.uint16) if wide else answer.view(np.uint8)) << flags.dtype.type(place)
    return flags


__all__ = ["PHASE_RULES", "POINT_RULES", "RULES", "Block", "RuleSet", "Verdict", "judge"]
