"""Accounts made by the house itself."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from espalier.access.models import Account
from espalier.access.viewer import Viewer

SYSTEM = "espalier"


def system_viewer() -> Viewer:
    """Return the named account under which commands and schedules act; nobody can sign in to it.

    It has a name so that the audit says who loaded a file, and so that writing is refused to whoever has none.
    """
    account = Account.objects.filter(username=SYSTEM).first() or Account.objects.create_user(SYSTEM, is_active=False, is_system=True)
    return Viewer(account_id=account.pk, name="Espalier")


def refuse_unless_house(actor: Viewer) -> None:
    """Refuse everybody but the house's own account: what only commands and schedules do is done by nobody else.

    A page that called such an action by mistake would otherwise do it for whoever opened the page.
    """
    if not Account.objects.filter(pk=actor.account_id or 0, is_system=True).exists():
        raise PermissionDenied("Only Espalier itself does this, by a command or by the clock.")


def add_account(*, username: str, is_demo: bool = False) -> int | None:
    """Make an account without a password and return its number; None when the name is taken."""
    if Account.objects.filter(username=username).exists():
        return None
    return int(Account.objects.create_user(username, is_demo=is_demo).pk)
