"""What stands on the page about leaving and backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from espalier.access.deciding import anywhere
from espalier.exports.kept import LastBackup, last_backup

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer

OLD = timedelta(hours=26)  # a nightly backup, and two hours for a slow night


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """When the last backup was made, whether that is too long ago, and on what it runs."""

    decision: Decision
    last: LastBackup | None
    is_old: bool
    embedded: bool


def leaving_page(*, viewer: Viewer, at: datetime) -> LeavingPage:
    """Return the facts of the page, or why this viewer gets none."""
    decision = anywhere(viewer=viewer, do="backups.see")
    last = last_backup() if decision else None
    return LeavingPage(decision, last, is_old=last is None or at - last.at > OLD, embedded=settings.EMBEDDED)
