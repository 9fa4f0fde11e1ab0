"""Sums of shared figures, stored as series of the unit above; how they are made stands in the database (0050_sharing)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from procrastinate.contrib.django import app

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.audit.recording import record
from espalier.measures.models import Measure, SumDue
from espalier.measures.rules import SHARED

if TYPE_CHECKING:
    from collections.abc import Collection

    from espalier.access.viewer import Viewer


@transaction.atomic
def roll_up_shared(*, actor: Viewer, at: datetime, measures: Collection[int] | None = None) -> int:
    """Store the sums of shared measures anew and return how many periods they have; None takes all of them.

    It runs with the rights of the house, because no person may see all the parts; what it may read is what units have
    agreed to on that day. Run twice it changes nothing.
    """
    wanted = Measure.objects.filter(definition__scope=SHARED)
    if measures is not None:
        wanted = wanted.filter(pk__in=measures)
    stored = 0
    for pk, code in wanted.order_by("pk").values_list("pk", "code"):
        SumDue.objects.filter(pk=pk).delete()  # first: figures that change from here on make it due again
        with connection.cursor() as cursor:
            cursor.execute("SELECT measures_roll_up_everywhere(%s)", [pk])
            stored += int(cursor.fetchone()[0])
        record(actor=actor, verb="roll-up", object_kind="measure", object_id=code, at=at)
    return stored


@app.periodic(cron="* * * * *")
@app.task(name="measures.roll-up-due", queueing_lock="measures.roll-up-due")
def roll_up_due(timestamp: int) -> None:
    """Each minute: the measures whose figures have changed. A month of typing in one minute is one sum."""
    with acting_as(system_viewer()) as viewer:
        if due := list(SumDue.objects.values_list("pk", flat=True)):
            roll_up_shared(actor=viewer, at=datetime.fromtimestamp(timestamp, UTC), measures=due)


@app.periodic(cron="40 2 * * *")
@app.task(name="measures.roll-up-all", queueing_lock="measures.roll-up-all")
def roll_up_every_night(timestamp: int) -> None:
    """Each night: all of them, for agreements that begin or end by the calendar and units that have moved."""
    with acting_as(system_viewer()) as viewer:
        roll_up_shared(actor=viewer, at=datetime.fromtimestamp(timestamp, UTC))
