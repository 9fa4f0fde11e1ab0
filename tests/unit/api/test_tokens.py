"""A token acts for its person, with less than the person may do, until it is stopped or its day comes."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from tests.logbook import events
from tests.unit.api.calling import ENTER, READ, batch, new_token, viewer

from espalier.access import tokens
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.models import Token
from espalier.measures.models import Measure, Point, Series
from espalier.organisations.models import Assignment, Grant, Unit

pytestmark = pytest.mark.django_db
FIGURE = ("team-medicine-errors", "DEMO-WARD-7", "2012-01", 3)
OTHER = ("team-medicine-errors", "DEMO-WARD-12", "2012-01", 3)


def owned_series(unit, value):
    """A series that only the unit's own people see."""
    with acting_as(viewer("demo-analyst")):
        owner = Unit.objects.get(code=unit)
        series = Series.objects.create(measure=Measure.objects.get(code="team-joy"), unit=owner, owner=owner, stratum="night staff")
        Point.objects.create(series=series, period_on="2019-01-01", numerator=value, denominator=1, value=value)


def strata(answer):
    return {(one["unit"], one["stratum"]) for one in answer.json()["series"] if one["stratum"]}


def test_what_is_stored_does_not_open_anything():
    made = new_token()
    with acting_as(viewer("demo-leader")):
        stored = Token.objects.values().get(pk=made.pk)
    assert stored["digest"] == hashlib.sha256(made.secret.encode()).hexdigest()
    assert made.secret not in str(stored)
    assert made.secret.startswith(stored["prefix"]) and len(stored["prefix"]) == 10
    assert len(made.secret) >= 4 + 43  # 256 bits as base64


def test_secrets_differ():
    assert len({tokens.new_secret() for _ in range(100)}) == 100


@pytest.mark.parametrize("bad", ["esp_nobody", "x" * 50, "", "esp_" + "ä" * 10, "esp_" + "x" * 5000])
def test_a_token_nobody_made_is_refused(call, bad):
    answer = call("units", authorization=f"Bearer {bad}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "token"


@pytest.mark.parametrize("header", ["Basic ZGVtbzpkZW1v", "Bearer", "", "esp_x"])
def test_a_header_that_is_no_bearer_token_is_refused_and_not_passed_over(call, header):
    assert call("units", authorization=header).status_code == 401


def test_a_stopped_token_is_refused_at_once(call):
    made = new_token()
    assert call("units", made.secret).status_code == 200
    with acting_as(viewer("demo-leader")) as actor:
        tokens.stop(actor=actor, at=datetime.now(UTC), pk=made.pk)
    answer = call("units", made.secret)
    assert answer.status_code == 401
    assert "was stopped" in answer.json()["what"]


def test_a_token_ends_on_its_day(call):
    made = new_token(made=datetime.now(UTC) - timedelta(days=31))
    answer = call("units", made.secret)
    assert answer.status_code == 401
    assert "come to its end" in answer.json()["what"]


def test_a_person_who_left_leaves_no_token_working(call):
    made = new_token("demo-nurse")
    get_user_model().objects.filter(username="demo-nurse").update(is_active=False)
    assert call("units", made.secret).status_code == 401


def test_a_person_who_has_lost_the_right_to_one_leaves_no_token_working(call):
    made = new_token("demo-care")
    assert call("units", made.secret).status_code == 200
    with acting_as(system_viewer()):
        for kind in (Grant, Assignment):
            kind.objects.filter(person__account__username="demo-care").delete()
    answer = call("units", made.secret)
    assert answer.status_code == 401
    assert f"This token ({made.secret[:10]}…) works no longer." in answer.json()["what"]


def test_a_year_is_the_longest():
    with pytest.raises(tokens.UnableToMakeToken, match="a year at most"):
        new_token(lasts=timedelta(days=367))
    new_token(lasts=timedelta(days=366))


def test_too_many_tokens_are_refused(monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 2)
    new_token(), new_token()
    with pytest.raises(tokens.UnableToMakeToken, match="2 tokens that work"):
        new_token()


def test_a_reader_token_does_not_write_and_a_writer_token_does_not_read(call):
    reader, writer = new_token(scopes=[READ]).secret, new_token(scopes=[ENTER]).secret
    refused = call("points", reader, body=batch(FIGURE))
    assert (refused.status_code, refused.json()["code"]) == (403, "scope")
    assert call("points", writer, body=batch(FIGURE)).status_code == 201
    for path in ("units", "units/RR8", "measures", "measures/team-falls", "series", "series/team-falls/DEMO-WARD-7", "points"):
        assert (path, call(path, writer).status_code) == (path, 403)
        assert (path, call(path, reader).status_code) == (path, 200)


def test_a_reader_token_carries_no_role_at_all():
    made = new_token(scopes=[READ])
    recognised = tokens.recognise(made.secret, at=datetime.now(UTC))
    assert recognised.viewer.grants == ()
    assert tokens.recognise(new_token().secret, at=datetime.now(UTC)).viewer.grants != ()


def test_a_cookie_counts_for_nothing(client):
    """Else a page of somebody else could send figures as whoever has Espalier open."""
    client.force_login(get_user_model().objects.get(username="demo-leader"), backend="django.contrib.auth.backends.ModelBackend")
    owned_series("DEMO-WARD-7", 5)
    assert strata(client.get("/api/v1/series?measure=team-joy")) == set()
    answer = client.post("/api/v1/points", batch(FIGURE), content_type="application/json", headers={"idempotency-key": "k"})
    assert answer.status_code == 401


def test_a_token_sees_what_its_person_sees(call):
    owned_series("DEMO-WARD-7", 5)
    owned_series("DEMO-WARD-12", 6)
    ask = "series?measure=team-joy"
    assert strata(call(ask)) == set()
    assert strata(call(ask, new_token("demo-leader").secret)) == {("DEMO-WARD-7", "night staff")}
    both = {("DEMO-WARD-7", "night staff"), ("DEMO-WARD-12", "night staff")}
    assert strata(call(ask, new_token("demo-analyst").secret)) == both


def test_a_token_for_one_place_sees_and_changes_nothing_beside_it(call):
    owned_series("DEMO-WARD-7", 5)
    owned_series("DEMO-WARD-12", 6)
    narrow = new_token("demo-analyst", unit="DEMO-WARD-12").secret
    assert strata(call("series?measure=team-joy", narrow)) == {("DEMO-WARD-12", "night staff")}
    values = {one["value"] for one in call("points?measure=team-joy&stratum=night staff", narrow).json()["points"]}
    assert values == {6}
    assert call("points", narrow, body=batch(OTHER)).status_code == 201
    refused = call("points", narrow, body=batch(FIGURE))
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")


def test_a_token_for_a_place_where_one_holds_nothing_gives_nothing(call):
    """The ward leader of ward 7 makes one for the whole hospital: no role of theirs reaches up there."""
    up = new_token("demo-leader", unit="DEMO-TRUST").secret
    assert call("points", up, body=batch(FIGURE)).status_code == 201  # ward 7 lies below it, and the role is held there
    assert call("points", up, body=batch(OTHER)).status_code == 403
    elsewhere = new_token("demo-leader", unit="DEMO-CARE").secret
    assert call("points", elsewhere, body=batch(FIGURE)).status_code == 403


def test_use_is_written_down_once_a_minute():
    made = new_token()
    start = datetime.now(UTC)

    def used(after):
        tokens.recognise(made.secret, at=start + timedelta(seconds=after))
        with acting_as(viewer("demo-leader")):
            return Token.objects.get(pk=made.pk).used_at

    first = used(0)
    assert first == start
    assert used(59) == first
    assert used(61) == start + timedelta(seconds=61)


# ---- The page ---------------------------------------------------------------------------------------


@pytest.fixture
def leader(client):
    client.force_login(get_user_model().objects.get(username="demo-leader"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def secret_on(page):
    return page.content.decode().split('esp-secret">')[1].split("<")[0]


def test_the_page_shows_a_token_once_and_it_works(leader, call):
    page = leader.post("/tokens/", {"name": "monthly script", "scopes": ["read", "enter"], "where": "", "days": "90"})
    secret = secret_on(page)
    assert page["Cache-Control"].startswith("max-age=0") and "no-store" in page["Cache-Control"]
    assert secret not in leader.get("/tokens/").content.decode()
    assert "monthly script" in leader.get("/tokens/").content.decode()
    assert call("points", secret, body=batch(FIGURE)).status_code == 201


def test_making_and_stopping_leave_events_without_the_secret(leader):
    secret = secret_on(leader.post("/tokens/", {"name": "x", "scopes": ["read"], "days": "30"}))
    pk = events(verb="make", object_kind="token")[-1].object_id
    assert leader.post(f"/tokens/{pk}/stop/").status_code == 302
    kept = events(object_kind="token", object_id=pk)
    assert {event.verb for event in kept} == {"make", "stop"}
    assert not any(secret in str(event.detail) or hashlib.sha256(secret.encode()).hexdigest() in str(event.detail) for event in kept)
    assert "Stopped on" in leader.get("/tokens/").content.decode()


def test_nobody_sees_or_stops_anothers_token(leader):
    made = new_token("demo-nurse")
    assert made.secret[:10] not in leader.get("/tokens/").content.decode()
    assert leader.post(f"/tokens/{made.pk}/stop/").status_code == 404
    with acting_as(viewer("demo-leader")):
        assert not Token.objects.filter(pk=made.pk).exists()  # the database says so too
    with acting_as(viewer("demo-nurse")):
        assert Token.objects.get(pk=made.pk).stopped_at is None


@pytest.mark.parametrize("wrong", [{"scopes": []}, {"name": ""}, {"days": "9999"}, {"where": "1"}, {"scopes": ["admin"]}])
def test_what_cannot_be_is_said_on_the_page(leader, wrong):
    page = leader.post("/tokens/", {"name": "x", "scopes": ["read"], "where": "", "days": "30"} | wrong)
    assert page.status_code == 422
    assert "esp-secret" not in page.content.decode()


def test_the_database_answers_for_one_token_only():
    """Who does not hold a token learns nothing from the function that recognises one."""
    new_token()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_recognise(%s, now())", ["%"])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('app.viewer', '', true)")
        cursor.execute("SELECT count(*) FROM access_token")
        assert cursor.fetchone() == (0,)


def test_who_has_no_right_to_read_by_program_makes_no_token(client):
    client.force_login(get_user_model().objects.get(username="demo-partner"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/tokens/")
    assert page.status_code == 200
    assert "you need the role of team member" in page.content.decode()
    assert 'name="scopes"' not in page.content.decode()
    answer = client.post("/tokens/", {"name": "Mine", "scopes": ["read"], "where": "", "days": "30"})
    assert answer.status_code == 403
    assert "you need the role of team member" in answer.content.decode()
    bo, at = viewer("demo-partner"), datetime.now(UTC)
    with acting_as(bo), pytest.raises(tokens.UnableToMakeToken, match="team member"):
        tokens.make(
            actor=bo, at=at, name="x", scopes=frozenset({READ}), expires_at=at + timedelta(days=1), unit_id=None, secret=tokens.new_secret()
        )
    assert not Token.objects.filter(account_id=bo.account_id).exists()
