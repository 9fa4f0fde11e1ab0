"""How a project stands, and how far its team says it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from espalier.common.errors import UnableTo
from espalier.projects.actions.keeping import keep
from espalier.projects.models import Project
from espalier.projects.queries.aiming import plain_values
from espalier.projects.queries.projects import project as read_project
from espalier.projects.rules.evidence import on_the_scale
from espalier.projects.rules.standing import NEEDS_REASON, OVER, may_become

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer


@transaction.atomic
def move_project(*, actor: Viewer, at: datetime, project: int, to: str, why: str = "") -> None:
    """Say that a project is tested in, is kept going, has finished, was stopped, or starts again. Stopping needs a reason."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_arrange:
        raise PermissionDenied(found.may_arrange.reason)
    if not may_become(found.state, to):
        raise UnableTo("The project stands differently now.", to_do="Open its page again and look at what it says.", code="state")
    why = " ".join(why.split())[:300]
    if to in NEEDS_REASON and not why:
        raise UnableTo("Say why you stop.", to_do="One sentence helps the next team that thinks of trying the same.", code="why")
    after = {"state": to, "why_stopped": why if to in OVER else "", "ended_on": timezone.localdate(at) if to in OVER else None}
    before = {name: getattr(found, name) for name in after}
    Project.objects.filter(pk=project).update(**after)
    keep(
        actor=actor, at=at, project_id=project, kind="project", object_id=project, what="move",
        before=plain_values(before), after=plain_values(after),
    )  # fmt: skip


@transaction.atomic
def say_progress(*, actor: Viewer, at: datetime, project: int, said: float | None, why: str = "") -> None:
    """Store how far the team says it is (None takes it back), beside what the record supports and never in place of it."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    if said is not None and not on_the_scale(said):
        raise UnableTo("Progress goes from 0.5 to 5 in steps of a half.", to_do="Choose one from the list.")
    after = {"said": said, "said_why": " ".join(why.split())[:300] if said is not None else ""}
    Project.objects.filter(pk=project).update(**after, said_at=at)
    keep(
        actor=actor, at=at, project_id=project, kind="project", object_id=project, what="say",
        before={"said": found.said, "said_why": found.said_why}, after=after,
    )  # fmt: skip
