"""From what a staff system says of a user to a person, a post, a way to sign in; and the end of all three."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from espalier.access.connections import account_for_staff
from espalier.organisations.models import Assignment, Below, Connected, Grant, Person, Unit
from espalier.organisations.rules.scim import Meant, meant

if TYPE_CHECKING:
    from datetime import date, datetime


def apply(row: Connected, *, at: datetime) -> None:
    """Make people and posts as the row says, and note on it what could not be made out; the caller saves the row."""
    facts, day = meant(row.document), at.date()
    if facts.is_active is not None:
        row.is_active = facts.is_active
    if not row.is_active:
        leave(row, at=at)
        return
    row.said = ""
    unit_id = _team(row, facts, day)
    if row.person_id is None:
        row.person_id = _known_here(row, facts)
    if row.person_id is None:
        row.person_id = _new_person(row.owner_id, facts)
    _post(row, row.person_id, facts, unit_id, day)
    _person(row, row.person_id, facts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_open_account(%s)", [row.person_id])


def leave(row: Connected, *, at: datetime) -> None:
    """End every post and role the person holds in the organisation, and shut the account unless they work elsewhere too."""
    row.said, row.post_id = "", None
    if row.person_id is None:
        return
    day = at.date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_shut_account(%s, %s)", [row.person_id, at])
    for model in (Assignment, Grant):
        held = model.objects.filter(Q(until=None) | Q(until__gt=day), person_id=row.person_id, owner_id=row.owner_id)
        held.filter(since__lt=day).update(until=day)
        # A stretch of time that begins and ends on one day is none; the event keeps that it was.
        held.filter(since__gte=day).delete()


def _team(row: Connected, facts: Meant, day: date) -> int:
    """Find the team by code or name inside the organisation; what we cannot find is said, and the organisation itself is it."""
    inside = Below.objects.filter(ancestor_id=row.owner_id, since__lte=day, until__gt=day).values("unit_id")
    for name in facts.teams:
        named = Unit.objects.filter(Q(code__iexact=name) | Q(name__iexact=name) | Q(short_name__iexact=name), pk__in=inside, closed_on=None)
        found = list(named.values_list("pk", "code")[:3])
        exact = [pk for pk, code in found if code.casefold() == name.casefold()]
        if exact or len(found) == 1:
            return int((exact or [found[0][0]])[0])
        if not row.said:
            row.said = f"{'Several teams are' if found else 'No team is'} called “{name[:80]}”"
    return row.owner_id


def _known_here(row: Connected, facts: Meant) -> int | None:
    """Find the person among the organisation's own: told of before, or on the staff list under the same number or address."""
    before = Connected.objects.filter(owner_id=row.owner_id, kind="User").exclude(person=None).exclude(pk=row.pk)
    same = Q(key=row.key) | (Q(external_id=row.external_id) if row.external_id else Q(pk__in=()))
    found = before.filter(same).exclude(removed_at=None).order_by("-changed_at").values_list("person_id", flat=True).first()
    if found is None and facts.number:
        posts = Assignment.objects.filter(owner_id=row.owner_id, number=facts.number).order_by("-since")
        found = posts.values_list("person_id", flat=True).first()
    if found is None and facts.email:
        ours = Person.objects.filter(owner_ids__contains=[row.owner_id], work_email__iexact=facts.email)
        found = ours.values_list("pk", flat=True).first()
    taken = found is not None and before.filter(person_id=found, removed_at=None).exists()
    return None if taken else found


def _new_person(owner_id: int, facts: Meant) -> int:
    """Make the person, or take the one who has proved that the address is theirs, wherever they work: both look the same."""
    account_id, person_id, address = None, None, facts.email
    if address:
        with connection.cursor() as cursor:
            cursor.execute("SELECT account_id, person_id FROM organisations_who_has(%s)", [address])
            account_id, person_id = cursor.fetchone() or (None, None)
    if person_id is not None and Connected.objects.filter(person_id=person_id, removed_at=None).exists():
        account_id, person_id, address = None, None, ""  # another user of this organisation already: two people, one address
    if person_id is not None:
        return int(person_id)
    account_id = account_id or account_for_staff(email=address)
    made = Person.objects.create(account_id=account_id, name=facts.name, work_email=address, owner_ids=[owner_id])
    return int(made.pk)


def _post(row: Connected, person_id: int, facts: Meant, unit_id: int, day: date) -> None:
    """Keep the one post that follows from the row: changed where it is, ended and begun anew where the team is another."""
    number = facts.number
    others = Assignment.objects.filter(owner_id=row.owner_id, number=number, since=day).exclude(person_id=person_id)
    if number and others.exists():
        number, row.said = "", f"Another person's post has the number {number}"
    wanted: dict[str, Any] = {"role_title": facts.title, "number": number, "manager_id": _manager(row, facts)}
    current = _current_post(row, person_id, unit_id, number, day)
    if current is not None and current.unit_id != unit_id and current.since < day:
        current.until = day
        current.version += 1
        current.save(update_fields=["until", "version"])
        current = None
    if current is None:
        # The same post, ended and begun again on one day, goes on.
        same = Assignment.objects.filter(person_id=person_id, owner_id=row.owner_id, number=number, since=day)
        current = same.first() or Assignment(person_id=person_id, since=day)
    before = (current.pk, current.unit_id, current.until, *(getattr(current, name) for name in wanted))
    current.unit_id, current.until = unit_id, None
    for name, value in wanted.items():
        setattr(current, name, value)
    if before != (current.pk, unit_id, None, *wanted.values()):
        current.version += 1 if current.pk else 0
        current.save()
    row.post_id = current.pk


def _current_post(row: Connected, person_id: int, unit_id: int, number: str, day: date) -> Assignment | None:
    """Return the post to go on with: the one kept so far, or one on the staff list with the same number or in the same team."""
    standing = Assignment.objects.filter(Q(until=None) | Q(until__gt=day), person_id=person_id, owner_id=row.owner_id, since__lte=day)
    kept = standing.filter(pk=row.post_id).first() if row.post_id else None
    same_number = standing.filter(number=number).first() if number else None
    return kept or same_number or standing.filter(unit_id=unit_id).first()


def _manager(row: Connected, facts: Meant) -> int | None:
    """Return the person behind the id of another user of the same organisation; an id we do not know is nobody."""
    try:
        pk = UUID(facts.manager)
    except ValueError:
        return None
    found = Connected.objects.filter(pk=pk, owner_id=row.owner_id, kind="User", removed_at=None).values_list("person_id", flat=True).first()
    return None if found == row.person_id else found


def _person(row: Connected, person_id: int, facts: Meant) -> None:
    """Take over name and address, where the person is of this organisation alone: another's word counts as much as ours."""
    person = Person.objects.filter(pk=person_id, owner_ids=[row.owner_id]).first()
    if person is None or (person.name, person.work_email) == (facts.name, facts.email):
        return
    person.name, person.work_email = facts.name, facts.email or person.work_email
    person.version += 1
    person.save(update_fields=["name", "work_email", "version"])
