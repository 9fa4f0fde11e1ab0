"""What a staff list is compared with: the places somebody looks after, and every post there as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from espalier.access.deciding import visible
from espalier.common.names import alike
from espalier.organisations.models import Person
from espalier.organisations.queries.holding import owners_of
from espalier.organisations.queries.units import near_matches, units
from espalier.organisations.rules.staffing import PostFacts, stem_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries.units import UnitFacts

RECORDS = "people.records"
NAMES = "people.names"
MOST_NEAR = 20  # texts looked up; a list with more wrong names than that has another trouble


@dataclass(slots=True)
class StaffPlaces:
    """The places at which one viewer may do something, found by code or by name. Only these are ever compared or named."""

    viewer: Viewer
    inside: dict[int, UnitFacts]
    owners: dict[int, int]  # by place: the organisation it belongs to
    by_code: dict[str, UnitFacts] = field(default_factory=dict)
    by_name: dict[str, list[UnitFacts]] = field(default_factory=dict)
    looked: int = 0

    def find(self, text: str) -> tuple[UnitFacts, ...]:
        """Return the places a text names: one by its code, or all with exactly this name."""
        plain = alike(text)
        if found := self.by_code.get(plain):
            return (found,)
        return tuple(self.by_name.get(plain, ()))

    def near(self, text: str) -> str:
        """Return a place of the viewer's own that is nearly the text; others' places are never suggested."""
        if self.looked >= MOST_NEAR:
            return ""
        self.looked += 1
        found = [one for one in near_matches(viewer=self.viewer, text=text) if one.pk in self.inside]
        return f"{found[0].name} ({found[0].code})" if found else ""


def staff_places(*, viewer: Viewer) -> StaffPlaces:
    """Return the places whose staff records the viewer keeps; those that have closed take nobody in."""
    return places_where(viewer=viewer, do=RECORDS)


def places_where(*, viewer: Viewer, do: str) -> StaffPlaces:
    """Return the open places at which the viewer has a right, ready to be found by what a file calls them."""
    inside = {pk: one for pk, one in units(viewer=viewer, pks=visible(viewer=viewer, do=do)).items() if one.closed_on is None}
    places = StaffPlaces(viewer, inside, owners_of(inside))
    for one in inside.values():
        places.by_code[alike(one.code)] = one
        whole = one.name.removesuffix(" (made up)")
        for name in {alike(one.name), alike(whole), alike(whole.partition(",")[0])}:  # "Ward 7, care of older people" is Ward 7
            places.by_name.setdefault(name, []).append(one)
    return places


@dataclass(frozen=True, slots=True)
class Chain:
    """A post as it stands: its newest stretch, the days on which earlier ones under the same number began, and when the last ended."""

    pk: int
    owner_id: int
    facts: PostFacts
    begun: frozenset[date]
    before: date | None  # the end of the stretch before this one
    version: int


@dataclass(slots=True)
class Staff:
    """Everybody at some organisations, found the ways a staff list can find them. Never across organisations."""

    chains: dict[int, Chain] = field(default_factory=dict)
    by_number: dict[tuple[int, str], Chain] = field(default_factory=dict)
    by_person: dict[tuple[int, int], list[Chain]] = field(default_factory=dict)  # organisation and person
    by_email: dict[tuple[int, str, str], set[int]] = field(default_factory=dict)  # organisation, address, name
    by_stem: dict[tuple[int, str, str], int] = field(default_factory=dict)  # organisation, number without its ending, name


_POSTS = (
    "SELECT a.id, a.owner_id, a.version, a.person_id, p.name, p.work_email, a.number, a.unit_id, a.role_title, a.profession, a.staff_group,"
    " a.band, a.fraction, a.since, a.until, a.manager_id"
    " FROM organisations_assignment a JOIN organisations_person p ON p.id = a.person_id"
    " WHERE a.owner_id = ANY (%s) ORDER BY a.owner_id, a.number, a.since, a.id"
)


def staff_of(*, viewer: Viewer, owners: Collection[int], lock: bool = False) -> Staff:
    """Return everybody at these organisations. With lock nobody can change a post there until the transaction ends."""
    del viewer  # row-level security shows what this viewer may see
    staff = Staff()
    with connection.cursor() as cursor:
        if lock:  # one list of an organisation is stored at a time, also of people whom the other list has only just brought
            for owner in sorted(owners):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('staff list'), %s)", [owner])
        cursor.execute(_POSTS + (" FOR UPDATE OF a, p" if lock else ""), [sorted(owners)])
        rows = cursor.fetchall()
    for pk, owner, version, *facts in rows:
        _add(staff, pk, owner, version, PostFacts(*facts))
    for pk, name, email, theirs in Person.objects.filter(owner_ids__overlap=sorted(owners)).values_list(
        "pk", "name", "work_email", "owner_ids"
    ):
        for owner in set(theirs) & set(owners) if email else ():
            staff.by_email.setdefault((owner, email.lower(), alike(name)), set()).add(pk)
    return staff


def _add(staff: Staff, pk: int, owner: int, version: int, facts: PostFacts) -> None:
    """Take a stretch in; a later one under the same number takes the place of an earlier one."""
    earlier = staff.by_number.get((owner, facts.number)) if facts.number else None
    begun = (earlier.begun if earlier else frozenset()) | {facts.since}
    chain = Chain(pk, owner, facts, begun, earlier.facts.until if earlier else None, version)
    several = staff.by_person.setdefault((owner, int(facts.person)), [])
    if earlier:
        del staff.chains[earlier.pk]
        if earlier in (theirs := staff.by_person[owner, int(earlier.facts.person)]):
            theirs.remove(earlier)
    staff.chains[pk] = chain
    several.append(chain)
    if facts.number:
        staff.by_number[owner, facts.number] = chain
        staff.by_stem.setdefault((owner, stem_of(facts.number), alike(facts.name)), int(facts.person))
