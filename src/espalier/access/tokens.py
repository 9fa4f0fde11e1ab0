"""Tokens for programs: made, listed, stopped, and recognised when a call comes.

Who may look at them: row-level security shows a person their own. Recognising one happens before anybody is known, so
it goes through one function of the database that answers for one token and nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from espalier.access.deciding import anywhere
from espalier.access.emergencies import without_emergency
from espalier.access.models import Account, Token
from espalier.access.registry import viewer_of
from espalier.common.errors import NotFoundHere, UnableTo

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer

READ, ENTER = "read", "enter"
SCOPES = (READ, ENTER)
MAKE = "programs.read"  # the right to have one
BEGINS, SHOWN, BYTES = "esp_", 10, 32
LONGEST = timedelta(days=366)  # a year, and a leap year too
MOST = 50  # tokens that work, of one person: more is a sign that old ones are never stopped


class UnableToMakeToken(UnableTo):
    """The token asked for would be of no use, or of too much."""

    code = "token"


class UnableToRecognise(UnableTo):
    """No token of ours, or one that works no longer. Nothing is said of whether it ever did, save to who holds it."""

    code = "token"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as its owner's page shows it."""

    pk: int
    name: str
    prefix: str
    may_read: bool
    may_enter: bool
    unit_id: int | None
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    stopped_at: datetime | None

    def works(self, at: datetime) -> bool:
        """Whether it would be let in now."""
        return self.stopped_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class Made:
    """A new token. The secret is here and nowhere else: it cannot be shown a second time."""

    pk: int
    secret: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who a call comes from, and what it may do at most."""

    pk: int
    prefix: str
    viewer: Viewer
    scopes: frozenset[str]
    unit_id: int | None


_FACTS = ("pk", "name", "prefix", "may_read", "may_enter", "unit_id", "made_at", "expires_at", "used_at", "stopped_at")


def new_secret() -> str:
    """Return what a program will hold: 256 random bits, with a beginning by which leaked ones are found in files."""
    return BEGINS + secrets.token_urlsafe(BYTES)


def digest_of(secret: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make(*, actor: Viewer, at: datetime, name: str, scopes: frozenset[str], expires_at: datetime, unit_id: int | None, secret: str) -> Made:
    """Store a token of the person's own; the caller shows its secret once and keeps the event."""
    if actor.account_id is None:
        raise UnableToMakeToken("Sign in first.", to_do="A token acts for the person who made it.")
    if not (may := anywhere(viewer=actor, do=MAKE)):
        raise UnableToMakeToken(may.reason, to_do="Ask whoever gives out roles where you work.")
    if not scopes or scopes - set(SCOPES):
        raise UnableToMakeToken("Say what the token may do.", to_do="Choose reading, putting figures in, or both.")
    if not at < expires_at <= at + LONGEST:
        raise UnableToMakeToken("A token works for a year at most.", to_do="Choose an earlier day, and make a new one then.")
    if Token.objects.filter(account=actor.account_id, stopped_at=None, expires_at__gt=at).count() >= MOST:
        raise UnableToMakeToken(f"You have {MOST} tokens that work.", to_do="Stop those you no longer use.")
    made = Token.objects.create(
        account_id=actor.account_id, name=name[:80], prefix=secret[:SHOWN], digest=digest_of(secret), may_read=READ in scopes,
        may_enter=ENTER in scopes, unit_id=unit_id, made_at=at, expires_at=expires_at,
    )  # fmt: skip
    return Made(pk=int(made.pk), secret=secret)


def mine(*, viewer: Viewer) -> tuple[TokenFacts, ...]:
    """Return the person's tokens, newest first."""
    rows = Token.objects.filter(account=viewer.account_id or 0).order_by("-made_at", "-pk").values_list(*_FACTS)
    return tuple(TokenFacts(*row) for row in rows)


def stop(*, actor: Viewer, at: datetime, pk: int) -> TokenFacts:
    """Stop a token of one's own, at once: the next call with it is refused. Stopping twice keeps the first moment."""
    found = Token.objects.filter(pk=pk, account=actor.account_id or 0)
    if not found:
        raise NotFoundHere("You have no such token.")
    found.filter(stopped_at=None).update(stopped_at=at)
    return TokenFacts(*found.values_list(*_FACTS)[0])


def recognise(secret: str, *, at: datetime) -> Recognised:
    """Say who a call comes from, or why not; writes the moment of use once a minute at most."""
    row = None
    if secret.startswith(BEGINS) and secret.isascii() and len(secret) < 100:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM access_recognise(%s, %s)", [digest_of(secret), at])
            row = cursor.fetchone()
    if row is None:
        raise UnableToRecognise(
            "We do not know this token.", to_do="Make a new one at /tokens/, or leave the header out to read open data."
        )
    pk, prefix, account_id, username, is_active, may_read, may_enter, unit_id, expires_at, stopped_at = row
    if stopped_at is not None or not is_active or at >= expires_at:
        ended = "was stopped" if stopped_at is not None else "has come to its end"
        raise UnableToRecognise(f"This token ({prefix}…) {ended}.", to_do="Make a new one at /tokens/.")
    scopes = frozenset(name for name, may in ((READ, may_read), (ENTER, may_enter)) if may)
    viewer = viewer_of(Account(pk=account_id, username=username, is_active=is_active))
    viewer = replace(without_emergency(viewer), is_strong=False)
    if not (may := anywhere(viewer=viewer, do=MAKE)):  # whoever made it has lost the right to have one since
        raise UnableToRecognise(
            f"This token ({prefix}…) works no longer. {may.reason}", to_do="Ask whoever gives out roles where you work."
        )
    # Without the right to put figures in, a token holds no role at all: no door can open by it.
    return Recognised(pk, prefix, viewer if ENTER in scopes else replace(viewer, grants=()), scopes, unit_id)
