"""What is changed by hand about people and their posts: each change is dated, noted with what stood, and can be taken back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from espalier.access.deciding import can, visible
from espalier.access.embedding import hold_real_people
from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, Suggestion, UnableTo
from espalier.organisations.actions.people_log import Log, take_back
from espalier.organisations.models import Assignment, Grant, Person, StaffChange
from espalier.organisations.queries import owner_of
from espalier.organisations.queries.people_staffing import RECORDS
from espalier.organisations.rules.staffing import DATED, email_of, name_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Undone

ONE_DAY = timedelta(days=1)


class UnableToStaff(UnableTo):
    """Something about a person or post that cannot be stored; field is the box it stands in, where there is one."""

    code = "staffing"

    def __init__(self, what: str, *, to_do: str = "", field: str = "", see: Suggestion | None = None) -> None:
        self.field = field
        super().__init__(what, to_do=to_do, see=see)


class ChangedMeanwhile(UnableToStaff):
    """What stands is no longer what the person saw; version is what they would have to have seen."""

    code = "changed"

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__("Somebody else changed this while you were typing.", to_do="Look at both and save again.")


@dataclass(frozen=True, slots=True)
class PostWords:
    """What a form says about a post. since and until are days on which it begins and is no longer held."""

    unit_id: int
    title: str
    profession: str = ""
    staff_group: str = ""
    band: str = ""
    fraction: Decimal | None = None
    manager_id: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What was stored: of whom, and the batch by which it can be taken back."""

    person_id: int
    batch: UUID


@transaction.atomic
def add_person(*, actor: Viewer, at: datetime, name: str, work_email: str, post: PostWords, since: date, until: date | None = None) -> Done:
    """Add a person with their first post. Somebody of the same address and name who is here already is not added twice."""
    _refuse_unless_keeping(actor, post.unit_id)
    hold_real_people(employed=True)
    owner, name, email = owner_of(viewer=actor, unit_id=post.unit_id), name_of(name), email_of(work_email)
    known = _known(owner, name, email, post, since)
    if known:
        see = Suggestion(f"Open the record of {name}", f"/people/{known}/")
        raise UnableToStaff(f"{name} is here already.", to_do="Add the post to their record.", field="name", see=see)
    person = Person.objects.create(name=name, work_email=email, owner_ids=[owner])
    log = Log(actor=actor, at=at, batch=uuid.uuid4(), owner_id=owner)
    log.added(person)
    _add(log, person.pk, post, since, until)
    record(actor=actor, verb="add", object_kind="person", object_id=str(person.pk), at=at, detail=_detail(None, post, since, until))
    return Done(person.pk, log.batch)


def _known(owner: int, name: str, email: str, post: PostWords, since: date) -> int | None:
    """Return somebody who must be the same: by address and name; without an address, only the very same post sent twice."""
    same = Person.objects.filter(owner_ids__contains=[owner], name__iexact=name)
    if email:
        return same.filter(work_email__iexact=email).values_list("pk", flat=True).first()
    held = Assignment.objects.filter(person__in=same, unit_id=post.unit_id, role_title=post.title, since=since)
    return held.values_list("person_id", flat=True).first()


@transaction.atomic
def add_post(*, actor: Viewer, at: datetime, person_id: int, post: PostWords, since: date, until: date | None = None) -> Done:
    """Give a person one more post; the same one from the same day is given once."""
    _refuse_unless_keeping(actor, post.unit_id)
    _person(actor, person_id)
    if Assignment.objects.filter(person_id=person_id, unit_id=post.unit_id, role_title=post.title, since=since).exists():
        raise UnableToStaff("They hold this post from that day already.", field="title")
    log = _log(actor, at, post.unit_id)
    _add(log, person_id, post, since, until)
    record(actor=actor, verb="add-post", object_kind="person", object_id=str(person_id), at=at, detail=_detail(None, post, since, until))
    return Done(person_id, log.batch)


@transaction.atomic
def change_person(*, actor: Viewer, at: datetime, person_id: int, seen: int, name: str, work_email: str) -> Done:
    """Put a person's name or work address right."""
    person = _person(actor, person_id)
    if person.version != seen:
        raise ChangedMeanwhile(person.version)
    log = Log(actor=actor, at=at, batch=uuid.uuid4(), owner_id=_an_owner(actor, person_id))
    before = log.before(person)
    changed = [what for what, new in (("name", name_of(name)), ("work_email", email_of(work_email))) if getattr(person, what) != new]
    if not changed:
        return Done(person_id, log.batch)
    person.name, person.work_email, person.version = name_of(name), email_of(work_email), person.version + 1
    person.save()
    log.changed(person, before)
    record(actor=actor, verb="change", object_kind="person", object_id=str(person_id), at=at, detail={"changed": changed})
    return Done(person_id, log.batch)


@transaction.atomic
def change_post(
    *, actor: Viewer, at: datetime, post_id: int, seen: int, post: PostWords, from_on: date | None = None, since: date | None = None
) -> Done:  # fmt: skip
    """Change a post. From a day on, the stretch before stays as it was; without a day, what is written is put right."""
    row = _post(actor, post_id, seen)
    _refuse_unless_keeping(actor, post.unit_id)
    old = _words_of(row)
    log = _log(actor, at, row.unit_id)
    before = log.before(row)
    if from_on is not None and any(getattr(old, name) != getattr(post, name) for name in DATED):
        if from_on <= row.since or (row.until is not None and from_on >= row.until):
            raise UnableToStaff("The change must lie inside the time of this post.", to_do="Choose a later day.", field="from_on")
        until, row.until = row.until, from_on
        _save(log, row, before)
        _add(log, row.person_id, post, from_on, until)
    else:
        _fill(row, post)
        row.since = since or row.since
        _save(log, row, before)
    detail = _detail(old, post, from_on or row.since, row.until)
    record(actor=actor, verb="change-post", object_kind="person", object_id=str(row.person_id), at=at, detail=detail)
    return Done(row.person_id, log.batch)


@transaction.atomic
def end_post(*, actor: Viewer, at: datetime, post_id: int, seen: int, last_on: date | None) -> Done:
    """Say which day is the last of a post, also one to come; without a day it goes on."""
    row = _post(actor, post_id, seen)
    log = _log(actor, at, row.unit_id)
    before, row.until = log.before(row), last_on + ONE_DAY if last_on else None
    _save(log, row, before)
    detail = {"last_day": str(last_on or "")}
    record(actor=actor, verb="end-post", object_kind="person", object_id=str(row.person_id), at=at, detail=detail)
    return Done(row.person_id, log.batch)


@transaction.atomic
def leave(*, actor: Viewer, at: datetime, person_id: int, last_on: date) -> Done:
    """End every post and role of a person where the actor keeps the records: they leave, on a day or one to come."""
    _person(actor, person_id)
    places, until = visible(viewer=actor, do=RECORDS), last_on + ONE_DAY
    open_ = Q(until=None) | Q(until__gt=until)
    rows = list(Assignment.objects.select_for_update().filter(open_, person_id=person_id, unit_id__in=places).order_by("pk"))
    log = Log(actor=actor, at=at, batch=uuid.uuid4(), owner_id=_an_owner(actor, person_id), why="left")
    for row in rows:
        before = log.before(row)
        if row.since >= until:
            log.removing(row)
            row.delete()
        else:
            row.until = until
            _save(log, row, before)
    roles = Grant.objects.filter(open_, person_id=person_id, unit_id__in=places)
    ended = roles.filter(since__lt=until).update(until=until) + roles.filter(since__gte=until).delete()[0]
    detail = {"posts": len(rows), "roles": ended, "last_day": str(last_on)}
    record(actor=actor, verb="leave", object_kind="person", object_id=str(person_id), at=at, detail=detail)
    return Done(person_id, log.batch)


@transaction.atomic
def undo_staff(*, actor: Viewer, at: datetime, person_id: int, batch: UUID) -> Undone:
    """Take back one change of a person or their posts. Twice does it once; roles that ended with a post are given anew by hand."""
    _person(actor, person_id)
    if not StaffChange.objects.filter(batch=batch, person_id=person_id).exists():
        raise NotFoundHere("There is nothing to take back.")
    if StaffChange.objects.filter(batch=batch).exclude(person_id=person_id).exists():
        raise UnableToStaff("This came with a staff list.", to_do="Take the list back, or change the post.")
    done = take_back(actor=actor, at=at, batch=batch)
    detail = {"batch": str(batch), "back": done.back, "left": len(done.left)}
    record(actor=actor, verb="undo", object_kind="person", object_id=str(person_id), at=at, detail=detail)
    return done


def _refuse_unless_keeping(actor: Viewer, unit_id: int) -> None:
    if not (decision := can(viewer=actor, do=RECORDS, unit_id=unit_id)):
        raise UnableToStaff(decision.reason, field="unit")


def _person(actor: Viewer, person_id: int) -> Person:
    """Return a person whose records the actor keeps somewhere, locked; for everybody else there is none."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None or not _kept(actor, person_id):
        raise NotFoundHere("There is no such person here.")
    return person


def _kept(actor: Viewer, person_id: int) -> list[int | None]:
    """Where the actor keeps the records and the person holds something, now or before."""
    places = visible(viewer=actor, do=RECORDS)
    held = [model.objects.filter(person_id=person_id, unit_id__in=places) for model in (Assignment, Grant)]
    return [owner for rows in held for owner in rows.order_by("pk").values_list("owner_id", flat=True)]


def _an_owner(actor: Viewer, person_id: int) -> int:
    return next(owner for owner in _kept(actor, person_id) if owner is not None)


def _post(actor: Viewer, post_id: int, seen: int) -> Assignment:
    """Return a post the actor may change, locked and as they saw it."""
    row = Assignment.objects.select_for_update().filter(pk=post_id).first()
    if row is None or not can(viewer=actor, do=RECORDS, unit_id=row.unit_id):
        raise NotFoundHere("There is no such post.")
    if row.version != seen:
        raise ChangedMeanwhile(row.version)
    return row


def _log(actor: Viewer, at: datetime, unit_id: int) -> Log:
    return Log(actor=actor, at=at, batch=uuid.uuid4(), owner_id=owner_of(viewer=actor, unit_id=unit_id))


def _words_of(row: Assignment) -> PostWords:
    return PostWords(row.unit_id, row.role_title, row.profession, row.staff_group, row.band, row.fraction, row.manager_id, row.number)


def _fill(row: Assignment, post: PostWords) -> None:
    for one in fields(post):
        setattr(row, "role_title" if one.name == "title" else one.name, getattr(post, one.name))


def _save(log: Log, row: Assignment, before: str) -> None:
    _refuse_senseless(log, row)
    row.version += 1
    row.save()
    log.changed(row, before)


def _add(log: Log, person_id: int, post: PostWords, since: date, until: date | None) -> None:
    row = Assignment(person_id=person_id, since=since, until=until)
    _fill(row, post)
    _refuse_senseless(log, row)
    row.save()
    log.added(row)


def _refuse_senseless(log: Log, row: Assignment) -> None:
    """Refuse what the database would refuse without words: days that run backwards, a number that stands twice."""
    if row.until is not None and row.until <= row.since:
        raise UnableToStaff("The last day is before the first.", to_do="Check both days.", field="last_on")
    if row.manager_id == row.person_id:
        raise UnableToStaff("Nobody is their own manager.", to_do="Name somebody else, or leave it empty.", field="manager")
    clash = Assignment.objects.filter(owner_id=log.owner_id, number=row.number, since=row.since).exclude(pk=row.pk)
    if row.number and clash.exists():
        raise UnableToStaff("This number is given to another post from that day.", to_do="Check the number.", field="number")


def _detail(old: PostWords | None, new: PostWords, since: date, until: date | None) -> dict[str, object]:
    """What an event says: places, posts and days, and which other facts changed; never bands or hours themselves."""
    changed = [one.name for one in fields(new) if old is not None and getattr(old, one.name) != getattr(new, one.name)]
    before = {"unit": old.unit_id, "title": old.title} if old else None
    after = {"unit": new.unit_id, "title": new.title, "since": str(since), "until": str(until or "")}
    return {"before": before, "after": after, "changed": changed}


__all__ = [
    "ChangedMeanwhile", "Done", "PostWords", "UnableToStaff", "add_person", "add_post", "change_person", "change_post", "end_post", "leave",
    "undo_staff",
]  # fmt: skip
