"""The kinds of chart, by name."""

from __future__ import annotations

from typing import Final

from plotthedots.charts.base import Chart, Estimate, Sample
from plotthedots.charts.p import P
from plotthedots.charts.run import RUN
from plotthedots.charts.xmr import XMR

CHARTS: Final[dict[str, Chart]] = {chart.name: chart for chart in (XMR, RUN, P)}

__all__ = ["CHARTS", "Chart", "Estimate", "Sample"]
