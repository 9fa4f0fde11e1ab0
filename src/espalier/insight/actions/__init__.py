"""Writes of this room: reports and board pages, what is frozen of them, and files made in the background."""

from espalier.insight.actions.packing import NothingToPack, ask_for_files, try_again
from espalier.insight.actions.papers import (
    ChangedMeanwhile,
    WhichPlace,
    change_paper,
    freeze,
    open_board_page,
    put_away,
    start_report,
    undo_change,
)

__all__ = [
    "ChangedMeanwhile",
    "NothingToPack",
    "WhichPlace",
    "ask_for_files",
    "change_paper",
    "freeze",
    "open_board_page",
    "put_away",
    "start_report",
    "try_again",
    "undo_change",
]
