"""Jobs: deferred with the business transaction, run through the door as their account, found again after a crash."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR
from espalier.jobs import queue

# What a worker of its own runs: jobs of this test, joined to the house as a room's jobs are.
WORKER = """
import django; django.setup()
import sys, time
from django.db import connection
from espalier.access.actions import add_account
from espalier.jobs import queue, worker

@queue.job("tests.note")
def note(*, viewer, words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.viewer')")
        seen = cursor.fetchone()[0]
    add_account(username=f"{words}-{seen}-{viewer.name[:3]}")

@queue.job("tests.hang")
def hang(*, viewer, words):
    add_account(username=f"{words}-done")
    if "--hang" in sys.argv:
        print("hanging", flush=True)
        time.sleep(60)

@queue.job("tests.breaks")
def breaks(*, viewer, words):
    add_account(username=f"{words}-half")
    raise ZeroDivisionError

worker.run(until_empty=True)
"""


@pytest.fixture
def note(own_database):
    """The same job by name, as the room that defers it knows it."""
    from procrastinate.contrib.django import app

    def later(name, account_id, words):
        return app.configure_task(name).defer(account_id=account_id, words=words)

    return later


def environment(databases, name):
    return os.environ | databases.environment(name)


def work(databases, name):
    done = subprocess.run(
        [sys.executable, "-c", WORKER], env=environment(databases, name), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done


def names(as_owner, like):
    return sorted(row[0] for row in as_owner.execute("SELECT username FROM access_account WHERE username LIKE %s", [f"{like}%"]).fetchall())


def statuses(as_owner):
    """Of the jobs deferred here; the worker also runs the product's own schedules."""
    ours = "SELECT status FROM procrastinate_jobs WHERE task_name LIKE 'tests.%' ORDER BY id"
    return [row[0] for row in as_owner.execute(ours).fetchall()]


def test_a_job_runs_once_as_its_account_if_what_deferred_it_was_kept(note, databases, own_database, as_owner):
    kim = get_user_model().objects.get(username="demo-analyst").pk
    with pytest.raises(ZeroDivisionError), acting_as(VISITOR):  # noqa: PT012  a block is what is tested
        note("tests.note", kim, "lost")
        raise ZeroDivisionError
    with acting_as(VISITOR):
        note("tests.note", kim, "kept")
        note("tests.note", None, "nobody")
        note("tests.breaks", kim, "broken")
    assert statuses(as_owner) == ["todo"] * 3
    work(databases, own_database)
    assert statuses(as_owner) == ["succeeded", "succeeded", "failed"]
    assert names(as_owner, "lost") == []
    assert names(as_owner, "kept") == [f"kept-{kim}-Kim"]
    assert names(as_owner, "nobody") == ["nobody--"]
    assert names(as_owner, "broken") == []  # what it had begun went with it
    work(databases, own_database)
    assert names(as_owner, "kept") == [f"kept-{kim}-Kim"]


def test_a_job_whose_worker_was_killed_is_taken_up_again_and_keeps_nothing_half_done(note, databases, own_database, as_owner):
    with transaction.atomic():
        note("tests.hang", None, "killed")
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, "--hang"],
        env=environment(databases, own_database),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout.readline() == "hanging\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert names(as_owner, "killed") == []
    work(databases, own_database)
    assert statuses(as_owner) == ["doing"]  # it may still live: only a minute's silence says that it does not
    as_owner.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    work(databases, own_database)
    assert statuses(as_owner) == ["succeeded"]
    assert names(as_owner, "killed") == ["killed-done"]


def test_without_a_door_a_job_does_not_run(monkeypatch):
    monkeypatch.setattr(queue, "_door", [])
    job = queue.job("tests.no-door")(lambda *, viewer: viewer)
    with pytest.raises(RuntimeError, match="No door for jobs"):
        job(account_id=None)


def test_a_job_is_given_a_viewer_and_not_an_account(db):
    seen = []
    job = queue.job("tests.seen")(lambda *, viewer, words: seen.append((viewer, words)))
    job(account_id=None, words="x")
    assert seen == [(VISITOR, "x")]
    assert not connection.needs_rollback


def test_deferring_takes_no_time_to_speak_of(note):
    start = time.monotonic()
    with transaction.atomic():
        for _ in range(20):
            note("tests.note", None, "x")
    assert time.monotonic() - start < 2
