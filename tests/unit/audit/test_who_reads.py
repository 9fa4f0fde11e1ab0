"""Who may read which events: the database itself decides; and nothing about a person is kept in one."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from tests.contracts.fields import FIELDS, PERSONAL, SPECIAL
from tests.logbook import events

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.roles import all_roles
from espalier.access.viewer import VISITOR, Viewer
from espalier.audit import whence
from espalier.audit.differing import difference, may_keep
from espalier.audit.models import Event
from espalier.audit.recording import record
from espalier.organisations.models import Grant, Person, Unit

AT = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)


def who(name):
    return viewer_of(get_user_model().objects.get(username=name))


def unit(code):
    return Unit.objects.get(code=code)


def with_role(name, role, code):
    with acting_as(system_viewer()):
        Grant.objects.create(person_id=who(name).person_id, unit=unit(code), role=role, since=date(2020, 1, 1))
    return who(name)


def wrote(name, **facts):
    record(**{"actor": who(name), "verb": "test", "object_kind": "thing", "object_id": name, "at": AT} | facts)


def reads(viewer):
    with acting_as(viewer):
        return set(Event.objects.filter(verb="test").values_list("object_id", flat=True))


@pytest.fixture
def log(db):
    for name in ("demo-nurse", "demo-care", "demo-system"):
        wrote(name)
    record(actor=VISITOR, verb="test", object_kind="thing", object_id="nobody", at=AT)


def test_an_auditor_reads_the_log_of_their_own_organisation(log):
    assert reads(who("demo-auditor")) == {"demo-nurse"}
    assert reads(who("demo-admin")) == {"demo-nurse"}


@pytest.mark.parametrize("name", ["demo-leader", "demo-improver", "demo-people", "demo-partner", "demo-analyst"])
def test_plain_staff_read_nothing(log, name):
    assert reads(who(name)) == set()


def test_everybody_reads_what_they_did_themselves(log):
    assert reads(who("demo-nurse")) == {"demo-nurse"}
    assert reads(VISITOR) == set()


def test_who_looks_after_the_system_above_does_not_read_what_is_inside(log):
    assert reads(with_role("demo-system", "auditor", "DEMO")) == {"demo-system"}


def test_an_auditor_of_a_ward_does_not_read_the_log_of_the_hospital(log):
    assert reads(with_role("demo-leader", "auditor", "DEMO-WARD-7")) == set()


def test_administrators_of_the_nation_read_all_of_it(log):
    assert reads(with_role("demo-system", "administrator", "ENG")) == {"demo-nurse", "demo-care", "demo-system", "nobody"}


def test_the_codes_in_the_database_are_those_of_the_file(log):
    """audit_my_readable() names the roles that read; another one in content/roles.yaml must be added there too."""
    assert all_roles().with_right("audit.read") == {"administrator", "auditor"}
    assert all_roles().with_right("emergency.read") == {"emergency-reader"}


def test_a_token_for_one_place_reads_no_log(log):
    from dataclasses import replace

    assert reads(replace(who("demo-auditor"), within=unit("DEMO-WARD-7").pk)) == set()


def test_a_person_reads_who_looked_at_their_record(log):
    nurse = who("demo-nurse")
    wrote("demo-people", object_id="looked", about_id=nurse.person_id)
    assert reads(nurse) == {"demo-nurse", "looked"}
    assert "looked" not in reads(who("demo-leader"))


def test_whose_an_event_is_follows_its_object_else_who_acts(log):
    trust, care = unit("DEMO-TRUST").pk, unit("DEMO-CARE").pk
    wrote("demo-care", verb="of a ward", object_kind="unit", object_id="DEMO-WARD-7")
    wrote("demo-system", verb="of a person", object_kind="person", object_id=str(who("demo-nurse").person_id))
    wrote("demo-care", verb="of a token", object_kind="token", object_id="1")
    wrote("demo-care", verb="as it is said", object_id="x", owner_id=trust)
    assert {event.verb: event.owner_id for event in events(verb__in=["of a ward", "of a person", "of a token", "as it is said"])} == {
        "of a ward": trust, "of a person": trust, "of a token": care, "as it is said": trust,
    }  # fmt: skip


def test_an_event_says_by_which_way_it_came(db):
    with whence.coming(whence.JOB, "night.work"):
        record(actor=Viewer(account_id=7), verb="test", object_kind="thing", object_id="in a job", at=AT)
    record(actor=Viewer(account_id=7), verb="test", object_kind="thing", object_id="outside", at=AT)
    assert [(one.object_id, one.way, one.place) for one in events(verb="test")] == [("in a job", "job", "night.work"), ("outside", "", "")]


# ---- Nothing about a person -------------------------------------------------------------------------


@pytest.mark.parametrize("label", sorted(label for label, table in FIELDS.items() if {PERSONAL, SPECIAL} & table.keys()))
def test_what_is_about_a_person_is_never_kept(label):
    """Every field of tests/contracts/fields.py, under the name that an action would record it by."""
    kind = apps.get_model(label)._meta.model_name
    personal = {name for word in (PERSONAL, SPECIAL) for name in FIELDS[label].get(word, "").split()} - {"id", "pgh_id"}
    assert {name for name in personal if may_keep(kind, name)} == set(), "name the kind or the field in audit/differing.py"


def test_an_edit_keeps_what_changed_and_of_people_only_that_it_changed(db):
    facts = {"actor": Viewer(account_id=7), "verb": "test", "at": AT}
    record(**facts, object_kind="unit", object_id="1", before={"name": "Ward 7", "code": "W"}, after={"name": "Ward 8", "code": "W"})
    record(**facts, object_kind="person", object_id="2", before={"name": "Ann Old"}, after={"name": "Ann New"})
    record(**facts, object_kind="person", object_id="3", detail={"before": {"band": "5"}, "after": {"band": "6"}, "file": "x"})
    first, second, third = events(verb="test")
    assert first.detail == {"changed": ["name"], "before": {"name": "Ward 7"}, "after": {"name": "Ward 8"}}
    assert second.detail == {"changed": ["name"]}
    assert third.detail == {"changed": ["band"], "file": "x"}


def test_nothing_that_did_not_change_is_kept():
    assert difference("unit", {"name": "A"}, {"name": "A"}) == {"changed": []}


def test_people_of_another_organisation_are_not_named_to_a_reader(log):
    with acting_as(who("demo-auditor")):
        assert not Person.objects.filter(pk=who("demo-care").person_id).exists()
