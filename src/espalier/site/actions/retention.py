"""Retention schedules carried out: what is due goes, and how much that was is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from espalier.access import clearing, copies
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.audit.recording import record
from espalier.jobs.queue import schedule
from espalier.organisations.actions import remind_of_complaints

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer


@transaction.atomic
def clear_what_is_due(*, actor: Viewer, at: datetime) -> dict[str, int]:
    """Remove everything whose time is over, schedule by schedule, and return how much went of each."""
    removed = {}
    for one in clearing.schedules():
        before = one.before(at)
        removed[one.code] = copies.clear(one.code, before=before)
        if removed[one.code]:
            clearing.note(at=at, code=one.code, before=before, removed=removed[one.code])
    clearing.note(at=at, code=clearing.RUN, before=at, removed=sum(removed.values()))
    detail = {code: number for code, number in removed.items() if number}
    record(actor=actor, verb="clear-away", object_kind="schedules", object_id="retention", at=at, detail=detail)
    return removed


@schedule("site.clear-what-is-due", cron="20 2 * * *")
def clear_daily(*, viewer: Viewer, at: datetime) -> None:
    """Carry the schedules out, every night, as the house."""
    del viewer
    with acting_as(system_viewer()) as house:
        clear_what_is_due(actor=house, at=at)


@schedule("site.remind-of-complaints", cron="10 7 * * *")
def remind_daily(*, viewer: Viewer, at: datetime) -> None:
    """Write about complaints that are 20 days old, every morning, as the house."""
    del viewer
    with acting_as(system_viewer()) as house:
        remind_of_complaints(actor=house, at=at)
