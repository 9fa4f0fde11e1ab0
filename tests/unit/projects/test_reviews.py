"""Learning reviews: what, never who; each section by itself; the team's until it is opened."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.logbook import events

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import NotFoundHere
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.models import Node, Review
from espalier.projects.rules.reviews import SECTIONS, hints

AT = timezone.now()


@pytest.mark.parametrize(("words", "hint"), [
    ("Who did this?", "what made this likely"),
    ("It was the nurse's fault", "Blame closes eyes"),
    ("Nobody is to blame", "Blame closes eyes"),
    ("She failed to look", "Failed to"),
    ("A failure to check", "Failed to"),
    ("A careless slip", "what somebody is like"),
    ("They should have asked", "Should have"),
    ("Human error", "where the questions begin"),
])  # fmt: skip
def test_words_that_look_for_somebody_get_a_gentle_hint(words, hint):
    assert [hint in one for one in hints(words)] == [True]


@pytest.mark.parametrize("words", [
    "", "The label was under the tape.", "People who came later saw two charts.", "The default setting was off.",
    "The alarm failed at 3 am.", "Patients who fall at night", "We will have tea together",
])  # fmt: skip
def test_words_about_what_happened_get_none(words):
    assert hints(words) == ()


def viewer(username):
    return viewer_of(get_user_model().objects.get(username=username))


@pytest.fixture
def alex(db):
    return viewer("demo-leader")


@pytest.fixture
def mine(alex):
    """A review of ward 7 that nobody else may read yet."""
    with acting_as(alex):
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        return actions.begin_review(actor=alex, at=AT, unit=ward, title="A lost form", happened_on=date(2026, 1, 5))


def sees(username, pk):
    who = viewer(username)
    with acting_as(who):
        return Review.objects.filter(pk=pk).exists()


@pytest.mark.django_db
def test_its_team_reads_it_and_once_it_is_open_the_organisation(alex, mine):
    people = ("demo-leader", "demo-nurse", "demo-analyst", "demo-partner", "demo-care", "demo-system")
    assert [sees(one, mine) for one in people] == [True, True, False, False, False, False]
    with acting_as(alex):
        actions.open_review_to(actor=alex, at=AT, pk=mine, whom="organisation")
    assert [sees(one, mine) for one in people] == [True, True, True, False, False, False]


@pytest.mark.django_db
def test_who_may_read_it_may_not_write_in_it_even_past_the_page(alex, mine):
    pat = viewer("demo-improver")
    with acting_as(alex):
        actions.open_review_to(actor=alex, at=AT, pk=mine, whom="organisation")
    with acting_as(pat):
        with pytest.raises(PermissionDenied):
            actions.write_section(actor=pat, at=AT, pk=mine, key="what-happened", words="Mine", seen=0)
        assert Review.objects.filter(pk=mine).update(title="Mine") == 0


@pytest.mark.django_db
def test_two_sections_are_written_at_once_and_one_section_by_one_at_a_time(alex, mine):
    sam = viewer("demo-nurse")
    with acting_as(alex):
        actions.write_section(actor=alex, at=AT, pk=mine, key="what-happened", words="A form was lost.", seen=0)
    with acting_as(sam):
        actions.write_section(actor=sam, at=AT, pk=mine, key="what-we-learn", words="Forms travel.", seen=0)
        with pytest.raises(actions.WroteMeanwhile) as problem:
            actions.write_section(actor=sam, at=AT, pk=mine, key="what-happened", words="Mine", seen=0)
        assert (problem.value.now, problem.value.version) == ("A form was lost.", 1)
        found = queries.review(viewer=sam, pk=mine)
    assert {one.key: one.words for one in found.sections if one.words} == {"what-happened": "A form was lost.", "what-we-learn": "Forms travel."}


@pytest.mark.django_db
def test_the_words_before_come_back_and_go_again(alex, mine):
    with acting_as(alex):
        for seen, words in enumerate(("First", "Second")):
            actions.write_section(actor=alex, at=AT, pk=mine, key="what-happened", words=words, seen=seen)
        stood = []
        for seen in (2, 3):
            actions.undo_section(actor=alex, at=AT, pk=mine, key="what-happened", seen=seen)
            stood.append(queries.review(viewer=alex, pk=mine).section("what-happened").words)
        assert stood == ["First", "Second"]


@pytest.mark.django_db
def test_a_closed_review_stands_until_it_is_opened_again(alex, mine):
    with acting_as(alex):
        actions.close_review(actor=alex, at=AT, pk=mine)
        with pytest.raises(PermissionDenied, match="closed"):
            actions.write_section(actor=alex, at=AT, pk=mine, key="what-happened", words="More", seen=0)
        actions.close_review(actor=alex, at=AT, pk=mine, back=True)
        actions.write_section(actor=alex, at=AT, pk=mine, key="what-happened", words="More", seen=0)


@pytest.mark.django_db
def test_what_stands_in_a_review_is_not_in_the_log(alex, mine):
    with acting_as(alex):
        actions.write_section(actor=alex, at=AT, pk=mine, key="what-happened", words="Something private", seen=0)
    said = events(object_kind="review", object_id=str(mine))
    assert [one.verb for one in said] == ["begin", "change"]
    assert all("private" not in str(one.detail) for one in said)


@pytest.mark.django_db
def test_it_ends_in_a_change_idea_of_a_project_one_takes_part_in(alex, mine):
    with acting_as(alex):
        pk = actions.make_idea(actor=alex, at=AT, pk=mine, project=1, words="One chart at a time")
        node = Node.objects.get(pk=pk)
    assert (node.kind, node.state, node.project_id, node.words) == ("idea", "new", 1, "One chart at a time")
    care = viewer("demo-care")
    with acting_as(care), pytest.raises(NotFoundHere):
        actions.make_idea(actor=care, at=AT, pk=mine, project=1, words="Mine")


@pytest.mark.django_db
def test_through_the_pages(client, mine):
    client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
    page = f"/projects/reviews/{mine}/"
    assert client.post(f"{page}what-happened/", {"words": "Mrs Okafor in bed 4 fell", "seen": "0"}).status_code == 422
    assert client.post(f"{page}what-happened/", {"words": "The nurse failed to look", "seen": "0"}).status_code == 302
    assert "Try “what happened was …”." in client.get(page).content.decode()
    late = client.post(f"{page}what-happened/", {"words": "Mine", "seen": "0"})
    assert late.status_code == 422
    assert "It says now" in late.content.decode()
    assert client.post(f"{page}what-happened/", {"words": "Both", "seen": "1"}).status_code == 302
    assert client.get(f"{page}nosuch/").status_code == 404
    answer = client.post(f"{page}idea/", {"words": "Ask twice", "project": "new"})
    assert answer["Location"] == "/projects/new/?title=Ask%20twice"
    assert client.post(f"{page}idea/", {"words": "Ask twice", "project": "999"}).status_code == 422


@pytest.mark.django_db
def test_speaking_up_asks_for_nothing_and_keeps_nothing(client):
    before = len(events())
    page = client.get("/projects/speaking-up/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "<form" not in main
    assert "<input" not in main
    assert "Freedom to Speak Up Guardian" in main
    assert "01632" not in main
    client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/projects/speaking-up/").content.decode()
    assert "01632 960 123" in page
    assert "/measures/team-speaking-up/DEMO-WARD-7/" in page
    assert len(events()) == before


def test_a_section_asks_what_and_never_who():
    assert all("who" not in f"{one.title} {one.asks}".lower().split() for one in SECTIONS)


@pytest.mark.django_db
def test_whoever_began_it_and_has_left_the_team_reads_it_no_longer(alex):
    from espalier.access.actions import system_viewer
    from espalier.organisations.models import Assignment, Grant

    with acting_as(system_viewer()):  # one of another day: within its own transaction whoever begins one reads it back
        old = Review.objects.get(begun_by_id=alex.account_id)
        Review.objects.filter(pk=old.pk).update(open_to="team")
    assert sees("demo-leader", old.pk)
    with acting_as(system_viewer()):
        for held in (Grant, Assignment):
            held.objects.filter(person__account_id=alex.account_id).delete()
    assert not sees("demo-leader", old.pk)
    left = viewer("demo-leader")
    with acting_as(left):
        with pytest.raises(NotFoundHere):
            queries.review(viewer=left, pk=old.pk)
        assert Review.objects.filter(pk=old.pk).update(title="Mine") == 0
    assert sees("demo-nurse", old.pk), "it is the team's"


@pytest.mark.django_db
def test_whoever_began_it_and_works_elsewhere_now_reads_it_as_the_others_there(alex, mine):
    from espalier.access.actions import system_viewer

    with acting_as(alex):
        actions.open_review_to(actor=alex, at=AT, pk=mine, whom="organisation")
    with acting_as(system_viewer()):
        trust = organisations.unit(viewer=alex, code="DEMO-TRUST").pk
        Review.objects.filter(pk=mine).update(unit_id=trust)
    with acting_as(alex):
        assert queries.review(viewer=alex, pk=mine).may_write.reason == "The team of the place writes this review. You can read it."


@pytest.mark.django_db
def test_a_review_is_begun_by_the_team_of_its_place(alex):
    pat = viewer("demo-improver")
    with acting_as(pat):
        ward = organisations.unit(viewer=pat, code="DEMO-WARD-7")
        assert ward.pk not in {one.pk for one in queries.places_to_review(viewer=pat)}
        with pytest.raises(PermissionDenied, match="Only the people who work at Ward 7"):
            actions.begin_review(actor=pat, at=AT, unit=ward, title="A lost form", happened_on=None)
