"""Refusals and looks are written whatever became of the page, and a page that cannot be noted is not shown."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path
from tests.contracts.routes import sign_in
from tests.logbook import events

from espalier.access.registry import viewer_of
from espalier.audit import middleware
from espalier.audit.models import Address
from espalier.audit.reading import looked
from espalier.common.errors import UnableTo
from espalier.config.urls import handler403, handler404, handler500
from espalier.config.urls import urlpatterns as whole

SECRET = "what the record says"
__all__ = ["handler403", "handler404", "handler500"]


def record_page(request, person):
    looked(request, object_kind="staff-record", object_id=str(person), person_id=person)
    return HttpResponse(SECRET)


def record_stream(request, person):
    def body():
        yield b"head "
        looked(request, object_kind="staff-record", object_id=str(person), person_id=person)
        yield SECRET.encode()

    return StreamingHttpResponse(body())


def record_then_breaks(request, person):
    looked(request, object_kind="staff-record", object_id=str(person), person_id=person)
    raise UnableTo("It cannot be shown.")


def fails_to_sign_in(request):
    user_login_failed.send(sender=__name__, credentials={"username": request.GET["who"]}, request=request)
    return HttpResponse("no")


urlpatterns = [
    path("test-record/<int:person>/", record_page, name="test-record"),
    path("test-stream/<int:person>/", record_stream),
    path("test-breaks/<int:person>/", record_then_breaks),
    path("test-failing/", fails_to_sign_in),
    *whole,
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def who(name):
    return viewer_of(get_user_model().objects.get(username=name))


def client_of(name):
    client = Client(raise_request_exception=False)
    sign_in(client, name)
    return client


def test_a_look_says_who_at_whose_record_as_what_and_from_which_page():
    nurse, lead = who("demo-nurse"), who("demo-people")
    assert client_of("demo-people").get(f"/test-record/{nurse.person_id}/").content.decode() == SECRET
    (event,) = events(verb="look")
    assert (event.account_id, event.about_id, event.object_kind, event.way, event.place) == (
        lead.account_id, nurse.person_id, "staff-record", "page", "test-record",
    )  # fmt: skip
    assert event.owner_id == next(held.unit_id for held in lead.grants if held.role == "people-data-lead")
    assert "people-data-lead" in event.detail["roles"]
    assert SECRET not in str(event.detail)


def test_a_look_is_written_also_when_its_page_fails_afterwards():
    assert client_of("demo-people").get(f"/test-breaks/{who('demo-nurse').person_id}/").status_code == 400
    assert len(events(verb="look")) == 1


@pytest.mark.parametrize("page", ["test-record", "test-breaks"])
def test_what_cannot_be_noted_is_not_shown(monkeypatch, page):
    client = client_of("demo-people")

    def breaks(**_):
        raise OSError("the disk is full")

    monkeypatch.setattr(middleware, "record", breaks)
    answer = client.get(f"/{page}/{who('demo-nurse').person_id}/")
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode()


def test_what_a_stream_shows_is_noted_before_it_leaves(monkeypatch):
    nurse, client = who("demo-nurse"), client_of("demo-people")
    assert b"".join(client.get(f"/test-stream/{nurse.person_id}/")).decode() == f"head {SECRET}"
    assert [event.about_id for event in events(verb="look")] == [nurse.person_id]

    def breaks(**_):
        raise OSError("the disk is full")

    monkeypatch.setattr(middleware, "record", breaks)
    sent = []
    with pytest.raises(OSError, match="full"):
        sent.extend(client.get(f"/test-stream/{nurse.person_id}/"))
    assert SECRET.encode() not in b"".join(sent)


@pytest.mark.parametrize(("path", "status", "named"), [
    ("/measures/team-falls/DEMO-WARD-7/enter/?why=a+secret+text", 403, "team-falls DEMO-WARD-7"),
    ("/measures/team-falls/NOSUCH/?why=a+secret+text", 404, "team-falls NOSUCH"),
    ("/admin-tools/audit/?who=a+secret+text", 403, "-"),
])  # fmt: skip
def test_a_refusal_says_who_which_page_and_which_thing_and_no_text(path, status, named):
    drew = who("demo-care")
    assert client_of("demo-care").get(path).status_code == status
    (event,) = events(verb="refused")
    assert (event.account_id, event.object_kind, event.object_id, event.detail) == (drew.account_id, "page", named, {"answer": status})
    assert event.place.startswith(("measures:", "site:"))
    assert "secret" not in f"{event.detail} {event.object_id} {event.place}"
    assert Address.objects.filter(event_id=event.pk).count() == 0, "who was refused may not read their own address there"


def test_a_refusal_belongs_to_the_organisation_at_whose_door_it_was():
    client_of("demo-care").get("/measures/team-falls/DEMO-WARD-7/enter/")
    (event,) = events(verb="refused")
    assert event.owner_id == next(held.unit_id for held in who("demo-auditor").grants if held.role == "auditor")


def test_free_text_in_an_address_is_not_written():
    client_of("demo-care").get("/units/Mrs%20Smith's%20illness/")
    (event,) = events(verb="refused")
    assert event.object_id == "…"


def test_a_form_that_is_refused_leaves_none_of_its_words():
    client_of("demo-care").post("/measures/team-falls/DEMO-WARD-7/enter/", {"why": "a secret text"})
    (event,) = events(verb="refused")
    assert "secret" not in str(event.__dict__)


def test_visitors_and_addresses_that_do_not_exist_leave_nothing():
    Client().get("/measures/team-falls/DEMO-WARD-7/enter/")
    client_of("demo-nurse").get("/no/such/page/")
    assert events(verb="refused") == []


def test_a_failed_sign_in_names_the_account_and_never_what_was_typed():
    nurse = who("demo-nurse")
    Client().get("/test-failing/?who=demo-nurse")
    Client().get("/test-failing/?who=MyPassword1")
    first, second = events(verb="sign-in-failed")
    assert {first.object_id, second.object_id} == {str(nurse.account_id), "unknown"}
    assert "MyPassword1" not in str([event.__dict__ for event in (first, second)])
