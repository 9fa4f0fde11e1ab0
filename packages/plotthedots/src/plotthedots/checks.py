"""Does the batch bring what the chart needs? Said before anything is worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from plotthedots.charts import CHARTS
from plotthedots.errors import PlanError

if TYPE_CHECKING:
    from plotthedots.batch import Batch
    from plotthedots.charts import Chart
    from plotthedots.plan import Plan


def check(batch: Batch, plan: Plan) -> None:
    """Refuse a chart without its denominators or subgroups, and values it has no meaning for."""
    chart = CHARTS[plan.chart]
    if chart.needs == "denominators" and batch.denominators is None:
        message = (
            f"{_a(chart)} needs denominators: how many each value is out of."
            " Give them to Batch, or use chart='xmr' for plain percentages."
        )
        raise PlanError("needs-denominators", message)
    if chart.needs == "subgroups" and (batch.sizes is None or batch.deviations is None):
        message = (
            f"{_a(chart)} needs subgroups: several measurements for each point."
            " Use Batch.of_subgroups([...]), or give Batch sizes and deviations beside the means."
        )
        raise PlanError("needs-subgroups", message)
    if plan.sigma is not None and not chart.takes_sigma:
        takers = ", ".join(repr(name) for name, each in CHARTS.items() if each.takes_sigma)
        message = f"{_a(chart)} has no sigma of its own to give: its limits follow from the centre. It works for {takers}."
        raise PlanError("sigma", message)
    if chart.counts:
        _check_counts(batch, chart)


def _a(chart: Chart) -> str:
    return f"{'An' if chart.words[0] in 'xsIXM' else 'A'} {chart.words}"


def _check_counts(batch: Batch, chart: Chart) -> None:
    """Refuse proportions above one and counts below nought: the formula has no meaning there."""
    wrong = batch.values < 0
    if np.isfinite(chart.most) and batch.denominators is not None:
        wrong |= batch.values > batch.denominators
    if not wrong.any():
        return
    at = int(np.flatnonzero(wrong)[0])
    place = batch.where(at)
    place = place[0].upper() + place[1:]
    if np.isfinite(chart.most) and batch.denominators is not None:
        message = (
            f"{place} counts {batch.values[at]:g} out of {batch.denominators[at]:g}, which is not a proportion."
            f" The values of a {chart.words} are numerators, from 0 to their denominator."
        )
        raise PlanError("not-a-proportion", message)
    message = f"{place} is {batch.values[at]:g}. The values of a {chart.words} count something: zero or more."
    raise PlanError("not-a-count", message)
