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
from espalier.measures.actions.following import (
    UnableToFollow,
    follow,
    mark_seen,
    remove_view,
    rename_view,
    restore_view,
    save_view,
    stop_following,
    stop_letters,
)
from espalier.measures.actions.letters import letter_in_words, read_stop_address, send_letter
from espalier.measures.actions.publishing import publish_definitions
from espalier.measures.actions.storing import Stored, store_figures
from espalier.measures.rules import Figure, UnableToStoreFigure, value_of
from espalier.measures.rules import parse_published as read_published

__all__ = [
    "Block",
    "ChangedMeanwhile",
    "Entered",
    "Figure",
    "Numbers",
    "Stored",
    "UnableToEnter",
    "UnableToFollow",
    "UnableToStoreFigure",
    "enter_block",
    "enter_figure",
    "follow",
    "letter_in_words",
    "mark_seen",
    "publish_definitions",
    "read_published",
    "read_stop_address",
    "remove_view",
    "rename_view",
    "restore_view",
    "save_view",
    "send_letter",
    "stop_following",
    "stop_letters",
    "store_figures",
    "undo_block",
    "undo_entry",
    "value_of",
]  # fmt: skip
