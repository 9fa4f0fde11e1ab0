"""Plain words for what a chart shows: which rule broke, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.batch import Batch
from plotthedots.codes import Assurance, Flag, Variation, Warn
from plotthedots.dependence import lag1
from plotthedots.describing import describe
from plotthedots.drawing.scale import Unit
from plotthedots.drawing.times import labels
from plotthedots.season import autocorrelated, seasonality

if TYPE_CHECKING:
    from plotthedots.describing import Facts, Signal
    from plotthedots.drawing.times import Dates
    from plotthedots.result import Result

VARIATIONS: Final[dict[int, str]] = {
    Variation.NONE: "no data",
    Variation.COMMON: "as usual",
    Variation.IMPROVEMENT: "better than usual",
    Variation.CONCERN: "worse than usual",
    Variation.HIGH: "higher than usual",
    Variation.LOW: "lower than usual",
    Variation.SPECIAL: "not as usual",
}
ASSURANCES: Final[dict[int, str]] = {
    Assurance.NONE: "",
    Assurance.PASS: "will meet the target",
    Assurance.FAIL: "will miss the target",
    Assurance.RANDOM: "hit or miss",
}
_WARNINGS: Final[dict[int, str]] = {
    Warn.NO_DATA: "Not one value is there.",
    Warn.TRIAL_LIMITS: "The limits are trial limits: fewer points than advised lie behind those of at least one phase.",
    Warn.CONSTANT: "The values of a phase never change, so its limits equal its centre and nothing can be flagged.",
    Warn.DATA_LATE: "The last value is missing; the last one observed decides.",
    Warn.ZERO_DENOMINATOR: "Where the denominator is nought nothing was observed, so those points are missing.",
    Warn.NO_LIMITS: "A phase has no two neighbouring values to take limits from.",
    Warn.GAPS: "Values are missing between others.",
    Warn.SCREENING_SKIPPED: "Large moving ranges were kept: without them nothing would vary.",
    Warn.CALENDAR_GAP: "The dates leap: a date is not even there as a missing value.",
    Warn.NOT_POSITIVE: "Times of nought or less are treated as missing.",
}
# What was seen, for each rule; {n} points, {side} above or below, {line} average or median.
_SEEN: Final[dict[Flag, str]] = {
    Flag.OUTSIDE_HIGH: "{points} above the upper limit ({upper})",
    Flag.OUTSIDE_LOW: "{points} below the lower limit ({lower})",
    Flag.TWO_OF_THREE_HIGH: "two of three in a row more than two sigma above the {line}",
    Flag.TWO_OF_THREE_LOW: "two of three in a row more than two sigma below the {line}",
    Flag.SHIFT_HIGH: "{n} points in a row above the {line} ({centre})",
    Flag.SHIFT_LOW: "{n} points in a row below the {line} ({centre})",
    Flag.TREND_UP: "{n} points in a row, each higher than the one before",
    Flag.TREND_DOWN: "{n} points in a row, each lower than the one before",
    Flag.CROSSINGS_HIGH: "the line crosses the {line} too seldom, and is now above it",
    Flag.CROSSINGS_LOW: "the line crosses the {line} too seldom, and is now below it",
    Flag.FOUR_OF_FIVE_HIGH: "four of five in a row more than one sigma above the {line}",
    Flag.FOUR_OF_FIVE_LOW: "four of five in a row more than one sigma below the {line}",
    Flag.HUGGING: "{n} points in a row within one sigma: less variation than the limits say",
    Flag.AVOIDING: "{n} points in a row more than one sigma away, on either side: perhaps two processes mixed",
    Flag.ALTERNATING: "{n} points in a row up and down by turns",
    Flag.CROSSINGS_MANY: "the line crosses the {line} too often",
}
_WHY: Final[dict[Flag, str]] = {
    Flag.OUTSIDE_HIGH: "chance alone seldom goes that far",
    Flag.SHIFT_HIGH: "by chance, points fall on both sides",
    Flag.TREND_UP: "by chance, points go up and down",
    Flag.TWO_OF_THREE_HIGH: "chance seldom goes nearly that far twice so soon",
}
_WHY_OF: Final = {
    Flag.OUTSIDE_LOW: Flag.OUTSIDE_HIGH,
    Flag.SHIFT_LOW: Flag.SHIFT_HIGH,
    Flag.TREND_DOWN: Flag.TREND_UP,
    Flag.TWO_OF_THREE_LOW: Flag.TWO_OF_THREE_HIGH,
}


def explain(result: Result, index: int, *, dates: Dates | None = None, unit: str = "") -> list[str]:
    """Return sentences about one series: what it shows now, each signal with its dates and reason, what to know.

    >>> from plotthedots import Batch, Plan, evaluate
    >>> result = evaluate(Batch.of([[4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 12]]), Plan(improvement="down"))
    >>> for sentence in explain(result, 0):
    ...     print(sentence)
    Worse than usual: 12 (13). Usual is 1.55 to 7.84, average 4.69.
    13: 1 point above the upper limit (7.84). Still so; chance alone seldom goes that far.
    """
    facts = describe(result, index)
    words = labels(_of(result, index, dates), facts.points)
    size = Unit(unit)
    line = "median" if result.plan.chart == "run" or result.plan.centre == "median" else "average"
    out = [_now(facts, words, size, line)]
    out += [_signal(signal, result, index, words, (size, line)) for signal in facts.signals]
    if not facts.signals and facts.last >= 0:
        out.append("No rule is broken: chance explains what is seen.")
    if facts.assurance != Assurance.NONE:
        promise = ASSURANCES[facts.assurance]
        reason = {
            Assurance.PASS: "the whole usual range meets it",
            Assurance.FAIL: "none of the usual range meets it",
            Assurance.RANDOM: "it lies within the usual range",
        }[facts.assurance]
        out.append(f"{promise[0].upper()}{promise[1:]} ({size.brief(facts.target)}) unless something changes: {reason}.")
    out += _hints(result, index)
    return out + [said for bit, said in _WARNINGS.items() if facts.warnings & bit]


def _hints(result: Result, index: int) -> list[str]:
    """Return what makes the limits of this series doubtful: leaning on the last value, or seasons in monthly data."""
    part = slice(int(result.offsets[index]), int(result.offsets[index + 1]))
    one = Batch.of([result.values[part]])
    out = []
    if autocorrelated(one)[0]:
        lean = float(lag1(one)[0])
        out.append(f"Each value leans on the one before ({lean:.1f}), so limits are narrow and flags come easily.")
    dates = result.batch.dates
    months = None if dates is None else dates[part].astype("datetime64[M]").astype(np.int64)
    if months is not None and (np.diff(months) == 1).all() and seasonality(one).likely[0]:
        out.append("Values follow the time of year: compare each month with the same month last year.")
    return out


def _of(result: Result, index: int, dates: Dates | None) -> Dates | None:
    """Return the dates given, or those of the batch."""
    if dates is not None or result.batch.dates is None:
        return dates
    return result.batch.dates[int(result.offsets[index]) : int(result.offsets[index + 1])]


def _now(facts: Facts, words: list[str], size: Unit, line: str) -> str:
    if facts.last < 0:
        return "No data yet."
    said = VARIATIONS[facts.variation]
    out = f"{said[0].upper()}{said[1:]}: {size.brief(facts.value)} ({words[facts.last]})."
    phase = next(each for each in facts.phases if each.first <= facts.last <= each.last)
    if np.isfinite(phase.lower):
        return f"{out} Usual is {size.brief(phase.lower)} to {size.brief(phase.upper)}, {line} {size.brief(phase.centre)}."
    return f"{out} The {line} is {size.brief(phase.centre)}." if np.isfinite(phase.centre) else out


def _signal(signal: Signal, result: Result, index: int, words: list[str], how: tuple[Unit, str]) -> str:
    size, line = how
    series = result.series(index)
    seen = _SEEN[signal.rule].format(
        n=signal.points,
        points=f"{signal.points} point{'' if signal.points == 1 else 's'}",
        line=line,
        centre=size.brief(float(series.centre[signal.first])),
        upper=size.brief(float(series.upper[signal.first])),
        lower=size.brief(float(series.lower[signal.first])),
    )
    period = words[signal.first] if signal.first == signal.last else f"{words[signal.first]} to {words[signal.last]}"
    why = _WHY.get(_WHY_OF.get(signal.rule, signal.rule), "chance seldom looks like that")
    return f"{period}: {seen}. {'Still so' if signal.current else 'Over now'}; {why}."
