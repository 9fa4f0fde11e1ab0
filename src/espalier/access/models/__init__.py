"""The tables of this room."""

from espalier.access.models.accounts import Account, AccountManager, Token

__all__ = ["Account", "AccountManager", "Token"]
