"""A register loaded twice is a register loaded once, and a fault at any row leaves everything as it was before."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.projects.conftest import AT, account
from tests.unit.projects.test_importing_projects import HEAD, counts, give, golden

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of

TABLES = ("projects_project", "projects_member", "projects_typed", "projects_typedcycle", "projects_cycle", "projects_edit", "imports_upload")
BREAK = """
CREATE SEQUENCE broken_rows; GRANT USAGE ON broken_rows TO espalier_app;
CREATE FUNCTION break_at_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('broken_rows') = {row} THEN RAISE EXCEPTION 'planted'; END IF; RETURN NEW; END $$;
CREATE TRIGGER zz_break BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION break_at_row();
"""
MEND = "DROP TRIGGER zz_break ON {table}; DROP FUNCTION break_at_row(); DROP SEQUENCE broken_rows"


def opened(name: str) -> Any:
    return acting_as(viewer_of(account(name)))


def all_of_it() -> str:
    """A mark of everything that stands: the same before and after, or something happened."""
    mark = hashlib.sha256()
    with opened("demo-improver"), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '') FROM {table} t")
            mark.update(cursor.fetchone()[0].encode())
    return mark.hexdigest()


@pytest.mark.parametrize(
    ("kind", "name", "table", "rows"),
    [("projects", "register.csv", "projects_project", 3), ("projects", "register.csv", "projects_typed", 3),
     ("pdsa", "pdsa.csv", "projects_cycle", 3), ("pdsa", "pdsa.csv", "projects_edit", 3)],
)  # fmt: skip
def test_a_fault_at_each_row_leaves_nothing(own_database: str, as_owner: Any, kind: str, name: str, table: str, rows: int) -> None:
    from espalier.imports import actions, queries

    if kind == "pdsa":
        give(opened, golden("register.csv"))
    file = give(opened, golden(name), kind=kind, name=name, store=False)
    before = all_of_it()
    for row in range(1, rows + 1):
        as_owner.execute(BREAK.format(row=row, table=table))
        with pytest.raises(Exception, match="planted"), opened("demo-improver") as pat:
            actions.agree(actor=pat, at=AT, pk=file.pk, seen=file.seen, take_good=False, remove=False)
        assert all_of_it() == before, f"half a file was stored after a fault at row {row}"
        as_owner.execute(MEND.format(table=table))
    with opened("demo-improver") as pat:
        actions.agree(actor=pat, at=AT, pk=file.pk, seen=file.seen, take_good=False, remove=False)
        assert counts(queries.file(viewer=pat, pk=file.pk)) == (3, 0, 0)


TITLES = st.text("abcdefgh ÄéOß-'", min_size=1, max_size=12).map(lambda text: f"T{text}".strip())
ROWS = st.fixed_dictionaries({
    "Ref": st.one_of(st.just(""), st.integers(1, 5).map(lambda number: f"R{number}")),
    "Project title": TITLES,
    "Ward/Team": st.sampled_from(["DEMO-WARD-7", "DEMO-WARD-12"]),
    "Lead": st.sampled_from(["", "Alex, ward leader (made up)", "Nobody"]),
    "Start date": st.dates(min_value=AT.date().replace(year=2024), max_value=AT.date()).map(lambda day: day.isoformat()),
    "Status": st.sampled_from(["", "Active", "On hold", "Closed", "Planned"]),
    "Aim": st.sampled_from(["", "Fewer falls", "=1+1", "'quoted"]),
    "Progress": st.sampled_from(["", "0.5", "3", "4.5 – improving"]),
    "Last update": st.sampled_from(["", "2025-05-24"]),
})  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_a_register_loaded_twice_is_one_loaded_once(lines: list[dict[str, str]]) -> None:
    """Whatever rows a file has: once it is stored, the same file finds nothing new and nothing changed."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEAD.strip().split(","))
    writer.writeheader()
    writer.writerows(lines)
    with transaction.atomic():
        first = give(opened, out.getvalue(), good=True)
        again = give(opened, out.getvalue(), good=True, store=False)
        transaction.set_rollback(True)
    assert (again.summary["new"], again.summary["changed"]) == (0, 0)
    assert again.summary["same"] == first.summary["ready"]
