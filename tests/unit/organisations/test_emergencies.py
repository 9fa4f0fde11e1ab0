"""Emergency access opens nothing without a second person, ends within the hour, and only reads (T-49)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.contracts.routes import ROUTES, sign_in
from tests.logbook import events

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as, door_of_account
from espalier.access.emergencies import STILL, read_at
from espalier.access.registry import viewer_of
from espalier.common.errors import UnableTo
from espalier.organisations import actions
from espalier.organisations.actions.emergencies import tell_organisation, to_tell
from espalier.organisations.models import Assignment, Emergency, Grant, Unit
from espalier.organisations.queries import due, emergency_page, unit

WHY = "Figures of two wards were mixed up tonight."
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def now():
    return datetime.now(UTC)


def who(name):
    return viewer_of(get_user_model().objects.get(username=name))


def with_role(name, role, code):
    with acting_as(system_viewer()):
        Grant.objects.create(person_id=who(name).person_id, unit=Unit.objects.get(code=code), role=role, since=date(2020, 1, 1))
    return who(name)


@pytest.fixture
def robin():
    """Looks after the system above the hospital, and is nobody inside it."""
    return with_role("demo-system", "administrator", "DEMO")


@pytest.fixture
def trust():
    return unit(viewer=who("demo-nurse"), code="DEMO-TRUST")


def asked(viewer, place, at=None):
    with acting_as(viewer):
        return actions.ask_emergency(actor=viewer, at=at or now(), unit=place, reason=WHY)


def agreed(viewer, pk, at=None):
    with acting_as(viewer):
        actions.approve_emergency(actor=viewer, at=at or now(), pk=pk)


def posts_seen(viewer):
    """How many posts at the hospital the database shows."""
    with acting_as(viewer):
        return Assignment.objects.filter(unit__code__in=["DEMO-TRUST", "DEMO-WARD-7"]).count()


def test_asking_opens_nothing(robin, trust):
    asked(robin, trust)
    assert read_at(who("demo-system")) == frozenset()
    assert posts_seen(who("demo-system")) == 0


def test_it_opens_when_somebody_there_agrees_and_for_an_hour(robin, trust):
    pk = asked(robin, trust)
    agreed(who("demo-admin"), pk)
    opened = who("demo-system")
    assert read_at(opened) == {trust.pk}
    assert posts_seen(opened) > 3
    assert posts_seen(robin) == 0, "a viewer made before knows nothing of it"
    with acting_as(opened):
        found = Emergency.objects.get(pk=pk)
    assert found.until - found.approved_at == timedelta(minutes=60)


@pytest.mark.parametrize(("minutes", "open_still"), [(59, True), (61, False)])
def test_it_is_over_by_itself_after_an_hour(robin, trust, minutes, open_still):
    """The clock is moved: it is agreed to so many minutes ago."""
    pk = asked(robin, trust, at=now() - (minutes + 1) * MINUTE)
    agreed(who("demo-admin"), pk, at=now() - minutes * MINUTE)
    assert bool(read_at(who("demo-system"))) is open_still
    assert (posts_seen(who("demo-system")) > 3) is open_still


def test_nobody_agrees_to_their_own(trust):
    ash = who("demo-admin")
    pk = asked(ash, trust)
    with pytest.raises(UnableTo, match="yourself"):
        agreed(ash, pk)
    with acting_as(ash), pytest.raises(DatabaseError, match="not_ones_own"), transaction.atomic():
        Emergency.objects.filter(pk=pk).update(approved_by_id=ash.account_id, approved_at=now(), until=now() + MINUTE)


@pytest.mark.parametrize("name", ["demo-leader", "demo-improver", "demo-auditor", "demo-care", "demo-people"])
def test_who_may_not_agree(robin, trust, name):
    pk = asked(robin, trust)
    with pytest.raises(UnableTo):
        agreed(who(name), pk)
    assert read_at(who("demo-system")) == frozenset()


def test_who_looks_after_another_organisation_may_not_agree(robin, trust):
    pk = asked(robin, trust)
    with pytest.raises(UnableTo):
        agreed(with_role("demo-care", "administrator", "DEMO-CARE"), pk)


@pytest.mark.parametrize("name", ["demo-nurse", "demo-improver", "demo-auditor", "demo-care"])
def test_who_may_not_ask(trust, name):
    with pytest.raises(UnableTo):
        asked(who(name), trust)


@pytest.mark.parametrize("reason", ["", "urgent", "x" * 19, "a" + " " * 40 + "b"])
def test_a_reason_is_needed(robin, trust, reason):
    with acting_as(robin), pytest.raises(UnableTo, match="Say why"):
        actions.ask_emergency(actor=robin, at=now(), unit=trust, reason=reason)


def test_it_can_be_ended_early_by_either(robin, trust):
    for ends in ("demo-system", "demo-admin"):
        pk = asked(robin, trust)
        agreed(who("demo-admin"), pk)
        with acting_as(who(ends)) as viewer:
            actions.end_emergency(actor=viewer, at=now(), pk=pk)
        assert posts_seen(who("demo-system")) == 0
        with pytest.raises(UnableTo):
            agreed(who("demo-admin"), pk)


def test_what_nobody_answered_within_a_day_cannot_be_agreed_to(robin, trust):
    pk = asked(robin, trust, at=now() - timedelta(hours=25))
    with pytest.raises(UnableTo, match="within a day"):
        agreed(who("demo-admin"), pk)


@pytest.mark.parametrize("change", [
    "until = until + interval '1 minute'", "until = now() + interval '2 hours', approved_at = now() + interval '1 hour'", "reason = repeat('x', 30)",
    "account_id = 1", "owner_id = 1",
])  # fmt: skip
def test_what_was_agreed_to_is_not_stretched(robin, trust, change):
    pk = asked(robin, trust)
    agreed(who("demo-admin"), pk)
    with acting_as(who("demo-admin")), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE organisations_emergency SET {change} WHERE id = %s", [pk])


def test_more_than_an_hour_is_refused_by_the_database(robin, trust):
    pk = asked(robin, trust)
    with acting_as(who("demo-admin")) as ash, pytest.raises(DatabaseError, match="an_hour"), transaction.atomic():
        Emergency.objects.filter(pk=pk).update(approved_by_id=ash.account_id, approved_at=now(), until=now() + 61 * MINUTE)


def test_nobody_can_be_given_the_role(trust):
    with acting_as(system_viewer()), pytest.raises(DatabaseError, match="no_emergency"), transaction.atomic():
        Grant.objects.create(person_id=who("demo-nurse").person_id, unit_id=trust.pk, role="emergency-reader", since=date(2020, 1, 1))


def client_in_emergency(robin, trust):
    pk = asked(robin, trust)
    agreed(who("demo-admin"), pk)
    client = Client(raise_request_exception=False)
    sign_in(client, "demo-system")
    return client, pk


def test_every_page_read_under_it_is_noted_for_the_organisation(robin, trust):
    client, _ = client_in_emergency(robin, trust)
    assert client.get("/units/DEMO-WARD-7/").status_code == 200
    (event,) = events(verb="look-in-emergency")
    assert (event.owner_id, event.account_id, event.object_id, event.place) == (trust.pk, robin.account_id, "DEMO-WARD-7", "site:unit")


def test_nothing_can_be_changed_while_it_runs(robin, trust):
    client, pk = client_in_emergency(robin, trust)
    paths = {route.example for route in ROUTES.values() if not route.example.startswith(STILL) and not route.example.startswith("/api/")}
    for path in sorted(paths):
        assert client.post(path, {"x": "y"}).status_code == 403, path
    assert client.post("/admin-tools/emergency/", {"do": "end", "which": str(pk)}).status_code == 302
    assert client.post("/measures/changes/seen/").status_code != 403


def test_jobs_and_programs_do_not_have_it(robin, trust):
    pk = asked(robin, trust)
    agreed(who("demo-admin"), pk)
    with door_of_account(robin.account_id) as viewer:
        assert read_at(viewer) == frozenset()
        assert Assignment.objects.filter(unit__code="DEMO-WARD-7").count() == 0


def test_those_who_may_agree_are_told_at_once(robin, trust):
    assert to_tell(trust.pk) == (who("demo-admin").account_id,)
    ash = who("demo-admin")
    get_user_model().objects.filter(pk=ash.account_id).update(email="ash@example.org")
    pk = asked(robin, trust)
    with acting_as(ash):
        (one,) = due(viewer=ash, at=now())
    assert (one.do, one.href, one.what) == ("Answer", "/admin-tools/emergency/", "Emergency access is asked for")
    tell_organisation.func(account_id=robin.account_id, organisation=trust.pk, what="ask", name=robin.name)
    assert mail.outbox[0].to == ["ash@example.org"]
    assert WHY not in mail.outbox[0].body
    agreed(ash, pk)
    with acting_as(ash):
        assert [one.do for one in due(viewer=ash, at=now())] == ["See it"]
        assert due(viewer=who("demo-nurse"), at=now()) == ()


def test_past_ones_stay_for_the_review(robin, trust):
    pk = asked(robin, trust)
    with acting_as(who("demo-admin")) as ash:
        actions.refuse_emergency(actor=ash, at=now(), pk=pk)
        page = emergency_page(viewer=ash, at=now())
    assert [(one.pk, one.state, one.reason) for one in page.past] == [(pk, "refused", WHY)]
    with acting_as(who("demo-care")) as drew:
        assert emergency_page(viewer=drew, at=now()).past == ()
    assert [event.verb for event in events(object_kind="emergency")] == ["emergency-ask", "emergency-refuse"]


def test_through_the_page(robin, trust):
    asks, answers = Client(), Client()
    sign_in(asks, "demo-system")
    sign_in(answers, "demo-admin")
    short = asks.post("/admin-tools/emergency/", {"do": "ask", "place": "DEMO-TRUST", "reason": "urgent"})
    assert (short.status_code, "You wrote 6" in short.content.decode()) == (422, True)
    assert asks.post("/admin-tools/emergency/", {"do": "ask", "place": "DEMO-TRUST", "reason": WHY}).status_code == 302
    with acting_as(system_viewer()):
        pk = Emergency.objects.get().pk
    assert WHY in answers.get("/admin-tools/emergency/").content.decode()
    assert asks.post("/admin-tools/emergency/", {"do": "approve", "which": str(pk)}).status_code == 422
    assert answers.post("/admin-tools/emergency/", {"do": "approve", "which": str(pk)}).status_code == 302
    assert "Running" in asks.get("/admin-tools/emergency/").content.decode()
    assert answers.post("/admin-tools/emergency/", {"do": "end", "which": "x"}).status_code == 404


