"""Complaints: anybody sends one, gets a receipt at once, and it cannot be forgotten or read by the wrong people."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.roles import all_roles
from espalier.access.viewer import VISITOR
from espalier.audit.models import Event
from espalier.common.errors import NotFoundHere
from espalier.organisations import actions
from espalier.organisations import queries as organisations
from espalier.organisations import queries as places
from espalier.organisations.models import Complaint, Grant, Person, Unit
from espalier.organisations.queries import complaints as queries
from espalier.organisations.rules.receipts import mark_of, tidy_number, words_of
from espalier.site.views import complaints as pages

AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
SAID = "My old manager still sees my hours."


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    """Each test begins with nobody having asked."""
    from espalier.access.limits import Limit

    monkeypatch.setattr(pages, "SENDING", Limit(3))
    monkeypatch.setattr(pages, "LOOKING", Limit(10))


def viewer(name):
    return viewer_of(get_user_model().objects.get(username=name))


def sent(who=VISITOR, place="DEMO-TRUST", email=""):
    with acting_as(who):
        owner = places.unit(viewer=who, code=place).pk if place else None
        return actions.send_complaint(actor=who, at=AT, words=SAID, owner_id=owner, name="", email=email, chance=Random(7))  # noqa: S311  a test


def seen_by(who):
    with acting_as(who):
        return {one.words for one in queries.complaints(viewer=who)}, Complaint.objects.count()


# ---- Sending ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_visitor_sends_one_without_an_address_and_finds_it_again(client):
    page = client.post("/complaints/", {"words": SAID, "organisation": "demo-trust"})
    assert page.status_code == 200
    html = page.content.decode()
    number = html.split("Number: <strong")[1].split(">")[1].split("<")[0]
    words = html.split("Words: <strong")[1].split(">")[1].split("<")[0]
    assert len(words.split()) == 5
    again = client.post("/complaints/receipt/", {"number": number.lower().replace("-", ""), "words": words.upper()}).content.decode()
    assert SAID in again
    assert "Not yet" in again
    wrong = client.post("/complaints/receipt/", {"number": number, "words": "acorn acorn acorn acorn acorn"})
    assert (wrong.status_code, SAID in wrong.content.decode()) == (422, False)


@pytest.mark.django_db
def test_the_words_of_a_receipt_are_kept_nowhere():
    made = sent()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.viewer', %s, true)", [str(system_viewer().account_id)])
        cursor.execute("SELECT c::text FROM organisations_complaint c")
        rows = " ".join(row for (row,) in cursor.fetchall())
    assert made.number in rows
    assert made.words not in rows
    assert Event.objects.filter(verb="complain", object_id=made.number, account_id=None).count() == 1
    assert not Event.objects.filter(detail__icontains=made.words).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("posted", "said"), [
    ({"words": ""}, "Say what happened"),
    ({"words": "No."}, "Say a little more"),
    ({"words": "x" * 5001}, "5,000 characters or fewer"),
    ({"words": SAID, "email": "nobody"}, "correct format"),
    ({"words": SAID, "organisation": "Qqqzzz"}, "We know no such organisation"),
])  # fmt: skip
def test_what_is_not_complete_is_said_and_nothing_is_kept(client, posted, said):
    page = client.post("/complaints/", posted)
    assert page.status_code == 422
    assert said in page.content.decode()
    with acting_as(system_viewer()):
        assert Complaint.objects.count() == 0


@pytest.mark.django_db
def test_the_fourth_in_a_minute_waits_and_a_program_is_passed_over(client, settings):
    for _ in range(3):
        assert client.post("/complaints/", {"words": SAID}).status_code == 200
    assert client.post("/complaints/", {"words": SAID}).status_code == 403
    pages.SENDING._asked.clear()
    client.post("/complaints/", {"words": "Buy watches, cheap watches", "website": "http://spam.example"})
    with acting_as(system_viewer()):
        assert Complaint.objects.count() == 3


# ---- Who sees it ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_who_answers_for_that_organisation_sees_it():
    sent()
    assert seen_by(viewer("demo-admin")) == ({SAID}, 1)
    for name in ("demo-nurse", "demo-leader", "demo-people", "demo-auditor", "demo-system", "demo-care", "demo-partner"):
        assert seen_by(viewer(name)) == (set(), 0)
    assert seen_by(VISITOR) == (set(), 0)


@pytest.mark.django_db
def test_who_sent_it_signed_in_sees_it_and_cannot_change_it():
    nurse = viewer("demo-nurse")
    sent(nurse)
    with acting_as(nurse):
        assert [one.words for one in queries.own_complaints(viewer=nurse)] == [SAID]
        assert Complaint.objects.update(words="changed") == 0


@pytest.mark.django_db
def test_one_that_names_nobody_is_answered_at_the_top_only():
    sent(place="")
    assert seen_by(viewer("demo-admin")) == (set(), 0)
    with acting_as(system_viewer()):
        person = Person.objects.get(name__startswith="Robin")
        Grant.objects.create(person=person, unit=Unit.objects.get(code="DEMO"), role="administrator", since=AT.date())
    robin = viewer("demo-system")
    assert seen_by(robin) == ({SAID}, 1)
    with acting_as(robin):
        (found,) = queries.complaints(viewer=robin)
        actions.answer_complaint(actor=robin, at=AT, pk=found.pk, answer="It was put right.")


@pytest.mark.django_db
def test_the_roles_in_the_database_are_those_of_the_file():
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname IN ('organisations_answering', 'organisations_answerers')")
        sources = [source for (source,) in cursor.fetchall()]
    named = ", ".join(f"'{role}'" for role in sorted(all_roles().with_right("complaints.answer")))
    assert len(sources) == 2
    assert all(f"ARRAY[{named}]" in source for source in sources)


# ---- Answering, and not forgetting ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_is_acknowledged_and_answered_once(client):
    sent(email="anna@example.org")
    ash = viewer("demo-admin")
    client.force_login(get_user_model().objects.get(username="demo-admin"), backend="django.contrib.auth.backends.ModelBackend")
    with acting_as(ash):
        (found,) = queries.complaints(viewer=ash)
    assert SAID in client.get(found.href).content.decode()
    assert client.post(found.href, {"do": "acknowledge"}).status_code == 302
    assert client.post(found.href, {"answer": ""}).status_code == 422
    assert client.post(found.href, {"answer": "Her access has ended today."}).status_code == 302
    with acting_as(ash):
        answered = queries.complaint(viewer=ash, pk=found.pk)
        assert (answered.answer, answered.acknowledged_at is not None) == ("Her access has ended today.", True)
        with pytest.raises(actions.UnableToAnswer, match="already"):
            actions.answer_complaint(actor=ash, at=AT, pk=found.pk, answer="No.")
    assert [letter.to for letter in mail.outbox] == [["anna@example.org"], ["anna@example.org"]]
    assert not any(SAID in letter.body or "access has ended" in letter.body for letter in mail.outbox)


@pytest.mark.django_db
def test_another_organisation_cannot_open_or_answer_it():
    sent(place="DEMO-CARE")
    with acting_as(system_viewer()):
        pk = Complaint.objects.values_list("pk", flat=True).get()
    ash = viewer("demo-admin")
    with acting_as(ash):
        with pytest.raises(NotFoundHere):
            queries.complaint(viewer=ash, pk=pk)
        with pytest.raises(NotFoundHere):
            actions.answer_complaint(actor=ash, at=AT, pk=pk, answer="Not mine.")


@pytest.mark.django_db
def test_day_20_alerts_once_and_day_30_is_late():
    sent()
    get_user_model().objects.filter(username="demo-admin").update(email="ash@example.org")
    house, ash = system_viewer(), viewer("demo-admin")

    def reminded(days):
        with acting_as(house):
            return actions.remind_of_complaints(actor=house, at=AT + timedelta(days=days))

    assert [reminded(19), reminded(20), reminded(21)] == [0, 1, 0]
    assert [letter.to for letter in mail.outbox] == [["ash@example.org"]]
    with acting_as(ash):
        (one,) = queries.complaints(viewer=ash)
        (todo,) = organisations.due(viewer=ash, at=AT)
    assert [one.is_pressing(AT + timedelta(days=n)) for n in (19, 20)] == [False, True]
    assert [one.is_late(AT + timedelta(days=n, minutes=1)) for n in (29, 30)] == [False, True]
    assert (todo.href, todo.overdue(AT.date() + timedelta(days=30)), todo.overdue(AT.date() + timedelta(days=31))) == (
        "/admin-tools/complaints/",
        False,
        True,
    )
    with acting_as(viewer("demo-nurse")):
        assert organisations.due(viewer=viewer("demo-nurse"), at=AT) == ()


def test_receipts_are_read_as_people_type_them(settings):
    assert len(set(words_of(settings.CONTENT_DIR))) == 256
    assert tidy_number("c-7kq4 xw2m") == "C-7KQ4-XW2M"
    assert mark_of("Acorn  lemon,river kite moon") == mark_of("acorn lemon river kite moon") != mark_of("acorn lemon river kite")
