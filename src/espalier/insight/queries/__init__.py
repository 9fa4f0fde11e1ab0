"""Reads of this room: reports, board pages, what was frozen, and files in the making."""

from espalier.insight.queries.affected import affected
from espalier.insight.queries.due import asking, due
from espalier.insight.queries.finding import PaperFound, papers_found
from espalier.insight.queries.packs import PackFacts, pack, pack_content, packs
from espalier.insight.queries.papers import (
    FrozenFacts,
    FrozenLine,
    PaperFacts,
    PaperLine,
    Step,
    board_page,
    first_cut,
    frozen,
    frozen_lines,
    gaps,
    history,
    may_write,
    new_since,
    paper,
    papers,
    pictures_of,
    writable_units,
)
from espalier.insight.rules import Change, Chosen, Content, Gap

__all__ = [
    "Change",
    "Chosen",
    "Content",
    "FrozenFacts",
    "FrozenLine",
    "Gap",
    "PackFacts",
    "PaperFacts",
    "PaperFound",
    "PaperLine",
    "Step",
    "affected",
    "asking",
    "board_page",
    "due",
    "first_cut",
    "frozen",
    "frozen_lines",
    "gaps",
    "history",
    "may_write",
    "new_since",
    "pack",
    "pack_content",
    "packs",
    "paper",
    "papers",
    "papers_found",
    "pictures_of",
    "writable_units",
]
