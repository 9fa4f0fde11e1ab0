# ruff: noqa: E501
"""How fast is somebody found by name among 1.5 million people? `python -m benchmarks.people`, on a scratch database.

On two busy cores of 2026: 4 to 11 ms by the function (a whole name 3.7, a last name 9.4, three letters 10.7, a name nobody
has 8.0), and 1,300 to 1,800 ms by the same words under row-level security alone.

Made-up people in 300 made-up organisations of 5,000; the database is dropped afterwards. It clones the database of the
tests, so run the tests once before. Measured with organisations_find_people as the app role, as the pages do.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import psycopg

from espalier.config import embedded, roles

NAME, PEOPLE, ORGANISATIONS = "scratch_people", 1_500_000, 300
FILL = """
SET session_replication_role = replica;  -- the owners of rows are written below, not by triggers
INSERT INTO organisations_person (name, work_email, is_partner, owner_ids, version, made_up)
SELECT initcap(substr(md5((n % 997)::text), 1, 6)) || ' ' || initcap(substr(md5((n / 997 % 4999)::text), 1, 7)), '', false,
    ARRAY[u.id::int], 1, true
FROM generate_series(1, {people}) n JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM organisations_unit
    WHERE kind_id = 'trust' LIMIT {organisations}) u ON u.place = n % {organisations};
INSERT INTO access_account (password, username, email, is_active, is_demo, is_system) VALUES ('!', 'measured', '', true, false, false);
INSERT INTO organisations_person (account_id, name, work_email, is_partner, owner_ids, version, made_up)
    SELECT a.id, 'Measured', '', false, ARRAY[u.id::int], 1, true FROM access_account a, organisations_unit u
    WHERE a.username = 'measured' AND u.id = (SELECT owner_ids[1] FROM organisations_person WHERE made_up ORDER BY id DESC LIMIT 1);
INSERT INTO organisations_grant (person_id, role, unit_id, owner_id, since) SELECT id, 'administrator', owner_ids[1], owner_ids[1], '2020-01-01'
    FROM organisations_person WHERE name = 'Measured';
SET session_replication_role = origin;
"""
ASKED = {
    "a whole name": "SELECT name FROM organisations_person WHERE owner_ids @> ARRAY[%s::int] AND name <> 'Measured' ORDER BY id DESC LIMIT 1",
    "a last name": "SELECT split_part(name, ' ', 2) FROM organisations_person WHERE owner_ids @> ARRAY[%s::int] ORDER BY id DESC OFFSET 5 LIMIT 1",
    "three letters": "SELECT substr(name, 1, 3) FROM organisations_person WHERE owner_ids @> ARRAY[%s::int] ORDER BY id DESC OFFSET 9 LIMIT 1",
    "a name nobody has": "SELECT 'Zzyzx Qwrtp' WHERE %s::int > 0",
}


def main() -> None:
    """Make the people, measure, drop them."""
    server = embedded.locate(Path(__file__).resolve().parents[1], None)
    embedded.ensure_running(server)
    admin = server.url("postgres", "postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        template = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_template\\_%' ORDER BY oid DESC").fetchone()
        if template is None:
            raise SystemExit("Run the tests once: they make the database that is cloned here.")
        connection.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{NAME}" TEMPLATE "{template[0]}" OWNER {roles.OWNER}')
        try:
            _fill(server.url("postgres", NAME))
            _measure(server.url("postgres", NAME), server.url(roles.APP, NAME))
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


def _fill(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(FILL.format(people=PEOPLE, organisations=ORGANISATIONS))
        connection.execute("VACUUM ANALYZE organisations_person")


def _measure(admin: str, app: str) -> None:
    with psycopg.connect(admin) as connection:
        account, owner = connection.execute("SELECT account_id, owner_ids[1] FROM organisations_person WHERE name = 'Measured'").fetchone()  # type: ignore[misc]
        words = {what: connection.execute(statement, [owner]).fetchone()[0] for what, statement in ASKED.items()}  # type: ignore[index, arg-type]
    with psycopg.connect(app) as connection:
        connection.execute("SELECT set_config('app.viewer', %s, true)", [str(account)])
        for what, text in words.items():
            for name, statement in (
                ("by the function", "SELECT organisations_find_people(%s, 20)"),
                ("without it", "SELECT id FROM organisations_person WHERE name ILIKE '%%' || %s || '%%' ORDER BY name LIMIT 20"),
            ):
                took, found = [], 0
                for _ in range(7):
                    start = time.perf_counter()
                    found = len(connection.execute(statement, [text]).fetchall())
                    took.append(1000 * (time.perf_counter() - start))
                print(f"{what:20} {name:16} {found:3} found, {statistics.median(took):8.1f} ms")


if __name__ == "__main__":
    main()
