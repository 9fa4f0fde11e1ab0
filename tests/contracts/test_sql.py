"""Rooms meet through queries and actions: SQL of one room names another room's tables inside a sub-select only."""

import re
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from tests.contracts.routes import PAGES, VISITOR, reader, sign_in

import espalier.access

SOURCE = Path(espalier.access.__file__).resolve().parents[1]
ROOM_OF = {model._meta.db_table: model._meta.app_label for model in apps.get_models() if model.__module__.startswith("espalier.")}
SUBSELECT = re.compile(r"\(\s*(?:SELECT|WITH)\b[^()]*\)", re.IGNORECASE)
BRACKETS = re.compile(r"\((?!\s*(?:SELECT|WITH)\b)([^()]*)\)", re.IGNORECASE)

# Joins to another room's table that were looked at, each with the reason.
LOOKED_AT = {
}


def outside_of_subselects(sql):
    """The statement without what stands in parenthesised sub-selects; other brackets are opened."""
    while True:
        shorter = BRACKETS.sub(r" \1 ", SUBSELECT.sub(" ", sql))
        if shorter == sql:
            return sql
        sql = shorter


def foreign_tables(room, sql):
    named = set(re.findall(r"[a-z]\w+", outside_of_subselects(sql))) & ROOM_OF.keys()
    return {table for table in named if ROOM_OF[table] != room and (room, table) not in LOOKED_AT}


def room_that_asks():
    """The room of the innermost of our own functions on the stack."""
    frame = sys._getframe()
    while frame:
        path = Path(frame.f_code.co_filename)
        if SOURCE in path.parents:
            return path.relative_to(SOURCE).parts[0]
        frame = frame.f_back
    return None


@contextmanager
def listening(heard):
    def wrapper(execute, sql, params, many, context):
        heard.append((room_that_asks(), str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


@pytest.mark.parametrize(("room", "sql", "found"), [
    ("measures", 'SELECT 1 FROM "measures_point" JOIN "organisations_unit" ON true', {"organisations_unit"}),
    ("measures", 'SELECT 1 FROM "measures_series" WHERE unit_id IN (SELECT U0."unit_id" FROM "organisations_below" U0 WHERE (U0."x" = %s AND lower(y) = 1))', set()),
    ("measures", 'SELECT 1 FROM (SELECT x FROM "organisations_below" WHERE x IN (SELECT 1)) b JOIN "organisations_unit" u ON true', {"organisations_unit"}),
    ("measures", 'SELECT (("organisations_unit"."name")) FROM x', {"organisations_unit"}),
    ("organisations", 'SELECT 1 FROM "organisations_unit"', set()),
    ("organisations", 'SELECT 1 FROM "measures_point"', {"measures_point"}),
])  # fmt: skip
def test_a_join_to_another_room_is_told_from_a_sub_select(room, sql, found):
    assert foreign_tables(room, sql) == found


@pytest.mark.django_db
def test_no_room_joins_another_rooms_tables(client):
    heard = []
    with listening(heard):
        for path in (*PAGES, "/measures/ae-4-hours/table.csv", "/measures/ae-4-hours/RJ1/data.csv"):
            sign_in(client, reader(path)) if reader(path) != VISITOR else client.logout()
            client.get(path)
    assert {"measures", "organisations"} <= {room for room, _ in heard}
    assert {(room, table, sql[:200]) for room, sql in heard if room for table in foreign_tables(room, sql)} == set()
    used = {(room, table) for room, sql in heard for table in re.findall(r"[a-z]\w+", sql) if (room, table) in LOOKED_AT}
    assert LOOKED_AT.keys() - used == set(), "no longer asked: take it out of the list"
