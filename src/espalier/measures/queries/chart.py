"""One measure at one unit: the large chart, its figures, and the facts from which two sentences are made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.periods import YEAR_BEFORE
from espalier.measures import charting
from espalier.measures.permissions import may_enter
from espalier.measures.queries import figures, marking
from espalier.measures.queries import tried as trying
from espalier.measures.queries.definitions import Definition, Version, definition, versions_of
from espalier.measures.queries.sharing import SumFacts, sum_facts
from espalier.measures.queries.splitting import figures_of_group, strata_there
from espalier.measures.rules.marking import KINDS
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.exports.shapes import Mark
    from espalier.measures.charting import Compare, RuleSet
    from espalier.measures.rules import Dimension
    from espalier.organisations.queries import UnitFacts


class NoFigures(NotFoundHere):
    """The measure and the place are there, and nobody has put a figure in yet, as far as this viewer may see."""


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
    left_out: bool = False  # drawn, but it counts for nothing
    mark: Mark = ""  # how it is drawn where it stands out
    target: float | None = None  # that held then, as it is drawn


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the page says; codes and numbers, not words."""

    definition: Definition
    unit: UnitFacts
    compare: Compare
    everything: bool  # all there is, not only the newest three years (of months)
    months_known: int
    since: date | None  # the first period with a figure, shown or not
    svg: str
    rows: tuple[ChartRow, ...]
    signals: tuple[charting.Signal, ...]
    lines: charting.Lines
    value: float | None
    period: date | None
    variation: str
    assurance: str
    observed: int
    settled: int  # of these, those that "as usual" rests on: since the newest baseline began
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
    verdicts: tuple[charting.Verdict, ...]  # what each rule set says, where that was asked
    work: marking.Work  # notes and baselines, as far as this viewer may see them
    shared_sum: SumFacts | None  # what stands beside a stored sum of shared figures
    tried: tuple[trying.Tried, ...] = ()  # tests of change here, as far as this viewer may read them
    splits: tuple[Dimension, ...] = ()  # by which figures of groups stand here
    versions: tuple[Version, ...] = ()  # of the definition, newest first; none while it says what it said first

    @property
    def changed_at(self) -> datetime | None:
        """When the definition last changed; None while it says what it said first."""
        return self.versions[0].at if len(self.versions) > 1 else None

    @property
    def breaks(self) -> tuple[Version, ...]:
        """The versions since which something else is counted."""
        return tuple(one for one in self.versions if not one.comparable)

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
    marked: bool = True,
    proposed: marking.Marked | None = None,
    prefix: str = "chart",
    by_rules: bool = False,
    stratum: str = "",
) -> Chart:
    """Read and judge one series, stored or added up from what lies below the unit.

    marked=False draws it as the public sees it, without the organisation's own marks; proposed is a mark that nobody
    has saved yet, for a look at what it would do. With stratum it is the chart of one group of people, without the
    figures that are too small to be shown.
    """
    what = definition(viewer=viewer, code=measure)
    rows, summed, newest, there = _group(viewer, what, unit, until, stratum) if stratum else _figures(viewer, what, unit, until)
    block = rows.block()
    known, since = int(block.lengths[0]), next(iter(block.months(0)), None)
    work = marking.work_on(viewer=viewer, definition=what, unit=unit, added_up=summed, of=stratum, shown=marked, found=there.marks)
    decided = marking.decided_of((*(work.decisions if marked else ()), *((proposed,) if proposed else ())))
    if not everything:
        block = block.newest(marking.reaching(block, figures.periods_shown(what, compare), decided))
    if int(block.lengths[0]) <= YEAR_BEFORE.get(what.frequency, known):
        compare = "each-month"  # nothing lies a year apart, so each month is shown as it was
    judged = charting.judge(block, what.words, compare=compare, rules=rules, decided={unit.pk: decided} if decided else None)
    covered = figures.coverage(viewer=viewer, definition=what, unit_id=unit.pk, on=newest) if summed else None
    missing = organisations.units(viewer=viewer, pks=covered.missing) if covered and covered.missing else {}
    last = int(judged.last[0])
    anywhere = max(newest, there.anywhere or newest) if until is None else newest
    return Chart(
        definition=what, unit=unit, compare=compare, everything=everything, months_known=known, since=since,
        svg=charting.large(
            judged, 0, title=title or f"{what.name}: {unit.name}", prefix=prefix, notes=_noted(what, work, there) if marked else (),
        ),
        rows=_table(judged), signals=charting.signals(judged, 0), lines=charting.lines(judged, 0),
        value=float(judged.block.value[last]) if last >= 0 else None, period=judged.block.months(0)[last] if last >= 0 else None,
        variation=judged.variation[0], assurance=judged.assurance[0],
        observed=int(judged.observed[0]), settled=int(judged.settled[0]),
        lag1=float(judged.lag1[0]), chance=float(judged.chance[0]), newest=anywhere,
        late=last >= 0 and judged.block.months(0)[last] < anywhere, added_up=summed, coverage=covered,
        missing=tuple(sorted(missing.values(), key=lambda one: one.name)), rules=rules or what.words["rules"],
        method=judged.method, tried=there.tried,
        may_enter=may_enter(viewer=viewer, unit=unit, definition=what.words, held=None if summed or stratum else bool(work.may.note)),
        verdicts=charting.by_rules(judged) if by_rules else (), work=marking.looked_at(work, judged, compare=compare),
        splits=strata_there(viewer=viewer, definition=what, unit_id=unit.pk),
        versions=versions_of(viewer=viewer, definition=what) if what.version > 1 else (),
        shared_sum=sum_facts(viewer=viewer, measure_id=what.pk, unit_id=unit.pk, on=newest) if there.stored_sum else None,
    )  # fmt: skip


def _noted(what: Definition, work: marking.Work, there: figures.Where) -> tuple[charting.Noted, ...]:
    """Return what stands on the chart: what people said of it, and what they tried."""
    return (*work.drawn(), *trying.drawn(there.tried, what.frequency))


def _figures(
    viewer: Viewer, what: Definition, unit: UnitFacts, until: date | None
) -> tuple[figures.Rows, bool, date, figures.Where]:
    """Return all figures of the unit, whether they were added up, the newest month of the measure hereabouts, and what lies there."""
    there = figures.where(viewer=viewer, measures=[what.pk], unit_id=unit.pk, kinds=KINDS, anywhere=until is None)
    newest = figures.as_asked({pk: found.newest for pk, found in there.items()}, until, what)
    own = figures.stored(viewer=viewer, of=[what], newest=newest, unit_ids=[unit.pk], everything=True) if newest else figures.rows_of([])
    if own.key.size:
        return own, False, newest[what.pk], there[what.pk]
    summed = what.rolls_up and bool(newest)
    sums = figures.added_up(viewer=viewer, of=[what], newest=newest, ancestors=[unit.pk], everything=True) if summed else own
    if sums.key.size == 0:
        elsewhere = (
            Suggestion("What it measures, and where to begin", f"{what.href}definition/?unit={unit.code}"),
            Suggestion(f"{unit.name}: everything we have", unit.href), Suggestion(f"{what.name} across England", what.href),
        )  # fmt: skip
        raise NoFigures(f"There are no figures for {what.name.lower()} at {unit.name}.", suggestions=elsewhere)
    return sums, True, newest[what.pk], there[what.pk]


def _group(
    viewer: Viewer, what: Definition, unit: UnitFacts, until: date | None, stratum: str
) -> tuple[figures.Rows, bool, date, figures.Where]:
    """Return what _figures does for one group of people: never added up, and nothing was said of it."""
    rows, last = figures_of_group(viewer=viewer, definition=what, unit=unit, stratum=stratum, until=until)
    return rows, False, last, figures.Where(here=True, below=False, newest=last)


def _table(judged: charting.Judged) -> tuple[ChartRow, ...]:
    part, scale = judged.block.part(0), judged.scale
    columns = [column[part].tolist() for column in (judged.block.numerator, judged.block.denominator, judged.block.value)]
    limits = [(column * scale).tolist() for column in charting.limits(judged, 0)]
    rows = zip(*([None if math.isnan(number) else number for number in column] for column in (*columns, *limits)), strict=True)
    out = charting.left_out(judged, 0)
    return tuple(
        ChartRow(month, top, below, value, centre, lower, upper, charting.rules_broken(flags), month in out, mark, goal)
        for month, (top, below, value, centre, lower, upper), flags, mark, goal in zip(
            judged.block.months(0), rows, charting.flagged(judged, 0), charting.marks(judged, 0), charting.targets(judged, 0), strict=True
        )
    )
