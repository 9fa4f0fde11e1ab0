"""How far a job has come, told while it is still running.

The job is one transaction, so that a killed worker leaves nothing half done; what it wrote cannot be seen before it ends.
How far it has come is therefore written through a second connection.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Protocol

from django.db import connection

from espalier.access.door import SET_VIEWER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.db.backends.base.base import BaseDatabaseWrapper

    from espalier.imports.models import Upload

EVERY_SECONDS = 0.7
SAID = (
    "INSERT INTO imports_progress (upload_id, account_id, owner_id, step, done, total, at) VALUES (%s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (upload_id) DO UPDATE SET step = excluded.step, done = excluded.done, total = excluded.total, at = excluded.at"
)


class Tell(Protocol):
    """Hears which step the work is at, and how much of it is done."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note."""
        ...


def quiet(step: str, done: int, total: int) -> None:
    """Tell nobody: for files small enough to be done while the page waits."""
    del step, done, total


@contextlib.contextmanager
def telling(upload: Upload, *, clock: Callable[[], datetime]) -> Iterator[Tell]:
    """Return a function that says how far the work has come, at most every so often."""
    beside: BaseDatabaseWrapper = connection.copy()
    last: dict[str, object] = {"at": 0.0, "step": ""}

    def tell(step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step == last["step"] and done < total and now - float(str(last["at"])) < EVERY_SECONDS:
            return
        last.update(at=now, step=step)
        with beside.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(SET_VIEWER, [str(upload.account_id), "", ""])
            cursor.execute(SAID, [upload.pk, upload.account_id, upload.owner_id, step, done, total, clock()])
            cursor.execute("COMMIT")

    try:
        yield tell
    finally:
        beside.close()
