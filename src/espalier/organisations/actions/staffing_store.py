"""Store what a staff list changes: all of it or nothing, in a few statements however long the list is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from espalier.audit.recording import record
from espalier.imports.kinds import ChangedMeanwhile
from espalier.organisations.queries.holding import owners_of
from espalier.organisations.rules.staffing import PostFacts, begins_anew

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Change

_POST = "unit_id, number, role_title, profession, staff_group, band, fraction, since, until, manager_id"
_LOG = (
    "INSERT INTO organisations_staffchange (id, owner_id, person_id, post_id, number, did, before, after, batch, account_id, at, why)"
    " SELECT gen_random_uuid(), {owner}, {person}, {post}, {table}.version, '{did}', {before}, {after}, %(batch)s, %(account)s, %(at)s,"
    " %(why)s"
)
_TEMP = {
    "came": "id bigint, name text, work_email text, owner_id int",
    "renamed": "id bigint, name text, work_email text, owner_id int",
    "added": f"id bigint, person_id bigint, {_POST.replace(', ', ' text, ')} text",
    "fixed": f"id bigint, person_id bigint, {_POST.replace(', ', ' text, ')} text",
    "gone": "id bigint",
}
# A person who is new may have come by another way since the list was looked at: then it must be looked at again.
_CAME_ALREADY = (
    "SELECT 1 FROM came c JOIN organisations_person p ON p.owner_ids @> ARRAY[c.owner_id]"
    " AND lower(p.work_email) = c.work_email AND lower(p.name) = lower(c.name) WHERE c.work_email <> '' LIMIT 1"
)
_TYPED = (
    "unit_id::bigint, number, role_title, profession, staff_group, band, fraction::numeric, since::date, until::date, manager_id::bigint"
)
_NEW = f"{{0}}{_TYPED.replace(', ', ', {0}')}"


class _Plan:
    """What becomes of each person and post; new ones have their numbers already."""

    def __init__(self, changes: Sequence[Change], today: date) -> None:
        self.today = today
        facts = [PostFacts(*change.new) for change in changes if change.new is not None]
        self.owners = owners_of({one.unit_id for one in facts})
        marks = list(dict.fromkeys(one.person for one in facts if isinstance(one.person, str)))
        self.people: dict[int | str, int] = dict(zip(marks, _numbers("organisations_person", len(marks)), strict=True))
        self.came: dict[int, tuple[str, str, int]] = {}
        self.renamed: dict[int, tuple[str, str, int]] = {}
        self.added: list[tuple[Any, ...]] = []
        self.fixed: list[tuple[Any, ...]] = []
        self.gone: list[int] = []
        for change in changes:
            self._take(change)
        numbers = _numbers("organisations_assignment", len(self.added))
        self.added_numbered = [(pk, *row) for pk, row in zip(numbers, self.added, strict=True)]

    def _take(self, change: Change) -> None:
        old = PostFacts(*change.old) if change.old is not None else None
        if change.new is None:
            if old is not None:
                self._left(int(change.key[1]), old)
            return
        new = self._known(PostFacts(*change.new))
        owner = self.owners[new.unit_id]
        if old is None:
            if isinstance(PostFacts(*change.new).person, str):
                self.came[int(new.person)] = (new.name, new.email, owner)
            self.added.append(_row(new))
            return
        if (old.name, old.email) != (new.name, new.email):
            self.renamed[int(new.person)] = (new.name, new.email, owner)
        self._changed(int(change.key[1]), old, new)

    def _changed(self, pk: int, old: PostFacts, new: PostFacts) -> None:
        day = begins_anew(old, new, self.today)
        if day is not None:
            if old.until is None or old.until > day:
                self.fixed.append((pk, *_row(old._replace(until=day, manager=old.manager))))
            self.added.append(_row(new._replace(since=day)))
        elif _row(old) != _row(new):
            self.fixed.append((pk, *_row(new)))

    def _left(self, pk: int, old: PostFacts) -> None:
        """Not in the list any more: it ends today, or never began."""
        if old.since >= self.today:
            self.gone.append(pk)
        else:
            self.fixed.append((pk, *_row(old._replace(until=self.today))))

    def _known(self, one: PostFacts) -> PostFacts:
        manager = self.people.get(one.manager, None) if isinstance(one.manager, str) else one.manager
        return one._replace(person=self.people.get(one.person, one.person), manager=manager)


def _row(one: PostFacts) -> tuple[Any, ...]:
    return (
        one.person, one.unit_id, one.number, one.title, one.profession, one.staff_group, one.band, one.fraction, one.since, one.until,
        one.manager,
    )  # fmt: skip


def _numbers(table: str, count: int) -> list[int]:
    """Return that many numbers nobody has, for rows that are about to be written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [int(pk) for (pk,) in cursor.fetchall()]


def store_staff(*, actor: Viewer, at: datetime, why: str, batch: UUID, changes: Sequence[Change]) -> None:
    """Write people and posts, and note what stood; the caller has locked the organisations' posts."""
    plan = _Plan(changes, timezone.localdate(at))
    facts: dict[str, Any] = {"batch": batch, "account": actor.account_id, "at": at, "why": why[:300]}
    with connection.cursor() as cursor:
        _copy(cursor, "came", ((pk, *row) for pk, row in plan.came.items()))
        _copy(cursor, "renamed", ((pk, *row) for pk, row in plan.renamed.items()))
        _copy(cursor, "added", plan.added_numbered)
        _copy(cursor, "fixed", plan.fixed)
        _copy(cursor, "gone", ((pk,) for pk in plan.gone))
        cursor.execute(_CAME_ALREADY)
        if cursor.fetchone():
            raise ChangedMeanwhile
        for statement in _STATEMENTS:
            cursor.execute(statement, facts)
        cursor.execute("DROP TABLE " + ", ".join(_TEMP))
    detail = {"people": len(plan.came), "posts": len(plan.added), "changed": len(plan.fixed), "removed": len(plan.gone)}
    record(actor=actor, verb="load", object_kind="staff", object_id=str(batch), at=at, detail=detail)


def _copy(cursor: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    cursor.execute(f"CREATE TEMP TABLE {table} ({_TEMP[table]}) ON COMMIT DROP")
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {table}")


def _logged(did: str, table: str, *, before: str = "NULL", after: str = "NULL", post: bool) -> str:
    whose = {"person": f"{table}.person_id", "post": f"{table}.id"} if post else {"person": f"{table}.id", "post": "NULL"}
    owner = f"{table}.owner_id" if post else "t.owner_id"
    return _LOG.format(did=did, table=table, before=before, after=after, owner=owner, **whose)


_COMES = (
    "INSERT INTO organisations_person (id, name, work_email, owner_ids, made_up)"
    " SELECT id, name, work_email, ARRAY[owner_id], false FROM came"
)
_STATEMENTS = (
    _COMES,
    _logged("added", "p", after="to_jsonb(p)", post=False) + " FROM came t JOIN organisations_person p ON p.id = t.id",
    "CREATE TEMP TABLE were ON COMMIT DROP AS SELECT p.id, to_jsonb(p) AS before FROM organisations_person p JOIN renamed USING (id)",
    "UPDATE organisations_person p SET name = t.name, work_email = t.work_email, version = p.version + 1 FROM renamed t WHERE t.id = p.id",
    _logged("changed", "p", before="w.before", after="to_jsonb(p)", post=False)
    + " FROM renamed t JOIN organisations_person p ON p.id = t.id JOIN were w ON w.id = t.id",
    "DROP TABLE were",
    _logged("removed", "a", before="to_jsonb(a)", post=True) + " FROM gone t JOIN organisations_assignment a ON a.id = t.id",
    "DELETE FROM organisations_assignment a USING gone t WHERE a.id = t.id",
    "CREATE TEMP TABLE were ON COMMIT DROP AS SELECT a.id, to_jsonb(a) AS before FROM organisations_assignment a JOIN fixed USING (id)",
    f"UPDATE organisations_assignment a SET ({_POST}, version) = ROW({_NEW.format('t.')}, a.version + 1) FROM fixed t WHERE t.id = a.id",  # noqa: S608
    _logged("changed", "a", before="w.before", after="to_jsonb(a)", post=True)
    + " FROM fixed t JOIN organisations_assignment a ON a.id = t.id JOIN were w ON w.id = t.id",
    "DROP TABLE were",
    f"INSERT INTO organisations_assignment (id, person_id, {_POST}) SELECT id, person_id, {_TYPED} FROM added",  # noqa: S608
    _logged("added", "a", after="to_jsonb(a)", post=True) + " FROM added t JOIN organisations_assignment a ON a.id = t.id",
)
