"""Roles are given by those who may, never to oneself, only where they can be held, and end at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import NotFoundHere
from espalier.organisations import actions, queries
from espalier.organisations.models import Grant, Person

pytestmark = pytest.mark.django_db
AT = datetime.now(UTC)


def viewer(name):
    return viewer_of(get_user_model().objects.get(username=name))


@pytest.fixture
def ash():
    with acting_as(viewer("demo-admin")) as somebody:
        yield somebody


def ward(somebody):
    return queries.unit(viewer=somebody, code="DEMO-WARD-7")


def person(name):
    return Person.objects.get(account__username=name).pk


def test_a_role_counts_from_the_next_page_on_and_ends_at_once(ash):
    actions.give_role(actor=ash, at=AT, unit=ward(ash), person_id=person("demo-nurse"), role="improvement-coach")
    assert viewer("demo-nurse").holds("improvement-coach")
    actions.end_role(actor=ash, at=AT, unit=ward(ash), grant_id=Grant.objects.get(role="improvement-coach").pk)
    assert not viewer("demo-nurse").holds("improvement-coach")


def test_giving_the_same_role_twice_is_one_role(ash):
    for until in (None, AT.date() + timedelta(days=30)):
        actions.give_role(actor=ash, at=AT, unit=ward(ash), person_id=person("demo-nurse"), role="analyst", until=until)
    assert Grant.objects.filter(role="analyst", person_id=person("demo-nurse")).values_list("until", flat=True).get() == AT.date() + timedelta(days=30)


@pytest.mark.parametrize(
    ("facts", "says"),
    [({"role": "national-lead"}, "not held"), ({"role": "nosuch"}, "not held"), ({"until": date(2020, 1, 1)}, "last day")],
)
def test_what_makes_no_sense_is_refused(ash, facts, says):
    with pytest.raises(actions.UnableToGive, match=says):
        actions.give_role(actor=ash, at=AT, unit=ward(ash), **{"person_id": person("demo-nurse"), "role": "analyst"} | facts)


def test_nobody_gives_themselves_a_role(ash):
    with pytest.raises(actions.UnableToGive, match="yourself"):
        actions.give_role(actor=ash, at=AT, unit=ward(ash), person_id=ash.person_id, role="analyst")


def test_who_may_not_is_told_why():
    with acting_as(viewer("demo-leader")) as alex, pytest.raises(actions.UnableToGive, match="administrator"):
        actions.give_role(actor=alex, at=AT, unit=ward(alex), person_id=person("demo-nurse"), role="analyst")


def test_a_role_elsewhere_cannot_be_ended_from_here(ash):
    there = Grant.objects.get(person_id=person("demo-analyst"), unit__code="DEMO-TRUST").pk
    with pytest.raises(NotFoundHere):
        actions.end_role(actor=ash, at=AT, unit=ward(ash), grant_id=there)


def test_only_people_of_the_organisation_are_found(ash):
    assert [one.name for one in queries.people_called(viewer=ash, unit=ward(ash), text="made up")]
    assert queries.people_called(viewer=ash, unit=ward(ash), text="Drew") == []
    assert queries.people_called(viewer=ash, unit=ward(ash), text="s") == ()


def test_who_holds_what_here_includes_what_counts_from_above(ash):
    held = {(one.name.split(",")[0], one.role) for one in queries.roles_held(viewer=ash, unit=ward(ash), on=AT.date())}
    assert {("Sam", "team-member"), ("Alex", "team-leader"), ("Ash", "administrator")} <= held
    assert not {name for name, _ in held} & {"Drew", "Robin"}


def own_role(code="DEMO-TRUST"):
    return Grant.objects.get(role="administrator", unit__code=code, person_id=person("demo-admin")).pk


def test_the_last_who_gives_out_roles_keeps_that_role(ash, client):
    client.force_login(get_user_model().objects.get(username="demo-admin"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.post("/units/DEMO-TRUST/access/", {"end": own_role(), "sure": "yes"})
    assert page.status_code == 422
    assert "the only one who gives out roles" in page.content.decode()
    assert "Give somebody else the role first" in page.content.decode()
    assert viewer("demo-admin").holds("administrator")


def test_ones_own_role_is_ended_after_being_asked_once(ash, client):
    trust = queries.unit(viewer=ash, code="DEMO-TRUST")
    actions.give_role(actor=ash, at=AT, unit=trust, person_id=person("demo-people"), role="administrator")
    client.force_login(get_user_model().objects.get(username="demo-admin"), backend="django.contrib.auth.backends.ModelBackend")
    pk = own_role()
    page = client.post("/units/DEMO-TRUST/access/", {"end": pk})
    assert "You are about to end your own role" in page.content.decode()
    assert viewer("demo-admin").holds("administrator")
    assert client.post("/units/DEMO-TRUST/access/", {"end": pk, "sure": "yes"}, follow=True).status_code == 200
    assert not viewer("demo-admin").holds("administrator")


def test_a_role_that_ends_today_does_not_stand_in_for_the_last(ash):
    trust = queries.unit(viewer=ash, code="DEMO-TRUST")
    actions.give_role(actor=ash, at=AT, unit=trust, person_id=person("demo-people"), role="administrator")
    Grant.objects.filter(role="administrator", person_id=person("demo-people")).update(since=date(2020, 1, 1), until=AT.date())
    with pytest.raises(actions.UnableToGive, match="only one"):
        actions.end_role(actor=ash, at=AT, unit=trust, grant_id=own_role(), sure=True)
