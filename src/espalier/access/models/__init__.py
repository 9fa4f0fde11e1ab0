"""The tables of this room."""

from espalier.access.models.accounts import Account, AccountManager, SignInLetter, Token
from espalier.access.models.connections import Connection
from espalier.access.models.once import Sent
from espalier.access.models.rights import Cleared, Consent, DataPart, DataRequest, HeldClearing, HeldPlace

__all__ = [
    "Account",
    "AccountManager",
    "Cleared",
    "Connection",
    "Consent",
    "DataPart",
    "DataRequest",
    "HeldClearing",
    "HeldPlace",
    "Sent",
    "SignInLetter",
    "Token",
]
