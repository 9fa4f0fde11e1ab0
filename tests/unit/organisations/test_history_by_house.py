"""What the database does in somebody's stead leaves what stood before, and an erasure leaves nothing of it.

Each function here passes row-level security by itself; the history's triggers run inside with the same rights.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from tests.unit.access.test_rights import NAME, erased, somebody
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
    Relation,
    StaffChange,
    Unit,
    UnitEvent,
)

pytestmark = pytest.mark.django_db


def who(name):
    return viewer_of(get_user_model().objects.get(username=name))


@pytest.fixture
def small_tree(db):
    Relation.objects.exclude(child__code__startswith="DEMO").delete()
    actions.rebuild_below()


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


def test_people_who_follow_their_place_and_come_back_leave_what_they_held(small_tree):
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


def test_a_post_that_only_changes_hands_is_no_edit(small_tree):
    """organisations_reown writes the owner and nothing that people edit."""
    with acting_as(ash()) as admin:
        do(admin, "move", "DEMO-WARD-7", other="DEMO-WARD-12")
        with connection.cursor() as cursor:
            cursor.execute("SELECT organisations_reown()")
        assert (AssignmentEvent.objects.count(), GrantEvent.objects.count()) == (0, 0)


def test_a_place_that_is_deleted_is_kept_as_it_was(small_tree):
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


# ---- Erasure ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", [date(2026, 1, 1), None])
def test_an_erasure_takes_what_stood_before_along(until):
    """Also what it writes itself: each row it removes would else be kept as it was."""
    zeb = somebody(until=until)
    with acting_as(system_viewer()):
        Person.objects.filter(pk=zeb.person_id).update(name="Zeb once more")
        Assignment.objects.filter(person_id=zeb.person_id).update(role_title="Sister")
        Person.objects.filter(pk=zeb.person_id).update(name=NAME)
        StaffChange.objects.create(
            owner_id=1, person_id=zeb.person_id, number=1, did="changed", before={"name": "Zeb"}, after={"name": "Z"}, batch="0" * 32, at=AT
        )
    assert kept(PersonEvent, pgh_obj_id=zeb.person_id) and kept(AssignmentEvent, person_id=zeb.person_id)
    erased(zeb)
    with acting_as(system_viewer()):
        assert Person.objects.filter(pk=zeb.person_id).exists() is (until is None)
    left = [kept(PersonEvent, pgh_obj_id=zeb.person_id), kept(AssignmentEvent, person_id=zeb.person_id), kept(GrantEvent, person_id=zeb.person_id)]
    assert left == [[], [], []]
    with acting_as(system_viewer()):
        assert not StaffChange.objects.filter(person_id=zeb.person_id).exists()


def test_whoever_left_long_ago_goes_with_what_stood_before_and_what_others_told(joiner):
    """The schedule for leavers: the first night removes them, the second what the first left in the history."""
    _, user, *_ = joiner
    zeb = somebody(until=date(2026, 1, 1))
    long_ago, never = date(2015, 1, 1), datetime(2020, 1, 1, tzinfo=UTC)
    with acting_as(system_viewer()), connection.cursor() as cursor:
        for model in (Assignment, Grant):
            model.objects.filter(person_id=zeb.person_id).update(since=date(2010, 1, 1), until=long_ago)
        Person.objects.filter(pk=zeb.person_id).update(account=None)
        assert Connected.objects.filter(pk=user["id"]).update(person_id=zeb.person_id) == 1
        gone = [_cleared(cursor, "leavers", never) for _ in range(2)]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may point at somebody who is gone
        assert gone == [3, 0]
        assert not Person.objects.filter(pk=zeb.person_id).exists()
        assert not Connected.objects.filter(pk=user["id"]).exists()
    left = [kept(PersonEvent, pgh_obj_id=zeb.person_id), kept(AssignmentEvent, person_id=zeb.person_id), kept(GrantEvent, person_id=zeb.person_id)]
    assert left == [[], [], []]


def test_what_was_taken_away_by_hand_stays_to_be_looked_up():
    zeb = somebody(until=None)
    with acting_as(system_viewer()):
        Assignment.objects.filter(person_id=zeb.person_id).delete()
        Grant.objects.filter(person_id=zeb.person_id).delete()
        Person.objects.filter(pk=zeb.person_id).delete()
    with acting_as(system_viewer()), connection.cursor() as cursor:
        assert _cleared(cursor, "leavers", datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert [one.name for one in kept(PersonEvent, pgh_obj_id=zeb.person_id, pgh_label="removed")] == [NAME]


def _cleared(cursor, code, before):
    cursor.execute("SELECT access_clear(%s, %s)", [code, before])
    return cursor.fetchone()[0]
