"""Connections of staff systems: made, listed, stopped, and recognised when a call comes.

Who may make one is decided above, where the organisations are known; the database holds each to its own organisation.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from espalier.access.door import acting_as
from espalier.access.models import Account, Connection
from espalier.access.tokens import SHOWN, UnableToRecognise, digest_of
from espalier.access.viewer import Viewer
from espalier.common.errors import NotFoundHere

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

BEGINS, BYTES, LONGEST = "esc_", 32, 100


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """A connection as its page shows it."""

    pk: int
    owner_id: int
    account_id: int
    name: str
    prefix: str
    made_by_id: int
    made_at: datetime
    used_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Calling:
    """A staff system that calls: who it is, and the one organisation it speaks for."""

    pk: int
    owner_id: int
    viewer: Viewer


_FACTS = ("pk", "owner_id", "account_id", "name", "prefix", "made_by_id", "made_at", "used_at", "stopped_at")


def new_secret() -> str:
    """Return what a staff system will hold: 256 random bits, with a beginning by which leaked ones are found in files."""
    return BEGINS + secrets.token_urlsafe(BYTES)


def make(*, actor: Viewer, at: datetime, owner_id: int, name: str, secret: str) -> int:
    """Store a connection with an account of its own; the caller has asked whether the actor may, and shows the secret once."""
    digest = digest_of(secret)
    account = Account.objects.create_user(f"connection-{digest[:20]}", is_active=False, is_technical=True)
    made = Connection.objects.create(
        owner_id=owner_id, account=account, name=name[:80], prefix=secret[:SHOWN], digest=digest, made_by_id=actor.account_id or 0,
        made_at=at,
    )  # fmt: skip
    return int(made.pk)


def of(*, owner_ids: Collection[int]) -> tuple[ConnectionFacts, ...]:
    """Return the connections of organisations, those that work first, then the newest; the database shows one's own only."""
    rows = Connection.objects.filter(owner_id__in=list(owner_ids)).order_by("stopped_at", "-made_at").values_list(*_FACTS)
    facts = [ConnectionFacts(*row) for row in rows]
    return tuple(sorted(facts, key=lambda one: one.stopped_at is not None))


def stop(*, at: datetime, owner_ids: Collection[int], pk: int) -> ConnectionFacts:
    """Stop a connection at once: the next call is refused. Stopping twice keeps the first moment."""
    found = Connection.objects.filter(pk=pk, owner_id__in=list(owner_ids))
    if not found:
        raise NotFoundHere("There is no such connection.")
    found.filter(stopped_at=None).update(stopped_at=at)
    return ConnectionFacts(*found.values_list(*_FACTS)[0])


def recognise(secret: str, *, at: datetime) -> Calling:
    """Say which staff system calls, or that we know none such."""
    row = None
    if secret.startswith(BEGINS) and secret.isascii() and len(secret) < LONGEST:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM access_recognise_connection(%s, %s)", [digest_of(secret), at])
            row = cursor.fetchone()
    if row is None or row[4] is not None:
        raise UnableToRecognise("We do not know this token, or it was stopped.", to_do="Connect again at /admin-tools/connections/.")
    pk, owner_id, account_id, name, _ = row
    return Calling(pk=pk, owner_id=owner_id, viewer=Viewer(account_id=account_id, name=name, owners=(owner_id,), is_strong=True))


def speaks_for(*, viewer: Viewer, owner_id: int) -> bool:
    """Whether the viewer is a staff system whose connection with this organisation still works; the organisation's own people are not."""
    with acting_as(viewer), connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (access_connected())", [owner_id])
        return bool(cursor.fetchone()[0])


def account_for_staff(*, email: str) -> int:
    """Make the account of somebody whom a staff system told us of, and return its number.

    The organisation answers for the address, and a code sent there is how they sign in; without one they join by
    invitation. The account's own name says nothing: a name made of the address would tell who has an account already.
    """
    from allauth.account.models import EmailAddress  # its models are ready only when Django is

    account = Account.objects.create_user(f"staff-{secrets.token_hex(10)}", email=email)
    if email:
        EmailAddress.objects.create(user_id=account.pk, email=email.lower(), verified=True, primary=True)
    return int(account.pk)
