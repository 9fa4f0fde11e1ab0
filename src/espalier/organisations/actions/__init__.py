"""Writes of units, people and what units agree to: keyword-only, one transaction, an audit event each."""

from espalier.organisations.actions.adding import NewPerson, NewUnit, add_people, add_units
from espalier.organisations.actions.giving import UnableToGive, end_role, give_role
from espalier.organisations.actions.people import (
    ChangedMeanwhile as StaffChangedMeanwhile,
)
from espalier.organisations.actions.people import (
    Done,
    PostWords,
    UnableToStaff,
    add_person,
    add_post,
    change_person,
    change_post,
    end_post,
    leave,
    undo_staff,
)
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
from espalier.organisations.rules.staffing import UnableToReadStaff

__all__ = [
    "Done", "NewPerson", "NewUnit", "PlacesLoaded", "PostWords", "StaffChangedMeanwhile", "UnableToGive", "UnableToReadStaff",
    "UnableToShare", "UnableToStaff", "UnitChange", "UnitsPreview", "add_people", "add_person", "add_post", "add_units",
    "change_person", "change_post", "end_post", "end_role", "give_role", "import_units", "keep_while_reporting", "leave",
    "load_open_places", "rebuild_below", "share", "undo_staff", "withdraw",
]  # fmt: skip
