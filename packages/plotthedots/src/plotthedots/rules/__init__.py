"""The rule sets, by name."""

from __future__ import annotations

from typing import Final

from plotthedots.rules.anhoej import ANHOEJ
from plotthedots.rules.base import Block, RuleSet, Verdict
from plotthedots.rules.mdc import MDC

RULES: Final[dict[str, RuleSet]] = {rules.name: rules for rules in (MDC, ANHOEJ)}

__all__ = ["RULES", "Block", "RuleSet", "Verdict"]
