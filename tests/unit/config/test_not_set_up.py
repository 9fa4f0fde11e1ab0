"""A command where nothing was set up says so in one line, and leaves the machine as it found it."""

import shutil
import tempfile
import uuid
from pathlib import Path

import pytest
from tests.unit.config.test_cli import run

from espalier.config import embedded, roles

PROJECT = Path(__file__).resolve().parents[3]
NOTHING = "Espalier: Nothing is set up here. Run `make run` (or `espalier migrate`).\n"
NEEDS_ONE = (
    ("audit", "verify"),
    ("audit", "head"),
    ("audit", "seal"),
    ("invite", "--role", "administrator", "--unit", "DEMO-TRUST"),
    ("export", "--all", "nowhere"),
    ("backup", "nowhere"),
    ("check",),
    ("demo",),
    ("worker",),
    ("serve",),
    ("import", "places", "nowhere.ods"),
)


@pytest.fixture
def home():
    """Short path: a socket's path ends at 107 bytes. As root the server is another user, who must get in."""
    folder = Path(tempfile.mkdtemp(prefix="esp-"))
    folder.chmod(0o755)
    yield folder / "db"
    embedded.stop(embedded.locate(PROJECT, folder / "db"), delete=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("words", NEEDS_ONE, ids=" ".join)
def test_a_command_makes_no_database_only_to_find_nothing_in_it(words, home, tmp_path):
    done = run("-m", "espalier.config.cli", *words, ESPALIER_HOME=str(home), ESPALIER_PROJECT=str(PROJECT))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", NOTHING)
    assert not home.exists()


@pytest.mark.parametrize("running", [False, True], ids=["stopped before", "running before"])
def test_a_database_without_tables_is_named_and_left_as_it_was(home, running):
    server = embedded.locate(PROJECT, home)
    embedded.ensure_running(server)
    if not running:
        embedded.stop(server)
    done = run("-m", "espalier.config.cli", "audit", "verify", ESPALIER_HOME=str(home), ESPALIER_PROJECT=str(PROJECT))
    assert (done.returncode, done.stderr) == (1, NOTHING)
    assert embedded.is_running(server) is running


def test_an_empty_database_of_ones_own_and_one_that_does_not_answer(databases, tmp_path):
    name = f"test_empty_{uuid.uuid4().hex[:8]}"
    databases.admin(f'CREATE DATABASE "{name}" OWNER {roles.OWNER}')
    try:
        done = run("-m", "espalier.config.cli", "audit", "verify", DATABASE_URL=databases.server.url(roles.APP, name))
    finally:
        databases.drop(name)
    assert (done.returncode, done.stderr) == (1, NOTHING)
    away = run("-m", "espalier.config.cli", "audit", "verify", DATABASE_URL=f"postgresql://espalier_app@/espalier?host={tmp_path}")
    assert away.returncode == 1
    assert away.stderr.startswith("Espalier: The database does not answer: ")
    assert away.stderr.endswith(" Check DATABASE_URL and the server.\n")


def test_stop_says_what_it_found(home):
    def stop(*words):
        return run("-m", "espalier.config.cli", "stop", *words, ESPALIER_HOME=str(home), ESPALIER_PROJECT=str(PROJECT)).stdout

    assert stop() == "The database was not running.\n"
    assert stop("--delete") == "There was nothing to remove.\n"
    embedded.ensure_running(embedded.locate(PROJECT, home))
    assert stop() == "Stopped the database.\n"
    assert stop() == "The database was not running.\n"
    assert stop("--delete") == "Removed the demonstration.\n"
