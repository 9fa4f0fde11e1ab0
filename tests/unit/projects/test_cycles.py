"""Tests of change in the database: nobody overwrites what they did not see, results come from the measure, and all can be undone."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied

from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR, Viewer
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.measures import actions as figures
from espalier.measures import queries as measures
from espalier.measures.queries import tried
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.models import Cycle, Node, Tally
from espalier.projects.presenters import cycles as words
from espalier.projects.presenters import measuring
from espalier.projects.rules.predicting import read_prediction

pytestmark = pytest.mark.django_db

AT = datetime(2031, 5, 2, 9, tzinfo=UTC)  # after the demonstration was made, whenever that was
FALLS, HANDS = 1, 2  # the project's measures, in the order in which they were chosen


def viewer(username: str) -> Viewer:
    return organisations.viewer_for(get_user_model().objects.get(username=username))


TICKS = itertools.count()  # no two changes happen at one moment: the newest of a thing is the one that is taken back


def now() -> datetime:
    return AT + timedelta(microseconds=next(TICKS))


def do(who: Viewer, action: Any, at: datetime | None = None, **facts: Any):
    with acting_as(who):
        return action(actor=who, at=at or now(), **({"project": 1} | facts))


def begin(who: Viewer, **more: Any) -> int:
    answers = {
        "idea_id": None, "idea": "Quiet shoes", "counted_id": FALLS, "predicted": None, "predicted_low": None, "predicted_high": 5.0,
        "starts_on": date(2031, 1, 1), "who": "Sam",
    }  # fmt: skip
    return do(who, actions.begin_test, new=actions.NewTest(**(answers | more)))


def idea() -> Node:
    """The one idea of these tests: there is never a second of the same words."""
    with acting_as(viewer("demo-leader")):
        return Node.objects.get(words="Quiet shoes")


def page(who: Viewer, number: int):
    with acting_as(who):
        return queries.test_page(viewer=who, project=queries.project(viewer=who, pk=1), number=number, today=AT.date())


def save(person: Viewer, number: int, box: str, seen: str, **told: Any) -> None:
    do(person, actions.change_test, number=number, box=box, told=told, seen=seen)


def put_in(who: Viewer, month: date, falls: float, days: float = 1000) -> None:
    with acting_as(who):
        what, ward = measures.definition(viewer=who, code="team-falls"), organisations.unit(viewer=who, code="DEMO-WARD-7")
        figures.enter_figure(
            actor=who, at=AT, definition=what, unit=ward, period_on=month, numerator=falls, denominator=days, seen=figures.Numbers()
        )


def undo(who: Viewer, kind: str, pk: int) -> str:
    with acting_as(who):
        edit = queries.last_edit(project_id=1, kind=kind, object_id=pk)
        return actions.take_back(actor=who, at=now(), project=1, edit=edit.pk)


# ---- Beginning -------------------------------------------------------------------------------------


def test_four_answers_begin_a_test_and_a_form_sent_twice_begins_one():
    alex = viewer("demo-leader")
    number = begin(alex)
    assert number == 6
    assert begin(alex) == number
    assert idea().state == "testing"
    assert begin(alex, follows=number, idea="Quiet shoes", starts_on=date(2031, 2, 1)) == number + 1
    assert page(alex, number).after[0].number == number + 1
    assert idea().version == 2  # new, then being tested: the second test found it so


def test_a_measure_of_nowhere_and_a_change_of_nothing_are_refused():
    alex = viewer("demo-leader")
    with pytest.raises(UnableTo, match="does not have that measure"):
        begin(alex, counted_id=987)
    with pytest.raises(UnableTo, match="needs a change to try"):
        begin(alex, idea="  ")


@pytest.mark.parametrize(("who", "refused"), [("demo-analyst", PermissionDenied), ("demo-care", NotFoundHere)])
def test_only_its_team_begins_tests(who, refused):
    with pytest.raises(refused):
        begin(viewer(who))
    with acting_as(viewer("demo-leader")):
        assert not Cycle.objects.filter(number=6).exists()


# ---- Studying --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"), [("0.5", "0.5%"), ("90", "90%"), ("at most 0.25", "at most 0.25%"), ("80 to 90.5", "between 80 and 90.5%")],
)  # fmt: skip
def test_a_prediction_is_shown_as_it_was_typed(text, shown):
    """Half a percent is not one percent: figures are rounded as their chart rounds them, what somebody typed is not."""
    told = read_prediction(text)
    number = begin(viewer("demo-leader"), counted_id=2, predicted=told.point, predicted_low=told.low, predicted_high=told.high)
    one = page(viewer("demo-leader"), number).cycle
    assert words.in_words(one) == shown
    assert words.value(one, 0.55) == "1%"


def test_the_result_is_what_the_measure_says_and_is_kept_when_it_is_decided():
    alex = viewer("demo-leader")
    number = begin(alex)
    assert page(alex, number).cycle.found is None
    for month, falls in ((1, 4), (2, 3), (3, 8)):
        put_in(alex, date(2031, month, 1), falls)
    one = page(alex, number).cycle
    assert one.found.value == pytest.approx(5)  # (4 + 3 + 8) / 3 in every 1,000 days
    assert words.verdict(one)[:2] == (
        "So far it holds.", "You predicted at most 5.0 per 1,000. So far it is 5.0 per 1,000."
    )  # fmt: skip
    assert words.how(one) == "This is the mean of 3 figures that lie in the test: January to March 2031."
    do(alex, actions.decide_test, number=number, decision="adopt", seen=one.seen("act"))
    with acting_as(alex):
        kept = Cycle.objects.get(number=number, project_id=1)
    assert (kept.result, kept.state, kept.ends_on) == (pytest.approx(5), "done", AT.date())
    assert idea().state == "adopted"


def test_a_figure_put_right_later_changes_what_a_study_says():
    alex = viewer("demo-leader")
    number = begin(alex, starts_on=date(2031, 3, 1))
    put_in(alex, date(2031, 3, 1), 4)
    assert page(alex, number).cycle.score.held is True
    with acting_as(alex):
        what, ward = measures.definition(viewer=alex, code="team-falls"), organisations.unit(viewer=alex, code="DEMO-WARD-7")
        figures.enter_figure(
            actor=alex, at=AT, definition=what, unit=ward, period_on=date(2031, 3, 1), numerator=40, denominator=1000,
            seen=figures.Numbers(4, 1000, 4),
        )  # fmt: skip
    assert page(alex, number).cycle.score.missed == "too-much"


# ---- Written before, or it does not count -----------------------------------------------------------


def over(who: Viewer, at: datetime, **more: Any) -> int:
    """A test of January to March, begun at a moment and over on 31 March, with figures that its prediction holds for."""
    number = do(who, actions.begin_test, at=at, new=actions.NewTest(**({
        "idea_id": None, "idea": "Quiet shoes", "counted_id": FALLS, "predicted": None, "predicted_low": None, "predicted_high": 5.0,
        "starts_on": date(2031, 1, 1), "who": "Sam",
    } | more)))  # fmt: skip
    for month, falls in ((1, 4), (2, 3), (3, 8)):
        put_in(who, date(2031, month, 1), falls)
    save(who, number, "do", page(who, number).cycle.seen("do"), happened="Three nights", ends_on=date(2031, 3, 31))
    return number


def decide(who: Viewer, number: int) -> None:
    do(who, actions.decide_test, number=number, decision="adopt", seen=page(who, number).cycle.seen("act"))


def predicted(who: Viewer) -> int:
    with acting_as(who):
        return queries.project(viewer=who, pk=1).weighed["predicted"]


def judged(who: Viewer) -> int:
    with acting_as(who):
        return queries.tests_page(viewer=who, project=queries.project(viewer=who, pk=1), today=AT.date()).calibration.judged


@pytest.mark.parametrize(("at", "late"), [(datetime(2031, 3, 31, 9, tzinfo=UTC), False), (datetime(2031, 4, 1, 9, tzinfo=UTC), True)])
def test_a_prediction_written_when_the_test_was_over_does_not_count(at, late):
    alex = viewer("demo-leader")
    before = predicted(alex)
    number = over(alex, at)
    decide(alex, number)
    for who in (alex, viewer("demo-analyst")):  # who reads the project, and not what was changed in it, is told the same
        one = page(who, number).cycle
        assert (one.late, one.score is None) == (late, late)
        assert (words.verdict(one)[0] == words.LATE) is late
        assert words.verdict(one)[0] == ("The prediction was written after the test ended: it does not count." if late else "It held.")
    assert predicted(alex) == before + (not late)
    assert judged(alex) == 2 + (not late)  # the two tests of clean hands; the chart of falls now shows the year 2031 alone


def test_what_was_expected_stays_once_the_test_is_over():
    alex = viewer("demo-leader")
    number = over(alex, datetime(2031, 1, 1, 9, tzinfo=UTC))
    for told in ({"predicted_high": 6.0}, {"prediction": "We knew it"}, {"counted_id": HANDS}):
        with pytest.raises(UnableTo, match="stays as it was written") as refused:
            save(alex, number, "plan", page(alex, number).cycle.seen("plan"), **told)
        assert "next test" in refused.value.to_do
    save(alex, number, "plan", page(alex, number).cycle.seen("plan"), who="Bo")
    assert page(alex, number).cycle.who == "Bo"


def test_a_prediction_is_not_taken_back_either_once_the_test_is_over():
    alex = viewer("demo-leader")
    number = begin(alex)
    save(alex, number, "plan", page(alex, number).cycle.seen("plan"), predicted_high=4.0)
    pk = page(alex, number).cycle.pk
    with acting_as(alex):
        Cycle.objects.filter(pk=pk).update(ends_on=date(2031, 3, 31))
    with pytest.raises(UnableTo, match="stays as it was written"):
        undo(alex, "cycle", pk)
    assert page(alex, number).cycle.predicted_high == 4.0


def test_the_page_of_a_test_that_is_over_does_not_ask_what_was_expected(client):
    alex = viewer("demo-leader")
    client.force_login(get_user_model().objects.get(username="demo-leader"), backend="django.contrib.auth.backends.ModelBackend")
    plan = {"box": "plan", "title": "A lamp", "starts_on-day": "1", "starts_on-month": "3", "starts_on-year": "2018", "who": "Sam", "place": ""}
    said = client.get("/projects/1/tests/1/").content.decode()
    assert words.SETTLED in said
    assert 'name="predicted"' not in said
    starts = page(alex, 1).cycle.starts_on
    plan |= {"starts_on-day": starts.day, "starts_on-month": starts.month, "starts_on-year": starts.year}
    plan["seen"] = page(alex, 1).cycle.seen("plan")
    assert client.post("/projects/1/tests/1/", plan).status_code == 302
    assert (page(alex, 1).cycle.title, page(alex, 1).cycle.predicted_high) == ("A lamp", 5)
    answer = client.post("/projects/1/tests/1/", plan | {"seen": page(alex, 1).cycle.seen("plan"), "predicted": "7", "measure": FALLS})
    assert answer.status_code == 422
    assert "stays as it was written" in answer.content.decode()


# ---- Several people at once ------------------------------------------------------------------------


def test_two_people_in_one_box_see_both_and_nothing_is_overwritten():
    alex, sam = viewer("demo-leader"), viewer("demo-nurse")
    number = begin(alex)
    seen = page(sam, number).cycle.seen("study")
    save(alex, number, "study", seen, learned="It helps")
    with pytest.raises(actions.TestChangedMeanwhile) as stopped:
        save(sam, number, "study", seen, learned="It does not help")
    assert stopped.value.now == {"learned": "It helps"}
    assert page(sam, number).cycle.learned == "It helps"
    save(sam, number, "study", page(sam, number).cycle.seen("study"), learned="It helps some")
    assert page(alex, number).cycle.learned == "It helps some"


def test_two_people_in_two_boxes_are_not_in_each_others_way():
    alex, sam = viewer("demo-leader"), viewer("demo-nurse")
    number = begin(alex)
    before = page(sam, number).cycle
    save(alex, number, "study", before.seen("study"), learned="It helps")
    save(sam, number, "do", before.seen("do"), happened="Three nights", ends_on=date(2031, 2, 1))
    now = page(alex, number).cycle
    assert (now.learned, now.happened, now.ends_on) == ("It helps", "Three nights", date(2031, 2, 1))


def test_a_test_cannot_end_before_it_began():
    alex = viewer("demo-leader")
    number = begin(alex)
    with pytest.raises(UnableTo, match="end before it began"):
        save(alex, number, "do", page(alex, number).cycle.seen("do"), happened="", ends_on=date(2030, 12, 31))


# ---- Taking back -----------------------------------------------------------------------------------


def test_each_change_can_be_taken_back():
    alex = viewer("demo-leader")
    number = begin(alex)
    pk = page(alex, number).cycle.pk
    save(alex, number, "plan", page(alex, number).cycle.seen("plan"), starts_on=date(2031, 2, 2), who="Bo")
    undo(alex, "cycle", pk)
    assert (page(alex, number).cycle.starts_on, page(alex, number).cycle.who) == (date(2031, 1, 1), "Sam")
    do(alex, actions.decide_test, number=number, decision="abandon", seen=page(alex, number).cycle.seen("act"))
    undo(alex, "cycle", pk)
    assert (page(alex, number).cycle.decision, page(alex, number).cycle.ends_on) == ("", None)
    assert idea().state == "testing"


def test_a_second_decision_taken_back_leaves_the_idea_as_the_first_one_did():
    alex = viewer("demo-leader")
    number = begin(alex, starts_on=AT.date())
    for minutes, decision in ((1, "adopt"), (2, "abandon")):
        seen = page(alex, number).cycle.seen("act")
        do(alex, actions.decide_test, at=AT + timedelta(minutes=minutes), number=number, decision=decision, seen=seen)
    assert idea().state == "abandoned"
    undo(alex, "cycle", page(alex, number).cycle.pk)
    assert (page(alex, number).cycle.decision, idea().state) == ("adopt", "adopted")


def test_a_begun_test_is_taken_back_unless_something_hangs_on_it():
    alex = viewer("demo-leader")
    number = begin(alex)
    pk = page(alex, number).cycle.pk
    task = do(alex, actions.add_task, number=number, words="Buy shoes", account_id=alex.account_id, due_on=None)
    with pytest.raises(UnableTo, match="hangs on this test"):
        undo(alex, "cycle", pk)
    assert undo(alex, "task", task) == "task"
    assert page(alex, number).tasks == ()
    assert undo(alex, "cycle", pk) == "begun"
    with acting_as(alex):
        assert not Cycle.objects.filter(pk=pk).exists()


def test_what_was_changed_again_since_stays():
    alex = viewer("demo-leader")
    number = begin(alex)
    with acting_as(alex):
        first = queries.last_edit(project_id=1, kind="cycle", object_id=page(alex, number).cycle.pk)
    do(alex, actions.change_test, at=AT + timedelta(minutes=1), number=number, box="study", told={"learned": "x"}, seen=page(alex, number).cycle.seen("study"))  # fmt: skip
    with pytest.raises(UnableTo, match="changed again since"):
        do(alex, actions.take_back, edit=first.pk)


def test_a_measure_taken_out_stays_in_its_tests_and_comes_back_with_its_people():
    alex = viewer("demo-leader")
    do(alex, actions.remove_measure, counted=FALLS)
    assert page(alex, 1).cycle.counted is None
    assert undo(alex, "counted", FALLS) == "counted"
    one = page(alex, 1).cycle.counted
    assert (one.definition.code, one.keeper_id is not None) == ("team-falls", True)
    with pytest.raises(UnableTo, match="same person"):
        do(alex, actions.change_measure, counted=FALLS, kind="outcome", keeper_id=alex.account_id, second_id=alex.account_id)


# ---- Counting at the bedside -----------------------------------------------------------------------


def tap(who: Viewer, button: str, key: uuid.UUID | None = None, on: date | None = None, counted: int = HANDS) -> bool:
    return do(who, actions.tap, counted=counted, key=key or uuid.uuid4(), button=button, on=on)


def tallied(who: Viewer, counted: int = HANDS):
    with acting_as(who):
        project = queries.project(viewer=who, pk=1)
        one = queries.one_counted(viewer=who, project=project, pk=counted)
        return queries.tally_page(viewer=who, project=project, counted=one, today=AT.date())


def test_a_tap_sent_twice_counts_once():
    sam, key = viewer("demo-nurse"), uuid.uuid4()
    assert [tap(sam, "yes", key) for _ in range(5)] == [True, False, False, False, False]
    tap(sam, "no")
    assert (tallied(sam).today.top, tallied(sam).today.out_of) == (1, 2)


def test_nothing_is_taken_back_below_nothing():
    sam = viewer("demo-nurse")
    tap(sam, "no")
    with pytest.raises(UnableTo, match="nothing to take back"):
        tap(sam, "yes-back")
    tap(sam, "no-back")
    with pytest.raises(UnableTo, match="nothing to take back"):
        tap(sam, "no-back")
    tap(sam, "yes")
    with pytest.raises(UnableTo, match="nothing to take back"):
        tap(sam, "no-back")  # it would leave one yes of none
    assert (tallied(sam).today.top, tallied(sam).today.out_of) == (1, 1)


def test_a_month_of_taps_goes_into_the_chart_when_somebody_says_so():
    sam = viewer("demo-nurse")
    for button in ("yes", "yes", "no", "yes"):
        tap(sam, button, on=date(2031, 4, 30))
    (april,) = tallied(sam).periods
    assert (april.top, april.out_of, april.is_in) == (3, 4, False)
    do(sam, actions.tally_into_chart, counted=HANDS, period_on=april.on, out_of=None, seen=april.seen)
    (april,) = tallied(sam).periods
    assert (april.stands, april.is_in) == ((3, 4, 75), True)
    assert measuring.stands(april) == "the chart says 3 of 4"


def test_a_figure_that_was_not_seen_is_not_written_over_by_a_tally():
    sam = viewer("demo-nurse")
    tap(sam, "one", on=date(2031, 4, 30), counted=FALLS)
    (april,) = tallied(sam, FALLS).periods
    put_in(sam, date(2031, 4, 1), 9)
    with pytest.raises(figures.ChangedMeanwhile):
        do(sam, actions.tally_into_chart, counted=FALLS, period_on=april.on, out_of=700, seen=april.seen)


def test_the_counter_is_offered_where_it_leads_into_the_chart(client):
    offer = 'href="/projects/1/measures/2/tally/"'
    for who, there in (("demo-nurse", True), ("demo-partner", False)):
        client.force_login(get_user_model().objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
        assert (offer in client.get("/projects/1/measures/").content.decode()) is there, who
    tap(viewer("demo-nurse"), "yes", on=date(2031, 4, 30))
    assert (bool(tallied(viewer("demo-nurse")).may_enter), bool(tallied(viewer("demo-partner")).may_enter)) == (True, False)


def test_what_is_no_count_has_no_counter():
    alex = viewer("demo-leader")
    with acting_as(alex):
        ward = queries.project(viewer=alex, pk=1).unit
    joy = do(alex, actions.choose_measure, measure="team-joy", unit=ward, kind="balancing")
    with pytest.raises(NotFoundHere, match="not counted one at a time"):
        tallied(alex, joy)
    with pytest.raises(UnableTo, match="not counted that way"):
        tap(alex, "one", counted=joy)


@pytest.mark.parametrize(("on", "there"), [("x", False), ("2026-13-01", False), ("0001-01-01", False), ("", True)])
def test_a_tap_on_no_day_is_not_counted_for_today(client, on, there):
    client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(f"/projects/1/measures/{HANDS}/tally/", {"tap": "yes", "on": on}, follow=True).content.decode()
    assert ("There is no such day, so nothing is counted." in page) is not there
    with acting_as(viewer("demo-nurse")):
        assert Tally.objects.filter(counted_id=HANDS).exists() is there


def test_who_tapped_is_for_the_team():
    tap(viewer("demo-nurse"), "yes")
    for who, there in (("demo-partner", True), ("demo-analyst", False), ("demo-care", False)):
        with acting_as(viewer(who)):
            assert Tally.objects.exists() is there


# ---- What others are told --------------------------------------------------------------------------


def test_somebody_tells_charts_what_was_tried():
    assert tried.is_filled()


def chart(who: Viewer):
    with acting_as(who):
        return measures.chart(viewer=who, measure="team-falls", unit=organisations.unit(viewer=who, code="DEMO-WARD-7"))


def test_tests_stand_on_the_chart_for_whoever_may_read_the_project():
    assert [(one.label, one.decision, one.href) for one in chart(viewer("demo-analyst")).tried] == [
        ("T1", "adapt", "/projects/1/tests/1/"), ("T3", "adopt", "/projects/1/tests/3/"), ("T5", "", "/projects/1/tests/5/"),
    ]  # fmt: skip
    assert ">T3<" in chart(viewer("demo-analyst")).svg
    assert "Test 3, " in chart(viewer("demo-analyst")).svg
    for who in (viewer("demo-care"), VISITOR):
        assert chart(who).tried == ()
        assert ">T3<" not in chart(who).svg


def test_what_a_project_keeps_to_itself_stands_on_nobody_elses_chart():
    do(viewer("demo-leader"), actions.open_to, whom="team")
    assert chart(viewer("demo-analyst")).tried == ()
    assert len(chart(viewer("demo-nurse")).tried) == 3


def test_a_study_and_a_task_are_due_from_the_team_and_from_nobody_else():
    alex = viewer("demo-leader")
    number = begin(alex)
    save(alex, number, "do", page(alex, number).cycle.seen("do"), happened="", ends_on=date(2031, 4, 20))
    do(alex, actions.add_task, number=number, words="Ask Bo", account_id=alex.account_id, due_on=date(2031, 5, 1))
    for who, said in (("demo-leader", True), ("demo-analyst", False), ("demo-care", False)):
        with acting_as(viewer(who)):
            lines = [one.what for one in queries.due(viewer=viewer(who), at=AT)]
        assert (f"Test {number}: study what happened" in lines) is said
        assert ("Ask Bo" in lines) is said


def test_the_record_counts_what_was_tried():
    with acting_as(viewer("demo-leader")):
        found = queries.cycle_facts(1)
    assert found.measures == {"outcome": 1, "process": 1, "balancing": 1}
    assert (found.kept_by_two, found.begun, found.with_prediction, found.decided, found.adopted) == (3, 5, 5, 4, 2)
