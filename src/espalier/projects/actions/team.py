"""People of a project: other parts, leaving, handing over. Taking somebody in is in projects.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.actions.keeping import keep
from espalier.projects.actions.projects import LAST, NAME_ANOTHER, add_member
from espalier.projects.models import Member, Project
from espalier.projects.queries.projects import project as read_project
from espalier.projects.queries.stories import editions_of, last_word
from espalier.projects.rules.stories import ASKED, DECLINES

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts


@transaction.atomic
def leave_project(*, actor: Viewer, at: datetime, project: int, account_id: int) -> None:
    """End somebody's part. Everybody may always leave; others are taken out by who leads. The last leader names another first."""
    Project.objects.select_for_update().filter(pk=project).first()  # two leaders who leave at once: the second stays
    found = read_project(viewer=actor, pk=project)
    if account_id != actor.account_id and not found.may_arrange:
        raise PermissionDenied(found.may_arrange.reason)
    standing = _standing(found, account_id)
    if _is_last_leader(found, account_id):
        raise UnableTo(LAST, to_do=NAME_ANOTHER, code="last-leader")
    if account_id != actor.account_id:
        refuse_while_asked(found, standing)
    # Kept first: who has left may write nothing here any more.
    keep(
        actor=actor, at=at, project_id=project, kind="member", object_id=standing.pk, what="leave",
        before={"role": standing.role}, after=None,
    )  # fmt: skip
    Member.objects.filter(pk=standing.pk).update(until=max(at, standing.since))


@transaction.atomic
def change_part(*, actor: Viewer, at: datetime, project: int, account_id: int, role: str) -> None:
    """Give somebody of the team another part; the last leader keeps theirs until there is another."""
    Project.objects.select_for_update().filter(pk=project).first()  # who leaves at the same moment is not taken in anew
    found = read_project(viewer=actor, pk=project)
    _standing(found, account_id)
    add_member(actor=actor, at=at, project=project, account_id=account_id, role=role)


@transaction.atomic
def hand_over(*, actor: Viewer, at: datetime, project: int, account_id: int) -> None:
    """Let somebody of the team lead; whoever leads now becomes a member and stays."""
    Project.objects.select_for_update().filter(pk=project).first()  # who leaves at the same moment is not handed it
    found = read_project(viewer=actor, pk=project)
    if not found.may_arrange:
        raise PermissionDenied(found.may_arrange.reason)
    to = _standing(found, account_id)
    if to.role == "leader":
        raise UnableTo("They lead the project already.", to_do="Choose somebody else.")
    if to.role == "partner":
        raise UnableTo("A patient or carer partner keeps that part.", to_do="Choose somebody of the staff to lead.")
    leaders = Member.objects.filter(project_id=project, until=None, role="leader")
    before = {str(one.pk): one.role for one in (*leaders, to)}
    leaders.update(role="member")
    Member.objects.filter(pk=to.pk).update(role="leader")
    after = {key: "leader" if key == str(to.pk) else "member" for key in before}
    keep(actor=actor, at=at, project_id=project, kind="member", object_id=to.pk, what="hand-over", before=before, after=after)


def _standing(found: ProjectFacts, account_id: int) -> Member:
    standing = Member.objects.filter(project_id=found.pk, account_id=account_id, until=None).first()
    if standing is None:
        raise NotFoundHere("They take no part in this project.")
    return standing


def refuse_while_asked(found: ProjectFacts, standing: Member) -> None:
    """Refuse to take out a partner who is asked whether everybody may read the story: nobody would wait for their answer any more.

    Where their last word was no, it stands without them.
    """
    asked = standing.role == "partner" and next((one for one in editions_of(found.pk) if one.state == ASKED), None)
    if not asked or last_word(found.pk, standing.account_id) == DECLINES:
        return
    if all(one.account_id != standing.account_id for one in asked.answers):
        what = "They are asked whether everybody may read the story, and have not answered yet."
        raise UnableTo(what, to_do="Wait for their answer, or withdraw the story first.", code="asked")


def _is_last_leader(found: ProjectFacts, account_id: int) -> bool:
    leaders = [one.account_id for one in found.members if one.role == "leader"]
    return leaders == [account_id]
