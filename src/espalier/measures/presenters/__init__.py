"""From codes and numbers to the words of the chart pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.periods import YEAR_BEFORE, step
from espalier.ui.filters import address, and_list, change, difference, figure, in_period, number, period, plural, span, the_period
from espalier.ui.gaps import GAPS
from espalier.ui.pages import Crumb
from espalier.ui.signs import VARIATION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Any

    from espalier.measures.charting import Signal
    from espalier.measures.queries import Card, Chart, Coverage, Definition, Group, Option, SumFacts, Wall

BETTER = {"up": "higher is better", "down": "lower is better", "none": "neither higher nor lower is better"}
RULES = {
    "shift": "a long run on one side of the average",
    "trend": "a long rise or fall",
    "outside": "outside the usual range",
    "two-of-three": "two of three close to the edge of the usual range",
    "crossings": "too few crossings of the middle line",
}
RULE_SETS = {"mdc": "Making Data Count rules", "anhoej": "Anhøj run chart rules"}
LEANS = 0.3  # from this correlation with the month before, "these figures lean on the month before" is worth saying


def written(what: Definition, value: float | None) -> str:
    """Write a value in the terms of its measure."""
    return figure(value, what.measured_in, what.decimals)


def target_words(what: Definition, on: date | None = None) -> str:
    """Write the target that held on a day (or the newest) as people say it: 95%, not 95.0%."""
    value = what.target_on(on)
    return figure(value, what.measured_in, 0 if value is not None and float(value).is_integer() else what.decimals)


def line(chart: Chart, value: float | None) -> str:
    """Write the height of a line of a chart; where months are compared with the year before it is a difference."""
    what = chart.definition
    return difference(value, what.measured_in, what.decimals) if _differs(chart) else written(what, value)


def usual_range(chart: Chart, lower: float | None, upper: float | None) -> str:
    """Write a usual range. It begins no lower than a figure can be; files and programs get the limit as it was worked out."""
    if lower is None or upper is None:
        return "–"
    lowest = None if _differs(chart) else chart.definition.words.get("lowest")
    return f"{line(chart, lower if lowest is None else max(lower, lowest))} to {line(chart, upper)}"


def newest(chart: Chart) -> tuple[str, str]:
    """Say the newest figure and of when it is: "86.6%", "in March 2019"."""
    what, when = chart.definition, chart.period
    if when is None or not _differs(chart):
        return written(what, chart.value), in_period(when, what.frequency)
    how = change(chart.value, what.measured_in, what.decimals)
    before = in_period(year_before(what, when), what.frequency)
    return how, f"{in_period(when, what.frequency)} {'as' if how == 'the same' else 'than'} {before}"


def year_before(what: Definition, when: date) -> date:
    """Return the period of the same season a year before."""
    return step(when, what.frequency, -YEAR_BEFORE[what.frequency])


def compares_years(what: Definition) -> bool:
    """Whether a figure can be compared with that of the same season a year before."""
    return what.frequency in YEAR_BEFORE


def each(what: Definition) -> str:
    """Say how often the measure is counted, as an adjective."""
    return "daily" if what.frequency == "day" else f"{what.frequency}ly"


def _differs(chart: Chart) -> bool:
    return chart.compare == "year-before"


def _over(chart: Chart) -> bool:
    """Whether nothing more will come: then nothing is said of what to expect."""
    return chart.unit.closed_on is not None


def sentences(chart: Chart) -> tuple[str, ...]:
    """Explain a chart in two sentences: what changed (or that nothing did), and what that means for the target."""
    if chart.variation == "unknown" and chart.settled < chart.observed:
        since = f"Since the newest baseline began there are only {plural(chart.settled, 'figure')}."
        return (f"{since} With twelve we can begin to say what is usual.",)
    if chart.variation == "unknown":
        return (f"There are only {plural(chart.observed, 'figure')} here. With twelve we can begin to say what is usual.",)
    first = _changed(chart) if chart.signals else _steady(chart)
    return tuple(words for words in (first, _target(chart)) if words)


def _steady(chart: Chart) -> str:
    kind = "differences from the year before" if _differs(chart) else "figures"
    when = in_period(chart.period, chart.definition.frequency)
    first = f"The {kind} go up and down as chance alone would have them: nothing stands out {when}."
    if chart.lines.lower is None or chart.lines.upper is None or _over(chart):  # a run chart has no usual range
        return first
    lowest = chart.definition.words.get("lowest")
    if not _differs(chart) and lowest is not None and chart.lines.lower <= lowest:  # nothing lower can be counted
        return f"{first} Expect the next one to be no more than {line(chart, chart.lines.upper)}."
    return f"{first} Expect the next one between {line(chart, chart.lines.lower)} and {line(chart, chart.lines.upper)}."


def _changed(chart: Chart) -> str:
    return f"{_story(chart, chart.signals[0])} This is unlikely to be chance."


def _story(chart: Chart, signal: Signal) -> str:
    grain = chart.definition.frequency
    since = the_period(signal.since, grain)
    average = line(chart, chart.lines.centre)
    each = "difference from the year before" if _differs(chart) else "figure"
    side = "above" if signal.side > 0 else "below"
    if signal.rule == "shift":
        return f"Since {since} every {each} has been {side} the average of {average}: {plural(signal.points, grain)} in a row."
    if signal.rule == "trend":
        way = "higher" if signal.side > 0 else "lower"
        return f"Since {since} each {each} has been {way} than the one before: {plural(signal.points, grain)} in a row."
    if signal.rule == "outside":
        edge, verb = (chart.lines.upper, "ends") if signal.side > 0 else (chart.lines.lower, "starts")
        value, when = newest(chart)
        return f"It was {value} {when}. That is {side} the usual range, which {verb} at {line(chart, edge)}."
    if signal.rule == "two-of-three":
        return f"Two of the last three figures were far {side} the average of {average}, close to the edge of the usual range."
    return f"The figures have crossed their middle value of {average} too seldom: they have moved to a new level."


def _target(chart: Chart) -> str:
    if not chart.definition.target or not chart.assurance or _over(chart):
        return ""
    target, grain = target_words(chart.definition, chart.period), chart.definition.frequency
    return {
        "pass": f"At this level the target of {target} will be met.",
        "fail": f"At this level the target of {target} will not be met without a change to how the work is done.",
        "hit_or_miss": f"At this level the target of {target} is met in some {grain}s and missed in others, by chance.",
    }[chart.assurance]


def coverage_words(coverage: Coverage | None, kind: str = "trusts and other providers") -> str:
    """Say who is in a sum."""
    if coverage is None:
        return ""
    return f"{number(coverage.reported)} of {number(coverage.expected)} {kind}"


@dataclass(frozen=True, slots=True)
class Summary:
    """The lines at the top of the page of many charts."""

    counts: tuple[tuple[str, int], ...]  # (variation code, how many), those that occur
    chance: tuple[str, ...]


def summary(wall: Wall) -> Summary:
    """Say how many charts stand out, and how many chance alone would make stand out."""
    order = ("concerning", "improving", "high", "low", "steady", "unknown")
    return Summary(
        counts=tuple((code, wall.counts[code]) for code in order if wall.counts.get(code)),
        chance=_chance_words(wall),
    )


def _chance_words(wall: Wall) -> tuple[str, ...]:
    if not wall.judged:
        return ()
    about = "fewer than 1" if wall.by_chance < 1 else f"about {round(wall.by_chance)}"
    verdict = f"chance alone could make {about} of these {number(wall.judged)} charts stand out"
    advice = "Treat a sign as worth a look, not as proof."
    grain = wall.definition.frequency
    if wall.choice.compare == "year-before":
        return (f"Each {grain} is compared with the same {grain} a year before, so seasons cancel out. Even so {verdict}.", advice)
    if wall.lag1_median >= LEANS:
        return (f"These {each(wall.definition)} figures lean on the {grain} before and follow the seasons, so {verdict}.", advice)
    return (f"Even where nothing changed, {verdict}.", advice)


SIGNALS = [
    ("", "everything"), ("flagged", "anything that stands out"), ("sure", "the surest signs"),
    *((code, sign.words) for code, sign in VARIATION.items()),
]  # fmt: skip
ORDERS = (("region", "By region"), ("attention", "Needs a look first"), ("name", "A to Z"))


def orders(wall: Wall, path: str, asked: object) -> list[dict[str, object]]:
    """Return the orders as tabs."""
    return [
        {
            "text": words,
            "href": address(path, asked, order=None if code == "region" else code, page=None),
            "current": wall.choice.order == code,
        }
        for code, words in ORDERS
    ]


def place_of(group: Group) -> str:
    """Return the name of a group's place on the page, for links to it."""
    return f"region-{group.code.lower() or ('others' if group.name.startswith('Others') else 'none')}"


def jumps(wall: Wall, path: str, asked: object) -> list[dict[str, str]]:
    """Return a link to each region: further down, or where another page holds it, to its charts alone.

    Two hundred cards are a long walk on a phone; nobody should have to pass eight regions to reach the ninth.
    """
    choice = wall.choice
    if choice.order != "region" or choice.region or (len(wall.groups) < 2 and wall.page.pages == 1):
        return []
    here = {group.code or group.name: group for group in wall.groups}
    links = [{"text": group.name.split(":")[0], "href": f"#{place_of(group)}", "count": number(group.total)} for group in wall.groups]
    elsewhere = [one for one in wall.regions if one.code not in here and one.code != "none"] if wall.page.pages > 1 else []
    return links + [{"text": one.name, "href": address(path, asked, region=one.code, page=None), "count": ""} for one in elsewhere]


def sourced(source: Mapping[str, Any]) -> str:
    """Name a source, and say once whether anybody checked the words against it."""
    words = str(source["words"])
    return words if source["verified"] or "not checked by us" in words else f"{words} (not checked by us)"


def compared_in(chart: Chart, way_up: Sequence[Crumb]) -> list[Crumb]:
    """Return where a place can be compared with others: all that lies in it, or in each place it belongs to."""
    if chart.added_up:
        return [Crumb(f"Compare places in {chart.unit.name}", f"{chart.definition.href}?unit={chart.unit.code}")]
    return [
        Crumb(f"Compare places in {step.label}", f"{chart.definition.href}?unit={step.href.rstrip('/').rsplit('/', 1)[1]}")
        for step in way_up[:-1]
    ]


def is_filtered(wall: Wall, view: str) -> bool:
    """Whether anything but the default is shown: then the filters stand open."""
    choice = wall.choice
    return bool(choice.region or choice.kind or choice.signal or choice.level != "organisation" or view != "charts")


def kept(wall: Wall) -> list[tuple[str, str]]:
    """Return what the filter form must carry along although it does not ask for it."""
    choice = wall.choice
    carried = [("unit", wall.unit.code), ("order", choice.order), ("compare", choice.compare)]
    if choice.until:
        carried.append(("until", f"{choice.until:%Y-%m}" if wall.definition.frequency == "month" else f"{choice.until}"))
    return carried


def options(listed: tuple[Option, ...]) -> list[tuple[str, str]]:
    """Return the entries of a filter, each with how many charts it leaves."""
    return [("", "all"), *((one.code, f"{one.name} ({number(one.count)})") for one in listed)]


def known(chart: Chart) -> list[dict[str, str]]:
    """Answer "how do we know?" for one chart."""
    what = chart.definition
    shown = span(chart.rows[0].month, chart.rows[-1].month, what.frequency) if chart.rows else "–"
    pairs = [
        (f"{what.frequency.capitalize()}s", f"{shown}, {plural(chart.observed, 'figure')}"),
        ("What is added up", _sum_words(chart)),
        ("Middle line and usual range", chart.method),
        ("Rules", RULE_SETS.get(chart.rules, chart.rules)),
        ("Could it be chance?", _chance_of_one(chart)),
        ("Source", sourced(what.words["source"])),
    ]  # fmt: skip
    return [{"key": key, "value": value} for key, value in pairs]


def _chance_of_one(chart: Chart) -> str:
    share, grain = number(100 * chart.chance, 0), chart.definition.frequency
    return (
        f"If nothing had changed, the newest figure of a chart like this would stand out in about {share} of 100 cases. "
        f"Each {grain} is {_leaning(chart.lag1)} the {grain} before (correlation {number(chart.lag1, 1)})."
    )


def _leaning(lag1: float) -> str:
    return "close to" if lag1 >= LEANS else "not tied to"


def _sum_words(chart: Chart) -> str:
    if chart.shared_sum:
        return _shared_words(chart.shared_sum, in_period(chart.newest, chart.definition.frequency))
    if not chart.added_up or chart.coverage is None:
        return "Nothing: this is the published figure of this organisation."
    who = "The mean of the figures" if chart.definition.roll_up == "mean" else "The counts"
    words = f"{who} of {coverage_words(chart.coverage)} that reported {in_period(chart.newest, chart.definition.frequency)}."
    if chart.missing:
        words += f" Missing: {and_list([one.name for one in chart.missing[:8]])}{' and more' if len(chart.missing) > 8 else ''}."
    return words


def _shared_words(found: SumFacts, when: str) -> str:
    """Say who is in a stored sum: how many agreed, never which, and no share so exact that it tells what one counted."""
    agreed = plural(found.reported, "team that has", "teams that have")
    words = f"{agreed} agreed to share their figures, of {number(found.expected)} with a figure {when}."
    if found.share is not None and found.reported < found.expected:
        words += f" That is about {round(100 * found.share)}% of what all of them counted."
    return words + " Fewer than three that are not shown by name are never added up."


def table(chart: Chart) -> tuple[list[dict[str, object]], list[list[object]]]:
    """Return columns and rows of the table below the chart, newest month first."""
    counted = any(row.denominator is not None for row in chart.rows)
    rows: list[list[object]] = []
    figures = "On the year before" if _differs(chart) else "Figure"
    middle = "Average" if any(row.lower is not None for row in chart.rows) else "Middle"
    when = chart.definition.frequency.capitalize()
    columns = [when, *(["Number", "Out of"] if counted else []), figures, middle, "Usual range", "What stands out"]
    for row in reversed(chart.rows):
        counts = [number(row.numerator), number(row.denominator)] if counted else []
        rows.append(
            [
                period(row.month, chart.definition.frequency),
                *counts,
                line(chart, row.value),
                line(chart, row.centre),
                usual_range(chart, row.lower, row.upper),
                and_list([RULES[code] for code in row.rules]) or ("left out" if row.left_out else "–"),
            ]
        )
    return [{"text": text, "numeric": text not in {when, "What stands out"}} for text in columns], rows


def by_gap(known: tuple[Definition, ...], cards: tuple[Card, ...]) -> list[tuple[str, list[tuple[Definition, Card | None]]]]:
    """Put measures under the gap each belongs to; one without figures here is still named."""
    drawn = {card.definition.code: card for card in cards}
    groups: dict[str, list[tuple[Definition, Card | None]]] = {words: [] for words in GAPS.values()}
    for one in known:
        groups[GAPS[one.gap]].append((one, drawn.get(one.code)))
    return [(words, entries) for words, entries in groups.items() if entries]


def chart_table(chart: Chart) -> tuple[list[str], list[list[object]]]:
    """Return the figures of a chart for a file: numbers as numbers, months as days, rules as codes."""
    head = [chart.definition.frequency, "numerator", "denominator", "value", "average", "lower limit", "upper limit", "stands out"]
    return head, [[r.month, r.numerator, r.denominator, r.value, r.centre, r.lower, r.upper, " ".join(r.rules)] for r in chart.rows]


def wall_table(wall: Wall) -> tuple[list[str], list[list[object]]]:
    """Return the newest figures of a page of many charts for a file."""
    head = ["code", "name", "kind", "region", wall.definition.frequency, "value", "variation", "target", "figures"]
    rows: list[list[object]] = [
        [card.code, card.name, card.kind, group.name, card.period, card.value, card.variation, card.assurance, card.observed]
        for group in wall.groups for card in group.cards
    ]  # fmt: skip
    return head, rows


def wall_columns(wall: Wall) -> list[dict[str, object]]:
    """Name the columns of the table view."""
    when = wall.definition.frequency.capitalize()
    numeric = {"Newest figure", "Figures"}
    return [
        {"text": text, "numeric": text in numeric}
        for text in ("Place", "Region", "Newest figure", when, "What it says", "Target", "Figures")
    ]


def wall_rows(wall: Wall) -> list[list[object]]:
    """Return the rows of the table view, in the order of the charts."""
    return [
        [
            {"text": card.name, "href": card.href}, group.name or "–", _shown(wall, card.value),
            period(card.period, wall.definition.frequency),
            {"variation": card.variation}, {"assurance": card.assurance} if card.assurance else "–", card.observed,
        ]
        for group in wall.groups for card in group.cards
    ]  # fmt: skip


def _shown(wall: Wall, value: float | None) -> str:
    what = wall.definition
    return difference(value, what.measured_in, what.decimals) if wall.choice.compare == "year-before" else written(what, value)


def as_of(day: date | None) -> str:
    """Name a month, or say that there is none."""
    return period(day) if day else "no figures yet"
