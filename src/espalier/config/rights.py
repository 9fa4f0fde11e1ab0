"""Put into the database which tables hold rows about people: only its owner may, after each migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from espalier.access import rights
from espalier.config.roles import MAINTAIN

if TYPE_CHECKING:
    import psycopg

    from espalier.access.rights import Place


def install(connection: psycopg.Connection) -> None:
    """Write every room's statements where the functions of the database read them, and forget those that are gone.

    A room that adds a table needs no migration for this, and no function of the database takes a statement from the app.
    """
    connection.execute("TRUNCATE access_held_place, access_held_clearing")
    for place in rights.places():
        connection.execute(
            'INSERT INTO access_held_place ("table", find, erase, rank) VALUES (%s, %s, %s, %s)',
            [place.table, find_sql(place), erase_sql(place), place.rank],
        )
        _grant(connection, place.table)
        if place.index:
            connection.execute(f"CREATE INDEX IF NOT EXISTS {place.index}".encode())
    for one in rights.clearings().values():
        connection.execute("INSERT INTO access_held_clearing (code, sql) VALUES (%s, %s)", [one.code, one.sql])
        for table in one.tables:
            _grant(connection, table)


def find_sql(place: Place) -> str:
    """Return the question for the rows about one person; only the columns that are given out are ever read."""
    columns = ", ".join(f"{place.reads.get(column) or _name(column)} AS {_name(column)}" for column in place.columns) or "1 AS held"
    order = f" ORDER BY {place.order}" if place.order else ""
    return f'SELECT {columns} FROM "{place.table}" WHERE {place.where}{order}'  # noqa: S608  the rooms' own words, as the owner


def erase_sql(place: Place) -> str:
    """Return the statement that erases what is about one person; empty where all is kept."""
    return f'DELETE FROM "{place.table}" WHERE {place.where}' if place.erase == rights.DELETE else place.erase  # noqa: S608


def _name(column: str) -> str:
    return f'"{column}"'


def _grant(connection: psycopg.Connection, table: str) -> None:
    words = sql.SQL("GRANT SELECT, UPDATE, DELETE ON {} TO {}").format(sql.Identifier(table), sql.Identifier(MAINTAIN))
    connection.execute(words)
