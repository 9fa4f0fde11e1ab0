"""Nobody is offered a door that then refuses them."""

import re

import pytest
from django.test import Client
from tests.contracts.routes import sign_in

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.organisations.models import Grant, Unit

pytestmark = pytest.mark.django_db
PEOPLE = ("demo-nurse", "demo-leader", "demo-improver", "demo-system", "demo-analyst", "demo-admin", "demo-people", "demo-auditor",
          "demo-partner", "demo-care")  # fmt: skip
PLACES = ("ENG", "DEMO", "DEMO-TRUST", "DEMO-WARD-7")


def browser(name):
    client = Client()
    sign_in(client, name)
    return client


def links(client, path):
    html = client.get(path).content.decode()
    return set(re.findall(r'href="(/units/[^"]+/(?:people|access|sharing|change)/(?:[a-z]+/)?)"', html))


@pytest.mark.parametrize("name", PEOPLE)
def test_what_a_place_offers_opens(name):
    client = browser(name)
    offered = {link for place in PLACES for link in links(client, f"/units/{place}/")}
    assert {link: client.get(link).status_code for link in offered} == dict.fromkeys(offered, 200)


def test_who_works_there_is_still_offered_the_doors_that_open():
    wanted = {f"/units/DEMO-WARD-7/{door}/" for door in ("people", "access", "sharing")}
    assert wanted <= links(browser("demo-leader"), "/units/DEMO-WARD-7/")
    assert links(browser("demo-partner"), "/units/DEMO-WARD-7/") == set()


def test_a_system_is_no_organisation_and_says_so():
    refused = browser("demo-system").get("/units/DEMO/sharing/")
    assert refused.status_code == 403
    assert "shares nothing itself" in refused.content.decode()


@pytest.mark.parametrize("name", PEOPLE)
def test_what_the_admin_tools_list_opens(name):
    client = browser(name)
    offered = links(client, "/admin-tools/")
    assert {link: client.get(link).status_code for link in offered} == dict.fromkeys(offered, 200)


def test_the_administrator_still_finds_access_to_their_hospital():
    assert "/units/DEMO-TRUST/access/" in links(browser("demo-admin"), "/admin-tools/")


def test_moving_the_whole_hospital_is_not_offered_to_who_looks_after_it_alone():
    ash, above = browser("demo-admin"), ("move", "merge", "split", "close")
    page = ash.get("/units/DEMO-TRUST/change/").content.decode()
    assert not [what for what in above if f"/change/{what}/" in page]
    assert "is for whoever looks after" in page
    assert "/change/rename/" in page
    assert [ash.get(f"/units/DEMO-TRUST/change/{what}/").status_code for what in above] == [403] * 4
    ward = ash.get("/units/DEMO-WARD-7/change/").content.decode()
    assert all(f"/change/{what}/" in ward for what in above)


def test_who_looks_after_the_place_above_is_offered_it():
    with acting_as(system_viewer()):
        robin = Grant.objects.filter(person__account__username="demo-system").first()
        Grant.objects.create(person_id=robin.person_id, unit=Unit.objects.get(code="DEMO"), role="administrator", since=robin.since)
    assert "/units/DEMO-TRUST/change/close/" in browser("demo-system").get("/units/DEMO-TRUST/change/").content.decode()


def test_nobody_is_offered_to_give_themselves_a_role():
    page = browser("demo-admin").get("/units/DEMO-TRUST/access/?who=Ash").content.decode()
    assert "Give this role" not in page
    assert "Nobody gives themselves a role" in page
