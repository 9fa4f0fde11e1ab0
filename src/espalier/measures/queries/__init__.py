"""Reads of definitions, figures, single charts and many charts: the room's public face."""

from __future__ import annotations

from espalier.measures import charting
from espalier.measures.queries.cards import Card, Cards, cards_of_unit, cards_page
from espalier.measures.queries.chart import Chart, ChartRow, chart
from espalier.measures.queries.definitions import Definition, definition, definitions
from espalier.measures.queries.entering import EntryPage, entry_page
from espalier.measures.queries.figures import Coverage
from espalier.measures.queries.sharing import SumFacts, shared_measures, sum_facts
from espalier.measures.queries.wall import Choice, Group, Option, Wall, wall


def warm_up() -> None:
    """Judge and draw one short series, so that the first page does not pay for the kernel's first call."""
    charting.warm_up()


__all__ = [
    "Card", "Cards", "Chart", "ChartRow", "Choice", "Coverage", "Definition",
    "EntryPage", "Group", "Option", "SumFacts", "Wall", "cards_of_unit", "cards_page", "chart", "definition",
    "definitions",
    "entry_page", "shared_measures", "sum_facts", "wall", "warm_up",
]  # fmt: skip
