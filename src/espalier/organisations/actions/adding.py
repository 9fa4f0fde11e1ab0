"""Units and people that somebody adds by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from espalier.access.actions import add_account
from espalier.access.embedding import hold_real_people
from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.organisations.actions.places import BATCH, copy_relations, rebuild_below
from espalier.organisations.models import PART_OF, Assignment, Grant, Person, Unit
from espalier.organisations.queries import owners_of
from espalier.organisations.rules import RelationFact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit somebody adds by hand, under a parent that is there already, or at the top of a tree of its own."""

    code: str
    name: str
    kind: str
    parent: str
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person with an account, a role at one unit and a post there; without a post's title, a partner whom nobody employs."""

    username: str
    name: str
    role_title: str
    unit: str
    role: str
    made_up: bool = False
    also: tuple[tuple[str, str], ...] = ()  # further roles: unit and role


@transaction.atomic
def add_units(*, actor: Viewer, at: datetime, units: Iterable[NewUnit], since: date) -> int:
    """Add units that are not there yet, parents first; those that are there stay as they are.

    All in one go: an organisation brings thousands of teams, and a statement for each would take minutes.
    """
    wanted = {unit.code: unit for unit in reversed(tuple(units))}
    known = _ids_of(code for unit in wanted.values() for code in (unit.code, unit.parent))
    new = [unit for unit in reversed(wanted.values()) if unit.code not in known]
    _refuse_without_parent(new, known)
    if not new:
        return 0
    rows = [
        Unit(code=unit.code, name=unit.name, short_name=unit.name[:120], kind_id=unit.kind, opened_on=since, made_up=unit.made_up)
        for unit in new
    ]
    known |= {unit.code: unit.pk for unit in Unit.objects.bulk_create(rows, batch_size=BATCH)}
    placed = [
        RelationFact(unit.code, unit.parent, PART_OF, since, None, source="made up" if unit.made_up else "") for unit in new if unit.parent
    ]
    copy_relations(placed, known)
    record(actor=actor, verb="add", object_kind="unit", object_id=tuple(unit.code for unit in new), at=at)
    rebuild_below()
    return len(new)


def _ids_of(codes: Iterable[str]) -> dict[str, int]:
    """Return the numbers of units by code."""
    return dict(Unit.objects.filter(code__in=set(codes)).values_list("code", "pk"))


def _refuse_without_parent(new: Sequence[NewUnit], known: Mapping[str, int]) -> None:
    seen = set(known)
    for unit in new:
        if unit.parent and unit.parent not in seen:
            raise UnableTo(
                f"There is nothing with the code {unit.parent!r} to put {unit.name!r} under.", to_do="Add that first.", code="no-parent"
            )
        seen.add(unit.code)


@transaction.atomic
def add_people(*, actor: Viewer, at: datetime, people: Iterable[NewPerson], since: date) -> int:
    """Add people who are not there yet, each with an account without a password, a post and a role."""
    added, wanted = 0, tuple(people)
    hold_real_people(adding=sum(not person.made_up for person in wanted), employed=True)
    for person in wanted:
        account_id = add_account(username=person.username, is_demo=person.made_up)
        if account_id is None:
            continue
        held_at = _ids_of((person.unit, *(code for code, _ in person.also)))
        owners = sorted(set(owners_of(held_at.values()).values()))
        made = Person.objects.create(
            account_id=account_id, name=person.name, made_up=person.made_up, owner_ids=owners, is_partner=not person.role_title
        )
        if person.role_title:
            Assignment.objects.create(person=made, unit_id=held_at[person.unit], role_title=person.role_title, since=since)
        for code, role in ((person.unit, person.role), *person.also):
            Grant.objects.create(person=made, unit_id=held_at[code], role=role, since=since, given_by_id=actor.account_id)
        record(
            actor=actor, verb="add", object_kind="person", object_id=str(made.pk), at=at, detail={"role": person.role, "unit": person.unit}
        )
        added += 1
    return added
