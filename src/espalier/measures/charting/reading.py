"""Pictures, and the facts of one judged series."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import plotthedots as ptd

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

from espalier.measures.charting.blocks import Floats, calendar
from espalier.measures.charting.judging import Judged, judge


def spark(judged: Judged, index: int, *, title: str, prefix: str) -> str:
    """Draw one small chart for a card."""
    return ptd.draw(judged.result, index, title=title, dates=judged.block.months(index), size="spark", unit=judged.unit, prefix=prefix)


@dataclass(frozen=True, slots=True)
class Noted:
    """A numbered note on a period; a test of change has a label of its own (T3), so that nobody takes it for note 3."""

    number: int
    on: date
    words: str
    label: str = ""

    @property
    def sign(self) -> str:
        """What stands on the chart."""
        return self.label or str(self.number)

    @property
    def called(self) -> str:
        """How the chart's description calls it."""
        return f"{'Test' if self.label else 'Note'} {self.number}"


def large(judged: Judged, index: int, *, title: str, prefix: str, notes: Sequence[Noted] = ()) -> str:
    """Draw one large chart for its own page, notes as numbers on it; its description says them in words."""
    days = judged.block.months(index)
    shown = [one for one in notes if one.on in days]
    numbers: dict[int, list[str]] = {}
    for one in shown:
        numbers.setdefault(days.index(one.on), []).append(one.sign)
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
    said += [f"{one.called}, {one.on:%B %Y}: {one.words.rstrip('.')}." for one in shown]
    return drawn.replace("</desc>", f" {escape(' '.join(said))}</desc>", 1) if said else drawn


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


def targets(judged: Judged, index: int) -> tuple[float | None, ...]:
    """Return the target at each point of one series as pages write it; None where none held."""
    one = judged.result.series(index)
    goals = one.targets[0].values if one.targets else np.full(one.values.size, np.nan)
    return tuple(number_or_none(round(goal * judged.scale, 9)) for goal in goals.tolist())


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
