"""The kinds of chart, by name."""

from __future__ import annotations

from typing import Final

from plotthedots.charts.base import Chart, Estimate, How, Sample
from plotthedots.charts.c import C
from plotthedots.charts.g import G
from plotthedots.charts.ip import IP
from plotthedots.charts.laney import PP, UP
from plotthedots.charts.mr import MR
from plotthedots.charts.p import P
from plotthedots.charts.run import RUN
from plotthedots.charts.s import S
from plotthedots.charts.t import T
from plotthedots.charts.u import U
from plotthedots.charts.xbar import XBAR
from plotthedots.charts.xmr import XMR

_ALL: Final = (XMR, RUN, IP, MR, XBAR, S, P, PP, U, UP, C, G, T)
CHARTS: Final[dict[str, Chart]] = {chart.name: chart for chart in _ALL}

__all__ = ["CHARTS", "Chart", "Estimate", "How", "Sample"]
