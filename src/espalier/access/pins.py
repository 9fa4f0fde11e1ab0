"""PINs, for people without an e-mail address; and the lock that keeps anybody from trying all of them.

A PIN is kept as Django keeps passwords: hashed slowly, with salt. It alone never counts as two proofs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from allauth.core.internal.httpkit import get_client_ip
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import Max, Sum

from espalier.access.models import Account
from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest, HttpResponse

SHORTEST = 6
MOST_OF_ALL = 50  # failures of one name from everywhere: nobody tries it from ten thousand addresses either
ROW = "01234567890" * 2


class UnableToSetPin(UnableTo):
    """The PIN would be guessed first."""

    code = "pin"


@dataclass(frozen=True, slots=True)
class Locked:
    """A name with which nobody can sign in by PIN for a while."""

    account_id: int
    username: str
    until: datetime


def check(pin: str) -> str:
    """Return what is wrong with a PIN, or "".

    >>> check("123456"), check("294817")
    ('This PIN is one of the first that anybody would try. Choose another one', '')
    """
    if not (pin.isascii() and pin.isdigit()):
        return "A PIN is made of digits only, like 294817"
    if len(pin) < SHORTEST:
        return f"A PIN has {SHORTEST} digits or more"
    if len(set(pin)) < 3 or pin in ROW or pin[::-1] in ROW:
        return "This PIN is one of the first that anybody would try. Choose another one"
    return ""


def set_pin(account: Account, pin: str) -> None:
    """Give somebody a PIN to sign in with."""
    if wrong := check(pin):
        raise UnableToSetPin(wrong, to_do="Choose another one.")
    account.set_password(pin)
    account.save(update_fields=["password"])


def remove_pin(account: Account) -> None:
    """Take the PIN away."""
    account.set_unusable_password()
    account.save(update_fields=["password"])


def sign_in(request: HttpRequest, *, name: str, pin: str) -> Account | None:
    """Return whose name and PIN these are; None takes the same time for a name nobody has."""
    found = authenticate(request, username=name.strip().lower(), password=pin)
    return found if isinstance(found, Account) and not found.is_demo else None


def locked_until(request: HttpRequest, *, name: str, at: datetime) -> datetime | None:
    """Return until when this name cannot sign in by PIN from here; None when it can."""
    name = name.strip().lower()
    since = at - settings.AXES_COOLOFF_TIME
    tried = AccessAttempt.objects.filter(username=name, attempt_time__gt=since)
    facts = tried.aggregate(last=Max("attempt_time"), failures=Sum("failures_since_start"))
    locked_here = not AxesProxyHandler.is_allowed(request, {"username": name})
    if not facts["last"] or not (locked_here or (facts["failures"] or 0) >= MOST_OF_ALL):
        return None
    last: datetime = facts["last"]
    return last + timedelta(seconds=settings.AXES_COOLOFF_TIME.total_seconds())


def locked_among(accounts: Collection[int], *, at: datetime) -> tuple[Locked, ...]:
    """Return which of these accounts somebody locked by trying too often, the latest first."""
    names = dict(Account.objects.filter(pk__in=accounts).values_list("username", "pk"))
    tried = AccessAttempt.objects.filter(username__in=names, attempt_time__gt=at - settings.AXES_COOLOFF_TIME)
    each = tried.values("username").annotate(last=Max("attempt_time"), failures=Sum("failures_since_start"))
    rows = each.filter(failures__gte=settings.AXES_FAILURE_LIMIT).order_by("-last")
    return tuple(Locked(names[str(row["username"])], str(row["username"]), row["last"] + settings.AXES_COOLOFF_TIME) for row in rows)


def unlock(account_id: int) -> None:
    """Let somebody try again at once."""
    for name in Account.objects.filter(pk=account_id).values_list("username", flat=True):
        reset(username=name)


def address_of(request: HttpRequest) -> str:
    """Return the address a request comes from, past the proxies that are ours."""
    return get_client_ip(request) or "127.0.0.1"


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, str] | None) -> HttpResponse | None:
    """Leave the page as it is when a name has just been locked: our own page says so in words."""
    del request, credentials
    return response
