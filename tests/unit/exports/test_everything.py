"""Leaving with everything: what goes out comes in again, to the byte; what could open a door stays; nothing is forgotten."""

import csv
import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from django.apps import apps

from espalier.common.errors import UnableTo
from espalier.config import leaving, roles
from espalier.exports import everything, everything_out
from espalier.exports.everything import Column, Reference, Table

# Written by a person who wants to break a file of commas: each must come back as it was.
ODD = ["", '""', "a,b", 'say "hello"', "two\nlines\r\nand more", "\\N", "\\x00ff", "NULL", "=1+1", " spaces ", "Łódź 🌳 ẞ", "t", "1e5", "'", "\t"]


def quiet(_):
    pass


@pytest.fixture(scope="module")
def source(databases):
    """The demonstration, with odd words in it."""
    name = databases.clone(f"test_leave_{uuid.uuid4().hex[:8]}")
    with psycopg.connect(databases.server.url("postgres", name), autocommit=True) as connection:
        unit, account = connection.execute("SELECT (SELECT min(id) FROM organisations_unit), (SELECT min(id) FROM access_account)").fetchone()
        for number, words in enumerate(ODD):
            connection.execute("UPDATE organisations_unit SET name = %s WHERE id = (SELECT id FROM organisations_unit ORDER BY id OFFSET %s LIMIT 1)", [words, number])
            connection.execute(
                "INSERT INTO measures_savedview (account_id, name, choices, made_at, unit_id, place_id, measure_id)"
                " SELECT %s, %s, %s, '2026-03-29T00:59:59.123456+00', %s, %s, min(id) FROM measures_measure",
                [account, words[:80], json.dumps({"words": words, "number": 1.10, "long": 12345678901234567890}), unit, unit],
            )
        connection.execute("UPDATE organisations_person SET owner_ids = '{}' WHERE id = (SELECT min(id) FROM organisations_person)")
        connection.execute("UPDATE measures_point SET value = 0.30000000000000004, numerator = 1e300, denominator = 5e-324 WHERE id = (SELECT min(id) FROM measures_point)")
        connection.execute("DELETE FROM measures_savedview WHERE id = (SELECT max(id) FROM measures_savedview)")  # its number is not given again
        connection.execute("INSERT INTO django_session VALUES ('sesame', 'open', now())")
        connection.execute("UPDATE access_account SET password = 'pbkdf2_sha256$known' WHERE username = 'demo-nurse'")
        connection.execute(
            "INSERT INTO access_token (name, prefix, digest, may_read, may_enter, made_at, expires_at, account_id)"
            " VALUES ('mine', 'esp_1', %s, true, false, now(), now() + interval '1 day', %s)", ["deadbeef" * 8, account],
        )  # fmt: skip
        connection.execute("INSERT INTO mfa_authenticator (type, data, user_id, created_at) VALUES ('totp', '{\"secret\": \"JBSWY3DP\"}', %s, now())", [account])
    yield name
    databases.drop(name)


@pytest.fixture
def empty(databases, migrated):
    """An installation that nobody has used yet."""
    name = f"test_arrive_{uuid.uuid4().hex[:8]}"
    databases.admin(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}" OWNER {roles.OWNER}')
    yield name
    databases.drop(name)


@pytest.fixture(scope="module")
def migrated(databases):
    name = f"test_migrated_{uuid.uuid4().hex[:8]}"
    databases.admin(f'CREATE DATABASE "{name}" OWNER {roles.OWNER}')
    subprocess.run(
        [sys.executable, "-m", "espalier.config.cli", "migrate"], check=True, env=os.environ | databases.environment(name), stdout=subprocess.DEVNULL
    )
    yield name
    databases.drop(name)


@pytest.fixture
def at(monkeypatch, databases):
    """Point the commands at a database."""
    return lambda name: monkeypatch.setenv("ESPALIER_OWNER_URL", databases.server.url(roles.OWNER, name))


@pytest.fixture(scope="module")
def packed(source, databases, tmp_path_factory):
    """What the source exports, written once."""
    folder = tmp_path_factory.mktemp("packed") / "one"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_OWNER_URL", databases.server.url(roles.OWNER, source))
        leaving.export_all(folder, organisation="", say=quiet)
    return folder


@pytest.fixture
def one(packed, tmp_path):
    return Path(shutil.copytree(packed, tmp_path / "one"))


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def every_row(databases, name):
    """A sum over each table, reckoned without our code."""
    with psycopg.connect(databases.server.url("postgres", name)) as connection:
        tables = [t for (t,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
        return {t: connection.execute(f"SELECT count(*), md5(string_agg(md5(r::text), '' ORDER BY md5(r::text))) FROM {t} r").fetchone() for t in tables}


def rights(databases, name):
    """Who may do what with each table."""
    with psycopg.connect(databases.server.url("postgres", name)) as connection:
        return connection.execute(
            "SELECT c.relname, g.grantee::regrole::text, g.privilege_type FROM pg_class c, aclexplode(c.relacl) g"
            " WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 2, 3"
        ).fetchall()


# ---- There and back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("big", [10_000, 1], ids=["small tables as CSV", "every table as Parquet"])
def test_export_import_export_is_the_same_to_the_byte(big, source, empty, at, databases, tmp_path, monkeypatch):
    monkeypatch.setattr(everything_out, "BIG", big)
    monkeypatch.setattr(everything_out, "BLOCK_ROWS", 7_000)  # several blocks, none of them full at the end
    at(source)
    leaving.export_all(tmp_path / "one", organisation="", say=quiet)
    at(empty)
    leaving.import_all(tmp_path / "one", say=quiet)
    leaving.export_all(tmp_path / "two", organisation="", say=quiet)
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one.keys() == two.keys() and len(one) > 30
    assert json.loads(one["manifest.json"]) == json.loads(two["manifest.json"])
    assert [name for name in one if one[name] != two[name] and name != "about.json"] == []
    before, after = every_row(databases, source), every_row(databases, empty)
    left = json.loads(one["schema.json"])["left_out"].keys()
    assert [t for t in before if before[t] != after[t]] == sorted({"access_account", "access_token", "django_migrations", "django_session", "mfa_authenticator"} | (
        {t for t in left if before[t] != after[t]}))  # fmt: skip
    with psycopg.connect(databases.server.url("postgres", empty)) as connection:
        assert {t for (t,) in connection.execute("SELECT tgenabled::text FROM pg_trigger WHERE NOT tgisinternal")} == {"O"}, "triggers are awake"
    assert rights(databases, empty) == rights(databases, source), "the right to write was lent for one transaction"


def test_numbers_go_on_where_they_stood_and_none_is_given_twice(one, source, empty, at, databases):
    at(empty)
    leaving.import_all(one, say=quiet)

    def next_number(name):
        with psycopg.connect(databases.server.url("postgres", name)) as connection:
            return connection.execute("SELECT nextval(pg_get_serial_sequence('measures_savedview', 'id'))").fetchone()

    assert next_number(empty) == next_number(source)


def test_it_can_be_read_without_us(one):
    with (one / "tables/organisations_unit.csv").open(encoding="utf-8", newline="") as handle:
        names = {row["name"] for row in csv.DictReader(handle)}
    assert set(ODD) <= names
    points = pq.read_table(one / "tables/measures_point.parquet")
    assert (points.schema.field("value").type, points.schema.field("period_on").type) == ("double", "date32[day]")
    assert points.num_rows == json.loads((one / "manifest.json").read_text())["tables"]["measures_point"]["rows"]
    assert 0.1 + 0.2 in points.column("value").to_pylist()
    schema = json.loads((one / "schema.json").read_text())["tables"]["measures_point"]
    owner = next(column for column in schema["columns"] if column["name"] == "owner_id")
    assert (owner["class"], owner["may_be_missing"], schema["key"]) == ("confidential", True, ["id"])
    assert {"columns": ["series_id"], "table": "measures_series", "to": ["id"]} in schema["references"]


def test_what_opens_a_door_stays(one):
    whole = b"".join(files(one).values())
    assert [word for word in (b"sesame", b"pbkdf2_sha256$known", b"deadbeefdeadbeef", b"JBSWY3DP") if word in whole] == []
    readme = (one / "README.md").read_text()
    assert all(f"`{name}`" in readme for name in ("django_session", "access_token", "mfa_authenticator", "access_account.password"))


# ---- Refusals ---------------------------------------------------------------------------------------


def damage(path):
    path.write_bytes(path.read_bytes().replace(b"demo-nurse", b"demo-curse"))


@pytest.mark.parametrize(("spoil", "words"), [
    (lambda folder: damage(folder / "tables/access_account.csv"), "not what was written"),
    (lambda folder: (folder / "tables/measures_point.parquet").unlink(), "is missing"),
    (lambda folder: (folder / "manifest.json").write_text("[]"), "another format"),
    (lambda folder: (folder / "manifest.json").unlink(), "holds no export"),
], ids=["changed", "missing", "format", "none"])  # fmt: skip
def test_a_damaged_folder_is_refused_and_nothing_is_stored(spoil, words, one, empty, at, databases):
    spoil(one)
    at(empty)
    before = every_row(databases, empty)
    with pytest.raises(UnableTo, match=words):
        leaving.import_all(one, say=quiet)
    assert every_row(databases, empty) == before


def test_a_fault_in_the_last_table_leaves_nothing(one, empty, at, databases, monkeypatch):
    from espalier.exports import everything_in

    at(empty)
    before = every_row(databases, empty)
    real = everything_in._compare
    monkeypatch.setattr(everything_in, "_compare", lambda c, table, one: real(c, table, one | ({"content": "7"} if table.name == "measures_sumcoverage" else {})))
    with pytest.raises(UnableTo, match="measures_sumcoverage does not hold"):
        leaving.import_all(one, say=quiet)
    assert every_row(databases, empty) == before


def test_another_version_and_a_used_installation_are_refused(one, source, at, databases):
    at(source)
    with pytest.raises(UnableTo, match="is not empty: it holds 8,"):
        leaving.import_all(one, say=quiet)
    with psycopg.connect(databases.server.url(roles.OWNER, source), autocommit=True) as connection:
        connection.execute("ALTER TABLE organisations_kind ADD COLUMN newer text")
        try:
            with pytest.raises(UnableTo, match=r"another version of Espalier.*organisations_kind\.newer text"):
                leaving.import_all(one, say=quiet)
        finally:
            connection.execute("ALTER TABLE organisations_kind DROP COLUMN newer")


def test_a_folder_with_something_in_it_is_refused_and_a_cut_off_attempt_is_replaced(source, at, tmp_path):
    at(source)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("keep me")
    with pytest.raises(UnableTo, match="is not empty"):
        leaving.export_all(tmp_path / "mine", organisation="", say=quiet)
    assert files(tmp_path / "mine") == {"letter.txt": b"keep me"}
    (tmp_path / "one.part/tables").mkdir(parents=True)
    (tmp_path / "one.part/unfinished").touch()
    (tmp_path / "one.part/tables/half.csv").write_text("id")
    leaving.export_all(tmp_path / "one", organisation="", say=quiet)
    assert not (tmp_path / "one.part").exists()
    assert "tables/half.csv" not in files(tmp_path / "one")
    (tmp_path / "two.part").mkdir()
    with pytest.raises(UnableTo, match="was not made by us"):
        leaving.export_all(tmp_path / "two", organisation="", say=quiet)


# ---- Nothing is forgotten ---------------------------------------------------------------------------


def test_every_table_leaves_or_has_a_reason_to_stay(source, databases):
    with psycopg.connect(databases.server.url("postgres", source)) as connection:
        there = {name for (name,) in connection.execute(
            "SELECT CASE schemaname WHEN 'public' THEN tablename ELSE schemaname || '.' || tablename END FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )}  # fmt: skip
        plan = everything.plan(everything.catalogue(connection))
    leave = {table.name for table in plan.tables}
    assert leave | plan.left.keys() == there
    assert leave & plan.left.keys() == set()
    assert all(plan.left.values())
    models = {model._meta.db_table.replace('"', "") for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    assert models - there == {"pghistory_events"}, "which is a question over other tables, not a table"


def test_a_row_comes_after_those_it_names(source, databases):
    with psycopg.connect(databases.server.url("postgres", source)) as connection:
        plan = everything.plan(everything.catalogue(connection))
    place = {table.name: number for number, table in enumerate(plan.tables)}
    assert [(t.name, r.table) for t in plan.tables for r in t.references if r.table != t.name and place[r.table] > place[t.name]] == []


def planted(name="rooms_thing", *columns, references=()):
    return Table("public", name, (Column("id", "bigint", nullable=False, bound=True), *columns), ("id",), references)


def column(name, kind="text", **more):
    return Column(name, kind, **({"nullable": False, "bound": False} | more))


@pytest.mark.parametrize("name", ["password", "token_digest", "totp_secret", "pin", "pin_hash", "recovery_codes", "private_key", "session_key", "digest", "api_token"])
def test_a_new_table_with_a_secret_is_found_by_its_name(name):
    assert everything.plan([planted("rooms_thing", column(name))]).kept_back.keys() == {f"rooms_thing.{name}"}
    assert everything.plan([planted("rooms_thing", column(name, bound=True))]).left.keys() == {"rooms_thing"}
    assert everything.plan([planted("rooms_thing", column(name, "bytea"))]).left.keys() == {"rooms_thing"}
    assert everything.plan([planted("rooms_thing", column(name, "jsonb", nullable=True))]).tables[0].columns[1].instead is None


@pytest.mark.parametrize("name", ["opinion", "digested_on", "tokens_used", "pinned", "secretary", "spin", "passwords_last_set_at", "shopping"])
def test_words_that_only_look_alike_leave(name):
    assert everything.plan([planted("rooms_thing", column(name))]).kept_back == {}


def test_rows_that_name_what_stays_are_parted_from_it():
    """A chain: the token stays, what cannot do without it stays, what may be empty leaves with nothing there."""
    token = planted("a_token", column("digest", bound=True))
    use = planted("b_use", column("token_id", "bigint"), references=(Reference(("token_id",), "a_token", ("id",)),))
    note = planted("c_note", column("use_id", "bigint", nullable=True), references=(Reference(("use_id",), "b_use", ("id",)),))
    plan = everything.plan([note, use, token])
    assert plan.left == {"a_token": "its rows mean nothing without digest, which could open a door; made anew", "b_use": "every row names one of a_token, which stays"}
    assert plan.kept_back == {"c_note.use_id": "names a row of b_use, which stays"}


def test_the_folder_is_private(packed):
    assert packed.stat().st_mode & 0o077 == 0


def test_the_seals_of_the_log_leave_because_they_open_nothing():
    assert everything.plan([planted("audit_seal", column("digest"))]).kept_back == {}


# ---- One organisation -------------------------------------------------------------------------------


def read_csv(folder):
    found = {}
    for path in (folder / "tables").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as handle:
            found[path.stem] = list(csv.DictReader(handle))
    return found


def test_one_organisation_leaves_with_what_is_its_own(source, at, databases, tmp_path):
    at(source)
    leaving.export_all(tmp_path / "trust", organisation="DEMO-TRUST", say=quiet)
    with psycopg.connect(databases.server.url("postgres", source)) as connection:
        own = connection.execute("SELECT id FROM organisations_unit WHERE code = 'DEMO-TRUST'").fetchone()[0]
        units = {str(u) for (u,) in connection.execute("SELECT unit_id FROM organisations_below WHERE ancestor_id = %s", [own])} | {str(own)}
        figures = connection.execute("SELECT count(*) FROM measures_point WHERE owner_id = %s", [own]).fetchone()[0]
        people = connection.execute(
            "SELECT a.username FROM organisations_person p JOIN access_account a ON a.id = p.account_id WHERE %s = ANY (p.owner_ids)", [own]
        ).fetchall()
    rows = read_csv(tmp_path / "trust")
    assert {row["id"] for row in rows["organisations_unit"]} == units
    assert {row["unit_id"] for row in rows["organisations_grant"]} <= units
    assert len([row for row in rows["measures_point"] if row["owner_id"]]) == figures > 0
    assert {row["owner_id"] for row in rows["measures_point"]} == {str(own), ""}, "its own, and open ones of its places"
    assert {row["username"] for row in rows["access_account"]} == {name for (name,) in people} >= {"demo-leader", "demo-admin"}
    whole = b"".join(content for name, content in files(tmp_path / "trust").items() if name.startswith("tables/"))
    assert [word for word in (b"demo-care", b"DEMO-CARE", b"demo-system") if word in whole] == []
    left = json.loads((tmp_path / "trust/schema.json").read_text())["left_out"]
    assert left["measures_savedview"].startswith("belongs to a person")
    with pytest.raises(UnableTo, match="holds the organisation DEMO-TRUST only"):
        leaving.import_all(tmp_path / "trust", say=quiet)


def test_there_must_be_such_an_organisation(source, at, tmp_path):
    at(source)
    for code in ("NOWHERE", "DEMO-WARD-7"):
        with pytest.raises(UnableTo, match="No organisation has the code"):
            leaving.export_all(tmp_path / "one", organisation=code, say=quiet)
    assert list(tmp_path.iterdir()) == []
