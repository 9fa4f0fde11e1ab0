"""Store what a register of tests changes, all of it or nothing; and take it back where nobody has worked on it since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone

from espalier.audit.recording import record
from espalier.imports.kinds import Undone
from espalier.projects.actions.evidence import weigh
from espalier.projects.models import Cycle, Edit, Project, Task, TypedCycle
from espalier.projects.queries.aiming import plain_values
from espalier.projects.rules.cycles import next_free, stage
from espalier.projects.rules.typed import TypedTest, columns_of_test, differing, stored, typed_test

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Change

KIND = "typed"  # of an edit, as for projects


def store_tests(*, actor: Viewer, at: datetime, batch: UUID, changes: Sequence[Change]) -> None:
    """Add the tests that are new, in the order of their days, and bring the others up to what their register says now."""
    projects = {change.key[1] for change in changes}
    held = {one.pk: one for one in Project.objects.select_for_update().filter(pk__in=projects).order_by("pk")}  # numbers are given once
    new = [(change.key, TypedTest(*change.new)) for change in changes if change.old is None and change.new is not None]
    _add(actor, at, batch, [one for one in new if one[1].project_id in held])
    for change in changes:
        if change.old is not None and change.new is not None:
            _follow(actor, at, batch, change.key, TypedTest(*change.new))
    _moved(actor, at, projects)
    detail = {"new": len(new), "changed": len(changes) - len(new)}
    record(actor=actor, verb="load", object_kind="tests", object_id=str(batch), at=at, detail=detail)


def _add(actor: Viewer, at: datetime, batch: UUID, new: Sequence[tuple[tuple[Any, ...], TypedTest]]) -> None:
    today, numbers = timezone.localdate(at), _numbers({said.project_id for _, said in new})
    ordered = sorted(new, key=lambda one: (one[1].project_id, one[1].starts_on))
    rows = []
    for _, said in ordered:
        number = next_free(numbers[said.project_id])
        numbers[said.project_id].append(number)
        rows.append(
            Cycle(
                project_id=said.project_id, number=number, typed=True, changed_at=at, state=_stage(columns_of_test(said), today),
                **columns_of_test(said),
            )
        )  # fmt: skip
    made = Cycle.objects.bulk_create(rows)
    TypedCycle.objects.bulk_create(
        TypedCycle(cycle=one, project_id=key[1], mark=key[2], said=stored(said), batch=batch, account_id=actor.account_id, at=at)
        for one, (key, said) in zip(made, ordered, strict=True)
    )
    _edits(actor, at, made, "add", batch)


def _numbers(projects: Iterable[int]) -> dict[int, list[int]]:
    numbers: dict[int, list[int]] = {pk: [] for pk in projects}
    for pk, number in Cycle.objects.filter(project_id__in=numbers).values_list("project_id", "number"):
        numbers[pk].append(number)
    return numbers


def _stage(columns: dict[str, Any], today: date) -> str:
    return stage(starts_on=columns["starts_on"], ends_on=columns["ends_on"], decision=columns["decision"], today=today)


def _follow(actor: Viewer, at: datetime, batch: UUID, key: tuple[Any, ...], new: TypedTest) -> None:
    """Bring one test up to what its register says now. What somebody changed here since stays as they made it."""
    row = TypedCycle.objects.select_for_update(of=("self",)).select_related("cycle").get(project_id=key[1], mark=key[2])
    _apply(actor, at, row.cycle, typed_test(row.said), new, batch)
    left = Cycle.objects.values_list("version", flat=True).get(pk=row.cycle_id)
    TypedCycle.objects.filter(pk=row.pk).update(said=stored(new), before=row.said, batch=batch, at=at, left=left)


def _apply(actor: Viewer, at: datetime, cycle: Cycle, old: TypedTest, new: TypedTest, batch: UUID | None) -> tuple[str, ...]:
    """Change what differs between two states of a register, and return what stays as somebody made it."""
    now = {name: getattr(cycle, name) for name in columns_of_test(new)}
    changed, stays = differing(columns_of_test(old), columns_of_test(new), now)
    if changed:
        state = _stage(now | changed, timezone.localdate(at))
        Cycle.objects.filter(pk=cycle.pk).update(**changed, state=state, version=F("version") + 1, changed_at=at)
    before = plain_values({name: now[name] for name in changed})
    _edits(actor, at, [cycle], "change", batch, before=before, after=plain_values(changed))
    return stays


def _edits(
    actor: Viewer, at: datetime, cycles: Iterable[Cycle], what: str, batch: UUID | None, *,
    before: dict[str, Any] | None = None, after: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    Edit.objects.bulk_create(
        Edit(
            project_id=one.project_id, kind=KIND, object_id=one.pk, what=what, account_id=actor.account_id, at=at, before=before,
            after={"test": one.number, "batch": str(batch or "")} | (after or {}),
        )
        for one in cycles
    )  # fmt: skip


def _moved(actor: Viewer, at: datetime, projects: Iterable[int]) -> None:
    """Move each project's day of last change, and weigh its record anew."""
    Project.objects.filter(pk__in=projects).update(changed_at=at, version=F("version") + 1)
    for pk in sorted(projects):
        weigh(viewer=actor, project_id=pk)


# ---- taking back ----------------------------------------------------------------------------------------------------


def undo_tests(*, actor: Viewer, at: datetime, batch: UUID) -> Undone:
    """Remove the tests that a file brought and put the others back; what somebody has changed since is left and named."""
    rows = list(TypedCycle.objects.filter(batch=batch).select_for_update(of=("self",)).select_related("cycle", "project").order_by("pk"))
    worked_on = _worked_on([row for row in rows if row.before is None])
    gone = [row.cycle for row in rows if row.before is None and row.cycle_id not in worked_on]
    _edits(actor, at, gone, "remove", None)
    Cycle.objects.filter(pk__in=[one.pk for one in gone]).delete()
    left = [f"{_name(row)}: somebody has worked on it since" for row in rows if row.cycle_id in worked_on]
    back = len(gone)
    for row in rows:
        if row.before is not None:
            stays = _apply(actor, at, row.cycle, typed_test(row.said), typed_test(row.before), None)
            TypedCycle.objects.filter(pk=row.pk).update(said=row.before, before=None, batch=None, at=at)
            left += [f"{_name(row)}: {', '.join(stays).replace('_', ' ')} changed since"] if stays else []
            back += 1
    left += _changed_again(batch, {row.cycle_id for row in rows})
    _moved(actor, at, {row.project_id for row in rows})
    detail = {"back": back, "left": len(left)}
    record(actor=actor, verb="undo", object_kind="tests", object_id=str(batch), at=at, detail=detail)
    return Undone(back, tuple(left))


def _name(row: TypedCycle) -> str:
    return f"{row.project.title}, T{row.cycle.number} {row.cycle.title}"


def _worked_on(rows: Sequence[TypedCycle]) -> set[int]:
    """Return the tests in which anything stands but what their register brought: changed words, tasks, or a test that goes on from them."""
    pks = [row.cycle_id for row in rows]
    changed = {row.cycle_id for row in rows if row.cycle.version != row.left}
    tasks = set(Task.objects.filter(cycle_id__in=pks).values_list("cycle_id", flat=True))
    return changed | tasks | set(Cycle.objects.filter(follows_id__in=pks).values_list("follows_id", flat=True))


def _changed_again(batch: UUID, known: set[int]) -> list[str]:
    """Name the tests that a later file has changed again: that one is taken back first."""
    edits = Edit.objects.filter(kind=KIND, after__batch=str(batch), after__has_key="test").exclude(object_id__in=known)
    rows = Cycle.objects.filter(pk__in=set(edits.values_list("object_id", flat=True))).order_by("project_id", "number")
    return [f"T{number} {title}: a later file changed it again" for number, title in rows.values_list("number", "title")]
