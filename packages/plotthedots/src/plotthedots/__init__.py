"""Signals in time series: which points of a chart are more than chance.

batch = Batch(values, offsets)      many series, one flat array
result = evaluate(batch, Plan())    limits, flags, icons
svg = draw(result, 0, title="…")    an accessible chart
"""

from __future__ import annotations

from plotthedots.batch import Batch
from plotthedots.chance import expected_flags
from plotthedots.codes import Assurance, Flag, Variation, Warn
from plotthedots.dependence import difference, lag1
from plotthedots.describing import Facts, Phase, Signal, describe
from plotthedots.discovery import Discoveries, discoveries
from plotthedots.drawing import CSS, draw, icon
from plotthedots.errors import BatchError, DrawError, PlanError, PlotTheDotsError
from plotthedots.evaluation import evaluate
from plotthedots.explaining import explain
from plotthedots.funnels import Funnel, draw_funnel, funnel
from plotthedots.plan import Plan
from plotthedots.reading import TableError
from plotthedots.report import html_report
from plotthedots.result import Line, Result, Series, View
from plotthedots.season import Seasons, autocorrelated, seasonality
from plotthedots.settings import Settings
from plotthedots.suggest import Step, Suggestions, suggest_rebase
from plotthedots.tables import evaluate_table, summarise, tidy

__version__ = "0.1.0"

__all__ = [
    "CSS",
    "Assurance",
    "Batch",
    "BatchError",
    "Discoveries",
    "DrawError",
    "Facts",
    "Flag",
    "Funnel",
    "Line",
    "Phase",
    "Plan",
    "PlanError",
    "PlotTheDotsError",
    "Result",
    "Seasons",
    "Series",
    "Settings",
    "Signal",
    "Step",
    "Suggestions",
    "TableError",
    "Variation",
    "View",
    "Warn",
    "autocorrelated",
    "describe",
    "difference",
    "discoveries",
    "draw",
    "draw_funnel",
    "evaluate",
    "evaluate_table",
    "expected_flags",
    "explain",
    "funnel",
    "html_report",
    "icon",
    "lag1",
    "seasonality",
    "suggest_rebase",
    "summarise",
    "tidy",
]
