"""Take everything along, take it in elsewhere: the commands that read and write a whole installation."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from espalier.common.errors import UnableTo
from espalier.config import roles
from espalier.exports import everything, everything_in, everything_narrowed, everything_out, everything_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from espalier.exports.everything import Connection, Plan
    from espalier.exports.everything_narrowed import Meanings

    Say = Callable[[str], None]
    Narrowed = tuple[Plan, dict[str, sql.Composable]]

WHOLE = "a whole installation"


@contextmanager
def looking_at_everything(url: str) -> Iterator[Connection]:
    """One moment of the database with every row in it, whoever's it is; nothing can be changed here."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(roles.MAINTAIN)))
        yield connection


def owner_url() -> str:
    """The address of the role that owns the tables; only it may do these things."""
    url = os.environ.get("ESPALIER_OWNER_URL")
    if not url:
        raise UnableTo(
            "There is no ESPALIER_OWNER_URL.", to_do="Give this command the address of the role that owns the tables.", code="no-owner"
        )
    return url


def export_all(folder: Path, *, organisation: str, say: Say) -> int:
    """Write the whole installation, or what belongs to one organisation, into a folder."""
    with looking_at_everything(owner_url()) as connection:
        plan, meanings, only = everything.plan(everything.catalogue(connection)), everything_words.meanings(), None
        now = datetime.now(UTC)  # noqa: TID251  a command is where time enters
        about = {"scope": WHOLE, "espalier": _version(), "made_at": now.isoformat(timespec="seconds")}
        if organisation:
            about["scope"] = f"the organisation {organisation} only"
            plan, only = _narrowed(connection, plan, organisation, meanings)
        manifest = everything_out.write(connection, plan, folder, about=about, meanings=meanings, say=say, only=only)
    rows = sum(one["rows"] for one in manifest["tables"].values())
    say(f"{rows:,} rows of {len(manifest['tables'])} tables are in {folder}. README.md there says what is what.")
    say(f"{len(plan.left)} tables stay, each with its reason there: they open doors, or only keep this server going.")
    return 0


def _narrowed(connection: Connection, plan: Plan, code: str, meanings: Meanings) -> Narrowed:
    found = connection.execute(
        "SELECT unit.id, kind.is_organisation FROM organisations_unit unit JOIN organisations_kind kind ON kind.code = unit.kind_id"
        " WHERE unit.code = %s", [code],
    ).fetchone()  # fmt: skip
    if not found or not found[1]:
        raise UnableTo(
            f"No organisation has the code {code!r}.", to_do="Use the code that its page shows, like RJ1.", code="no-organisation"
        )
    units = sql.SQL("SELECT unit_id FROM organisations_below WHERE ancestor_id = {0} UNION SELECT {0}").format(int(found[0]))
    return everything_narrowed.narrowed(plan, owner=int(found[0]), units=units, home="organisations_unit", meanings=meanings)


def import_all(folder: Path, *, say: Say) -> int:
    """Fill an empty installation with what another one exported; all of it or nothing."""
    with psycopg.connect(owner_url()) as connection:
        plan = everything.plan(everything.catalogue(connection))
        manifest = everything_in.check(folder, plan, scope=WHOLE)
        refuse_unless_empty(connection)
        everything_in.take_in(connection, plan, folder, manifest, maintain=roles.MAINTAIN, say=say)
        _refuse_a_wrong_tree(connection)
        everything_in.count_on(connection, plan, manifest["sequences"])
    with psycopg.connect(owner_url(), autocommit=True) as connection:
        connection.execute("ANALYZE")
    say(f"Everything is here, and equal to what was written down: {sum(one['rows'] for one in manifest['tables'].values()):,} rows.")
    say("People sign in anew: passwords and second steps were left out, as README.md there says.")
    return 0


def refuse_unless_empty(connection: Connection) -> None:
    """Refuse where somebody or something is already; what migrations put there does not count."""
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(roles.MAINTAIN)))
    found: Any = connection.execute(
        "SELECT (SELECT count(*) FROM organisations_unit), (SELECT count(*) FROM organisations_person),"
        " (SELECT count(*) FROM access_account WHERE NOT is_system AND NOT is_technical)"
    ).fetchone()
    connection.execute("RESET ROLE")
    if any(found):
        raise UnableTo(
            f"This installation is not empty: it holds {found[0]:,} places, {found[1]:,} people and {found[2]:,} accounts.",
            to_do="Take it into an empty database: make one, type `espalier migrate`, and try again.",
            code="not-empty",
        )


def _refuse_a_wrong_tree(connection: Connection) -> None:
    """Rebuild who was below whom when and compare: what was written down must be what follows from the relations."""
    kept = {
        "came": "SELECT ancestor_id, unit_id, depth, since, until FROM organisations_below",
        "parts_came": "SELECT ancestor_id, unit_id, part_id, since, until FROM organisations_part",
    }
    for name, rows in kept.items():
        connection.execute(sql.SQL(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {rows}"))
    connection.execute("SAVEPOINT compared")
    connection.execute("SELECT organisations_rebuild_below()")
    differs = [
        connection.execute(sql.SQL(f"(({rows}) EXCEPT TABLE {name}) UNION ALL (TABLE {name} EXCEPT ({rows})) LIMIT 1")).fetchone()
        for name, rows in kept.items()
    ]
    connection.execute("ROLLBACK TO SAVEPOINT compared")
    if any(differs):
        raise UnableTo(
            "The relations between units do not give the tree that was written down. Nothing was stored.",
            to_do="Please report this.", code="tree",
        )  # fmt: skip


def _version() -> str:
    from importlib.metadata import version

    return version("espalier-platform")
