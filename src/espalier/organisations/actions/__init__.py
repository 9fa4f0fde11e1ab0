"""Writes of units, people and what units agree to: keyword-only, one transaction, an audit event each."""

from espalier.organisations.actions.adding import NewPerson, NewUnit, add_people, add_units
from espalier.organisations.actions.changing import ask_removal, change_place, keep_place, new_day, undo_change
from espalier.organisations.actions.complaints import (
    Receipt,
    UnableToAnswer,
    acknowledge_complaint,
    answer_complaint,
    remind_of_complaints,
    send_complaint,
)
from espalier.organisations.actions.connected import UnableToConnect, connect, disconnect, map_group, take_change, take_in, take_out
from espalier.organisations.actions.emergencies import UnableToOpen, approve_emergency, ask_emergency, end_emergency, refuse_emergency
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
    "Receipt",
    "UnableToAnswer",
    "UnableToConnect",
    "UnableToGive",
    "UnableToJoin",
    "UnableToOpen",
    "UnableToShare",
    "UnitChange",
    "UnitsPreview",
    "accept_invitation",
    "acknowledge_complaint",
    "add_myself",
    "add_people",
    "add_units",
    "answer_complaint",
    "approve_emergency",
    "ask_emergency",
    "ask_removal",
    "ask_to_join",
    "change_place",
    "connect",
    "decline",
    "disconnect",
    "end_emergency",
    "end_role",
    "give_role",
    "import_units",
    "invite_from_command",
    "keep_place",
    "keep_while_reporting",
    "load_open_places",
    "make_invitation",
    "map_group",
    "new_day",
    "rebuild_below",
    "refuse_emergency",
    "remind_of_complaints",
    "send_complaint",
    "share",
    "stop_invitation",
    "take_back_request",
    "take_change",
    "take_in",
    "take_out",
    "undo_change",
    "withdraw",
]
