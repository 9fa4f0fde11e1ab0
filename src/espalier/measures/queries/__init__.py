"""Reads of definitions, figures, single charts and many charts: the room's public face."""

from __future__ import annotations

from espalier.measures import charting
from espalier.measures.queries.cards import Card, LateCard, UnitCharts, cards_of_unit, charts_of_unit
from espalier.measures.queries.changes import Changed, ChangedFigure, Changes, Latest, changes, inside, last_look
from espalier.measures.queries.chart import Chart, ChartRow, chart
from espalier.measures.queries.definitions import Definition, definition, definitions
from espalier.measures.queries.entering import EntryPage, entry_page
from espalier.measures.queries.figures import Coverage
from espalier.measures.queries.following import Followed, Letter, View, follow_of, follows, letter, mail_address, saved_view, saved_views
from espalier.measures.queries.funnel import FunnelPage, FunnelPlace, funnel
from espalier.measures.queries.late import Late, LatePage, late
from espalier.measures.queries.quality import Quality, QualityPage, quality
from espalier.measures.queries.wall import Choice, Group, Option, Wall, wall


def warm_up() -> None:
    """Judge and draw one short series, so that the first page does not pay for the kernel's first call."""
    charting.warm_up()


__all__ = [
    "Card",
    "Changed",
    "ChangedFigure",
    "Changes",
    "Chart",
    "ChartRow",
    "Choice",
    "Coverage",
    "Definition",
    "EntryPage",
    "Followed",
    "FunnelPage",
    "FunnelPlace",
    "Group",
    "Late",
    "LateCard",
    "LatePage",
    "Latest",
    "Letter",
    "Option",
    "Quality",
    "QualityPage",
    "UnitCharts",
    "View",
    "Wall",
    "cards_of_unit",
    "changes",
    "chart",
    "charts_of_unit",
    "definition",
    "definitions",
    "entry_page",
    "follow_of",
    "follows",
    "funnel",
    "inside",
    "last_look",
    "late",
    "letter",
    "mail_address",
    "quality",
    "saved_view",
    "saved_views",
    "wall",
    "warm_up",
]
