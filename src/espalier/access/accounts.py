"""What other rooms may know of an account."""

from __future__ import annotations

from espalier.access.models import Account

LONGEST_NAME = 150


def email_of(account_id: int | None) -> str:
    """Return where letters to an account go; '' where there is no address, or nobody signs in with it any more."""
    return Account.objects.filter(pk=account_id or 0, is_active=True).values_list("email", flat=True).first() or ""


def account_named(username: str) -> int | None:
    """Return the number of the account that signs in with a name; None where there is none."""
    if not 0 < len(username) <= LONGEST_NAME or "\x00" in username:
        return None
    return Account.objects.filter(username=username).values_list("pk", flat=True).first()
