"""What other rooms may know of an account."""

from __future__ import annotations

from espalier.access.models import Account


def email_of(account_id: int | None) -> str:
    """Return where letters to an account go; '' where there is no address, or nobody signs in with it any more."""
    return Account.objects.filter(pk=account_id or 0, is_active=True).values_list("email", flat=True).first() or ""
