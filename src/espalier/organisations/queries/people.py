"""People and the posts they hold: who works where on a day, and one person's record.

Three people see a record: the person, who is named as the manager of one of the person's posts (that post only), and
who keeps the staff records of the place. Row-level security has decided before any of it which rows there are at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from espalier.access.deciding import can, visible
from espalier.access.roles import all_roles
from espalier.common.errors import NotFoundHere
from espalier.common.paging import page_of
from espalier.organisations.models import Assignment, Below, Grant, Person, StaffChange
from espalier.organisations.queries.holding import owner_of
from espalier.organisations.queries.people_staffing import NAMES, RECORDS, staff_places
from espalier.organisations.rules.staffing import UnableToReadStaff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.common.paging import Page
    from espalier.organisations.queries.units import UnitFacts

PAGE = 50
LONGEST_WAY = 12  # managers above one another; more is a circle
SEARCHED = 500  # of those found by name; who may see few of them gives more of the name
HISTORY = 20


@dataclass(frozen=True, slots=True)
class Post:
    """One stretch of one post. until is the first day on which it is no longer held."""

    pk: int
    person_id: int
    person: str
    email: str
    unit_id: int
    unit_code: str
    unit_name: str
    title: str
    profession: str
    staff_group: str
    band: str
    fraction: Decimal | None
    manager_id: int | None
    manager: str
    number: str
    since: date
    until: date | None
    version: int
    owner_id: int

    @property
    def unit_href(self) -> str:
        """The place's page."""
        return f"/units/{self.unit_code}/"

    def held_on(self, day: date) -> bool:
        """Whether it is held on a day."""
        return self.since <= day and (self.until is None or day < self.until)


POST = (
    "pk", "person_id", "person__name", "person__work_email", "unit_id", "unit__code", "unit__name", "role_title", "profession",
    "staff_group", "band", "fraction", "manager_id", "manager__name", "number", "since", "until", "version", "owner_id",
)  # fmt: skip
MANAGER = POST.index("manager__name")


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role somebody holds, and where."""

    person_id: int
    person: str
    name: str
    unit_code: str
    unit_name: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person on the list of a place: the posts they hold there, and their roles."""

    pk: int
    name: str
    posts: tuple[Post, ...]
    roles: tuple[RoleHeld, ...]


@dataclass(frozen=True, slots=True)
class UnitPeople:
    """Who works at a place on a day."""

    unit: UnitFacts
    on: date
    text: str
    people: tuple[PersonLine, ...]
    beside: tuple[PersonLine, ...]  # who takes part without a post here
    page: Page
    records: Decision
    names: Decision

    @property
    def href(self) -> str:
        """The list's own page."""
        return f"{self.unit.href}people/"


@dataclass(frozen=True, slots=True)
class Step:
    """What was changed in one go about one person: when, by whom, and whether it can still be taken back."""

    batch: UUID
    at: datetime
    account_id: int | None
    why: str
    did: tuple[tuple[str, dict[str, object], dict[str, object]], ...]  # what, before and after
    undone: bool
    undoes: bool


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What one viewer may see of one person. may says whether they may change it."""

    pk: int
    name: str
    email: str
    is_partner: bool
    made_up: bool
    version: int
    why: str  # self, manager or records
    may: bool
    posts: tuple[Post, ...]
    roles: tuple[RoleHeld, ...]
    reports: tuple[Post, ...]
    places: frozenset[int]  # where the viewer keeps the staff records
    steps: tuple[Step, ...] = ()

    @property
    def href(self) -> str:
        """The record's page."""
        return f"/people/{self.pk}/"

    def post(self, pk: int) -> Post:
        """Return one of the posts which the viewer may change."""
        found = next((one for one in self.posts if one.pk == pk and one.unit_id in self.places), None)
        if found is None:
            raise NotFoundHere("There is no such post.")
        return found


def held_on(day: date) -> Q:
    """Return the condition that a post or role is held on a day."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def unit_people(*, viewer: Viewer, unit: UnitFacts, on: date, text: str = "", asked: str = "") -> UnitPeople:
    """Return who works at a place and what lies in it on a day, as far as the viewer may see names there.

    Whoever keeps the records of a place sees its names: the second right is asked about only where the first is missing.
    """
    records = can(viewer=viewer, do=RECORDS, unit_id=unit.pk, name=unit.name)
    names = records or can(viewer=viewer, do=NAMES, unit_id=unit.pk, name=unit.name)
    if not names:
        return UnitPeople(unit, on, text, (), (), page_of(1, size=PAGE, total=0), records, names)
    places = _names_below(viewer, unit.pk, on)
    posts = Assignment.objects.filter(held_on(on), unit_id__in=places)
    for word in text.split()[:6]:
        posts = posts.filter(Q(person__name__icontains=word) | Q(role_title__icontains=word))
    total = posts.aggregate(people=Count("person_id", distinct=True))["people"]
    page = page_of(asked, size=PAGE, total=total)
    ids = list(posts.order_by("person__name", "person_id").values_list("person_id", "person__name").distinct()[page.start : page.stop])
    theirs = _posts(posts.filter(person_id__in=[pk for pk, _ in ids]).order_by("since"))
    roles = _roles(held_on(on), unit_id__in=places, person_id__in=[pk for pk, _ in ids])
    beside = _beside(places, on, {pk for pk, _ in ids}) if page.number == page.pages and not text else ()
    people = tuple(_line(pk, name, theirs, roles) for pk, name in ids)
    return UnitPeople(unit, on, text, people, beside, page, records, names)


def _line(pk: int, name: str, posts: Iterable[Post], roles: Iterable[RoleHeld]) -> PersonLine:
    return PersonLine(pk, name, tuple(one for one in posts if one.person_id == pk), tuple(one for one in roles if one.person_id == pk))


def _names_below(viewer: Viewer, unit_id: int, on: date) -> list[int]:
    """The places in a unit at which the viewer may see names."""
    inside = Below.objects.filter(ancestor_id=unit_id, since__lte=on, until__gt=on).values_list("unit_id", flat=True)
    return list(visible(viewer=viewer, do=NAMES) & frozenset(inside))


def _beside(places: Collection[int], on: date, listed: set[int]) -> tuple[PersonLine, ...]:
    """Who holds a role here on a day and no post: partners, and leaders from elsewhere."""
    working = Assignment.objects.filter(held_on(on), unit_id__in=places).values("person_id")
    roles = _roles(held_on(on) & ~Q(person_id__in=working), unit_id__in=places)
    people = dict.fromkeys((one.person, one.person_id) for one in roles if one.person_id not in listed)
    return tuple(_line(pk, name, (), roles) for name, pk in sorted(people))[:PAGE]


def _posts(rows: QuerySet[Assignment]) -> tuple[Post, ...]:
    found: list[tuple[Any, ...]] = [tuple(row) for row in rows.values_list(*POST)]
    return tuple(Post(*(*row[:MANAGER], row[MANAGER] or "", *row[MANAGER + 1 :])) for row in found)


def _roles(condition: Q, **facts: object) -> tuple[RoleHeld, ...]:
    known = all_roles().roles
    rows = Grant.objects.filter(condition, **facts).order_by("since").values_list(
        "person_id", "person__name", "role", "unit__code", "unit__name", "since", "until"
    )
    return tuple(
        RoleHeld(person_id, person, known[role].name if role in known else role, code, place, since, until)
        for person_id, person, role, code, place, since, until in rows
    )


def person_record(*, viewer: Viewer, pk: int, today: date | None = None) -> PersonRecord:
    """Return what the viewer may see of a person; for everybody else there is no such person, whoever asks for whatever number."""
    day = today or timezone.localdate()
    row = Person.objects.filter(pk=pk).values_list("pk", "name", "work_email", "is_partner", "made_up", "version").first()
    posts = _posts(Assignment.objects.filter(person_id=pk).order_by(F("until").desc(nulls_first=True), "-since")) if row else ()
    places = visible(viewer=viewer, do=RECORDS)
    why = _why(viewer, pk, posts, places, day) if row else ""
    roles = _roles(Q(), person_id=pk) if why in {"self", "records"} else ()
    if row and not why and (_holds_at(pk, places)):
        why, roles = "records", _roles(Q(unit_id__in=places), person_id=pk)
    if not row or not why:
        raise NotFoundHere("There is no such person here.")
    if why == "manager":
        posts = tuple(one for one in posts if one.manager_id == viewer.person_id and (one.until is None or one.until > day))
    elif why == "records":
        posts = tuple(one for one in posts if one.unit_id in places)
    reports = _posts(Assignment.objects.filter(held_on(day), manager_id=pk).order_by("person__name")[:PAGE]) if why != "manager" else ()
    may = bool(places) and (_holds_at(pk, places) if why == "self" else why == "records")
    return PersonRecord(*row, why, may, posts, roles, reports, places, _steps(pk) if why == "records" else ())


def _why(viewer: Viewer, pk: int, posts: Iterable[Post], places: frozenset[int], day: date) -> str:
    """Why the viewer may see this record: it is theirs, they keep it, or they manage a post the person holds or will hold."""
    if viewer.person_id == pk:
        return "self"
    if any(one.unit_id in places for one in posts):
        return "records"
    managed = (one for one in posts if one.manager_id == viewer.person_id and (one.until is None or one.until > day))
    return "manager" if viewer.person_id and any(managed) else ""


def _holds_at(pk: int, places: frozenset[int]) -> bool:
    """Whether a person holds a post or role, now or before, at one of these places."""
    if not places:
        return False
    held = Assignment.objects.filter(person_id=pk, unit_id__in=places)
    return held.exists() or Grant.objects.filter(person_id=pk, unit_id__in=places).exists()


def _steps(pk: int) -> tuple[Step, ...]:
    """The newest changes of a person and their posts, as far as the viewer's organisations made them."""
    rows = StaffChange.objects.filter(person_id=pk).order_by("-at", "post_id").values_list(
        "batch", "at", "account_id", "why", "did", "post_id", "before", "after", "undoes"
    )
    grouped: dict[UUID, list[tuple[object, ...]]] = {}
    for row in rows[: HISTORY * 4]:
        grouped.setdefault(row[0], []).append(row)
    undone = {row[8] for several in grouped.values() for row in several if row[8]}
    return tuple(
        Step(
            batch, several[0][1], several[0][2], several[0][3],  # type: ignore[arg-type]
            tuple((f"{'post' if row[5] else 'person'}-{row[4]}", row[6] or {}, row[7] or {}) for row in several),  # type: ignore[misc]
            batch in undone, bool(several[0][8]),
        )
        for batch, several in list(grouped.items())[:HISTORY]
    )  # fmt: skip


def people_on(*, viewer: Viewer, unit_id: int, on: date) -> tuple[Post, ...]:
    """Return every post held at a place and what lies in it on a day, as far as the viewer may see names there."""
    held = Assignment.objects.filter(held_on(on), unit_id__in=_names_below(viewer, unit_id, on))
    return _posts(held.order_by("person__name", "since"))


def headcount(*, viewer: Viewer, unit_id: int, on: date) -> dict[int, int]:
    """Return how many people hold a post on a day at a place (its own number is the key) and in each place directly below it.

    Plain counts of whom the viewer may see: for people of the place, never for publication.
    """
    children = Below.objects.filter(ancestor_id=unit_id, depth=1, since__lte=on, until__gt=on).values_list("unit_id", flat=True)
    places = _names_below(viewer, unit_id, on)
    inside = Below.objects.filter(ancestor_id__in=[unit_id, *children], unit_id__in=places, since__lte=on, until__gt=on)
    at: dict[int, set[int]] = {}
    held: dict[int, set[int]] = {}
    for place, person in Assignment.objects.filter(held_on(on), unit_id__in=places).values_list("unit_id", "person_id"):
        held.setdefault(place, set()).add(person)
    for above, place in inside.values_list("ancestor_id", "unit_id"):
        at.setdefault(above, set()).update(held.get(place, ()))
    return {pk: len(several) for pk, several in at.items()}


def manager_chain(*, viewer: Viewer, person_id: int, on: date) -> tuple[tuple[int, str], ...]:
    """Return a person's manager, that person's manager and so on up, as numbers and names; a circle ends it."""
    del viewer
    found: dict[int, str] = {person_id: ""}
    at = person_id
    while len(found) <= LONGEST_WAY:
        above = Assignment.objects.filter(held_on(on), person_id=at, manager__isnull=False).order_by("since", "pk")
        row = above.values_list("manager_id", "manager__name").first()
        if row is None or row[0] in found:
            break
        at, found[row[0]] = row
    return tuple(found.items())[1:]


def reports_of(*, viewer: Viewer, person_id: int, on: date) -> tuple[Post, ...]:
    """Return the posts whose manager a person is on a day."""
    del viewer
    return _posts(Assignment.objects.filter(held_on(on), manager_id=person_id).order_by("person__name", "since"))


def find_people(*, viewer: Viewer, text: str, limit: int = 20) -> tuple[Post, ...]:
    """Find people by words of their name: one post of each who holds one today where the viewer may see names.

    The database gives numbers of people of the viewer's own organisations; the rows are then read as everybody reads them.
    """
    places = visible(viewer=viewer, do=NAMES) if text.strip() and viewer.grants else frozenset()
    if not places:
        return ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_find_people(%s, %s)", [text.replace("\x00", "")[:200], SEARCHED])
        ids = [pk for (pk,) in cursor.fetchall()]
    held = Assignment.objects.filter(held_on(timezone.localdate()), person_id__in=ids, unit_id__in=places)
    once: dict[int, Post] = {}
    for one in _posts(held.order_by("person__name", "person_id", "since")):
        once.setdefault(one.person_id, one)
    return tuple(once.values())[:limit]


def place_meant(*, viewer: Viewer, text: str) -> UnitFacts:
    """Return the place whose records the viewer keeps that a code or whole name means."""
    places = staff_places(viewer=viewer)
    found = places.find(text)
    if len(found) == 1:
        return found[0]
    if found:
        codes = ", ".join(one.code for one in found[:4])
        raise UnableToReadStaff("Several places have this name.", to_do=f"Use a code: {codes}.", field="team")
    near = places.near(text)
    to_do = f"Did you mean {near}?" if near else "Use the code or the whole name of a place whose staff records you keep."
    raise UnableToReadStaff("We know no such place here.", to_do=to_do, field="team")


def person_meant(*, viewer: Viewer, unit_id: int, text: str) -> int:
    """Return the person of the same organisation whom a name or work e-mail address means."""
    owner = owner_of(viewer=viewer, unit_id=unit_id)
    people = Person.objects.filter(Q(name__iexact=text) | Q(work_email__iexact=text), owner_ids__contains=[owner])
    found = list(people.order_by("pk").values_list("pk", flat=True)[:2])
    if len(found) == 1:
        return int(found[0])
    if found:
        raise UnableToReadStaff("Several people have this name.", to_do="Use the work e-mail address.", field="manager")
    raise UnableToReadStaff("Nobody of this name works here.", to_do="Use the whole name, or the work e-mail address.", field="manager")


def person_is_here(*, viewer: Viewer, pk: int) -> bool:
    """Whether a person is there at all for the viewer: one who was added and taken back is not."""
    del viewer
    return Person.objects.filter(pk=pk).exists()
