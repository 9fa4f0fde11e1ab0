"""A staff list as a kind of file: the engine of the room imports reads and compares, this room says what a post is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from espalier.access.deciding import anywhere, visible
from espalier.access.embedding import hold_real_people, may_hold_real_people
from espalier.audit.recording import record
from espalier.imports.kinds import ChangedMeanwhile, Field, Holds, Shown, Words
from espalier.organisations.actions.people_log import take_back
from espalier.organisations.actions.staffing_check import (
    BAND,
    EMAIL,
    FIRST,
    FRACTION,
    GROUP,
    LAST,
    MANAGER,
    NAME,
    NUMBER,
    PLACE,
    PROFESSION,
    SINCE,
    TITLE,
    UNTIL,
    Check,
)  # fmt: skip
from espalier.organisations.actions.staffing_store import store_staff
from espalier.organisations.queries.holding import owners_of
from espalier.organisations.queries.people_staffing import RECORDS, staff_of
from espalier.organisations.queries.units import units
from espalier.organisations.rules.staffing import PostFacts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Change, Checked, Key, Line, Record, Undone, Values

_FIELDS = {
    NUMBER: Field("number", "Assignment number", "The employer's own number of this post. The surest way to know it again.", Holds.TEXT,
                  synonyms=("assignment number", "assignment no", "assignment", "employee number", "employee no", "staff number",
                            "payroll number")),
    NAME: Field("name", "Whole name", "First and last name in one column.", Holds.TEXT,
                synonyms=("employee name", "full name", "name", "employee full name", "staff name")),
    FIRST: Field("first", "First name", "Where first and last name stand apart.", Holds.TEXT,
                 synonyms=("first name", "forename", "given name", "preferred name")),
    LAST: Field("last", "Last name", "Where first and last name stand apart.", Holds.TEXT,
                synonyms=("last name", "surname", "family name")),
    EMAIL: Field("email", "Work e-mail address", "With the name it tells people apart where there is no number.", Holds.TEXT,
                 synonyms=("work e-mail", "work email", "email address", "e-mail address", "office e-mail address", "email",
                           "e-mail")),
    PLACE: Field("place", "Team or organisation", "Its code or its whole name.", Holds.TEXT, required=True, for_all="Its code or name",
                 synonyms=("team code", "organisation code", "org code", "cost centre code", "team", "organisation", "org l5", "ward",
                           "department")),
    TITLE: Field("title", "Post", "What the post is called.", Holds.TEXT,
                 synonyms=("position title", "position", "post title", "job title")),
    GROUP: Field("staff_group", "Staff group", "Such as Nursing and Midwifery Registered.", Holds.TEXT, synonyms=("staff group",)),
    PROFESSION: Field("profession", "Profession or job role", "Such as Staff Nurse, or an occupation code such as N6A.", Holds.TEXT,
                      synonyms=("job role", "profession", "role", "occupation code", "area of work")),
    BAND: Field("band", "Band", "Such as Band 6, or XR06.", Holds.TEXT,
                synonyms=("band", "pay grade", "grade", "grade step", "pay scale", "pay band")),
    FRACTION: Field("fraction", "Hours, as a share of full time", "1 is full time.", Holds.TEXT,
                    synonyms=("fte", "wte", "contracted fte", "fte contracted", "contracted wte")),
    SINCE: Field("since", "First day", "The day on which the post is first held.", Holds.DAY,
                 synonyms=("position start date", "assignment start date", "start date in position", "start date", "effective start date",
                           "latest start date", "hire date", "first day")),
    UNTIL: Field("until", "Last day", "The last day of the post, empty while it goes on.", Holds.DAY,
                 synonyms=("assignment end date", "end date", "termination date", "leaving date", "effective end date", "last day")),
    MANAGER: Field("manager", "Manager's assignment number", "Their number in the same list.", Holds.TEXT,
                   synonyms=("supervisor assignment number", "supervisor number", "supervisor employee number", "manager assignment number",
                             "manager number")),
}  # fmt: skip
WORDS = Words(
    one="post", many="posts", place="place",
    twice="has the same post with other words", nothing="No row of this table has a name or a number for us.",
    empty="without a name or a number",
    gone="People who are not in this list", remove="They have left: end {number} today", removed="Ended",
    lines=("A staff list has one row for each post that somebody holds, with headings such as Assignment Number and Position Title.",),
)  # fmt: skip
WHERE_TO_LOOK = 12
MUCH = 0.1


class Staff:
    """Posts and who holds them, at places whose staff records the viewer keeps."""

    code = "staff"
    name = "A staff list"
    says = "One row for each post that somebody holds, as a staff record system gives them out."
    fields = tuple(_FIELDS[at] for at in sorted(_FIELDS))
    core: tuple[str, ...] = ("number", "name", "first", "last", "email")
    words = WORDS
    in_part = False

    def may_use(self, *, viewer: Viewer) -> str:
        """Say why not, or nothing."""
        return anywhere(viewer=viewer, do=RECORDS).reason

    def held_back(self) -> str:
        """Say at the door what storing would say at the end: real people have no place on the database that comes along."""
        return may_hold_real_people(employed=True).reason

    def owner_of(self, *, viewer: Viewer) -> int | None:
        """Return the organisation whose lists the viewer loads: the first they keep records for."""
        places = visible(viewer=viewer, do=RECORDS)
        held = [grant.unit_id for grant in viewer.grants if grant.unit_id in places]
        return owners_of(held[:1]).get(held[0]) if held else None

    def choices(self, *, viewer: Viewer, field: str) -> tuple[tuple[str, str], ...]:
        """Nothing is chosen from a list: places and people are too many."""
        del viewer, field
        return ()

    def lacks(self, *, given: Collection[str], chosen: Mapping[str, str]) -> Mapping[str, str]:
        """Ask for a name, and for something that tells two people of the same name apart."""
        del chosen
        if "name" not in given and not {"first", "last"} <= set(given):
            return {"name": "Say where the names stand: in one column, or first and last name"}
        if not {"number", "email"} & set(given):
            return {"number": "Say where the number or the e-mail address stands: two people may have one name"}
        return {}

    def check(self, *, viewer: Viewer, at: datetime, lines: Sequence[Line]) -> Checked:
        """Find for each line the post it is about; lines about places of others are wrong."""
        return Check(viewer, timezone.localdate(at), lines).run()

    def standing(self, *, viewer: Viewer, records: Sequence[Record], lock: bool) -> Mapping[Key, Values]:
        """Return the posts the records are about, and all others held at the same organisations where the viewer keeps records."""
        places, owners = visible(viewer=viewer, do=RECORDS), {record.values[4] for record in records}
        staff = staff_of(viewer=viewer, owners=set(owners_of(owners).values()), lock=lock)
        asked = {record.key for record in records}
        found: dict[Key, Values] = {}
        for chain in staff.chains.values():
            key = ("post", chain.pk)
            if key in asked or (chain.facts.until is None and chain.facts.unit_id in places):
                found[key] = chain.facts
        return found

    def shown(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[Shown, ...]:
        """Name who and which post; of a change only what differs."""
        facts = [PostFacts(*one) for change in changes for one in (change.old, change.new) if one is not None]
        names = {pk: one.name for pk, one in units(viewer=viewer, pks={one.unit_id for one in facts}).items()}
        return tuple(_shown(change, names) for change in changes)

    def too_many(self, *, removed: int, standing: int) -> str:
        """Warn before a tenth of an organisation leaves by a list that is not whole."""
        if not standing or removed / standing <= MUCH:
            return ""
        share = f"{removed:,} of {standing:,} posts, {removed / standing:.0%}"
        return f"{share}, are not in this list. A list of one directorate, or of one month's joiners, is not the whole list."

    def links(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[tuple[str, str], ...]:
        """Return who works at the places of what was stored."""
        pks = list(dict.fromkeys(change.new[4] for change in changes if change.new is not None))
        if len(pks) > WHERE_TO_LOOK:
            pks = list(owners_of(pks[:1]).values())
        return tuple((f"Who works at {one.name}", f"{one.href}people/") for one in units(viewer=viewer, pks=pks).values())

    def store(self, *, actor: Viewer, at: datetime, why: str, batch: UUID, changes: Sequence[Change]) -> None:
        """Write all changes as one batch."""
        hold_real_people(adding=sum(change.old is None for change in changes), employed=True)
        try:
            with transaction.atomic():
                store_staff(actor=actor, at=at, why=why, batch=batch, changes=changes)
        except IntegrityError as clash:  # somebody gave the same number a moment ago
            raise ChangedMeanwhile from clash

    def undo(self, *, actor: Viewer, at: datetime, batch: UUID) -> Undone:
        """Put back what stood before the batch; what somebody changed since is left and named."""
        done = take_back(actor=actor, at=at, batch=batch)
        detail = {"back": done.back, "left": len(done.left)}
        record(actor=actor, verb="undo", object_kind="staff", object_id=str(batch), at=at, detail=detail)
        return done


STAFF = Staff()

_SAID = ("name", "email", "title", "staff_group", "profession", "band")


def _shown(change: Change, units_by_pk: Mapping[int, str]) -> Shown:
    old = PostFacts(*change.old) if change.old is not None else None
    new = PostFacts(*change.new) if change.new is not None else None
    about = new or old
    if about is None:
        raise ValueError("A change needs something before or after it.")
    differ = {name for name in PostFacts._fields if old and new and getattr(old, name) != getattr(new, name)}
    wanted = differ or set(PostFacts._fields) - {"name", "title", "manager", "number"}
    before = _written(old, wanted, units_by_pk) if old else ""
    after = _written(new, wanted, units_by_pk) if new else "not in this list"
    return Shown(f"{about.name}, {about.title or 'post'}", before, after)


def _written(one: PostFacts, wanted: Collection[str], units_by_pk: Mapping[int, str]) -> str:
    words = [str(getattr(one, name)) for name in _SAID if name in wanted and getattr(one, name)]
    if "unit_id" in wanted:
        words.append(units_by_pk.get(one.unit_id, "a place that is no longer here"))
    if "fraction" in wanted and one.fraction is not None:
        words.append(f"{one.fraction.normalize():f} of full time")
    if "number" in wanted and one.number:
        words.append(f"number {one.number}")
    if "since" in wanted:
        words.append(f"from {one.since.day} {one.since:%B %Y}")
    if "until" in wanted:
        words.append(f"no longer from {one.until.day} {one.until:%B %Y}" if one.until else "no last day")
    if "manager" in wanted:
        words.append("with a manager" if one.manager is not None else "no manager")
    return ", ".join(words)
