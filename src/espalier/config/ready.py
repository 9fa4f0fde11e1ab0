"""The database and Django, made ready for one command in one role."""

from __future__ import annotations

import os
from pathlib import Path

from espalier.config import embedded, roles

PROJECT = Path(os.environ.get("ESPALIER_PROJECT", Path(__file__).resolve().parents[3]))


def database_ready() -> embedded.Embedded | None:
    """Put the addresses of both roles in the environment, starting the embedded server when no DATABASE_URL is given."""
    if os.environ.get("DATABASE_URL"):
        return None
    server = embedded.locate(PROJECT, Path(home) if (home := os.environ.get("ESPALIER_HOME")) else None)
    if embedded.ensure_running(server):
        print("Started the database that comes with Espalier.", flush=True)
    roles.bootstrap(server.url("postgres", "postgres"))
    roles.mark_embedded(server.url("postgres", "postgres"))
    os.environ["ESPALIER_EMBEDDED"] = "1"
    os.environ["DATABASE_URL"] = server.url(roles.APP)
    os.environ["ESPALIER_OWNER_URL"] = server.url(roles.OWNER)
    return server


def django_ready(*, role: str = "app") -> None:
    """Set Django up as one role; a process is one role for its whole life."""
    os.environ["ESPALIER_DB_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "espalier.config.settings")
    import django

    django.setup()
