"""What the record of a project supports, worked out anew."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from procrastinate.contrib.django import app

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.jobs.queue import job
from espalier.projects.models import Counted, Member, Project
from espalier.projects.queries.evidence import WHICH, weighed
from espalier.projects.queries.foreseen import LATE
from espalier.projects.rules.evidence import weigh as weigh_facts

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer


def weigh(*, viewer: Viewer, project_id: int, without: int = 0) -> None:
    """Store what the record supports now; a project in which a test has begun is past planning.

    Called after each change, within its transaction. It is no change of its own: it moves no day and writes no event. Who leaves
    can store nothing a moment later, so it is weighed without them (the number of their part) while they still can.
    """
    found = weighed(viewer=viewer, pk=project_id, without=without)
    score = weigh_facts(found.facts)
    begun = {"state": "active"} if found.state == "planning" and found.facts.run else {}
    kept = asdict(found.facts) | {LATE: found.late, WHICH: found.which}
    Project.objects.filter(pk=project_id).update(supports=score.step, weighed=kept, **begun)


@job("projects.weigh")
def weigh_one(*, viewer: Viewer, project_id: int) -> None:
    """Weigh one project as somebody who leads it: its figures are seen by its own people, and by nobody in between."""
    if Project.objects.filter(pk=project_id).exists():  # it may have been deleted since
        weigh(viewer=viewer, project_id=project_id)


@app.periodic(cron="10 3 * * *")
@app.task(name="projects.weigh-all", queueing_lock="projects.weigh-all")
def weigh_every_night(timestamp: int) -> None:
    """Each night: every project that measures something, because figures come in without anybody touching the project.

    Those that have finished too: whether a change lasts is seen a year later. Only of those that stopped nobody asks.
    """
    del timestamp
    leader = Member.objects.filter(project_id=OuterRef("pk"), role="leader", until=None).order_by("since").values("account_id")[:1]
    with acting_as(system_viewer()):
        going = Project.objects.exclude(state="stopped").filter(pk__in=Counted.objects.values("project_id"))
        for pk, account_id in going.annotate(leader=Subquery(leader)).values_list("pk", "leader"):
            weigh_one.defer(account_id=account_id, project_id=pk)
