"""What can be wrong with a set-up, each as a sentence with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.checks import run_checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from espalier.access.viewer import VISITOR
from espalier.common.errors import UnableTo
from espalier.config import durable
from espalier.framework import queries as framework

if TYPE_CHECKING:
    from collections.abc import Iterator

GUARDED = (
    "measures_series", "measures_point", "measures_pointversion", "insight_paper", "insight_paperversion", "insight_frozen",
    "insight_pack", "insight_packpart", "audit_event", "audit_address", "organisations_emergency", "organisations_personevent",
    "organisations_assignmentevent", "organisations_grantevent", "organisations_sharingevent", "organisations_unitevent",
)  # fmt: skip


def problems(*, deploy: bool) -> list[str]:
    """Check what always matters, and with deploy what matters where real people use it."""
    found = [*_database(), *_content(), *(_deploy() if deploy else ())]
    # Django's own checks import every page's address, so a page that cannot load is found here and not by a visitor.
    return found + [f"{message.msg} {message.hint or ''}".strip() for message in run_checks(include_deployment_checks=deploy)]


def _database() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        (version,) = cursor.fetchone()
        if version < 160000:
            yield f"PostgreSQL {version // 10000} is too old. Use 16 or newer."
        cursor.execute(durable.QUESTION)
        if not durable.keeps(cursor.fetchone()):
            yield "The database may lose what it said it saved (fsync, full_page_writes or synchronous_commit is off). Switch all on."
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if any(cursor.fetchone()):
            yield "The app connects as a role that passes row-level security. Give DATABASE_URL the app role."
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user LIMIT 1")
        if owned := cursor.fetchone():
            yield f"The app connects as the owner of {owned[0]}. Give DATABASE_URL the app role and ESPALIER_OWNER_URL the owner."
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND NOT (relrowsecurity AND relforcerowsecurity)", [list(GUARDED)]
        )
        yield from (f"Row-level security is off on {table}. Type `espalier migrate`." for (table,) in cursor.fetchall())
    if settings.DATABASES["default"].get("OPTIONS", {}).get("server_side_binding"):
        yield "server_side_binding is on, and with it no edit of a person or place can be kept. Take it out of DATABASE_URL."
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "The database is behind the program. Type `espalier migrate`."


def _content() -> Iterator[str]:
    try:
        framework.works_here(viewer=VISITOR)
    except UnableTo as problem:
        yield str(problem)
    if not Path(settings.CONTENT_DIR).is_dir():
        yield f"There is no content folder at {settings.CONTENT_DIR}. Set ESPALIER_CONTENT."


def _deploy() -> Iterator[str]:
    if settings.EMBEDDED:
        yield "The embedded database trusts everybody on this machine: it is for a demonstration. Set DATABASE_URL to your own server."
    if settings.DEMO:
        yield "Demonstration mode lets anybody sign in as a made-up person. Unset ESPALIER_DEMO."
    if len(settings.SECRET_KEY) < 50:
        yield "ESPALIER_SECRET_KEY is missing or short. Set it to at least 50 random characters."
