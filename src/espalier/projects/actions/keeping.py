"""Write down what was changed in a project: for whoever wants to see it, take it back, or know whether the project moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from espalier.audit.recording import record
from espalier.projects.actions.evidence import weigh
from espalier.projects.models import Edit, Project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from espalier.access.viewer import Viewer


def keep(
    *,
    actor: Viewer,
    at: datetime,
    project_id: int,
    kind: str,
    object_id: int,
    what: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Keep one change of one thing in a project, move the project's day of last change, record it in the log, and weigh the record anew.

    before and after hold plain values (JSON), of the fields that changed only; call it inside the transaction of the change.
    Where somebody's part ends by it (object_id), it is kept while they are still in, and weighed as if they had gone: who has
    left may write nothing here any more.
    """
    Edit.objects.create(
        project_id=project_id, kind=kind, object_id=object_id, what=what, before=before, after=after, account_id=actor.account_id, at=at
    )
    Project.objects.filter(pk=project_id).update(changed_at=at, version=F("version") + 1)
    record(
        actor=actor, verb=what, object_kind=kind, object_id=str(object_id), at=at, detail={"project": project_id},
        before=before, after=after,
    )  # fmt: skip
    ends = (kind == "member" and not after) or (kind, what) == ("partner", "stop")
    weigh(viewer=actor, project_id=project_id, without=object_id if ends else 0)


def log(
    *, actor: Viewer, at: datetime, kind: str, object_id: int, what: str, before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None, project_id: int | None = None,
) -> None:  # fmt: skip
    """Write down what is no change of a project: of a programme, of the list of coaches, or done by who takes no part in it."""
    detail = {"project": project_id} if project_id else None
    record(actor=actor, verb=what, object_kind=kind, object_id=str(object_id), at=at, detail=detail, before=before, after=after)
