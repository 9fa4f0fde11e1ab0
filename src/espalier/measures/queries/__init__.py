"""Reads of definitions, figures, single charts and many charts: the room's public face."""

from __future__ import annotations

from espalier.measures import charting
from espalier.measures.queries.cards import Card, cards_of_unit
from espalier.measures.queries.chart import Chart, ChartRow, chart
from espalier.measures.queries.definitions import Definition, definition, definitions
from espalier.measures.queries.entering import EntryPage, entry_page
from espalier.measures.queries.exporting import picture_of
from espalier.measures.queries.figures import Coverage
from espalier.measures.queries.picking import Pair, pairs_below, pictures
from espalier.measures.queries.wall import Choice, Group, Option, Wall, wall


def warm_up() -> None:
    """Judge and draw one short series, so that the first page does not pay for the kernel's first call."""
    charting.warm_up()


__all__ = [
    "Card",
    "Chart",
    "ChartRow",
    "Choice",
    "Coverage",
    "Definition",
    "EntryPage",
    "Group",
    "Option",
    "Pair",
    "Wall",
    "cards_of_unit",
    "chart",
    "definition",
    "definitions",
    "entry_page",
    "pairs_below",
    "picture_of",
    "pictures",
    "wall",
    "warm_up",
]  # fmt: skip
