"""Groups of a staff system that stand for a role at a place: who is in one holds the role, who leaves it holds it no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from espalier.access.roles import all_roles
from espalier.organisations.models import Below, Connected, Grant, Unit
from espalier.organisations.queries.roles import can_be_held
from espalier.organisations.queries.units import FACTS, UnitFacts, facts_of
from espalier.organisations.rules.scim import mapped_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


def place(row: Connected, *, day: date) -> None:
    """Read from a group's name which role it stands for, unless somebody has said so on the page; the caller saves the row.

    By its name alone a group never gives what needs a second step: whoever names groups elsewhere could make themselves an
    administrator here.
    """
    if row.mapped_by_id is not None:
        return
    row.role, row.unit_id, row.said = "", None, ""
    mapped = mapped_by_name(str(row.document["displayName"]))
    if mapped is None:
        return
    if mapped.role not in all_roles().roles:
        row.said = f"No role is called “{mapped.role}”"
    elif all_roles().needs_second_step(mapped.role):
        row.said = f"{all_roles().roles[mapped.role].name} is given by its group only when you say so here"
    elif (unit := inside(row.owner_id, mapped.unit, day)) is None:
        row.said = f"No place of yours has the code “{mapped.unit}”"
    elif not can_be_held(role=mapped.role, unit=unit):
        row.said = f"The role of {all_roles().roles[mapped.role].name.lower()} is not held at {unit.name}"[:200]
    else:
        row.role, row.unit_id = mapped.role, unit.pk


def inside(owner_id: int, code: str, day: date) -> UnitFacts | None:
    """Return a unit inside an organisation."""
    below = Below.objects.filter(ancestor_id=owner_id, since__lte=day, until__gt=day).values("unit_id")
    return next(iter(facts_of(Unit.objects.filter(code__iexact=code, pk__in=below).values_list(*FACTS)[:1])), None)


def members_of(rows: Iterable[Connected]) -> set[UUID]:
    """Return the ids of the users in groups; what is no id of ours is passed over."""
    found = set()
    for row in rows:
        for one in row.document.get("members") or ():
            try:
                found.add(UUID(str(one.get("value"))))
            except ValueError:
                continue
    return found


def settle(*, owner_id: int, role: str, unit_id: int | None, day: date) -> None:
    """Make who holds a role at a place by groups as the groups now are. What was given by hand stays as it is.

    Grants that follow from groups carry the connection's mark: given by number 0, which no account has.
    """
    if not role or unit_id is None:
        return
    groups = Connected.objects.filter(owner_id=owner_id, kind="Group", removed_at=None, role=role, unit_id=unit_id)
    users = Connected.objects.filter(owner_id=owner_id, kind="User", removed_at=None, is_active=True, pk__in=members_of(groups))
    wanted = set(users.exclude(person=None).values_list("person_id", flat=True))
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=day), owner_id=owner_id, role=role, unit_id=unit_id)
    by_groups = held.filter(given_by_id=BY_GROUP)
    gone = by_groups.exclude(person_id__in=wanted)
    gone.filter(since__gte=day).delete()
    gone.filter(since__lt=day).update(until=day)
    has = set(held.values_list("person_id", flat=True))
    for person_id in sorted(wanted - has):
        Grant.objects.update_or_create(
            person_id=person_id, role=role, unit_id=unit_id, since=day, defaults={"until": None, "given_by_id": BY_GROUP}
        )


def settle_all(*, owner_id: int, day: date) -> None:
    """Settle every role that some group of the organisation stands for: after somebody joined, left or came back."""
    groups = Connected.objects.filter(owner_id=owner_id, kind="Group", removed_at=None).exclude(role="")
    for role, unit_id in set(groups.values_list("role", "unit_id")):
        settle(owner_id=owner_id, role=role, unit_id=unit_id, day=day)


BY_GROUP = 0
