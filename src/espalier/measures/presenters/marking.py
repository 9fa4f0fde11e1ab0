"""The words of notes, baselines and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.common.identifying import SAYS as LOOKS_LIKE
from espalier.measures.presenters import RULE_SETS, RULES, sentences, usual_range, written
from espalier.measures.rules.marking import EXCLUDE, FREEZE, NOT_NOW, NOTE, NOTES, REBASE, TRIED, cautions, false_alarms
from espalier.ui.filters import and_list, day, difference, moment, number, period, plural, span

if TYPE_CHECKING:
    from espalier.measures.charting import Signal, Verdict
    from espalier.measures.queries import Chart, FigureChange, HistoryPage, Marked, MarksPage
    from espalier.measures.queries.comparing import Stretch
    from espalier.measures.queries.marking import Change

KINDS = {
    REBASE: "New baseline", FREEZE: "Usual range frozen", EXCLUDE: "Figure left out", NOTE: "Note", TRIED: "Change we tried",
    NOT_NOW: "Suggestion set aside",
}  # fmt: skip
TITLES = {
    REBASE: "Start a new baseline", FREEZE: "Freeze the usual range", EXCLUDE: "Leave a figure out", NOTE: "Add a note or a change tried",
}  # fmt: skip
ABOUT = {
    REBASE: "From the figure you choose on, the chart works out the average and the usual range afresh. Do this when the work has changed"
    " for good and you know why; not because figures look bad.",
    FREEZE: "The average and the usual range come from the figures you choose, and are carried forward. Do this to see whether a change"
    " moves you away from how things were.",
    EXCLUDE: "The figure stays on the chart with a hole in it, and counts for nothing. Do this for a figure that is wrong and cannot be put"
    " right, or for one that everybody knows was a one-off.",
}
CAUTIONS = {
    "few-figures": "Fewer than twelve figures would lie behind the usual range. The chart will say nothing until there are twelve.",
    "hides-concern": "The newest figure is worse than usual now. After this the chart would no longer say so.",
    "no-cause": "Nobody knows yet what changed. A baseline without a known cause can make a problem look like the usual.",
    **{kind: f"This looks like it has {words} in it." for kind, words in LOOKS_LIKE.items()},
}
DECIDED = {"": "still being tried", "adopt": "kept", "adapt": "changed and tried again", "abandon": "stopped"}
DID = {"made": "added", "changed": "changed", "ended": "ended", "back": "put back"}
MORE_RULES = {
    **RULES,
    "four-of-five": "four of five well away from the average, on one side",
    "hugging": "fifteen in a row close to the average",
    "avoiding": "eight in a row away from the average",
    "alternating": "fourteen in a row up and down by turns",
    "crossings-many": "too many crossings of the middle line",
}
SETS = {
    **RULE_SETS, "nhs-r": "NHS-R rules (as in NHSRplotthedots)", "ihi-run": "IHI run chart rules",
    "western-electric": "Western Electric rules", "nelson": "Nelson rules",
}  # fmt: skip


def when(mark: Marked | Change) -> str:
    """Say from when a mark holds: a frozen baseline has an end, a note and a left-out figure only a time."""
    if mark.kind == FREEZE and mark.ends_on:
        return f"from {span(mark.starts_on, mark.ends_on)}"
    return f"from {period(mark.starts_on)}" if mark.kind == REBASE else period(mark.starts_on)


def by(mark: Marked) -> str:
    """Say who put it there, and when."""
    return f"{mark.who or 'somebody'}, {day(mark.at.date())}"


def suggestion(chart: Chart) -> str:
    """Ask whether a new baseline should begin; never more than a question."""
    return f"Results seem to have settled at a new level since {period(chart.work.suggested)}. Start a new baseline there?"


def notice(change: Change) -> tuple[str, str]:
    """Return title and sentence for what was done a moment ago."""
    if change.kind == NOT_NOW:
        aside = change.did in {"made", "back"}
        return ("Not now", "We will not suggest this again.") if aside else ("Undone", "It may be suggested again.")
    title = {"made": "Saved", "changed": "Saved", "ended": "Ended", "back": "Put back"}[change.did]
    return title, f"{KINDS[change.kind]}, {when(change)}: {DID[change.did]}."


def times(chart: Chart) -> list[tuple[str, str]]:
    """Return the times that have a figure, newest first, for a list to choose from."""
    return [(row.month.isoformat(), period(row.month)) for row in reversed(chart.rows) if row.value is not None]


def baseline_cautions(kind: str, before: Chart, after: Chart, facts: dict[str, Any]) -> list[str]:
    """Return what somebody should know before they save a decision."""
    last = facts["ends_on"]
    chosen = [row for row in after.rows if last and facts["starts_on"] <= row.month <= last and row.value is not None]
    codes = cautions(
        kind=kind, before=before.variation, after=after.variation, settled=after.settled, baseline=len(chosen),
        cause_known=facts["cause_known"],
    )  # fmt: skip
    return [CAUTIONS[code] for code in codes]


def becomes(chart: Chart) -> tuple[str, ...]:
    """Say what a chart says, for a look before and after."""
    flagged = sum(bool(row.rules) for row in chart.rows)
    stands = f"{plural(flagged, 'figure')} on the whole chart" if flagged else "No figure on the whole chart"
    return (*sentences(chart), f"{stands} {'stand' if flagged > 1 else 'stands'} out.")


def phase_columns() -> list[dict[str, object]]:
    """Name the columns of the table of baselines."""
    words = ("When", "Figures", "Average", "Usual range", "Spread", "Against the one before")
    return [{"text": text, "numeric": text in {"Figures", "Average", "Spread"}} for text in words]


def phase_rows(chart: Chart) -> list[list[object]]:
    """Compare baselines: how each was, and how far it lies from the one before."""
    return [
        [
            span(one.since, one.until), _figures(one), written(chart.definition, one.average), _range(chart, one),
            number(one.spread, chart.definition.decimals + 1), _change(chart, one),
        ]
        for one in chart.work.phases
    ]  # fmt: skip


def _figures(one: Stretch) -> str:
    return f"{number(one.figures)} ({number(one.left_out)} left out)" if one.left_out else number(one.figures)


def _range(chart: Chart, one: Stretch) -> str:
    return usual_range(chart, one.lines.lower, one.lines.upper)


def _change(chart: Chart, one: Stretch) -> str:
    what = chart.definition
    said = [difference(value, what.measured_in, what.decimals) for value in (one.change, one.low, one.high)]
    if one.change is None:
        return "–"
    return f"{said[0]} (too few figures to say how sure)" if one.low is None else f"{said[0]} (95% interval {said[1]} to {said[2]})"


def rule_columns() -> list[str]:
    """Name the columns of the table of rule sets."""
    return ["Rules", "The newest figure", "What is flagged", "Of 100 charts where nothing changes"]


def rule_rows(chart: Chart) -> list[list[object]]:
    """Say what each rule set flags, and how often it would by chance alone."""
    return [
        [SETS[one.rules], "stands out" if one.now else "does not stand out", _found(one), _by_chance(chart, one)] for one in chart.verdicts
    ]


def _found(one: Verdict) -> str:
    if not one.found:
        return "nothing"
    told = and_list([_signal(signal) for signal in one.found[:6]])
    return f"{plural(one.flagged, 'figure')}: {told}{' and more' if len(one.found) > 6 else ''}"


def _signal(signal: Signal) -> str:
    return f"{MORE_RULES.get(signal.rule, signal.rule)} since {period(signal.since)}"


def _by_chance(chart: Chart, one: Verdict) -> str:
    anywhere, last = number(false_alarms(one.rules, chart.observed), 0), number(100 * one.chance, 0)
    return f"about {anywhere} have something flagged somewhere; in about {last} the newest figure stands out"


def mark_changes(page: MarksPage) -> list[dict[str, object]]:
    """Return the history of notes and baselines, each line with what undo needs."""
    return [
        {
            "what": f"{KINDS[one.kind]}, {when(one)}: {DID[one.did]}", "words": one.words, "why": one.why,
            "who": f"{one.who or 'somebody'}, {moment(one.at)}",
            "version": str(one.version) if one.newest and page.work.may.of(notes=one.kind in NOTES) else "",
        }
        for one in page.changes
    ]  # fmt: skip


def figure_changes(page: HistoryPage) -> list[dict[str, object]]:
    """Return who changed which figure, when and why."""
    return [
        {
            "month": period(one.period_on), "what": _became(page, one), "why": one.why,
            "who": f"{one.who or 'the file it came from'}, {moment(one.at)}", "version": str(one.version) if one.may_undo else "",
        }
        for one in page.changes
    ]  # fmt: skip


def _became(page: HistoryPage, one: FigureChange) -> str:
    old, new = written(page.definition, one.old), written(page.definition, one.new)
    if one.removed:
        return f"{old} removed"
    return f"{new} put in" if one.old is None else f"{old} became {new}"


def history_table(page: HistoryPage) -> tuple[list[str], list[list[object]]]:
    """Return the whole history for a file: numbers as numbers, months as days."""
    head = ["changed at", "changed by", "month", "old numerator", "old denominator", "old value"]
    head += ["new numerator", "new denominator", "new value", "removed", "why"]
    rows: list[list[object]] = [
        [
            one.at.isoformat(timespec="seconds"), one.who, one.period_on, one.old_numerator, one.old_denominator, one.old,
            one.new_numerator, one.new_denominator, one.new, "yes" if one.removed else "", one.why,
        ]
        for one in page.changes
    ]  # fmt: skip
    return head, rows


def with_marks(chart: Chart, head: list[str], rows: list[list[object]]) -> tuple[list[str], list[list[object]]]:
    """Add baselines and notes to the figures of a chart; the public's file has neither, and stays as it is."""
    work = chart.work
    if not work.shown or not (work.decisions or work.notes):
        return head, rows
    notes: dict[object, list[str]] = {}
    for one in work.notes:
        notes.setdefault(one.starts_on, []).append(one.words)
    more = [
        [sum(one.since <= row.month for one in work.phases) or 1, "yes" if row.left_out else "", " · ".join(notes.get(row.month, []))]
        for row in chart.rows
    ]
    return [*head, "baseline", "left out", "notes"], [[*row, *extra] for row, extra in zip(rows, more, strict=True)]
