"""Writes of definitions and points: keyword-only, one transaction, an audit event each."""

from espalier.measures.actions.defining import (
    DefinedMeanwhile,
    MeaningChanged,
    NameTaken,
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
from espalier.measures.actions.marking import DecidedMeanwhile, Draft, NotYours, Placed, change_mark, end_mark, place_mark, undo_mark
from espalier.measures.actions.posting import KeyUsedAlready, Posting, TooLateToUndo, WroteMeanwhile, post_figures, undo_post
from espalier.measures.actions.publishing import publish_definitions
from espalier.measures.actions.rolling_up import roll_up_shared
from espalier.measures.actions.storing import Stored, store_figures
from espalier.measures.rules import (
    Figure,
    Sent,
    UnableToPost,
    UnableToReadDefinition,
    UnableToStoreFigure,
    value_of,
)
from espalier.measures.rules import (
    parse_published as read_published,
)
from espalier.measures.rules.marking import UnableToMark

__all__ = [
    "Block",
    "ChangedMeanwhile",
    "DecidedMeanwhile",
    "DefinedMeanwhile",
    "Draft",
    "Entered",
    "Figure",
    "KeyUsedAlready",
    "MeaningChanged",
    "NameTaken",
    "NotYours",
    "Numbers",
    "Placed",
    "Posting",
    "Sent",
    "Stored",
    "TooLateToUndo",
    "UnableToDefine",
    "UnableToEnter",
    "UnableToFollow",
    "UnableToMark",
    "UnableToPost",
    "UnableToReadDefinition",
    "UnableToStoreFigure",
    "WroteMeanwhile",
    "bring_back_measure",
    "change_mark",
    "define_measure",
    "end_mark",
    "enter_block",
    "enter_figure",
    "follow",
    "letter_in_words",
    "mark_seen",
    "place_mark",
    "post_figures",
    "publish_definitions",
    "read_published",
    "read_stop_address",
    "remove_view",
    "rename_view",
    "restore_view",
    "retire_measure",
    "revise_measure",
    "roll_up_shared",
    "save_view",
    "send_letter",
    "stop_following",
    "stop_letters",
    "stop_using_measure",
    "store_figures",
    "undo_block",
    "undo_entry",
    "undo_mark",
    "undo_post",
    "use_measure",
    "value_of",
]
