"""What belongs to one organisation: its exit plan. Decided by columns, so a table that is added tomorrow is decided too.

What others share with it stays theirs and does not leave with it; what it shares with others is its own and does. Open
figures of its places leave with it, and definitions, which are for everybody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.exports.everything import Plan, Reference, Table

    Meanings = Mapping[str, Mapping[str, Mapping[str, Any]]]

OPEN = "open"


def narrowed(plan: Plan, *, owner: int, units: sql.Composable, home: str, meanings: Meanings) -> tuple[Plan, dict[str, sql.Composable]]:
    """Return the plan for one organisation and the condition of each table that is not taken whole.

    `home` is the table of units, `units` a question for the numbers of those that are the organisation or below it.
    """
    only: dict[str, sql.Composable] = {}
    whole: set[str] = set()
    left: dict[str, str] = {}
    for table in plan.tables:  # those it names came before
        found = _decide(table, owner, units, home, only, meanings.get(table.name, {}))
        if isinstance(found, str):
            left[table.name] = found
        elif found is None:
            whole.add(table.name)
        else:
            only[table.name] = found
    for name, condition in _named(plan, only, left):
        only[name] = condition
        del left[name]
    tables = tuple(table for table in plan.tables if table.name not in left)
    return replace(plan, tables=tables, left=dict(sorted({**plan.left, **left}.items()))), only


def _decide(
    table: Table, owner: int, units: sql.Composable, home: str, only: Mapping[str, sql.Composable], words: Mapping[str, Mapping[str, Any]]
) -> sql.Composable | str | None:
    """A condition, a reason to stay, or None: the whole table."""
    names = {column.name for column in table.columns}
    here = _at_its_places(table, units, home) or _below_a_parent(table, only)
    if table.name == home:
        return sql.SQL("t.id IN ({})").format(units)
    if "owner_id" in names:
        own = sql.SQL("t.owner_id = {}").format(owner)
        return sql.SQL("({} OR (t.owner_id IS NULL AND {}))").format(own, here) if here and "account_id" not in names else own
    if "owner_ids" in names:
        return sql.SQL("{} = ANY (t.owner_ids)").format(owner)
    if "account_id" in names and not _is_open(table, words):
        return "belongs to a person, not to an organisation: each person takes their own along"
    if here:
        return here
    return None if _is_open(table, words) else "does not say which organisation a row belongs to"


def _is_open(table: Table, words: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether anybody may read it, save who wrote it."""
    classes = {column.name: words.get(column.name, {}).get("class", "confidential") for column in table.columns}
    return all(one == OPEN or (one == "personal" and name.endswith(("account_id", "_by_id"))) for name, one in classes.items())


def _at_its_places(table: Table, units: sql.Composable, home: str) -> sql.Composable | None:
    """Rows at the organisation's places: unit_id, or else the first column that must name a place."""
    sure = {column.name for column in table.columns if not column.nullable}
    places = sorted(one.columns[0] for one in table.references if one.table == home and one.columns[0] in sure)
    if not places:
        return None
    return sql.SQL("t.{} IN ({})").format(sql.Identifier("unit_id" if "unit_id" in places else places[0]), units)


def _below_a_parent(table: Table, only: Mapping[str, sql.Composable]) -> sql.Composable | None:
    """Rows of a row that leaves."""
    sure = {column.name for column in table.columns if not column.nullable}
    for one in table.references:
        if one.table in only and one.columns[0] in sure and one.table != table.name:
            return sql.SQL("t.{} IN ({})").format(sql.Identifier(one.columns[0]), _those(one, only[one.table], one.to[0]))
    return None


def _those(one: Reference, condition: sql.Composable, column: str) -> sql.Composed:
    schema, _, bare = one.table.rpartition(".")
    table = sql.Identifier(schema or "public", bare)
    return sql.SQL("SELECT t.{} FROM {} t WHERE {}").format(sql.Identifier(column), table, condition)


def _named(plan: Plan, only: Mapping[str, sql.Composable], left: Mapping[str, str]) -> list[tuple[str, sql.Composable]]:
    """Tables whose rows leave because somebody who leaves is named there: the account of a person."""
    by: dict[str, list[sql.Composable]] = {}
    for table in plan.tables:
        for one in table.references:
            if one.table in left and table.name in only and "owner_ids" in {column.name for column in table.columns}:
                question = sql.SQL("t.{} IN (SELECT t.{} FROM {} t WHERE {})").format(
                    sql.Identifier(one.to[0]), sql.Identifier(one.columns[0]), table.identifier, only[table.name]
                )
                by.setdefault(one.table, []).append(question)
    return [(name, sql.SQL(" OR ").join(several)) for name, several in by.items()]
