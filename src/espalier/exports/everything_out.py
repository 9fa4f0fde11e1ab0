"""Write everything an installation holds into a folder that anybody can read: CSV for small tables, Parquet for big ones.

The folder appears whole or not at all: it is written beside its place and renamed at the end. Written twice from the same
rows it is the same to the byte, save about.json, which says when.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from psycopg import sql

from espalier.common.errors import UnableTo
from espalier.exports.everything import Plan, Table, content, fingerprint, speak_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from espalier.exports.everything import Connection

    Say = Callable[[str], None]
    Meanings = Mapping[str, Mapping[str, Mapping[str, Any]]]

FORMAT = "espalier-everything/1"
BIG = 10_000  # rows from which a table is Parquet: a spreadsheet still opens what is smaller
BLOCK_ROWS, BLOCK_BYTES = 100_000, 16 * 2**20  # held in memory at once
UNFINISHED = "unfinished"


def write(
    connection: Connection, plan: Plan, folder: Path, *, about: Mapping[str, Any], meanings: Meanings, say: Say,
    only: Mapping[str, sql.Composable] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Write every table of the plan; `only` narrows tables to the rows of one organisation. Returns the manifest.

    The caller's transaction sees one moment of the database (repeatable read) and may see every row.
    """
    part = begin(folder)
    (part / "tables").mkdir()
    speak_plainly(connection)
    tables = {}
    for number, table in enumerate(plan.tables, 1):
        tables[table.name] = _table(connection, table, part, (only or {}).get(table.name))
        say(f"{number} of {len(plan.tables)}: {table.name}, {tables[table.name]['rows']:,} rows")
    _json(part / "schema.json", schema(plan, meanings))
    (part / "README.md").write_text(readme(plan, tables), encoding="utf-8")
    manifest = {"format": FORMAT, "scope": about["scope"], "tables": tables, "sequences": _sequences(connection, plan) if not only else {}}
    manifest["files"] = {name: _sha256(part / name) for name in ("README.md", "schema.json")}
    _json(part / "manifest.json", manifest)
    _json(part / "about.json", {**about, "manifest_sha256": _sha256(part / "manifest.json")})
    finish(part, folder)
    return manifest


def begin(folder: Path) -> Path:
    """Make the folder beside its place; what an attempt that was cut off left there is removed."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UnableTo(f"{folder} is not empty.", to_do="Name a folder that does not exist yet.", code="not-empty")
    part = folder.with_name(f"{folder.name}.part")
    if part.exists():
        if not (part / UNFINISHED).exists():
            raise UnableTo(f"{part} is in the way and was not made by us.", to_do="Move it or name another folder.", code="not-empty")
        shutil.rmtree(part)
    part.mkdir(parents=True)
    part.chmod(0o700)  # it holds what people wrote in confidence
    (part / UNFINISHED).touch()
    return part


def finish(part: Path, folder: Path) -> None:
    """Put the whole folder in its place, after everything in it has reached the disk."""
    (part / UNFINISHED).unlink()
    for path in sorted(part.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    if folder.exists():
        folder.rmdir()
    part.rename(folder)


# ------------------------------------------------------------------ tables


def _table(connection: Connection, table: Table, part: Path, only: sql.Composable | None) -> dict[str, Any]:
    rows = table.rows(only)
    count, total = content(connection, rows)
    if count >= BIG:
        path = part / "tables" / f"{table.name}.parquet"
        written = _parquet(connection, table, rows, path)
        if written != count:  # one snapshot, so only a fault of ours gets here
            raise UnableTo(f"{table.name} has {count:,} rows and {written:,} were written.", to_do="Please report this.", code="rows")
    else:
        path = part / "tables" / f"{table.name}.csv"
        _csv(connection, table, rows, path)
    return {"file": f"tables/{path.name}", "rows": count, "content": total, "sha256": _sha256(path)}


def _copied(connection: Connection, table: Table, rows: sql.Composable, *, header: bool) -> Iterator[bytes]:
    quoted = [sql.Identifier(column.name) for column in table.columns if column.arrow == "string"]
    options: list[sql.Composable] = [sql.SQL("FORMAT csv"), *([sql.SQL("HEADER")] if header else [])]
    if quoted:  # in quotes an empty text is told from nothing
        options.append(sql.SQL("FORCE_QUOTE ({})").format(sql.SQL(", ").join(quoted)))
    statement = sql.SQL("COPY ({}) TO STDOUT ({})").format(rows, sql.SQL(", ").join(options))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            yield bytes(block)


def _csv(connection: Connection, table: Table, rows: sql.Composable, path: Path) -> None:
    with path.open("wb") as handle:
        for block in _copied(connection, table, rows, header=True):
            handle.write(block)


def _parquet(connection: Connection, table: Table, rows: sql.Composable, path: Path) -> int:
    """Stream rows through memory in blocks of one size, so that the same rows make the same file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    shape = pa.schema([pa.field(column.name, arrow_type(column.arrow), nullable=True) for column in table.columns])
    written = 0
    with pq.ParquetWriter(path, shape, compression="zstd", version="2.6") as writer:  # type: ignore[no-untyped-call]
        for block in _blocks(_copied(connection, table, rows, header=False)):
            made = _as_arrow(block, shape)
            writer.write_table(made)
            written += made.num_rows
    return written


def _blocks(rows: Iterator[bytes]) -> Iterator[bytes]:
    held, size = [], 0
    for row in rows:  # PostgreSQL sends one row in each message
        held.append(row)
        size += len(row)
        if len(held) >= BLOCK_ROWS or size >= BLOCK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _as_arrow(block: bytes, shape: Any) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    return csv.read_csv(
        pa.BufferReader(block),
        read_options=csv.ReadOptions(column_names=shape.names, use_threads=False, block_size=len(block) + 1),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=shape, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
            true_values=["t"], false_values=["f"],
        ),
    )  # fmt: skip


def arrow_type(name: str) -> Any:
    """Return the type that a name of ours stands for."""
    import pyarrow as pa

    stamps = {"timestamp[us, tz=UTC]": pa.timestamp("us", "UTC"), "timestamp[us]": pa.timestamp("us"), "date32[day]": pa.date32()}
    return stamps.get(name) or pa.type_for_alias(name)


def _sequences(connection: Connection, plan: Plan) -> dict[str, int]:
    """The last number each counter gave, so that a number is never given twice, also after its row went."""
    found = {}
    for table in plan.tables:
        for column in table.columns:
            named = connection.execute("SELECT pg_get_serial_sequence(%s, %s)", [table.identifier.as_string(), column.name]).fetchone()
            if named and named[0]:
                last = connection.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.SQL(named[0]))).fetchone()
                found[f"{table.name}.{column.name}"] = int(last[0]) if last and last[1] else 0
    return found


# ------------------------------------------------------------------ words about them


def schema(plan: Plan, meanings: Meanings) -> dict[str, Any]:
    """Say what every table and column is. It comes from the catalogue and the program's own words, never by hand."""
    return {
        "format": FORMAT,
        "tables": {table.name: _described(table, meanings.get(table.name, {})) for table in sorted(plan.tables, key=lambda t: t.name)},
        "left_out": dict(plan.left),
        "fingerprint": hashlib.sha256("\n".join(fingerprint(plan.tables)).encode()).hexdigest(),
    }


def _described(table: Table, words: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    columns = []
    for column in table.columns:
        one: dict[str, Any] = {"name": column.name, "type": column.type, "parquet": column.arrow, "may_be_missing": column.nullable}
        # What nobody has classed yet is treated as confidential, never as open.
        one |= {"class": "confidential"} | dict(words.get(column.name, {}))
        columns.append(one | ({"kept_back": column.kept_back} if column.kept_back else {}))
    references = [{"columns": list(r.columns), "table": r.table, "to": list(r.to)} for r in table.references]
    about = words.get("", {}).get("meaning", "")
    return {"about": about, "key": list(table.key), "references": references, "columns": columns}


def readme(plan: Plan, tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Say in plain words what the folder holds."""
    kept = plan.kept_back
    lines = [
        "# Everything this Espalier holds",
        "",
        "Each table is one file in `tables/`. Small ones are CSV (UTF-8, commas, a line of headings), those with 10,000 rows or",
        "more are Parquet. `schema.json` says what every column is, of which class it is (open, personal, confidential, special)",
        "and which table it points to. `manifest.json` has the number of rows and a SHA-256 of every file. `about.json` says",
        "when this was made and with which version.",
        "",
        '- In a CSV file `""` is an empty text and nothing between two commas means that there is no value.',
        "- Times are UTC, days are like 2026-01-31, lists are like {1,2}, and bytes are written as \\x and hexadecimal digits.",
        "- Texts are as people wrote them. A spreadsheet may take one that begins with = for a formula: import columns as text.",
        "- To load it into an empty Espalier of the same version: `espalier import --all FOLDER`.",
        "",
        "It holds what people wrote in confidence. Keep it as safe as the installation itself.",
        "",
        "## Tables",
        "",
        *(f"- `{name}`: {one['rows']:,} rows, `{one['file']}`" for name, one in sorted(tables.items())),
        "",
        "## What is not here, and why",
        "",
        *(f"- `{name}`: {why}" for name, why in plan.left.items()),
        *(f"- the words of `{name}`: {why}" for name, why in sorted(kept.items())),
        "",
    ]
    return "\n".join(lines)


def _json(path: Path, facts: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
