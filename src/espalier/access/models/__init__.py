"""The tables of this room."""

from espalier.access.models.accounts import Account, AccountManager, SignInLetter, Token

__all__ = ["Account", "AccountManager", "SignInLetter", "Token"]
