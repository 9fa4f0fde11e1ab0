"""Reads of definitions, figures, single charts and many charts: the room's public face."""

from __future__ import annotations

from espalier.access.decisions import Decision
from espalier.measures import charting
from espalier.measures.permissions import DEFINE, may_define, may_enter_each
from espalier.measures.queries.affected import affected
from espalier.measures.queries.cards import Card, Cards, LateCard, UnitCharts, cards_of_unit, cards_page, charts_of_unit
from espalier.measures.queries.changes import Changed, ChangedFigure, Changes, Latest, changes, inside, last_look
from espalier.measures.queries.chart import Chart, ChartRow, NoFigures, chart
from espalier.measures.queries.definitions import (
    Definition,
    DefinitionPage,
    along,
    definition,
    definition_page,
    definitions,
    dimensions,
    named,
    new_measure_page,
    of_numbers,
    read,
    versions_of,
)
from espalier.measures.queries.due import due, due_at, own_places
from espalier.measures.queries.entering import EntryPage, Known, entry_page, may_begin, standing, two_numbers, typed_rows
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
from espalier.measures.queries.moving import Moved, moved, moved_each
from espalier.measures.queries.picking import Pair, cards_of_places, pairs_below, pictures
from espalier.measures.queries.quality import Quality, QualityPage, quality
from espalier.measures.queries.sharing import SumFacts, kept_measures, sum_facts
from espalier.measures.queries.splitting import Split, split
from espalier.measures.queries.starting import fill as fill_start
from espalier.measures.queries.starting import start_href
from espalier.measures.queries.tried import Tried
from espalier.measures.queries.tried import fill as fill_tried
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
    "Known",
    "Late",
    "LateCard",
    "LatePage",
    "Latest",
    "Letter",
    "Marked",
    "MarksPage",
    "Mine",
    "Moved",
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
    "Tried",
    "UnitCharts",
    "View",
    "Wall",
    "Which",
    "Work",
    "affected",
    "along",
    "cards_of_places",
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
    "due_at",
    "entry_page",
    "figure_history",
    "fill_start",
    "fill_tried",
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
    "may_enter_each",
    "mine",
    "moved",
    "moved_each",
    "named",
    "new_measure_page",
    "of_numbers",
    "own_places",
    "pairs_below",
    "picture_of",
    "pictures",
    "quality",
    "read",
    "rhythms",
    "saved_view",
    "saved_views",
    "split",
    "standing",
    "start_href",
    "sum_facts",
    "two_numbers",
    "typed_rows",
    "version_of",
    "versions_of",
    "wall",
    "warm_up",
    "work_on",
]
