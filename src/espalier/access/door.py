"""The one door to the database: one transaction that knows who is looking.

Row-level security reads `app.viewer`. It is set for one transaction only (`set_config(…, true)`): set for the session, it
would go back to the pool and the next person would see this one's rows.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.http import StreamingHttpResponse

from espalier.access import registry
from espalier.access.emergencies import read_at, without_emergency
from espalier.access.models import Account
from espalier.access.viewer import VISITOR, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SET_VIEWER = "SELECT set_config('app.viewer', %s, true), set_config('app.within', %s, true), set_config('app.emergency', %s, true)"


def look_as(viewer: Viewer) -> None:
    """Say who is looking for the rest of the open transaction; outside one it would be forgotten, so that is an error."""
    if not connection.in_atomic_block:
        raise RuntimeError("look_as() needs an open transaction. Use acting_as(viewer).")
    with connection.cursor() as cursor:
        cursor.execute(SET_VIEWER, [str(viewer.account_id or ""), str(viewer.within or ""), "on" if read_at(viewer) else ""])


@contextlib.contextmanager
def acting_as(viewer: Viewer) -> Iterator[Viewer]:
    """Open the door: a transaction in which the database shows what this viewer may see.

    Leaving it gives the outer viewer back, so a job inside a request cannot widen what the request sees.
    """
    before = _now_looking() if connection.in_atomic_block else None
    with transaction.atomic():
        look_as(viewer)
        yield viewer
        if before is not None:
            with connection.cursor() as cursor:
                cursor.execute(SET_VIEWER, before)


def _now_looking() -> tuple[str, ...]:
    names = ("app.viewer", "app.within", "app.emergency")
    asked = ", ".join("coalesce(current_setting(%s, true), '')" for _ in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", names)
        return tuple(str(value) for value in cursor.fetchone())


def stream_as(viewer: Viewer, rows: Callable[[], Iterable[bytes]], **response: Any) -> StreamingHttpResponse:
    """Return a streaming response that opens its own door: the request's is shut before the first byte leaves.

    rows is a function, not an iterator, so that nothing can be read before the door is open.
    """

    def body() -> Iterator[bytes]:
        with acting_as(viewer):
            yield from rows()

    return StreamingHttpResponse(body(), **response)


@contextlib.contextmanager
def door_of_account(account_id: int | None) -> Iterator[Viewer]:
    """Open the door for an account by its number, as jobs do: who may see what is looked up when the job runs.

    What was asked for was asked by somebody who had signed in as strongly as it needs, so the job is as strong.
    """
    account = Account.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    with acting_as(replace(without_emergency(registry.viewer_of(account)), is_strong=account is not None)) as viewer:
        yield viewer


__all__ = ["VISITOR", "acting_as", "door_of_account", "look_as", "stream_as"]
