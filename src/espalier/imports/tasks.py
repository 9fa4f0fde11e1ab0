"""Jobs of this room: the work on larger files, and forgetting old ones."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from espalier.imports import actions
from espalier.imports.models import Upload
from espalier.imports.progress import telling
from espalier.jobs.queue import job

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer


@job(actions.WORK)
def work_on(*, viewer: Viewer, upload: str) -> None:
    """Do the step that waits for a file. Run twice, the second run finds nothing to do."""
    given = Upload.objects.filter(pk=UUID(upload)).first()
    if given is None:
        return
    with telling(given, clock=timezone.now) as tell:  # noqa: TID251  a job is where time enters
        actions.go_on(actor=viewer, at=timezone.now(), pk=given.pk, tell=tell)  # noqa: TID251


@app.periodic(cron="17 3 * * *", task_kwargs={"account_id": None})
@job("imports.forget")
def forget_old(*, viewer: Viewer, timestamp: int) -> None:
    """Forget old files, every night."""
    del timestamp
    actions.forget_old(actor=viewer, at=timezone.now())  # noqa: TID251
