"""Who holds which role where, who agreed to what, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Now

from espalier.access.viewer import Held, Viewer
from espalier.organisations.models import Below, Grant, Kind, Person, Sharing, Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from espalier.access.models import Account
from espalier.organisations.queries.units import FACTS, UnitFacts, facts_of, units, way_up

ASKED = ("team-leader", "analyst", "qi-lead", "improvement-coach")
SUMS = "sums"  # the kind of agreement that pages give: to count in a sum
AGREE = ("team-leader", "qi-lead")


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and why, in words for the person who asked."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def holds_here(*, viewer: Viewer, unit_id: int, roles: Collection[str]) -> bool:
    """Whether the viewer holds one of the roles today at a unit or at what it is part of, up to its organisation.

    A role at a system or region gives no right inside an organisation: that stays with the organisation.
    """
    return unit_id in held_among(viewer=viewer, unit_ids=[unit_id], roles=roles)


def held_among(*, viewer: Viewer, unit_ids: Collection[int], roles: Collection[str]) -> set[int]:
    """Return those of many units at which holds_here is true, in one question."""
    at = [held.unit_id for held in viewer.grants if held.role in roles]
    if not at:
        return set()
    inside = Below.objects.filter(unit_id__in=unit_ids, ancestor_id__in=at, since__lte=Now(), until__gt=Now())
    top = Kind.objects.filter(is_organisation=True).order_by("rank").values("rank")[:1]
    return set(inside.filter(ancestor__kind__rank__gte=Subquery(top)).values_list("unit_id", flat=True))


def roles_here(*, viewer: Viewer, unit_id: int) -> frozenset[str]:
    """Return every role for which holds_here is true at a unit, in one question: for pages that ask about several."""
    at = {held.unit_id for held in viewer.grants}
    if not at:
        return frozenset()
    over = Below.objects.filter(unit_id=unit_id, ancestor_id__in=at, since__lte=Now(), until__gt=Now())
    counting = set(over.filter(ancestor__kind__rank__gte=Subquery(_top_rank())).values_list("ancestor_id", flat=True))
    return frozenset(held.role for held in viewer.grants if held.unit_id in counting)


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
    if holds_here(viewer=viewer, unit_id=unit.pk, roles=AGREE):
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"Only those who lead {unit.name}, or its organisation, decide what it shares.")


def holds_inside(*, viewer: Viewer, unit_id: int) -> bool:
    """Whether the viewer holds any role today in the organisation a unit belongs to, at whatever unit of it."""
    over = Below.objects.filter(unit_id=unit_id, ancestor__kind__is_organisation=True, since__lte=Now(), until__gt=Now())
    at = [held.unit_id for held in viewer.grants]
    inside = Below.objects.filter(unit_id__in=at, since__lte=Now(), until__gt=Now())
    return inside.filter(ancestor_id__in=over.values("ancestor_id")).exists()


def people_at(*, viewer: Viewer, unit_id: int) -> int:
    """Return how many people hold a role at a unit today: so many would see what is shared with it."""
    del viewer
    held = Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=Now()), unit_id=unit_id, since__lte=Now())
    return held.values("person_id").distinct().count()


def places_held(*, viewer: Viewer, roles: Collection[str]) -> frozenset[int]:
    """Return every unit for which `holds_here` is true: where the viewer holds one of the roles, and what lies below."""
    at = [held.unit_id for held in viewer.grants if held.role in roles]
    if not at:
        return frozenset()
    inside = Below.objects.filter(ancestor_id__in=at, since__lte=Now(), until__gt=Now(), ancestor__kind__rank__gte=Subquery(_top_rank()))
    return frozenset(inside.values_list("unit_id", flat=True))


def _top_rank() -> QuerySet[Kind, Any]:
    return Kind.objects.filter(is_organisation=True).order_by("rank").values("rank")[:1]


def own_places(*, viewer: Viewer) -> tuple[UnitFacts, ...]:
    """Return where the viewer belongs today, the nearest first: each place a role is held at, and up to its organisation."""
    held = [grant.unit_id for grant in viewer.grants]
    above = Below.objects.filter(unit_id__in=held, since__lte=Now(), until__gt=Now(), ancestor__kind__rank__gte=Subquery(_top_rank()))
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
        unit_id__in=list(unit_ids), since__lte=Now(), until__gt=Now(), ancestor__kind__rank__gte=Subquery(_top_rank())
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
    held = Grant.objects.filter(today, since__lte=Now(), role__in=ASKED, unit_id__in=list(places)).order_by("person__name")
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
    held = Grant.objects.filter(today, since__lte=Now(), role__in=ASKED, unit_id=OuterRef("ancestor_id")).order_by("person__name")
    people = held.values_list(JSONObject(name="person__name", role="role", unit_id="unit_id", place="unit__name"))
    above = Below.objects.filter(unit_id=unit_id, since__lte=on, until__gt=on).order_by("-depth").annotate(people=ArraySubquery(people))
    rows = list(above.values_list("depth", "people", "ancestor_id", *(f"ancestor__{name}" for name in FACTS[1:])))
    at = {pk: tuple(sorted((Colleague(**one) for one in several), key=lambda one: ASKED.index(one.role))) for _, several, pk, *_ in rows}
    return tuple(facts_of(row[2:] for row in rows if row[0])), {pk: several for pk, several in at.items() if several}


def demo_people(*, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Return the made-up people of the demonstration: sign-in name and shown name."""
    del viewer
    return tuple(Person.objects.filter(made_up=True, account__is_demo=True).order_by("pk").values_list("account__username", "name"))


def viewer_for(account: Account) -> Viewer:
    """Build the frozen viewer of an account: the person behind it and the roles held today.

    An account without a person yet (somebody who joined a minute ago) is a viewer who holds nothing.
    """
    held = Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=Now()), person__account_id=account.pk, since__lte=Now())
    rows = list(held.order_by("unit_id", "role").values_list("person_id", "person__name", "role", "unit_id"))
    if not rows:
        person = Person.objects.filter(account_id=account.pk).values_list("pk", "name").first()
        return Viewer(account_id=account.pk, person_id=person and person[0], name=person[1] if person else account.username)
    return Viewer(
        account_id=account.pk, person_id=rows[0][0], name=rows[0][1], grants=tuple(Held(role, unit_id) for *_, role, unit_id in rows)
    )
