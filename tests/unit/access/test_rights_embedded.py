"""The database that comes with Espalier holds one real person at most, whoever adds them and by whatever way."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from espalier.access import connections
from espalier.access.actions import add_account, system_viewer
from espalier.access.door import acting_as
from espalier.access.embedding import UnableToHold, is_embedded, may_hold_real_people
from espalier.config import roles
from espalier.organisations import actions
from espalier.organisations.models import Person, Unit

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def embedded():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL espalier.embedded = 'on'")


def new(name, *, made_up=False):
    return actions.NewPerson(name, name.title(), "Nurse", "DEMO-WARD-7", "team-member", made_up=made_up)


def added(*people):
    with acting_as(system_viewer()) as house:
        return actions.add_people(actor=house, at=AT, people=people, since=date(2026, 1, 1))


def test_a_server_of_ones_own_holds_everybody():
    assert not is_embedded()
    assert may_hold_real_people(adding=5000, employed=True)
    assert added(new("anna"), new("ben")) == 2


def test_one_private_workspace_and_no_more(embedded):
    assert may_hold_real_people()
    add_account(username="owner")
    decision = may_hold_real_people()
    assert not decision
    assert "comes with it" in decision.reason
    assert "DATABASE_URL" in decision.reason
    assert may_hold_real_people(adding=0)


def test_a_staff_list_is_refused_with_the_reason_and_nothing_is_stored(embedded):
    before = get_user_model().objects.count()
    with pytest.raises(UnableToHold, match="Staff lists"):
        added(new("anna"))
    assert get_user_model().objects.count() == before
    assert added(new("made-up-anna", made_up=True), new("made-up-ben", made_up=True)) == 2


def test_the_database_refuses_the_second_real_account_by_itself(embedded):
    add_account(username="owner")
    with pytest.raises(DatabaseError, match="one real person at most"), transaction.atomic():
        add_account(username="second")
    made_up = add_account(username="made-up", is_demo=True)
    with pytest.raises(DatabaseError, match="one real person at most"), transaction.atomic():
        get_user_model().objects.filter(pk=made_up).update(is_demo=False)


def test_staff_systems_are_no_people_and_take_nobodys_place(embedded):
    with acting_as(system_viewer()) as house:
        for name in ("First", "Second"):  # connected before this database said at the door that it takes none
            assert connections.make(actor=house, at=AT, owner_id=place(), name=name, secret=f"a secret of the {name}")
    assert may_hold_real_people()
    add_account(username="owner")
    with pytest.raises(DatabaseError, match="one real person at most"), transaction.atomic():
        add_account(username="second")


def place():
    with acting_as(system_viewer()):
        return Unit.objects.get(code="DEMO-TRUST").pk


def test_nobody_hides_behind_the_account_of_a_staff_system(embedded):
    with pytest.raises(DatabaseError, match="technical_is_shut"), transaction.atomic():
        get_user_model().objects.create_user("hidden", is_technical=True)


def test_the_database_refuses_the_second_real_person_by_itself(embedded):
    with acting_as(system_viewer()):
        Person.objects.create(name="Owner")
        with pytest.raises(DatabaseError, match="one real person at most"), transaction.atomic():
            Person.objects.bulk_create([Person(name="Second"), Person(name="Third")])
        Person.objects.create(name="Made up", made_up=True)


def test_the_command_line_marks_its_own_database(databases):
    name = databases.clone("test_marked")
    try:
        roles.mark_embedded(databases.server.url("postgres", "postgres"), database=name)
        import psycopg

        with psycopg.connect(databases.server.url(roles.APP, name)) as app:
            assert app.execute("SELECT current_setting('espalier.embedded', true)").fetchone() == ("on",)
    finally:
        databases.drop(name)


def test_the_trust_page_says_so(client, embedded):
    page = client.get("/about/trust/").content.decode()
    assert "No real staff here" in page
    assert "one machine" in page
