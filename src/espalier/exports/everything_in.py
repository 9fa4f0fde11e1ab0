"""Take in everything another installation held: all of it, or nothing.

Triggers sleep meanwhile: they would write a history of the loading, and count what has been counted. So every row stands
as it stood, and at the end the database's own sum over each table must be the one that was written down.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from psycopg import sql

from espalier.common.errors import UnableTo
from espalier.exports.everything import Plan, Table, content, fingerprint, speak_plainly
from espalier.exports.everything_out import FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from espalier.exports.everything import Connection

    Say = Callable[[str], None]

BATCH = 50_000


class UnableToTakeIn(UnableTo):
    """The folder cannot be taken in; nothing was stored."""

    code = "take-in"


def check(folder: Path, plan: Plan, *, scope: str) -> dict[str, Any]:
    """Read the manifest and find out whether the folder is whole and of this version, before anything is touched."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UnableToTakeIn(f"{folder} holds no export.", to_do="Name a folder that `espalier export --all` made.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UnableToTakeIn(f"{folder} is of another format than {FORMAT}.", to_do="Use the version of Espalier that made it.")
    if manifest["scope"] != scope:
        raise UnableToTakeIn(f"{folder} holds {manifest['scope']}.", to_do="Only a whole installation can be taken in.")
    _refuse_damage(folder, manifest)
    _refuse_another_version(plan, schema)
    return manifest


def _refuse_damage(folder: Path, manifest: Mapping[str, Any]) -> None:
    marks = dict(manifest["files"]) | {one["file"]: one["sha256"] for one in manifest["tables"].values()}
    for name, mark in sorted(marks.items()):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise UnableToTakeIn(f"The file {name} is missing.", where=str(folder), to_do="Copy the folder again.")
        with path.open("rb") as handle:
            if hashlib.file_digest(handle, "sha256").hexdigest() != mark:
                raise UnableToTakeIn(f"The file {name} is not what was written.", where=str(folder), to_do="Copy the folder again.")


def _refuse_another_version(plan: Plan, schema: Mapping[str, Any]) -> None:
    here = set(fingerprint(plan.tables))
    there = {f"{name}.{c['name']} {c['type']}" for name, table in schema["tables"].items() for c in table["columns"]}
    if here != there:
        some = ", ".join(sorted(here ^ there)[:5])
        raise UnableToTakeIn(
            f"It was made with another version of Espalier. These differ: {some}.",
            to_do="Take it in with the version that made it (about.json says which), then update.",
        )


def take_in(connection: Connection, plan: Plan, folder: Path, manifest: Mapping[str, Any], *, maintain: str, say: Say) -> None:
    """Fill every table inside the caller's transaction, as the owner; rows are written as the role that passes row-level security."""
    speak_plainly(connection)
    woken = _put_to_sleep(connection, plan)
    _empty(connection, plan)
    lent = _lend(connection, plan, maintain)
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(maintain)))
    for number, table in enumerate(plan.tables, 1):
        one = manifest["tables"][table.name]
        _fill(connection, table, folder / one["file"])
        _compare(connection, table, one)
        say(f"{number} of {len(plan.tables)}: {table.name}, {one['rows']:,} rows")
    connection.execute("RESET ROLE")
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a row that names nobody is found here; triggers cannot wake before
    for table in lent:
        connection.execute(sql.SQL("REVOKE INSERT ON {} FROM {}").format(table.identifier, sql.Identifier(maintain)))
    for table, trigger in woken:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER {}").format(table.identifier, sql.Identifier(trigger)))


def _put_to_sleep(connection: Connection, plan: Plan) -> list[tuple[Table, str]]:
    found = connection.execute(
        "SELECT n.nspname, c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND t.tgenabled = 'O' ORDER BY 1, 2, 3"
    ).fetchall()
    tables = {(table.schema, table.bare): table for table in plan.tables}
    woken = [(tables[schema, bare], trigger) for schema, bare, trigger in found if (schema, bare) in tables]
    for table, trigger in woken:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER {}").format(table.identifier, sql.Identifier(trigger)))
    return woken


def _empty(connection: Connection, plan: Plan) -> None:
    """Remove what migrations put there, with the rows of tables that stay behind and name them."""
    connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(table.identifier for table in plan.tables)))


def _lend(connection: Connection, plan: Plan, maintain: str) -> list[Table]:
    """Give the maintaining role the right to write for this transaction only; return where it had none."""
    lent = []
    for table in plan.tables:
        found = connection.execute("SELECT has_table_privilege(%s, %s, 'INSERT')", [maintain, table.identifier.as_string()]).fetchone()
        if found and not found[0]:
            connection.execute(sql.SQL("GRANT INSERT ON {} TO {}").format(table.identifier, sql.Identifier(maintain)))
            lent.append(table)
    return lent


def _fill(connection: Connection, table: Table, path: Path) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER MATCH)").format(table.identifier, columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in _csv_of(path):
            copy.write(block)


def _csv_of(path: Path) -> Iterator[bytes]:
    if path.suffix == ".csv":
        with path.open("rb") as handle:
            while block := handle.read(2**20):
                yield block
        return
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyarrow import csv

    with pq.ParquetFile(path) as parquet:  # type: ignore[no-untyped-call]
        for number, batch in enumerate(parquet.iter_batches(BATCH)):
            out = pa.BufferOutputStream()
            options = csv.WriteOptions(include_header=number == 0, quoting_style="all_valid")
            csv.write_csv(pa.Table.from_batches([batch]), out, options)
            yield out.getvalue().to_pybytes()


def _compare(connection: Connection, table: Table, one: Mapping[str, Any]) -> None:
    count, total = content(connection, table.rows())
    if (count, total) != (one["rows"], one["content"]):
        raise UnableToTakeIn(
            f"{table.name} does not hold what was written down ({count:,} rows of {one['rows']:,}). Nothing was stored.",
            to_do="Please report this.",
        )


def count_on(connection: Connection, plan: Plan, sequences: Mapping[str, int]) -> None:
    """Let every counter go on where it stood; last of all, because counters do not turn back with a transaction."""
    for table in plan.tables:
        for column in table.columns:
            last = sequences.get(f"{table.name}.{column.name}")
            if last is None:
                continue
            connection.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), greatest(%s, 1), %s)",
                [table.identifier.as_string(), column.name, last, last > 0],
            )
