"""The tests' database: a clone of one made by the owner role, with real England in it, used as the app role.

Made once for each state of migrations, content and code that fills it; each worker then clones it in under a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from espalier.config import embedded, roles

PROJECT = Path(__file__).resolve().parents[1]
# What decides what stands in a fresh demonstration; code that only reads, or writes later, is left out to save making it anew.
FILLED_BY = ("src/espalier/*/migrations/*.py", "src/espalier/demo/*.py", "src/espalier/organisations/actions/*.py",
             "src/espalier/measures/actions/publishing.py", "src/espalier/measures/actions/storing.py",
             "src/espalier/organisations/rules/*.py", "src/espalier/measures/rules/ae.py", "src/espalier/measures/rules/sickness.py",
             "src/espalier/measures/rules/published.py", "src/espalier/measures/rules/figures.py", "src/espalier/measures/rules/definitions.py",
             "src/espalier/config/roles.py", "src/espalier/config/rights.py", "src/espalier/**/personal.py", "src/espalier/imports/tables.py", "content/**/*")  # fmt: skip

A_DAY = 20  # hours: a run never begins with the databases of yesterday


def _mark(patterns: tuple[str, ...]) -> str:
    mark = hashlib.sha256()
    for path in sorted(
        {path for pattern in patterns for path in PROJECT.glob(pattern) if path.is_file() and "__pycache__" not in path.parts}
    ):
        mark.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return mark.hexdigest()[:12]


class Databases:
    """Make, clone and drop databases on the embedded server."""

    def __init__(self) -> None:
        home = os.environ.get("ESPALIER_HOME")
        self.server = embedded.locate(PROJECT, Path(home) if home else None)
        embedded.ensure_running(self.server)
        roles.bootstrap(self.server.url("postgres", "postgres"))
        self.template = f"test_template_{_mark(FILLED_BY)}"
        self.empty = f"{self.template}_empty"  # the tables, and nothing in them

    def admin(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.url("postgres", "postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def environment(self, name: str) -> dict[str, str]:
        return {
            "DATABASE_URL": self.server.url(roles.APP, name), "ESPALIER_OWNER_URL": self.server.url(roles.OWNER, name),
            "ESPALIER_DEMO_LAST_MONTH": "2019-03-01", "ESPALIER_EMBEDDED": "1",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1", "DJANGO_SETTINGS_MODULE": "espalier.config.settings",
        }  # fmt: skip

    def make_template(self) -> None:
        if len(self._ages()) == 2 and (max(self._ages()) < A_DAY or "PYTEST_XDIST_WORKER" in os.environ):
            return
        for (old,) in self.admin("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'"):
            self.admin(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
        making = f"{self.template}_making"
        self.admin(f'CREATE DATABASE "{making}" OWNER {roles.OWNER}')
        self._fill(making, "migrate")
        self.admin(f'CREATE DATABASE "{self.empty}" TEMPLATE "{making}" OWNER {roles.OWNER}')
        self._fill(making, "demo")
        self.admin(f'ALTER DATABASE "{making}" RENAME TO "{self.template}"')

    def _ages(self) -> list[float]:
        """How many hours old the databases to clone are. What they hold is dated from the day they were made: tomorrow they are made anew."""
        age = "extract(epoch FROM now() - (pg_stat_file('base/' || oid || '/PG_VERSION')).modification) / 3600"
        return [float(str(hours)) for (hours,) in self.admin(
            f"SELECT {age} FROM pg_database WHERE datname IN ('{self.template}', '{self.empty}')")]  # fmt: skip

    def _fill(self, name: str, command: str) -> None:
        environment = os.environ | self.environment(name)
        subprocess.run([sys.executable, "-m", "espalier.config.cli", command], check=True, env=environment, stdout=subprocess.DEVNULL)

    def collect_static(self) -> None:
        """The pages name files by their hash, so the files are gathered first."""
        stamp = PROJECT / "var" / "static" / ".mark"
        mark = _mark(("src/espalier/*/static/**/*", "requirements/runtime.txt"))
        if not stamp.exists() or stamp.read_text() != mark:
            subprocess.run(
                [sys.executable, "-m", "espalier.config.cli", "manage", "collectstatic", "--noinput", "-v", "0"],
                check=True,
                env=os.environ | self.environment(self.template),
            )
            stamp.write_text(mark)

    def clone(self, name: str, of: str = "") -> str:
        self.admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        until = time.monotonic() + 60
        while True:  # a command that another worker runs may be looking at the template just now
            try:
                self.admin(f'CREATE DATABASE "{name}" TEMPLATE "{of or self.template}" OWNER {roles.OWNER}')
            except psycopg.errors.ObjectInUse:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
            else:
                return name

    def drop(self, name: str) -> None:
        self.admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class State:
    """What pytest_configure made, for the fixtures."""

    databases: Databases
    name: str


def pytest_configure(config: pytest.Config) -> None:
    """Point Django at a clone before anything imports its settings."""
    lock = PROJECT / "var" / "tests.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        State.databases = Databases()
        State.databases.make_template()
        State.databases.collect_static()
        State.name = State.databases.clone(f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}")
    os.environ.update(State.databases.environment(State.name))
    import django

    django.setup()  # tests import models while they are collected


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each worker choose its own clone. With this name set, pytest-django reads the settings, and so this process's, first."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


# Few tests that take long: begun last, each would keep one worker busy after the others have finished.
LONG = (
    "isolation/test_canaries.py", "unit/config/test_crashes.py", "isolation/test_rows_alone.py", "contracts/test_routes.py", "contracts/test_sql.py",
    "unit/config/test_cli.py", "unit/exports/test_everything.py", "unit/jobs/test_queue.py", "journeys/",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long; bin/test tells the workers to keep this order."""
    here = str(PROJECT / "tests") + "/"
    items.sort(key=lambda item: next((at for at, long in enumerate(LONG) if str(item.path).startswith(here + long)), len(LONG)))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop the clone; the template stays for the next run."""
    if hasattr(State, "name"):
        State.databases.drop(State.name)


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database is there already, made as the owner: the app role may neither create nor empty one. No other worker uses it."""
    from django.db import connection

    assert connection.settings_dict["NAME"] == State.name


@pytest.fixture(autouse=True, scope="session")
def _no_flush() -> None:
    """A test that commits gets a database of its own (fixture own_database) instead of emptying the shared one."""
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = lambda self: None  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def _quicker() -> None:
    """What takes time and is not what any test is about: listing the static files for each client, and slow hashes of PINs."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher
    from whitenoise import WhiteNoise

    PBKDF2PasswordHasher.iterations = 1000
    listed, found = WhiteNoise.update_files_dictionary, {}

    def once(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            listed(self, root, prefix)
            found[root, prefix] = dict(self.files)
        self.files.update(found[root, prefix])

    WhiteNoise.update_files_dictionary = once  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def databases() -> Databases:
    return State.databases


@contextmanager
def cloned(prefix: str = "own") -> Iterator[str]:
    """A database of one's own, dropped afterwards."""
    name = State.databases.clone(f"test_{prefix}_{uuid.uuid4().hex[:8]}")
    try:
        yield name
    finally:
        State.databases.drop(name)


@pytest.fixture
def own_database(transactional_db: None) -> Iterator[str]:
    """Django's connection on a fresh clone, really committing, as the app role."""
    from django.db import connection

    with cloned() as name:
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


@pytest.fixture
def as_owner(own_database: str) -> Iterator[psycopg.Connection]:
    """A second connection, as the owner of the same database, for setting a scene the app role could not."""
    with psycopg.connect(State.databases.server.url(roles.OWNER, own_database), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def live_address() -> Iterator[str]:
    """Espalier served by its own server, as people get it, on a database of its own."""
    with cloned("live") as name:
        port = embedded_free_port()
        environment = os.environ | State.databases.environment(name)
        process = subprocess.Popen(
            [sys.executable, "-m", "espalier.config.cli", "serve", "--port", str(port), "--workers", "1"],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def embedded_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer in 20 seconds.")
