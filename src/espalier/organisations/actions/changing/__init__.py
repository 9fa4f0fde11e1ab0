"""What people do to places: change them from a day on, undo that, and delete what was a mistake, after a wait."""

from espalier.organisations.actions.changing.doing import change_place, undo_change
from espalier.organisations.actions.changing.removing import ask_removal, keep_place, new_day

__all__ = ["ask_removal", "change_place", "keep_place", "new_day", "undo_change"]
