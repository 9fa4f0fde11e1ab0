"""What stood before an edit is kept by the database, guarded as what it is of, and changed by nobody."""

from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import ProgrammingError, connection, transaction

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.config import checks
from espalier.organisations.models import (
    Assignment,
    AssignmentEvent,
    Grant,
    GrantEvent,
    Person,
    PersonEvent,
    Sharing,
    SharingEvent,
    Unit,
    UnitEvent,
)

pytestmark = pytest.mark.django_db
KEPT = (PersonEvent, AssignmentEvent, GrantEvent, SharingEvent, UnitEvent)


def who(name):
    return viewer_of(get_user_model().objects.get(username=name))


def edited():
    """Somebody of the hospital edits one row of each table."""
    ash, sam = who("demo-admin"), who("demo-nurse").person_id
    with acting_as(ash):
        Person.objects.filter(pk=sam).update(name="Sam New")
        Assignment.objects.filter(person_id=sam).update(band="6")
        Grant.objects.filter(person_id=sam).update(until=date(2031, 1, 1))
        Sharing.objects.filter(unit__code="DEMO-NURSES").update(by_name=True)
        Unit.objects.filter(code="DEMO-WARD-7").update(name="Ward 7, new name")
    return ash, sam


def test_the_old_row_is_kept_with_who_changed_it():
    ash, sam = edited()
    with acting_as(ash):
        kept = {model: model.objects.get() for model in KEPT}
    assert kept[PersonEvent].name == "Sam, nurse (made up)"
    assert (kept[AssignmentEvent].band, kept[AssignmentEvent].person_id) == ("", sam)
    assert (kept[GrantEvent].role, kept[GrantEvent].until) == ("team-member", None)
    assert kept[SharingEvent].by_name is False
    assert kept[UnitEvent].name == "Ward 7, care of older people (made up)"
    assert {one.by_id for one in kept.values()} == {ash.account_id}
    assert {one.pgh_label for one in kept.values()} == {"before"}


def test_many_rows_at_once_are_kept_one_by_one():
    ash = who("demo-admin")
    with acting_as(ash):
        several = list(Assignment.objects.filter(unit__code="DEMO-TRUST"))
        for one in several:
            one.band = "7"
        Assignment.objects.bulk_update(several, ["band"])
        assert AssignmentEvent.objects.count() == len(several) > 3


def test_what_is_saved_as_it_was_leaves_nothing():
    ash = who("demo-admin")
    with acting_as(ash):
        for one in Assignment.objects.filter(unit__code="DEMO-TRUST"):
            one.save()
        assert AssignmentEvent.objects.count() == 0


def test_another_organisation_reads_none_of_it():
    edited()
    for name in ("demo-care", "demo-system"):
        with acting_as(who(name)):
            assert [model.__name__ for model in KEPT if model.objects.exists()] == [], name


def test_a_person_reads_what_stood_in_their_own_record():
    _, sam = edited()
    with acting_as(who("demo-nurse")):
        assert PersonEvent.objects.get(pgh_obj_id=sam).name == "Sam, nurse (made up)"


@pytest.mark.parametrize("model", KEPT)
@pytest.mark.parametrize("statement", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_app_changes_none_of_it(model, statement):
    edited()
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with acting_as(system_viewer()), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(model._meta.db_table))


def test_what_would_break_the_history_is_found_by_the_check(monkeypatch):
    """pghistory's triggers and server-side binding do not go together: the check says so before anybody edits."""
    assert not any("server_side_binding" in problem for problem in checks.problems(deploy=False))
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "server_side_binding", True)
    assert any("server_side_binding" in problem for problem in checks.problems(deploy=False))
