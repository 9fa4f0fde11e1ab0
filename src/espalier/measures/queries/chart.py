"""One measure at one unit: the large chart, its figures, and the facts from which two sentences are made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.periods import YEAR_BEFORE
from espalier.measures import charting
from espalier.measures.permissions import Decision, may_enter
from espalier.measures.queries import figures
from espalier.measures.queries.definitions import Definition, definition
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.measures.charting import Compare, RuleSet
    from espalier.organisations.queries import UnitFacts


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One month of the table below the chart."""

    month: date
    numerator: float | None
    denominator: float | None
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    rules: tuple[str, ...]  # codes of the rules this month breaks


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the page says; codes and numbers, not words."""

    definition: Definition
    unit: UnitFacts
    compare: Compare
    everything: bool  # all there is, not only the newest three years (of months)
    months_known: int
    svg: str
    rows: tuple[ChartRow, ...]
    signals: tuple[charting.Signal, ...]
    lines: charting.Lines
    value: float | None
    period: date | None
    variation: str
    assurance: str
    observed: int
    lag1: float
    chance: float
    newest: date
    late: bool
    added_up: bool
    coverage: figures.Coverage | None
    missing: tuple[UnitFacts, ...]
    rules: str
    method: str
    may_enter: Decision  # whether this viewer may put figures in here

    @property
    def shown(self) -> int:
        """How many of the newest periods are drawn when nobody asks for all."""
        return figures.periods_shown(self.definition)


def chart(
    *,
    viewer: Viewer,
    measure: str,
    unit: UnitFacts,
    compare: Compare = "each-month",
    everything: bool = False,
    rules: RuleSet | None = None,
    until: date | None = None,
    title: str = "",
) -> Chart:
    """Read and judge one series, stored or added up from what lies below the unit."""
    what = definition(viewer=viewer, code=measure)
    rows, summed, newest = _figures(viewer, what, unit, until)
    block = rows.block()
    known = int(block.lengths[0])
    if not everything:
        block = block.newest(figures.periods_shown(what, compare))
    if int(block.lengths[0]) <= YEAR_BEFORE.get(what.frequency, known):
        compare = "each-month"  # nothing lies a year apart, so each month is shown as it was
    judged = charting.judge(block, what.words, compare=compare, rules=rules)
    covered = figures.coverage(viewer=viewer, definition=what, unit_id=unit.pk, on=newest) if summed else None
    missing = organisations.units(viewer=viewer, pks=covered.missing) if covered and covered.missing else {}
    last = int(judged.last[0])
    anywhere = max(newest, figures.newest_anywhere(viewer=viewer, definition=what)) if until is None else newest
    return Chart(
        definition=what, unit=unit, compare=compare, everything=everything, months_known=known,
        svg=charting.large(judged, 0, title=title or f"{what.name}: {unit.name}", prefix="chart"),
        rows=_table(judged), signals=charting.signals(judged, 0), lines=charting.lines(judged, 0),
        value=float(judged.block.value[last]) if last >= 0 else None, period=judged.block.months(0)[last] if last >= 0 else None,
        variation=judged.variation[0], assurance=judged.assurance[0],
        observed=int(judged.observed[0]), lag1=float(judged.lag1[0]), chance=float(judged.chance[0]), newest=anywhere,
        late=last >= 0 and judged.block.months(0)[last] < anywhere, added_up=summed, coverage=covered,
        missing=tuple(sorted(missing.values(), key=lambda one: one.name)), rules=rules or what.words["rules"], method=judged.method,
        may_enter=may_enter(viewer=viewer, unit=unit, definition=what.words),
    )  # fmt: skip


def _figures(viewer: Viewer, what: Definition, unit: UnitFacts, until: date | None) -> tuple[figures.Rows, bool, date]:
    """Return all figures of the unit, whether they were added up, and the newest month of the measure hereabouts."""
    there = figures.where(viewer=viewer, measures=[what.pk], unit_id=unit.pk)
    newest = figures.as_asked({pk: found.newest for pk, found in there.items()}, until, what)
    own = figures.stored(viewer=viewer, of=[what], newest=newest, unit_ids=[unit.pk], everything=True) if newest else figures.rows_of([])
    if own.key.size:
        return own, False, newest[what.pk]
    summed = what.roll_up == "sum" and bool(newest)
    sums = figures.added_up(viewer=viewer, of=[what], newest=newest, ancestors=[unit.pk], everything=True) if summed else own
    if sums.key.size == 0:
        elsewhere = (Suggestion(f"{unit.name}: everything we have", unit.href), Suggestion(f"{what.name} across England", what.href))
        raise NotFoundHere(f"There are no figures for {what.name.lower()} at {unit.name}.", suggestions=elsewhere)
    return sums, True, newest[what.pk]


def _table(judged: charting.Judged) -> tuple[ChartRow, ...]:
    part, scale = judged.block.part(0), judged.scale
    columns = [column[part].tolist() for column in (judged.block.numerator, judged.block.denominator, judged.block.value)]
    limits = [(column * scale).tolist() for column in charting.limits(judged, 0)]
    rows = zip(*([None if math.isnan(number) else number for number in column] for column in (*columns, *limits)), strict=True)
    return tuple(
        ChartRow(month, top, below, value, centre, lower, upper, charting.rules_broken(flags))
        for month, (top, below, value, centre, lower, upper), flags in zip(
            judged.block.months(0), rows, charting.flagged(judged, 0), strict=True
        )
    )
