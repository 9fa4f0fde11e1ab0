"""Where somebody belongs, as their own page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Case, F, Func, Q, Value, When
from django.db.models.functions import Now

from espalier.access.roles import all_roles
from espalier.organisations.models import Sharing, Unit
from espalier.organisations.queries.units import FACTS, UnitFacts, facts_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from espalier.access.viewer import Viewer


MEMBER = "team-member"


@dataclass(frozen=True, slots=True)
class MyPlace:
    """A place where somebody belongs: what they are there, and how many people hold something there."""

    unit: UnitFacts
    roles: tuple[str, ...]  # their names
    people: int


@dataclass(frozen=True, slots=True)
class SharedWithMe:
    """How many places below share something of one measure with a place ("" is all they share)."""

    shared_with: int
    measure_code: str
    places: int
    by_name: int


def my_places(*, viewer: Viewer, also: Collection[int] = ()) -> tuple[tuple[MyPlace, ...], dict[int, UnitFacts]]:
    """Return where the viewer holds something today, the nearest first; and the facts of these and of other units, in one question."""
    held = {one.unit_id for one in viewer.grants}
    if not held | set(also):
        return (), {}
    count = Func(F("pk"), function="organisations_people_in", output_field=BigIntegerField())
    found = Unit.objects.filter(pk__in=held | set(also)).annotate(people=Case(When(pk__in=held, then=count), default=Value(0)))
    rows = list(found.order_by("-kind__rank", "name").values_list(*FACTS, "people"))
    facts = {one.pk: one for one in facts_of(row[:-1] for row in rows)}
    names = all_roles().roles
    roles: dict[int, set[str]] = {pk: {one.role for one in viewer.grants if one.unit_id == pk} for pk in held}
    for several in roles.values():  # whoever is more than a member of the team knows that they are one
        several.difference_update({MEMBER} if len(several) > 1 else ())
    said = {pk: tuple(sorted(names[code].name for code in several if code in names)) for pk, several in roles.items()}
    return tuple(MyPlace(facts[row[0]], said[row[0]], row[-1]) for row in rows if row[0] in held), facts


def shared_with_me(*, viewer: Viewer, unit_ids: Collection[int]) -> tuple[SharedWithMe, ...]:
    """Return what is shared with places above organisations where the viewer holds something."""
    mine = {one.unit_id for one in viewer.grants} & set(unit_ids)
    if not mine:
        return ()
    today = Q(until__isnull=True) | Q(until__gt=Now())
    held = Sharing.objects.filter(today, shared_with_id__in=mine, since__lte=Now())
    rows = held.values_list("shared_with_id", "measure_code", "unit_id", "by_name")
    found: dict[tuple[int, str], dict[int, bool]] = {}
    for place, code, unit, by_name in rows:
        found.setdefault((place, code), {})[unit] = found.get((place, code), {}).get(unit, False) or by_name
    return tuple(SharedWithMe(*key, len(several), sum(several.values())) for key, several in sorted(found.items()))
