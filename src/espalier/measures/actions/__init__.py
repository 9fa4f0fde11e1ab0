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
from espalier.measures.actions.posting import (
    KeyUsedAlready,
    Posting,
    TooLateToUndo,
    WroteMeanwhile,
    post_figures,
    undo_post,
)
from espalier.measures.actions.publishing import publish_definitions
from espalier.measures.actions.storing import Stored, store_figures
from espalier.measures.rules import Figure, Sent, UnableToPost, UnableToStoreFigure, value_of
from espalier.measures.rules import parse_published as read_published

__all__ = [
    "Block", "ChangedMeanwhile", "Entered", "Figure", "KeyUsedAlready", "Numbers", "Posting", "Sent", "Stored", "TooLateToUndo",
    "UnableToEnter", "UnableToPost", "UnableToStoreFigure", "WroteMeanwhile",
    "enter_block", "enter_figure", "post_figures", "publish_definitions", "read_published",
    "store_figures", "undo_block", "undo_entry", "undo_post", "value_of",
]  # fmt: skip
