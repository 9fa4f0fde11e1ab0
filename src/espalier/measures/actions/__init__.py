"""Writes of definitions and points: keyword-only, one transaction, an audit event each."""

from espalier.measures.actions.entering import (
    Block,
    ChangedMeanwhile,
    Entered,
    Numbers,
    UnableToEnter,
    enter_block,
    enter_figure,
    undo_block,
    undo_entry,
)
from espalier.measures.actions.publishing import publish_definitions
from espalier.measures.actions.rolling_up import roll_up_shared
from espalier.measures.actions.storing import Stored, store_figures
from espalier.measures.rules import Figure, UnableToStoreFigure, value_of
from espalier.measures.rules import parse_published as read_published

__all__ = [
    "Block", "ChangedMeanwhile", "Entered", "Figure", "Numbers", "Stored", "UnableToEnter", "UnableToStoreFigure",
    "enter_block", "enter_figure", "publish_definitions", "read_published", "roll_up_shared", "store_figures",
    "undo_block", "undo_entry", "value_of",
]  # fmt: skip
