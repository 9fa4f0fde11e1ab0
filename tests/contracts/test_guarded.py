"""Row-level security is on wherever a row belongs to somebody: a new table that says whose it is cannot forget its guard."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

# A column of one of these names says whose a row is.
SAYS_WHOSE = {"owner_id", "account_id"}
# Tables that say so and have no guard of their own, each with the reason.
OPEN_TO_THE_APP = {
    "measures_measureversion": "definitions are for everybody; account_id says who wrote one, the app may only add rows (see roles)",
    "measures_measureuse": "which place uses which measure is open, as definitions are; account_id says who said so",
}


def test_every_table_that_says_whose_a_row_is_has_row_level_security():
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("espalier.")}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND a.attname = ANY(%s) AND c.relname = ANY(%s)",
            [sorted(SAYS_WHOSE), sorted(ours)],
        )
        guarded = dict(cursor.fetchall())
    assert len(guarded) >= 4
    assert {table for table, forced in guarded.items() if not forced} == set(OPEN_TO_THE_APP) & guarded.keys()


def test_a_guard_has_a_policy_for_reading():
    """Without a policy a guarded table shows nothing at all, which a page would take for an empty list."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c WHERE relrowsecurity AND relkind = 'r' AND NOT EXISTS"
            " (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*'))"
        )
        assert cursor.fetchall() == []
