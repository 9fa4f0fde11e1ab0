"""Figures in, judged charts out: the only place that calls plotthedots.

It takes plain arrays and gives back plain facts and SVG, so that everything above it speaks of codes, never of a kernel.
"""

from espalier.measures.charting.blocks import Block, Floats, Ints, calendar, period_numbers
from espalier.measures.charting.comparing import FUNNELS, Compared, compare
from espalier.measures.charting.judging import ENOUGH, UNITS, Compare, Judged, RuleSet, Sure, judge, suggestion, surest
from espalier.measures.charting.reading import (
    RULE_SETS,
    Lines,
    Noted,
    Signal,
    Verdict,
    by_rules,
    flagged,
    large,
    left_out,
    limits,
    lines,
    lines_at,
    marks,
    number_or_none,
    rules_broken,
    signals,
    spark,
    targets,
    warm_up,
)

__all__ = [
    "ENOUGH",
    "FUNNELS",
    "RULE_SETS",
    "UNITS",
    "Block",
    "Compare",
    "Compared",
    "Floats",
    "Ints",
    "Judged",
    "Lines",
    "Noted",
    "RuleSet",
    "Signal",
    "Sure",
    "Verdict",
    "by_rules",
    "calendar",
    "compare",
    "flagged",
    "judge",
    "large",
    "left_out",
    "limits",
    "lines",
    "lines_at",
    "marks",
    "number_or_none",
    "period_numbers",
    "rules_broken",
    "signals",
    "spark",
    "suggestion",
    "surest",
    "targets",
    "warm_up",
]
