"""A backup comes back whole, into an empty database, with its roles and guards, and people can sign in; or nothing changes."""

import json
import os
import shutil
import tempfile
import time
import uuid
from pathlib import Path

import psycopg
import pytest
from django.db import connection as django
from django.test import Client
from psycopg.conninfo import make_conninfo

from espalier.common.errors import UnableTo
from espalier.config import backing_up, embedded, roles

PROJECT = Path(__file__).resolve().parents[3]
HOUR = 30 * 60  # seconds that bringing back may take at the very most (trust: RTO)


def quiet(_):
    pass


@pytest.fixture(scope="module")
def source(databases):
    name = databases.clone(f"test_kept_{uuid.uuid4().hex[:8]}")
    with psycopg.connect(databases.server.url("postgres", name), autocommit=True) as connection:
        connection.execute("UPDATE access_account SET password = 'pbkdf2_sha256$secret' WHERE username = 'demo-nurse'")
        connection.execute("UPDATE organisations_person SET name = 'Łucja “O''Brien” \\N 🌳' WHERE id = (SELECT max(id) FROM organisations_person)")
    yield name
    databases.drop(name)


@pytest.fixture
def empty(databases):
    name = f"test_back_{uuid.uuid4().hex[:8]}"
    databases.admin(f'CREATE DATABASE "{name}" OWNER {roles.OWNER}')
    yield name
    databases.drop(name)


@pytest.fixture
def at(monkeypatch, databases):
    def point(name):
        monkeypatch.setenv("ESPALIER_OWNER_URL", databases.server.url(roles.OWNER, name))
        monkeypatch.setenv("DATABASE_URL", databases.server.url(roles.APP, name))

    return point


@pytest.fixture(scope="module")
def folder(source, databases, tmp_path_factory):
    """One backup of the source, made as on a server of one's own."""
    folder = tmp_path_factory.mktemp("backups")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_OWNER_URL", databases.server.url(roles.OWNER, source))
        assert backing_up.back_up(None, folder, keep=3, say=quiet) == 0
    return folder


@pytest.fixture(scope="module")
def own_server():
    """A server of our own, as on a machine that has just been set up."""
    home = Path(tempfile.mkdtemp(prefix="esp-"))
    made = embedded.locate(PROJECT, home / "db")
    made.home.mkdir()
    home.chmod(0o755)
    try:
        embedded.ensure_running(made)
        roles.bootstrap(made.url("postgres", "postgres"))
        yield made
    finally:
        embedded.stop(made, delete=True)
        shutil.rmtree(home, ignore_errors=True)


def everything_in(url):
    """Rows, rights, owners, guards and functions, asked without our own code."""
    with psycopg.connect(url) as connection:
        tables = [t for (t,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
        rows = {t: connection.execute(f"SELECT count(*), md5(string_agg(md5(r::text), '' ORDER BY md5(r::text))) FROM {t} r").fetchone() for t in tables}
        asked = {
            "guards": "SELECT relname, relowner::regrole::text, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1",
            "rights": "SELECT relname, g.grantee::regrole::text, g.privilege_type FROM pg_class, aclexplode(relacl) g WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2, 3",
            "policies": "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
            "functions": "SELECT proname, proowner::regrole::text, prosecdef, md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2, 4",
            "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
            "numbers": "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1",
        }
        return {"rows": rows} | {name: connection.execute(question).fetchall() for name, question in asked.items()}


def somebody_can_sign_in():
    client = Client()
    chosen = client.post("/sign-in/", {"who": "demo-leader"}, follow=True)
    return chosen.status_code == 200 and "Alex" in client.get("/").content.decode()


@pytest.fixture
def pages_of(transactional_db):
    """Serve pages from another database of the test's server."""
    before = dict(django.settings_dict)

    def point(name, host=None):
        django.close()
        django.settings_dict["NAME"] = name
        django.settings_dict["HOST"] = host or before["HOST"]

    yield point
    django.close()
    django.settings_dict.update(NAME=before["NAME"], HOST=before["HOST"])


def test_it_comes_back_into_an_empty_database_equal_in_everything(folder, source, empty, at, databases, pages_of):
    at(empty)
    began = time.monotonic()
    assert backing_up.restore(None, folder, replace=False, say=quiet) == 0
    assert time.monotonic() - began < HOUR
    before, after = (everything_in(databases.server.url("postgres", name)) for name in (source, empty))
    assert before["rows"].pop("exports_backup")[0] == after["rows"].pop("exports_backup")[0] + 1  # it says of itself when it was made
    for what in before:
        assert after[what] == before[what], what
    assert before["policies"] and before["rows"]["measures_point"][0] > 1000
    pages_of(empty)
    assert somebody_can_sign_in()


def test_what_is_there_is_never_overwritten_on_a_server_of_ones_own(folder, source, at, databases):
    at(source)
    before = everything_in(databases.server.url("postgres", source))
    for replace in (False, True):
        with pytest.raises(UnableTo, match="something in this database already"):
            backing_up.restore(None, folder, replace=replace, say=quiet)
    assert everything_in(databases.server.url("postgres", source)) == before


def test_the_embedded_database_takes_a_backup_and_only_replaces_when_told(folder, source, own_server, databases, pages_of):
    url = own_server.url("postgres")
    assert backing_up.restore(own_server, folder, replace=False, say=quiet) == 0
    wanted = everything_in(url)
    there = everything_in(databases.server.url("postgres", source))
    assert {t: n for t, n in wanted["rows"].items() if t != "exports_backup"} == {t: n for t, n in there["rows"].items() if t != "exports_backup"}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE organisations_unit SET name = 'spoilt'")
    with pytest.raises(UnableTo, match="Add --replace"):
        backing_up.restore(own_server, folder, replace=False, say=quiet)
    working = psycopg.connect(url)  # somebody is using it meanwhile
    working.execute("SELECT 1")
    assert backing_up.restore(own_server, folder, replace=True, say=quiet) == 0
    working.close()
    assert everything_in(url) == wanted
    pages_of("espalier", str(own_server.sockets))
    assert somebody_can_sign_in()
    with psycopg.connect(own_server.url("postgres", "postgres")) as connection:
        assert {n for (n,) in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")} == {"postgres", "espalier"}


def test_a_backup_that_differs_does_not_take_the_place_of_what_is_there(folder, own_server, tmp_path):
    """The dump is whole, but one number that was written down is another: as if a row had been lost on the way."""
    copy = Path(shutil.copytree(backing_up.backups(folder)[0], tmp_path / "copy"))
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["tables"]["measures_point"]["rows"] += 1
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with psycopg.connect(own_server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 41 AS kept")
    try:
        with pytest.raises(UnableTo, match="differs from what was backed up in measures_point"):
            backing_up.restore(own_server, copy, replace=True, say=quiet)
        with psycopg.connect(own_server.url("postgres")) as connection:
            assert connection.execute("SELECT kept FROM mine").fetchone() == (41,)
    finally:
        with psycopg.connect(own_server.url("postgres"), autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS mine")


@pytest.mark.parametrize("spoil", [
    lambda b: (b / "espalier.dump").write_bytes((b / "espalier.dump").read_bytes()[:-1]),
    lambda b: (b / "espalier.dump").unlink(),
    lambda b: (b / "manifest.json").write_text("{}"),
    lambda b: (b / "manifest.json").write_text("["),
], ids=["shorter", "gone", "empty manifest", "broken manifest"])  # fmt: skip
def test_a_damaged_backup_is_refused(spoil, folder, empty, at, databases, tmp_path):
    copy = Path(shutil.copytree(backing_up.backups(folder)[0], tmp_path / "copy"))
    spoil(copy)
    at(empty)
    with pytest.raises(UnableTo, match="is damaged"):
        backing_up.restore(None, copy, replace=False, say=quiet)
    assert everything_in(databases.server.url("postgres", empty))["rows"] == {}


def test_old_backups_go_and_nothing_else_does(source, at, tmp_path):
    at(source)
    for name in ("espalier-20200101T000000Z", "espalier-20200102T000000Z", "espalier-20200103T000000Z"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}")
    (tmp_path / "espalier-20200104T000000Z").mkdir()  # cut off: no manifest
    (tmp_path / "holiday").mkdir()
    (tmp_path / "letter.txt").write_text("keep me")
    backing_up.back_up(None, tmp_path, keep=2, say=quiet)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names[:2] == ["espalier-20200103T000000Z", "espalier-20200104T000000Z"]
    assert names[3:] == ["holiday", "letter.txt"] and len(names) == 5
    with pytest.raises(UnableTo, match="has to stay"):
        backing_up.back_up(None, tmp_path, keep=0, say=quiet)


def test_it_is_private_and_says_what_is_in_it(folder):
    backup = backing_up.backups(folder)[0]
    assert backup.stat().st_mode & 0o077 == 0
    manifest = json.loads((backup / "manifest.json").read_text())
    assert {"espalier_app", "espalier_maintain", "espalier_owner"} <= set(manifest["roles"])
    assert manifest["tables"]["organisations_unit"]["rows"] > 8000
    assert b"pbkdf2_sha256$secret" not in (backup / "manifest.json").read_bytes()


def test_a_password_is_not_seen_in_the_list_of_processes(tmp_path, monkeypatch):
    shown = tmp_path / "shown"
    shown.write_text('#!/bin/sh\necho "$@" > "$0.said"; echo "$PGPASSWORD" > "$0.known"\n')
    shown.chmod(0o755)
    backing_up._run(shown, make_conninfo(host="db.example.org", user="espalier_owner", password="hunter2"), "--more")
    assert "hunter2" not in Path(f"{shown}.said").read_text()
    assert Path(f"{shown}.known").read_text() == "hunter2\n"


def test_a_program_that_is_too_old_is_not_used(monkeypatch, tmp_path):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.1'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert backing_up.program(None, "pg_dump", 12) == old
    assert backing_up.program(None, "pg_dump", 18) != old
    with pytest.raises(UnableTo, match="no pg_dump of PostgreSQL 99"):
        backing_up.program(None, "pg_dump", 99)


def test_administrators_see_when_the_last_one_was_made_and_nobody_else_does(folder, source, pages_of):
    pages_of(source)
    client = Client()
    client.post("/sign-in/", {"who": "demo-admin"})
    words = client.get("/admin-tools/leaving/").content.decode()
    (dump,) = folder.glob("*/*.dump")
    assert "The last backup was made on" in words and f" rows, {dump.stat().st_size / 1e6:.1f} MB" in words
    assert "No backup in the last day" not in words
    client.post("/sign-in/", {"who": "demo-nurse"})
    refused = client.get("/admin-tools/leaving/")
    assert (refused.status_code, "The last backup" in refused.content.decode()) == (403, False)
