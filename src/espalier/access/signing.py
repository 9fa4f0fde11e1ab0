"""Who may join, the ways to sign in, and how strongly somebody proved who they are."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models.functions import Lower

from espalier.access.decisions import YES, Decision
from espalier.access.models import Account
from espalier.access.viewer import Viewer

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

STRONG_BY = "strong_by"  # in the session: the provider that said it asked for two proofs
FRESH = 15 * 60  # seconds after signing in during which ways to sign in can be changed

# Why somebody stands before the sign-in page, in words. The codes stand in addresses; nothing else of an address is shown.
WHY = {
    "idle": "You were signed out because nothing happened for a while. Nothing you saved is lost. Sign in and you are back where you were.",
    "long": "You were signed in for 12 hours. Sign in again and you are back where you were.",
    "again": "This changes how you sign in, so please prove once more that it is you. Then you are back where you were.",
    "failed": "Your organisation's sign-on did not work this time. Try it again, or use another way.",
    "cancelled": "You stopped before you had signed in there. Nothing happened.",
    "taken": "Somebody has joined with that e-mail address before. If it was you, sign in with a code by e-mail.",
    "off": "This account has been switched off. Ask an administrator of your organisation.",
    "closed": "Nobody can join here just now.",
    "ended": "That took too long, or was tried too often. Start again.",
}


class MakesPerson(Protocol):
    """Makes the person behind a new account."""

    def __call__(self, *, actor: Viewer, at: datetime, name: str, work_email: str, is_partner: bool) -> int: ...


class DecidesJoining(Protocol):
    """Says whether a real person may join this installation."""

    def __call__(self) -> Decision: ...


_people: list[MakesPerson] = []
_joining: list[DecidesJoining] = []


def fill(*, person: MakesPerson) -> None:
    """Say who makes people; filling it twice replaces the first."""
    _people[:] = [person]


def fill_joining(decides: DecidesJoining) -> None:
    """Say who decides whether real people may join; until then everybody may."""
    _joining[:] = [decides]


def may_join() -> Decision:
    """Whether another real account may be made here: the one place that is asked before any is."""
    return _joining[0]() if _joining else YES


def make_account(*, at: datetime, name: str, email: str = "", username: str = "", is_partner: bool = False) -> Account:
    """Make an account of a real person, without a password, and the person behind it; an address given here is proven."""
    account = Account.objects.create_user(username or f"p-{secrets.token_hex(8)}", email=email)
    if email:
        EmailAddress.objects.create(user=account, email=email.lower(), verified=True, primary=True)
    make_person(account=account, at=at, name=name, email=email, is_partner=is_partner)
    return account


def make_person(*, account: Account, at: datetime, name: str, email: str, is_partner: bool = False) -> None:
    """Make the person behind a new account."""
    _people[0](actor=Viewer(account_id=account.pk, name=name), at=at, name=name, work_email=email, is_partner=is_partner)


def account_of_email(email: str) -> Account | None:
    """Return who has proven that an address is theirs, if they may still sign in."""
    found = EmailAddress.objects.filter(verified=True, user__is_active=True).annotate(low=Lower("email")).filter(low=email.lower())
    row = found.select_related("user").first()
    return row.user if row else None


def account_of(viewer: Viewer) -> Account | None:
    """Return the account somebody is signed in with."""
    return Account.objects.filter(pk=viewer.account_id or 0).first()


def comes_from_provider(account: Account) -> bool:
    """Whether somebody signs in with their organisation's own sign-on."""
    return SocialAccount.objects.filter(user=account).exists()


def is_known(email: str) -> bool:
    """Whether any account, also one that may no longer sign in, has this address."""
    return EmailAddress.objects.filter(email__iexact=email).exists() or Account.objects.filter(email__iexact=email).exists()


def name_is_free(username: str) -> bool:
    """Whether nobody signs in with this name."""
    return not Account.objects.filter(username__iexact=username).exists()


@dataclass(frozen=True, slots=True)
class Way:
    """A way to sign in, for a list of them. With post it is a form that leads away."""

    label: str
    href: str
    about: str = ""
    post: bool = False


def ways() -> tuple[Way, ...]:
    """Return the ways by which real people sign in here, the usual first."""
    own = [Way(f"Sign in with {one.name}", f"/sign-in/with/{one.code}/", post=True) for one in settings.PROVIDERS]
    return (
        *own,
        Way("Code by e-mail", "/sign-in/email/", "We send a code to your work e-mail. There is no password."),
        Way("Passkey", "/sign-in/passkey/", "The way you unlock your phone or computer, or a security key."),
        Way("Name and PIN", "/sign-in/pin/", "If you joined with an invitation and chose a PIN."),
    )


def note_proof(request: HttpRequest, account: Account, method: str, **facts: Any) -> None:
    """Write into the session how somebody has just proven who they are."""
    record_authentication(request, account, method=method, **facts)


def is_strong(request: HttpRequest, account: Account) -> bool:
    """Whether this session proved in two ways who it is: a passkey, a code from an app, or a provider that asked for both."""
    records = get_authentication_records(request, account)
    return any(record.get("method") == "mfa" for record in records) or bool(request.session.get(STRONG_BY))


def is_fresh(request: HttpRequest, account: Account, *, at: datetime) -> bool:
    """Whether somebody signed in a moment ago, as is asked before a way to sign in is added or taken away."""
    proven = [record.get("at", 0) for record in get_authentication_records(request, account)]
    return account.is_demo or bool(proven and at.timestamp() - max(proven) <= FRESH)


@dataclass(frozen=True, slots=True)
class Key:
    """One second step or passkey that somebody has set up."""

    pk: int
    kind: str  # totp, webauthn, recovery_codes
    name: str
    made_at: datetime
    used_at: datetime | None


def keys_of(account: Account) -> tuple[Key, ...]:
    """Return the passkeys and second steps of an account, oldest first."""
    rows = Authenticator.objects.filter(user=account).order_by("pk")
    return tuple(Key(row.pk, row.type, str(row.data.get("name", "")), row.created_at, row.last_used_at) for row in rows)


def has_second_step(account: Account) -> bool:
    """Whether somebody could prove in two ways who they are."""
    return any(key.kind != Authenticator.Type.RECOVERY_CODES for key in keys_of(account))
