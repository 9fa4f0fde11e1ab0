"""Projects: begun, opened to others, people taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from espalier.common.errors import UnableTo
from espalier.projects import permissions
from espalier.projects.actions.keeping import keep
from espalier.projects.models import Member, PartnerRole, Project
from espalier.projects.models.projects import OPEN_TO, ROLES
from espalier.projects.queries.projects import project as read_project

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.projects import ProjectFacts
    from espalier.projects.rules.aims import Aim

LAST = "A project needs somebody who leads it."
NAME_ANOTHER = "Name another leader first, or stop the project."


@transaction.atomic
def begin_project(*, actor: Viewer, at: datetime, unit: UnitFacts, title: str, aim: Aim) -> int:
    """Begin a project at a place; who begins it leads it, and nobody else sees it until they open it. Returns its number."""
    if not (decision := permissions.may_start(viewer=actor, unit_id=unit.pk, name=unit.name)):
        raise PermissionDenied(decision.reason)
    if not (title := " ".join(title.split())):
        raise UnableTo("A project needs a name.", to_do="Say in a few words what you want to make better.")
    begun = Project.objects.create(
        unit_id=unit.pk, title=title[:200], aim_what=aim.what, aim_from=aim.start, aim_to=aim.goal, aim_unit=aim.unit, aim_by=aim.by,
        aim_for=aim.for_whom, begun_at=at, begun_by_id=actor.account_id, changed_at=at,
    )  # fmt: skip
    Member.objects.create(project=begun, account_id=actor.account_id or 0, role="leader", since=at)
    keep(actor=actor, at=at, project_id=begun.pk, kind="project", object_id=begun.pk, what="begin", after={"title": begun.title})
    return begun.pk


@transaction.atomic
def add_member(*, actor: Viewer, at: datetime, project: int, account_id: int, role: str) -> None:
    """Take somebody in, or give them another part: a partner keeps theirs, and so does the last leader."""
    Project.objects.select_for_update().filter(pk=project).first()  # two who change the team at once look one after the other
    found = read_project(viewer=actor, pk=project)
    if not found.may_arrange:
        raise PermissionDenied(found.may_arrange.reason)
    if role not in ROLES:
        raise UnableTo("There is no such part in a project.", to_do="Choose one from the list.")
    standing = Member.objects.filter(project_id=project, account_id=account_id, until=None).first()
    if standing and standing.role != role:
        refuse_to_lose(found, standing)
    if standing:
        Member.objects.filter(pk=standing.pk).update(role=role)
        before = {"role": standing.role}
    else:
        before = None
        standing = Member.objects.create(project_id=project, account_id=account_id, role=role, since=at, added_by_id=actor.account_id)
    if role == "partner":  # who had stopped begins anew
        PartnerRole.objects.filter(project_id=project, account_id=account_id).update(stopped_at=None)
    keep(actor=actor, at=at, project_id=project, kind="member", object_id=standing.pk, what="add", before=before, after={"role": role})


def refuse_to_lose(found: ProjectFacts, standing: Member) -> None:
    """Refuse to change a part that must stay: a partner's, whose yes and money hang on it, and the last leader's."""
    if standing.role == "partner":
        what = "A patient or carer partner keeps that part."
        raise UnableTo(what, to_do="They may stop at any time; then take them in anew.", code="partner")
    if [one.account_id for one in found.members if one.role == "leader"] == [standing.account_id]:
        raise UnableTo(LAST, to_do=NAME_ANOTHER, code="last-leader")


@transaction.atomic
def open_to(*, actor: Viewer, at: datetime, project: int, whom: str) -> None:
    """Say who may read the project: its team, its organisation, or everybody."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_arrange:
        raise PermissionDenied(found.may_arrange.reason)
    if whom not in OPEN_TO:
        raise UnableTo("A project is open to its team, its organisation or everybody.", to_do="Choose one from the list.")
    Project.objects.filter(pk=project).update(open_to=whom)
    keep(
        actor=actor, at=at, project_id=project, kind="project", object_id=project, what="share",
        before={"open_to": found.open_to}, after={"open_to": whom},
    )  # fmt: skip
