"""Days and numbers that cannot be are asked again, kindly, beside their box."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.projects.conftest import AT

from espalier.common.errors import UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.rules.days import wrong_day
from espalier.projects.rules.predictions import Prediction, impossible

FALLS, HANDS = 1, 2  # a rate and a percentage
TODAY = AT.date()


@given(day=st.dates(), today=st.dates(date(2020, 1, 1), date(2060, 1, 1)), ahead=st.integers(0, 30))
def test_a_day_is_wrong_before_the_first_or_after_the_last_and_right_between(day, today, ahead):
    last = date(today.year + ahead, today.month, min(today.day, 28))
    found = wrong_day(day, today=today, ahead=ahead)
    if date(2000, 1, 1) <= day <= last:
        assert found == ""
    elif day < date(2000, 1, 1):
        assert found == "early"
    elif day > last + timedelta(days=3):  # a month's 29th to 31st
        assert found == "late"


@given(low=st.floats(-200, 200), high=st.floats(-200, 200), measured_in=st.sampled_from(["count", "rate", "percent", "score", "days"]))
def test_what_a_measure_can_never_be(low, high, measured_in):
    low, high = min(low, high), max(low, high)
    never_below, never_above = measured_in in {"count", "rate", "percent"}, measured_in == "percent"
    wanted = "below" if never_below and low < 0 else "above" if never_above and high > 100 else ""
    assert impossible(Prediction(low=low, high=high), measured_in=measured_in) == wanted
    assert impossible(Prediction(), measured_in=measured_in) == ""


def new(**more):
    answers = {
        "idea_id": None, "idea": "Quiet shoes", "counted_id": None, "predicted": None, "predicted_low": None, "predicted_high": None,
        "starts_on": TODAY, "who": "Sam",
    }  # fmt: skip
    return actions.NewTest(**(answers | more))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "said", "code"),
    [
        ({"starts_on": date(1999, 12, 31)}, "too long ago", "starts_on"),
        ({"starts_on": date(9999, 1, 1)}, "too far ahead", "starts_on"),
        ({"starts_on": date(2028, 12, 2)}, "too far ahead", "starts_on"),  # the day after two years
        ({"counted_id": FALLS, "predicted": -1.0}, "never below 0", "predicted"),
        ({"counted_id": HANDS, "predicted_low": -5.0, "predicted_high": 20.0}, "never below 0", "predicted"),
        ({"counted_id": HANDS, "predicted_low": 101.0}, "never above 100%", "predicted"),
    ],
)
def test_a_test_begins_on_a_day_that_can_be_and_predicts_what_can_be(as_person, more, said, code):
    with as_person("demo-leader") as alex, pytest.raises(UnableTo, match=said) as refused:
        actions.begin_test(actor=alex, at=AT, project=1, new=new(**more))
    assert refused.value.code == code


@pytest.mark.django_db
def test_a_plan_is_changed_only_to_what_can_be(as_person):
    with as_person("demo-leader") as alex:
        number = actions.begin_test(actor=alex, at=AT, project=1, new=new(counted_id=FALLS, predicted_high=130.0))
        for told, said in (({"starts_on": date(1900, 1, 1)}, "too long ago"), ({"predicted_high": -3.0}, "never below"),
                           ({"counted_id": HANDS}, "never above")):  # fmt: skip
            seen = one(alex, number).seen("plan")
            with pytest.raises(UnableTo, match=said):
                actions.change_test(actor=alex, at=AT, project=1, number=number, box="plan", told=told, seen=seen)


def one(viewer, number, today=TODAY):
    return next(each for each in queries.cycles_of(project=queries.project(viewer=viewer, pk=1), today=today) if each.number == number)


@pytest.mark.django_db
def test_what_lies_ahead_is_neither_studied_nor_decided(as_person, signed_in):
    begins = TODAY + timedelta(days=30)
    with as_person("demo-leader") as alex:
        number = actions.begin_test(actor=alex, at=AT, project=1, new=new(starts_on=begins))
        facts = {"actor": alex, "project": 1, "number": number}
        study, act = one(alex, number).seen("study"), one(alex, number).seen("act")
        with pytest.raises(UnableTo, match=r"starts on 31 December 2026: you can study it and decide from that day on"):
            actions.change_test(**facts, at=AT, box="study", told={"learned": "It helps"}, seen=study)
        with pytest.raises(UnableTo, match="starts on 31 December 2026"):
            actions.decide_test(**facts, at=AT, decision="adopt", seen=act)
        later = datetime(2026, 12, 31, 9, tzinfo=UTC)
        actions.change_test(**facts, at=later, box="study", told={"learned": "It helps"}, seen=study)
        actions.decide_test(**facts, at=later, decision="adopt", seen=act)
        assert one(alex, number, begins).ends_on == begins
        ahead = actions.begin_test(actor=alex, at=AT, project=1, new=new(idea="Soft slippers", starts_on=date(2028, 6, 1)))
    page = signed_in("demo-leader").get(f"/projects/1/tests/{ahead}/").content.decode()
    assert "You can study it and decide from 1 June 2028 on." in page
    assert 'value="adopt"' not in page and "We will not try this" in page


@pytest.mark.django_db
def test_what_will_not_be_tried_is_given_up_before_its_day(as_person):
    begins = TODAY + timedelta(days=30)
    with as_person("demo-leader") as alex:
        number = actions.begin_test(actor=alex, at=AT, project=1, new=new(starts_on=begins))
        actions.decide_test(actor=alex, at=AT, project=1, number=number, decision="abandon", seen=one(alex, number).seen("act"))
        given_up = one(alex, number)
        assert (given_up.decision, given_up.decided_on, given_up.ends_on) == ("abandon", TODAY, begins)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "status", "said"), [("1900", 422, "too long ago"), ("9999", 422, "too far ahead"), ("2027", 302, "")],
)  # fmt: skip
def test_an_aim_is_for_a_day_that_can_be(signed_in, as_person, begun, year, status, said):
    with as_person("demo-leader") as alex:
        shown = queries.shown_aim(queries.project(viewer=alex, pk=begun))
    aim = {"title": "Quieter nights", "aim_by-day": "1", "aim_by-month": "3", "aim_by-year": year, "method": next(iter(queries.methods()))}
    answer = signed_in("demo-leader").post(f"/projects/{begun}/aim/", aim | {"seen": shown.sign})
    assert answer.status_code == status
    assert said in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("year", ["1900", "0001"])
def test_a_review_is_of_a_day_that_can_be_meant(signed_in, year):
    sent = {"title": "A dose given twice", "happened_on-day": "1", "happened_on-month": "3", "happened_on-year": year, "place": "DEMO-WARD-7"}
    answer = signed_in("demo-leader").post("/projects/reviews/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That day is too long ago. Choose 1 January 2000 or later." in page and 'href="#id_happened_on-day"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        ("1900", "", "That day is too long ago. Choose 1 January 2000 or later."), ("0001", "2027", "That day is too long ago."),
        ("2099", "", "That day is too far ahead. Choose a day within the next 5 years."),
        ("2026", "2099", "That day is too far ahead. Choose a day within the next 20 years."), ("2026", "9999", "That day is too far ahead."),
    ],
)  # fmt: skip
def test_worth_is_said_from_and_until_days_that_can_be_meant(signed_in, begun, since, until, says):
    other = {"what": "Lights", "low": "2", "high": "3", "unit": "pounds:once", "releases": "yes", "says": "ward manager", "how": "estimated"}
    sent = {f"{name}-{part}": year and value
            for name, year in (("since", since), ("until", until))
            for part, value in (("day", "1"), ("month", "11"), ("year", year))}  # fmt: skip
    answer = signed_in("demo-leader").post(f"/projects/{begun}/value/new/?kind=cost", other | sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    wrong = "until" if since == "2026" else "since"
    assert says in page and f'href="#id_{wrong}-day"' in page


@pytest.mark.django_db
def test_a_review_is_of_what_has_happened(signed_in, as_person):
    sent = {"title": "A dose given twice", "happened_on-day": "1", "happened_on-month": "3", "happened_on-year": "2099", "place": "DEMO-WARD-7"}
    answer = signed_in("demo-leader").post("/projects/reviews/new/", sent)
    assert (answer.status_code, "That day has not come yet" in answer.content.decode()) == (422, True)
    with as_person("demo-leader") as alex:
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        assert actions.begin_review(actor=alex, at=AT, unit=ward, title="A dose given twice", happened_on=TODAY)


@pytest.mark.django_db
def test_a_value_begins_within_five_years(as_person, begun):
    line = actions.NewValue(
        kind="cost", what="Night lights", amount="hours", per="year", low=Decimal(2), high=Decimal(3), releases=None, since=date(9999, 1, 1),
        until=None, says="the ward manager", how="estimated", source="",
    )  # fmt: skip
    with as_person("demo-leader") as alex:
        with pytest.raises(UnableTo, match="too far ahead") as refused:
            actions.add_value(actor=alex, at=AT, project=begun, value=line)
        assert refused.value.code == "since"
        assert actions.add_value(actor=alex, at=AT, project=begun, value=replace(line, since=date(2031, 12, 1)))


@pytest.mark.django_db
def test_a_test_that_is_decided_is_over_and_no_test_ends_years_ahead(as_person):
    with as_person("demo-leader") as alex:
        number = actions.begin_test(actor=alex, at=AT, project=1, new=new())
        facts = {"actor": alex, "at": AT, "project": 1, "number": number}

        def ends(day):
            told = {"happened": "", "ends_on": day}
            actions.change_test(**facts, box="do", told=told, seen=one(alex, number).seen("do"))

        with pytest.raises(UnableTo, match=r"That day is too far ahead\. A test ends within the next two years\.") as stopped:
            ends(date(2031, 1, 1))
        assert stopped.value.code == "ends_on"
        ends(TODAY + timedelta(days=60))
        actions.decide_test(**facts, decision="adapt", seen=one(alex, number).seen("act"))
        assert one(alex, number).ends_on == TODAY, "what is decided is over"
        with pytest.raises(UnableTo, match="This test is decided, so its last day is not still to come"):
            ends(TODAY + timedelta(days=1))
        ends(TODAY)


@pytest.mark.django_db
def test_a_task_is_due_between_the_beginning_and_five_years_from_now(as_person, signed_in):
    with as_person("demo-leader") as alex:
        number = actions.begin_test(actor=alex, at=AT, project=1, new=new(starts_on=TODAY + timedelta(days=30)))
        begun = queries.project(viewer=alex, pk=1).begun_at.date()
        facts = {"actor": alex, "at": AT, "project": 1, "number": number, "words": "Buy shoes", "account_id": None}
        for day, said in ((date(2001, 1, 1), "before all this began"), (date(2031, 12, 2), "too far ahead")):
            with pytest.raises(UnableTo, match=said) as stopped:
                actions.add_task(**facts, due_on=day)
            assert stopped.value.code == "due_on"
        for day in (begun, TODAY, date(2031, 12, 1)):  # what is got ready comes before the test
            assert actions.add_task(**facts, due_on=day)
    sent = {"box": "task", "words": "Buy shoes", "due_on-day": "1", "due_on-month": "1", "due_on-year": "2001"}
    page = signed_in("demo-leader").post(f"/projects/1/tests/{number}/", sent)
    assert page.status_code == 422
    assert 'href="#id_due_on-day"> That day is before all this began.' in " ".join(page.content.decode().split())


@pytest.mark.django_db
def test_a_percentage_predicted_of_a_rate_is_asked_about_beside_its_box(signed_in):
    sent = {
        "idea_new": "Quiet shoes", "who": "Sam", "measure": FALLS, "predicted": "10%", "starts_on-day": "1", "starts_on-month": "6",
        "starts_on-year": f"{date.today().year + 1}",
    }  # fmt: skip
    page = signed_in("demo-leader").post("/projects/1/tests/new/", sent)
    assert page.status_code == 422
    said = " ".join(page.content.decode().split())
    assert '<a href="#id_predicted"> You wrote a percentage, but this measure is a number per 1,000.' in said
    assert signed_in("demo-leader").post("/projects/1/tests/new/", sent | {"predicted": "10 per 1,000"}).status_code == 302
