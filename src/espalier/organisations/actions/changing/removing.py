"""Delete a place that was a mistake: only an empty one, only after a wait, and until then it can be brought back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from procrastinate.contrib.django import app

from espalier.access.actions import refuse_unless_house, system_viewer
from espalier.access.door import acting_as
from espalier.audit.recording import record
from espalier.organisations.actions.changing.doing import delete_units
from espalier.organisations.actions.changing.working import name_as_of, one_at_a_time
from espalier.organisations.actions.places import rebuild_below
from espalier.organisations.models import Removal
from espalier.organisations.queries import may_look_after, what_keeps
from espalier.organisations.rules import UnableToChange

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

REMOVE, WAIT = "records.remove", timedelta(days=30)


@transaction.atomic
def ask_removal(*, actor: Viewer, at: datetime, unit: UnitFacts, why: str) -> None:
    """Ask that an empty place be deleted for good in 30 days. Asked twice, the first day stands."""
    _refuse_unless_allowed(actor, unit, at)
    one_at_a_time()
    if keeps := what_keeps(viewer=actor, unit_id=unit.pk):
        raise UnableToChange(f"{unit.name} cannot be deleted: {keeps}.", to_do="Close it instead: then its past stays.", code="not-empty")
    due = at.date() + WAIT
    facts = {"why": why[:300], "due_on": due, "asked_at": at, "asked_by_id": actor.account_id}
    _, new = Removal.objects.get_or_create(unit_id=unit.pk, defaults=facts)
    if new:
        detail = {"due_on": due.isoformat(), "why": why[:300]}
        record(actor=actor, verb="ask-removal", object_kind="unit", object_id=unit.code, at=at, detail=detail)


@transaction.atomic
def keep_place(*, actor: Viewer, at: datetime, unit: UnitFacts) -> None:
    """Bring a place back that waits to be deleted. Done twice, nothing happens the second time."""
    _refuse_unless_allowed(actor, unit, at)
    if Removal.objects.filter(unit_id=unit.pk).delete()[0]:
        record(actor=actor, verb="keep", object_kind="unit", object_id=unit.code, at=at)


def _refuse_unless_allowed(actor: Viewer, unit: UnitFacts, at: datetime) -> None:
    decision = may_look_after(viewer=actor, unit=unit, today=at.date(), do=REMOVE)
    if not decision:
        raise UnableToChange(decision.reason, code="not-allowed")


@transaction.atomic
def new_day(*, actor: Viewer, at: datetime) -> int:
    """What the calendar does: names and places that hold from today, and deletions whose wait is over; returns how many of those.

    A place into which something was put during the wait is kept: nobody's work is lost to a date. Run twice on one day
    it does nothing the second time but make the closure anew.
    """
    refuse_unless_house(actor)
    one_at_a_time()
    named = name_as_of(at.date())
    gone, kept = [], []
    for pk, code in Removal.objects.filter(due_on__lte=at.date()).order_by("pk").values_list("pk", "unit__code"):
        if what_keeps(viewer=actor, unit_id=pk):
            kept.append(code)
            Removal.objects.filter(pk=pk).delete()
        else:
            delete_units([pk])
            gone.append(code)
    rebuild_below()
    detail = {"named": named, "removed": gone, "kept": kept}
    record(actor=actor, verb="new-day", object_kind="units", object_id="tree", at=at, detail=detail)
    return len(gone)


@app.periodic(cron="5 0 * * *")
@app.task(name="organisations.new-day", queueing_lock="organisations.new-day")
def every_night(timestamp: int) -> None:
    """Just after midnight: what was to hold from today holds."""
    with acting_as(system_viewer()) as viewer:
        new_day(actor=viewer, at=datetime.fromtimestamp(timestamp, UTC))
