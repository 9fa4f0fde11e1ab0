"""One organisation never sees another's posts of the same person: the database decides, with none of our filters in the way.

Every statement is plain SQL as the role that serves pages.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import ProgrammingError, connection, transaction

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR, Viewer
from espalier.organisations import actions, queries
from espalier.organisations.models import Assignment, Person
from espalier.organisations.queries.people_staffing import staff_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def who(name: str) -> Viewer:
    return queries.viewer_for(get_user_model().objects.get(username=name))


def ask(viewer: Viewer, statement: str, *facts: Any) -> list[tuple[Any, ...]]:
    with acting_as(viewer), connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return cursor.fetchall()


@pytest.fixture
def shared() -> int:
    """Somebody with a post at the hospital and another at a care provider, as only the house itself sees them together."""
    ward, care = (queries.unit(viewer=VISITOR, code=code).pk for code in ("DEMO-WARD-7", "DEMO-CARE"))
    with acting_as(who("demo-people")) as jude:
        done = actions.add_person(
            actor=jude, at=AT, name="Ada Okafor", work_email="ada@example.nhs.uk", post=actions.PostWords(ward, "Hospital nurse", band="Band 5"),
            since=date(2026, 1, 5),
        )  # fmt: skip
    with acting_as(system_viewer()):
        Assignment.objects.create(person_id=done.person_id, unit_id=care, role_title="Care worker", band="Secret band", since=date(2026, 1, 6))
    return done.person_id


def test_each_organisation_sees_its_own_posts_of_a_person_who_works_at_both(shared: int) -> None:
    posts = "SELECT role_title FROM organisations_assignment WHERE person_id = %s ORDER BY 1"
    expected = {"demo-people": ["Hospital nurse"], "demo-nurse": ["Hospital nurse"], "demo-care": ["Care worker"], "demo-system": [], "demo-partner": []}
    assert {name: [title for (title,) in ask(who(name), posts, shared)] for name in expected} == expected
    assert ask(VISITOR, posts, shared) == []
    assert ask(VISITOR, "SELECT count(*) FROM organisations_person") == [(0,)]
    assert [title for (title,) in ask(system_viewer(), posts, shared)] == ["Care worker", "Hospital nurse"]


def test_what_was_changed_is_seen_by_the_organisation_that_changed_it(shared: int) -> None:
    changes = "SELECT count(*) FROM organisations_staffchange WHERE person_id = %s"
    assert ask(who("demo-people"), changes, shared) == [(2,)]
    for viewer in (who("demo-care"), who("demo-system"), who("demo-partner"), VISITOR):
        assert ask(viewer, changes, shared) == [(0,)]


def test_nobody_writes_in_the_name_of_another_organisation_and_what_happened_stays(shared: int) -> None:
    care = queries.unit(viewer=VISITOR, code="DEMO-CARE").pk
    insert = (
        "INSERT INTO organisations_staffchange (id, owner_id, person_id, number, did, batch, at, why)"
        " VALUES (gen_random_uuid(), %s, %s, 1, 'added', gen_random_uuid(), now(), '') RETURNING 1"
    )
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        ask(who("demo-people"), insert, care, shared)
    for statement in ("UPDATE organisations_staffchange SET why = 'x' RETURNING 1", "DELETE FROM organisations_staffchange RETURNING 1"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ask(who("demo-people"), statement)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        ask(who("demo-people"), "INSERT INTO organisations_assignment (person_id, unit_id, role_title, profession, staff_group, band, since)"
            " VALUES (%s, %s, 'x', '', '', '', '2026-01-01') RETURNING 1", shared, care)  # fmt: skip


def test_a_list_finds_nobody_of_another_organisation_even_without_our_filter(shared: int) -> None:
    care = queries.unit(viewer=VISITOR, code="DEMO-CARE").pk
    hospital = queries.unit(viewer=VISITOR, code="DEMO-TRUST").pk
    with acting_as(who("demo-people")) as jude:
        everybody = staff_of(viewer=jude, owners={care, hospital})
        assert "Care worker" not in {chain.facts.title for chain in everybody.chains.values()}
        assert "Hospital nurse" in {chain.facts.title for chain in everybody.chains.values()}


def test_search_by_name_finds_nobody_of_another_organisation(shared: int) -> None:
    find = "SELECT organisations_find_people(%s, 100)"
    with acting_as(system_viewer()):
        drew = Person.objects.get(name__startswith="Drew").pk
    assert ask(who("demo-people"), find, "okafor") == [(shared,)]
    assert ask(who("demo-people"), find, "drew") == []
    assert ask(who("demo-care"), find, "drew") == [(drew,)]
    for viewer in (VISITOR, who("demo-system"), who("demo-partner")):
        assert ask(viewer, find, "okafor") == []
    for text in ("", " ", "%", "_", "a' OR true --", "\\", "x" * 500):
        assert ask(who("demo-care"), find, text) == [], text


def test_the_record_shows_one_organisations_posts(shared: int) -> None:
    with acting_as(who("demo-people")) as jude:
        record = queries.person_record(viewer=jude, pk=shared)
    assert [one.title for one in record.posts] == ["Hospital nurse"]
    assert "Secret band" not in str(record)
