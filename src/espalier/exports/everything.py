"""Which tables an installation holds, which of them leave with it, and what stays behind and why.

All of it is read from the database's own catalogue, so a table that is added tomorrow leaves too without anybody thinking
of it. What could open a door (passwords, digests of tokens, second steps) is found by the names of columns and stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

# Beginnings of names of tables that stay behind: they keep a server going, or open doors.
MACHINERY = {
    "django_migrations": "which version the tables have; schema.json says it, and an empty installation has its own",
    "django_session": "who is signed in now; everybody signs in anew",
    "usersessions_": "where somebody is signed in now; everybody signs in anew",
    "procrastinate_": "work that waits in the queue; let it finish before you leave",
    "axes_": "attempts to sign in, kept a short while for lock-out",
    "mfa_": "secrets of second steps (authenticator apps, passkeys); people set them up anew",
    "account_emailconfirmation": "keys in letters that prove an address; they are sent anew",
    "socialaccount_socialtoken": "tokens of another system",
    "socialaccount_socialapp": "secrets shared with another system; connect it anew",
}
# A column with such a name may open a door: its words never leave, whoever adds it.
SECRET = re.compile(
    r"(?:^|_)(?:password|passwd|passcode|secret|digest|token|pin|otp|totp|recovery_codes?|private_key|session_key|session_data|credentials?)"
    r"(?:_hash)?(?:$|_(?:secret|digest|hash)$)"
)
# Names that say digest or token and open nothing: without them the log could not be checked after the move.
OPENS_NOTHING = {"audit_seal.digest"}
TEXTS = ("text", "character varying", "character", "citext")
# How each type of the database stands in a Parquet file; every other type is text, written as PostgreSQL writes it.
ARROW = {
    "bigint": "int64", "integer": "int32", "smallint": "int16", "boolean": "bool", "double precision": "float64", "real": "float32",
    "date": "date32[day]", "timestamp with time zone": "timestamp[us, tz=UTC]", "timestamp without time zone": "timestamp[us]",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `kept_back` says why its words do not leave, and `instead` what stands there then (None: nothing)."""

    name: str
    type: str
    nullable: bool
    bound: bool  # by a unique index or a check, so that it cannot simply be emptied
    kept_back: str = ""
    instead: str | None = None

    @property
    def arrow(self) -> str:
        """Its type in a Parquet file."""
        return ARROW.get(self.type, "string")

    @property
    def is_text(self) -> bool:
        """Whether it can be empty without being missing."""
        return self.type.split("(")[0] in TEXTS


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that name a row of another table."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table; its name carries the schema unless that is the usual one."""

    schema: str
    bare: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in files."""
        return self.bare if self.schema == "public" else f"{self.schema}.{self.bare}"

    @property
    def identifier(self) -> sql.Identifier:
        """What it is called in SQL."""
        return sql.Identifier(self.schema, self.bare)

    def rows(self, only: sql.Composable | None = None) -> sql.Composed:
        """Every row as it leaves, in the order of its key, which is the same in every installation."""
        chosen = sql.SQL(", ").join(_chosen(column) for column in self.columns)
        kinds = {column.name: column for column in self.columns}
        order = sql.SQL(", ").join(_order(kinds[name]) for name in (self.key or [c.name for c in self.columns]))
        where = sql.SQL(" WHERE {}").format(only) if only else sql.SQL("")
        return sql.SQL("SELECT {} FROM {} t{} ORDER BY {}").format(chosen, self.identifier, where, order)


def _chosen(column: Column) -> sql.Composable:
    if not column.kept_back:
        return sql.SQL("t.{}").format(sql.Identifier(column.name))
    instead = sql.SQL("{}::" + column.type).format(sql.Literal(column.instead))
    return sql.SQL("{} AS {}").format(instead, sql.Identifier(column.name))


def _order(column: Column) -> sql.Composable:
    if column.arrow != "string" or column.type == "uuid":
        return sql.SQL("t.{}").format(sql.Identifier(column.name))
    return sql.SQL('t.{}::text COLLATE "C"').format(sql.Identifier(column.name))


@dataclass(frozen=True, slots=True)
class Plan:
    """What leaves, in an order in which a row comes after those it names; and what stays, each with the reason."""

    tables: tuple[Table, ...]
    left: Mapping[str, str]

    @property
    def kept_back(self) -> dict[str, str]:
        """Columns of tables that leave whose words stay."""
        return {f"{table.name}.{column.name}": column.kept_back for table in self.tables for column in table.columns if column.kept_back}


def plan(tables: Iterable[Table]) -> Plan:
    """Decide for every table whether it leaves; pure, so that a test can plant a table with a secret."""
    left: dict[str, str] = {}
    leaving: dict[str, Table] = {}
    for table in tables:
        reason = next((why for start, why in MACHINERY.items() if table.bare.startswith(start)), "")
        guarded = _without_secrets(table)
        if isinstance(guarded, str):
            reason = reason or guarded
        if reason or isinstance(guarded, str):
            left[table.name] = reason
        else:
            leaving[table.name] = guarded
    _let_go(leaving, left)
    return Plan(tuple(_in_order(leaving)), dict(sorted(left.items())))


def _without_secrets(table: Table) -> Table | str:
    """Blank the columns that may open a door; where one cannot be blank, say why the whole table stays."""
    columns = []
    for column in table.columns:
        if not SECRET.search(column.name) or f"{table.name}.{column.name}" in OPENS_NOTHING:
            columns.append(column)
        elif column.bound or not (column.nullable or column.is_text):
            return f"its rows mean nothing without {column.name}, which could open a door; made anew"
        else:
            instead = None if column.nullable else "!" if column.name == "password" else ""
            columns.append(replace(column, kept_back="it could open a door; people set it anew", instead=instead))
    return replace(table, columns=tuple(columns))


def _let_go(leaving: dict[str, Table], left: dict[str, str]) -> None:
    """Empty the columns that name rows that stay; a table that cannot do without them stays too."""
    changed = True
    while changed:
        changed = False
        for table in list(leaving.values()):
            lost = {name: one.table for one in table.references if one.table not in leaving for name in one.columns}
            if not lost:
                continue
            changed = True
            stuck = [c.name for c in table.columns if c.name in lost and not c.nullable]
            if stuck:
                left[table.name] = f"every row names one of {lost[stuck[0]]}, which stays"
                del leaving[table.name]
                continue
            columns = (replace(c, kept_back=f"names a row of {lost[c.name]}, which stays") if c.name in lost else c for c in table.columns)
            kept = tuple(one for one in table.references if one.table in leaving)
            leaving[table.name] = replace(table, columns=tuple(columns), references=kept)


def _in_order(tables: Mapping[str, Table]) -> Iterable[Table]:
    """A table comes after those its rows name; where tables name each other in a ring, by name."""
    waiting, done = dict(sorted(tables.items())), set[str]()
    while waiting:
        ready = [t for t in waiting.values() if all(r.table in done or r.table == t.name or r.table not in tables for r in t.references)]
        for table in ready or [next(iter(waiting.values()))]:
            yield table
            done.add(table.name)
            del waiting[table.name]


COLUMNS = """
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
       EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey))
       OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p' AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = '' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
ORDER BY n.nspname, c.relname, a.attnum
"""
KEYS = """
SELECT n.nspname, c.relname, k.contype::text, tn.nspname, tc.relname,
       (SELECT array_agg(a.attname::text ORDER BY o.place) FROM unnest(k.conkey) WITH ORDINALITY o(number, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = o.number),
       (SELECT array_agg(a.attname::text ORDER BY o.place) FROM unnest(k.confkey) WITH ORDINALITY o(number, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = o.number)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class tc ON tc.oid = k.confrelid LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
WHERE k.contype IN ('p', 'f') AND k.conparentid = 0 ORDER BY k.conname
"""


def catalogue(connection: Connection) -> tuple[Table, ...]:
    """Every table of this installation, whoever made it."""
    columns: dict[tuple[str, str], list[Column]] = {}
    for schema, table, name, kind, nullable, bound in connection.execute(COLUMNS).fetchall():
        columns.setdefault((schema, table), []).append(Column(name, kind, nullable, bound))
    keys: dict[tuple[str, str], tuple[str, ...]] = {}
    references: dict[tuple[str, str], list[Reference]] = {}
    for schema, table, kind, to_schema, to_table, names, to in connection.execute(KEYS).fetchall():
        if kind == "p":
            keys[schema, table] = tuple(names)
        else:
            target = to_table if to_schema == "public" else f"{to_schema}.{to_table}"
            references.setdefault((schema, table), []).append(Reference(tuple(names), target, tuple(to)))
    return tuple(
        Table(schema, bare, tuple(several), keys.get((schema, bare), ()), tuple(references.get((schema, bare), ())))
        for (schema, bare), several in columns.items()
    )


SETTINGS = ("timezone = 'UTC'", "datestyle = 'ISO, YMD'", "intervalstyle = 'iso_8601'", "extra_float_digits = 1", "bytea_output = 'hex'")


def speak_plainly(connection: Connection) -> None:
    """Have the database write every value in one way, whatever the server's settings; until the transaction ends."""
    for setting in SETTINGS:
        connection.execute(sql.SQL("SET LOCAL " + setting))


def content(connection: Connection, rows: sql.Composable) -> tuple[int, str]:
    """How many rows, and a sum over what stands in them: equal content has an equal sum, in whatever order it is stored."""
    one = sql.SQL("('x' || left(md5(r::text), 16))::bit(64)::bigint::numeric")
    found = connection.execute(sql.SQL("SELECT count(*), coalesce(sum({}), 0)::text FROM ({}) r").format(one, rows)).fetchone()
    return (int(found[0]), str(found[1])) if found else (0, "0")


def fingerprint(tables: Sequence[Table]) -> list[str]:
    """What two installations must agree on before one can take in what the other holds."""
    return [f"{table.name}.{column.name} {column.type}" for table in sorted(tables, key=lambda t: t.name) for column in table.columns]
