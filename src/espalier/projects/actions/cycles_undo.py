"""Take back a change of a test, a task or a measure, where nobody has changed it since."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.actions.cycles_checked import stays_foreseen
from espalier.projects.actions.keeping import keep
from espalier.projects.actions.measuring import changing
from espalier.projects.models import Counted, Cycle, Edit, Node, Task
from espalier.projects.rules.cycles import AFTER

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer

DAYS = ("starts_on", "ends_on", "decided_on")
HOLDS: dict[str, type[Cycle | Task | Counted]] = {"cycle": Cycle, "task": Task, "counted": Counted}


@transaction.atomic
def take_back(*, actor: Viewer, at: datetime, project: int, edit: UUID | None) -> str:
    """Take back one change, unless it was changed since. Return what it was about: cycle, task, counted, or begun (a whole test)."""
    changing(actor=actor, project=project)
    found = Edit.objects.filter(pk=edit, project_id=project, kind__in=HOLDS).first() if edit else None
    if found is None:
        raise NotFoundHere("There is nothing like that to take back.")
    # Two who take it back, or change it, at once go one after the other; the row of the thing, as all who change it do.
    HOLDS[found.kind].objects.select_for_update().filter(pk=found.object_id).first()
    same = Edit.objects.filter(project_id=project, kind=found.kind, object_id=found.object_id).order_by("-at")
    if same.values_list("pk", flat=True).first() != found.pk:
        raise UnableTo("This was changed again since, so it stays as it is.", to_do="Look at how it stands now.", code="changed-since")
    if found.what == "undo" or (found.before is None and found.what != "begin"):
        return found.kind  # it was taken back already, or there was nothing before
    {"cycle": _cycle, "task": _task, "counted": _counted}[found.kind](found, at)
    keep(
        actor=actor, at=at, project_id=project, kind=found.kind, object_id=found.object_id, what="undo", before=found.after,
        after=found.before,
    )  # fmt: skip
    return "begun" if found.what == "begin" else found.kind


def _cycle(found: Edit, at: datetime) -> None:
    if found.what == "begin":
        tasks = Task.objects.filter(cycle_id=found.object_id, removed_at=None)
        if tasks.exists() or Cycle.objects.filter(follows_id=found.object_id).exists():
            raise UnableTo("Something hangs on this test already.", to_do="Abandon it instead: it then says why.", code="in-use")
        Cycle.objects.filter(pk=found.object_id).delete()
        return
    values = {name: _day(name, value) for name, value in (found.before or {}).items()}
    stays_foreseen(Cycle.objects.get(pk=found.object_id), values, today=timezone.localdate(at))
    Cycle.objects.filter(pk=found.object_id).update(**values, version=F("version") + 1, changed_at=at)
    if "decision" in values:  # where another decision stood before, the idea is again what that one made of it
        idea, state = Cycle.objects.filter(pk=found.object_id).values("idea_id"), AFTER.get(values["decision"], "testing")
        Node.objects.filter(pk__in=idea).exclude(state=state).update(state=state, version=F("version") + 1, changed_at=at)


def _day(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in DAYS and value else value


def _task(found: Edit, at: datetime) -> None:
    before = found.before or {}
    if "removed" in before:
        Task.objects.filter(pk=found.object_id).update(removed_at=at if before["removed"] else None)
    else:
        Task.objects.filter(pk=found.object_id).update(done_at=at if before["done"] else None)


def _counted(found: Edit, at: datetime) -> None:
    before = found.before or {}
    if "removed" in before:
        Counted.objects.filter(pk=found.object_id).update(removed_at=at if before["removed"] else None)
    else:
        Counted.objects.filter(pk=found.object_id).update(**before)
