"""What the database does in somebody's stead leaves what stood before.

Each function here passes row-level security by itself; the history's triggers run inside with the same rights.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from tests.unit.organisations.test_changing import AT, DAY, ash, do, unit
from tests.unit.scim.systems import connected

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.organisations import actions
from espalier.organisations.models import (
    Assignment,
    AssignmentEvent,
    Connected,
    Grant,
    GrantEvent,
    Person,
    PersonEvent,
    Unit,
    UnitEvent,
)

pytestmark = [pytest.mark.usefixtures("made_up_tree"), pytest.mark.django_db]


def who(name):
    return viewer_of(get_user_model().objects.get(username=name))


def kept(model, **facts):
    """What the history holds, whoever may see it."""
    with acting_as(system_viewer()):
        return list(model.objects.filter(**facts).order_by("pgh_id"))


# ---- A staff system --------------------------------------------------------------------------------


@pytest.fixture
def joiner():
    """A staff system, somebody it has added, and the account it acts with."""
    system = connected("DEMO-TRUST", timezone.now())
    user = system.add(
        userName="zia.new@example.org", name={"givenName": "Zia", "familyName": "New"}, title="Nurse",
        **{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "DEMO-WARD-7"}},
    )  # fmt: skip
    with acting_as(system_viewer()), connection.cursor() as cursor:
        cursor.execute("SELECT account_id FROM access_connection ORDER BY id DESC LIMIT 1")
        return system, user, Connected.objects.get(pk=user["id"]).person_id, cursor.fetchone()[0]


def test_a_staff_systems_edit_keeps_the_person_and_the_post_as_they_were(joiner):
    system, user, person, account = joiner
    for path, value in (("displayName", "Zia Newer"), ("name", {"givenName": "Zia", "familyName": "Newer"}), ("title", "Matron")):
        assert system.patch(f"/Users/{user['id']}", {"op": "replace", "path": path, "value": value}).status_code == 200
    assert {one.name for one in kept(PersonEvent, pgh_obj_id=person)} == {"Zia New"}
    assert [(one.role_title, one.pgh_label, one.by_id) for one in kept(AssignmentEvent, person_id=person)] == [("Nurse", "before", account)]


def test_a_leaver_of_a_staff_system_is_kept_as_they_were_and_shut_out(joiner):
    system, user, person, account = joiner
    with acting_as(system_viewer()):
        Assignment.objects.filter(person_id=person).update(since=date(2020, 1, 1))
        signs_in_with = Person.objects.get(pk=person).account_id
    before = len(kept(AssignmentEvent, person_id=person))
    assert system.send("DELETE", f"/Users/{user['id']}").status_code == 204
    left = kept(AssignmentEvent, person_id=person)[before:]
    assert [(one.until, one.pgh_label, one.by_id) for one in left] == [(None, "before", account)]
    assert get_user_model().objects.get(pk=signs_in_with).is_active is False  # organisations_shut_account


def test_a_staff_system_adds_to_no_other_organisations_history_and_reads_none(joiner):
    *_, person, account = joiner
    with acting_as(system_viewer()):
        theirs = Assignment.objects.filter(unit__code="DEMO-CARE").first()
        ours = AssignmentEvent.objects.count()
    assert theirs is not None
    with acting_as(_calling(account)), connection.cursor() as cursor:
        cursor.execute("UPDATE organisations_assignment SET role_title = 'x' WHERE id = %s", [theirs.pk])
        assert cursor.rowcount == 0
        cursor.execute("UPDATE organisations_assignment SET role_title = 'x' WHERE person_id = %s", [person])
        assert cursor.rowcount == 1
        cursor.execute("SELECT count(*) FROM organisations_assignmentevent")
        assert cursor.fetchone() == (0,)
    assert len(kept(AssignmentEvent)) == ours + 1


def _calling(account):
    return viewer_of(get_user_model().objects.get(pk=account))


# ---- People who follow their place -----------------------------------------------------------------


def test_people_who_follow_their_place_and_come_back_leave_what_they_held():
    with acting_as(ash()) as admin:
        ward = Unit.objects.get(code="DEMO-WARD-7").pk
        posts = set(Assignment.objects.filter(unit_id=ward).values_list("pk", flat=True))
        roles = set(Grant.objects.filter(unit_id=ward).values_list("pk", flat=True))
        done = do(admin, "merge", "DEMO-WARD-7", other="DEMO-WARD-12", name="Both")
        assert posts and roles
        assert {(one.pgh_obj_id, one.until, one.by_id) for one in AssignmentEvent.objects.all()} == {(pk, None, admin.account_id) for pk in posts}
        assert {(one.pgh_obj_id, one.until) for one in GrantEvent.objects.all()} == {(pk, None) for pk in roles}
        actions.undo_change(actor=admin, at=AT, pk=done)
        back = AssignmentEvent.objects.filter(pgh_obj_id__in=posts, until=DAY, pgh_label="before")
        assert set(back.values_list("pgh_obj_id", flat=True)) == posts
        assert AssignmentEvent.objects.filter(pgh_label="removed").count() == len(posts)  # what the merger had made


def test_a_post_that_only_changes_hands_is_no_edit():
    """organisations_reown writes the owner and nothing that people edit."""
    assert owners("DEMO-WARD-7") == {unit("DEMO-TRUST").pk}
    with acting_as(ash()) as admin:
        do(admin, "move", "DEMO-WARD-7", other="DEMO-CARE")
        with connection.cursor() as cursor:
            cursor.execute("SELECT organisations_reown()")
    assert owners("DEMO-WARD-7") == {unit("DEMO-CARE").pk}
    assert kept(AssignmentEvent) == kept(GrantEvent) == []


def owners(code):
    with acting_as(system_viewer()):
        return set(Assignment.objects.filter(unit__code=code).values_list("owner_id", flat=True))


def test_a_place_that_is_deleted_is_kept_as_it_was():
    with acting_as(ash()) as admin:
        do(admin, "add", "DEMO-TRUST", name="Slip", kind="ward")
        actions.ask_removal(actor=admin, at=AT, unit=unit("DEMO-TRUST-SLIP"), why="Typed twice")
    with acting_as(system_viewer()) as house:
        assert actions.new_day(actor=house, at=datetime(2026, 12, 23, tzinfo=UTC)) == 1
    assert [(one.code, one.by_id) for one in kept(UnitEvent, pgh_label="removed")] == [("DEMO-TRUST-SLIP", house.account_id)]


# ---- Joining ---------------------------------------------------------------------------------------


def test_an_invitation_taken_up_gives_the_role_and_changes_nothing_that_stood():
    nurse, words = who("demo-nurse"), "seven words that nobody would ever guess"
    at = timezone.now()
    with acting_as(system_viewer()) as house:
        actions.invite_from_command(actor=house, at=at, unit=unit("DEMO-WARD-12"), role="team-leader", words=words)
    with acting_as(nurse):
        actions.accept_invitation(actor=nurse, at=at + timedelta(minutes=1), typed=words)
    with acting_as(system_viewer()):
        assert Grant.objects.get(person_id=nurse.person_id, unit__code="DEMO-WARD-12").role == "team-leader"
    assert kept(GrantEvent) == []
