"""Requests under people's rights: copies of everything about somebody, and erasures. Row-level security shows a person their own."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.db import connection

from espalier.access.models import Account, DataPart, DataRequest
from espalier.access.models.rights import COPY, ERASE
from espalier.access.rights import Subject
from espalier.common.errors import NotFoundHere, Suggestion, UnableTo

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from espalier.access.viewer import Viewer

__all__ = ["COPY", "ERASE", "RequestFacts"]

OPEN = ("asked", "waiting")
PART = 4_000_000  # bytes of one stretch of a finished archive


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """One request and how far it is."""

    pk: uuid.UUID
    kind: str
    account_id: int
    about_id: int | None
    person_id: int | None
    asked_by_id: int
    state: str
    done: int
    total: int
    asked_at: datetime
    due_at: datetime | None
    kept_until: datetime | None
    result: dict[str, int]

    @property
    def href(self) -> str:
        """Its page."""
        return f"/account/my-data/{self.pk}/"

    @property
    def about(self) -> Subject:
        """Whom it is about."""
        return Subject(self.about_id, self.person_id)


_FACTS = tuple(one.name for one in fields(RequestFacts))


def begin(*, actor: Viewer, at: datetime, kind: str, about: Subject, **facts: Any) -> RequestFacts:
    """Write a request down. The answer belongs to the person; who has no account is answered through whoever asked."""
    if actor.account_id is None:
        raise UnableTo("Sign in first.", to_do="What is held about you is shown to nobody else.", code="visitor")
    made = DataRequest.objects.create(
        kind=kind, account_id=about.account_id or actor.account_id, about_id=about.account_id, person_id=about.person_id,
        asked_by_id=actor.account_id, asked_at=at, **facts,
    )  # fmt: skip
    return RequestFacts(*(getattr(made, name) for name in _FACTS))


def several(*, viewer: Viewer, others: bool = False) -> tuple[RequestFacts, ...]:
    """List a person's own requests, newest first; with others those they asked for about somebody else."""
    rows = DataRequest.objects.order_by("-asked_at")
    mine = rows.filter(asked_by_id=viewer.account_id or 0).exclude(about_id=viewer.account_id) if others else rows.filter(
        account_id=viewer.account_id or 0
    )  # fmt: skip
    return tuple(RequestFacts(*row) for row in mine.values_list(*_FACTS)[:50])


def one(*, viewer: Viewer, pk: uuid.UUID, lock: bool = False) -> RequestFacts:
    """Return one request of this person's, or that they asked for."""
    rows = DataRequest.objects.select_for_update() if lock else DataRequest.objects
    row = rows.filter(pk=pk).values_list(*_FACTS).first()
    found = RequestFacts(*row) if row else None
    if found is None or viewer.account_id not in {found.account_id, found.asked_by_id}:
        raise NotFoundHere(
            "There is no such request. Copies are kept for 14 days.", suggestions=(Suggestion("Your data", "/account/my-data/"),)
        )
    return found


def running(*, about: Subject, kind: str) -> RequestFacts | None:
    """Return the request of this kind that is under way for a person, if one is and the viewer may see it."""
    rows = DataRequest.objects.filter(kind=kind, state__in=OPEN if kind == COPY else ("waiting",))
    mine = rows.filter(about_id=about.account_id) if about.account_id else rows.filter(about_id=None, person_id=about.person_id)
    row = mine.values_list(*_FACTS).first()
    return RequestFacts(*row) if row else None


def change(pk: uuid.UUID, **facts: Any) -> None:
    """Write down how far a request is."""
    DataRequest.objects.filter(pk=pk).update(**facts)


def due(*, at: datetime) -> tuple[RequestFacts, ...]:
    """Return the erasures whose wait is over; only the house's own account sees those of others."""
    rows = DataRequest.objects.select_for_update(skip_locked=True).filter(kind=ERASE, state="waiting", due_at__lte=at)
    return tuple(RequestFacts(*row) for row in rows.order_by("due_at").values_list(*_FACTS)[:100])


def rows_of(asked: RequestFacts, table: str) -> list[dict[str, Any]]:
    """Return one table's rows about the person of a request; the database looks that the request is theirs."""
    question, facts = "SELECT * FROM access_held(%s::uuid, %s)", [str(asked.pk), table]
    if asked.about_id is None:
        question, facts = "SELECT * FROM access_held_seen(%s, %s::bigint)", [table, str(asked.person_id)]
    with connection.cursor() as cursor:
        cursor.execute(question, facts)
        return [row if isinstance(row, dict) else json.loads(row) for (row,) in cursor.fetchall()]


def counts(pk: uuid.UUID) -> dict[str, int]:
    """Return how many rows each table holds about the person of an erasure."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, rows FROM access_held_counts(%s)", [pk])
        return dict(cursor.fetchall())


def erase(pk: uuid.UUID, *, at: datetime) -> dict[str, int]:
    """Carry out an erasure that is due, and return how many rows went, by table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, removed FROM access_erase(%s, %s)", [pk, at])
        return dict(cursor.fetchall())


def clear(code: str, *, before: datetime) -> int:
    """Remove what a schedule says is due, and return how much that was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_clear(%s, %s)", [code, before])
        return int(cursor.fetchone()[0])


def add_part(asked: RequestFacts, *, kind: str, number: int, content: bytes) -> None:
    """Keep what one room told, or a stretch of the archive."""
    DataPart.objects.create(request_id=asked.pk, account_id=asked.account_id, kind=kind, number=number, content=content)


def parts(asked: RequestFacts, *, kind: str) -> Iterator[bytes]:
    """Read what was kept, one part at a time."""
    rows = DataPart.objects.filter(request_id=asked.pk, kind=kind).order_by("number")
    for content in rows.values_list("content", flat=True).iterator(chunk_size=1):
        yield bytes(content)


def forget_parts(asked: RequestFacts, *, kind: str) -> None:
    """Forget what is joined into the archive already."""
    DataPart.objects.filter(request_id=asked.pk, kind=kind).delete()


def stretches(whole: bytes) -> Sequence[bytes]:
    """Cut an archive into parts: a statement with all of it would take ten times as much memory."""
    return [whole[at : at + PART] for at in range(0, len(whole), PART)] or [b""]


def kind_of_account(account_id: int | None) -> str:
    """Say whether an account is somebody's, made up, or of the house."""
    row = Account.objects.filter(pk=account_id or 0).values_list("is_demo", "is_system").first()
    return "" if row is None else "house" if row[1] else "made up" if row[0] else "real"


def username_of(account_id: int | None) -> str:
    """Return the sign-in name of an account."""
    return Account.objects.filter(pk=account_id or 0).values_list("username", flat=True).first() or ""


def end_sessions(account_id: int | None, *, at: datetime) -> int:
    """End every session of an account, also those that no list of browsers knows; return how many."""
    from django.contrib.sessions.models import Session

    ended = 0
    for session in Session.objects.filter(expire_date__gt=at).iterator(chunk_size=500):
        if account_id and session.get_decoded().get("_auth_user_id") == str(account_id):
            session.delete()
            ended += 1
    return ended
