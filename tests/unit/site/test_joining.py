"""Coming in: five words, a question to an organisation, and what nobody gets by either."""

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.roles import all_roles
from espalier.organisations import actions, queries
from espalier.organisations.models import Assignment, Grant, Invitation, JoinRequest, Person
from espalier.organisations.queries.joining import digest_of, inviting_roles
from espalier.organisations.rules.joining import HOW_MANY, draw, normal, words_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
FIVE = "apple boat chair drum fern"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


def demo(name):
    client = Client()
    client.force_login(get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def made(client, role="team-member", unit="DEMO-WARD-7", **facts):
    page = client.post(f"/units/{unit}/invitations/", {"role": role, "uses": "1", "days": "14", "note": "", **facts})
    found = re.search(r'esp-invite__words data-name">([a-z ]+)<', page.content.decode())
    return found and found[1]


def comes(words, name="Sam Fern", username="sam.fern", pin="294817", client=None, way="pin"):
    client = client or Client()
    client.post("/join/words/", {"words": words})
    return client, client.post("/join/welcome/", {"name": name, "way": way, "username": username, "pin": pin, "pin_again": pin})


def joined(name="Alma Beech", email="alma@trust.example.org"):
    client = Client()
    client.post("/join/", {"name": name, "email": email})
    client.post("/sign-in/code/", {"code": re.search(r"^    (\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]})
    return client


def held(name):
    with acting_as(system_viewer()):
        one = Person.objects.get(name=name)
        roles = set(Grant.objects.filter(person=one).values_list("role", "unit__code"))
        return roles | set(Assignment.objects.filter(person=one).values_list("role_title", "unit__code"))


# ---- words -----------------------------------------------------------------------------------------


def test_the_words_are_enough_that_nobody_guesses_them():
    words = words_of(Path(settings.CONTENT_DIR))
    assert len(set(words)) == len(words)
    assert len(words) ** HOW_MANY >= 2**44
    assert all(re.fullmatch("[a-z]{2,10}", word) for word in words)


def test_words_are_read_however_they_were_typed():
    assert normal("  Apple - BOAT, chair.\n drum/fern ") == FIVE
    assert queries.invited(viewer=viewer_of(None), typed="", at=AT) is None


def test_words_are_not_stored():
    words = made(demo("demo-leader"))
    row = str(list(Invitation.objects.values()))
    with acting_as(system_viewer()):
        row = str(list(Invitation.objects.values()))
    assert words.split()[0] in row and words.split()[3] not in row.replace(words.split()[0], "")


# ---- coming in by words ----------------------------------------------------------------------------


def test_somebody_without_e_mail_comes_in_with_words_and_a_pin():
    words = made(demo("demo-leader"))
    client, answer = comes(words.upper().replace(" ", "-"))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert held("Sam Fern") == {("team-member", "DEMO-WARD-7")}
    assert "Team member" in client.get("/account/").content.decode()
    other = Client()
    assert other.post("/sign-in/pin/", {"username": "sam.fern", "pin": "294817"}).status_code == 302
    assert "Sam Fern" in other.get("/account/").content.decode()


def test_a_partner_comes_in_by_the_same_road_and_is_not_of_the_staff():
    comes(made(demo("demo-leader"), role="lived-experience-partner"))
    with acting_as(system_viewer()):
        assert Person.objects.get(name="Sam Fern").is_partner


def test_used_words_open_nothing():
    words = made(demo("demo-leader"))
    comes(words)
    page = Client().post("/join/words/", {"words": words})
    assert page.status_code == 422 and "not any more" in page.content.decode()


def test_words_for_several_people_count_each():
    words = made(demo("demo-leader"), uses="5")
    comes(words)
    comes(words, name="Tom", username="tom.elm")
    with acting_as(system_viewer()):
        assert Invitation.objects.order_by("-pk").values_list("uses", "uses_allowed").first() == (2, 5)
    assert held("Tom") == {("team-member", "DEMO-WARD-7")}


def test_who_holds_the_role_already_uses_nothing_up():
    words, client = made(demo("demo-leader"), uses="5"), None
    client, _ = comes(words)
    client.post("/join/words/", {"words": words})
    client.post("/join/welcome/")
    with acting_as(system_viewer()):
        assert Invitation.objects.order_by("-pk").values_list("uses", flat=True).first() == 1


def test_words_end_and_can_be_stopped():
    leader = demo("demo-leader")
    words = made(leader)
    with acting_as(system_viewer()):
        pk = Invitation.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert leader.post(f"/units/DEMO-WARD-7/invitations/{pk}/stop/").status_code == 302
    assert Client().post("/join/words/", {"words": words}).status_code == 422
    later = made(leader, days="7")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8)):
        assert Client().post("/join/words/", {"words": later}).status_code == 422


def test_words_of_somebody_whose_account_was_disabled_open_nothing():
    words = made(demo("demo-leader"))
    get_user_model().objects.filter(username="demo-leader").update(is_active=False)
    assert Client().post("/join/words/", {"words": words}).status_code == 422


def end_leadership_of_alex():
    admin = viewer_of(get_user_model().objects.get(username="demo-admin"))
    with acting_as(admin):
        ward = queries.unit(viewer=admin, code="DEMO-WARD-7")
        pk = Grant.objects.get(role="team-leader", unit_id=ward.pk, person__name__startswith="Alex").pk
        actions.end_role(actor=admin, at=datetime.now(UTC), unit=ward, grant_id=pk)


def test_words_of_somebody_who_may_no_longer_invite_open_nothing():
    words = made(demo("demo-leader"))
    assert Client().post("/join/words/", {"words": words}).status_code == 302
    end_leadership_of_alex()
    assert Client().post("/join/words/", {"words": words}).status_code == 422


def test_nobody_takes_an_ended_role_back_by_words_they_made():
    alex = demo("demo-leader")
    words = made(alex, role="team-leader")
    end_leadership_of_alex()
    alex.post("/join/words/", {"words": words})
    alex.post("/join/welcome/")
    viewer = viewer_of(get_user_model().objects.get(username="demo-leader"))
    assert not viewer.holds("team-leader")
    with acting_as(viewer), connection.cursor() as cursor:  # nor past the page, for the database looks for itself
        cursor.execute("SELECT * FROM organisations_accept(%s, %s, %s)", [digest_of(words), datetime.now(UTC), inviting_roles()])
        assert cursor.fetchall() == []


def test_nobody_takes_up_their_own_invitation():
    alex = demo("demo-leader")
    words = made(alex, role="analyst")
    page = alex.post("/join/words/", {"words": words})
    assert page.status_code == 422 and "made this invitation yourself" in page.content.decode()
    viewer = viewer_of(get_user_model().objects.get(username="demo-leader"))
    with acting_as(viewer):
        with pytest.raises(actions.UnableToJoin, match="yourself"):
            actions.accept_invitation(actor=viewer, at=datetime.now(UTC), typed=words)
        with connection.cursor() as cursor:
            asked = [digest_of(words), datetime.now(UTC), inviting_roles()]
            cursor.execute("SELECT * FROM organisations_accept(%s, %s, %s)", asked)
            assert cursor.fetchall() == []
    assert not viewer_of(get_user_model().objects.get(username="demo-leader")).holds("analyst")
    assert Client().post("/join/words/", {"words": words}).status_code == 302, "for everybody else they work"


def test_nobody_takes_themselves_in():
    alex = demo("demo-leader")
    alex.post("/join/organisation/?q=DEMO-WARD-7", {"unit": "DEMO-WARD-7"})
    with acting_as(system_viewer()):
        pk = JoinRequest.objects.order_by("-pk").values_list("pk", flat=True)[0]
    alex.post(f"/admin-tools/joining/{pk}/", {"do": "take_in", "unit": "DEMO-WARD-7", "role": "analyst", "title": ""})
    assert not viewer_of(get_user_model().objects.get(username="demo-leader")).holds("analyst")


def test_nobody_tries_words_without_end():
    answers = [Client().post("/join/words/", {"words": FIVE}).content.decode() for _ in range(11)]
    assert "Too many tries" not in answers[9] and "Too many tries" in answers[10]


def test_a_passkey_is_made_before_the_role_is_given():
    client, answer = comes(made(demo("demo-leader")), way="passkey")
    assert answer["Location"] == "/account/passkeys/add/?next=/join/welcome/"
    assert held("Sam Fern") == set(), "an account nobody can sign in to again holds nothing"
    page = client.post("/join/welcome/").content.decode()
    assert "a way to sign in again" in page and held("Sam Fern") == set()
    client.post("/account/pin/", {"pin": "294817", "pin_again": "294817"})
    client.post("/join/welcome/")
    assert held("Sam Fern") == {("team-member", "DEMO-WARD-7")}


def test_a_role_that_needs_a_second_step_takes_no_pin():
    words = made(demo("demo-admin"), role="administrator", unit="DEMO-TRUST")
    client = Client()
    client.post("/join/words/", {"words": words})
    page = client.get("/join/welcome/").content.decode()
    assert 'name="pin"' not in page and "needs a passkey" in page
    comes(words)
    with acting_as(system_viewer()):
        assert not Person.objects.filter(name="Sam Fern").exists()


def test_a_name_somebody_has_is_refused():
    comes(made(demo("demo-leader")))
    _, answer = comes(made(demo("demo-leader")), name="Other", username="SAM.fern")
    assert answer.status_code == 422 and "Choose another one" in answer.content.decode()


def test_of_twenty_who_bring_the_last_one_at_once_one_comes_in(own_database):
    """Really committed, in twenty connections: one statement counts the use."""
    at = datetime.now(UTC)
    with acting_as(system_viewer()) as house:
        unit = queries.unit(viewer=house, code="DEMO-WARD-7")
        actions.invite_from_command(actor=house, at=at, unit=unit, role="team-member", words=FIVE)
        people = []
        for number in range(20):
            account = get_user_model().objects.create_user(f"one-{number}")
            viewer = viewer_of(account)
            actions.add_myself(actor=viewer, at=at, name=f"One {number}")
            people.append(viewer_of(account))
    start, got = threading.Barrier(20), []

    def bring(viewer):
        try:
            start.wait()
            with acting_as(viewer):
                got.append(actions.accept_invitation(actor=viewer, at=at, typed=FIVE))
        except actions.UnableToJoin:
            got.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is None for one in got) == [False] + [True] * 19
    with acting_as(system_viewer()):
        assert Grant.objects.filter(person__name__startswith="One ").count() == 1


# ---- who may invite to what ------------------------------------------------------------------------


@pytest.mark.parametrize(("person", "unit", "may", "may_not"), [
    ("demo-leader", "DEMO-WARD-7", {"team-member", "team-leader", "lived-experience-partner"}, {"people-data-lead", "auditor", "administrator"}),
    ("demo-people", "DEMO-TRUST", {"team-member", "people-data-lead"}, {"team-leader", "administrator", "talent-lead"}),
    ("demo-admin", "DEMO-TRUST", {"team-member", "administrator", "auditor", "people-data-lead"}, {"talent-lead", "od-lead"}),
])  # fmt: skip
def test_nobody_gives_by_words_more_than_they_may_themselves(person, unit, may, may_not):
    client = demo(person)
    page = client.get(f"/units/{unit}/invitations/").content.decode()
    offered = set(re.findall(r'<option value="([a-z-]+)"', page))
    assert may <= offered and not may_not & offered
    for role in may_not:
        assert made(client, role=role, unit=unit) is None
    viewer = viewer_of(get_user_model().objects.get(username=person))
    with acting_as(viewer):
        where = queries.unit(viewer=viewer, code=unit)
        for role in may_not & all_roles().roles.keys():
            with pytest.raises(actions.UnableToJoin):
                actions.make_invitation(actor=viewer, at=AT, unit=where, role=role, words=FIVE)


@pytest.mark.parametrize(("person", "unit"), [("demo-nurse", "DEMO-WARD-7"), ("demo-leader", "DEMO-TRUST"), ("demo-leader", "DEMO-WARD-12"),
                                              ("demo-care", "DEMO-WARD-7"), ("demo-partner", "DEMO-WARD-7")])  # fmt: skip
def test_who_may_not_invite_there_is_refused(person, unit):
    assert demo(person).post(f"/units/{unit}/invitations/", {"role": "team-member", "uses": "1", "days": "1"}).status_code == 403


def test_nobody_gives_themselves_a_role_past_the_function():
    comes(made(demo("demo-leader")))
    viewer = viewer_of(get_user_model().objects.get(username="sam.fern"))
    with acting_as(viewer):
        trust = queries.unit(viewer=viewer, code="DEMO-CARE")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Grant.objects.create(person_id=viewer.person_id, role="administrator", unit_id=trust.pk, since=AT.date())


# ---- asking an organisation ------------------------------------------------------------------------


def test_somebody_asks_and_is_taken_in_with_a_post():
    alma = joined()
    assert alma.post("/join/organisation/?q=DEMO-WARD-7", {"unit": "DEMO-WARD-7", "message": "I am a nurse"}).status_code == 302
    leader = demo("demo-leader")
    with acting_as(system_viewer()):
        pk = JoinRequest.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert "Alma Beech" in leader.get("/admin-tools/joining/").content.decode()
    assert "alma@trust.example.org" in leader.get(f"/admin-tools/joining/{pk}/").content.decode()
    given = {"do": "take_in", "unit": "DEMO-WARD-7", "role": "team-member", "title": "Staff nurse"}
    assert leader.post(f"/admin-tools/joining/{pk}/", given).status_code == 302
    assert held("Alma Beech") == {("Staff nurse", "DEMO-WARD-7")}
    assert "you were taken in" in alma.get("/account/").content.decode()
    assert leader.post(f"/admin-tools/joining/{pk}/", given).status_code == 404, "once"


def test_somebody_who_is_declined_reads_why_and_holds_nothing():
    alma = joined()
    alma.post("/join/organisation/?q=DEMO-WARD-7", {"unit": "DEMO-WARD-7"})
    with acting_as(system_viewer()):
        pk = JoinRequest.objects.order_by("-pk").values_list("pk", flat=True)[0]
    demo("demo-leader").post(f"/admin-tools/joining/{pk}/", {"do": "decline", "why": "We do not know you"})
    assert "they said no: We do not know you" in alma.get("/account/").content.decode()
    assert held("Alma Beech") == set()


@pytest.mark.parametrize("person", ["demo-nurse", "demo-care", "demo-partner", "demo-system"])
def test_who_may_not_answer_sees_no_question(person):
    alma = joined()
    alma.post("/join/organisation/?q=DEMO-WARD-7", {"unit": "DEMO-WARD-7", "message": "A word"})
    with acting_as(system_viewer()):
        pk = JoinRequest.objects.order_by("-pk").values_list("pk", flat=True)[0]
    client = demo(person)
    assert client.get(f"/admin-tools/joining/{pk}/").status_code in {403, 404}
    assert client.post(f"/admin-tools/joining/{pk}/", {"do": "decline"}).status_code in {403, 404}
    assert "Alma" not in client.get("/admin-tools/joining/").content.decode()
    viewer = viewer_of(get_user_model().objects.get(username=person))
    if person in {"demo-care", "demo-partner", "demo-system"}:
        with acting_as(viewer):
            assert not JoinRequest.objects.filter(pk=pk).exists(), "the database shows it to the organisation that was asked"


def test_who_is_due_an_answer_reads_it_on_their_page():
    joined().post("/join/organisation/?q=DEMO-WARD-7", {"unit": "DEMO-WARD-7"})
    viewer = viewer_of(get_user_model().objects.get(username="demo-leader"))
    with acting_as(viewer):
        (due,) = queries.due(viewer=viewer, at=AT)
    assert (due.what, due.do, due.href) == ("Somebody asks to join", "Answer", "/admin-tools/joining/")


def test_a_person_without_a_post_is_seen_by_themselves_only():
    joined()
    for name in ("demo-admin", "demo-people", "demo-system"):
        with acting_as(viewer_of(get_user_model().objects.get(username=name))):
            assert not Person.objects.filter(name="Alma Beech").exists()


def test_asking_again_changes_the_message_and_can_be_taken_back():
    alma = joined()
    for words in ("First", "Second"):
        alma.post("/join/organisation/?q=DEMO-WARD-7", {"unit": "DEMO-WARD-7", "message": words})
    with acting_as(system_viewer()):
        rows = list(JoinRequest.objects.filter(name="Alma Beech").values_list("pk", "message"))
    assert [words for _, words in rows] == ["Second"]
    alma.post("/join/organisation/", {"take_back": str(rows[0][0])})
    assert "you took it back" in alma.get("/account/").content.decode()


# ---- locked out ------------------------------------------------------------------------------------


def test_an_administrator_lets_somebody_try_again():
    comes(made(demo("demo-leader")))
    for _ in range(5):
        Client().post("/sign-in/pin/", {"username": "sam.fern", "pin": "000000"})
    admin = demo("demo-admin")
    page = admin.get("/admin-tools/locked/").content.decode()
    number = re.search(r'name="account" value="(\d+)"', page)[1]
    assert "Let Sam Fern try again" in page
    assert demo("demo-care").post("/admin-tools/locked/", {"account": number}).status_code == 403
    assert admin.post("/admin-tools/locked/", {"account": number}).status_code == 302
    assert Client().post("/sign-in/pin/", {"username": "sam.fern", "pin": "294817"}).status_code == 302


def test_drawing_takes_each_word_by_itself():
    turns = iter(range(5))
    assert draw(("a", "b", "c", "d", "e"), lambda several: several[next(turns)]) == "a b c d e"


def test_the_command_line_lets_the_first_administrator_in():
    from espalier.site.actions.signing_joining import invite_from_command

    words = invite_from_command(at=datetime.now(UTC), role="administrator", code="DEMO-TRUST")
    client = Client()
    assert client.post("/join/words/", {"words": words})["Location"] == "/join/welcome/"
    assert "administrator" in client.get("/join/welcome/").content.decode()
    with pytest.raises(actions.UnableToJoin):
        invite_from_command(at=datetime.now(UTC), role="nosuch", code="DEMO-TRUST")
