"""Take back the newest change of a project's aim, state, readers, people or places. Each package takes back its own things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from espalier.common.errors import UnableTo
from espalier.organisations import queries as organisations
from espalier.projects.actions.keeping import keep
from espalier.projects.actions.team import refuse_while_asked
from espalier.projects.models import Member, Place, Project
from espalier.projects.queries.aiming import read_values
from espalier.projects.queries.overview import last_change
from espalier.projects.queries.projects import project as read_project

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.projects.models import Edit
    from espalier.projects.queries.projects import ProjectFacts

ARRANGING = frozenset({"move", "share"})  # done, and taken back, by who leads or looks after it


@transaction.atomic
def undo_in_project(*, actor: Viewer, at: datetime, project: int, edit: UUID) -> None:
    """Put back what the newest change replaced; when somebody has changed it since, nothing is done."""
    Project.objects.select_for_update().filter(pk=project).first()
    found = read_project(viewer=actor, pk=project)
    newest = last_change(viewer=actor, pk=project)
    if newest is None or newest.pk != edit:
        raise UnableTo("This is no longer the newest change.", to_do="Open the project again and look at what it says now.", code="newer")
    may = _whose(found, newest)
    if not may:
        raise PermissionDenied(may.reason)
    if newest.kind == "project":
        Project.objects.filter(pk=project).update(**read_values(newest.before or {}))
    if newest.kind == "place":
        _place(actor, project, newest)
    goes = newest.object_id if newest.kind == "member" and newest.what == "add" and not newest.before else 0
    if goes and (gone := Member.objects.get(pk=goes)).account_id != actor.account_id:
        refuse_while_asked(found, gone)
    if newest.kind == "member" and not goes:
        _people(newest)
    keep(
        actor=actor, at=at, project_id=project, kind=newest.kind, object_id=newest.object_id, what="undo",
        before=newest.after, after=newest.before,
    )  # fmt: skip
    if goes:  # last: somebody may take out themselves by it, and may then write nothing here any more
        Member.objects.filter(pk=goes).update(until=Greatest(F("since"), Value(at)))
    if newest.kind == "member" and any(one.role == "leader" for one in found.members):
        _needs_a_leader(project)  # one from a register may have none yet, and its people change all the same


def _whose(found: ProjectFacts, newest: Edit) -> Decision:
    """Say who may take a change back: whoever may make it."""
    if newest.kind == "member" or (newest.kind == "project" and newest.what in ARRANGING):
        return found.may_arrange
    return found.may_change if newest.kind == "project" else found.may_lead


def _people(newest: Edit) -> None:
    """Put people back as they were before a change of the team; whoever came by it goes last."""
    before = newest.before or {}
    if newest.what == "hand-over":
        for pk, role in before.items():
            Member.objects.filter(pk=int(pk)).update(role=role)
    elif newest.what == "leave":
        Member.objects.filter(pk=newest.object_id).update(until=None)
    elif before:
        Member.objects.filter(pk=newest.object_id).update(role=before["role"])


def _place(actor: Viewer, project: int, newest: Edit) -> None:
    """Take away what was named, or name again what was taken away."""
    if newest.before:
        there = organisations.unit(viewer=actor, code=newest.before["code"])
        Place.objects.get_or_create(project_id=project, unit_id=there.pk)
    else:
        Place.objects.filter(pk=newest.object_id).delete()


def _needs_a_leader(project: int) -> None:
    if not Member.objects.filter(project_id=project, until=None, role="leader").exists():
        raise UnableTo("A project needs somebody who leads it.", to_do="Name another leader first.", code="last-leader")
