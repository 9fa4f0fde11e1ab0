"""Writes of definitions and points: keyword-only, one transaction, an audit event each."""

from espalier.measures.actions.defining import (
    DefinedMeanwhile,
    MeaningChanged,
    UnableToDefine,
    bring_back_measure,
    define_measure,
    retire_measure,
    revise_measure,
    stop_using_measure,
    use_measure,
)
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
from espalier.measures.actions.storing import Stored, store_figures
from espalier.measures.rules import Figure, UnableToReadDefinition, UnableToStoreFigure, value_of
from espalier.measures.rules import parse_published as read_published

__all__ = [
    "Block",
    "ChangedMeanwhile",
    "DefinedMeanwhile",
    "Entered",
    "Figure",
    "MeaningChanged",
    "Numbers",
    "Stored",
    "UnableToDefine",
    "UnableToEnter",
    "UnableToReadDefinition",
    "UnableToStoreFigure",
    "bring_back_measure",
    "define_measure",
    "enter_block",
    "enter_figure",
    "publish_definitions",
    "read_published",
    "retire_measure",
    "revise_measure",
    "stop_using_measure",
    "store_figures",
    "undo_block",
    "undo_entry",
    "use_measure",
    "value_of",
]  # fmt: skip
