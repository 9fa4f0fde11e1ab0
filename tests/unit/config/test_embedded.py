"""The database that comes with Espalier mends itself, or says in one line what is wrong. A server of its own, in a folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest

from espalier.common.errors import UnableTo
from espalier.config import embedded, roles

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def server():
    """Short path: a socket's path ends at 107 bytes. Stopped and deleted afterwards, whatever happened."""
    home = Path(tempfile.mkdtemp(prefix="esp-"))
    made = embedded.locate(PROJECT, home / "db")
    made.home.mkdir()
    home.chmod(0o755)
    try:
        yield made
    finally:
        embedded.stop(made, delete=True)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def running(server):
    embedded.ensure_running(server)
    return server


def postmaster(server):
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def answers(server):
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def wait_until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


def test_making_the_database_was_cut_off(server):
    """initdb left half a folder; the mark that it finished is missing."""
    embedded.stop(server)
    (server.home / "made").unlink(missing_ok=True)
    shutil.rmtree(server.data, ignore_errors=True)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("18\n")
    assert embedded.ensure_running(server) is True
    assert answers(server)


def test_two_starts_at_once_make_one_server(server):
    embedded.stop(server)
    started = []
    threads = [threading.Thread(target=lambda: started.append(embedded.ensure_running(server))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(started) == [False, True]
    assert answers(server)


def test_a_running_server_is_left_alone(running):
    before = postmaster(running)
    assert embedded.ensure_running(running) is False
    assert postmaster(running) == before


def test_a_killed_server_comes_back_with_what_it_had_said_it_saved(running):
    with psycopg.connect(running.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (x int)")
        connection.execute("INSERT INTO kept VALUES (41)")
        os.kill(postmaster(running), signal.SIGKILL)
    assert embedded.ensure_running(running) is True
    with psycopg.connect(running.url("postgres", "postgres")) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (41,)


@pytest.mark.parametrize("words", ["{pid}\n", "not a number\n", ""])
def test_a_lock_that_names_another_program_or_nothing(server, words):
    """After a restart of the machine the number in the lock may be anybody's."""
    embedded.stop(server)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        for lock in (server.data / "postmaster.pid", server.sockets / ".s.PGSQL.5432.lock"):
            lock.write_text(words.format(pid=other.pid))
            if server.user:
                shutil.chown(lock, server.user)
        assert embedded.ensure_running(server) is True
        assert answers(server)
        assert other.poll() is None, "the other program was left alone"
    finally:
        other.kill()
        other.wait()


def test_the_lock_of_the_running_server_is_not_stale(running):
    embedded._clear_stale_locks(running)
    assert (running.data / "postmaster.pid").exists()
    assert answers(running)


def test_a_server_that_cannot_start_says_its_last_words(server, monkeypatch):
    embedded.stop(server)
    monkeypatch.setattr(embedded, "LOCK_SECONDS", 1)
    monkeypatch.setattr(embedded, "_write_settings", lambda s: (s.data / "espalier.conf").write_text("shared_buffers = 'nonsense'\n"))
    with pytest.raises(UnableTo) as raised:
        embedded.ensure_running(server)
    assert raised.value.code in {"no-start", "database-program"}
    assert "shared_buffers" in str(raised.value)
    assert "make clean" in raised.value.to_do
    assert "\n" not in str(raised.value.what).strip()


def test_a_socket_folder_of_somebody_else_is_refused(server, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    somebody = embedded.Embedded(home=server.home, sockets=theirs, programs=server.programs, user=server.user)
    if os.geteuid() == 0:
        os.chown(theirs, 54321, 54321)
        with pytest.raises(UnableTo, match="belongs to somebody else") as raised:
            embedded.ensure_running(somebody)
        assert raised.value.to_do == "Remove it and try again."
    link = tmp_path / "link"
    link.symlink_to(server.home)
    linked = embedded.Embedded(home=server.home, sockets=link, programs=server.programs, user=server.user)
    with pytest.raises(UnableTo, match="belongs to somebody else"):
        embedded.ensure_running(linked)


def test_only_its_user_may_open_the_folders(running):
    assert [folder.stat().st_mode & 0o077 for folder in (running.home, running.sockets, running.data)] == [0, 0, 0]


def test_no_network_can_reach_it(running):
    with psycopg.connect(running.url("postgres", "postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_roles_are_made_once_and_again_changes_nothing(running):
    for _ in range(2):
        roles.bootstrap(running.url("postgres", "postgres"), database="tried")
    with psycopg.connect(running.url("postgres", "postgres")) as connection:
        found = connection.execute(
            "SELECT rolname, rolsuper, rolcanlogin, rolbypassrls FROM pg_roles WHERE rolname LIKE 'espalier%' ORDER BY 1"
        ).fetchall()
    assert found == [
        (roles.APP, False, True, False), (roles.COLLECT, False, False, False), (roles.MAINTAIN, False, False, True), (roles.OWNER, False, True, False),
        (roles.RELEASE, False, False, False),
    ]  # fmt: skip


def test_two_checkouts_never_share_a_server(tmp_path):
    one, two = (embedded.locate(tmp_path / name) for name in ("one", "two"))
    assert one.home != two.home
    assert one.sockets != two.sockets
    assert len(f"{one.sockets}/.s.PGSQL.5432") < 104


def test_the_rights_of_a_folder_that_is_not_ours_stay(server):
    outside = server.home.parent
    outside.chmod(0o1777)
    try:
        embedded.ensure_running(server)
        assert outside.stat().st_mode & 0o7777 == 0o1777
    finally:
        outside.chmod(0o755)


def test_removing_the_demonstration_removes_only_what_it_made(tmp_path):
    mine = tmp_path / "letter.txt"
    mine.write_text("keep me")
    server = embedded.Embedded(home=tmp_path, sockets=tmp_path / "sockets", programs=tmp_path, user=None)
    (server.data / "base").mkdir(parents=True)
    server.sockets.mkdir()
    (tmp_path / "made").touch()
    embedded.stop(server, delete=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
