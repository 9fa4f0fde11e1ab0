"""The database and Django, made ready for one command in one role."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg

from espalier.common.errors import UnableTo
from espalier.config import embedded, roles

PROJECT = Path(os.environ.get("ESPALIER_PROJECT", Path(__file__).resolve().parents[3]))
ADDRESS = "address"  # the file, beside the database, with what links begin with
ANSWERS_IN = 5  # seconds
SET_UP = "SELECT to_regclass('public.access_account') IS NOT NULL"  # one of the tables that every command needs


def own_server() -> embedded.Embedded:
    """Return where the embedded server of this checkout lives, started or not."""
    return embedded.locate(PROJECT, Path(home) if (home := os.environ.get("ESPALIER_HOME")) else None)


def database_ready() -> embedded.Embedded | None:
    """Put the addresses of both roles in the environment, starting the embedded server when no DATABASE_URL is given."""
    if os.environ.get("DATABASE_URL"):
        return None
    server = own_server()
    if embedded.ensure_running(server):
        print("Started the database that comes with Espalier.", flush=True)
    roles.bootstrap(server.url("postgres", "postgres"))
    roles.mark_embedded(server.url("postgres", "postgres"))
    os.environ["ESPALIER_EMBEDDED"] = "1"
    os.environ["DATABASE_URL"] = server.url(roles.APP)
    os.environ["ESPALIER_OWNER_URL"] = server.url(roles.OWNER)
    return server


def installation_ready() -> embedded.Embedded | None:
    """Make the database ready for a command that needs what `espalier migrate` makes; refuse where nothing was set up.

    A refusal leaves the machine as it was: no database is made, and one that was started only to look is stopped again.
    """
    if os.environ.get("DATABASE_URL"):
        _refuse_unless_set_up(os.environ["DATABASE_URL"])
        return None
    server = own_server()
    if not embedded.is_made(server):
        raise _nothing_here()
    was_running = embedded.is_running(server)
    database_ready()
    try:
        _refuse_unless_set_up(os.environ["DATABASE_URL"])
    except UnableTo:
        if not was_running:
            embedded.stop(server)
        raise
    return server


def _refuse_unless_set_up(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=ANSWERS_IN) as connection:
            answer = connection.execute(SET_UP).fetchone()
    except psycopg.OperationalError as problem:
        words = " ".join(str(problem).split())
        to_do = "Check DATABASE_URL and the server."
        raise UnableTo(f"The database does not answer: {words}", to_do=to_do, code="no-database") from problem
    if not (answer and answer[0]):
        raise _nothing_here()


def _nothing_here() -> UnableTo:
    return UnableTo("Nothing is set up here.", to_do="Run `make run` (or `espalier migrate`).", code="not-set-up")


def serve_at(server: embedded.Embedded | None, port: int) -> None:
    """Begin links with the port that is served, when no address is set, and keep it for commands that write links too."""
    if server is None or os.environ.get("ESPALIER_ADDRESS"):
        return  # a database of one's own is served under a name that this machine cannot know
    os.environ["ESPALIER_ADDRESS"] = f"http://localhost:{port}"
    (server.home / ADDRESS).write_text(os.environ["ESPALIER_ADDRESS"])


def as_served(server: embedded.Embedded | None) -> None:
    """Begin links as the pages that were last served here do, when no address is set."""
    if server and not os.environ.get("ESPALIER_ADDRESS") and (server.home / ADDRESS).exists():
        os.environ["ESPALIER_ADDRESS"] = (server.home / ADDRESS).read_text()


def django_ready(*, role: str = "app") -> None:
    """Set Django up as one role; a process is one role for its whole life."""
    os.environ["ESPALIER_DB_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "espalier.config.settings")
    import django

    django.setup()
