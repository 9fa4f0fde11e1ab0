"""Store what a register of projects changes, all of it or nothing; and take it back where nobody has worked on it since."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Min
from django.utils import timezone

from espalier.audit.recording import record
from espalier.imports.kinds import Undone
from espalier.projects.actions.keeping import keep
from espalier.projects.models import Edit, Member, Project, Typed
from espalier.projects.queries.aiming import plain_values
from espalier.projects.rules.evidence import Facts
from espalier.projects.rules.typed import COLUMNS, TypedProject, columns_of, differing, stored, typed_project

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Change

KIND = "typed"  # of an edit: what a register says, which is taken back with its file and not on the project's page
A_REGISTER = "a register"


def store_projects(*, actor: Viewer, at: datetime, batch: UUID, changes: Sequence[Change]) -> None:
    """Begin the projects that are new and bring the others up to what their register says now."""
    new = [(change.key, TypedProject(*change.new)) for change in changes if change.old is None and change.new is not None]
    _begin(actor, at, batch, new)
    rows = {(row.register_id, row.mark): row for row in _standing([change.key for change in changes if change.old is not None])}
    for change in changes:
        if change.old is not None and change.new is not None:
            _follow(actor, at, batch, rows[change.key[1:]], TypedProject(*change.new))
    detail = {"new": len(new), "changed": len(changes) - len(new)}
    record(actor=actor, verb="load", object_kind="projects", object_id=str(batch), at=at, detail=detail)


def _standing(keys: Iterable[tuple[Any, ...]]) -> Iterable[Typed]:
    several = list(keys)
    found = Typed.objects.filter(register_id__in={key[1] for key in several}, mark__in={key[2] for key in several})
    return found.select_for_update(of=("self",)).select_related("project")


def _begin(actor: Viewer, at: datetime, batch: UUID, new: Sequence[tuple[tuple[Any, ...], TypedProject]]) -> None:
    """Begin projects in a few statements, however many: their record shows nothing yet but who leads them and who may read them."""
    begun = Project.objects.bulk_create(_project(actor, at, said) for _, said in new)
    Member.objects.bulk_create(
        Member(project=one, account_id=said.leader, role="leader", since=at, added_by_id=actor.account_id)
        for one, (_, said) in zip(begun, new, strict=True) if said.leader
    )  # fmt: skip
    Typed.objects.bulk_create(
        Typed(project=one, register_id=key[1], mark=key[2], said=stored(said), batch=batch, account_id=actor.account_id, at=at)
        for one, (key, said) in zip(begun, new, strict=True)
    )
    Edit.objects.bulk_create(
        Edit(
            project_id=one.pk, kind=KIND, object_id=one.pk, what="add", account_id=actor.account_id, at=at,
            after={"title": one.title, "batch": str(batch)},
        )
        for one in begun
    )  # fmt: skip


def _project(actor: Viewer, at: datetime, said: TypedProject) -> Project:
    facts = Facts(people=int(said.leader is not None), shared=said.open_to != "team")
    return Project(
        **columns_of(said), begun_at=_begun_at(said, at, at), begun_by_id=actor.account_id, changed_at=at, weighed=asdict(facts),
        came_from=(said.system or A_REGISTER)[:60],
    )  # fmt: skip


def _begun_at(said: TypedProject, at: datetime, brought: datetime) -> datetime:
    """Return when the work began, as the register has it; without a day, and of one to come, it is when it was first brought in."""
    begun = datetime.combine(said.starts_on, time(), tzinfo=timezone.get_current_timezone()) if said.starts_on else brought
    return begun if begun <= at else brought


def _brought_at(project: Project) -> datetime:
    first = Edit.objects.filter(project_id=project.pk, kind=KIND, what="add").aggregate(first=Min("at"))["first"]
    return first or project.begun_at


def _follow(actor: Viewer, at: datetime, batch: UUID, row: Typed, new: TypedProject) -> None:
    """Bring one project up to what its register says now. What somebody changed here since stays as they made it."""
    old = typed_project(row.said)
    _apply(actor, at, row.project, old, new, batch)
    Typed.objects.filter(pk=row.pk).update(said=stored(new), before=row.said, batch=batch, at=at)


def _apply(actor: Viewer, at: datetime, project: Project, old: TypedProject, new: TypedProject, batch: UUID | None) -> tuple[str, ...]:
    """Change what differs between two states of a register, and return what stays as somebody made it."""
    now = {name: getattr(project, name) for name in COLUMNS}
    changed, stays = differing(columns_of(old), columns_of(new), now)
    if new.starts_on != old.starts_on and project.begun_at == _begun_at(old, project.begun_at, project.begun_at):
        changed["begun_at"] = _begun_at(new, at, _brought_at(project))
    if changed:
        Project.objects.filter(pk=project.pk).update(**changed)
    if old.leader != new.leader:
        stays += _lead(actor, at, project.pk, old.leader, new.leader)
    after = plain_values({name: value for name, value in changed.items() if name != "begun_at"}) | {"batch": str(batch or "")}
    before = plain_values({name: value for name, value in now.items() if name in changed})
    keep(actor=actor, at=at, project_id=project.pk, kind=KIND, object_id=project.pk, what="change", before=before, after=after)
    return stays


def _lead(actor: Viewer, at: datetime, project: int, old: int | None, new: int | None) -> tuple[str, ...]:
    """Follow a register that names another leader, unless the team has said who leads it."""
    standing = {one.account_id: one for one in Member.objects.filter(project_id=project, until=None)}
    leads = {one.account_id for one in standing.values() if one.role == "leader"}
    if leads - {old, new}:
        return ("leader",)
    if new is not None and new in standing:
        Member.objects.filter(pk=standing[new].pk).update(role="leader")
    elif new is not None:
        Member.objects.create(project_id=project, account_id=new, role="leader", since=at, added_by_id=actor.account_id)
    if old is not None and old in leads:
        Member.objects.filter(pk=standing[old].pk).update(until=max(at, standing[old].since))
    return ()


# ---- taking back ----------------------------------------------------------------------------------------------------


def undo_projects(*, actor: Viewer, at: datetime, batch: UUID) -> Undone:
    """Remove the projects that a file brought in and put the others back; what somebody has worked on since is left and named."""
    rows = list(Typed.objects.filter(batch=batch).select_for_update(of=("self",)).select_related("project").order_by("pk"))
    worked_on = worked_on_since([row for row in rows if row.before is None])
    removed, left = _remove(actor, at, [row for row in rows if row.before is None and row.project_id not in worked_on])
    back = removed
    left += [f"{row.project.title}: somebody has worked on it since" for row in rows if row.project_id in worked_on]
    for row in rows:
        if row.before is not None:
            stays = _back(actor, at, row)
            left += [f"{row.project.title}: {', '.join(stays).replace('_', ' ')} changed since"] if stays else []
            back += 1
    left += _changed_again(batch, {row.project_id for row in rows})
    detail = {"back": back, "left": len(left)}
    record(actor=actor, verb="undo", object_kind="projects", object_id=str(batch), at=at, detail=detail)
    return Undone(back, tuple(left))


def _back(actor: Viewer, at: datetime, row: Typed) -> tuple[str, ...]:
    stays = _apply(actor, at, row.project, typed_project(row.said), typed_project(row.before or {}), None)
    Typed.objects.filter(pk=row.pk).update(said=row.before, before=None, batch=None, at=at)
    return stays


def _changed_again(batch: UUID, known: Collection[int]) -> list[str]:
    """Name the projects that a later file has changed again: that one is taken back first."""
    edits = Edit.objects.filter(kind=KIND, after__batch=str(batch)).exclude(project_id__in=known)
    projects = Project.objects.filter(pk__in=set(edits.values_list("project_id", flat=True))).order_by("title")
    return [f"{title}: a later file changed it again" for title in projects.values_list("title", flat=True)]


def worked_on_since(rows: Sequence[Typed]) -> set[int]:
    """Return the projects in which anything stands but what their register brought."""
    pks = [row.project_id for row in rows]
    found = set(Edit.objects.filter(project_id__in=pks).exclude(kind=KIND).values_list("project_id", flat=True))
    for relation in Project._meta.get_fields(include_hidden=True):  # noqa: SLF001  every table that hangs on a project, also those to come
        model, own = relation.related_model, (Typed, Member)
        if relation.auto_created and relation.is_relation and not relation.concrete and model not in own:
            rows_of = model._default_manager.filter(project_id__in=pks)  # type: ignore[union-attr]  # noqa: SLF001
            found |= set(rows_of.values_list("project_id", flat=True))
    return found | _another_team(rows)


def _another_team(rows: Sequence[Typed]) -> set[int]:
    named: Mapping[int, Any] = {row.project_id: row.said["leader"] for row in rows}
    people = Member.objects.filter(project_id__in=named).values_list("project_id", "account_id", "role", "until")
    return {pk for pk, account, role, until in people if account != named[pk] or role != "leader" or until is not None}


def _remove(actor: Viewer, at: datetime, rows: Sequence[Typed]) -> tuple[int, list[str]]:
    """Remove projects: all at once, or where something unseen hangs on one of them, one by one."""
    pks = [row.project_id for row in rows]
    Edit.objects.bulk_create(
        Edit(project_id=pk, kind=KIND, object_id=pk, what="remove", account_id=actor.account_id, at=at) for pk in pks
    )  # fmt: skip
    if _gone(pks):
        return len(pks), []
    left = [f"{row.project.title}: somebody has worked on it since" for row in rows if not _gone([row.project_id])]
    return len(pks) - len(left), left


def _gone(pks: Sequence[int]) -> bool:
    """Delete projects with their leaders and what their register says; nothing where anything else hangs on one of them.

    Whoever brought them in may clear them away as if they had begun them in this transaction: with the register's row goes every
    other right. The database looks at once whether something hangs on them, also at what the viewer cannot see.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("UPDATE projects_project SET begun_in = pg_current_xact_id()::text::bigint WHERE id = ANY (%s)", [list(pks)])
            Member.objects.filter(project_id__in=pks).delete()
            Typed.objects.filter(project_id__in=pks).delete()
            cursor.execute("DELETE FROM projects_project WHERE id = ANY (%s)", [list(pks)])
            whole = cursor.rowcount == len(pks)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            transaction.set_rollback(not whole)
    except IntegrityError:
        return False
    return whole
