"""Ideas: who sees and changes one, what becomes of it, and who is told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR, Viewer
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects import actions, queries
from espalier.projects.models import Idea
from espalier.projects.rules.ideas import LONGEST_REASON, MOVES, STATES, had_at, why_not

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def person(name: str) -> Viewer:
    return viewer_of(get_user_model().objects.get(username=f"demo-{name}"))


def note(viewer: Viewer, words: str = "A second torch", *, shared: bool = False, **facts: Any) -> uuid.UUID:
    number = facts.pop("idea", None) or uuid.uuid4()
    with acting_as(viewer):
        actions.note_idea(actor=viewer, at=AT, idea=number, words=words, **facts)
        if shared:
            actions.share_idea(actor=viewer, at=AT, idea=number, shared=True)
    return number


def seen_by(viewer: Viewer, number: uuid.UUID) -> bool:
    with acting_as(viewer):
        return Idea.objects.filter(pk=number).exists()


def facts(viewer: Viewer, number: uuid.UUID) -> queries.IdeaFacts:
    with acting_as(viewer):
        return queries.idea_facts(viewer=viewer, pk=number)


# ------------------------------------------------------------ rules
@given(before=st.sampled_from(STATES), after=st.sampled_from(STATES), reason=st.text(max_size=20), is_author=st.booleans())
def test_every_refusal_has_a_reason_and_nobody_else_moves_an_idea_without_one(before: str, after: str, reason: str, is_author: bool) -> None:
    refused = why_not(before, after, reason=reason, is_author=is_author)
    may = after in MOVES[before] and (is_author or bool(reason.strip()))
    assert (refused == "") is may


def test_the_words_of_each_refusal() -> None:
    assert why_not("new", "sold", reason="x", is_author=True) == "That is not something an idea can become."
    assert why_not("new", "new", reason="x", is_author=True) == "That is how the idea stands already."
    assert why_not("project", "trying", reason="x", is_author=True) == "From how it stands now, the idea cannot become that."
    assert why_not("new", "done", reason=" ", is_author=False) == "Say why, in a sentence. The person who had the idea reads it."
    assert why_not("new", "done", reason="x" * (LONGEST_REASON + 1), is_author=True) == "Keep the reason under 500 characters."


def test_every_state_can_be_left_and_reached() -> None:
    assert set(MOVES) == set(STATES) == set.union(*map(set, MOVES.values()))
    assert all(MOVES.values())


@given(said=st.datetimes(timezones=st.just(UTC)), received=st.datetimes(timezones=st.just(UTC)))
def test_an_idea_is_never_of_the_future(said: datetime, received: datetime) -> None:
    assert had_at(said, received) in {said, received}
    assert had_at(said, received) <= received


# ------------------------------------------------------------ rows
def test_an_idea_is_its_authors_alone_until_it_is_shared() -> None:
    sam = person("nurse")
    number = note(sam)
    others = [VISITOR, *map(person, ("leader", "improver", "analyst", "admin", "system", "care", "partner"))]
    assert seen_by(sam, number)
    assert not any(seen_by(one, number) for one in others)
    with acting_as(sam):
        actions.share_idea(actor=sam, at=AT, idea=number, shared=True)
    # The hospital's own people see it; a visitor, the system above, another organisation and a partner who is no employee do not.
    assert [seen_by(one, number) for one in others] == [False, True, True, True, True, False, False, False]
    with acting_as(sam):
        actions.share_idea(actor=sam, at=AT, idea=number, shared=False)
    assert not any(seen_by(one, number) for one in others)


def test_the_database_itself_keeps_others_from_changing_words() -> None:
    sam, alex = person("nurse"), person("leader")
    number = note(sam, shared=True)
    for change in ({"words": "Mine now"}, {"account_id": alex.account_id}, {"shared_with_team": False}, {"removed_at": AT}, {"edition": 7}):
        with pytest.raises(DatabaseError), acting_as(alex), transaction.atomic():
            Idea.objects.filter(pk=number).update(**change)
    with acting_as(alex):
        assert Idea.objects.filter(pk=number).delete()[0] == 0
    care = person("care")
    with acting_as(care):
        assert Idea.objects.filter(pk=number).update(state="done") == 0
    assert facts(sam, number).words == "A second torch"


def test_nobody_notes_in_another_name_and_the_owner_is_the_databases_word() -> None:
    sam, alex = person("nurse"), person("leader")
    with pytest.raises(DatabaseError), acting_as(sam), transaction.atomic():
        Idea.objects.create(id=uuid.uuid4(), account_id=alex.account_id, words="x", made_at=AT, received_at=AT, changed_at=AT)
    number = note(sam)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM organisations_unit WHERE code = 'DEMO-TRUST'")
        (hospital,) = cursor.fetchone()
    assert facts(sam, number).owner_id == hospital
    with acting_as(sam):
        Idea.objects.filter(pk=number).update(owner_id=1)
    assert facts(sam, number).owner_id == hospital


# ------------------------------------------------------------ what becomes of it
def test_who_leads_answers_with_a_reason_and_the_author_is_told() -> None:
    sam, alex = person("nurse"), person("leader")
    number = note(sam, shared=True)
    with acting_as(alex):
        assert any("answer" in one.what for one in queries.due(viewer=alex, at=AT))
        with pytest.raises(UnableTo, match="Say why"):
            actions.move_idea(actor=alex, at=AT, idea=number, state="not-now", reason="  ")
        actions.move_idea(actor=alex, at=AT, idea=number, state="not-now", reason="No money before April")
    found = facts(sam, number)
    assert (found.state, found.reason, found.answered_by, found.is_unread) == ("not-now", "No money before April", alex.name, True)
    with acting_as(sam):
        before = len(queries.due(viewer=sam, at=AT))
        actions.read_answer(actor=sam, at=AT, idea=number)
        assert not queries.idea_facts(viewer=sam, pk=number).is_unread
        assert before >= 1


def test_a_colleague_without_the_right_cannot_answer() -> None:
    sam, kim = person("nurse"), person("analyst")
    number = note(sam, shared=True)
    with acting_as(kim), pytest.raises(PermissionDenied, match="you need the role of team leader"):
        actions.move_idea(actor=kim, at=AT, idea=number, state="done", reason="Seen")


def test_nobody_waits_for_approval_to_start_privately() -> None:
    sam = person("nurse")
    number = note(sam)
    with acting_as(sam):
        actions.move_idea(actor=sam, at=AT, idea=number, state="trying")
    found = facts(sam, number)
    assert (found.state, found.shared, found.is_unread) == ("trying", False, False)


def test_an_idea_and_its_project_point_at_each_other() -> None:
    sam, care = person("nurse"), person("care")
    number = note(sam)
    with acting_as(sam):
        actions.became_project(actor=sam, at=AT, idea=number, project=1)
    assert (facts(sam, number).state, facts(sam, number).project_id) == ("project", 1)
    theirs = note(care)
    with acting_as(care), pytest.raises(NotFoundHere):  # a project that is not open to them
        actions.became_project(actor=care, at=AT, idea=theirs, project=1)
    with acting_as(sam), pytest.raises(UnableTo, match="which project"):
        actions.move_idea(actor=sam, at=AT, idea=number, state="project")


def test_what_is_taken_back_is_gone_for_everybody_and_can_be_brought_back() -> None:
    sam, alex = person("nurse"), person("leader")
    number = note(sam, shared=True)
    with acting_as(sam):
        actions.take_back_idea(actor=sam, at=AT, idea=number)
    assert not seen_by(alex, number)
    with pytest.raises(NotFoundHere):
        facts(sam, number)
    with acting_as(alex), pytest.raises(NotFoundHere):
        actions.bring_back_idea(actor=alex, at=AT, idea=number)
    with acting_as(sam):
        actions.bring_back_idea(actor=sam, at=AT, idea=number)
    assert facts(alex, number).words == "A second torch"


def test_two_answers_at_once_do_not_overwrite_each_other() -> None:
    sam, alex, pat = person("nurse"), person("leader"), person("improver")
    number = note(sam, shared=True)
    looked_at = facts(pat, number)
    with acting_as(alex):
        actions.move_idea(actor=alex, at=AT + timedelta(seconds=1), idea=number, state="trying", reason="Yes")
    from espalier.projects.actions import ideas

    with acting_as(pat), pytest.raises(UnableTo, match="a moment ago"):
        ideas._change(looked_at, state="done")


def test_somebody_who_belongs_nowhere_yet_keeps_ideas_and_shares_none() -> None:
    newcomer = viewer_of(get_user_model().objects.create_user("new-here"))
    number = note(newcomer)
    assert facts(newcomer, number).unit is None
    with acting_as(newcomer), pytest.raises(UnableTo, match="nobody to share it with"):
        actions.share_idea(actor=newcomer, at=AT, idea=number, shared=True)


def test_a_place_where_one_no_longer_belongs_is_left_out_and_the_idea_is_kept() -> None:
    sam = person("nurse")
    number = note(sam, unit_id=1)
    found = facts(sam, number)
    assert found.unit is not None
    assert found.unit.code == "DEMO-WARD-7"


# ------------------------------------------------------------ pages
def page(name: str, path: str) -> str:
    client = Client()
    client.force_login(get_user_model().objects.get(username=f"demo-{name}"), backend="django.contrib.auth.backends.ModelBackend")
    return client.get(path).content.decode()


def test_a_private_idea_stands_on_no_page_of_others() -> None:
    note(person("nurse"), "Only mine kestrel")
    assert "Only mine kestrel" in page("nurse", "/projects/ideas/")
    for name in ("leader", "improver", "admin", "care"):
        assert "kestrel" not in page(name, "/projects/ideas/?q=kestrel").replace('value="kestrel"', "")


def own() -> int:
    with acting_as(person("nurse")) as sam:
        return len(queries.ideas_page(viewer=sam, places=()).mine)


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u200b", "x" * 1001])
def test_what_is_no_idea_is_said_so_and_not_stored(typed: str) -> None:
    client = Client()
    client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
    before = own()
    answer = client.post("/projects/ideas/", {"words": typed})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert own() == before


def test_the_same_form_sent_twice_is_one_idea() -> None:
    client, number = Client(), str(uuid.uuid4())
    client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(2):
        assert client.post("/projects/ideas/", {"words": "Once only", "idea": number}).status_code == 302
    with acting_as(person("nurse")):
        assert Idea.objects.filter(words="Once only").count() == 1
    assert "It was kept already" in client.get("/projects/ideas/").content.decode()


def test_other_words_in_the_same_form_are_another_idea_and_kept_once_too() -> None:
    """Whoever goes back and changes a word does not lose it (docs/adr/0028)."""
    client, number = Client(), str(uuid.uuid4())
    client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
    for words in ("A lamp low down", "A lamp high up", "A lamp high up", "A lamp low down"):
        assert client.post("/projects/ideas/", {"words": words, "idea": number}).status_code == 302
    with acting_as(person("nurse")):
        assert sorted(Idea.objects.filter(words__startswith="A lamp ").values_list("words", flat=True)) == ["A lamp high up", "A lamp low down"]


def test_a_number_of_somebody_elses_idea_is_refused_with_other_words_too() -> None:
    number = note(person("nurse"), "Mine alone")
    with acting_as(person("leader")) as alex, pytest.raises(UnableTo, match="under its number"):
        actions.note_idea(actor=alex, at=AT, idea=number, words="Another's", anew=True)
