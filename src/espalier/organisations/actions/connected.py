"""What a staff system does: add, change and remove users and groups of its one organisation; and who connects it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from espalier.access import connections
from espalier.access.deciding import can
from espalier.access.embedding import hold_real_people
from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.organisations.actions import arriving, grouping
from espalier.organisations.models import Connected
from espalier.organisations.queries.roles import can_be_held
from espalier.organisations.rules.scim import ScimProblem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

CONNECT, GIVE = "connections.change", "roles.give"


class UnableToConnect(UnableTo):
    """A connection, or what a group is to stand for, that this person may not make."""

    code = "connection"


@transaction.atomic
def receive(*, actor: Viewer, at: datetime, owner_id: int, kind: str, document: dict[str, Any]) -> Connected:
    """Add a user or group. A name to sign in with that is there already is refused; another organisation's is no matter."""
    _refuse_unless_connected(actor, owner_id)
    hold_real_people(employed=True)
    row = Connected(owner_id=owner_id, kind=kind, document=document, made_at=at, changed_at=at)
    _take_over(row, document)
    _save(row)
    _follow(row, at=at)
    _save(row)
    record(actor=actor, verb="add", object_kind=_named(row), object_id=str(row.pk), at=at, detail=_detail(row))
    return row


@transaction.atomic
def receive_change(
    *, actor: Viewer, at: datetime, owner_id: int, kind: str, pk: UUID, change: Callable[[dict[str, Any]], dict[str, Any]], seen: int | None
) -> Connected:
    """Change a user or group: change makes the new document of the old one. seen is the version the sender knew, if it said so."""
    _refuse_unless_connected(actor, owner_id)
    row = _found(owner_id, kind, pk)
    if seen is not None and seen != row.version:
        raise ScimProblem("It was changed meanwhile. Read it again.", status=412)
    document = change(row.document)
    if document == row.document:
        return row
    role, unit_id, was_active, before = row.role, row.unit_id, row.is_active, _detail(row)
    _take_over(row, document)
    row.version, row.changed_at = row.version + 1, at
    _save(row)
    _follow(row, at=at, was=(role, unit_id))
    _save(row)
    verb = "change" if row.is_active == was_active else "bring back" if row.is_active else "end"
    record(actor=actor, verb=verb, object_kind=_named(row), object_id=str(row.pk), at=at, detail={"before": before, "after": _detail(row)})
    return row


@transaction.atomic
def receive_leaver(*, actor: Viewer, at: datetime, owner_id: int, kind: str, pk: UUID, seen: int | None = None) -> None:
    """Remove a user (who has left) or a group. The row stays unseen: who comes back is known again."""
    _refuse_unless_connected(actor, owner_id)
    row = _found(owner_id, kind, pk)
    if seen is not None and seen != row.version:
        raise ScimProblem("It was changed meanwhile. Read it again.", status=412)
    row.removed_at = row.changed_at = at
    row.is_active, row.version = False, row.version + 1
    if kind == "User":
        arriving.leave(row, at=at)
        _leave_groups(row, at=at)
    row.save()
    if kind == "Group":
        grouping.settle(owner_id=owner_id, role=row.role, unit_id=row.unit_id, day=at.date())
    record(actor=actor, verb="remove", object_kind=_named(row), object_id=str(row.pk), at=at, detail=_detail(row))


@transaction.atomic
def connect(*, actor: Viewer, at: datetime, unit: UnitFacts, name: str, secret: str) -> int:
    """Connect a staff system with an organisation; its secret goes to the page once and nowhere else, the event least of all."""
    _refuse_unless(actor, CONNECT, unit.pk, unit.name)
    hold_real_people(employed=True)  # said now, not when its first call comes
    made = connections.make(actor=actor, at=at, owner_id=unit.pk, name=name, secret=secret)
    record(actor=actor, verb="connect", object_kind="connection", object_id=str(made), at=at, detail={"unit": unit.code})
    return made


@transaction.atomic
def disconnect(*, actor: Viewer, at: datetime, owner_ids: tuple[int, ...], pk: int) -> connections.ConnectionFacts:
    """Stop a connection at once. The people it told us of stay as they are."""
    stopped = connections.stop(at=at, owner_ids=owner_ids, pk=pk)
    _refuse_unless(actor, CONNECT, stopped.owner_id)
    record(actor=actor, verb="disconnect", object_kind="connection", object_id=str(pk), at=at)
    return stopped


@transaction.atomic
def map_group(*, actor: Viewer, at: datetime, pk: UUID, seen: int, role: str, unit: UnitFacts | None) -> Connected:
    """Say which role a group stands for, and where; or with no role, that it stands for none. Its people hold it at once."""
    row = Connected.objects.select_for_update().filter(pk=pk, kind="Group", removed_at=None).first()
    if row is None:
        raise NotFoundHere("There is no such group.")
    _refuse_unless(actor, CONNECT, row.owner_id)
    if row.version != seen:
        raise UnableToConnect("The group was changed while you looked at it.", to_do="Look at it again, then say what it stands for.")
    if role and (unit is None or grouping.inside(row.owner_id, unit.code, at.date()) is None):
        raise UnableToConnect("That place is not one of this organisation's.", to_do="Choose one from the list.")
    if role and unit is not None and not can_be_held(role=role, unit=unit):
        raise UnableToConnect(f"That role is not held at {unit.name}.", to_do="Choose another role, or another place.")
    if role and _is_in(actor, row):
        raise UnableToConnect("You are in this group, and nobody gives themselves a role.", to_do="Ask somebody else to do it.")
    for place in {row.unit_id if row.role else None, unit.pk if role and unit else None} - {None}:
        _refuse_unless(actor, GIVE, place or 0)
    before, was = _detail(row), (row.role, row.unit_id)
    row.role, row.unit_id, row.mapped_by_id = role, unit.pk if role and unit else None, actor.account_id
    row.said, row.version, row.changed_at = "", row.version + 1, at
    row.save()
    grouping.settle(owner_id=row.owner_id, role=was[0], unit_id=was[1], day=at.date())
    grouping.settle(owner_id=row.owner_id, role=row.role, unit_id=row.unit_id, day=at.date())
    record(actor=actor, verb="map", object_kind=_named(row), object_id=str(pk), at=at, detail={"before": before, "after": _detail(row)})
    return row


def _is_in(actor: Viewer, row: Connected) -> bool:
    users = Connected.objects.filter(owner_id=row.owner_id, kind="User", removed_at=None, pk__in=grouping.members_of([row]))
    return actor.person_id is not None and users.filter(person_id=actor.person_id).exists()


def _refuse_unless_connected(actor: Viewer, owner_id: int) -> None:
    """Refuse everybody but a staff system of this organisation: its people may see these rows, and their pages change others."""
    if not connections.speaks_for(viewer=actor, owner_id=owner_id):
        raise ScimProblem("This organisation is not connected with you.", status=403)


def _refuse_unless(actor: Viewer, do: str, unit_id: int, name: str = "") -> None:
    if not (decision := can(viewer=actor, do=do, unit_id=unit_id, name=name)):
        raise UnableToConnect(decision.reason)


def _found(owner_id: int, kind: str, pk: UUID) -> Connected:
    row = Connected.objects.select_for_update().filter(pk=pk, owner_id=owner_id, kind=kind, removed_at=None).first()
    if row is None:
        raise ScimProblem(f"There is no {kind.lower()} with this id.", status=404)
    return row


def _take_over(row: Connected, document: dict[str, Any]) -> None:
    if row.kind == "User" and "active" not in document and row.version == 1:
        document = {**document, "active": True}
    row.document = document
    row.key = str(document["userName" if row.kind == "User" else "displayName"]).casefold()[:1000]
    row.external_id = str(document.get("externalId") or "")


def _save(row: Connected) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ScimProblem("A user with this userName is there already.", status=409, word="uniqueness") from error


def _follow(row: Connected, *, at: datetime, was: tuple[str, int | None] = ("", None)) -> None:
    day = at.date()
    if row.kind == "User":
        try:
            with transaction.atomic():
                arriving.apply(row, at=at)
        except IntegrityError as error:  # two users with one employee number, at the same moment
            raise ScimProblem("Another user's post has this employeeNumber.", status=409, word="uniqueness") from error
        row.save()
        grouping.settle_all(owner_id=row.owner_id, day=day)
        return
    strangers = grouping.members_of([row])
    known = Connected.objects.filter(pk__in=strangers, owner_id=row.owner_id, kind="User", removed_at=None).count()
    if known != len(row.document.get("members") or ()):
        raise ScimProblem("A member is no user here. Send the user first.", word="invalidValue")
    grouping.place(row, day=day)
    row.save()
    if was != (row.role, row.unit_id):
        grouping.settle(owner_id=row.owner_id, role=was[0], unit_id=was[1], day=day)
    grouping.settle(owner_id=row.owner_id, role=row.role, unit_id=row.unit_id, day=day)


def _leave_groups(row: Connected, *, at: datetime) -> None:
    """Take a user who is gone out of every group: nobody is a member whom one cannot look up."""
    gone = {"members": [{"value": str(row.pk)}]}
    for group in Connected.objects.select_for_update().filter(
        owner_id=row.owner_id, kind="Group", removed_at=None, document__contains=gone
    ):
        left = [one for one in group.document["members"] if one.get("value") != str(row.pk)]
        group.document = {name: value for name, value in group.document.items() if name != "members"} | ({"members": left} if left else {})
        group.version, group.changed_at = group.version + 1, at
        group.save()


def _named(row: Connected) -> str:
    return "staff user" if row.kind == "User" else "staff group"


def _detail(row: Connected) -> dict[str, Any]:
    """Say what an event keeps: numbers and roles, no names or addresses."""
    return {"person": row.person_id, "active": row.is_active, "role": row.role, "unit": row.unit_id, "version": row.version}
