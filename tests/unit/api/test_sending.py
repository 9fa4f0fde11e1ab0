"""A batch is stored whole or not at all, once however often it is sent, and taken back whole."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from tests.logbook import events
from tests.unit.api.calling import batch, new_token, viewer

from espalier.access.door import VISITOR, acting_as
from espalier.measures.models import Measure, Point, PointVersion, Posted, Series
from espalier.organisations import queries as organisations

pytestmark = pytest.mark.django_db
ERRORS, FALLS, WARD = "team-medicine-errors", "team-falls", "DEMO-WARD-7"


@pytest.fixture
def token(db):
    return new_token("demo-leader").secret


def figure(period, measure=ERRORS, unit=WARD):
    return (
        Point.objects.filter(series__measure__code=measure, series__unit__code=unit, period_on=f"{period}-01")
        .values_list("numerator", "denominator", "value")
        .first()
    )


def count():
    """What is there, as who sends sees it: what is shared is not seen by everybody."""
    with acting_as(viewer("demo-leader")):
        return _count()


def _count():
    return Point.objects.count(), PointVersion.objects.count(), Series.objects.count(), sum(one.verb != "refused" for one in events())


def test_a_batch_is_stored_and_drawn(call, token):
    answer = call("points", token, body=batch((ERRORS, WARD, "2019-04", 3), (FALLS, WARD, "2019-04-01", 2, 800), why="April"))
    assert answer.status_code == 201
    assert {key: answer.json()[key] for key in ("new", "changed", "unchanged")} == {"new": 2, "changed": 0, "unchanged": 0}
    assert figure("2019-04") == (3, None, 3)
    assert figure("2019-04", FALLS) == (2, 800, 2.5)  # 2 falls in 800 days is 2.5 in 1,000
    assert call(f"series/{FALLS}/{WARD}").json()["value"] == 2.5


def test_what_stood_before_is_kept_with_who_and_why(call, token):
    before = figure("2019-03")
    receipt = call("points", token, body=batch((ERRORS, WARD, "2019-03", 99), why="counted again")).json()
    assert receipt["changed"] == 1
    with acting_as(viewer("demo-leader")):
        kept = PointVersion.objects.get(batch=receipt["batch"])
    assert (kept.old_numerator, kept.new_numerator) == (before[0], 99)
    assert kept.account_id == get_user_model().objects.get(username="demo-leader").pk
    assert "counted again" in kept.why
    (event,) = events(verb="post", object_id=receipt["batch"])
    assert event.detail == {"new": 0, "changed": 1, "token": token[:10]}


def test_what_stands_so_already_is_unchanged(call, token):
    numerator = figure("2019-03")[0]
    answer = call("points", token, body=batch((ERRORS, WARD, "2019-03", numerator))).json()
    assert (answer["new"], answer["changed"], answer["unchanged"]) == (0, 0, 1)


@pytest.mark.parametrize(
    ("measure", "period", "day"),
    [
        ("hand-hygiene-seen", "2026-03-02", "2026-03-02"),  # a Monday
        ("appraisal-done", "2026-04", "2026-04-01"),
        ("appraisal-done", "Q1 2026/27", "2026-04-01"),  # the financial year begins in April
        ("appraisal-done", "2026-04-01", "2026-04-01"),
        ("improvement-projects-sustained", "2025", "2025-01-01"),
        ("improvement-projects-sustained", "2025-01-01", "2025-01-01"),
    ],
)
def test_weeks_quarters_and_years_are_sent_by_their_names_or_first_days(call, token, measure, period, day):
    answer = call("points", token, body=batch((measure, WARD, period, 8, 10)))
    assert (answer.status_code, answer.json().get("new")) == (201, 1)
    with acting_as(viewer("demo-leader")):
        stored = Point.objects.filter(series__measure__code=measure, series__unit__code=WARD, period_on=day)
        assert list(stored.values_list("numerator", "denominator")) == [(8, 10)]


@pytest.mark.parametrize(
    ("measure", "period", "to_do"),
    [
        ("hand-hygiene-seen", "2026-03-03", "Monday"),  # a Tuesday
        ("hand-hygiene-seen", "2026-03", "Monday"),
        ("appraisal-done", "2026-05", "first month"),
        ("appraisal-done", "2026-04-02", "first month"),
        ("appraisal-done", "Q1 2026/28", "first month"),
        ("appraisal-done", "Q4 9999/00", "first month"),
        ("improvement-projects-sustained", "2025-04", "year"),
        ("improvement-projects-sustained", "2025-04-01", "year"),
        (ERRORS, "2019", "month"),
        (ERRORS, "Q1 2019/20", "month"),
    ],
)
def test_a_period_of_another_length_is_refused(call, token, measure, period, to_do):
    before = count()
    answer = call("points", token, body=batch((measure, WARD, period, 8, *([10] if measure != ERRORS else []))))
    assert (answer.status_code, count()) == (422, before)
    assert [one["where"] for one in answer.json()["problems"]] == ["figures[0].period"]
    assert to_do in answer.json()["problems"][0]["to_do"]


def test_a_measure_made_on_a_page_takes_figures_and_gives_them(call, token):
    with acting_as(viewer("demo-analyst")) as kim:
        unit = organisations.unit(viewer=kim, code=WARD)
        Measure.objects.filter(code=ERRORS).update(organisation_id=organisations.owner_of(viewer=kim, unit_id=unit.pk), made_for_id=unit.pk)
    assert call("points", token, body=batch((ERRORS, WARD, "2019-04", 3))).status_code == 201
    for path, key in ((f"series?measure={ERRORS}", "series"), (f"points?measure={ERRORS}", "points")):
        assert {one["measure"] for one in call(path, token).json()[key]} == {ERRORS}


WRONG = {
    "a part larger than its whole": ("team-hand-hygiene", WARD, "2019-04", 60, 50),
    "a second number missing": (FALLS, WARD, "2019-04", 3),
    "a second number too many": (ERRORS, WARD, "2019-04", 3, 5),
    "a month of the future": (ERRORS, WARD, "2199-01", 3),
    "some out of none": (FALLS, WARD, "2019-03", 3, 0),
    "a month that is none": (ERRORS, WARD, "2019-13", 3),
    "a day inside a month": (ERRORS, WARD, "2019-04-07", 3),
    "a day that is none": (ERRORS, WARD, "2019-02-30", 3),
    "a year before anybody counted": (ERRORS, WARD, "0001-01", 3),
    "year nought": (ERRORS, WARD, "0000-01", 3),
    "a measure nobody knows": ("nosuch", WARD, "2019-04", 3),
    "a ward nobody knows": (ERRORS, "NOSUCH", "2019-04", 3),
    "a score above its highest": ("team-joy", WARD, "2019-04", 1000, 10),
    "the same month again": (ERRORS, WARD, "2019-05", 3),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_one_wrong_figure_and_none_is_stored(call, token, wrong):
    before = count()
    answer = call("points", token, body=batch((ERRORS, WARD, "2019-05", 3), (FALLS, WARD, "2019-04", 2, 800), wrong))
    assert answer.status_code == 422
    said = answer.json()
    assert said["code"] == "figures" and "nothing was stored" in said["what"]
    assert [one["where"].split(".")[0] for one in said["problems"]] == ["figures[2]"]
    assert said["problems"][0]["what"] and said["problems"][0]["to_do"]
    assert count() == before


def test_a_month_that_is_not_over_is_refused_until_it_is(call, token):
    with time_machine.travel(datetime(2019, 5, 23, 9, tzinfo=UTC), tick=False):
        token = new_token("demo-leader").secret
        said = call("points", token, body=batch((ERRORS, WARD, "2019-05", 3))).json()
        assert call("points", token, body=batch((ERRORS, WARD, "2019-04", 3))).status_code == 201
    assert said["problems"] == [
        {"where": "figures[0].period", "what": "The month from 2019-05-01 is not over yet.", "to_do": "It can be sent from 2019-06-01."}
    ]
    assert figure("2019-05") is None


NOT_ALLOWED = {
    "a ward of others": (ERRORS, "DEMO-WARD-12", "2019-04", 3),
    "a published measure": ("ae-4-hours", "RJ1", "2019-04", 90, 100),
    "the hospital above": (ERRORS, "DEMO-TRUST", "2019-04", 3),
}


@pytest.mark.parametrize("wrong", NOT_ALLOWED.values(), ids=NOT_ALLOWED.keys())
def test_where_one_may_not_type_one_may_not_send(call, token, wrong):
    before = count()
    answer = call("points", token, body=batch((ERRORS, WARD, "2019-05", 3), wrong))
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    assert answer.json()["where"] == f"{wrong[0]} at {wrong[1]}"
    assert count() == before


def test_the_same_key_is_stored_once_and_answered_alike(call, token):
    body = batch((ERRORS, WARD, "2019-04", 3))
    first = call("points", token, body=body, key="april")
    before = count()
    again = call("points", token, raw=json.dumps(body, indent=3), key="april")  # other spaces are the same batch
    assert (again.status_code, again.content) == (201, first.content)
    assert "Idempotency-Replayed" not in first and again["Idempotency-Replayed"] == "true"
    assert count() == before


def test_a_figure_changed_since_is_not_stored_again_by_a_late_repetition(call, token):
    body = batch((ERRORS, WARD, "2019-04", 3))
    call("points", token, body=body, key="april")
    call("points", token, body=batch((ERRORS, WARD, "2019-04", 4)), key="april-put-right")
    assert call("points", token, body=body, key="april").status_code == 201
    assert figure("2019-04")[0] == 4


def test_the_same_key_with_other_figures_is_refused(call, token):
    call("points", token, body=batch((ERRORS, WARD, "2019-04", 3)), key="april")
    before = count()
    answer = call("points", token, body=batch((ERRORS, WARD, "2019-04", 4)), key="april")
    assert (answer.status_code, answer.json()["code"]) == (422, "key-used")
    assert count() == before


def test_keys_of_two_people_do_not_meet(call, token):
    call("points", token, body=batch((ERRORS, WARD, "2019-04", 3)), key="april")
    other = call("points", new_token("demo-nurse").secret, body=batch((ERRORS, WARD, "2019-04", 5)), key="april")
    assert other.status_code == 201
    assert "Idempotency-Replayed" not in other


def test_a_newer_token_repeats_what_an_older_one_sent(call, token):
    body = batch((ERRORS, WARD, "2019-04", 3))
    first = call("points", token, body=body, key="april")
    assert call("points", new_token("demo-leader").secret, body=body, key="april").content == first.content


def test_what_failed_gives_its_key_back(call, token):
    assert call("points", token, body=batch((ERRORS, WARD, "2199-01", 3)), key="april").status_code == 422
    assert call("points", token, body=batch((ERRORS, WARD, "2019-04", 3)), key="april").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "ä", "a b"])
def test_a_key_must_be_one(client, token, key):
    answer = client.post("/api/v1/points", json.dumps(batch((ERRORS, WARD, "2019-04", 3))), content_type="application/json",
                         headers={"authorization": f"Bearer {token}", "idempotency-key": key})  # fmt: skip
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["where"]


def test_without_a_key_nothing_is_stored(client, token):
    before = count()
    answer = client.post("/api/v1/points", json.dumps(batch((ERRORS, WARD, "2019-04", 3))), content_type="application/json",
                         headers={"authorization": f"Bearer {token}"})  # fmt: skip
    assert answer.status_code == 422
    assert count() == before


def test_a_batch_taken_back_leaves_what_stood_before(call, token):
    before = figure("2019-03")
    receipt = call("points", token, body=batch((ERRORS, WARD, "2019-03", 99), (ERRORS, WARD, "2019-04", 3))).json()
    undone = call(receipt["undo"].removeprefix("/api/v1/"), token, method="POST")
    assert undone.status_code == 200
    assert (undone.json()["restored"], undone.json()["left"]) == (2, [])
    assert figure("2019-03") == before
    assert figure("2019-04") is None
    assert call(receipt["undo"].removeprefix("/api/v1/"), token, method="POST").json() == undone.json()  # and may be repeated


def test_what_somebody_changed_since_is_named_and_left(call, token):
    receipt = call("points", token, body=batch((ERRORS, WARD, "2019-04", 3), (ERRORS, WARD, "2019-05", 4))).json()
    call("points", new_token("demo-nurse").secret, body=batch((ERRORS, WARD, "2019-05", 7)))
    undone = call(f"points/batches/{receipt['batch']}/undo", token, method="POST").json()
    assert undone["restored"] == 1
    assert undone["left"] == [{"measure": ERRORS, "unit": WARD, "period": "2019-05-01"}]
    assert figure("2019-04") is None and figure("2019-05")[0] == 7


def test_nobody_takes_back_anothers_batch(call, token):
    receipt = call("points", token, body=batch((ERRORS, WARD, "2019-04", 3))).json()
    other = call(f"points/batches/{receipt['batch']}/undo", new_token("demo-nurse").secret, method="POST")
    assert other.status_code == 404
    assert figure("2019-04") is not None


def test_after_fourteen_days_a_batch_stands(call, token):
    receipt = call("points", token, body=batch((ERRORS, WARD, "2019-04", 3))).json()
    with acting_as(viewer("demo-leader")):
        Posted.objects.filter(pk=receipt["batch"]).update(at=datetime.now(UTC) - timedelta(days=15))
    answer = call(f"points/batches/{receipt['batch']}/undo", token, method="POST")
    assert (answer.status_code, answer.json()["code"]) == (409, "too-late")


def test_five_thousand_figures_are_one_batch_and_one_more_is_none(call, monkeypatch):
    token = new_token("demo-analyst").secret
    figures = [(measure, ward, f"{year}-{month:02}", 1, *((9,) if measure != ERRORS else ()))
               for measure in (ERRORS, FALLS, "team-hand-hygiene") for ward in (WARD, "DEMO-WARD-12", "DEMO-NURSES")
               for year in range(1969, 2016) for month in range(1, 13)]  # fmt: skip
    assert len(figures) > 5000
    assert call("points", token, body=batch(*figures[:5000])).json()["new"] == 5000
    answer = call("points", token, body=batch(*figures[:5001]))
    assert (answer.status_code, answer.json()["where"]) == (422, "body, figures")


def test_a_batch_stores_into_the_series_its_people_see(call, token):
    """As on the page: where a ward keeps its figures to itself, a program's figure joins them and opens nothing."""
    with acting_as(viewer("demo-leader")):
        series = Series.objects.get(measure__code=ERRORS, unit__code=WARD)
        series.owner = series.unit
        series.save()
    call("points", token, body=batch((ERRORS, WARD, "2019-04", 3)))
    with acting_as(VISITOR):
        assert figure("2019-04") is None
    with acting_as(viewer("demo-leader")):
        assert figure("2019-04")[0] == 3
        assert Series.objects.filter(measure__code=ERRORS, unit__code=WARD).count() == 1
