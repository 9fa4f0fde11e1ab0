"""The list of coaches: nobody stands in it twice by hand, nobody coaches their own team, and no answer is an error."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from tests.unit.projects.conftest import AT

from espalier.common.errors import UnableTo

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def rooms():
    from espalier.projects import actions, queries

    return actions, queries


def place(viewer, code):
    from espalier.organisations import queries as organisations

    return organisations.unit(viewer=viewer, code=code)


def lines(viewer, account):
    return [(one.place, one.capacity) for one in rooms()[1].coaches_page(viewer=viewer).coaches if one.account_id == account]


def listed(viewer, code, account, capacity=1, at=AT):
    return rooms()[0].keep_coach(actor=viewer, at=at, unit=place(viewer, code), account_id=account, capacity=capacity)


def test_somebody_listed_at_another_place_of_the_organisation_is_moved_there(as_person, number):
    sam = number("demo-nurse")
    with as_person("demo-improver") as pat:
        first = listed(pat, "DEMO-WARD-7", sam)
        assert listed(pat, "DEMO-WARD-12", sam, capacity=3) == first
        assert lines(pat, sam) == [(place(pat, "DEMO-WARD-12").name, 3)]


def test_the_page_says_so_kindly(as_person, signed_in, number):
    client, told = signed_in("demo-improver"), {"who": "demo-nurse@example.org", "capacity": "1", "helps": "", "trained": ""}
    from espalier.organisations.models import Person

    with as_person("demo-improver"):
        told["who"] = Person.objects.get(account_id=number("demo-nurse")).name
    page = client.post("/projects/coaches/", told | {"place": "DEMO-TRUST"}, follow=True)
    assert "They are on the list now." in page.content.decode()
    page = client.post("/projects/coaches/", told | {"place": "DEMO-TRUST", "capacity": "2"}, follow=True)
    assert "They were on the list already. What it says is changed." in page.content.decode()


def test_taking_back_an_end_when_they_were_listed_again_is_told_and_not_an_error(as_person, signed_in, number):
    actions, _ = rooms()
    sam = number("demo-nurse")
    with as_person("demo-improver") as pat:
        old = listed(pat, "DEMO-WARD-7", sam)
        actions.end_coach(actor=pat, at=LATER, coach=old)
        for again in ("DEMO-WARD-7", "DEMO-WARD-12"):
            new = listed(pat, again, sam, at=LATER)
            with pytest.raises(UnableTo, match="on the list again"):
                actions.end_coach(actor=pat, at=LATER, coach=old, ended=False)
            actions.end_coach(actor=pat, at=LATER, coach=new)
        actions.end_coach(actor=pat, at=LATER, coach=old, ended=False)
        assert len(lines(pat, sam)) == 1
        listed(pat, "DEMO-WARD-7", sam, at=LATER)
        ended = actions.end_coach(actor=pat, at=LATER, coach=old, ended=False)  # it stands already: nothing to do
        assert ended is None


def test_a_coach_says_what_their_own_line_says_and_lists_themselves_nowhere_else(as_person, number):
    sam = number("demo-nurse")
    with as_person("demo-improver") as pat:
        listed(pat, "DEMO-WARD-7", sam)
    with as_person("demo-nurse") as viewer:
        listed(viewer, "DEMO-WARD-7", sam, capacity=4)
        assert lines(viewer, sam) == [(place(viewer, "DEMO-WARD-7").name, 4)]
        with pytest.raises(PermissionDenied):
            listed(viewer, "DEMO-CARE", sam)


def test_who_is_listed_twice_after_a_place_moved_is_counted_once(as_person, number):
    from espalier.projects.models import Coach

    with as_person("demo-improver") as pat:
        before = rooms()[1].coaches_page(viewer=pat)
        line = Coach.objects.get(account_id=pat.account_id, until=None)
        Coach.objects.create(
            account_id=pat.account_id, unit_id=place(pat, "DEMO-WARD-7").pk, since=line.since, capacity=line.capacity, trained_on=line.trained_on
        )  # fmt: skip
        after = rooms()[1].coaches_page(viewer=pat)
        assert len(after.coaches) == len(before.coaches) + 1
        assert (after.free, after.trained, after.active) == (before.free, before.trained, before.active)
        kept = listed(pat, "DEMO-WARD-7", pat.account_id, capacity=9)  # the line of that very place
        assert kept != line.pk


def on_the_list(unit, account):
    """Put somebody on the list as they would stand there since a day on which they were staff."""
    from espalier.projects.models import Coach

    Coach.objects.create(account_id=account, unit_id=unit.pk, since=AT.date(), capacity=9)


def asking(as_person, begun):
    with as_person("demo-leader") as alex:
        return rooms()[0].ask_for_coach(actor=alex, at=AT, project=begun, words="Falls")


def requests_of(viewer, pk):
    return next(one for one in rooms()[1].coaches_page(viewer=viewer).requests if one.pk == pk)


def test_nobody_is_proposed_to_a_team_they_are_in(begun, as_person, number):
    actions, _ = rooms()
    alex_id, sam = number("demo-leader"), number("demo-nurse")
    request = asking(as_person, begun)
    with as_person("demo-improver") as pat:
        for one in rooms()[1].coaches_page(viewer=pat).coaches:  # those of the demonstration
            actions.end_coach(actor=pat, at=AT, coach=one.pk)
        listed(pat, "DEMO-WARD-7", alex_id, capacity=9)
        assert requests_of(pat, request).coach_account_id is None
        listed(pat, "DEMO-WARD-7", sam, capacity=9)
        assert requests_of(pat, request).coach_account_id == sam
    with as_person("demo-leader") as alex:  # open to its team only: Pat cannot read who is in it
        actions.add_member(actor=alex, at=AT, project=begun, account_id=sam, role="member")
    with as_person("demo-improver") as pat:
        assert requests_of(pat, request).coach_account_id is None
        for who in (alex_id, sam):
            with pytest.raises(UnableTo, match="takes part in the project already"):
                actions.propose_coach(actor=pat, at=LATER, request=request, account_id=who)


def test_who_comes_into_the_team_meanwhile_is_not_taken_in_as_its_coach(begun, as_person, number):
    actions, queries = rooms()
    sam, request = number("demo-nurse"), asking(as_person, begun)
    with as_person("demo-improver") as pat:
        listed(pat, "DEMO-WARD-7", sam)
        actions.propose_coach(actor=pat, at=AT, request=request, account_id=sam)
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=AT, project=begun, account_id=sam, role="member")
        with pytest.raises(UnableTo, match="takes part in the project already"):
            actions.answer_proposal(actor=alex, at=LATER, project=begun, agreed=True)
        assert {one.account_id: one.role for one in queries.project(viewer=alex, pk=begun).members}[sam] == "member"


def test_who_is_in_a_team_is_told_to_nobody_else(begun, as_person, number):
    from espalier.projects.queries.coaches import in_their_teams

    request = asking(as_person, begun)
    with as_person("demo-improver") as pat:
        assert in_their_teams(viewer=pat, requests=[request]) == {}, "Alex is not on the list of coaches"
        listed(pat, "DEMO-WARD-7", number("demo-leader"))
        assert in_their_teams(viewer=pat, requests=[request]) == {request: {number("demo-leader")}}
    with as_person("demo-care") as outside:
        assert in_their_teams(viewer=outside, requests=[request]) == {}, "of another organisation"


@pytest.mark.parametrize("role", ["coach", "member", "sponsor"])
def test_the_last_leader_keeps_that_part(begun, as_person, number, role):
    actions, _ = rooms()
    with as_person("demo-leader") as alex:
        for change in (actions.change_part, actions.add_member):
            with pytest.raises(UnableTo, match="needs somebody who leads"):
                change(actor=alex, at=LATER, project=begun, account_id=number("demo-leader"), role=role)


def test_nobody_was_trained_in_a_year_to_come(as_person, signed_in, number):
    from datetime import date

    actions, _ = rooms()
    with as_person("demo-improver") as pat:
        for day in (date(2040, 1, 1), AT.date() + timedelta(days=1), date(1890, 1, 1)):
            with pytest.raises(UnableTo, match="trained on that day"):
                actions.keep_coach(
                    actor=pat, at=AT, unit=place(pat, "DEMO-WARD-7"), account_id=number("demo-nurse"), capacity=1, trained_on=day
                )  # fmt: skip
        from espalier.organisations.models import Person

        sam = Person.objects.get(account_id=number("demo-nurse")).name
    told = {"who": sam, "place": "DEMO-TRUST", "capacity": "1", "trained-day": "1", "trained-month": "1", "trained-year": "2040"}
    page = signed_in("demo-improver").post("/projects/coaches/", told)
    assert (page.status_code, "Nobody can have been trained on that day." in page.content.decode()) == (422, True)


def test_a_partner_is_not_proposed_as_coach_of_the_same_project(begun, as_person, number):
    actions, _ = rooms()
    bo, request = number("demo-partner"), asking(as_person, begun)
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=AT, project=begun, account_id=bo, role="partner")
    with as_person("demo-improver") as pat:
        on_the_list(place(pat, "DEMO-WARD-7"), bo)
        assert requests_of(pat, request).coach_account_id != bo
        with pytest.raises(UnableTo, match="takes part in the project already"):
            actions.propose_coach(actor=pat, at=LATER, request=request, account_id=bo)


@pytest.mark.parametrize("before", ["DEMO-TRUST", "DEMO-WARD-12"])
def test_what_is_left_empty_stays_as_the_list_said_it(as_person, signed_in, number, before):
    from datetime import date

    from espalier.organisations.models import Person

    sam = number("demo-nurse")
    with as_person("demo-improver") as pat:
        trust, said = place(pat, "DEMO-TRUST"), {"helps_with": "Falls", "trained_on": date(2025, 3, 4)}
        rooms()[0].keep_coach(actor=pat, at=AT, unit=place(pat, before), account_id=sam, capacity=1, **said)
        name = Person.objects.get(account_id=sam).name
    client = signed_in("demo-improver")
    assert "What you leave empty stays as it is." in client.get("/projects/coaches/").content.decode()
    told = {"who": name, "place": "DEMO-TRUST", "capacity": "5", "helps": "", "trained-day": "", "trained-month": "", "trained-year": ""}
    for more in ({}, {"helps": "Theatre flow"}):
        assert client.post("/projects/coaches/", told | more).status_code == 302
        with as_person("demo-improver") as pat:
            now = rooms()[1].listed_as(viewer=pat, account_id=sam, unit_id=trust.pk)
            assert (now.unit_id, now.capacity) == (trust.pk, 5)
            assert (now.helps_with, now.trained_on) == (more.get("helps", "Falls"), date(2025, 3, 4))


def test_a_partner_is_no_coach(begun, as_person, signed_in, number):
    from espalier.organisations.models import Person

    actions, _ = rooms()
    bo, request = number("demo-partner"), asking(as_person, begun)
    with as_person("demo-improver") as pat:
        for one in rooms()[1].coaches_page(viewer=pat).coaches:
            actions.end_coach(actor=pat, at=AT, coach=one.pk)
        with pytest.raises(UnableTo, match="Coaches are staff"):
            listed(pat, "DEMO-WARD-7", bo)
        told = {"who": Person.objects.get(account_id=bo).name, "place": "DEMO-TRUST", "capacity": "1"}
    page = signed_in("demo-improver").post("/projects/coaches/", told)
    assert (page.status_code, "Coaches are staff, and this person holds no role of staff now." in page.content.decode()) == (422, True)
    with as_person("demo-improver") as pat:
        on_the_list(place(pat, "DEMO-WARD-7"), bo)
        assert requests_of(pat, request).coach_account_id is None
        with pytest.raises(UnableTo, match="Coaches are staff"):
            actions.propose_coach(actor=pat, at=LATER, request=request, account_id=bo)


def test_who_left_is_not_proposed_though_the_list_still_names_them(begun, as_person, number):
    from espalier.organisations.models import Assignment, Grant

    request, sam = asking(as_person, begun), number("demo-nurse")
    with as_person("demo-improver") as pat:
        for one in rooms()[1].coaches_page(viewer=pat).coaches:
            rooms()[0].end_coach(actor=pat, at=AT, coach=one.pk)
        listed(pat, "DEMO-WARD-7", sam, capacity=9)
        assert requests_of(pat, request).coach_account_id == sam
        Grant.objects.filter(person__account_id=sam).delete()
        Assignment.objects.filter(person__account_id=sam).delete()
        assert requests_of(pat, request).coach_account_id is None


@pytest.mark.parametrize("who", [0, 999_999])
def test_who_is_not_on_the_list_is_not_said_to_be_busy(begun, as_person, who):
    request = asking(as_person, begun)
    with as_person("demo-improver") as pat, pytest.raises(UnableTo, match="Choose somebody who is on the list"):
        rooms()[0].propose_coach(actor=pat, at=LATER, request=request, account_id=who)


def test_an_answer_that_no_button_sends_leaves_the_proposal_as_it_is(begun, as_person, signed_in, number):
    actions, queries = rooms()
    request = asking(as_person, begun)
    with as_person("demo-improver") as pat:
        listed(pat, "DEMO-WARD-7", number("demo-nurse"))
        actions.propose_coach(actor=pat, at=AT, request=request, account_id=number("demo-nurse"))
    page = signed_in("demo-leader").post(f"/projects/{begun}/coach/ask/", {"do": "bogus"}, follow=True)
    assert "Nothing is changed." in page.content.decode()
    with as_person("demo-leader") as alex:
        assert queries.ask_block(viewer=alex, project=queries.project(viewer=alex, pk=begun)).state == "offered"
