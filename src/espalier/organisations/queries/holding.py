"""Who holds which role where, who agreed to what, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject, Now

from espalier.access.deciding import can
from espalier.access.decisions import Decision
from espalier.access.roles import INSIDE, all_roles
from espalier.access.viewer import Held, Viewer
from espalier.organisations.models import Below, Grant, Kind, Person, Sharing, Unit
from espalier.organisations.queries.deciding import KnowsTree, top_rank
from espalier.organisations.queries.units import FACTS, UnitFacts, facts_of, units, way_up

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from django.db.models.expressions import Combinable

    from espalier.access.models import Account

ASKED = ("team-leader", "analyst", "qi-lead", "improvement-coach")
SUMS = "sums"  # the kind of agreement that pages give: to count in a sum
AGREE = "sharing.agree"
# Whoever has said no to being named is not: whose words those are no query can see, so a function answers with numbers.
NAMED = ~Q(person__account_id__in=RawSQL("SELECT unnest(access_said_no('named-to-ask'))", []))


def holds_here(*, viewer: Viewer, unit_id: int, roles: Collection[str]) -> bool:
    """Whether the viewer holds one of the roles today at a unit or at what it is part of, up to its organisation.

    A role at a system or region gives no right inside an organisation: that stays with the organisation.
    """
    return unit_id in held_among(viewer=viewer, unit_ids=[unit_id], roles=roles)


def held_among(*, viewer: Viewer, unit_ids: Collection[int], roles: Collection[str]) -> set[int]:
    """Return those of many units at which holds_here is true, in one question."""
    if not any(held.role in roles for held in viewer.grants):
        return set()
    counting = KnowsTree().counting(viewer=viewer, unit_ids=unit_ids)
    return {pk for pk, reached in counting.items() if reached.get(INSIDE, frozenset()) & set(roles)}


def narrowed(*, viewer: Viewer, unit_id: int) -> Viewer:
    """Return the viewer as they are inside one unit: what they hold there or below, and what they hold there from above.

    A role at a trust becomes the same role at the ward the token is for; a role elsewhere is left behind.
    """
    held = {grant.unit_id for grant in viewer.grants}
    pairs = set(
        Below.objects.filter(
            Q(ancestor_id=unit_id, unit_id__in=held) | Q(ancestor_id__in=held, unit_id=unit_id), since__lte=Now(), until__gt=Now()
        ).values_list("ancestor_id", "unit_id")
    )
    from_above = held_among(viewer=viewer, unit_ids=[unit_id], roles={grant.role for grant in viewer.grants})
    kept = [grant for grant in viewer.grants if (unit_id, grant.unit_id) in pairs]
    if from_above:
        kept += [Held(grant.role, unit_id) for grant in viewer.grants if (grant.unit_id, unit_id) in pairs and grant.unit_id != unit_id]
    return replace(viewer, grants=tuple(kept), within=unit_id)


def within_reach(*, viewer: Viewer, limit: int = 200) -> tuple[UnitFacts, ...]:
    """Return the units at which the viewer holds a role today, and what lies below those that are organisations."""
    held = [grant.unit_id for grant in viewer.grants]
    top = Kind.objects.filter(is_organisation=True).order_by("rank").values("rank")[:1]
    below_held = Below.objects.filter(ancestor_id__in=held, ancestor__kind__rank__gte=Subquery(top), since__lte=Now(), until__gt=Now())
    found = Unit.objects.filter(Q(pk__in=held) | Q(pk__in=below_held.values("unit_id"))).order_by("kind__rank", "name", "code")
    return tuple(facts_of(found.values_list(*FACTS)[:limit]))


def names_of_accounts(*, viewer: Viewer, accounts: Collection[int | None]) -> dict[int, str]:
    """Return the names of the people behind accounts, for lines like "changed by"; colleagues only, a visitor gets none."""
    known = {account for account in accounts if account is not None}
    if not viewer.grants or not known:
        return {}
    return dict(Person.objects.filter(account_id__in=known).values_list("account_id", "name"))


def name_of(*, viewer: Viewer, account: OuterRef) -> Combinable:
    """Return, for another room's sub-select, the name behind an account in a row of that room's own: `names_of_accounts` along the way."""
    if not viewer.grants:
        return Value("")
    return Subquery(Person.objects.filter(account_id=account).values("name")[:1])


@dataclass(frozen=True, slots=True)
class Agreement:
    """One thing a unit shares, or did: which measure ("" is all it shares), with whom, and whether by name."""

    pk: int
    unit: UnitFacts
    shared_with: UnitFacts
    measure_code: str
    by_name: bool
    since: date
    until: date | None


def agreements(*, viewer: Viewer, unit_id: int, on: date) -> tuple[Agreement, ...]:
    """Return what holds for a unit on a day: what it agreed itself, and what units above it agreed for all below them."""
    above = Below.objects.filter(unit_id=unit_id, since__lte=on, until__gt=on).values("ancestor_id")
    holding = Sharing.objects.filter(Q(until=None) | Q(until__gt=on), unit_id__in=above, what=SUMS, since__lte=on)
    rows = list(
        holding.order_by("-since", "pk").values_list("pk", "unit_id", "shared_with_id", "measure_code", "by_name", "since", "until")
    )
    facts = units(viewer=viewer, pks={pk for row in rows for pk in row[1:3]})
    return tuple(Agreement(row[0], facts[row[1]], facts[row[2]], *row[3:]) for row in rows)


def owner_of(*, viewer: Viewer, unit_id: int) -> int:
    """Return the number of the organisation that decides about a unit's figures: itself, the one above it, or the unit."""
    del viewer
    inside = Below.objects.filter(unit_id=unit_id, ancestor__kind__is_organisation=True, since__lte=Now(), until__gt=Now())
    return inside.order_by("depth").values_list("ancestor_id", flat=True).first() or unit_id


def owners_of(pks: Collection[int]) -> dict[int, int]:
    """Return the deciding organisation of many units by number, as owner_of does for one."""
    inside = Below.objects.filter(unit_id__in=pks, ancestor__kind__is_organisation=True, since__lte=Now(), until__gt=Now())
    return {pk: pk for pk in pks} | dict(inside.order_by("-depth").values_list("unit_id", "ancestor_id"))


def above_organisation(up: Iterable[UnitFacts]) -> tuple[UnitFacts, ...]:
    """Return the units of a way up that stand above the organisation, the nearest first: those to share figures with."""
    return tuple(takewhile(lambda one: not one.is_organisation, up))[::-1]


def may_agree(*, viewer: Viewer, unit: UnitFacts) -> Decision:
    """Whether the viewer may decide what a unit shares: who leads it, or leads improvement in its organisation."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to decide what is shared.")
    if can(viewer=viewer, do=AGREE, unit_id=unit.pk, name=unit.name):
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"Only those who lead {unit.name}, or its organisation, decide what it shares.")


def holds_inside(*, viewer: Viewer, unit_id: int) -> bool:
    """Whether the viewer is of the staff today of the organisation a unit belongs to, at whatever unit of it."""
    over = Below.objects.filter(unit_id=unit_id, ancestor__kind__is_organisation=True, since__lte=Now(), until__gt=Now())
    at = [held.unit_id for held in viewer.grants if held.role not in all_roles().outside]
    inside = Below.objects.filter(unit_id__in=at, since__lte=Now(), until__gt=Now())
    return inside.filter(ancestor_id__in=over.values("ancestor_id")).exists()


def people_at(*, viewer: Viewer, unit_id: int) -> int:
    """Return how many people hold a role at a unit today: so many would see what is shared with it."""
    del viewer
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_people_at(%s)", [unit_id])
        return int(cursor.fetchone()[0])


def own_places(*, viewer: Viewer) -> tuple[UnitFacts, ...]:
    """Return where the viewer belongs today, the nearest first: each place a role is held at, and up to its organisation."""
    held = [grant.unit_id for grant in viewer.grants]
    above = Below.objects.filter(unit_id__in=held, since__lte=Now(), until__gt=Now(), ancestor__kind__rank__gte=Subquery(top_rank()))
    found = Unit.objects.filter(Q(pk__in=above.values("ancestor_id")) | Q(pk__in=held)).order_by("-kind__rank", "name")
    return tuple(facts_of(found.values_list(*FACTS)))


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be asked, and where they hold which role."""

    name: str
    role: str
    unit_id: int
    place: str


def whom_to_ask(*, viewer: Viewer, unit_ids: Collection[int]) -> dict[int, tuple[Colleague, ...]]:
    """Return who can be asked about the figures of each unit: there, or else in what it is part of up to its organisation.

    Names of colleagues are for colleagues: somebody who holds no role anywhere gets none.
    """
    if not viewer.grants or not unit_ids:
        return {}
    above = Below.objects.filter(
        unit_id__in=list(unit_ids), since__lte=Now(), until__gt=Now(), ancestor__kind__rank__gte=Subquery(top_rank())
    )
    ways = list(above.order_by("unit_id", "depth").values_list("unit_id", "ancestor_id"))
    at = colleagues(viewer=viewer, places={place for _, place in ways})
    found: dict[int, list[Colleague]] = {}
    for unit_id, place in ways:
        found.setdefault(unit_id, []).extend(at.get(place, ()))
    return {unit_id: tuple(sorted(several, key=lambda one: ASKED.index(one.role))) for unit_id, several in found.items()}


def colleagues(*, viewer: Viewer, places: Collection[int]) -> dict[int, tuple[Colleague, ...]]:
    """Return who holds a role today at each of these units and can be asked about its figures."""
    if not viewer.grants or not places:
        return {}
    today = Q(until__isnull=True) | Q(until__gt=Now())
    held = Grant.objects.filter(today, NAMED, since__lte=Now(), role__in=ASKED, unit_id__in=list(places)).order_by("person__name")
    at: dict[int, list[Colleague]] = {}
    for row in held.values_list("person__name", "role", "unit_id", "unit__name"):
        at.setdefault(row[2], []).append(Colleague(*row))
    return {place: tuple(sorted(several, key=lambda one: ASKED.index(one.role))) for place, several in at.items()}


def way_up_and_people(
    *, viewer: Viewer, unit_id: int, on: date
) -> tuple[tuple[UnitFacts, ...], dict[int, tuple[Colleague, ...]]]:
    """Return the way up as way_up does, and by unit who can be asked there or at the unit itself today, in one question."""
    if not viewer.grants:
        return way_up(viewer=viewer, unit_id=unit_id, on=on), {}
    today = Q(until__isnull=True) | Q(until__gt=Now())
    held = Grant.objects.filter(today, NAMED, since__lte=Now(), role__in=ASKED, unit_id=OuterRef("ancestor_id")).order_by("person__name")
    people = held.values_list(JSONObject(name="person__name", role="role", unit_id="unit_id", place="unit__name"))
    above = Below.objects.filter(unit_id=unit_id, since__lte=on, until__gt=on).order_by("-depth").annotate(people=ArraySubquery(people))
    rows = list(above.values_list("depth", "people", "ancestor_id", *(f"ancestor__{name}" for name in FACTS[1:])))
    at = {pk: tuple(sorted((Colleague(**one) for one in several), key=lambda one: ASKED.index(one.role))) for _, several, pk, *_ in rows}
    return tuple(facts_of(row[2:] for row in rows if row[0])), {pk: several for pk, several in at.items() if several}


def demo_people(*, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Return the made-up people of the demonstration: sign-in name and shown name."""
    del viewer
    with connection.cursor() as cursor:
        cursor.execute("SELECT username, name FROM organisations_demo_people()")
        return tuple(cursor.fetchall())


def viewer_for(account: Account) -> Viewer:
    """Build the frozen viewer of an account: the person behind it and what they hold today.

    An account without a person yet (somebody who joined a minute ago) is a viewer who holds nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, name, role, unit_id FROM organisations_who(%s)", [account.pk])
        rows = cursor.fetchall()
    if not rows:
        return Viewer(account_id=account.pk, name=account.username)
    held = tuple(Held(role, unit_id) for *_, role, unit_id in rows if role)
    return Viewer(account_id=account.pk, person_id=rows[0][0], name=rows[0][1], grants=held, is_strong=account.is_demo)
