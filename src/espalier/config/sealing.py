"""The jobs that seal the log, hand its head out once a day, and forget network addresses. They act as the house itself."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.audit import heads, sealing
from espalier.audit.middleware import forget_addresses
from espalier.jobs.queue import schedule

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

log = logging.getLogger(__name__)


@schedule("audit.seal", cron="* * * * *")
def seal_each_minute(*, viewer: Viewer, at: datetime) -> None:
    """Seal what was committed since the minute before, and all that came late."""
    del viewer
    with acting_as(system_viewer()):
        sealing.seal_all(at=at)


@schedule("audit.head", cron="5 3 * * *")
def hand_out_head(*, viewer: Viewer, at: datetime) -> None:
    """Put the head where nobody who can change the database can change it: a folder, an address, or both."""
    del viewer
    with acting_as(system_viewer()):
        forget_addresses(at=at)
        text = heads.written(sealing.head(), settings.AUDIT_KEY)
    name = f"espalier-audit-head-{at:%Y-%m-%d}.json"
    if settings.AUDIT_FOLDER:
        _keep(Path(settings.AUDIT_FOLDER) / name, text)
    if settings.AUDIT_MAIL:
        words = f"Where the log of Espalier stands on {at:%d %B %Y}.\nKeep this: it shows if what came before is cut off or replaced.\n"
        send_mail(f"Espalier: head of the log, {at:%Y-%m-%d}", f"{words}\n{text}", None, [settings.AUDIT_MAIL])


def _keep(path: Path, text: str) -> None:
    """Write the file once: an earlier head of the same day is never written over."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        log.info("%s is there already", path.name)
