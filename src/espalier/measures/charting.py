"""Figures in, judged charts out: the only place that calls plotthedots.

It takes plain arrays and gives back plain facts and SVG, so that everything above it speaks of codes, never of a kernel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

import plotthedots as ptd
from espalier.common.periods import YEAR_BEFORE, Grain, number_of, start_of_number
from espalier.measures.rules import targets_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from espalier.measures.rules.marking import Decided

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Compare = Literal["each-month", "year-before"]
RuleSet = Literal["mdc", "anhoej"]

# What "as usual" rests on: with fewer points limits are on trial and the card says "not enough data".
ENOUGH = 12
_VARIATION = {
    ptd.Variation.NONE: "unknown", ptd.Variation.COMMON: "steady", ptd.Variation.IMPROVEMENT: "improving",
    ptd.Variation.CONCERN: "concerning", ptd.Variation.HIGH: "high", ptd.Variation.LOW: "low",
}  # fmt: skip
UNITS = {"percent": "%", "count": "", "rate": "", "score": "", "days": ""}
_ASSURANCE = {ptd.Assurance.NONE: "", ptd.Assurance.PASS: "pass", ptd.Assurance.FAIL: "fail", ptd.Assurance.RANDOM: "hit_or_miss"}


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """Many series on a calendar: one flat array, and where each begins.

    keys says whose each series is; first is the number of its first period (common.periods.number_of) and grains says
    what a period is: a month, a week … A period without a figure stands in its place as NaN, so that a gap is seen and
    no rule steps over it unnoticed.
    """

    keys: Ints
    offsets: Ints
    first: Ints
    numerator: Floats
    denominator: Floats
    value: Floats
    grains: tuple[Grain, ...]

    @property
    def lengths(self) -> Ints:
        """Periods from first to last figure, gaps included."""
        return np.diff(self.offsets)

    def months(self, index: int) -> tuple[date, ...]:
        """Return the first days of the periods (mostly months) of one series."""
        start = int(self.first[index])
        return tuple(start_of_number(number, self.grains[index]) for number in range(start, start + int(self.lengths[index])))

    def only(self, index: int) -> Block:
        """Return one series as a block of its own."""
        part = self.part(index)
        ends = np.array([0, part.stop - part.start], dtype=np.int64)
        return Block(
            self.keys[index : index + 1], ends, self.first[index : index + 1],
            self.numerator[part], self.denominator[part], self.value[part], (self.grains[index],),
        )  # fmt: skip

    def newest(self, months: int) -> Block:
        """Return the newest so many periods of a block of one series."""
        cut = max(0, self.value.size - months)
        ends = np.array([0, self.value.size - cut], dtype=np.int64)
        return Block(self.keys, ends, self.first + cut, self.numerator[cut:], self.denominator[cut:], self.value[cut:], self.grains)

    def part(self, index: int) -> slice:
        """Return where one series lies in the flat arrays."""
        return slice(int(self.offsets[index]), int(self.offsets[index + 1]))


@dataclass(frozen=True, eq=False, slots=True)
class Judged:
    """A block and what the chart says of it; per series unless said otherwise."""

    block: Block
    result: ptd.Result
    variation: tuple[str, ...]
    assurance: tuple[str, ...]
    observed: Ints  # periods with a figure
    settled: Ints  # of these, those of the last figure's own phase that count: what "as usual" rests on
    last: Ints  # index within the series of the last figure, -1 where there is none
    lag1: Floats
    chance: Floats  # how probable it is that chance alone flags the last figure
    method: str
    unit: str  # what the kernel writes behind numbers
    scale: int  # pages write 100 times what the kernel calls a proportion


def period_numbers(days: npt.ArrayLike, grain: Grain) -> Ints:
    """Number many days at once, as common.periods.number_of numbers one."""
    numbered = np.asarray(days, dtype="datetime64[D]")
    if grain in {"day", "week"}:
        ordinals = numbered.astype(np.int64) + _FIRST_OF_1970
        return ordinals if grain == "day" else (ordinals - 1) // 7
    months = numbered.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return months // {"month": 1, "quarter": 3, "year": 12}[grain]


_FIRST_OF_1970 = 719_163  # counted from the first day of the year 1


def calendar(
    keys: Ints, months: Ints, numerator: Floats, denominator: Floats, value: Floats, grains: Mapping[int, Grain] | Grain = "month"
) -> Block:
    """Lay rows sorted by (key, number of the period) on a calendar, with NaN where one is missing between first and last.

    grains is one for all series, or says it by key.
    """
    if keys.size == 0:
        nothing = np.empty(0)
        return Block(keys, np.zeros(1, np.int64), keys, nothing, nothing, nothing, ())
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    ends = np.r_[starts[1:], keys.size] - 1
    first = months[starts]
    lengths = months[ends] - first + 1
    offsets = np.r_[0, np.cumsum(lengths)]
    which = np.repeat(np.arange(starts.size), ends - starts + 1)
    place = offsets[which] + months - first[which]

    def laid(column: Floats) -> Floats:
        full = np.full(int(offsets[-1]), np.nan)
        full[place] = column
        return full

    by_key = (grains,) * starts.size if isinstance(grains, str) else tuple(grains[key] for key in keys[starts].tolist())
    return Block(keys[starts], offsets, first, laid(numerator), laid(denominator), laid(value), by_key)


def judge(
    block: Block,
    definition: Mapping[str, Any],
    *,
    compare: Compare = "each-month",
    rules: RuleSet | None = None,
    decided: Mapping[int, Decided] | None = None,
) -> Judged:
    """Judge every series of a block as its measure's definition says, and as people decided (by key of the block).

    With compare="year-before" what is judged is the difference from the same month (quarter, week) a year before: a
    season then stands against the same season. A target says nothing about differences, so it is left out; nor does what was decided.
    """
    wanted: RuleSet = rules or definition["rules"]
    chart = definition["chart"]
    yearly = compare == "year-before"
    # The kernel draws percentages from proportions, so that one axis serves counts with and without denominators.
    # A difference of two percentages is so many points, which is no percentage.
    scale = 100 if definition["measured_in"] == "percent" and not yearly else 1
    if chart == "p" and not yearly:
        batch = ptd.Batch(block.numerator, block.offsets, denominators=block.denominator)
    else:
        batch = ptd.Batch(block.value / scale, block.offsets)
        chart = "xmr" if chart == "p" else chart
    target = None if yearly else _target(block, targets_of(definition), scale)
    lag = YEAR_BEFORE[block.grains[0] if block.grains else "month"] if yearly else 0
    batch = ptd.difference(batch, lag=lag) if yearly else batch
    phases = _phasing(block, {} if yearly else decided or {})
    result = ptd.evaluate(batch, ptd.Plan(chart=chart, rules=wanted, improvement=definition["improvement"], target=target, **phases))
    observed = _observed(result)
    settled = _settled(result, observed)
    lag1 = np.asarray(ptd.lag1(batch), dtype=np.float64)
    return Judged(
        block=_yearly_block(block, result, scale, lag) if yearly else block,
        unit="" if yearly else UNITS[definition["measured_in"]],
        scale=scale,
        result=result,
        variation=tuple(
            "unknown" if seen < ENOUGH else _VARIATION[ptd.Variation(code)] for seen, code in zip(settled, result.variation, strict=True)
        ),
        assurance=tuple(
            "" if seen < ENOUGH else _ASSURANCE[ptd.Assurance(code)] for seen, code in zip(settled, result.assurance, strict=True)
        ),
        observed=observed,
        settled=settled,
        last=np.asarray(result.last, dtype=np.int64),
        lag1=lag1,
        chance=np.where(settled < ENOUGH, 0.0, ptd.expected_flags(settled, lag1, rules=wanted)),
        method=result.method,
    )


def _target(block: Block, targets: Sequence[tuple[date | None, float]], scale: int) -> Floats | float | None:
    """Return the target as one number, or where it changed over time as one for each point: each holds from its day on."""
    if not targets:
        return None
    if len(targets) == 1 and targets[0][0] is None:
        return targets[0][1] / scale
    line = np.full(block.value.size, np.nan)
    for index, grain in enumerate(block.grains):
        part = block.part(index)
        numbers = int(block.first[index]) + np.arange(part.stop - part.start)
        for since, value in targets:
            line[part][numbers >= (number_of(since, grain) if since else 0)] = value / scale
    return line


def _observed(result: ptd.Result) -> Ints:
    seen = np.r_[0, np.cumsum(~np.isnan(result.values))]
    return np.asarray(seen[result.offsets[1:]] - seen[result.offsets[:-1]], dtype=np.int64)


def _phasing(block: Block, decided: Mapping[int, Decided]) -> dict[str, Any]:
    """Turn what was decided into points of each series of the block."""
    keys = block.keys.tolist() if decided else []
    found = {index: decided[key].points(block.months(index)) for index, key in enumerate(keys) if key in decided}
    names = ("rebase", "baseline", "exclude")
    return {name: {index: points[place] for index, points in found.items()} for place, name in enumerate(names)} if found else {}


def _settled(result: ptd.Result, observed: Ints) -> Ints:
    """Count the figures of each last phase; only where people decided something is it other than all figures."""
    settled = observed.copy()
    for index in result.plan.rebase if isinstance(result.plan.rebase, dict) else ():
        one = result.series(index)
        if one.last >= 0:
            first = int(one.phases[one.phases <= one.last][-1])
            counts = ~np.isnan(one.values) if one.excluded is None else ~np.isnan(one.values) & ~one.excluded
            settled[index] = int(counts[first:].sum())
    return settled


def _yearly_block(block: Block, result: ptd.Result, scale: int, lag: int) -> Block:
    """The calendar of differences: it starts a year later, and a series shorter than that is empty."""
    nothing = np.full(result.values.size, np.nan)
    values = np.asarray(result.values) * scale
    return Block(block.keys, np.asarray(result.offsets), block.first + lag, nothing, nothing, values, block.grains)


def spark(judged: Judged, index: int, *, title: str, prefix: str) -> str:
    """Draw one small chart for a card."""
    return ptd.draw(judged.result, index, title=title, dates=judged.block.months(index), size="spark", unit=judged.unit, prefix=prefix)


@dataclass(frozen=True, slots=True)
class Noted:
    """A numbered note on a period."""

    number: int
    on: date
    words: str


def large(judged: Judged, index: int, *, title: str, prefix: str, notes: Sequence[Noted] = ()) -> str:
    """Draw one large chart for its own page, notes as numbers on it; its description says them in words."""
    days = judged.block.months(index)
    shown = [one for one in notes if one.on in days]
    numbers: dict[int, list[str]] = {}
    for one in shown:
        numbers.setdefault(days.index(one.on), []).append(str(one.number))
    drawn = ptd.draw(
        judged.result,
        index,
        title=title,
        dates=days,
        size="full",
        unit=judged.unit,
        prefix=prefix,
        notes=[(place, ", ".join(several)) for place, several in numbers.items()],
    )
    said = [f"A new baseline begins in {days[start]:%B %Y}." for start in judged.result.series(index).phases[1:]]
    said += [f"Note {one.number}, {one.on:%B %Y}: {one.words.rstrip('.')}." for one in shown]
    return drawn.replace("</desc>", f" {escape(' '.join(said))}</desc>", 1) if said else drawn


def suggestion(judged: Judged) -> date | None:
    """Return where results seem to have settled at a new level, for people to agree or not; nothing is ever applied."""
    days = judged.block.months(0)
    found = ptd.suggest_rebase(judged.result.batch, judged.result.plan).starts.get(0)
    return days[found[-1]] if found else None


RULE_SETS: tuple[ptd.settings.RulesName, ...] = ("mdc", "nhs-r", "anhoej", "ihi-run", "western-electric", "nelson")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule set flags on a chart, and how often it flags the newest figure of one where nothing changes."""

    rules: str
    found: tuple[Signal, ...]
    now: bool  # whether the newest figure is among what is flagged
    flagged: int  # figures with at least one flag
    chance: float


def by_rules(judged: Judged) -> tuple[Verdict, ...]:
    """Judge one series again by each rule set, everything else as it was."""
    result, days = judged.result, judged.block.months(0)
    verdicts = []
    for rules in RULE_SETS:
        again = ptd.evaluate(result.batch, replace(result.plan, rules=rules))
        facts = ptd.describe(again, 0, dates=days)
        several = tuple(Signal(_rule(int(one.rule)), one.side, one.points, one.since) for one in facts.signals)
        chance = float(ptd.expected_flags([int(judged.observed[0])], [0.0], rules=rules)[0])
        verdicts.append(Verdict(rules, several, bool(facts.current), int((again.series(0).flags > 0).sum()), chance))
    return tuple(verdicts)


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that the last figure breaks: which, on which side (+1 high or rising), for how many figures, since when."""

    rule: str
    side: int
    points: int
    since: date


@dataclass(frozen=True, slots=True)
class Lines:
    """Centre line and limits at the last figure, as pages write numbers; None where there are none."""

    centre: float | None
    lower: float | None
    upper: float | None


def signals(judged: Judged, index: int) -> tuple[Signal, ...]:
    """Return what the last figure's sign stands for, the longest story first."""
    found = ptd.describe(judged.result, index, dates=judged.block.months(index)).current
    several = [Signal(_rule(int(one.rule)), one.side, one.points, one.since) for one in found]
    return tuple(sorted(several, key=lambda one: (_STORY.index(one.rule), -one.points)))


def rules_broken(bits: int) -> tuple[str, ...]:
    """Turn the flag bits of one point into the codes of the rules it breaks."""
    return tuple(dict.fromkeys(_rule(int(flag)) for flag in ptd.Flag if bits & flag))


# From the rule that tells the longest story to the shortest; words for them are in presenters.
_STORY = ("shift", "trend", "crossings", "outside", "two-of-three")


def _rule(flag: int) -> str:
    name = ptd.Flag(flag).name or ""
    return name.lower().rsplit("_", 1)[0].replace("_", "-")


def lines(judged: Judged, index: int) -> Lines:
    """Return the lines at the last figure of one series."""
    one = judged.result.series(index)
    return Lines(None, None, None) if one.last < 0 else lines_at(judged, one, one.last)


def lines_at(judged: Judged, one: ptd.Series, point: int) -> Lines:
    """Return the lines at one point of a series."""
    return Lines(*(number_or_none(line[point] * judged.scale) for line in (one.centre, one.lower, one.upper)))


def number_or_none(number: Any) -> float | None:
    """Return a number as pages take it: what is not there is None."""
    return None if math.isnan(number) else float(number)


def left_out(judged: Judged, index: int) -> frozenset[date]:
    """Return the periods that are drawn but count for nothing."""
    gone = judged.result.series(index).excluded
    return frozenset() if gone is None else frozenset(day for day, out in zip(judged.block.months(index), gone, strict=True) if out)


def limits(judged: Judged, index: int) -> tuple[Floats, Floats, Floats]:
    """Return centre, lower and upper limit of each point of one series."""
    one = judged.result.series(index)
    return one.centre, one.lower, one.upper


def flagged(judged: Judged, index: int) -> Sequence[int]:
    """Return the flag bits of each point of one series."""
    return [int(bits) for bits in judged.result.series(index).flags]


_MARKS: dict[int, Literal["better", "worse", "high", "low"]] = {
    ptd.Variation.IMPROVEMENT: "better", ptd.Variation.CONCERN: "worse", ptd.Variation.HIGH: "high", ptd.Variation.LOW: "low",
}  # fmt: skip


def marks(judged: Judged, index: int) -> tuple[Literal["", "better", "worse", "high", "low"], ...]:
    """Return how each point of one series stands out, as it is drawn; '' where it does not."""
    return tuple(_MARKS.get(kind, "") for kind in judged.result.series(index).kinds.tolist())


def warm_up() -> None:
    """Judge and draw one short series."""
    values = np.arange(24.0) % 5
    months = np.arange(24, dtype=np.int64)
    block = calendar(np.zeros(24, np.int64), months + 24_000, values, np.full(24, np.nan), values)
    definition = {"chart": "xmr", "rules": "mdc", "measured_in": "count", "improvement": "none"}
    judged = judge(block, definition)
    spark(judged, 0, title="", prefix="warm")


@dataclass(frozen=True, eq=False, slots=True)
class Sure:
    """Which charts of many still stand out when all are read together, and what share of these may be chance."""

    kept: npt.NDArray[np.bool_]  # one for each series
    flagged: int  # how many stood out before
    rate: float
    lean: float  # how closely figures were taken to follow the one before; at most 0.8

    def expected(self, among: int) -> float:
        """How many of so many kept charts are expected to be chance."""
        return among * self.rate


def surest(judged: Judged, rate: float = 0.1) -> Sure:
    """Keep the flags of a wall of which at most this share is expected to be chance; short series are never kept."""
    found = ptd.discoveries(judged.result, rate)
    return Sure(np.asarray(found.found & (judged.observed >= ENOUGH)), found.flagged, rate, found.lean)


@dataclass(frozen=True, eq=False, slots=True)
class Compared:
    """Units compared at one time, by limits that follow their size; numbers as pages write them, in the units' order."""

    svg: str
    value: Floats
    lower: Floats  # (2, units): 95 and 99.8 in 100
    upper: Floats
    beyond: Ints  # 0 inside; 1 above the first limit, 2 above both; -1 and -2 below
    centre: float
    adjusted: bool  # the units spread by more than chance, so the limits were widened
    phi: float  # how many times as much; 1 is chance alone


FUNNELS: Mapping[str, Literal["proportions", "rates"]] = {"percent": "proportions", "rate": "rates"}
_PER = 1000.0  # rates are so many per thousand, and so is what they are drawn from


def compare(
    numerator: Floats, denominator: Floats, definition: Mapping[str, Any], *, title: str, names: Sequence[str], links: Sequence[str] | None
) -> Compared:
    """Compare units of any size at one time. Where they spread by more than chance the limits are widened by how much.

    Without that most large units would lie outside: with 20,000 patients a month chance moves nothing, but places differ
    for reasons that have nothing to do with how well they work.
    """
    rate = definition["measured_in"] == "rate"
    sizes = denominator / _PER if rate else denominator
    kind = FUNNELS[definition["measured_in"]]
    found = ptd.funnel(numerator, sizes, kind=kind)
    wide = found.overdispersed
    if wide:
        found = ptd.funnel(numerator, sizes, kind=kind, limits="transformed", dispersion="additive")
    svg = ptd.draw_funnel(
        found, title=title, names=names, links=links, improvement=definition["improvement"], unit="" if rate else "%", prefix="funnel",
        size_label=f"How many ({definition.get('counts') or 'all counted'}){', in thousands' if rate else ''}",
        target_label="All together", desc=f"{len(names)} places compared, each a link. The table below says the same in figures.",
        method=f"The lines are {'set wider by how much places differ as a rule' if wide else 'where chance alone leaves so many places'}.",
    )  # fmt: skip
    scale = 1.0 if rate else 100.0
    return Compared(
        svg, found.values * scale, found.lower * scale, found.upper * scale, np.asarray(found.beyond, dtype=np.int64),
        found.target * scale, wide, found.phi,
    )  # fmt: skip
