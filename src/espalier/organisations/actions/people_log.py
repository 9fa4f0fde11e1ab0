"""Keep what stood before each change of a person or a post, and put it back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import connection

from espalier.access.deciding import visible
from espalier.imports.kinds import Undone
from espalier.organisations.models import ADDED, CHANGED, REMOVED, Assignment, Person
from espalier.organisations.queries.people_staffing import RECORDS

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import Model

    from espalier.access.viewer import Viewer

TABLES: dict[type[Model], str] = {Person: "organisations_person", Assignment: "organisations_assignment"}
_LOG = (
    "INSERT INTO organisations_staffchange (id, owner_id, person_id, post_id, number, did, before, after, batch, account_id, at, why)"
    " SELECT gen_random_uuid(), %s, {person}, {post}, r.version, %s, %s::jsonb, {after}, %s, %s, %s, %s FROM {table} r WHERE r.id = %s"
)


class Log:
    """Notes the changes of one go: which rows, what stood, what stands."""

    def __init__(self, *, actor: Viewer, at: datetime, batch: UUID, owner_id: int, why: str = "") -> None:
        self.actor, self.at, self.batch, self.owner_id, self.why = actor, at, batch, owner_id, why

    def before(self, row: Model) -> str:
        """Return a row as it stands, to be noted with what becomes of it."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(r)::text FROM {TABLES[type(row)]} r WHERE id = %s", [row.pk])  # noqa: S608  our own names
            return str(cursor.fetchone()[0])

    def added(self, row: Model) -> None:
        """Note a row that is new."""
        self._note(row, ADDED, None)

    def changed(self, row: Model, before: str) -> None:
        """Note a row that was changed and has been saved."""
        self._note(row, CHANGED, before)

    def removing(self, row: Model) -> None:
        """Note a row that is about to go."""
        self._note(row, REMOVED, self.before(row), after="NULL")

    def _note(self, row: Model, did: str, before: str | None, after: str = "to_jsonb(r)") -> None:
        is_post = isinstance(row, Assignment)
        whose = {"person": "r.person_id", "post": "r.id"} if is_post else {"person": "r.id", "post": "NULL"}
        facts = [self.owner_id, did, before, self.batch, self.actor.account_id, self.at, self.why[:300], row.pk]
        with connection.cursor() as cursor:
            cursor.execute(_LOG.format(table=TABLES[type(row)], after=after, **whose), facts)


# What a batch did, beside what stands now. A row is as it was left while it says what the batch made it say: what was
# changed and taken back in between is no change.
_TAKEN = (
    "CREATE TEMP TABLE taken ON COMMIT DROP AS SELECT c.owner_id, c.person_id, c.post_id, c.did, c.before, c.after,"
    " coalesce(CASE WHEN c.post_id IS NULL THEN p.version ELSE a.version END, c.number) + 1 AS version,"
    " coalesce(a.unit_id, (c.before->>'unit_id')::bigint, (c.after->>'unit_id')::bigint) AS unit_id,"
    " CASE WHEN c.post_id IS NULL THEN p.name = c.after->>'name' AND p.work_email = c.after->>'work_email'"
    " WHEN c.did = 'removed' THEN a.id IS NULL AND p.id IS NOT NULL"
    " ELSE a.id IS NOT NULL AND to_jsonb(a) - '{version,owner_id}'::text[] = c.after - '{version,owner_id}'::text[] END IS TRUE AS as_left"
    " FROM organisations_staffchange c LEFT JOIN organisations_assignment a ON a.id = c.post_id"
    " LEFT JOIN organisations_person p ON p.id = c.person_id WHERE c.batch = %s"
    " AND NOT EXISTS (SELECT 1 FROM organisations_staffchange u WHERE u.undoes = c.batch AND u.person_id = c.person_id)"
)
# What belongs together goes back together: the end of one post and the beginning of the next.
_TOGETHER = (
    "UPDATE taken t SET as_left = false WHERE as_left AND t.post_id IS NOT NULL"
    " AND EXISTS (SELECT 1 FROM taken o WHERE o.person_id = t.person_id AND o.post_id IS NOT NULL AND NOT o.as_left)"
)
# A person whom the batch brought goes only with all that is known of them; the posts it brought are about to go.
_STAYS = (
    "UPDATE taken t SET as_left = false WHERE t.post_id IS NULL AND t.did = 'added' AND t.as_left AND EXISTS ("
    " SELECT 1 FROM organisations_person p WHERE p.id = t.person_id AND (p.account_id IS NOT NULL OR NOT p.owner_ids <@ ARRAY[t.owner_id]"
    " OR EXISTS (SELECT 1 FROM organisations_grant g WHERE g.person_id = p.id)"
    " OR EXISTS (SELECT 1 FROM organisations_assignment a WHERE a.person_id = p.id AND NOT EXISTS ("
    " SELECT 1 FROM taken o WHERE o.post_id = a.id AND o.did = 'added' AND o.as_left))))"
)
_BACK = (
    "INSERT INTO organisations_staffchange (id, owner_id, person_id, post_id, number, did, before, after, batch, undoes, account_id, at,"
    " why) SELECT gen_random_uuid(), t.owner_id, t.person_id, t.post_id, t.version,"
    " CASE t.did WHEN 'added' THEN 'removed' WHEN 'removed' THEN 'added' ELSE 'changed' END, t.after, t.before, %s, %s, %s, %s, 'undone'"
    " FROM taken t WHERE t.as_left"
)
_POST = "unit_id, number, role_title, profession, staff_group, band, fraction, since, until"
# A manager who has gone since cannot be put back.
_MANAGER = "(SELECT m.id FROM organisations_person m WHERE m.id = b.manager_id)"
_BEFORE = "jsonb_populate_record(NULL::organisations_assignment, t.before) b"
_OF_B = ", ".join(f"b.{name}" for name in _POST.split(", "))
_UNMANAGED = (
    "UPDATE organisations_assignment a SET manager_id = NULL, version = a.version + 1 FROM taken t"
    " WHERE t.post_id IS NULL AND t.did = 'added' AND t.as_left AND a.manager_id = t.person_id"
    " AND NOT EXISTS (SELECT 1 FROM taken o WHERE o.post_id = a.id AND o.as_left)"
)
# The person before the posts: without posts they would belong to no organisation, and nobody could remove them.
_PERSON_GOES = (
    "DELETE FROM organisations_person p USING taken t"
    " WHERE p.id = t.person_id AND t.post_id IS NULL AND t.did = 'added' AND t.as_left"
)
_POST_GOES = "DELETE FROM organisations_assignment a USING taken t WHERE a.id = t.post_id AND t.did = 'added' AND t.as_left"
_POST_AS_BEFORE = (
    f"UPDATE organisations_assignment a SET ({_POST}) = (SELECT {_OF_B}), manager_id = {_MANAGER}, version = t.version"  # noqa: S608
    f" FROM taken t, {_BEFORE} WHERE a.id = t.post_id AND t.did = 'changed' AND t.as_left"
)
_POST_AGAIN = (
    f"INSERT INTO organisations_assignment (id, person_id, {_POST}, manager_id, version)"  # noqa: S608
    f" SELECT b.id, b.person_id, {_OF_B}, {_MANAGER}, t.version FROM taken t, {_BEFORE} WHERE t.did = 'removed' AND t.as_left"
)
_PERSON_AS_BEFORE = (
    "UPDATE organisations_person p SET name = b.name, work_email = b.work_email, version = t.version"
    " FROM taken t, jsonb_populate_record(NULL::organisations_person, t.before) b"
    " WHERE p.id = t.person_id AND t.post_id IS NULL AND t.did = 'changed' AND t.as_left"
)
_STEPS = (_UNMANAGED, _PERSON_GOES, _POST_GOES, _POST_AS_BEFORE, _POST_AGAIN, _PERSON_AS_BEFORE)


def take_back(*, actor: Viewer, at: datetime, batch: UUID) -> Undone:
    """Put back what stood before a batch; what somebody changed since, or the actor may no longer change, is left and named.

    Whoever calls it records the event.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM organisations_assignment a WHERE id IN (SELECT post_id FROM organisations_staffchange WHERE batch = %s)"
            " ORDER BY a.id FOR UPDATE", [batch],
        )  # fmt: skip
        cursor.execute(_TAKEN, [batch])
        cursor.execute("CREATE INDEX ON taken (post_id)")
        cursor.execute("CREATE INDEX ON taken (person_id)")
        cursor.execute("ANALYZE taken")
        cursor.execute(
            "UPDATE taken SET as_left = false WHERE post_id IS NOT NULL AND NOT unit_id = ANY (%s)",
            [list(visible(viewer=actor, do=RECORDS))],
        )
        cursor.execute(_TOGETHER)
        cursor.execute(_STAYS)
        back, left = _counted(cursor)
        cursor.execute(_BACK, [uuid.uuid4(), batch, actor.account_id, at])
        for statement in _STEPS:
            cursor.execute(statement)
        cursor.execute("DROP TABLE taken")
    return Undone(back, left)


def _counted(cursor: Any) -> tuple[int, tuple[str, ...]]:
    """How many posts go back, and the names of people of whom something stays."""
    cursor.execute("SELECT count(*) FILTER (WHERE as_left AND post_id IS NOT NULL), count(*) FILTER (WHERE as_left) FROM taken")
    posts, rows = cursor.fetchone()
    cursor.execute(
        "SELECT DISTINCT p.name FROM taken t JOIN organisations_person p ON p.id = t.person_id"
        " WHERE NOT t.as_left AND t.post_id IS NOT NULL ORDER BY 1"
    )
    return int(posts or rows), tuple(name for (name,) in cursor.fetchall())
