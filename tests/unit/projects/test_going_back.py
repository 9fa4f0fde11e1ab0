"""A filled database goes back before the newest rules, and forward again: what had no place then is kept as far as it can be."""

import os
import subprocess
import sys
from contextlib import contextmanager
from importlib import import_module

import pytest

from espalier.projects.migrations import __name__ as migrations

FILLED = ("projects_editionanswer", "projects_claim", "projects_coach")
CHECKED = "SELECT prosrc FROM pg_proc WHERE proname = 'projects_edition_checked'"


@pytest.fixture
def to(own_database, databases):
    """Bring the database to one state of the projects, as its owner does."""

    def bring(*state):
        command = [sys.executable, "-m", "espalier.config.cli", "manage", "--owner", "migrate", "projects", *state]
        done = subprocess.run(command, env=os.environ | databases.environment(own_database), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]

    return bring


@contextmanager
def every_row(owner):
    """The owner sees and changes every row; afterwards the rules hold again."""
    for table in FILLED:
        owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    for table in FILLED:
        owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def fill(owner):
    owner.execute(
        "INSERT INTO projects_editionanswer (edition_id, project_id, account_id, says, at) SELECT edition_id, project_id, account_id,"
        " x.says, at + x.later FROM projects_editionanswer, (VALUES ('yes', interval '1 day'), ('no', interval '2 days')) x(says, later)"
    )
    owner.execute("UPDATE projects_claim SET state = 'withdrawn', reason = '', paid_on = NULL WHERE id = 1")
    owner.execute(
        "INSERT INTO projects_coach (account_id, unit_id, capacity, helps_with, since) SELECT account_id, w.id, 1, '', since"
        " FROM projects_coach c, organisations_unit w WHERE w.code = 'DEMO-WARD-7' AND c.until IS NULL AND c.unit_id <> w.id"
    )


def kept(owner):
    return (
        owner.execute("SELECT says FROM projects_editionanswer").fetchall(),
        owner.execute("SELECT state, reason FROM projects_claim WHERE id = 1").fetchall(),
        owner.execute("SELECT u.code = 'DEMO-WARD-7', c.until IS NULL FROM projects_coach c JOIN organisations_unit u ON u.id = c.unit_id"
                      " ORDER BY c.id").fetchall(),
    )  # fmt: skip


def test_a_filled_database_goes_back_and_forward_again(to, as_owner):
    with every_row(as_owner):
        fill(as_owner)
        lines = as_owner.execute("SELECT count(*) FROM projects_coach").fetchone()[0]
    newest = as_owner.execute(CHECKED).fetchall()
    to("0110")
    (was,) = as_owner.execute(CHECKED).fetchone()
    assert was in import_module(f"{migrations}.0071_stories_guarded").KEPT
    assert as_owner.execute("SELECT 1 FROM pg_proc WHERE proname IN ('projects_answered', 'projects_in_their_teams')").fetchall() == []
    with every_row(as_owner):
        said, claim, coaches = kept(as_owner)
    assert (said, claim) == ([("no",)], [("declined", "Taken back by who asked for it.")])
    assert lines >= 2
    assert coaches == [(False, False)] * (lines // 2) + [(True, True)] * (lines // 2)
    to()
    assert as_owner.execute(CHECKED).fetchall() == newest != [(was,)]
    with every_row(as_owner):
        assert kept(as_owner) == (said, claim, coaches)
