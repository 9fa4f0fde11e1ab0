"""Drafts: kept for their writer alone, until they are sent, for 30 days at most."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import Viewer
from espalier.site import actions
from espalier.site.models import Draft

pytestmark = pytest.mark.django_db
PLACE = "/measures/team-falls/DEMO-WARD-7/marks/new/#0"
WORDS = {"words": ["Ten beds closed, and the physiotherapist is away"]}


def browser(username="demo-leader"):
    client = Client()
    client.force_login(get_user_model().objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def keep(client, fields=WORDS, place=PLACE):
    return client.post("/drafts/", {"place": place, "title": "Write a note", "fields": json.dumps(fields)})


def given(client, place=PLACE):
    return client.get("/drafts/", {"place": place}).json()


def test_what_is_typed_comes_back_with_the_day():
    client = browser()
    assert keep(client).status_code == 204
    assert given(client)["fields"] == WORDS
    assert "at" in given(client)["said"]
    assert "Write a note" in client.get("/account/drafts/").content.decode()


def test_nobody_else_ever_sees_it():
    keep(browser("demo-leader"))
    assert given(browser("demo-nurse")) == {}
    assert "Write a note" not in browser("demo-nurse").get("/account/drafts/").content.decode()
    assert Client().get("/drafts/", {"place": PLACE}).status_code == 403
    for viewer in (viewer_of(get_user_model().objects.get(username="demo-admin")), Viewer()):
        with acting_as(viewer):  # the database says so without a filter of ours
            assert not Draft.objects.exists()


def test_throwing_it_away_and_typing_nothing_leave_nothing():
    client = browser()
    keep(client)
    client.post("/drafts/", {"place": PLACE, "do": "throw"})
    assert given(client) == {}
    keep(client)
    keep(client, {"words": ["  "]})
    assert given(client) == {}


def test_a_form_that_was_stored_empties_its_draft_and_one_that_was_refused_keeps_it():
    client, page = browser("demo-nurse"), "/tokens/"
    keep(client, place="/tokens/#0")
    refused = client.post(page, {"name": "", "draft": "/tokens/#0"})
    assert refused.status_code == 422
    assert given(client, "/tokens/#0")["fields"] == WORDS
    stored = client.post(page, {"name": "mine", "scopes": ["read"], "where": "", "days": "30", "draft": "/tokens/#0"})
    assert stored.status_code == 200
    assert given(client, "/tokens/#0") == {"sent": True}


def test_after_thirty_days_it_is_gone():
    client, now = browser(), timezone.now()
    keep(client)
    with acting_as(system_viewer()):
        assert Draft.objects.filter(at__lt=now + timedelta(days=1) - actions.drafts.KEPT).count() == 0
    forget = actions.forget_old_drafts.func
    forget(timestamp=int((now + timedelta(days=29)).timestamp()))
    assert given(client)["fields"] == WORDS
    forget(timestamp=int((now + timedelta(days=31)).timestamp()))
    assert given(client) == {}


@pytest.mark.parametrize("fields", ["", "{", "[]", '{"a": "b"}', '{"a": [1]}', '{"a": ["\\u0000"]}', '{"a": ["\\ud800"]}', "[" * 9999, "null",
                                    json.dumps({str(n): ["x"] for n in range(300)}), json.dumps({"a" * 200: ["x"]}), json.dumps({"a": ["x" * 200_000]})])  # fmt: skip
def test_what_is_no_draft_is_refused(fields):
    client = browser()
    assert client.post("/drafts/", {"place": PLACE, "fields": fields}).status_code == 400
    assert given(client) == {}


@pytest.mark.parametrize("place", ["", "x", "//evil.example/", "/" + "a" * 400, "/\x00"])
def test_a_place_that_is_no_page_of_ours_is_refused(place):
    assert keep(browser(), place=place).status_code == 400


def test_the_oldest_give_way():
    client = browser()
    for number in range(actions.drafts.MOST + 3):
        keep(client, place=f"/x/{number}")
    assert given(client, "/x/0") == {}
    assert given(client, "/x/52")["fields"] == WORDS
