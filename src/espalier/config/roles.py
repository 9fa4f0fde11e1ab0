"""The database roles and what the app may do.

owner migrates and owns every table · espalier_maintain (no login) may pass row-level security, for data migrations and
backup · app serves people: neither owner nor superuser, so row-level security always holds for it. It may take two
more, for one block of one transaction each: espalier_collect adds special data, espalier_release reads them.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

OWNER, MAINTAIN, APP = "espalier_owner", "espalier_maintain", "espalier_app"
COLLECT, RELEASE = "espalier_collect", "espalier_release"  # as espalier.access.special names them

# Tables that only grow: what happened stays as it happened, so the app role cannot change or remove a row.
APPEND_ONLY = (
    "audit_event",
    "audit_seal",
    "organisations_personevent",
    "organisations_assignmentevent",
    "organisations_grantevent",
    "organisations_sharingevent",
    "organisations_unitevent",
    "measures_pointversion",
    "measures_markversion",
    "measures_measureversion",
    "insight_paperversion",
    "insight_frozen",
    "access_consent",
    "access_cleared",
    "organisations_staffchange",
    "projects_edit",
    "projects_tally",
)
# Tables that only migrations change, and what commands of the owner write.
READ_ONLY = ("django_migrations", "access_held_place", "access_held_clearing", "exports_backup")
MAINTAINABLE = 170000  # PostgreSQL 17 lets a role ANALYZE tables it does not own


def bootstrap(superuser_url: str, database: str = "espalier") -> None:
    """Create roles and database where missing; running it again changes nothing."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role, rights in ((OWNER, "LOGIN"), (MAINTAIN, "NOLOGIN BYPASSRLS"), (APP, "LOGIN"), (COLLECT, "NOLOGIN"), (RELEASE, "NOLOGIN")):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role)))
        connection.execute(sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(sql.Identifier(MAINTAIN), sql.Identifier(OWNER)))
        for role in (COLLECT, RELEASE):  # never held, only taken: without SET LOCAL ROLE the app is refused
            connection.execute(sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(sql.Identifier(role), sql.Identifier(APP)))
        connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(MAINTAIN)))  # backup reads everything
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OWNER)))


def grant(connection: psycopg.Connection, app: str) -> None:
    """Give the app role what it needs on the tables as they are now; run as owner after each migration."""
    who = sql.Identifier(app)
    statements = [
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}",
    ]
    if connection.info.server_version >= MAINTAINABLE:
        # Without ANALYZE right after a load, pages crawl (20 s for 200 charts) until autovacuum comes round.
        statements.append("GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {}")
    for statement in statements:
        connection.execute(sql.SQL(statement).format(who))
    for table in APPEND_ONLY + READ_ONLY:
        rights = "INSERT, UPDATE, DELETE" if table in READ_ONLY else "UPDATE, DELETE"
        if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,):
            connection.execute(sql.SQL("REVOKE " + rights + " ON {} FROM {}").format(sql.Identifier(table), who))


def mark_embedded(superuser_url: str, database: str = "espalier") -> None:
    """Have the database itself say that it is the embedded one, so that its own guards can refuse real people's data.

    A database made as a copy does not inherit it: those of tests may hold any people.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} SET espalier.embedded = 'on'").format(sql.Identifier(database)))
