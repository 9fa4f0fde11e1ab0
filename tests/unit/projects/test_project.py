"""A project from its beginning: its aim, its people, how it stands, and taking changes back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from tests.unit.projects.conftest import AT

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.models import PartnerRole

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def rooms():
    from espalier.projects import actions, queries

    return actions, queries


def test_it_begins_private_with_its_maker_leading(begun, as_person):
    _, queries = rooms()
    with as_person("demo-leader") as alex:
        found = queries.project(viewer=alex, pk=begun)
    assert (found.title, found.state, found.open_to, found.my_role) == ("Quieter nights", "planning", "team", "leader")
    assert (found.aim_from, found.aim_to, found.aim_unit) == (9.0, 3.0, "calls")
    with as_person("demo-nurse") as sam, pytest.raises(NotFoundHere):
        queries.project(viewer=sam, pk=begun)


def test_its_record_is_weighed_with_each_change(begun, as_person, number):
    actions, queries = rooms()
    with as_person("demo-leader") as alex:
        assert queries.project(viewer=alex, pk=begun).supports == 0.5  # an aim, and nobody beside its leader
        actions.add_member(actor=alex, at=LATER, project=begun, account_id=number("demo-nurse"), role="member")
        found = queries.project(viewer=alex, pk=begun)
        assert found.supports == 1.0
        assert queries.evidence_of(found).score.reason == "Its aim has a number and it has a team."


def test_an_aim_that_somebody_else_changed_meanwhile_is_not_overwritten(begun, as_person, number):
    actions, queries = rooms()
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=AT, project=begun, account_id=number("demo-nurse"), role="member")
        seen = queries.aim_of(viewer=alex, pk=begun).sign
        assert actions.change_aim(actor=alex, at=LATER, project=begun, words={"aim_to": 2.0, "aim_by": date(2027, 3, 1)}, seen=seen)
    with as_person("demo-nurse") as sam:
        with pytest.raises(actions.ChangedMeanwhile) as other:
            actions.change_aim(actor=sam, at=LATER, project=begun, words={"aim_to": 5.0}, seen=seen)
        assert (other.value.now["aim_to"], other.value.now["aim_by"]) == (2.0, date(2027, 3, 1))
        assert queries.project(viewer=sam, pk=begun).aim_to == 2.0
        assert actions.change_aim(actor=sam, at=LATER, project=begun, words={"aim_to": 5.0}, seen=other.value.seen)


def test_other_work_in_the_project_does_not_stand_in_the_way_of_the_aim(begun, as_person):
    actions, queries = rooms()
    with as_person("demo-leader") as alex:
        seen = queries.aim_of(viewer=alex, pk=begun).sign
        actions.open_to(actor=alex, at=LATER, project=begun, whom="organisation")
        assert actions.change_aim(actor=alex, at=LATER, project=begun, words={"aim_for": "patients"}, seen=seen)
        seen = queries.aim_of(viewer=alex, pk=begun).sign
        assert not actions.change_aim(actor=alex, at=LATER, project=begun, words={"aim_for": "patients"}, seen=seen)  # nothing differs


def test_who_leads_alone_cannot_leave_but_anybody_else_always_may(begun, as_person, number):
    actions, queries = rooms()
    with as_person("demo-leader") as alex:
        with pytest.raises(UnableTo, match="Name another leader first"):
            actions.leave_project(actor=alex, at=AT, project=begun, account_id=alex.account_id)
        with pytest.raises(UnableTo, match="Name another leader first"):
            actions.change_part(actor=alex, at=AT, project=begun, account_id=alex.account_id, role="member")
        with pytest.raises(UnableTo, match="Name another leader first"):
            actions.add_member(actor=alex, at=AT, project=begun, account_id=alex.account_id, role="member")
        actions.add_member(actor=alex, at=AT, project=begun, account_id=number("demo-nurse"), role="member")
    with as_person("demo-nurse") as sam:
        with pytest.raises(PermissionDenied, match="leader or coach"):
            actions.leave_project(actor=sam, at=LATER, project=begun, account_id=number("demo-leader"))
        actions.leave_project(actor=sam, at=LATER, project=begun, account_id=sam.account_id)
        with pytest.raises(NotFoundHere):
            queries.project(viewer=sam, pk=begun)


def test_a_partner_keeps_that_part_and_can_be_taken_in_anew(begun, as_person, number):
    actions, queries = rooms()
    bo = number("demo-partner")
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=AT, project=begun, account_id=bo, role="partner")
        for step in (actions.add_member, actions.change_part):  # their yes to a story, and their money, hang on it
            with pytest.raises(UnableTo, match="partner keeps that part"):
                step(actor=alex, at=LATER, project=begun, account_id=bo, role="member")
        PartnerRole.objects.create(project_id=begun, account_id=bo, asked="To listen", changed_at=AT)
    with as_person("demo-partner") as viewer:
        actions.stop_partner(actor=viewer, at=LATER, project=begun)
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=LATER, project=begun, account_id=bo, role="partner")
        assert {one.role for one in queries.project(viewer=alex, pk=begun).members if one.account_id == bo} == {"partner"}
        assert not PartnerRole.objects.filter(project_id=begun).exclude(stopped_at=None)


def test_the_lead_is_handed_over_and_handed_back(begun, as_person, number):
    actions, queries = rooms()
    sam = number("demo-nurse")
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=AT, project=begun, account_id=sam, role="member")
        actions.hand_over(actor=alex, at=LATER, project=begun, account_id=sam)
        found = queries.project(viewer=alex, pk=begun)
        assert {one.account_id: one.role for one in found.members} == {alex.account_id: "member", sam: "leader"}
        with pytest.raises(PermissionDenied):
            actions.open_to(actor=alex, at=LATER, project=begun, whom="everybody")
    with as_person("demo-nurse") as viewer:
        edit = queries.overview(viewer=viewer, project=queries.project(viewer=viewer, pk=begun), at=LATER).undo
        actions.undo_in_project(actor=viewer, at=LATER + timedelta(hours=1), project=begun, edit=edit)
        assert {one.role for one in queries.project(viewer=viewer, pk=begun).members if one.account_id == sam} == {"member"}


def test_it_stops_with_a_reason_and_starts_again(begun, as_person):
    actions, queries = rooms()
    with as_person("demo-leader") as alex:
        with pytest.raises(UnableTo, match="Say why you stop"):
            actions.move_project(actor=alex, at=AT, project=begun, to="stopped", why="  ")
        with pytest.raises(UnableTo, match="stands differently"):
            actions.move_project(actor=alex, at=AT, project=begun, to="finished")
        actions.move_project(actor=alex, at=LATER, project=begun, to="stopped", why="No time this winter")
        found = queries.project(viewer=alex, pk=begun)
        assert (found.state, found.why_stopped, found.ended_on) == ("stopped", "No time this winter", date(2026, 12, 1))
        actions.move_project(actor=alex, at=LATER, project=begun, to="active")
        found = queries.project(viewer=alex, pk=begun)
        assert (found.state, found.why_stopped, found.ended_on) == ("active", "", None)


def test_only_the_newest_change_is_taken_back_and_days_come_back_as_days(begun, as_person):
    actions, queries = rooms()
    with as_person("demo-leader") as alex:
        for hours, day in ((1, date(2027, 3, 1)), (2, date(2027, 6, 1))):
            seen = queries.aim_of(viewer=alex, pk=begun).sign
            actions.change_aim(actor=alex, at=AT + timedelta(hours=hours), project=begun, words={"aim_by": day}, seen=seen)
        first, second = (
            one.pk for one in queries.overview(viewer=alex, project=queries.project(viewer=alex, pk=begun), at=AT).lately[1::-1]
        )
        with pytest.raises(UnableTo, match="no longer the newest"):
            actions.undo_in_project(actor=alex, at=AT + timedelta(hours=3), project=begun, edit=first)
        actions.undo_in_project(actor=alex, at=AT + timedelta(hours=3), project=begun, edit=second)
        assert queries.project(viewer=alex, pk=begun).aim_by == date(2027, 3, 1)
        with pytest.raises(UnableTo, match="no longer the newest"):
            actions.undo_in_project(actor=alex, at=AT + timedelta(hours=4), project=begun, edit=second)


@pytest.mark.parametrize("said", [0.0, 0.4, 5.5, 2.7])
def test_what_the_team_says_is_a_half_step(begun, as_person, said):
    actions, _ = rooms()
    with as_person("demo-leader") as alex, pytest.raises(UnableTo, match="steps of a half"):
        actions.say_progress(actor=alex, at=AT, project=begun, said=said)


def test_what_stands_still_is_due_from_who_leads_it(begun, as_person):
    actions, queries = rooms()
    with as_person("demo-leader") as alex:
        actions.move_project(actor=alex, at=AT, project=begun, to="active")
        assert [one for one in queries.due(viewer=alex, at=AT + timedelta(days=89)) if one.href == f"/projects/{begun}/"] == []
        found = [one for one in queries.due(viewer=alex, at=AT + timedelta(days=90)) if one.href == f"/projects/{begun}/"]
    assert [(one.what, one.since_on) for one in found] == [("Your project begun on 1 December 2026 stands still", date(2026, 12, 1))]


def test_the_list_is_narrowed(begun, as_person):
    _, queries = rooms()

    def titles(**wanted):
        page = queries.projects_page(viewer=alex, wanted=queries.Wanted(**wanted), page="1", at=AT)
        return {one.line.title for one in page.lines}

    with as_person("demo-leader") as alex:
        assert "Quieter nights" in titles(text="quieter NIGHT")
        assert titles(text="quieter", state="active") == set()
        assert "Quieter nights" in titles(place="DEMO-TRUST", mine=True)
        assert titles(place="DEMO-CARE") == titles(place="NOSUCH") == set()
        assert "Letters home within a week (made up)" in titles(still=True)
        assert "Letters home within a week (made up)" not in titles(mine=True)


# ---- Through the pages -----------------------------------------------------------------------------


def test_a_number_typed_into_the_form_takes_nobody_of_elsewhere_in(signed_in, number):
    answer = signed_in("demo-leader").post("/projects/1/team/change/", {"do": "add", "account": number("demo-care"), "role": "member"})
    assert answer.status_code == 400
    assert "names you may see" in answer.content.decode()


def test_the_page_of_the_aim_shows_both_and_stores_neither(signed_in):
    client = signed_in("demo-leader")
    aim = {"title": "Mine", "aim_from": "8", "aim_to": "3", "method": "a3", "seen": "of long ago"}
    answer = client.post("/projects/1/aim/", aim)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed the aim meanwhile" in page
    assert 'it now says <strong class="data-name">4</strong>, you typed <strong class="data-name">3</strong>' in page
    assert 'value="Mine"' in page


def test_a_project_begins_with_what_the_address_says(signed_in):
    client = signed_in("demo-nurse")
    assert (
        'value="Warmer soup"' in client.get("/projects/new/?title=Warmer+soup&idea=00000000-0000-0000-0000-000000000001").content.decode()
    )
    assert "Better: Falls" in client.get("/projects/new/?measure=team-falls&place=DEMO-WARD-7").content.decode()
    answer = client.post("/projects/new/", {"title": "Warmer soup"})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "Warmer soup" in page
    assert "How much better?" in page


@pytest.mark.parametrize("typed", [{"title": ""}, {"title": "  "}, {"title": "x", "goal": "many"}, {"title": "x", "start": "9" * 40}])
def test_what_cannot_be_begun_comes_back_as_typed(signed_in, typed):
    assert signed_in("demo-nurse").post("/projects/new/", typed).status_code == 422


def test_whoever_works_nowhere_is_told_where_to_begin(signed_in):
    assert "Begin where you work" in signed_in("demo-partner").get("/projects/new/").content.decode()


def test_an_idea_becomes_the_project_that_began_with_it(signed_in, as_person):
    _, queries = rooms()
    from espalier.demo.project_ideas import SOCKS, number

    client, idea = signed_in("demo-nurse"), number(1)
    answer = client.post(f"/projects/new/?title=Socks&idea={idea}", {"title": SOCKS})
    with as_person("demo-nurse") as sam:
        found = queries.idea_facts(viewer=sam, pk=idea)
    assert found.state == "project"
    assert answer.url == f"/projects/{found.project_id}/"


@pytest.mark.parametrize("idea", ["nonsense", "00000000-0000-0000-0000-000000000001"])
def test_an_idea_that_is_not_there_keeps_nobody_from_beginning(signed_in, idea):
    assert signed_in("demo-nurse").post(f"/projects/new/?idea={idea}", {"title": "Socks"}).status_code == 302


# ---- From a chart ----------------------------------------------------------------------------------


def test_somebody_tells_charts_where_improving_begins():
    from espalier.measures.queries import starting

    assert starting.is_filled()


START = "/projects/new/?measure=team-falls&amp;place=DEMO-WARD-7"


@pytest.mark.parametrize(
    ("who", "there"),
    [("demo-nurse", True), ("demo-leader", True), ("demo-partner", False), ("demo-care", False), ("demo-auditor", False), ("", False)],
)
def test_a_chart_leads_to_a_project_for_whoever_may_begin_one_there(client, signed_in, who, there):
    client = signed_in(who) if who else client
    page = client.get("/measures/team-falls/DEMO-WARD-7/")
    assert (START in page.content.decode()) is there
    if there:
        assert client.get(START.replace("&amp;", "&")).status_code == 200


def test_a_chart_with_that_link_still_asks_little(signed_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from tests.contracts.test_pages import questions

    client = signed_in("demo-leader")
    with CaptureQueriesContext(connection) as captured:
        assert START in client.get("/measures/team-falls/DEMO-WARD-7/").content.decode()
    assert len(questions(captured)) <= 12
