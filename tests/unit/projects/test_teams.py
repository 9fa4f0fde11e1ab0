"""What a team keeps for itself: only its people read it, each change can be taken back, and there is always one next step."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from tests.logbook import events
from tests.unit.projects.conftest import AT

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.models import Hindrance, Promise, Thanks
from espalier.projects.rules.teams import TeamFacts, Waiting, next_step

pytestmark = pytest.mark.django_db
WARD, PAGE = "DEMO-WARD-7", "/units/DEMO-WARD-7/"
TEAM = "/projects/teams/DEMO-WARD-7/"
OUTSIDE = ("demo-improver", "demo-analyst", "demo-partner", "demo-care", "demo-system", "demo-admin", "demo-auditor")


def ward(viewer):
    return organisations.unit(viewer=viewer, code=WARD)


def said(who, words="The hoist is on another ward"):
    return queries.kept_of(actions.name_hindrance(actor=who, at=AT, unit=ward(who), words=words))


def page(who, **facts):
    return queries.team_page(viewer=who, unit=ward(who), today=AT.date(), **facts)


# ------------------------------------------------------------------------------------------------ the next step

WAITS = Waiting("Lamps", "/x/")
HAS = {"projects": 1, "hindrances": 1}


@pytest.mark.parametrize(("facts", "code"), [
    ({}, "begin"),
    ({"figure": WAITS, "overdue": WAITS}, "begin"),  # nothing can be learned before something is tried
    (HAS | {"result": WAITS, "figure": WAITS}, "result"),
    (HAS | {"figure": WAITS, "overdue": WAITS}, "figure"),
    (HAS | {"overdue": WAITS, "nobodys": WAITS}, "promise"),
    (HAS | {"nobodys": WAITS, "unmeasured": WAITS}, "hindrance"),
    (HAS | {"unmeasured": WAITS, "untested": WAITS}, "measure"),
    (HAS | {"untested": WAITS, "has_joy": False, "may_choose_measures": True}, "test"),
    (HAS | {"has_joy": False, "may_choose_measures": True}, "joy"),
    (HAS | {"has_joy": False}, "thanks"),  # whoever may not choose measures is not sent to do so
    ({"projects": 1}, "ask"),
    (HAS, "thanks"),
])  # fmt: skip
def test_there_is_one_next_step_and_it_is_what_is_lost_first_by_waiting(facts, code):
    step = next_step(TeamFacts("/units/W/", "W", **facts))
    assert step.code == code
    assert step.title and step.do and step.href.startswith("/")
    assert len(step.why.split()) > 5, "a step says why it is the next"


@pytest.mark.parametrize("name", ["result", "figure", "overdue", "nobodys", "unmeasured", "untested"])
def test_a_step_names_what_waits_and_leads_there(name):
    step = next_step(TeamFacts("/units/W/", "W", **HAS | {name: WAITS}))
    assert "Lamps" in step.title
    assert step.href == "/x/"


# ------------------------------------------------------------------------------------------------ whose it is


def test_its_people_read_it_and_nobody_else_does(as_person, number):
    with as_person("demo-leader") as alex:
        said(alex)
        actions.make_promise(actor=alex, at=AT, unit=ward(alex), words="Ask the store", by_on=AT.date())
        actions.say_thanks(actor=alex, at=AT, unit=ward(alex), words="A calm week", for_id=number("demo-nurse"))
    for name in ("demo-leader", "demo-nurse"):
        with as_person(name) as who:
            assert page(who).of_the_team
            assert all(model.objects.filter(said_at=AT).exists() for model in (Hindrance, Promise, Thanks)), name
    for name in OUTSIDE:
        with as_person(name) as who:
            found = page(who)
            assert not found.of_the_team
            assert (found.hindrances, found.promises, found.thanks, found.step) == ((), (), (), None)
            assert not any(model.objects.exists() for model in (Hindrance, Promise, Thanks)), name


@pytest.mark.parametrize("name", OUTSIDE)
def test_nobody_else_says_anything_even_past_the_page(as_person, name):
    with as_person(name) as who, pytest.raises(PermissionDenied):
        said(who)
    with as_person(name) as who, pytest.raises(ProgrammingError), transaction.atomic():
        Hindrance.objects.create(unit_id=ward(who).pk, words="x", said_by_id=who.account_id, said_at=AT, changed_at=AT)


def test_nobody_speaks_in_another_s_name_or_changes_their_words(as_person, number):
    with as_person("demo-leader") as alex:
        one = said(alex)
    with as_person("demo-nurse"), pytest.raises(ProgrammingError, match="does not change"), transaction.atomic():
        Hindrance.objects.filter(pk=one.pk).update(words="Nothing at all")
    with as_person("demo-nurse") as sam, pytest.raises(ProgrammingError), transaction.atomic():
        Thanks.objects.create(unit_id=ward(sam).pk, words="x", said_by_id=number("demo-leader"), said_at=AT, changed_at=AT)


def test_a_partner_reads_what_was_said_to_them_and_nothing_else(as_person, number):
    with as_person("demo-leader") as alex:
        actions.say_thanks(actor=alex, at=AT, unit=ward(alex), words="Your question changed the card", for_id=number("demo-partner"))
        actions.say_thanks(actor=alex, at=AT, unit=ward(alex), words="Thank you all", for_id=None)
    with as_person("demo-partner"):
        assert list(Thanks.objects.values_list("words", flat=True)) == ["Your question changed the card"]


def test_the_log_says_that_something_was_said_and_never_what(as_person):
    with as_person("demo-leader") as alex:
        one = said(alex, "The very secret hoist")
        actions.change_hindrance(actor=alex, at=AT, unit=ward(alex), pk=one.pk, seen=1, state="not-now", reason="A secret reason")
    left = [event for event in events() if event.object_kind == "hindrance" and event.object_id == str(one.pk) and event.at == AT]
    assert sorted(event.verb for event in left) == ["change", "say"]
    assert "secret" not in str([event.detail for event in left])


# ------------------------------------------------------------------------------------------------ said, answered, taken back


def test_what_a_night_shift_says_in_summer_bears_its_own_day(as_person):
    with as_person("demo-nurse") as sam:
        night = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight in the ward
        actions.name_hindrance(actor=sam, at=night, unit=ward(sam), words="The lift stands still at night")
        (shown,) = [shown for shown in page(sam).hindrances if shown.words == "The lift stands still at night"]
    assert shown.said_on == date(2026, 7, 1)


def test_who_named_it_is_among_nothing_a_page_gets(as_person):
    with as_person("demo-nurse") as sam:
        said(sam)
        (one,) = [one for one in page(sam).hindrances if one.words == "The hoist is on another ward"]
    assert "said_by" not in {name for name in dir(one) if not name.startswith("_")}


def test_a_hindrance_is_taken_on_goes_on_in_a_project_and_gets_better(as_person, begun):
    with as_person("demo-leader") as alex:
        one, unit = said(alex), ward(alex)
        actions.change_hindrance(actor=alex, at=AT, unit=unit, pk=one.pk, seen=1, state="working", by_id=alex.account_id, goes_on=f"project {begun}")
        found = queries.hindrance(viewer=alex, unit=unit, pk=one.pk)
        assert (found.state, found.project_id, found.project) == ("working", begun, "Quieter nights")
        assert found.worked_on_by.startswith("Alex")
        actions.change_hindrance(actor=alex, at=AT, unit=unit, pk=one.pk, seen=2, state="better")
        assert queries.hindrance(viewer=alex, unit=unit, pk=one.pk).worked_on_by == ""


@pytest.mark.parametrize(("facts", "code"), [
    ({"state": "not-now"}, "reason"), ({"state": "gone"}, "state"), ({"state": "working", "by_id": None}, "by"),
    ({"state": "working", "by_id": 999_999}, "by"), ({"state": "better", "goes_on": "project 1; DROP"}, "goes_on"),
    ({"state": "better", "seen": 7}, "meanwhile"),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_stored(as_person, facts, code):
    with as_person("demo-leader") as alex:
        one = said(alex)
        with pytest.raises(UnableTo) as refused:
            actions.change_hindrance(**{"actor": alex, "at": AT, "unit": ward(alex), "pk": one.pk, "seen": 1} | facts)
        assert refused.value.code == code
        assert refused.value.to_do
        assert Hindrance.objects.get(pk=one.pk).state == "open"


def test_a_promise_that_was_not_kept_says_why(as_person):
    with as_person("demo-leader") as alex:
        unit = ward(alex)
        one = queries.kept_of(actions.make_promise(actor=alex, at=AT, unit=unit, words="Ask the store", by_on=AT.date() - timedelta(days=1)))
        assert [each.late for each in page(alex).promises if each.pk == one.pk] == [True]
        with pytest.raises(UnableTo):
            actions.answer_promise(actor=alex, at=AT, unit=unit, pk=one.pk, seen=1, state="not-kept")
        actions.answer_promise(actor=alex, at=AT, unit=unit, pk=one.pk, seen=1, state="not-kept", became="The money went to the roof")
        assert [(each.state, each.late) for each in page(alex).promises if each.pk == one.pk] == [("not-kept", False)]


@pytest.mark.parametrize("to", ["demo-leader", "demo-care"])
def test_nobody_thanks_themselves_or_somebody_of_another_place(as_person, number, to):
    with as_person("demo-leader") as alex, pytest.raises(UnableTo):
        actions.say_thanks(actor=alex, at=AT, unit=ward(alex), words="Well done", for_id=number(to))


def test_each_change_is_taken_back_and_comes_back(as_person):
    with as_person("demo-leader") as alex:
        one, unit = said(alex), ward(alex)
        actions.change_hindrance(actor=alex, at=AT, unit=unit, pk=one.pk, seen=1, state="not-now", reason="In spring")
        for edition, state, reason in ((2, "open", ""), (3, "not-now", "In spring")):
            actions.undo_in_team(actor=alex, at=AT, unit=unit, thing="hindrance", pk=one.pk, seen=edition)
            assert Hindrance.objects.values_list("state", "reason").get(pk=one.pk) == (state, reason)


def test_what_was_just_said_is_put_away_by_undo_and_can_be_brought_back(as_person):
    with as_person("demo-leader") as alex:
        one, unit = said(alex), ward(alex)
        actions.undo_in_team(actor=alex, at=AT, unit=unit, thing="hindrance", pk=one.pk, seen=1)
        assert one.pk not in {each.pk for each in page(alex).hindrances}
        assert one.pk in {each.pk for each in queries.earlier(viewer=alex, unit=unit, today=AT.date()).hindrances}
        actions.put_away(actor=alex, at=AT, unit=unit, thing="hindrance", pk=one.pk, seen=2, back=True)
        assert one.pk in {each.pk for each in page(alex).hindrances}


def test_a_note_is_put_away_by_who_wrote_it_or_got_it(as_person, number):
    with as_person("demo-nurse") as sam:
        one = queries.kept_of(actions.say_thanks(actor=sam, at=AT, unit=ward(sam), words="Thank you all", for_id=None))
    with as_person("demo-leader") as alex, pytest.raises(PermissionDenied):
        actions.put_away(actor=alex, at=AT, unit=ward(alex), thing="thanks", pk=one.pk, seen=1)


@pytest.mark.parametrize("thing", ["hindrance", "project", ""])
def test_what_is_not_there_is_said_so(as_person, thing):
    with as_person("demo-leader") as alex, pytest.raises(NotFoundHere):
        actions.put_away(actor=alex, at=AT, unit=ward(alex), thing=thing, pk=999_999, seen=1)


# ------------------------------------------------------------------------------------------------ the page


def test_the_team_s_part_is_one_question_and_one_more_where_there_is_no_joy(as_person, django_assert_max_num_queries):
    with as_person("demo-leader") as alex:
        unit = ward(alex)
        with django_assert_max_num_queries(1):
            queries.team_page(viewer=alex, unit=unit, today=AT.date(), has_joy=True)


def test_a_leader_sees_the_team_s_part_and_a_visitor_does_not(client, signed_in):
    assert "gets in the way" not in client.get(PAGE).content.decode()
    body = signed_in("demo-leader").get(PAGE).content.decode()
    for words in ("One next step", "What we are trying", "Joy at work", "gets in the way of a good day", "What we said we would do", "Thank you"):
        assert words in body, words
    assert body.index("Joy at work") < body.index('id="care"')


def test_one_field_is_enough_and_it_can_be_undone(signed_in):
    client = signed_in("demo-nurse")
    done = client.post(f"{TEAM}hindrances/", {"words": "The printer is on the other floor"})
    assert done.status_code == 302
    body = client.get(done.url.partition("#")[0]).content.decode()
    assert "The printer is on the other floor" in body
    assert "Undo" in body
    kept = done.url.partition("kept=")[2].partition("#")[0]
    assert client.post(f"{TEAM}change/", {"do": "undo", "thing": kept}).status_code == 302
    assert "The printer is on the other floor" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(("path", "sent", "words"), [
    ("hindrances/", {"words": ""}, "Say in a sentence what gets in the way"),
    ("hindrances/", {"words": "Mrs Smith in bed 4, NHS number 943 476 5919"}, "This is not a person"),
    ("promises/", {"words": "", "by_on-day": "1", "by_on-month": "1", "by_on-year": "2099"}, "Say what you will do"),
    ("promises/", {"words": "Ask", "by_on-day": "1", "by_on-month": "1", "by_on-year": "2020"}, "This day has passed"),
    ("promises/", {"words": "Ask", "by_on-day": "31", "by_on-month": "2", "by_on-year": "2027"}, "day"),
    ("thanks/", {"to": "", "words": ""}, "Say what you thank for"),
    ("thanks/", {"to": "999999", "words": "Thank you"}, "from the list"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_box_and_nothing_is_stored(signed_in, path, sent, words):
    answer = signed_in("demo-leader").post(f"{TEAM}{path}", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("sent", [{}, {"do": "undo"}, {"do": "burn", "thing": "hindrance-1-1"}, {"do": "undo", "thing": "hindrance-x-1"}])
def test_a_press_that_says_nothing_known_is_refused(signed_in, sent):
    assert signed_in("demo-leader").post(f"{TEAM}change/", sent).status_code == 400


def test_two_who_answer_at_once_are_told_of_each_other(signed_in, as_person):
    with as_person("demo-leader") as alex:
        one = said(alex)
    client, address = signed_in("demo-leader"), f"{TEAM}hindrances/{one.pk}/"
    assert client.post(address, {"state": "better", "seen": "1"}).status_code == 302
    late = client.post(address, {"state": "not-now", "reason": "In spring", "seen": "1"})
    assert late.status_code == 422
    assert "Somebody changed this a moment ago" in late.content.decode()


def test_a_team_without_anything_has_a_useful_page_and_one_thing_to_do(as_person):
    with as_person("demo-leader") as alex:
        Hindrance.objects.all().update(removed_at=AT)
        Promise.objects.all().update(removed_at=AT)
        found = page(alex, has_joy=True)
    assert found.step is not None
    assert found.hindrances == ()


def test_whoever_was_thanked_sees_it_on_their_own_page(signed_in, as_person, number):
    with as_person("demo-leader") as alex:
        actions.say_thanks(actor=alex, at=datetime.now(UTC), unit=ward(alex), words="You stayed until the doctor came", for_id=number("demo-nurse"))
    assert "You stayed until the doctor came" in signed_in("demo-nurse").get("/").content.decode()
    assert "You stayed until the doctor came" not in signed_in("demo-leader").get("/").content.decode()
