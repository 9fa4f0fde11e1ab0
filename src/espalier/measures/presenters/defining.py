"""The words of the pages on which measures are made and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.measures.presenters import BETTER, GAPS, sourced
from espalier.measures.rules import targets_of
from espalier.measures.rules.local import written_targets
from espalier.ui.filters import and_list, day, figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.measures.queries import Definition, DefinitionPage
    from espalier.measures.rules import Dimension

MEASURED_IN = {
    "percent": "A percentage", "count": "A number", "rate": "So many in every 1,000", "score": "A mean", "days": "A mean number of days",
}  # fmt: skip
CHARTS = {"xmr": "Chart with a usual range", "run": "Run chart", "p": "P chart"}
FAMILIES = {
    "outcome": "What it means for people", "process": "Whether we do what we planned", "balancing": "Whether something else gets worse",
}  # fmt: skip
TOGETHER = {
    "sum": "The numbers are added up", "mean": "The mean of the places, so that every place weighs the same",
    "none": "Not at all: each place shows its own figure",
}  # fmt: skip
OFTEN = {"day": "Every day", "week": "Every week, from Monday", "month": "Every month", "quarter": "Every quarter", "year": "Every year"}
LINES = {
    "name": "the name", "numerator": "what is counted", "denominator": "out of what", "frequency": "how often",
    "improvement": "which way is better", "why": "why it matters", "definition": "what exactly counts",
    "measured_in": "how it is written", "targets": "the targets", "target": "the target",
    "gap": "what it is about", "family": "its kind", "chart": "the chart", "roll_up": "how places are put together", "splits": "groups",
    "about_people": "whether it is about people", "source": "where it comes from", "mind": "what to keep in mind",
}  # fmt: skip
PLACES = 3  # lines of a version named before "and more"


def facts(page: DefinitionPage) -> list[dict[str, str]]:
    """Return what a definition says, line by line."""
    what, words = page.definition, page.definition.words
    pairs = [
        ("Counted", words["numerator"]), ("Out of", words["denominator"]), ("How often", OFTEN[what.frequency]),
        ("Written as", MEASURED_IN[what.measured_in]), ("Better", BETTER[what.improvement]), ("About", GAPS[what.gap]),
        ("Kind", FAMILIES.get(words.get("family", ""), "")), ("Target", targets_in_words(what)),
        ("Chart", CHARTS[words["chart"]]), ("Several places together", TOGETHER[what.roll_up]),
        ("Small numbers", "Not shown for groups, so that nobody can be worked out" if words["about_people"] else ""),
        ("Put in by", "The team" if words.get("entered_by") == "teams" else "Read from published files"),
        ("Decided by", page.owner.name if page.owner else words.get("owner", "")),
        ("Source", sourced(words["source"])),
    ]  # fmt: skip
    return [{"key": key, "value": value} for key, value in pairs if value]


def targets_in_words(what: Definition) -> str:
    """Say the targets in the order in which they held."""
    several = [
        f"{figure(value, what.measured_in, 0 if value.is_integer() else what.decimals)}{f' from {day(since)}' if since else ''}"
        for since, value in targets_of(what.words)
    ]
    return and_list(several)


def targets(words: Mapping[str, Any]) -> str:
    """Return the targets as they are typed."""
    return written_targets(words)


def versions(page: DefinitionPage) -> list[dict[str, str]]:
    """Say what each version changed, who changed it and why."""
    said = []
    for one in page.versions:
        name = page.names.get(one.by or 0)
        by = f" by {name}" if name else ""
        lines = [LINES.get(line, line.replace("_", " ")) for line in one.changed]
        changed = f" Changed: {and_list(lines[:PLACES])}{' and more' if len(lines) > PLACES else ''}." if lines else ""
        warning = "" if one.comparable else " What is counted changed: figures before and after may not compare."
        said.append({"key": f"Version {one.number}", "value": f"{day(one.at.date())}{by}: {one.why}.{changed}{warning}"})
    return said


def used(page: DefinitionPage, *, stopped: bool) -> str:
    """Say that a place uses a measure, or no longer."""
    name = page.here.name if page.here else ""
    return f"{name} no longer uses this measure. Its figures stay." if stopped else f"{name} uses this measure now."


def library(known: Sequence[Definition]) -> list[tuple[str, list[Definition]]]:
    """Put the measures that teams count themselves under what they are about."""
    groups: dict[str, list[Definition]] = {words: [] for words in GAPS.values()}
    for one in known:
        if one.words.get("entered_by") == "teams" and not one.made_up:
            groups[GAPS[one.gap]].append(one)
    return [(words, several) for words, several in groups.items() if several]


def dimension_choices(dimensions: Sequence[Dimension]) -> list[tuple[str, str]]:
    """Return the groups a local measure may be split by; places are named in files only."""
    return [(one.code, one.name) for one in dimensions if one.categories]


def now_says(now: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what stands there now, for somebody whose own words were not saved."""
    lines = ("name", "numerator", "denominator", "definition", "why")
    return [{"key": LINES[line].capitalize(), "value": str(now[line])} for line in lines if now.get(line)]


def later(form: Any) -> bool:
    """Whether something is wrong in the part that is folded away: then it stands open."""
    return any(name not in {"name", "numerator", "denominator", "frequency", "improvement"} for name in form.errors)
