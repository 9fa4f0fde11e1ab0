"""Sign-ins that failed and accounts that were locked, for the log: whose account where there is one, never what was typed.

What stood in the box for the name is often a password typed too early, so it is looked up and then forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_login_failed

from espalier.access.accounts import account_named
from espalier.audit.reading import Note, noted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

NAMES = ("username", "login", "email")


def listen() -> None:
    """Hear of failures; hearing twice is once."""
    user_login_failed.connect(_failed, dispatch_uid="espalier-audit")
    user_locked_out.connect(_locked, dispatch_uid="espalier-audit")


def _failed(sender: object, credentials: Mapping[str, Any], request: HttpRequest | None = None, **_: object) -> None:
    del sender
    if request is not None:
        noted(request, Note("sign-in-failed", "account", _account(next((str(credentials[n]) for n in NAMES if credentials.get(n)), ""))))


def _locked(sender: object, request: HttpRequest | None = None, username: str = "", **_: object) -> None:
    del sender
    if request is not None:
        noted(request, Note("locked-out", "account", _account(str(username or ""))))


def _account(typed: str) -> str:
    """Return the number of the account that was meant, or that there is none."""
    found = account_named(typed)
    return str(found) if found else "unknown"
