"""Three organisations, somebody for every role at each, and words that must never be seen outside the first.

The demonstration's hospital is the first. Whatever actions there are (tests/contracts/test_actions.py has a scene for each)
are run for its people, so that every kind of row it can hold is there; then every text of its rows is replaced by a word
that stands nowhere else. Who belongs elsewhere must not find one in any byte.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql
from psycopg.types.json import Jsonb

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.roles import all_roles
from espalier.config import roles
from espalier.organisations import actions as places

AT, SINCE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC), date(2020, 1, 1)
ONE_OF = re.compile(r"\(\((\w+)\)::text = ANY \(\(?ARRAY\['([^']+)'")
WORD = "kestrel"  # kestrel-<table>-<column>: the canary
FIRST = "DEMO-TRUST"
ELSEWHERE = ("DEMO-CARE", "DEMO-OTHER")
ABOVE = "DEMO-FAR"  # a system that is not above the first
# Columns that decide how a row works, not what it says: replacing them would break the row instead of marking it.
WORKS = {
    "kind", "state", "code", "digest", "password", "username", "how_often", "role", "what", "measure_code", "stratum", "made_by", "mark", "did",
    "scope", "prefix", "period", "order", "key", "verb", "object_kind", "object_id", "band", "step", "sheet",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Names of accounts by organisation and role, and where canaries stand."""

    people: dict[str, dict[str, str]]
    planted: dict[str, int]
    owners: frozenset[int]
    accounts: frozenset[int]
    projects: frozenset[int]

    def of(self, kind: str) -> list[int]:
        """The numbers by which a row of this kind (see whose) is the first organisation's."""
        return sorted({"account": self.accounts, "project": self.projects}.get(kind, self.owners))

    def strangers(self) -> list[str]:
        """Everybody who belongs to another organisation than the first, or to a system that is not above it."""
        return [name for place, several in self.people.items() if place != FIRST for name in several.values()]


def build(owner: psycopg.Connection, scenes) -> World:
    """Make the world in the database of the fixture `own_database`; really committed."""
    with acting_as(system_viewer()) as house:
        places.add_units(actor=house, at=AT, since=SINCE, units=[
            places.NewUnit("DEMO-FAR", "A system far away (made up)", "system", "", made_up=True),
            places.NewUnit("DEMO-OTHER", "Hilltop Hospital (made up)", "trust", "DEMO-FAR", made_up=True),
            places.NewUnit("DEMO-WARD-99", "Ward 99 (made up)", "ward", "DEMO-OTHER", made_up=True),
        ])  # fmt: skip
        people = {place: _everybody(house, place) for place in (FIRST, *ELSEWHERE, ABOVE)}
    scenes()
    owner.execute(f"SET ROLE {roles.MAINTAIN}")
    owners = frozenset(
        row[0] for row in owner.execute(
            "SELECT b.unit_id FROM organisations_below b JOIN organisations_unit u ON u.id = b.ancestor_id WHERE u.code = %s", [FIRST]
        ).fetchall()
    )  # fmt: skip
    accounts = frozenset(row[0] for row in owner.execute(
        "SELECT account_id FROM organisations_person WHERE account_id IS NOT NULL AND owner_ids && %s::int[]"
        " AND NOT owner_ids && (SELECT array_agg(id::int) FROM organisations_unit WHERE code IN ('ENG', 'DEMO'))", [sorted(owners)]
    ).fetchall())  # fmt: skip
    owner.execute("RESET ROLE")
    with _superuser(owner) as everything:
        rows = everything.execute("SELECT id FROM projects_project WHERE owner_id = ANY (%s)", [sorted(owners)]).fetchall()
    world = World(people, {}, owners, accounts, frozenset(row[0] for row in rows))
    world.planted.update(plant(owner, world))
    return world


def _superuser(owner: psycopg.Connection) -> psycopg.Connection:
    return psycopg.connect(owner.info.dsn.replace(f"user={roles.OWNER}", "user=postgres"), autocommit=True)


def _everybody(house, place: str) -> dict[str, str]:
    """Add one person for each role that can be held at a place."""
    word = "above" if place == ABOVE else "organisation"
    held = {role.code: f"{role.code}@{place.lower()}" for role in all_roles().roles.values() if word in role.at and role.is_given}
    places.add_people(actor=house, at=AT, since=SINCE, people=[
        places.NewPerson(name, f"{role} (made up)", "" if role in all_roles().outside else "Post", place, role, made_up=True)
        for role, name in held.items()
    ])  # fmt: skip
    return held


# What a leader and a partner made public is for everybody: it is no canary.
PUBLIC = {"projects_edition": "state <> 'public'"}
# Tables whose rows belong to one person while no organisation is named.
PERSONAL_FIRST = {"imports_upload", "imports_part", "imports_progress"}
ACCOUNTS = ("account_id", "made_by_id", "asked_by_id")


def whose(model: type[models.Model]) -> tuple[str, str] | None:
    """Return by which column one knows whose a row is: ("owner_ids" | "owner" | "project" | "account", column)."""
    if model._meta.db_table in PERSONAL_FIRST:
        return "account", "account_id"
    columns = {field.column for field in model._meta.local_fields}
    for kind, several in (("owner_ids", ("owner_ids",)), ("owner", ("owner_id",)), ("project", ("project_id",)), ("account", ACCOUNTS)):
        for column in several:
            if column in columns:
                return kind, column
    return None


def is_theirs(kind: str) -> str:
    """Return the condition under which a row is the first organisation's, with the values to compare to."""
    return {"owner_ids": "{} && %s::int[]", "owner": "{} = ANY (%s)", "project": "{} = ANY (%s)", "account": "{} = ANY (%s)"}[kind]


def plant(owner: psycopg.Connection, world: World) -> dict[str, int]:
    """Replace every text of the first organisation's rows; returns how many rows each table's columns took it in."""
    planted: dict[str, int] = {}
    superuser = _superuser(owner)
    superuser.execute("SET session_replication_role = replica")  # no trigger: what an account may not write is written here
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("espalier.") or (known := whose(model)) is None:
            continue
        kind, _ = known
        values = world.of(kind)
        _fill(superuser, model, known, values)
        for field in model._meta.local_fields:
            if isinstance(field, models.CharField | models.TextField) and field.column not in WORKS and not field.primary_key:
                named = f"{model._meta.db_table}.{field.column}"
                planted[named] = _plant_one(superuser, model._meta.db_table, field, known, values)
    superuser.close()
    return planted


def _fill(superuser, model, known: tuple[str, str], values: list[int]) -> None:
    """Add one row where no action left any: what it says is nonsense, and it is the first organisation's."""
    kind, column = known
    table = sql.Identifier(model._meta.db_table)
    theirs = sql.SQL("SELECT 1 FROM {} WHERE " + is_theirs(kind).format("{}") + " LIMIT 1").format(table, sql.Identifier(column))
    if superuser.execute(theirs, [sorted(values)]).fetchone():
        return
    row = {column: [min(values)] if kind == "owner_ids" else min(values)}
    words = _words_of(superuser, model._meta.db_table)
    for field in model._meta.local_fields:
        if field.column not in row and not field.null and not isinstance(field, models.AutoField):
            row[field.column] = words.get(field.column) or _nonsense(field)
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
        table, sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join([sql.Placeholder()] * len(row))
    )
    superuser.execute(statement, list(row.values()))


def _words_of(superuser, table: str) -> dict[str, str]:
    """Return one of the words that a column takes, for those that take a few only."""
    rules = superuser.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table])
    return dict(found for (rule,) in rules.fetchall() for found in ONE_OF.findall(rule))


def _nonsense(field):
    """Return something a column takes; a reference need not lead anywhere, for no trigger looks."""
    if isinstance(field, models.ForeignKey):
        return _nonsense(field.target_field)
    for kinds, thing in (
        (models.UUIDField, uuid.uuid4()), (models.DateTimeField, AT), (models.DateField, SINCE), (models.JSONField, Jsonb({})),
        (models.BinaryField, b"x"), (models.BooleanField, False), ((models.IntegerField, models.FloatField, models.DecimalField), 1),
        ((models.BigAutoField, models.AutoField), 1), (models.GenericIPAddressField, "127.0.0.1"),
    ):  # fmt: skip
        if isinstance(field, kinds):
            return thing
    return (field.choices[0][0] if field.choices else "x")[: field.max_length or 9]


def _plant_one(superuser, table: str, field, known: tuple[str, str], values: list[int]) -> int:
    kind, column = known
    word = f"{WORD}-{table}-{field.column}"
    text = f"{word}@example.org" if isinstance(field, models.EmailField) else word
    statement = sql.SQL("UPDATE {} SET {} = left(%s, %s) WHERE " + is_theirs(kind).format("{}")).format(
        sql.Identifier(table), sql.Identifier(field.column), sql.Identifier(column)
    )
    statement += sql.SQL(" AND " + PUBLIC.get(table, "true"))
    try:
        return superuser.execute(statement, [text, field.max_length or 500, sorted(values)]).rowcount
    except psycopg.errors.IntegrityError:
        return 0  # a column that must be different in every row, or one of a few words
