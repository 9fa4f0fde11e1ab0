"""Whether anything works through the queue."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from datetime import datetime

SILENT = timedelta(seconds=60)


def somebody_works(*, at: datetime) -> bool:
    """Whether a worker has said within the last minute that it lives; without one, jobs wait and pages say so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        last = cursor.fetchone()[0]
    return last is not None and at - last < SILENT
