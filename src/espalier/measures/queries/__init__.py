"""Reads of definitions, figures, single charts and many charts: the room's public face."""

from __future__ import annotations

from espalier.access.decisions import Decision
from espalier.measures import charting
from espalier.measures.permissions import DEFINE, may_define
from espalier.measures.queries.affected import affected
from espalier.measures.queries.cards import Card, Cards, LateCard, UnitCharts, cards_of_unit, cards_page, charts_of_unit
from espalier.measures.queries.changes import Changed, ChangedFigure, Changes, Latest, changes, inside, last_look
from espalier.measures.queries.chart import Chart, ChartRow, NoFigures, chart
from espalier.measures.queries.definitions import (
    Definition,
    DefinitionPage,
    definition,
    definition_page,
    definitions,
    dimensions,
    named,
    new_measure_page,
    of_numbers,
    versions_of,
)
from espalier.measures.queries.due import due
from espalier.measures.queries.entering import EntryPage, entry_page, may_begin
from espalier.measures.queries.exporting import picture_of
from espalier.measures.queries.figures import Coverage
from espalier.measures.queries.following import (
    Followed,
    Letter,
    Sent,
    View,
    follow_of,
    follows,
    letter,
    letters_sent,
    mail_address,
    rhythms,
    saved_view,
    saved_views,
)
from espalier.measures.queries.funnel import FunnelPage, FunnelPlace, funnel
from espalier.measures.queries.history import FigureChange, HistoryPage, figure_history
from espalier.measures.queries.late import Late, LatePage, late
from espalier.measures.queries.listing import PointRow, SeriesRow, Which, list_points, list_series
from espalier.measures.queries.marking import Marked, MarksPage, Work, mark_of, marks_page, version_of, work_on
from espalier.measures.queries.mine import AtPlace, Mine, keeps, mine
from espalier.measures.queries.picking import Pair, pairs_below, pictures
from espalier.measures.queries.quality import Quality, QualityPage, quality
from espalier.measures.queries.sharing import SumFacts, kept_measures, sum_facts
from espalier.measures.queries.splitting import Split, split
from espalier.measures.queries.wall import Choice, Group, Option, Wall, wall


def warm_up() -> None:
    """Judge and draw one short series, so that the first page does not pay for the kernel's first call."""
    charting.warm_up()


__all__ = [
    "DEFINE",
    "AtPlace",
    "Card",
    "Cards",
    "Changed",
    "ChangedFigure",
    "Changes",
    "Chart",
    "ChartRow",
    "Choice",
    "Coverage",
    "Decision",
    "Definition",
    "DefinitionPage",
    "EntryPage",
    "FigureChange",
    "Followed",
    "FunnelPage",
    "FunnelPlace",
    "Group",
    "HistoryPage",
    "Late",
    "LateCard",
    "LatePage",
    "Latest",
    "Letter",
    "Marked",
    "MarksPage",
    "Mine",
    "NoFigures",
    "Option",
    "Pair",
    "PointRow",
    "Quality",
    "QualityPage",
    "Sent",
    "SeriesRow",
    "Split",
    "SumFacts",
    "UnitCharts",
    "View",
    "Wall",
    "Which",
    "Work",
    "affected",
    "cards_of_unit",
    "cards_page",
    "changes",
    "chart",
    "charts_of_unit",
    "definition",
    "definition_page",
    "definitions",
    "dimensions",
    "due",
    "entry_page",
    "figure_history",
    "follow_of",
    "follows",
    "funnel",
    "inside",
    "keeps",
    "kept_measures",
    "last_look",
    "late",
    "letter",
    "letters_sent",
    "list_points",
    "list_series",
    "mail_address",
    "mark_of",
    "marks_page",
    "may_begin",
    "may_define",
    "mine",
    "named",
    "new_measure_page",
    "of_numbers",
    "pairs_below",
    "picture_of",
    "pictures",
    "quality",
    "rhythms",
    "saved_view",
    "saved_views",
    "split",
    "sum_facts",
    "version_of",
    "versions_of",
    "wall",
    "warm_up",
    "work_on",
]
