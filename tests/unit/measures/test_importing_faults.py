"""A fault at any row or at the end leaves everything as it was before, or as it should be after: never between."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from espalier.access.door import acting_as
from espalier.imports import actions, queries, work
from espalier.imports.mapping import Layout
from espalier.imports.models import Upload
from espalier.organisations import queries as organisations

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LAYOUT = Layout({"measure": "Measure", "place": "Team", "period": "Month", "numerator": "How many"})
ROWS = 12
TABLES = ("measures_point", "measures_pointversion", "measures_series")


def text(rows: int = ROWS, start: int = 2003) -> bytes:
    lines = [f"team-medicine-errors,DEMO-WARD-7,{start + at // 12}-{at % 12 + 1:02d},{at}" for at in range(rows)]
    return ("Measure,Team,Month,How many\n" + "\n".join(lines) + "\n").encode()


def kim() -> Any:
    return organisations.viewer_for(get_user_model().objects.get(username="demo-analyst"))


def checked(content: bytes) -> Any:
    who = kim()
    with acting_as(who):
        pk = actions.keep_file(actor=who, at=AT, kind="figures", name="w.csv", content=[content], size=len(content))
        if queries.file(viewer=who, pk=pk).step == "columns":
            actions.choose_columns(actor=who, at=AT, pk=pk, layout=LAYOUT)
        return who, pk, queries.file(viewer=who, pk=pk).seen


def state_of_figures() -> str:
    """A mark of everything that stands: the same before and after, or something happened."""
    mark = hashlib.sha256()
    with acting_as(kim()), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '') FROM {table} t")
            mark.update(cursor.fetchone()[0].encode())
    return mark.hexdigest()


BREAK_AT_ROW = """
CREATE SEQUENCE broken_rows; GRANT USAGE ON broken_rows TO espalier_app;
CREATE FUNCTION break_at_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('broken_rows') = {row} THEN RAISE EXCEPTION 'planted'; END IF; RETURN NEW; END $$;
CREATE TRIGGER zz_break BEFORE INSERT ON measures_point FOR EACH ROW EXECUTE FUNCTION break_at_row();
"""
BREAK_AT_COMMIT = """
CREATE FUNCTION break_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$;
CREATE CONSTRAINT TRIGGER zz_break AFTER UPDATE ON imports_upload DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION break_at_commit();
"""
MEND = (
    "DROP TRIGGER zz_break ON {table}; DROP FUNCTION IF EXISTS break_at_row(); DROP FUNCTION IF EXISTS break_at_commit();"
    " DROP SEQUENCE IF EXISTS broken_rows"
)


def agree(who: Any, pk: Any, seen: str) -> str:
    with acting_as(who):
        return actions.agree(actor=who, at=AT, pk=pk, seen=seen, take_good=False, remove=False)


def test_a_fault_at_each_row_and_at_commit_leaves_all_as_before(own_database: str, as_owner: Any) -> None:
    who, pk, seen = checked(text())
    before = state_of_figures()
    for row in range(1, ROWS + 1):
        as_owner.execute(BREAK_AT_ROW.format(row=row))
        with pytest.raises(Exception, match="planted"):
            agree(who, pk, seen)
        assert state_of_figures() == before, f"half a file was stored after a fault at row {row}"
        as_owner.execute(MEND.format(table="measures_point"))
    as_owner.execute(BREAK_AT_COMMIT)
    with pytest.raises(Exception, match="planted"):
        agree(who, pk, seen)
    assert state_of_figures() == before
    as_owner.execute(MEND.format(table="imports_upload"))
    assert agree(who, pk, seen) == "stored"
    after = state_of_figures()
    assert after != before
    assert agree(who, pk, seen) == "stored"
    assert state_of_figures() == after


def test_an_error_of_ours_in_a_job_is_told_and_nothing_is_stored(own_database: str, as_owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "SMALL_LINES", 0)
    who, content = kim(), text()
    with acting_as(who):
        pk = actions.keep_file(actor=who, at=AT, kind="figures", name="w.csv", content=[content], size=len(content))
        actions.choose_columns(actor=who, at=AT, pk=pk, layout=LAYOUT)
        assert queries.file(viewer=who, pk=pk).state == "checking"
    monkeypatch.setattr(work, "_check", lambda *_: 1 / 0)
    with acting_as(who):
        actions.go_on(actor=who, at=AT, pk=pk, tell=lambda *_: None)
        assert queries.file(viewer=who, pk=pk).state in {"failed", "checked"}


WORKER = """
import django; django.setup()
import os, sys
from espalier.imports import work
from espalier.jobs import worker
if "--die" in sys.argv:
    inner = work.record
    def die(**facts):
        print("stored, not committed", flush=True)
        os.kill(os.getpid(), 9)
    work.record = die  # the last thing of storing, inside its transaction
worker.run(until_empty=True)
"""


def test_a_worker_killed_while_storing_stores_nothing_and_the_next_one_stores_once(own_database: str, as_owner: Any, databases: Any) -> None:
    environment = os.environ | databases.environment(own_database)
    who, pk, seen = checked(text())
    before = state_of_figures()
    old, work.SMALL_LINES = work.SMALL_LINES, 0
    try:
        with transaction.atomic():
            assert agree(who, pk, seen) == "storing"
    finally:
        work.SMALL_LINES = old
    killed = subprocess.run([sys.executable, "-c", WORKER, "--die"], env=environment, capture_output=True, text=True, check=False, timeout=90)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert "stored, not committed" in killed.stdout
    assert state_of_figures() == before
    as_owner.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", WORKER], env=environment, capture_output=True, text=True, check=False, timeout=90)
        assert done.returncode == 0, done.stderr
    with acting_as(who):
        assert Upload.objects.get(pk=pk).state == "stored"
        assert queries.working(file=queries.file(viewer=who, pk=pk), at=AT).step == "Stored"
    with acting_as(who), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM measures_pointversion WHERE batch = %s", [Upload.objects.get(pk=pk).batch])
        assert cursor.fetchone()[0] == ROWS


@pytest.mark.slow
def test_fifty_thousand_rows_end_to_end_and_back(own_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Read, checked, compared and stored in 20 seconds; taken back as quickly."""
    content = b"Code,Month,Rate\n" + b"".join(
        f"{code},{1960 + month // 12}-{month % 12 + 1:02d},{(month * 7 + len(code)) % 100 / 10}\n".encode()
        for code in _codes(100)
        for month in range(500)
    )
    layout = Layout({"place": "Code", "period": "Month", "value": "Rate"}, {"measure": "staff-sickness-absence"})
    who = kim()
    before = state_of_figures()
    took = {}
    with acting_as(who):
        start = time.perf_counter()
        pk = actions.keep_file(actor=who, at=AT, kind="figures", name="big.csv", content=[content], size=len(content))
        _work(who, pk)
        actions.choose_columns(actor=who, at=AT, pk=pk, layout=layout)
        _work(who, pk)
        took["read and checked"] = time.perf_counter() - start
        file = queries.file(viewer=who, pk=pk)
        assert (file.summary["new"], file.summary["problems"]) == (50_000, 0)
        actions.agree(actor=who, at=AT, pk=pk, seen=file.seen, take_good=False, remove=False)
        _work(who, pk)
    took["all"] = time.perf_counter() - start
    start = time.perf_counter()
    with acting_as(who):
        actions.take_back(actor=who, at=AT, pk=pk)
        _work(who, pk)
    took["taken back"] = time.perf_counter() - start
    with capsys.disabled():
        print({name: round(seconds, 1) for name, seconds in took.items()})
    with acting_as(who), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM measures_point WHERE period_on < '2003-01-01'")
        assert cursor.fetchone()[0] == 0
    assert state_of_figures() != before  # the versions stay: what happened is not forgotten
    # 20 seconds of a machine that has nothing else to do; on one that others use as well, their share is left out.
    most = 20 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert took["all"] <= most
    assert took["taken back"] <= most


def _codes(how_many: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT u.code FROM measures_series s JOIN organisations_unit u ON u.id = s.unit_id JOIN measures_measure m"
            " ON m.id = s.measure_id WHERE m.code = 'staff-sickness-absence' AND u.code <> 'ENG' ORDER BY 1 LIMIT %s",
            [how_many],
        )
        return [code for (code,) in cursor.fetchall()]


def _work(who: Any, pk: Any) -> None:
    """Do what the job would do, here and now."""
    actions.go_on(actor=who, at=AT, pk=pk, tell=lambda *_: None)
