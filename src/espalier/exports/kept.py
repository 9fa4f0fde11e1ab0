"""When the last backup was made: a fact that others may ask for, without the table it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.exports.models import Backup

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup."""

    at: datetime
    rows: int
    size: int
    seconds: int


def last_backup() -> LastBackup | None:
    """Return the newest backup, or None where none was ever made."""
    newest = Backup.objects.order_by("-at").first()
    return LastBackup(newest.at, newest.rows, newest.size, newest.seconds) if newest else None
