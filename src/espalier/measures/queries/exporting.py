"""Charts as files need them: the same drawing and the same figures as the page, as the plain facts of the room exports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from espalier.exports.shapes import Picture, Point
from espalier.measures import charting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.measures.charting import Judged
    from espalier.measures.queries.chart import Chart
    from espalier.measures.queries.definitions import Definition
    from espalier.organisations.queries import UnitFacts


def picture(
    judged: Judged,
    index: int,
    *,
    definition: Definition,
    unit: UnitFacts,
    large: bool = True,
    small: bool = True,
    title: str = "",
    notes: Sequence[charting.Noted] = (),
) -> Picture:
    """Return one judged series as a picture. The figures are those of the page to the last digit; nothing is rounded here."""
    last, months = int(judged.last[index]), judged.block.months(index)
    named = title or f"{definition.name}: {unit.name}"
    mark = f"f{definition.pk}-{unit.pk}"
    return Picture(
        measure=definition.code, unit=unit.code, name=definition.name, place=unit.name, measured_in=definition.measured_in,
        decimals=definition.decimals,
        grain=definition.frequency, improvement=definition.improvement, target=definition.target,
        svg=charting.large(judged, index, title=named, prefix=mark, notes=notes) if large else "",
        spark=charting.spark(judged, index, title=named, prefix=f"s{mark}") if small else "",
        variation=judged.variation[index], assurance=judged.assurance[index],
        value=float(judged.block.value[judged.block.part(index)][last]) if last >= 0 else None,
        period=months[last] if last >= 0 else None, points=_points(judged, index), definition=definition.words["definition"],
        source=definition.words["source"]["words"], method=judged.method, made_up=definition.made_up or unit.made_up,
        href=f"{definition.href}{unit.code}/", targets=charting.targets(judged, index),
    )  # fmt: skip


def picture_of(chart: Chart) -> Picture:
    """Return an open chart page's chart as a picture: with the months, rules and comparison chosen there."""
    what = chart.definition
    return Picture(
        measure=what.code, unit=chart.unit.code, name=what.name, place=chart.unit.name, measured_in=what.measured_in,
        decimals=what.decimals,
        grain=what.frequency, improvement=what.improvement, target=None if chart.compare == "year-before" else what.target,
        svg=chart.svg, spark="", variation=chart.variation, assurance=chart.assurance, value=chart.value, period=chart.period,
        points=tuple(
            Point(row.month, row.numerator, row.denominator, row.value, row.centre, row.lower, row.upper, row.rules, row.mark)
            for row in chart.rows
        ),
        definition=what.words["definition"], source=what.words["source"]["words"], method=chart.method,
        made_up=what.made_up or chart.unit.made_up, differenced=chart.compare == "year-before", href=f"{what.href}{chart.unit.code}/",
        targets=tuple(row.target for row in chart.rows),
    )  # fmt: skip


def _points(judged: Judged, index: int) -> tuple[Point, ...]:
    part, scale = judged.block.part(index), judged.scale
    columns = [column[part].tolist() for column in (judged.block.numerator, judged.block.denominator, judged.block.value)]
    columns += [(column * scale).tolist() for column in charting.limits(judged, index)]
    rows = zip(*([None if math.isnan(number) else number for number in column] for column in columns), strict=True)
    return tuple(
        Point(month, top, below, value, centre, lower, upper, charting.rules_broken(flags), mark)
        for month, (top, below, value, centre, lower, upper), flags, mark in zip(
            judged.block.months(index), rows, charting.flagged(judged, index), charting.marks(judged, index), strict=True
        )
    )
