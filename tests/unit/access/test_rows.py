"""Nobody sees another organisation's figures: the database itself decides, with none of our own filters in the way.

Every statement here is plain SQL as the role that serves pages, really committed.
"""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from tests.logbook import events
from tests.unit.access.conftest import HOURS, one, share

from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR
from espalier.audit.recording import record
from espalier.config import roles
from espalier.measures import actions as measures

# What an UPDATE would change in tables without a column "at".
CHANGED = {table: " SET pgh_label = ''" for table in roles.APPEND_ONLY if table.endswith("event") and table != "audit_event"}
TABLES = ("measures_series", "measures_point", "measures_pointversion")


def ask(viewer, statement, *facts):
    with acting_as(viewer), connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return cursor.fetchall()


def change(viewer, statement, *facts):
    with acting_as(viewer), connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return cursor.rowcount


def seen_by(scene, name):
    """Whose closed series this person sees, by asking for everything there is."""
    owners = {number: unit for unit, number in scene.units.items()}
    ours = list(scene.series.values())  # the demonstration keeps some of its own to itself
    owned = "owner_id IS NOT NULL AND {} = ANY(%s) GROUP BY 1"
    rows = ask(scene.viewer(name), "SELECT owner_id, count(*) FROM measures_point WHERE " + owned.format("series_id"), ours)
    series = ask(scene.viewer(name), "SELECT owner_id, count(*) FROM measures_series WHERE " + owned.format("id"), ours)
    assert {owner for owner, _ in rows} == {owner for owner, _ in series}
    assert all(count == 3 for _, count in rows)
    return {owners[owner] for owner, _ in rows}


def test_each_person_sees_their_own_organisation_and_what_is_below_it(scene):
    """Inside an organisation everybody sees what it keeps: somebody of a ward sees the hospital's figures too."""
    people = ("visitor", "nobody", "past", "future", "region", "theirs", "ward", "ours")
    assert {name: seen_by(scene, name) for name in people} == {
        "visitor": set(), "nobody": set(), "past": set(), "future": set(), "region": set(),
        "theirs": {"theirs"}, "ward": {"ours", "ward"}, "ours": {"ours", "ward"},
    }  # fmt: skip
    # What is open is for all of them.
    count = "SELECT count(*) FROM measures_point WHERE series_id = %s"
    assert {ask(scene.viewer(name), count, scene.series["open"])[0][0] for name in people} == {3}


def test_a_region_sees_what_is_shared_with_it_while_it_is_shared(scene, as_owner):
    for facts, sees in (
        ({"what": "projects"}, set()), ({"until": "2021-01-01"}, set()), ({"since": "2999-01-01"}, set()), ({"until": "2999-01-01"}, {"ours"}),
    ):  # fmt: skip
        share(as_owner, scene.units["ours"], scene.units["region"], **facts)
        assert (facts, seen_by(scene, "region")) == (facts, sees)
        as_owner.execute("DELETE FROM organisations_sharing")


def test_sharing_ends_at_once(scene, as_owner):
    share(as_owner, scene.units["ours"], scene.units["region"])
    assert seen_by(scene, "region") == {"ours"}
    assert seen_by(scene, "theirs") == {"theirs"}
    as_owner.execute("UPDATE organisations_sharing SET until = current_date WHERE unit_id = %s", [scene.units["ours"]])
    assert seen_by(scene, "region") == set()


# ---- Writing ---------------------------------------------------------------------------------------


def test_a_visitor_changes_nothing(scene):
    for series in (scene.series["open"], scene.series["ours"]):
        refuses_a_visitor(series)


def refuses_a_visitor(series):
    for statement in (
        "INSERT INTO measures_point (series_id, period_on, value) VALUES (%s, '2019-04-01', 1)",
        "INSERT INTO measures_pointversion (id, series_id, period_on, removed, at, why) VALUES (gen_random_uuid(), %s, '2019-04-01', false, now(), 'x')",
        "INSERT INTO measures_series (measure_id, unit_id, stratum, owner_id) SELECT measure_id, unit_id, 'day', owner_id FROM measures_series WHERE id = %s"
        " UNION ALL SELECT min(measure_id), min(unit_id), 'day', NULL FROM measures_series",
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            change(VISITOR, statement, series)
    assert change(VISITOR, "UPDATE measures_point SET value = 0 WHERE series_id = %s", series) == 0
    assert change(VISITOR, "DELETE FROM measures_point WHERE series_id = %s", series) == 0
    assert change(VISITOR, "UPDATE measures_series SET stratum = 'x' WHERE id = %s", series) == 0
    assert change(VISITOR, "DELETE FROM measures_series WHERE id = %s", series) == 0


def test_another_organisations_figures_can_be_neither_changed_nor_added_to(scene):
    theirs, ours = scene.viewer("theirs"), scene.series["ours"]
    assert change(theirs, "UPDATE measures_point SET value = 0 WHERE series_id = %s", ours) == 0
    assert change(theirs, "DELETE FROM measures_series WHERE id = %s", ours) == 0
    # A month that is there and one that is not are refused in the same words: nothing is betrayed.
    for month in ("2019-01-01", "2019-04-01"):
        with pytest.raises(ProgrammingError, match="row-level security"):
            change(theirs, "INSERT INTO measures_point (series_id, period_on, value) VALUES (%s, %s, 1)", ours, month)
    with pytest.raises(ProgrammingError, match="row-level security"):
        change(
            theirs, "INSERT INTO measures_series (measure_id, unit_id, stratum, owner_id) SELECT measure_id, unit_id, 'day', %s FROM measures_series LIMIT 1",
            scene.units["ours"],
        )  # fmt: skip
    with pytest.raises(ProgrammingError, match="row-level security"):  # nor pushed onto somebody else
        change(theirs, "UPDATE measures_series SET owner_id = %s WHERE id = %s", scene.units["ours"], scene.series["theirs"])


def test_ones_own_figures_can_be_changed(scene):
    assert change(scene.viewer("ours"), "UPDATE measures_point SET value = 91 WHERE series_id = %s", scene.series["ours"]) == 3


def test_the_owner_comes_from_the_series_and_never_from_the_caller(scene):
    ours, series = scene.viewer("ours"), scene.series["ours"]
    change(ours, "INSERT INTO measures_point (series_id, period_on, value, owner_id) VALUES (%s, '2019-04-01', 1, NULL)", series)
    change(ours, "UPDATE measures_point SET owner_id = NULL WHERE series_id = %s", series)
    change(
        ours, "INSERT INTO measures_pointversion (id, series_id, period_on, owner_id, removed, at, why)"
        " VALUES (gen_random_uuid(), %s, '2019-01-01', NULL, false, now(), 'x')", series,
    )  # fmt: skip
    for table in ("measures_point", "measures_pointversion"):
        owners = ask(ours, f"SELECT DISTINCT owner_id FROM {table} WHERE series_id = %s", series)
        assert owners == [(scene.units["ours"],)]
        assert ask(VISITOR, f"SELECT count(*) FROM {table} WHERE series_id = %s", series) == [(0,)]


def test_a_series_that_changes_hands_takes_its_points_along(scene, as_maintain):
    as_maintain.execute("UPDATE measures_series SET owner_id = %s WHERE id = %s", [scene.units["theirs"], scene.series["ours"]])
    assert ask(scene.viewer("theirs"), "SELECT count(*) FROM measures_point WHERE series_id = %s", scene.series["ours"]) == [(3,)]
    assert ask(scene.viewer("ours"), "SELECT count(*) FROM measures_point WHERE series_id = %s", scene.series["ours"]) == [(0,)]


def test_an_owner_can_open_their_own_series(scene):
    assert change(scene.viewer("ours"), "UPDATE measures_series SET owner_id = NULL WHERE id = %s", scene.series["ours"]) == 1
    assert ask(VISITOR, "SELECT count(*), count(owner_id) FROM measures_point WHERE series_id = %s", scene.series["ours"]) == [(3, 0)]


def test_the_same_series_may_be_open_and_kept_by_two_owners(scene):
    """Uniqueness includes the owner: a clash with a row one cannot see would betray it."""
    theirs = scene.viewer("theirs")
    same = (
        "INSERT INTO measures_series (measure_id, unit_id, stratum, owner_id)"
        f" SELECT id, %s, 'night', %s FROM measures_measure WHERE code = '{HOURS}'"
    )
    ours = scene.units["ours"]  # whose hospital it is about; they keep this very series themselves, unseen
    assert change(theirs, same, ours, scene.units["theirs"]) == 1
    assert change(theirs, same, ours, None) == 1
    for owner in (scene.units["theirs"], None):  # NULL is one owner too: everybody
        with pytest.raises(DatabaseError, match="measures_series_once"):
            change(theirs, same, ours, owner)


def test_figures_stored_for_an_owner_are_seen_by_that_owner_only(scene):
    figure = measures.Figure(unit="DEMO-TRUST", measure=HOURS, period_on=date(2019, 5, 1), numerator=1, denominator=2, value=50)
    viewer = scene.viewer("ours")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    with acting_as(viewer):
        done = measures.store_figures(actor=viewer, at=at, why="ours alone", figures=[figure], owner_id=scene.units["ours"])
    assert done.new == 1
    find = "SELECT count(*) FROM measures_point WHERE period_on = '2019-05-01' AND value = 50 AND owner_id = %s"
    assert [ask(scene.viewer(name), find, scene.units["ours"])[0][0] for name in ("ours", "theirs", "visitor")] == [1, 0, 0]


# ---- Roles -----------------------------------------------------------------------------------------


def test_the_role_for_maintenance_sees_all(scene, as_maintain):
    ours = list(scene.series.values())
    assert one(as_maintain, "SELECT count(*) FROM measures_point WHERE owner_id IS NOT NULL AND series_id = ANY(%s)", ours) == 9
    assert one(as_maintain, "SELECT count(*) FROM measures_series WHERE owner_id IS NOT NULL AND id = ANY(%s)", ours) == 3


def test_row_level_security_holds_for_the_owner_of_the_tables_too(scene, as_owner):
    assert one(as_owner, "SELECT count(*) FROM measures_point WHERE owner_id IS NOT NULL") == 0


def test_the_app_is_neither_owner_nor_superuser_nor_may_it_become_one(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (roles.APP, False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = current_user")
        assert cursor.fetchone() == (0,)
        # Two roles it may take for one block, by name; it holds neither, so without SET ROLE it is refused what they may. Nothing else.
        cursor.execute(
            "SELECT g.rolname, m.inherit_option, m.set_option, m.admin_option, g.rolsuper, g.rolbypassrls, g.rolcreaterole, g.rolcanlogin"
            " FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member JOIN pg_roles g ON g.oid = m.roleid WHERE r.rolname = current_user"
            " ORDER BY 1"
        )
        only_taken = (False, True, False, False, False, False, False)
        assert cursor.fetchall() == [(role, *only_taken) for role in sorted((roles.COLLECT, roles.RELEASE))]
        # And neither of the two leads on to another role.
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member IN (%s::regrole, %s::regrole)", [roles.COLLECT, roles.RELEASE])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("statement", [
    *(f"{verb} {table}{rest}" for table in roles.APPEND_ONLY for verb, rest in (("UPDATE", CHANGED.get(table, " SET at = now()")), ("DELETE FROM", ""), ("TRUNCATE", ""))),
    "UPDATE django_migrations SET app = 'x'", "TRUNCATE measures_point", "DROP TABLE measures_point", "CREATE TABLE public.mine (x int)",
    "ALTER TABLE measures_point DISABLE ROW LEVEL SECURITY", "DROP POLICY measures_point_seen ON measures_point", "ALTER TABLE measures_point DISABLE TRIGGER ALL",
    f"SET ROLE {roles.OWNER}", f"SET ROLE {roles.MAINTAIN}", "SET ROLE postgres", "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION access_my_owners() RETURNS int[] LANGUAGE sql AS 'SELECT ARRAY[1]'",
])  # fmt: skip
def test_the_app_may_not(db, statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_switching_row_level_security_off_is_an_error_not_a_way_round(db, table):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic(), connection.cursor() as cursor:  # noqa: PT012  a block is what is tested
        cursor.execute("SET LOCAL row_security = off")
        cursor.execute(f"SELECT count(*) FROM {table}")


def test_an_audit_event_can_be_added(db):
    with acting_as(VISITOR):
        record(actor=VISITOR, verb="look", object_kind="thing", object_id="1", at=datetime(2026, 1, 1, tzinfo=UTC))
    assert len(events(verb="look")) == 1
    assert ask(VISITOR, "SELECT count(*) FROM audit_event WHERE verb = 'look'") == [(0,)]


def test_functions_that_pass_row_level_security_name_their_schema_themselves(db):
    """Else a table of the caller's own making could stand in for ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
        functions = dict(cursor.fetchall())
    assert {"access_my_owners", "measures_point_owner"} <= functions.keys()
    assert [name for name, config in functions.items() if not any(c.startswith("search_path=pg_catalog") for c in config or ())] == []
