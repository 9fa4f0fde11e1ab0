"""Writes of units, people and what units agree to: keyword-only, one transaction, an audit event each."""

from espalier.organisations.actions.adding import NewPerson, NewUnit, add_people, add_units
from espalier.organisations.actions.giving import UnableToGive, end_role, give_role
from espalier.organisations.actions.joining import (
    UnableToJoin,
    accept_invitation,
    add_myself,
    ask_to_join,
    decline,
    invite_from_command,
    make_invitation,
    stop_invitation,
    take_back_request,
    take_in,
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

__all__ = [
    "NewPerson",
    "NewUnit",
    "PlacesLoaded",
    "UnableToGive",
    "UnableToJoin",
    "UnableToShare",
    "UnitChange",
    "UnitsPreview",
    "accept_invitation",
    "add_myself",
    "add_people",
    "add_units",
    "ask_to_join",
    "decline",
    "end_role",
    "give_role",
    "import_units",
    "invite_from_command",
    "keep_while_reporting",
    "load_open_places",
    "make_invitation",
    "rebuild_below",
    "share",
    "stop_invitation",
    "take_back_request",
    "take_in",
    "withdraw",
]  # fmt: skip
