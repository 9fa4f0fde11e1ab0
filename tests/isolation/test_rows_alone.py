"""Row-level security by itself: every application filter left out, whoever belongs elsewhere sees no row of the first.

This is the switch: nothing of the product stands between these statements and the tables but the door that says who looks.
"""

import contextlib

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from tests.isolation.world import FIRST, is_theirs, whose

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR

pytestmark = pytest.mark.usefixtures("_open_database")

MODELS = [
    model for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith("espalier.") and whose(model) and not model._meta.proxy
]  # fmt: skip
# Tables that say whose a row is and hide none, each with the reason.
OPEN = {
    "measures_measureversion": "definitions are for everybody; the account says who wrote one",
    "measures_measureuse": "which place uses which measure is open, as definitions are",
}
# Tables in which the world has no row of the first organisation; empty is the aim.
BARE: dict[str, str] = {}


@pytest.fixture
def _open_database(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def theirs(world, model):
    """Condition and values: the rows of the first organisation in a table."""
    kind, column = whose(model)
    return is_theirs(kind).format(column), world.of(kind)


def seen(model, condition, values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} WHERE {condition}", [values])
        return cursor.fetchone()[0]


def everybody_else(world):
    return [VISITOR, *(viewer_of(get_user_model().objects.get(username=name)) for name in world.strangers())]


def test_nobody_from_elsewhere_sees_a_row(world):
    wrong = []
    for viewer in everybody_else(world):
        with acting_as(viewer):
            wrong += [
                (viewer.name or "visitor", model._meta.db_table, rows)
                for model in MODELS
                if model._meta.db_table not in OPEN and (rows := seen(model, *theirs(world, model)))
            ]
    assert not wrong, "\n".join(map(str, wrong))


def test_nobody_from_elsewhere_changes_or_removes_a_row(world, as_postgres):
    before = {model: as_postgres.execute(*counted(world, model)).fetchone() for model in MODELS}
    for viewer in everybody_else(world):
        for model in MODELS:
            if model._meta.db_table not in OPEN:
                condition, values = theirs(world, model)
                for statement in (f"UPDATE {model._meta.db_table} SET {first_column(model)} = {first_column(model)} WHERE {condition}",
                                  f"DELETE FROM {model._meta.db_table} WHERE {condition}"):  # fmt: skip
                    assert (viewer.name, statement, changed(viewer, statement, values)) == (viewer.name, statement, 0)
    assert {model: as_postgres.execute(*counted(world, model)).fetchone() for model in MODELS} == before


def first_column(model):
    return next(field.column for field in model._meta.local_fields if not field.primary_key)


def counted(world, model):
    condition, values = theirs(world, model)
    return f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {model._meta.db_table} t WHERE {condition}", [values]


class BackError(Exception):
    """Takes a change back once it has been counted."""


def changed(viewer, statement, values):
    """How many rows a statement touches; refused is none. Nothing is kept."""
    rows = []
    with contextlib.suppress(BackError, DatabaseError), acting_as(viewer), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement, [values])
            rows.append(cursor.rowcount)
        take_back()
    return sum(rows)


def take_back():
    raise BackError


def test_the_world_has_something_to_hide_in_every_table(world, as_postgres):
    """Otherwise the two tests above could not fail: a table without a row hides nothing."""
    empty = {model._meta.db_table for model in MODELS if as_postgres.execute(*counted(world, model)).fetchone()[0] == 0}
    assert empty == BARE.keys()


@pytest.mark.parametrize("model", [m for m in MODELS if m._meta.db_table not in OPEN], ids=lambda m: m._meta.db_table)
def test_with_its_guard_off_a_table_shows_its_rows(world, as_postgres, model):
    """Each guard in turn is taken away: if nobody saw more then, the test of it would be blind."""
    table = model._meta.db_table
    if table in BARE:
        pytest.skip(BARE[table])
    as_postgres.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    try:
        with acting_as(VISITOR):
            assert seen(model, *theirs(world, model)) > 0
    finally:
        as_postgres.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def test_the_people_of_the_first_do_see_theirs(world):
    """A guard that hides everything from everybody would pass all of the above."""
    with acting_as(viewer_of(get_user_model().objects.get(username=world.people[FIRST]["administrator"]))):
        assert {m._meta.db_table for m in MODELS if seen(m, *theirs(world, m))} >= {
            "organisations_person", "organisations_assignment", "organisations_grant", "measures_series", "measures_point"
        }  # fmt: skip
