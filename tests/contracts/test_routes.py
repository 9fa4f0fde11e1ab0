"""Roles × routes: every address has a row, and each person gets the answer the row says."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, get_resolver
from tests.contracts.routes import BESIDE, EVERYBODY, PEOPLE, REFUSALS, ROUTES, SIGNED_IN, sign_in

pytestmark = pytest.mark.django_db


def patterns(resolver=None, before="", space=""):
    """Every pattern of the product as (whole pattern, name)."""
    for entry in (resolver or get_resolver()).url_patterns:
        whole = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield whole, f"{space}{entry.name}"
        else:
            yield from patterns(entry, whole, f"{space}{entry.namespace}:" if entry.namespace else space)


def signed_in_as(name):
    client = Client(raise_request_exception=False)
    sign_in(client, name)
    return client


def test_every_route_has_a_row_and_every_row_a_route():
    here = dict(patterns())
    assert here.keys() - ROUTES.keys() == set(), "say in tests/contracts/routes.py who may open these"
    assert ROUTES.keys() - here.keys() == set()
    assert {pattern: name for pattern, name in here.items() if ROUTES[pattern].name != name} == {}


def test_the_people_are_those_of_the_demonstration():
    assert {a.username for a in get_user_model().objects.filter(is_demo=True)} == {*SIGNED_IN}
    assert {person for route in ROUTES.values() for person in route.may} <= set(EVERYBODY)


def test_every_route_with_a_code_in_it_has_an_example_of_nothing_there():
    assert [pattern for pattern, route in ROUTES.items() if "<" in pattern and not (route.missing or route.nothing)] == []


@pytest.mark.parametrize("person", EVERYBODY)
def test_each_person_gets_what_the_table_says(person):
    client = signed_in_as(person)
    wrong = []
    for pattern, route in sorted(ROUTES.items(), key=lambda row: row[0] == "sign-out/"):  # the last thing anybody does
        ask = client.post if route.post_only else client.get
        expected = dict(route.also).get(person, route.status if person in route.may else route.otherwise)
        if (status := ask(route.example).status_code) != expected:
            wrong.append(f"{route.example} ({pattern}): {status} instead of {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("person", EVERYBODY)
def test_what_is_not_there_is_not_found_whoever_asks(person):
    client = signed_in_as(person)
    asked = [(client.post if route.post_only else client.get, route.missing) for route in ROUTES.values() if route.missing]
    for ask, path in (*asked, *((client.get, path) for path in REFUSALS)):
        assert (path, ask(path).status_code) == (path, 404)


@pytest.mark.parametrize("route", [r for r in ROUTES.values() if r.post_only], ids=lambda r: r.name)
def test_what_changes_something_is_refused_as_a_link(route):
    for person in EVERYBODY:
        assert signed_in_as(person).get(route.example).status_code == 405


def test_signing_out_needs_the_form_it_stands_in():
    """Another site must not be able to send somebody's browser here with a POST."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.get(username=PEOPLE[0]), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/sign-out/").status_code == 403
    assert client.post("/sign-in/", {"who": PEOPLE[0]}).status_code == 403


@pytest.mark.parametrize("path", [*(path for path in BESIDE if path != "/static/"), "/static/ui/espalier.css"])
def test_what_is_answered_before_the_address_list(client, path):
    response = client.get(path)
    b"".join(response)  # a file is closed once it has been read
    response.close()
    assert response.status_code == 200


def test_signing_in_and_out_through_the_pages(client):
    assert client.post("/sign-in/", {"who": "demo-analyst"}).status_code == 302
    assert "Kim, analyst (made up)" in client.get("/").content.decode()
    assert client.post("/sign-out/").status_code == 302
    assert "Kim, analyst" not in client.get("/").content.decode()


@pytest.mark.parametrize("who", ["", "espalier", "nobody", "demo-analyst'--"])
def test_only_made_up_people_can_be_chosen(client, who):
    assert client.post("/sign-in/", {"who": who}).status_code == 422
    assert "sessionid" not in client.cookies
