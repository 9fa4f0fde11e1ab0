"""What follows from a staff system's words: people, posts, roles, sign-in; and their end."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.unit.scim.systems import Calls, viewer

from espalier.access import tokens
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.audit.models import Event
from espalier.organisations.models import Assignment, Below, Connected, Grant, Person, Unit

pytestmark = pytest.mark.django_db
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SAM = {
    "userName": "sam.new@example.org", "name": {"givenName": "Sam", "familyName": "New"}, "title": "Staff nurse", "externalId": "e-1",
    "emails": [{"value": "sam.new@example.org", "type": "work", "primary": True}],
    ENTERPRISE: {"employeeNumber": "1234", "department": "DEMO-WARD-7"},
}  # fmt: skip


def house():
    from espalier.access.actions import system_viewer

    return acting_as(system_viewer())


def person_of(user):
    return Person.objects.get(pk=Connected.objects.get(pk=user["id"]).person_id)


def signed_in(person):
    account = get_user_model().objects.get(pk=person.account_id)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_joiner_has_a_post_in_the_team_and_can_sign_in(hospital):
    user = hospital.add(**SAM)
    with house():
        person = person_of(user)
        post = Assignment.objects.get(person=person)
        assert (person.name, person.work_email) == ("Sam New", "sam.new@example.org")
        assert (post.unit.code, post.role_title, post.number, post.until) == ("DEMO-WARD-7", "Staff nurse", "1234", None)
        account = get_user_model().objects.get(pk=person.account_id)
    assert account.is_active
    assert {(held.role, held.unit_id) for held in viewer_of(account).grants} == {("team-member", post.unit_id)}


def test_a_mover_has_one_post_and_the_old_one_ended(hospital):
    user = hospital.add(**SAM)
    yesterday = timezone.now().date() - timezone.timedelta(days=1)
    with house():
        person = person_of(user)
        Assignment.objects.filter(person=person).update(since=yesterday)
    changed = hospital.patch(f"/Users/{user['id']}", {"op": "replace", "path": f"{ENTERPRISE}:department", "value": "DEMO-WARD-12"})
    assert changed.status_code == 200, changed.content
    with house():
        posts = list(Assignment.objects.filter(person=person).order_by("since").values_list("unit__code", "until", "number"))
    today = timezone.now().date()
    assert posts == [("DEMO-WARD-7", today, "1234"), ("DEMO-WARD-12", None, "1234")]


def test_a_team_nobody_knows_is_said_and_the_post_is_at_the_organisation(hospital):
    user = hospital.add(**(SAM | {ENTERPRISE: {"department": "Ward of dreams"}}))
    with house():
        row = Connected.objects.get(pk=user["id"])
        assert "Ward of dreams" in row.said
        assert Assignment.objects.get(pk=row.post_id).unit.code == "DEMO-TRUST"


def test_a_team_of_another_organisation_is_never_found(hospital):
    with house():
        care = Unit.objects.get(code="DEMO-CARE")
        theirs = Unit.objects.get(pk=Below.objects.filter(ancestor=care).values_list("unit_id", flat=True).order_by("-depth")[0])
    user = hospital.add(**(SAM | {ENTERPRISE: {"department": theirs.code}}))
    with house():
        assert Assignment.objects.get(person=person_of(user)).unit.code == "DEMO-TRUST"


@pytest.mark.parametrize("how", ["active", "delete"])
def test_a_leaver_is_out_at_once(hospital, how, at):
    """T-13: the next request of a session that is open, and the next call of a token, are refused."""
    user = hospital.add(**SAM)
    with house():
        person = person_of(user)
        Assignment.objects.filter(person=person).update(since=at.date() - timezone.timedelta(days=9))
        ward = Unit.objects.get(code="DEMO-WARD-7")
        Grant.objects.create(person=person, role="team-leader", unit=ward, since=at.date() - timezone.timedelta(days=9))
    browser = signed_in(person)
    account = get_user_model().objects.get(pk=person.account_id)
    with acting_as(viewer_of(account)) as sam:
        made = tokens.make(
            actor=sam, at=at, name="mine", scopes=frozenset({"read"}), expires_at=at + timezone.timedelta(days=9), unit_id=None,
            secret=tokens.new_secret(),
        )  # fmt: skip
    assert browser.get("/tokens/").status_code == 200
    if how == "active":
        assert hospital.patch(f"/Users/{user['id']}", {"op": "Replace", "path": "active", "value": "False"}).json()["active"] is False
    else:
        assert hospital.send("DELETE", f"/Users/{user['id']}").status_code == 204
        assert hospital.get(f"/Users/{user['id']}").status_code == 404
    assert browser.get("/tokens/").status_code == 403
    with pytest.raises(tokens.UnableToRecognise):
        tokens.recognise(made.secret, at=at)
    with house():
        assert set(Assignment.objects.filter(person=person).values_list("until", flat=True)) == {at.date()}
        assert set(Grant.objects.filter(person=person).values_list("until", flat=True)) == {at.date()}
        assert Person.objects.get(pk=person.pk).name == "Sam New"  # the record stays for as long as it must
    assert not get_user_model().objects.get(pk=person.account_id).is_active


def test_who_comes_back_is_the_same_person(hospital):
    user = hospital.add(**SAM)
    with house():
        person = person_of(user)
    hospital.send("DELETE", f"/Users/{user['id']}")
    again = hospital.add(**SAM)
    assert again["id"] != user["id"]
    with house():
        assert person_of(again).pk == person.pk
        assert Assignment.objects.filter(person=person, until=None).count() == 1
    assert get_user_model().objects.get(pk=person.account_id).is_active


def test_who_works_elsewhere_too_keeps_the_account_and_loses_the_post_here(hospital, care, at):
    there = care.add(**(SAM | {ENTERPRISE: {"employeeNumber": "77"}}))
    here = hospital.add(**SAM)
    with house():
        assert person_of(here).pk == person_of(there).pk  # one human being, one account
        person = person_of(here)
    browser = signed_in(person)
    hospital.patch(f"/Users/{here['id']}", {"op": "replace", "value": {"active": False}})
    assert get_user_model().objects.get(pk=person.account_id).is_active
    assert browser.get("/tokens/").status_code == 403  # the session is over all the same
    with house():
        standing = Assignment.objects.filter(person=person, until=None)
        assert [post.number for post in standing] == ["77"]


def test_a_user_who_is_elsewhere_already_looks_as_new_as_any(hospital, care):
    care.add(**SAM)
    known, new = hospital.add(**SAM), hospital.add(**(SAM | {"userName": "x@example.org", "externalId": "e-2", "emails": []}))
    assert known.keys() == new.keys() | {"emails"}
    assert known["meta"].keys() == new["meta"].keys()
    assert (known["meta"]["version"], known["externalId"]) == (new["meta"]["version"], "e-1")


def test_another_organisations_word_does_not_change_a_name_here(hospital, care):
    user = care.add(**SAM)
    hospital.add(**(SAM | {"name": {"givenName": "Somebody", "familyName": "Else"}}))
    with house():
        assert person_of(user).name == "Sam New"


def test_an_address_nobody_has_proved_opens_nothing(hospital):
    """Somebody typed the nurse's address as their own: her post must not go to them."""
    stranger = get_user_model().objects.create_user("stranger", email="sam.new@example.org")
    user = hospital.add(**SAM)
    with house():
        assert person_of(user).account_id != stranger.pk


def test_a_member_of_staff_on_the_list_is_not_made_twice(hospital):
    with house():
        nurse = Person.objects.get(account__username="demo-nurse")
        post = Assignment.objects.filter(person=nurse, until=None).first()
        Assignment.objects.filter(pk=post.pk).update(number="9")
    user = hospital.add(**(SAM | {ENTERPRISE: {"employeeNumber": "9", "department": post.unit.code}}))
    with house():
        assert person_of(user).pk == nurse.pk
        assert Assignment.objects.filter(person=nurse, until=None).count() == 1


def test_a_manager_is_another_user_of_the_same_organisation(hospital, care):
    boss, theirs = hospital.add(userName="boss@example.org"), care.add(userName="their.boss@example.org")
    user = hospital.add(**(SAM | {ENTERPRISE: {"manager": {"value": boss["id"]}}}))
    with house():
        assert Assignment.objects.get(person=person_of(user)).manager_id == person_of(boss).pk
    hospital.patch(f"/Users/{user['id']}", {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": theirs["id"]})
    with house():
        assert Assignment.objects.get(person=person_of(user)).manager_id is None


def test_a_group_named_for_a_role_gives_it_and_takes_it(hospital):
    user = hospital.add(**SAM)
    group = hospital.add("/Groups", displayName="espalier-role:improvement-coach:DEMO-WARD-7", members=[{"value": user["id"]}])
    with house():
        person = person_of(user)
        assert Grant.objects.get(person=person).role == "improvement-coach"
    hospital.patch(f"/Groups/{group['id']}", {"op": "remove", "path": f'members[value eq "{user["id"]}"]'})
    with house():
        assert not Grant.objects.filter(person=person, until=None).exists()


@pytest.mark.parametrize("name", ["espalier-role:administrator:DEMO-TRUST", "espalier-role:qi-lead:DEMO-CARE", "espalier-role:king:DEMO-TRUST", "All staff"])
def test_a_groups_name_alone_never_gives_power(hospital, name):
    user = hospital.add(**SAM)
    hospital.add("/Groups", displayName=name, members=[{"value": user["id"]}])
    with house():
        assert not Grant.objects.filter(person=person_of(user)).exists()
        assert bool(Connected.objects.get(kind="Group").said) == name.startswith("espalier")


def test_each_change_leaves_an_event_without_names(hospital):
    user = hospital.add(**SAM)
    hospital.patch(f"/Users/{user['id']}", {"op": "replace", "path": "title", "value": "Matron"})
    hospital.send("DELETE", f"/Users/{user['id']}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with house():
        events = list(Event.objects.filter(object_id=user["id"]).order_by("at", "verb"))
    assert {event.verb for event in events} == {"add", "change", "remove"}
    assert "Sam" not in str([event.detail for event in events])


def test_two_people_with_one_address_are_two_people(hospital):
    one, other = hospital.add(**SAM), hospital.add(**(SAM | {"userName": "other@example.org", "externalId": "", ENTERPRISE: {}}))
    with house():
        assert person_of(one).pk != person_of(other).pk


def test_the_connection_of_one_is_not_the_administrator_of_people(hospital):
    """A connection holds no role: the pages know nothing of it."""
    assert viewer("demo-nurse").grants
    assert Client(headers={"authorization": f"Bearer {hospital.secret}"}).get("/tokens/").status_code == 403


# ---- What the pages do ----------------------------------------------------------------------------


def admin(username="demo-admin"):
    client = Client()
    client.force_login(get_user_model().objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_system_is_connected_on_the_page_shown_once_and_stopped(db):
    with house():
        trust = Unit.objects.get(code="DEMO-TRUST").pk
        elsewhere = Unit.objects.get(code="DEMO-CARE").pk
    page, ash = "/admin-tools/connections/", admin()
    assert ash.post(page, {"name": "Entra", "where": str(elsewhere)}).status_code == 422
    made = ash.post(page, {"name": "Entra", "where": str(trust)}).content.decode()
    secret = re.search(r"esc_[\w-]{43}", made)[0]
    assert secret not in ash.get(page).content.decode()
    system = Calls(secret)
    assert system.get("/Users").status_code == 200
    pk = re.search(r"/connections/(\d+)/stop/", made)[1]
    assert admin("demo-nurse").post(f"{page}{pk}/stop/").status_code == 403
    assert ash.post(f"{page}{pk}/stop/").status_code == 302
    assert system.get("/Users").status_code == 401
    assert "Stopped" in ash.get(page).content.decode()


def test_an_administrator_says_what_a_group_stands_for(hospital, care):
    user = hospital.add(**SAM)
    group = hospital.add("/Groups", displayName="People team", members=[{"value": user["id"]}])
    theirs = care.add("/Groups", displayName="Theirs")
    with house():
        person, trust, ward = person_of(user), Unit.objects.get(code="DEMO-TRUST"), Unit.objects.get(code="DEMO-WARD-7")
    ash, page = admin(), f"/admin-tools/connections/groups/{group['id']}/"
    assert "People team" in ash.get("/admin-tools/connections/").content.decode()
    assert ash.get(f"/admin-tools/connections/groups/{theirs['id']}/").status_code == 404
    assert ash.post(page, {"role": "people-data-lead", "where": "", "seen": "1"}).status_code == 422
    assert ash.post(page, {"role": "national-lead", "where": str(ward.pk), "seen": "1"}).status_code == 400
    assert ash.post(page, {"role": "people-data-lead", "where": str(trust.pk), "seen": "9"}).status_code == 400  # somebody was quicker
    assert ash.post(page, {"role": "people-data-lead", "where": str(trust.pk), "seen": "1"}).status_code == 302
    with house():
        assert Grant.objects.get(person=person).role == "people-data-lead"
    assert ash.post(page, {"role": "-", "where": "", "seen": "2"}).status_code == 302
    with house():
        assert not Grant.objects.filter(person=person, until=None).exists()


def test_nobody_gives_themselves_a_role_by_a_group(hospital):
    user = hospital.add(**SAM)
    group = hospital.add("/Groups", displayName="Me", members=[{"value": user["id"]}])
    with house():
        ash = Person.objects.get(account__username="demo-admin")
        Connected.objects.filter(pk=user["id"]).update(person=ash)
        trust = Unit.objects.get(code="DEMO-TRUST").pk
    page = f"/admin-tools/connections/groups/{group['id']}/"
    assert admin().post(page, {"role": "auditor", "where": str(trust), "seen": "1"}).status_code == 400
