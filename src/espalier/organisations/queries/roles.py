"""Who holds which role at a unit, what roles can be held there, and whom one may be given to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from espalier.access.deciding import can
from espalier.access.roles import all_roles
from espalier.organisations.models import Below, Grant, Person
from espalier.organisations.queries.holding import names_of_accounts, owner_of
from espalier.organisations.queries.units import ORGANISATION_RANK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.db.models import QuerySet

    from espalier.access.decisions import Decision
    from espalier.access.roles import Role
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries.units import UnitFacts

SEE, GIVE = "people.names", "roles.give"
MOST = 20  # people a search for somebody to give a role to shows


@dataclass(frozen=True, slots=True)
class HeldHere:
    """One role that somebody holds today, here or at a place above that it counts from."""

    pk: int
    person_id: int
    name: str
    role: str
    unit_id: int
    place: str
    since: date
    until: date | None
    given_by: str


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person a role can be given to."""

    pk: int
    name: str
    post: str


def may_see_roles(*, viewer: Viewer, unit: UnitFacts) -> Decision:
    """Whether the viewer may see who holds which role at a unit."""
    return can(viewer=viewer, do=SEE, unit_id=unit.pk, name=unit.name)


def may_give(*, viewer: Viewer, unit: UnitFacts) -> Decision:
    """Whether the viewer may give and end roles at a unit."""
    return can(viewer=viewer, do=GIVE, unit_id=unit.pk, name=unit.name)


def can_be_held(*, role: str, unit: UnitFacts) -> bool:
    """Whether a role can be held at a unit, as content/roles.yaml says of its kind."""
    known = all_roles().roles.get(role)
    return known is not None and known.is_given and bool(kinds_of_place(unit) & set(known.at))


def kinds_of_place(unit: UnitFacts) -> set[str]:
    """Return which of the words of content/roles.yaml a unit answers to; a part of an organisation answers to both."""
    if unit.is_organisation:
        return {"organisation"}
    return {"organisation", "team"} if unit.rank >= ORGANISATION_RANK else {"above"}


def roles_to_give(*, unit: UnitFacts) -> tuple[Role, ...]:
    """Return the roles that can be held at a unit."""
    return tuple(role for role in all_roles().roles.values() if can_be_held(role=role.code, unit=unit))


def roles_held(*, viewer: Viewer, unit: UnitFacts, on: date) -> tuple[HeldHere, ...]:
    """Return who holds a role on a day at a unit, or above it up to its organisation: what counts here."""
    over = Below.objects.filter(unit_id=unit.pk, since__lte=on, until__gt=on)
    top = owner_of(viewer=viewer, unit_id=unit.pk)
    inside = Below.objects.filter(ancestor_id=top, unit_id__in=over.values("ancestor_id"), since__lte=on, until__gt=on).values("unit_id")
    rows = list(
        Grant.objects.filter(Q(until=None) | Q(until__gt=on), unit_id__in=inside, since__lte=on)
        .order_by("unit__kind__rank", "role", "person__name")
        .values_list("pk", "person_id", "person__name", "role", "unit_id", "unit__name", "since", "until", "given_by_id")[:500]
    )
    names = names_of_accounts(viewer=viewer, accounts={row[-1] for row in rows})
    return tuple(HeldHere(*row[:-1], names.get(row[-1] or 0, "")) for row in rows)


def givers(*, unit_id: int, on: date) -> QuerySet[Grant]:
    """Return what is held on a day by those who sign in and give out roles at a unit: there, or above it in its organisation."""
    over = Below.objects.filter(unit_id=unit_id, since__lte=on, until__gt=on).values("ancestor_id")
    inside = Below.objects.filter(ancestor__kind__is_organisation=True, unit_id__in=over, since__lte=on, until__gt=on).values("unit_id")
    known = Grant.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on, role__in=sorted(all_roles().with_right(GIVE)))
    return known.filter(Q(unit_id__in=inside) | Q(unit_id=unit_id), person__account__is_active=True)


def people_called(*, viewer: Viewer, unit: UnitFacts, text: str) -> Sequence[Somebody]:
    """Return people of the unit's organisation whose name holds a text: nobody of another one, and not whoever looks.

    Nobody gives themselves a role, so nobody is offered it.
    """
    owner = owner_of(viewer=viewer, unit_id=unit.pk)
    wanted = " ".join(text.replace("\0", "").split())[:80]
    if len(wanted) < 2:
        return ()
    others = Person.objects.exclude(pk=viewer.person_id or 0)
    found = others.filter(owner_ids__contains=[owner], name__icontains=wanted).order_by("name", "pk")
    return [Somebody(pk, name, email) for pk, name, email in found.values_list("pk", "name", "work_email")[:MOST]]
