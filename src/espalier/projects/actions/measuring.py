"""What a project measures: chosen, kept by two people, taken out and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.measures import queries as measures
from espalier.projects.actions.keeping import keep
from espalier.projects.models import Counted
from espalier.projects.queries.projects import project as read_project

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.projects import ProjectFacts

KINDS = ("outcome", "process", "balancing")


def changing(*, actor: Viewer, project: int) -> ProjectFacts:
    """Return the project, or refuse whoever may not change what is in it."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    return found


@transaction.atomic
def choose_measure(*, actor: Viewer, at: datetime, project: int, measure: str, unit: UnitFacts, kind: str) -> int:
    """Take a measure at a place into a project; one that was taken out before is put back with its people. Returns its number."""
    changing(actor=actor, project=project)
    what = measures.definition(viewer=actor, code=measure)
    kind = kind if kind in KINDS else "process"
    standing = Counted.objects.select_for_update().filter(project_id=project, measure_code=what.code, unit_id=unit.pk).first()
    if standing and standing.removed_at is None:
        return standing.pk
    if standing:
        Counted.objects.filter(pk=standing.pk).update(removed_at=None, kind=kind)
    else:
        last = Counted.objects.filter(project_id=project).order_by("-rank").values_list("rank", flat=True).first()
        standing = Counted.objects.create(
            project_id=project, measure_code=what.code, unit_id=unit.pk, kind=kind, rank=(last or 0) + 1, added_at=at
        )
    keep(actor=actor, at=at, project_id=project, kind="counted", object_id=standing.pk, what="add", before={"removed": True},
         after={"removed": False, "measure": what.code, "kind": kind})  # fmt: skip
    return standing.pk


@transaction.atomic
def change_measure(
    *, actor: Viewer, at: datetime, project: int, counted: int, kind: str, keeper_id: int | None, second_id: int | None
) -> None:
    """Say what a measure is for, who keeps its figures and who does it when that person is away: two people of the project."""
    found = changing(actor=actor, project=project)
    standing = _standing(project, counted)
    team = {one.account_id for one in found.members}
    if {keeper_id, second_id} - {None} - team:
        raise UnableTo("Only people of the project can keep its figures.", to_do="Take them into the team first.", code="keeper")
    if keeper_id is not None and keeper_id == second_id:
        raise UnableTo("Both are the same person.", to_do="Choose somebody else for when the first one is away.", code="second")
    before = {"kind": standing.kind, "keeper_id": standing.keeper_id, "second_id": standing.second_id}
    after = {"kind": kind if kind in KINDS else standing.kind, "keeper_id": keeper_id, "second_id": second_id}
    if before == after:
        return
    Counted.objects.filter(pk=counted).update(**after)
    keep(actor=actor, at=at, project_id=project, kind="counted", object_id=counted, what="change", before=before, after=after)


@transaction.atomic
def remove_measure(*, actor: Viewer, at: datetime, project: int, counted: int) -> None:
    """Take a measure out of a project. Its figures stay where they are, and tests that predicted it still say so."""
    changing(actor=actor, project=project)
    _standing(project, counted)
    Counted.objects.filter(pk=counted).update(removed_at=at)
    keep(actor=actor, at=at, project_id=project, kind="counted", object_id=counted, what="remove", before={"removed": False},
         after={"removed": True})  # fmt: skip


def _standing(project: int, counted: int) -> Counted:
    found = Counted.objects.select_for_update().filter(pk=counted, project_id=project, removed_at=None).first()
    if found is None:
        raise NotFoundHere("This project does not have that measure any more.")
    return found
