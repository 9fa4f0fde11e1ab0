"""Writes of units, people and what units agree to: keyword-only, one transaction, an audit event each."""

from espalier.organisations.actions.adding import NewPerson, NewUnit, add_people, add_units
from espalier.organisations.actions.changing import ask_removal, change_place, keep_place, new_day, undo_change
from espalier.organisations.actions.giving import UnableToGive, end_role, give_role
from espalier.organisations.actions.places import (
    PlacesLoaded,
    UnitChange,
    UnitsPreview,
    import_units,
    keep_while_reporting,
    load_open_places,
    rebuild_below,
)
from espalier.organisations.actions.sharing import UnableToShare, share, withdraw

__all__ = [
    "NewPerson", "NewUnit", "PlacesLoaded", "UnableToGive", "UnableToShare", "UnitChange", "UnitsPreview",
    "add_people", "add_units", "ask_removal", "change_place", "end_role", "give_role", "import_units", "keep_place",
    "keep_while_reporting", "load_open_places", "new_day", "rebuild_below", "share", "undo_change", "withdraw",
]  # fmt: skip
