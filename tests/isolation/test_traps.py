"""Each way in which row-level security is known to fail quietly, tried here: reference data, section 3.

Those about the door itself (what is rendered late, streams, the next request, errors) stand in tests/unit/access/test_door.py.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, ProgrammingError, connection
from tests.conftest import State

from espalier.access.accounts import email_of
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR
from espalier.common.errors import NotFoundHere
from espalier.config import roles
from espalier.jobs.queue import job
from espalier.organisations import actions, queries

ROOT = Path(__file__).resolve().parents[2]
SQL = {path: path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")}


def rows(statement, *facts):
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def catalogue(db):
    return rows


# ---- The door -------------------------------------------------------------------------------------


def test_who_looks_is_never_set_for_longer_than_a_transaction():
    """set_config(…, false) goes back to the pool with the connection: the next person would be this one."""
    for path, text in SQL.items():
        for call in re.findall(r"set_config\(([^)]*)\)", text):
            assert call.strip() == "…, true" or call.replace(" ", "").endswith(",true"), (path.name, call)
        assert not re.search(r"\bSET (SESSION )?app\.", text), path.name


def test_no_policy_or_function_trips_over_a_viewer_that_was_reset(catalogue):
    """After SET LOCAL the setting is '' and not NULL: without nullif the cast to a number fails."""
    bodies = catalogue("SELECT coalesce(pg_get_expr(polqual, polrelid), '') || coalesce(pg_get_expr(polwithcheck, polrelid), '') FROM pg_policy")
    bodies += catalogue("SELECT prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND prolang IN (SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql'))")
    for (body,) in bodies:
        plain = re.sub(r"\s|::text", "", body.lower())
        asked = plain.count("current_setting('app.viewer'")
        assert asked == plain.count("nullif(current_setting('app.viewer',true),'')"), body[:300]


def test_a_viewer_that_was_reset_sees_what_a_visitor_sees(db):
    with acting_as(VISITOR):
        assert rows("SELECT current_setting('app.viewer', true)") == [("",)]
        assert rows("SELECT count(*) FROM organisations_person") == [(0,)]


def test_without_any_word_of_who_looks_nothing_about_people_is_seen(own_database):
    with psycopg.connect(State.databases.server.url(roles.APP, own_database)) as fresh:
        for table in ("organisations_person", "organisations_grant", "organisations_assignment", "access_token"):
            assert fresh.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_second_person_in_one_transaction_sees_nothing_of_the_first(db):
    """A test's own outer transaction, or a job that acts for several people, must not mix them."""
    nurse, other = (viewer_of(get_user_model().objects.get(username=name)) for name in ("demo-nurse", "demo-care"))
    with acting_as(nurse):
        assert rows("SELECT count(*) FROM organisations_person WHERE name LIKE 'Sam%%'") == [(1,)]
        with acting_as(other):
            assert rows("SELECT count(*) FROM organisations_person WHERE name LIKE 'Sam%%'") == [(0,)]
        assert rows("SELECT count(*) FROM organisations_person WHERE name LIKE 'Sam%%'") == [(1,)]


# ---- The role -------------------------------------------------------------------------------------


def test_the_app_is_neither_owner_nor_superuser_and_passes_no_guard(catalogue):
    assert catalogue("SELECT current_user::text, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user") == [
        (roles.APP, False, False, False, False)
    ]
    assert catalogue("SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    ["TRUNCATE organisations_person CASCADE", "CREATE DATABASE mine", "ALTER TABLE organisations_person DISABLE ROW LEVEL SECURITY", "CREATE TABLE mine ()",
     "SET ROLE espalier_maintain", "SET ROLE espalier_owner", "DROP POLICY organisations_person_seen ON organisations_person",
     "ALTER FUNCTION organisations_mine() OWNER TO espalier_app", "CREATE OR REPLACE FUNCTION organisations_mine() RETURNS int[] LANGUAGE sql AS 'SELECT ARRAY[1]'"],
)  # fmt: skip
def test_the_app_cannot_open_the_door_itself(own_database, statement):
    with psycopg.connect(State.databases.server.url(roles.APP, own_database), autocommit=True) as app, pytest.raises(psycopg.Error):
        app.execute(statement)


def test_the_owner_of_the_tables_is_held_too(as_owner):
    """Without FORCE a data migration would see all; with it, it sees nothing until it takes the role for maintenance."""
    assert as_owner.execute("SELECT count(*) FROM organisations_person").fetchone() == (0,)
    as_owner.execute(f"SET ROLE {roles.MAINTAIN}")
    assert as_owner.execute("SELECT count(*) FROM organisations_person").fetchone()[0] > 5


def test_every_guard_is_forced(catalogue):
    assert catalogue("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity AND NOT relforcerowsecurity") == []


def test_no_view_opens_a_guarded_table(catalogue):
    """A view asks with its owner's rights unless it says otherwise."""
    views = catalogue("SELECT relname::text, coalesce(reloptions::text, '') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'v' AND nspname = 'public'")
    assert [name for name, options in views if "security_invoker=true" not in options] == []
    assert catalogue("SELECT relname FROM pg_class WHERE relkind = 'm'") == []  # a materialised view holds rows and no guard


def test_every_function_that_passes_the_guards_belongs_to_the_role_for_it_and_looks_nowhere_else(catalogue):
    found = catalogue(
        "SELECT p.oid::regprocedure::text, pg_get_userbyid(proowner)::text, coalesce(proconfig::text, '') FROM pg_proc p JOIN pg_namespace n"
        " ON n.oid = pronamespace WHERE prosecdef AND nspname = 'public'"
    )
    assert len(found) >= 10
    assert [(name, owner) for name, owner, _ in found if owner != roles.MAINTAIN] == []
    assert [name for name, _, config in found if "search_path" not in config] == []


# ---- Rows -----------------------------------------------------------------------------------------


def test_a_unique_rule_that_would_betray_a_hidden_row_includes_whose_it_is(catalogue):
    """Uniqueness ignores the guards: "that is taken" would say that somebody else has one."""
    told = {
        "organisations_person_account_id_key": "an account is one person's; whoever signs in with it knows",
        "access_token_digest_uniq": "256 random bits", "access_token_digest_key": "256 random bits",
        "access_connection_digest_key": "256 random bits",
        "organisations_invitation_digest_key": "of words that are drawn for each; nobody chooses them",
        "organisations_complaint_number_key": "drawn for each; nobody chooses it",
    }  # fmt: skip
    found = catalogue("""
        SELECT i.indexrelid::regclass::text, array_agg(a.attname::text) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indisunique AND NOT i.indisprimary AND c.relrowsecurity GROUP BY 1""")
    parents = re.compile(r"(_id|owner|account)$")  # a parent is loaded under its own guard first
    assert [(index, columns) for index, columns in found if index not in told and not any(parents.search(one) for one in columns)] == []


def test_a_reference_to_a_row_one_cannot_see_is_refused_where_it_matters(db):
    """Foreign keys ignore the guards too: a post for a person of another organisation must not be made."""
    with acting_as(system_viewer()):
        drew = rows("SELECT p.id FROM organisations_person p JOIN access_account a ON a.id = p.account_id WHERE a.username = 'demo-care'")[0][0]
        ward = rows("SELECT id FROM organisations_unit WHERE code = 'DEMO-WARD-7'")[0][0]
    ash = viewer_of(get_user_model().objects.get(username="demo-admin"))
    with acting_as(ash):
        unit = queries.unit(viewer=ash, code="DEMO-WARD-7")
        assert unit.pk == ward
        with pytest.raises(NotFoundHere):
            actions.give_role(actor=ash, at=datetime(2026, 3, 1, tzinfo=UTC), unit=unit, person_id=drew, role="team-member")


def test_insert_only_tables_have_keys_made_in_python(catalogue):
    """The app may not SELECT back a key that the database makes (RETURNING) unless the row is shown to it."""
    kinds = dict(catalogue("SELECT attrelid::regclass::text, format_type(atttypid, NULL) FROM pg_attribute WHERE attname = 'id' AND attrelid = ANY (%s::regclass[])",
                           list(roles.APPEND_ONLY)))
    assert {name for name, kind in kinds.items() if kind != "uuid"} == set()


@pytest.mark.parametrize("table", roles.APPEND_ONLY)
def test_what_only_grows_can_be_neither_changed_nor_removed(own_database, table):
    with psycopg.connect(State.databases.server.url(roles.APP, own_database), autocommit=True) as app:
        column = app.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped LIMIT 1", [table]).fetchone()[0]
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)


def test_statements_are_bound_by_the_client():
    """With server_side_binding the history triggers' context fails: two commands in one prepared statement."""
    assert not settings.DATABASES["default"]["OPTIONS"].get("server_side_binding")


def test_no_day_is_infinite(catalogue):
    """The driver cannot read date 'infinity': open ends are NULL or 9999-12-31."""
    assert catalogue("SELECT count(*) FROM organisations_below WHERE NOT isfinite(since) OR NOT isfinite(until)") == [(0,)]


def test_a_job_of_a_transaction_that_was_rolled_back_is_not_there(own_database):
    @job("test.never")
    def never(**_):
        """Nothing."""

    def defer_and_fail():
        with acting_as(VISITOR):
            never.defer(account_id=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        defer_and_fail()
    assert rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'test.never'") == [(0,)]


def test_an_address_is_known_of_nobody_in_particular(db):
    assert email_of(None) == ""


def test_an_error_says_nothing_of_the_row_that_was_hidden(db):
    with pytest.raises((ProgrammingError, DatabaseError)) as refused, acting_as(VISITOR):
        rows("INSERT INTO organisations_person (name, made_up) VALUES ('x', true)")
    assert "Sam" not in str(refused.value)
