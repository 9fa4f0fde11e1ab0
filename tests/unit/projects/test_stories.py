"""Stories: written together, public only when leader and partner say so, taken up elsewhere without a door into anybody's project."""

import io
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from pptx import Presentation
from tests.logbook import events
from tests.unit.projects.conftest import AT, account
from tests.unit.projects.test_diagram_together import together

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.models import Descendant, Edit, Edition, EditionAnswer, Origin, Project, Story, Voice
from espalier.projects.presenters import stories as words
from espalier.projects.queries.stories import Elsewhere
from espalier.projects.rules.aims import sign
from espalier.projects.rules.stories import is_agreed

pytestmark = pytest.mark.django_db
LAMP = "A lamp left on low beside each bed at night"


@pytest.fixture
def told(as_person, begun):
    """The project that has just begun says what was learned. Returns its number."""
    with as_person("demo-leader") as alex:
        actions.write_story(actor=alex, at=AT, project=begun, section="learned", words="Ask first.", seen=sign(""))
    return begun


@pytest.fixture
def partnered(as_person, told, number):
    """The same with Bo as its partner, and Sam as a member."""
    with as_person("demo-leader") as alex:
        for name, role in (("demo-partner", "partner"), ("demo-nurse", "member")):
            actions.add_member(actor=alex, at=AT, project=told, account_id=number(name), role=role)
    return told


def asked(as_person, project):
    with as_person("demo-leader") as alex:
        state = actions.ask_to_publish(actor=alex, at=AT, project=project)
        return state, queries.editions_of(project)[0]


def answered(as_person, project, edition, says, *, who="demo-partner", at=AT):
    with as_person(who) as bo:
        return actions.answer_story(actor=bo, at=at, project=project, edition=edition.pk, says=says)


# ---- Rules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("partners", "here", "last", "expected"), [
    ([], {}, {}, True),  # nobody to ask
    ([1], {}, {}, False),
    ([1], {1: "yes"}, {1: "yes"}, True),
    ([1], {1: "no"}, {1: "no"}, False),
    ([1, 2], {1: "yes"}, {1: "yes"}, True),  # one of two has agreed, the other has not said
    ([1, 2], {1: "yes"}, {1: "yes", 2: "no"}, False),  # a no of another counts, and counts on
    ([1], {2: "yes"}, {2: "yes"}, False),  # whoever has left agrees for nobody
    ([], {}, {2: "no"}, False),  # but their no stands
    ([1], {1: "yes"}, {1: "yes", 2: "no"}, False),
    ([1], {1: "yes"}, {1: "yes", 2: "yes"}, True),  # and they have thought again
])  # fmt: skip
def test_when_a_story_may_be_public(partners, here, last, expected):
    assert is_agreed(partners, here, last) is expected


# ---- Written ---------------------------------------------------------------------------------------


def test_a_part_is_written_seen_by_two_and_taken_back(as_person, told):
    with as_person("demo-leader") as alex:
        with pytest.raises(actions.StoryChanged, match="Somebody else wrote here"):
            actions.write_story(actor=alex, at=AT, project=told, section="learned", words="Mine", seen=sign(""))
        actions.write_story(
            actor=alex, at=AT + timedelta(minutes=1), project=told, section="learned", words="Ask twice.", seen=sign("Ask first.")
        )
        edit = queries.last_edit(project_id=told, kind="story", object_id=Story.objects.get(project_id=told).pk)
        actions.undo_story(actor=alex, at=AT + timedelta(minutes=2), project=told, edit=edit.pk)
        assert Story.objects.get(project_id=told).learned == "Ask first."
        with pytest.raises(UnableTo, match="no longer the newest"):
            actions.undo_story(actor=alex, at=AT + timedelta(minutes=3), project=told, edit=edit.pk)
        assert Project.objects.get(pk=told).changed_at == AT + timedelta(minutes=2)


def test_a_voice_stands_with_a_part_and_never_with_a_name(as_person, told):
    with as_person("demo-leader") as alex:
        facts = {"actor": alex, "at": AT, "project": told}
        pk = actions.add_voice(words="“I sleep.”", said_by="patient", **facts)
        assert Voice.objects.get(pk=pk).words == "I sleep."
        for bad, said_by in (("Nurse Brown is kind", "patient"), ("Calmer", "Nurse Brown"), (" ", "nurse")):
            with pytest.raises(UnableTo):
                actions.add_voice(words=bad, said_by=said_by, **facts)
        actions.remove_voice(voice=pk, **facts | {"at": AT + timedelta(minutes=1)})
        assert queries.told(viewer=alex, project=queries.project(viewer=alex, pk=told), today=AT.date()).voices == ()
        edit = queries.last_edit(project_id=told, kind="voice", object_id=pk)
        actions.undo_story(edit=edit.pk, **facts | {"at": AT + timedelta(minutes=2)})
        assert len(queries.told(viewer=alex, project=queries.project(viewer=alex, pk=told), today=AT.date()).voices) == 1


def test_the_words_of_a_voice_are_not_copied_into_the_log(as_person, told):
    with as_person("demo-leader") as alex:
        actions.add_voice(actor=alex, at=AT, project=told, words="I sleep like a stone", said_by="patient")
    assert "stone" not in json.dumps([event.detail for event in events()])


def test_a_form_that_names_a_patient_stores_nothing(signed_in, told):
    client = signed_in("demo-leader")
    typed = {"words": "Mrs Okafor in bed 4 slept", "said_by": "nurse", "asked": "yes"}
    answer = client.post(f"/projects/{told}/story/voices/new/", typed)
    assert answer.status_code == 422
    assert "name" in answer.content.decode()
    answer = client.post(f"/projects/{told}/story/write/why/", {"words": "943 476 5919 fell", "seen": sign("")})
    assert answer.status_code == 422
    assert not Voice.objects.filter(project_id=told).exists()


def test_whoever_only_reads_a_project_writes_nothing_in_its_story(as_person):
    with as_person("demo-analyst") as kim:
        for act, facts in (
            (actions.write_story, {"section": "why", "words": "Mine", "seen": sign("")}), (actions.add_voice, {"words": "x", "said_by": "nurse"}),
            (actions.remove_voice, {"voice": 1}), (actions.ask_to_publish, {}), (actions.withdraw_story, {}),
        ):  # fmt: skip
            with pytest.raises(PermissionDenied):
                act(actor=kim, at=AT, project=1, **facts)


# ---- Public ----------------------------------------------------------------------------------------


def test_without_a_partner_a_leader_makes_it_public_and_everybody_reads_it(as_person, client, told):
    state, edition = asked(as_person, told)
    assert state == "public"
    assert client.get(edition.href).status_code == 200  # a visitor
    assert client.get(f"/projects/{told}/").status_code == 404  # and never the project
    assert client.get(f"/projects/{told}/story/").status_code == 404
    assert {one.verb for one in events() if one.object_kind == "edition"} >= {"ask", "publish"}


def test_an_empty_story_is_not_made_public(as_person, begun):
    with as_person("demo-leader") as alex, pytest.raises(UnableTo, match="says nothing yet"):
        actions.ask_to_publish(actor=alex, at=AT, project=begun)


def test_with_a_partner_it_waits_and_nobody_else_reads_it(as_person, client, partnered):
    state, edition = asked(as_person, partnered)
    assert state == "asked"
    assert client.get(edition.href).status_code == 404
    assert answered(as_person, partnered, edition, "yes") == "public"
    assert client.get(edition.href).status_code == 200


def test_a_partners_no_counts_until_they_change_it(as_person, client, partnered, number):
    _, edition = asked(as_person, partnered)
    assert answered(as_person, partnered, edition, "no") == "refused"
    assert client.get(edition.href).status_code == 404
    with as_person("demo-leader") as alex:  # a second partner does not talk over the first
        actions.add_member(actor=alex, at=AT, project=partnered, account_id=number("demo-care"), role="partner")
    _, again = asked(as_person, partnered)
    assert answered(as_person, partnered, again, "yes", who="demo-care") == "asked"
    assert client.get(edition.href).status_code == 404
    assert answered(as_person, partnered, again, "yes", at=AT + timedelta(days=1)) == "public"


def gone(as_person, project, way):
    """Bo stops, leaves, or is taken out by the leader."""
    who = "demo-leader" if way == "taken out" else "demo-partner"
    with as_person(who) as somebody:
        if way == "stops":
            actions.stop_partner(actor=somebody, at=AT, project=project)
        else:
            actions.leave_project(actor=somebody, at=AT, project=project, account_id=account("demo-partner").pk)


@pytest.mark.parametrize("way", ["stops", "leaves", "taken out"])
def test_a_no_stands_when_its_partner_has_gone(as_person, client, partnered, number, signed_in, way):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "no")
    gone(as_person, partnered, way)
    with pytest.raises(UnableTo, match="was your partner said no"):
        asked(as_person, partnered)
    page = signed_in("demo-leader").get(f"/projects/{partnered}/story/public/").content.decode()
    assert "Somebody who was your partner said no" in page and "take them in again" in page
    assert "Let everybody read it" not in page
    with as_person("demo-leader") as alex:  # a new partner does not talk over them, nor do other words
        actions.add_member(actor=alex, at=AT, project=partnered, account_id=number("demo-care"), role="partner")
        actions.write_story(actor=alex, at=AT, project=partnered, section="learned", words="Other words", seen=sign("Ask first."))
    with pytest.raises(UnableTo, match="was your partner said no"):
        asked(as_person, partnered)
    client.logout()
    assert client.get(edition.href).status_code == 404
    with as_person("demo-leader") as alex:  # taken in again, they may think again
        actions.add_member(actor=alex, at=AT, project=partnered, account_id=number("demo-partner"), role="partner")
    state, again = asked(as_person, partnered)
    assert state == "asked"
    assert answered(as_person, partnered, again, "yes", at=AT + timedelta(days=1)) == "public"


def test_a_yes_does_not_pass_a_no_of_who_left_while_it_was_asked(as_person, signed_in, partnered, number):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "no")
    _, again = asked(as_person, partnered)
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=AT, project=partnered, account_id=number("demo-care"), role="partner")
    gone(as_person, partnered, "taken out")
    assert answered(as_person, partnered, again, "yes", who="demo-care") == "asked"
    assert "Somebody who was your partner said no" in signed_in("demo-leader").get(f"/projects/{partnered}/story/public/").content.decode()
    with as_person("demo-leader"), pytest.raises(DatabaseError, match="does not want"), transaction.atomic():  # nor past the action
        Edition.objects.filter(pk=again.pk).update(state="public", public_at=AT)


def test_who_took_back_their_yes_after_leaving_is_not_passed_either(as_person, partnered):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "yes")
    gone(as_person, partnered, "taken out")
    with as_person("demo-partner") as bo:
        actions.withdraw_story(actor=bo, at=AT + timedelta(days=1), project=partnered)
    with pytest.raises(UnableTo, match="was your partner said no"):
        asked(as_person, partnered)
    with as_person("demo-leader"):
        assert list(EditionAnswer.objects.filter(edition_id=edition.pk).order_by("at", "pk").values_list("says", flat=True)) == [
            "yes",
            "no",
        ]


def test_a_partner_of_then_who_is_a_member_today_says_no_by_taking_it_back(as_person, partnered, number):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "yes")
    gone(as_person, partnered, "stops")
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=AT, project=partnered, account_id=number("demo-partner"), role="member")
    with as_person("demo-partner") as bo:
        actions.withdraw_story(actor=bo, at=AT + timedelta(days=1), project=partnered)
    with pytest.raises(UnableTo, match="was your partner said no"):
        asked(as_person, partnered)


def test_what_was_asked_and_answered_is_told_newest_first(as_person, partnered):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "yes", at=AT + timedelta(days=1))
    with as_person("demo-partner") as bo:
        actions.withdraw_story(actor=bo, at=AT + timedelta(days=2), project=partnered)
        page = queries.story_page(viewer=bo, project=queries.project(viewer=bo, pk=partnered), today=AT.date())
    steps = words.history(page)
    assert [one.on for one in steps] == sorted((one.on for one in steps), reverse=True)
    assert [one.words.rsplit(" ", 1)[1] for one in steps] == ["withdrawn.", "no.", "it.", "yes.", "it."]


def test_who_has_left_says_no_but_never_yes(as_person, partnered):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "yes")
    gone(as_person, partnered, "leaves")
    facts = {"edition_id": edition.pk, "project_id": partnered, "account_id": account("demo-partner").pk, "at": AT}
    with as_person("demo-partner"):
        with pytest.raises(DatabaseError), transaction.atomic():
            EditionAnswer.objects.create(**facts, says="yes")
        with pytest.raises(DatabaseError), transaction.atomic():  # nor anything in a project they never answered in
            EditionAnswer.objects.create(**facts | {"project_id": partnered + 1000}, says="no")
        EditionAnswer.objects.create(**facts, says="no")


def test_nobody_changes_what_was_said(as_person, partnered):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "no")
    for who in ("demo-partner", "demo-leader"):
        with as_person(who):
            rows = EditionAnswer.objects.filter(edition_id=edition.pk)
            assert (rows.count(), rows.update(says="yes"), rows.delete()[0]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("who", "why"), [("demo-nurse", PermissionDenied), ("demo-analyst", NotFoundHere), ("demo-leader", PermissionDenied)]
)
def test_only_a_partner_agrees(as_person, partnered, who, why):
    _, edition = asked(as_person, partnered)
    with pytest.raises(why):
        answered(as_person, partnered, edition, "yes", who=who)


@pytest.mark.parametrize(
    ("who", "why"), [("demo-nurse", PermissionDenied), ("demo-partner", PermissionDenied), ("demo-care", NotFoundHere)]
)
def test_only_a_leader_asks(as_person, partnered, who, why):
    with as_person(who) as somebody, pytest.raises(why):
        actions.ask_to_publish(actor=somebody, at=AT, project=partnered)


@pytest.mark.parametrize("who", ["demo-leader", "demo-partner"])
def test_either_withdraws_and_it_is_gone_for_everybody(as_person, client, partnered, who):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "yes")
    with as_person(who) as somebody:
        actions.withdraw_story(actor=somebody, at=AT + timedelta(days=2), project=partnered)
    assert client.get(edition.href).status_code == 404
    assert client.get(f"{edition.href}story.pdf").status_code == 404
    with as_person("demo-leader"):
        row = Edition.objects.get(pk=edition.pk)
        assert (row.state, row.ended_at, row.ended_by_id) == ("withdrawn", AT + timedelta(days=2), account(who).pk)
        said = list(EditionAnswer.objects.filter(edition_id=edition.pk).order_by("at").values_list("says", flat=True))
        assert said == (["yes", "no"] if who == "demo-partner" else ["yes"])  # what was said before stays written down
    assert any(one.verb == "withdraw" and one.account_id == account(who).pk for one in events())


def test_a_member_does_not_withdraw(as_person, partnered):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "yes")
    with as_person("demo-nurse") as sam, pytest.raises(PermissionDenied):
        actions.withdraw_story(actor=sam, at=AT, project=partnered)


def test_a_partner_who_has_left_still_takes_back_their_yes(as_person, client, partnered, signed_in):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "yes")
    with as_person("demo-partner") as bo:
        actions.leave_project(actor=bo, at=AT, project=partnered, account_id=bo.account_id)
    assert "Withdraw the story" in signed_in("demo-partner").get(edition.href).content.decode()
    assert signed_in("demo-partner").post(f"{edition.href}withdraw/").status_code == 302
    assert client.get(edition.href).status_code == 404


def test_a_stranger_withdraws_nothing(as_person, partnered, signed_in, client):
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "yes")
    assert signed_in("demo-care").post(f"{edition.href}withdraw/").status_code == 403
    assert client.get(edition.href).status_code == 200


def test_what_is_public_does_not_change_with_the_story(as_person, client, told):
    _, edition = asked(as_person, told)
    with as_person("demo-leader") as alex:
        actions.write_story(actor=alex, at=AT, project=told, section="learned", words="Something else", seen=sign("Ask first."))
    page = client.get(edition.href).content.decode()
    assert "Ask first." in page
    assert "Something else" not in page
    asked(as_person, told)
    assert "Something else" in client.get(edition.href).content.decode()


def test_the_database_itself_refuses_a_story_without_a_partners_yes(as_person, partnered):
    _, edition = asked(as_person, partnered)
    with as_person("demo-leader"):
        rows = Edition.objects.filter(pk=edition.pk)
        for change in ({"state": "public", "public_at": AT}, {"content": {}}):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
    with as_person("demo-nurse"):
        story = Story.objects.get(project_id=partnered)
        with pytest.raises(DatabaseError), transaction.atomic():  # a member does not ask
            Edition.objects.create(story=story, project_id=partnered, title="x", place="x", content={}, asked_at=AT, state="withdrawn")
        with pytest.raises(DatabaseError), transaction.atomic():  # nor answers for a partner
            EditionAnswer.objects.create(
                edition_id=edition.pk, project_id=partnered, account_id=account("demo-nurse").pk, says="yes", at=AT
            )
    with as_person("demo-analyst"):
        assert not Edition.objects.filter(pk=edition.pk).exists()


def test_a_public_story_holds_no_number_that_leads_into_the_project(as_person):
    with as_person("demo-analyst"):
        content = Edition.objects.get(story_id=1).content
    assert sorted(box["pk"] for box in content["boxes"]) == list(range(1, len(content["boxes"]) + 1))
    assert all(set(one) == {"words", "said_by"} for one in content["voices"])


# ---- Elsewhere -------------------------------------------------------------------------------------


def adopted(as_person, *, named=False, change=LAMP):
    with as_person("demo-care") as drew:
        here = organisations.unit(viewer=drew, code="DEMO-CARE")
        Origin.objects.all().delete()  # what the demonstration has taken up: a place takes a story up once
        return actions.adopt_story(actor=drew, at=AT, story=1, unit=here, title="Lamps at home", change=change, named=named)


def seen_by_the_ward(as_person):
    with as_person("demo-leader"):
        return Descendant.objects.filter(story_id=1).order_by("-at").values("place", "change", "worked", "said_at").first()


def test_a_change_is_taken_up_by_another_organisation_and_the_story_shows_it(as_person):
    pk = adopted(as_person)
    assert seen_by_the_ward(as_person) == {"place": "", "change": LAMP, "worked": "early", "said_at": None}
    with as_person("demo-care") as drew:
        assert queries.origin_of(pk).title.startswith("Fewer falls")
        assert LAMP in [words for _, words, _ in queries.change_ideas(viewer=drew, project_id=pk)]
        actions.say_how_it_went(actor=drew, at=AT + timedelta(days=40), project=pk, worked="yes", why="Secret reason", named=True)
    assert seen_by_the_ward(as_person) == {
        "place": "Elm Tree Care at Home (made up)", "change": LAMP, "worked": "yes", "said_at": AT + timedelta(days=40),
    }  # fmt: skip


def test_the_story_opens_no_door_into_the_project_that_adopted_it(as_person, signed_in):
    pk = adopted(as_person, named=True)
    with as_person("demo-leader"):
        assert not Project.objects.filter(pk=pk).exists()
        assert not Origin.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            Descendant.objects.create(story_id=1, origin_id=999, at=AT)
        assert Descendant.objects.filter(story_id=1).update(worked="yes") == 0
    page = signed_in("demo-leader").get("/projects/1/story/").content.decode()
    assert f"/projects/{pk}/" not in page
    assert "Lamps at home" not in page
    assert signed_in("demo-care").get("/projects/1/").status_code == 404  # nor the other way round


def test_a_place_can_be_hidden_again(as_person):
    pk = adopted(as_person, named=True)
    assert seen_by_the_ward(as_person)["place"]
    with as_person("demo-care") as drew:
        actions.say_how_it_went(actor=drew, at=AT, project=pk, worked="early", named=False)
    assert seen_by_the_ward(as_person)["place"] == ""


def test_nobody_takes_up_what_is_not_public(as_person, partnered):
    _, edition = asked(as_person, partnered)
    with as_person("demo-care") as drew:
        here = organisations.unit(viewer=drew, code="DEMO-CARE")
        with pytest.raises(NotFoundHere):
            actions.adopt_story(actor=drew, at=AT, story=edition.story_id, unit=here, title="x")
        mine = actions.begin_project(actor=drew, at=AT, unit=here, title="x", aim=actions.Aim())
        with pytest.raises(DatabaseError), transaction.atomic():  # nor by writing the row oneself
            Origin.objects.create(project_id=mine, story_id=edition.story_id, title="x", place="x", at=AT)


def test_whoever_may_begin_nothing_takes_nothing_up(as_person, signed_in, client):
    assert client.get("/projects/stories/1/adopt/").status_code == 403
    assert signed_in("demo-partner").get("/projects/stories/1/adopt/").status_code == 403
    with as_person("demo-care") as drew:
        ward = organisations.unit(viewer=drew, code="DEMO-WARD-7")
        with pytest.raises(PermissionDenied):  # for a team of one's own only
            actions.adopt_story(actor=drew, at=AT, story=1, unit=ward, title="x")
        with pytest.raises(UnableTo, match="no such change"):
            actions.adopt_story(actor=drew, at=AT, story=1, unit=organisations.unit(viewer=drew, code="DEMO-CARE"), title="x", change="y")


def test_what_was_taken_up_stays_when_the_story_is_withdrawn(as_person, signed_in):
    pk = adopted(as_person)
    with as_person("demo-partner") as bo:
        actions.withdraw_story(actor=bo, at=AT, project=1)
    with as_person("demo-care") as drew:
        actions.say_how_it_went(actor=drew, at=AT, project=pk, worked="no")
    assert signed_in("demo-care").get("/projects/stories/1/").status_code == 404
    assert "Fewer falls" in signed_in("demo-care").get(f"/projects/{pk}/story/").content.decode()
    assert seen_by_the_ward(as_person)["worked"] == "no"


# ---- Files -----------------------------------------------------------------------------------------


def test_the_slides_hold_every_part_and_a_chart_of_their_own(signed_in):
    answer = signed_in("demo-leader").get("/projects/1/story.pptx")
    slides = Presentation(io.BytesIO(answer.content)).slides
    text = "\n".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)
    assert "I can see my slippers now." in text
    assert "somebody on the late shift" in text or "one person on the late shift" in text
    assert sum(shape.has_chart for slide in slides for shape in slide.shapes) == 1
    pictures = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    assert [bool(shape._element.nvPicPr.cNvPr.get("descr")) for shape in pictures] == [True]


def test_a_kept_story_reads_back_as_it_was(as_person):
    from espalier.projects.queries.stories_told import kept, read

    with as_person("demo-leader") as alex:
        story = queries.told(viewer=alex, project=queries.project(viewer=alex, pk=1), today=AT.date())
    back = read(json.loads(json.dumps(kept(story, made_on=AT.date()))))
    assert words.document(back, made_on=AT.date()) == words.document(story, made_on=AT.date())
    assert back.changes == story.changes


def test_no_edit_of_a_story_is_seen_outside_its_team(as_person):
    with as_person("demo-analyst"):
        assert not Edit.objects.filter(kind__in=("story", "voice", "edition")).exists()


def test_an_empty_story_is_not_offered_to_everybody(begun, signed_in):
    page = f"/projects/{begun}/story/public/"
    empty = signed_in("demo-leader").get(page).content.decode()
    assert "Write what you learned, or what got better, first" in empty and "Let everybody read it" not in empty
    told = signed_in("demo-leader").get("/projects/1/story/public/").content.decode()
    assert "got better, first" not in told


def taken_up(as_person, who, place, **facts):
    with as_person(who) as one:
        here = organisations.unit(viewer=one, code=place)
        return actions.adopt_story(actor=one, at=AT, story=1, unit=here, title="Lamps again", **facts)


def test_a_team_does_not_take_up_its_own_story(as_person, signed_in):
    with pytest.raises(UnableTo, match="your own story"):
        taken_up(as_person, "demo-leader", "DEMO-WARD-7")
    facts = {"title": "Ours", "place": "DEMO-WARD-7", "change": "", "altered": "", "named": "no", "asked": "yes"}
    page = signed_in("demo-leader").post("/projects/stories/1/adopt/", facts, follow=True).content.decode()
    assert "This is your own story" in page
    with as_person("demo-leader"):
        assert Descendant.objects.filter(story_id=1).count() == 1  # that of the demonstration


def test_a_place_takes_a_change_up_once_and_not_the_whole_after_a_part(as_person):
    """The demonstration's care provider has taken one change up."""
    with pytest.raises(UnableTo, match="taken this up already") as refused:
        taken_up(as_person, "demo-care", "DEMO-CARE")
    assert "Lamps that go on by themselves" in refused.value.to_do
    with as_person("demo-care") as drew:
        had = Origin.objects.get(story_id=1, project__unit__code="DEMO-CARE").change
        other = next(one.words for one in queries.public_story(viewer=drew, story_id=1).told.changes if one.words != had)
    with pytest.raises(UnableTo, match="taken this up already"):
        taken_up(as_person, "demo-care", "DEMO-CARE", change=had)
    assert taken_up(as_person, "demo-care", "DEMO-CARE", change=other)


def test_readers_are_told_each_place_once():
    """Two answers of one named place are its last; places that are not named count each for itself."""

    def one(place, worked, days):
        return Elsewhere(place, "", worked, AT, AT + timedelta(days=days) if days else None)

    several = [one("Elm Tree", "early", 0), one("Elm Tree", "no", 3), one("Elm Tree", "yes", 9), one("", "no", 1), one("", "no", 1)]
    assert words.took_up(several) == "3 other teams took this up: it worked for 1, not for 2."
    assert words.took_up([]) == ""


def test_the_list_says_how_many_places_took_a_story_up(client):
    assert "taken up by 1 other team" in client.get("/projects/stories/").content.decode()


def test_a_night_in_summer_has_one_day_on_the_whole_page(signed_in):
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as

    night = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight where the story is told
    with acting_as(system_viewer()):
        Edition.objects.filter(project_id=1, state="public").update(public_at=night)
    page = signed_in("demo-leader").get("/projects/1/story/public/").content.decode()
    assert page.count("1 July 2026") == 2
    assert "30 June 2026" not in page


# ---- Open to everybody, and its story not ------------------------------------------------------------


def test_a_project_open_to_everybody_keeps_its_story_until_a_partner_says_yes(as_person, partnered, client, signed_in):
    address = f"/projects/{partnered}/story"
    with as_person("demo-leader") as alex:
        actions.add_voice(actor=alex, at=AT, project=partnered, words="I sleep now", said_by="patient")
        actions.open_to(actor=alex, at=AT, project=partnered, whom="everybody")
    assert client.get(f"/projects/{partnered}/").status_code == 200
    assert [client.get(f"{address}{end}").status_code for end in ("/", ".pdf", ".pptx")] == [404, 404, 404]
    with as_person("demo-care"):  # of another organisation
        assert not Story.objects.filter(project_id=partnered).exists()
        assert not Voice.objects.filter(project_id=partnered).exists()
    assert "I sleep now" in signed_in("demo-improver").get(f"{address}/").content.decode()  # of the same one
    client.logout()
    _, edition = asked(as_person, partnered)
    answered(as_person, partnered, edition, "yes")
    assert client.get(f"{address}/").url == f"/projects/stories/{edition.story_id}/"
    assert client.get(f"{address}.pdf").url == f"/projects/stories/{edition.story_id}/story.pdf"


def test_a_partner_who_has_not_answered_yet_is_not_taken_out(as_person, partnered, number):
    _, edition = asked(as_person, partnered)
    with as_person("demo-leader") as alex, pytest.raises(UnableTo, match="have not answered yet"):
        actions.leave_project(actor=alex, at=AT, project=partnered, account_id=number("demo-partner"))
    answered(as_person, partnered, edition, "no")
    with as_person("demo-leader") as alex:
        actions.leave_project(actor=alex, at=AT, project=partnered, account_id=number("demo-partner"))
    assert asked_again_is_refused(as_person, partnered)


def asked_again_is_refused(as_person, project):
    with as_person("demo-leader") as alex, pytest.raises(UnableTo, match="no"):
        actions.ask_to_publish(actor=alex, at=AT, project=project)
    return True


def test_a_partner_who_says_no_reads_that_the_edition_from_before_stays(as_person, partnered, signed_in):
    _, first = asked(as_person, partnered)
    answered(as_person, partnered, first, "yes")
    _, second = asked(as_person, partnered)
    bo = signed_in("demo-partner")
    sent = {"do": "answer", "edition": str(second.pk), "says": "no"}
    page = bo.post(f"/projects/{partnered}/story/public/", sent, follow=True).content.decode()
    assert "The edition from before stays public until you or the team withdraw it" in page
    assert "Withdraw the story" in page


# ---- Two at once -----------------------------------------------------------------------------------


def person(name):
    return viewer_of(account(name))


def asks_anew(project):
    with acting_as(person("demo-leader")) as alex:
        actions.ask_to_publish(actor=alex, at=AT + timedelta(days=1), project=project)
        time.sleep(0.8)  # what is not stored yet is not seen by the other


def withdraws(project):
    time.sleep(0.4)
    with acting_as(person("demo-partner")) as bo:
        actions.withdraw_story(actor=bo, at=AT + timedelta(days=1, seconds=1), project=project)


@pytest.mark.parametrize("stands", ["partner", "has left", "member today"])
def test_a_withdrawal_that_meets_a_new_asking_ends_what_stands_and_its_no_is_kept(own_database, stands):
    with acting_as(person("demo-leader")) as alex:
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        project = actions.begin_project(actor=alex, at=AT, unit=ward, title="Quiet", aim=actions.Aim(start=9, goal=3, unit="calls"))
        partner = {"actor": alex, "at": AT, "project": project, "account_id": account("demo-partner").pk}
        actions.add_member(role="partner", **partner)
        actions.write_story(actor=alex, at=AT, project=project, section="learned", words="Ask first.", seen=sign(""))
        actions.ask_to_publish(actor=alex, at=AT, project=project)
        edition = queries.editions_of(project)[0]
    if stands != "partner":
        with acting_as(person("demo-partner")) as bo:
            actions.answer_story(actor=bo, at=AT, project=project, edition=edition.pk, says="yes")
            actions.stop_partner(actor=bo, at=AT, project=project)
    if stands == "member today":
        with acting_as(person("demo-leader")) as alex:
            actions.add_member(role="member", **partner | {"actor": alex})
    assert together(lambda: asks_anew(project), lambda: withdraws(project)) == ["done", "done"]
    with acting_as(person("demo-leader")) as alex:
        assert Edition.objects.filter(project_id=project).count() == 2
        assert not Edition.objects.filter(project_id=project, state__in=("asked", "public")).exists()
        assert EditionAnswer.objects.filter(project_id=project).order_by("at", "pk").last().says == "no"
    if stands != "partner":
        with acting_as(person("demo-leader")) as alex, pytest.raises(UnableTo, match="was your partner said no"):
            actions.ask_to_publish(actor=alex, at=AT + timedelta(days=2), project=project)


def test_a_story_taken_back_while_it_is_asked_anew_does_not_become_public(own_database):
    """The one who has left takes back first; who asks waits for their no, then counts it."""
    with acting_as(person("demo-leader")) as alex:
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        project = actions.begin_project(actor=alex, at=AT, unit=ward, title="Quiet", aim=actions.Aim(start=9, goal=3, unit="calls"))
        actions.add_member(actor=alex, at=AT, project=project, account_id=account("demo-partner").pk, role="partner")
        actions.write_story(actor=alex, at=AT, project=project, section="learned", words="Ask first.", seen=sign(""))
        actions.ask_to_publish(actor=alex, at=AT, project=project)
        edition = queries.editions_of(project)[0]
    with acting_as(person("demo-partner")) as bo:
        actions.answer_story(actor=bo, at=AT, project=project, edition=edition.pk, says="yes")
        actions.stop_partner(actor=bo, at=AT, project=project)

    def withdraws_slowly():
        with acting_as(person("demo-partner")) as bo:
            actions.withdraw_story(actor=bo, at=AT + timedelta(days=1), project=project)
            time.sleep(0.8)

    def asks_meanwhile():
        time.sleep(0.4)
        with acting_as(person("demo-leader")) as alex:
            return actions.ask_to_publish(actor=alex, at=AT + timedelta(days=1), project=project)

    assert together(withdraws_slowly, asks_meanwhile) == ["done", "asked"]
    with acting_as(person("demo-leader")):
        assert not Edition.objects.filter(project_id=project, state="public").exists()
