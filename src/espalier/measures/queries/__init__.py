"""Reads of definitions, figures, single charts and many charts: the room's public face."""

from __future__ import annotations

from espalier.measures import charting
from espalier.measures.permissions import DEFINE, Decision, may_define
from espalier.measures.queries.cards import Card, cards_of_unit
from espalier.measures.queries.chart import Chart, ChartRow, chart
from espalier.measures.queries.definitions import (
    Definition,
    DefinitionPage,
    definition,
    definition_page,
    definitions,
    dimensions,
    new_measure_page,
    versions_of,
)
from espalier.measures.queries.entering import EntryPage, entry_page
from espalier.measures.queries.figures import Coverage
from espalier.measures.queries.splitting import Split, split
from espalier.measures.queries.wall import Choice, Group, Option, Wall, wall


def warm_up() -> None:
    """Judge and draw one short series, so that the first page does not pay for the kernel's first call."""
    charting.warm_up()


__all__ = [
    "DEFINE", "Card", "Chart", "ChartRow", "Choice", "Coverage", "Decision", "Definition", "DefinitionPage",
    "EntryPage", "Group", "Option", "Split", "Wall", "cards_of_unit", "chart", "definition",
    "definition_page", "definitions", "dimensions",
    "entry_page", "may_define", "new_measure_page", "split", "versions_of", "wall", "warm_up",
]  # fmt: skip
