"""The tables of this room."""

from espalier.access.models.accounts import Account, AccountManager, Token
from espalier.access.models.connections import Connection
from espalier.access.models.once import Sent

__all__ = ["Account", "AccountManager", "Connection", "Sent", "Token"]
