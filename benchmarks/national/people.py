# ruff: noqa: E501, FLY002, S608, SIM905  a table of syllables, and names of our own tables
"""A million and a half made-up people, each with a post in a team, and a leader for each team: loaded with COPY.

The database's own triggers would set owners row by row; a load of this size says them itself, with the triggers switched
off and the indexes for text built afterwards. What it stores is what the triggers would have stored.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psycopg

from benchmarks.national import world

if TYPE_CHECKING:
    from benchmarks.national.load import Clock

PEOPLE, CHUNK = 1_500_000, 100_000
TITLES = ("Staff nurse", "Healthcare assistant", "Porter", "Doctor", "Physiotherapist", "Clerk", "Cleaner", "Pharmacist")
STARTS, MIDDLES, ENDS = "ba be bi bo da de di do ka ke la le ma mi na no pa ra ri sa sha ta ti za".split(), "l m n r s t v".split(), "a an el en er i in o on us".split()
INDEXES = ("organisations_person_owners", "organisations_person_name_trgm", "organisations_person_search")


def load(clock: Clock) -> None:
    """Add the people where there are none yet."""
    from espalier.config import cli, embedded

    server = embedded.locate(cli.PROJECT, Path(os.environ["ESPALIER_HOME"]))
    with psycopg.connect(server.url("postgres", "espalier"), autocommit=False) as connection:
        if connection.execute("SELECT reltuples > 1e4 FROM pg_class WHERE relname = 'organisations_person'").fetchone() == (True,):
            return
        connection.execute("SET session_replication_role = replica")
        teams = np.array(connection.execute(_TEAMS).fetchall(), dtype=np.int64)
        built = [connection.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name]).fetchone() for name in INDEXES]
        for name in INDEXES:
            connection.execute(f"DROP INDEX {name}")
        number = round(PEOPLE * len(teams) / world.TEAMS)
        _copy(connection, teams, number)
        clock.say("people, posts and leaders", number)
        for row in built:
            connection.execute(row[0])
        connection.execute("COMMIT")
        clock.say("indexes of people")
    with psycopg.connect(server.url("postgres", "espalier"), autocommit=True) as connection:
        for table in ("organisations_person", "organisations_assignment", "organisations_grant"):
            connection.execute(f"VACUUM (ANALYZE) {table}")
    clock.say("VACUUM and ANALYZE of people")


_TEAMS = """
SELECT t.id, coalesce(organisations_organisation_of(t.id), t.id) FROM organisations_unit t
WHERE t.kind_id = 'team' AND t.code LIKE 'ZZ%' ORDER BY t.code
"""


def names(chance: np.random.Generator, number: int) -> list[str]:
    """Make names of three and two syllables: some common, most rare, as names are."""
    first = ["".join((a, m, e)).capitalize() for a in STARTS for m in MIDDLES[:3] for e in ENDS[:4]]
    last = ["".join((a, m, b, e)).capitalize() for a in STARTS for m in MIDDLES for b in ("ba", "do", "ke", "li", "mo") for e in ENDS]
    firsts, lasts = _drawn(chance, len(first), number), _drawn(chance, len(last), number)
    return [f"{first[a]} {last[b]}" for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)]


def _drawn(chance: np.random.Generator, names: int, number: int) -> np.ndarray:
    """Draw names so that the most common is had by one in a hundred or so, and half are had by few."""
    share = 1 / (np.arange(names) + 12)
    return chance.choice(names, number, p=share / share.sum())


def _copy(connection: psycopg.Connection, teams: np.ndarray, number: int) -> None:
    chance = np.random.default_rng([world.SEED, 5])
    start, post = (connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0] for table in _TABLES)
    who = names(chance, number)
    where = np.sort(chance.integers(0, len(teams), number))
    titles = chance.integers(0, len(TITLES), number).tolist()
    cursor = connection.cursor()
    for begin in range(0, number, CHUNK):
        part = range(begin, min(begin + CHUNK, number))
        _write(cursor, "organisations_person (id, name, owner_ids, work_email, is_partner, version, made_up)", (
            f"{start + i}\t{who[i]}\t{{{teams[where[i], 1]}}}\t\tf\t1\tt\n" for i in part))
        _write(cursor, "organisations_assignment (id, person_id, unit_id, owner_id, number, role_title, profession, staff_group, band, version, since)", (
            f"{post + i}\t{start + i}\t{teams[where[i], 0]}\t{teams[where[i], 1]}\t\t{TITLES[titles[i]]}\t\t\t\t1\t2019-04-01\n" for i in part))
    leaders = np.unique(where, return_index=True)[1].tolist()
    _write(cursor, "organisations_grant (person_id, role, unit_id, owner_id, since)", (
        f"{start + i}\tteam-leader\t{teams[where[i], 0]}\t{teams[where[i], 1]}\t2019-04-01\n" for i in leaders))
    for table in _TABLES:
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


_TABLES = ("organisations_person", "organisations_assignment")


def _write(cursor: psycopg.Cursor, columns: str, lines) -> None:
    with cursor.copy(f"COPY {columns} FROM STDIN") as copy:
        copy.write("".join(lines))
