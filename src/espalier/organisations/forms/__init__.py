"""What people send to the pages of this room, checked."""

from espalier.organisations.forms.connections import ConnectForm, GroupForm

__all__ = [
    "ConnectForm",
    "GroupForm",
]
