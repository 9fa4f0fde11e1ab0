"""The words of many projects at once, and the addresses behind each count."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.timezone import localdate

from espalier.projects.rules.portfolio import ACTIVE, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from espalier.measures.queries import Moved
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries import Asked, PortfolioLine, PortfolioPage, Sight
    from espalier.projects.queries.portfolio import Row

NAMES = {
    "planning": ("Being planned", "No test has begun yet.", "grey"),
    "moving": ("Moving", "Being tested; something changed in the last 90 days.", "blue"),
    "still": ("Standing still", "Being tested, and nothing has changed for 90 days. A call often helps.", "orange"),
    "staying": ("Being made to stay", "It works, and the team makes it how things are done.", "green"),
    "finished": ("Finished lately", "In the last 12 months. Too early to say whether it lasts.", "aqua-green"),
    "sustained": ("Sustained", "Finished 12 months ago or more, and the main measure is still better than usual.", "green"),
    "not-shown": (
        "Finished, not shown to last", "Finished 12 months ago or more; no chart shows that it held. Often nobody counts now.", "yellow",
    ),
    "stopped": ("Stopped", "The team said why, so that others can learn from it.", "grey"),
}  # fmt: skip
NO_GAP, NO_GAP_NAME = "none", "No main measure yet"
OTHERS = "These are the projects that you may read. Others may exist: a team can keep its project to itself."
DECISIONS = {"adopt": "adopted", "adapt": "adapted", "abandon": "abandoned", "": "no decision yet"}
HEAD = (
    "Project", "Title", "Code of place", "Place", "Part of", "How it stands", "Main measure", "Gap", "Better than usual",
    "Figures it has held", "Record supports (of 5)", "Begun", "Changed", "Ended",
)  # fmt: skip


def address(unit: UnitFacts, page: str = "", **asked: str) -> str:
    """Return the address of a page of a place's portfolio."""
    return f"/projects/portfolio/{page}?{urlencode({'unit': unit.code} | {name: value for name, value in asked.items() if value})}"


def going(page: PortfolioPage) -> int:
    """How many projects go on: planned, moving, standing still or made to stay."""
    return sum(page.counts.by_standing[one] for one in ACTIVE)


def table(page: PortfolioPage, rows: Iterable[Row], *, by: str) -> list[list[object]]:
    """Return the cells of a table, each count leading to its list. by: part or gap."""
    return [[row.name or NO_GAP_NAME, *_cells(page, row, by, row.code or NO_GAP)] for row in rows]


def _cells(page: PortfolioPage, row: Row, by: str, code: str) -> list[object]:
    each = row.counts.by_standing
    counts = [(row.counts.total, {}), *((each[one], {"standing": one}) for one in STANDINGS), (row.counts.better, {"better": "1"})]
    return [
        {"text": f"{number:,}", "href": address(page.unit, "list/", **{by: code}, **also)} if number else "0" for number, also in counts
    ]


def columns(first: str) -> list[object]:
    """Return the heads of a table."""
    return [first, *({"text": words, "numeric": True} for words in ("All", *(NAMES[one][0] for one in STANDINGS), "Better than usual"))]


def listed(asked: Asked, part: UnitFacts | None, gaps: dict[str, str]) -> str:
    """Say in words which projects a list shows."""
    words = [NAMES[asked.standing][0].lower()] if asked.standing else []
    if asked.gap is not None:
        words.append(gaps.get(asked.gap, asked.gap).lower() if asked.gap else NO_GAP_NAME.lower())
    if asked.better:
        words.append("main measure better than usual")
    if part:
        words.append(part.name)
    return ", ".join(words)


def measure_choices(found: Sight) -> list[tuple[str, str]]:
    """Return the measures to choose from, with how many projects are meant to move each where that was counted."""
    return [(one.code, one.name if one.projects is None else f"{one.name} ({one.projects:,})") for one in found.choices]


def moved(found: Moved | None) -> str:
    """Say whether a chart moved since a day."""
    if found is None or not found.figures:
        return "No figures that you may see since then."
    if found.better:
        return f"Better than usual since then, for {found.held} figure{'' if found.held == 1 else 's'}."
    return "Worse than usual now." if found.worse else "No change that is more than chance."


def rows(lines: Iterable[PortfolioLine], gaps: dict[str, str]) -> list[tuple[object, ...]]:
    """Return the lines of the file."""
    return [
        (
            one.pk, one.title, one.place_code, one.place, one.part, NAMES[one.standing][0], one.main_code, gaps.get(one.gap, one.gap),
            "yes" if one.better else "no", one.held, one.supports, localdate(one.begun_at), localdate(one.changed_at), one.ended_on,
        )
        for one in lines
    ]  # fmt: skip
