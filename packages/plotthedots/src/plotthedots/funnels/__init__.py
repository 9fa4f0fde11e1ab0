"""Funnel plots: many units compared at one time, with limits that narrow as the numbers grow."""

from __future__ import annotations

from plotthedots.funnels.compare import Funnel, funnel
from plotthedots.funnels.drawing import draw_funnel

__all__ = ["Funnel", "draw_funnel", "funnel"]
