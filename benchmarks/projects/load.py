# ruff: noqa: E501, S608  a table of statements, and names of our own tables
"""Fifty thousand made-up projects with their measures, tests and values, written by the database itself.

The places are real, the teams in them made up. The database's own triggers would set owners row by row; a load of this
size says them itself, with the triggers switched off. What it stores is what the triggers would have stored.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg

from benchmarks.national.load import Clock

AT = datetime(2026, 1, 15, 9, tzinfo=UTC)
PROJECTS, TEAMS = 50_000, 60_000
# A number that looks like chance and is the same each time: of a project, for a purpose, below a number.
CHANCE = "(('x' || substr(md5({of} || ' {what}'), 1, 8))::bit(32)::bigint & 2147483647) % {below}"


def _chance(what: str, below: int, of: str = "n") -> str:
    return f"({CHANCE.format(of=of, what=what, below=below)})"


# Teams lie in organisations of today, larger organisations have more.
TEAMS_MADE = f"""
CREATE TEMPORARY TABLE homes AS
    SELECT row_number() OVER (ORDER BY u.code) - 1 AS nth, u.id, u.code,
        coalesce(organisations_organisation_of(u.id), u.id) AS owner_id FROM organisations_unit u JOIN organisations_kind k ON k.code = u.kind_id
    WHERE k.is_organisation AND u.closed_on IS NULL AND NOT u.made_up AND EXISTS (
        SELECT 1 FROM organisations_below b JOIN organisations_unit r ON r.id = b.ancestor_id
        WHERE b.unit_id = u.id AND r.kind_id = 'region' AND b.since <= current_date AND b.until > current_date);
CREATE TEMPORARY TABLE teams AS
    SELECT n, (SELECT count(*) FROM homes)::int AS many, 0::bigint AS id, '' AS home FROM generate_series(1, {TEAMS}) n;
UPDATE teams SET home = h.code FROM homes h WHERE h.nth = least({_chance("a", 10**6)}, {_chance("b", 10**6)}) * many / 1000000;
INSERT INTO organisations_unit (code, name, short_name, kind_id, country, source, made_up, version)
    SELECT 'PP' || lpad(n::text, 6, '0'), 'Team ' || n || ' (made up)', '', 'team', 'E', 'made up', true, 1 FROM teams;
UPDATE teams SET id = u.id FROM organisations_unit u WHERE u.code = 'PP' || lpad(n::text, 6, '0');
INSERT INTO organisations_relation (child_id, parent_id, kind, inferred, verified, source)
    SELECT t.id, u.id, 'part_of', false, true, 'made up' FROM teams t JOIN organisations_unit u ON u.code = t.home;
SELECT organisations_rebuild_below();
"""
SHARED = f"""
INSERT INTO organisations_sharing (unit_id, shared_with_id, what, measure_code, by_name, since)
    SELECT DISTINCT h.id, b.ancestor_id, 'projects', '', false, date '2019-01-01' FROM homes h
    JOIN organisations_below b ON b.unit_id = h.id AND b.depth > 0 AND b.since <= current_date AND b.until > current_date
    WHERE {_chance("shares", 2, "h.code")} = 0;
"""
STATES = f"(ARRAY['planning', 'active', 'active', 'active', 'sustaining', 'finished', 'finished', 'stopped'])[1 + {_chance('state', 8)}]"
OPEN = f"(ARRAY['team', 'organisation', 'organisation', 'organisation', 'everybody'])[1 + {_chance('open', 5)}]"
WEIGHED = f"""jsonb_build_object('aim_set', true, 'people', 3, 'partner', {_chance("partner", 2)} = 0, 'measures', 2, 'figures', 9, 'ideas', 4,
    'planned', 4, 'run', 4, 'decided', 2, 'predicted', 1, 'adopted', 1, 'moving', true, 'better', {_chance("better", 3)} = 0, 'held', 7,
    'others_worse', false, 'reached', false, 'shared', true)"""
PROJECTS_MADE = f"""
INSERT INTO projects_project (unit_id, owner_id, title, aim_what, aim_from, aim_to, aim_unit, aim_by, aim_for, patient_would, state, why_stopped,
        method, open_to, supports, weighed, said_why, came_from, begun_at, changed_at, ended_on, version, main_code, better)
    SELECT t.id, h.owner_id, 'Made-up project ' || n || ': fewer ' || {_chance("what", 97)} || ' at night',
        'what people feel at night', 9, 3, 'a month', '2027-03-31', 'people over 75', '', state, '', 'model-for-improvement', {OPEN},
        0.5 + {_chance("supports", 10)} * 0.5, {WEIGHED}, '', '', at - interval '400 days', at - {_chance("changed", 300)} * interval '1 day',
        CASE WHEN state IN ('finished', 'stopped') THEN at::date - {_chance("ended", 900)}::int END, 1, '', {_chance("better", 3)} = 0
    FROM (SELECT n, {_chance("team", TEAMS)} + 1 AS team, {STATES} AS state, now() AS at FROM generate_series(1, {PROJECTS}) n) made
    JOIN (SELECT n AS team, id, home FROM teams) t ON t.team = made.team JOIN homes h ON h.code = t.home;
"""
INSIDE = """
CREATE TEMPORARY TABLE codes AS SELECT row_number() OVER (ORDER BY code) - 1 AS nth, code, count(*) OVER () AS many FROM measures_measure;
INSERT INTO projects_counted (project_id, measure_code, unit_id, kind, rank, added_at)
    SELECT p.id, c.code, p.unit_id, CASE k WHEN 0 THEN 'outcome' ELSE 'process' END, k, p.begun_at FROM projects_project p
    CROSS JOIN generate_series(0, 1) k JOIN codes c ON c.nth = (p.id * 7 + k * 13) % c.many WHERE p.title LIKE 'Made-up project%';
UPDATE projects_project p SET main_code = c.measure_code FROM projects_counted c WHERE c.project_id = p.id AND c.kind = 'outcome';
INSERT INTO projects_member (project_id, account_id, role, since)
    SELECT p.id, 1000000 + p.id * 3 + k, CASE k WHEN 0 THEN 'leader' ELSE 'member' END, p.begun_at FROM projects_project p
    CROSS JOIN generate_series(0, 2) k WHERE p.title LIKE 'Made-up project%';
INSERT INTO projects_cycle (project_id, number, title, prediction, predicted, who, place, starts_on, ends_on, state, happened, learned, decision,
        typed, version, changed_at)
    SELECT p.id, k, 'Test ' || k, 'It helps', 5, 'The night shift', '', p.begun_at::date + k * 20, p.begun_at::date + k * 20 + 7,
        CASE WHEN k < 4 THEN 'done' ELSE 'running' END, 'It went as planned', 'It takes a week', CASE WHEN k < 4 THEN 'adapt' ELSE '' END, false, 1, p.changed_at
    FROM projects_project p CROSS JOIN generate_series(1, 4) k WHERE p.title LIKE 'Made-up project%';
INSERT INTO projects_value (project_id, kind, what, amount, per, low, high, releases, since, says, how, source, version, added_at)
    SELECT p.id, CASE k WHEN 0 THEN 'time' ELSE 'cost' END, 'Made up', CASE k WHEN 0 THEN 'hours' ELSE 'pounds' END,
        CASE k WHEN 0 THEN 'month' ELSE 'once' END, 5, 20, CASE k WHEN 0 THEN NULL ELSE true END, p.begun_at::date, 'ward leader', 'estimated', '', 1, p.begun_at
    FROM projects_project p CROSS JOIN generate_series(0, 1) k WHERE p.title LIKE 'Made-up project%' AND p.id % 3 = 0;
"""
TABLES = (
    "organisations_unit", "organisations_relation", "organisations_below", "organisations_sharing", "projects_project", "projects_counted",
    "projects_member", "projects_cycle", "projects_value", "measures_measure",
)  # fmt: skip


def load() -> None:
    """Load the places, the projects and those as whom pages are measured."""
    from espalier.config import cli, embedded
    from espalier.demo import england

    clock = Clock()
    england.load(only_if_empty=True, say=lambda _: None)
    clock.say("the demonstration: real places and figures")
    server = embedded.locate(cli.PROJECT, Path(os.environ["ESPALIER_HOME"]))
    with psycopg.connect(server.url("postgres", "espalier"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SELECT setseed(0.5)")
        for what, number, statements in (
            ("teams", TEAMS, TEAMS_MADE), ("what half of the organisations share", 0, SHARED), ("projects", PROJECTS, PROJECTS_MADE),
            ("measures, people, tests and values in them", 0, INSIDE),
        ):  # fmt: skip
            connection.execute(statements)
            clock.say(what, number)
        for table in TABLES:
            connection.execute(f"VACUUM (ANALYZE) {table}")
    _readers()
    clock.say("VACUUM, ANALYZE and readers")


def _readers() -> None:
    """Add the people as whom pages are measured, and let one of them lead a project."""
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.organisations import actions as organisations

    actor, at = system_viewer(), AT
    named = [
        ("bench-nation", "National lead", "ENG", "national-lead"), ("bench-region", "Regional lead", regions()[0], "region-lead"),
        ("bench-trust", "Improvement lead", largest(), "qi-lead"), ("bench-nurse", "Staff nurse", "PP000001", "team-member"),
    ]  # fmt: skip
    people = [organisations.NewPerson(code, f"{post} (made up)", post, unit, role, made_up=True) for code, post, unit, role in named]
    with acting_as(actor):
        organisations.add_people(actor=actor, at=at, people=people, since=date(2019, 1, 1))


def regions() -> list[str]:
    """Return the codes of the regions of today."""
    return _codes("SELECT u.code FROM organisations_unit u WHERE u.kind_id = 'region' AND u.closed_on IS NULL AND NOT u.made_up ORDER BY u.code")


def largest() -> str:
    """Return the organisation with the most teams."""
    return _codes(
        "SELECT (SELECT u.code FROM organisations_unit u WHERE u.id = r.parent_id) FROM organisations_relation r"
        " JOIN organisations_unit t ON t.id = r.child_id WHERE t.code LIKE 'PP%' GROUP BY r.parent_id ORDER BY count(*) DESC, 1 LIMIT 1"
    )[0]


def projects_of(number: int) -> list[str]:
    """Return numbers of projects that everybody may read, spread over all of them."""
    return _codes(
        "SELECT id::text FROM projects_project WHERE open_to = 'everybody' AND title LIKE 'Made-up project%%' ORDER BY md5(id::text) LIMIT %s", [number]
    )


def a_measure() -> list[str]:
    """Return the measures that most projects are meant to move."""
    return _codes("SELECT measure_code FROM projects_counted GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 4")


def _codes(question: str, given: list[object] | None = None) -> list[str]:
    from django.db import connection

    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as

    with acting_as(system_viewer()), connection.cursor() as cursor:
        cursor.execute(question, given)
        return [row[0] for row in cursor.fetchall()]
