"""Predictions: scored by rules whose sources stand in their docstring, never by opinion."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from espalier.projects.rules.cycles import DECISIONS, settled, stage
from espalier.projects.rules.predicting import UnableToReadPrediction, read_prediction, typed
from espalier.projects.rules.predictions import (
    Calibration,
    Figure,
    Prediction,
    Result,
    Score,
    Usual,
    calibration,
    in_time,
    result_of,
    score,
    usual_before,
)

# A machine that does other work too is slow, which says nothing of the rules.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NUMBERS = st.floats(-1000, 1000, allow_nan=False).map(lambda one: round(one, 3))
STEPS = st.floats(0.01, 100).map(lambda one: round(one, 3))


def month(year, number, value):
    first = date(year, number, 1)
    after = date(year + number // 12, number % 12 + 1, 1)
    return Figure(first, after - timedelta(days=1), value)


def a_year(values, year=2025):
    return [month(year, number, value) for number, value in enumerate(values, start=1)]


def it_was(value):
    return Result(value, "mean", (date(2026, 1, 1),))


# ---- The result ------------------------------------------------------------------------------------


def test_the_result_is_the_mean_of_the_figures_that_lie_in_the_test():
    figures = a_year([9, 9, 4, 5, 6, 9])
    found = result_of(figures, since=date(2025, 3, 1), until=date(2025, 5, 31))
    assert found == Result(5, "mean", (date(2025, 3, 1), date(2025, 4, 1), date(2025, 5, 1)))


def test_a_month_counts_when_half_of_it_lies_in_the_test():
    """April has 30 days: from the 16th on 15 of them lie in the test, which is half; from the 17th on only 14."""
    figures = a_year([1, 1, 1, 10, 20])
    assert result_of(figures, since=date(2025, 4, 16), until=date(2025, 5, 31)).value == 15
    assert result_of(figures, since=date(2025, 4, 17), until=date(2025, 5, 31)).value == 20


def test_a_short_test_is_told_by_the_period_it_ended_in_and_says_so():
    found = result_of(a_year([1, 2, 3]), since=date(2025, 2, 26), until=date(2025, 3, 4))
    assert (found.value, found.how, found.days) == (3, "last", (date(2025, 3, 1),))


def test_no_figure_is_no_result():
    assert result_of(a_year([1, 2, 3]), since=date(2025, 6, 1), until=date(2025, 8, 1)) is None
    assert result_of([], since=date(2025, 6, 1), until=date(2025, 8, 1)) is None


@unhurried
@given(values=st.lists(NUMBERS, min_size=1, max_size=12), first=st.integers(0, 360), days=st.integers(0, 200))
def test_a_result_lies_among_the_figures_it_is_made_of(values, first, days):
    since = date(2025, 1, 1) + timedelta(days=first)
    figures = a_year(values)
    if found := result_of(figures, since=since, until=since + timedelta(days=days)):
        used = [one.value for one in figures if one.first in found.days]
        assert min(used) - 1e-9 <= found.value <= max(used) + 1e-9


# ---- What is usual ---------------------------------------------------------------------------------


def test_what_a_measure_moves_by_anyway_is_its_mean_moving_range_divided_by_d2():
    """Twelve figures going 5, 7, 5, 7 …: every moving range is 2, so one step is 2 / 1.128 = 1.773."""
    found = usual_before(a_year([5, 7] * 6), since=date(2026, 1, 1))
    assert found.mean == 6
    assert found.step == pytest.approx(1.773, abs=0.001)


def test_only_what_was_complete_before_the_test_is_usual():
    figures = [*a_year([5, 7] * 6), month(2026, 1, 100)]
    assert usual_before(figures, since=date(2026, 1, 31)).mean == 6


def test_eleven_figures_say_nothing_of_what_is_usual():
    assert usual_before(a_year([5, 7] * 5 + [5]), since=date(2026, 1, 1)).step is None
    assert usual_before([], since=date(2026, 1, 1)) is None


# ---- The score -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prediction", "result", "held", "missed"),
    [
        (Prediction(low=4, high=6), 5, True, ""),
        (Prediction(low=4, high=6), 6, True, ""),
        (Prediction(low=4, high=6), 6.1, False, "too-much"),
        (Prediction(low=4, high=6), 3.9, False, "too-little"),
        (Prediction(high=5), 0, True, ""),
        (Prediction(high=5), 8, False, "too-much"),
        (Prediction(low=5), 8, True, ""),
        (Prediction(point=5), 6, True, ""),  # no further than one step of 2
        (Prediction(point=5), 7, True, ""),
        (Prediction(point=5), 7.5, False, "too-much"),
    ],
)
def test_whether_it_held_where_lower_is_better(prediction, result, held, missed):
    found = score(prediction, it_was(result), Usual(8, 2), better="down")
    assert (found.held, found.missed) == (held, missed)


def test_nobody_can_say_how_close_is_close_without_enough_figures():
    found = score(Prediction(point=5), it_was(6), Usual(8, None), better="down")
    assert (found.held, found.off, found.steps) == (None, 1, None)
    assert score(Prediction(point=5), it_was(5), None, better="down").held is True


def test_the_direction_is_seen_from_before_the_test():
    better = {"better": "down"}
    assert score(Prediction(high=5), it_was(6), Usual(8, 2), **better).direction is True
    assert score(Prediction(high=5), it_was(9), Usual(8, 2), **better).direction is False
    assert score(Prediction(high=5), it_was(3), Usual(4, 2), **better).direction is None  # it was there already


def test_nothing_is_scored_that_was_not_predicted_or_has_not_happened():
    assert score(Prediction(), it_was(1), Usual(1, 1), better="up") is None
    assert score(Prediction(point=1), None, Usual(1, 1), better="up") is None


RANGES = st.tuples(NUMBERS, NUMBERS).map(lambda pair: Prediction(low=min(pair), high=max(pair)))
PREDICTIONS = st.one_of(
    RANGES, NUMBERS.map(lambda one: Prediction(point=one)), NUMBERS.map(lambda one: Prediction(low=one)),
    NUMBERS.map(lambda one: Prediction(high=one)),
)  # fmt: skip


@unhurried
@given(prediction=PREDICTIONS, value=NUMBERS, mean=NUMBERS, step=STEPS, better=st.sampled_from(["up", "down", "none"]))
def test_properties_of_a_score(prediction, value, mean, step, better):
    usual = Usual(mean, step)
    found = score(prediction, it_was(value), usual, better=better)
    assert found.steps == pytest.approx(abs(found.off) / step)
    if prediction.point is None:
        assert found.held is (found.off == 0)  # a range knows no "nearly"
    else:
        assert found.held is (found.steps <= 1)
    assert (found.missed != "") is (found.held is False and better != "none")
    # Turned upside down (what was more is now less), the same story is told.
    turned = Prediction(
        None if prediction.point is None else -prediction.point, None if prediction.high is None else -prediction.high,
        None if prediction.low is None else -prediction.low,
    )  # fmt: skip
    other = score(turned, it_was(-value), Usual(-mean, step), better={"up": "down", "down": "up", "none": "none"}[better])
    assert (other.held, other.steps, other.direction, other.missed) == (found.held, found.steps, found.direction, found.missed)


@unhurried
@given(prediction=RANGES, value=NUMBERS, step=STEPS)
def test_what_is_too_much_where_higher_is_better_is_too_little_where_lower_is(prediction, value, step):
    up, down = (score(prediction, it_was(value), Usual(0, step), better=better).missed for better in ("up", "down"))
    assert {up, down} in ({""}, {"too-much", "too-little"})


# ---- Written before --------------------------------------------------------------------------------

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("written", "ends", "decided", "counts"),
    [
        (date(2026, 3, 31), date(2026, 3, 31), None, True),  # its last day
        (date(2026, 4, 1), date(2026, 3, 31), None, False),
        (date(2026, 4, 1), date(2026, 3, 31), date(2026, 5, 1), False),  # decided later: it was over all the same
        (date(2026, 4, 2), None, date(2026, 4, 1), False),
        (date(2026, 4, 1), None, date(2026, 4, 1), True),
        (date(2026, 4, 1), None, None, True),  # it runs
        (None, date(2026, 3, 31), None, True),  # nothing says when it was written
    ],
)
def test_only_what_was_written_before_the_end_is_a_prediction(written, ends, decided, counts):
    assert in_time(written_on=written, ends_on=ends, decided_on=decided) is counts


@unhurried
@given(written=DAYS, ends=st.none() | DAYS, decided=st.none() | DAYS, earlier=st.integers(0, 400))
def test_writing_earlier_never_makes_a_prediction_late_and_writing_after_the_end_always_does(written, ends, decided, earlier):
    days = {"ends_on": ends, "decided_on": decided}
    if in_time(written_on=written, **days):
        assert in_time(written_on=written - timedelta(days=earlier), **days)
    if over := ends or decided:
        assert not in_time(written_on=over + timedelta(days=earlier + 1), **days)
        assert in_time(written_on=over, **days)


@unhurried
@given(starts=DAYS, days=st.none() | st.integers(0, 300), decision=st.sampled_from(["", *DECISIONS]), today=DAYS)
def test_what_was_expected_stays_from_the_day_on_which_the_result_is_known(starts, days, decision, today):
    ends = None if days is None else starts + timedelta(days=days)
    now = stage(starts_on=starts, ends_on=ends, decision=decision, today=today)
    over = bool(decision) or (ends is not None and ends < today)
    assert settled(state=now, typed=False) is over
    assert not settled(state=now, typed=True)  # what was brought from elsewhere is never scored


# ---- Together --------------------------------------------------------------------------------------


def scores(*missed):
    return [Score(one == "", 0, None, None, one) for one in missed]


def test_a_team_is_told_that_it_leans_only_when_it_does():
    assert calibration(scores("", "", "too-much", "too-much")) == Calibration(4, 2, 2, 0, "")  # two misses are nothing
    assert calibration(scores("", "too-much", "too-much", "too-little")).leans == "too-much"
    assert calibration(scores("too-little", "too-little", "too-little")).leans == "too-little"
    assert calibration(scores("too-much", "too-much", "too-little", "too-little")).leans == ""


def test_what_cannot_be_judged_is_not_counted():
    unknown = Score(None, 1, None, None, "")
    assert calibration([unknown, None, *scores("")]) == Calibration(1, 1, 0, 0, "")


@unhurried
@given(st.lists(st.sampled_from(["", "too-much", "too-little"]), max_size=40))
def test_every_prediction_is_counted_once(missed):
    found = calibration(scores(*missed))
    assert found.judged == len(missed) == found.held + found.too_much + found.too_little
    assert found == calibration(scores(*reversed(missed)))


# ---- Reading and writing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", Prediction(point=5)), ("about 4.5", Prediction(point=4.5)), ("1,200", Prediction(point=1200)), ("95%", Prediction(point=95)),
        ("4 to 6", Prediction(low=4, high=6)), ("between 4 and 6", Prediction(low=4, high=6)), ("6-4", Prediction(low=4, high=6)),
        ("4–6", Prediction(low=4, high=6)), ("At most 5", Prediction(high=5)), ("≤5", Prediction(high=5)), ("5 or less", Prediction(high=5)),
        ("at least 90%", Prediction(low=90)), ("90% or more", Prediction(low=90)), ("-2", Prediction(point=-2)),
    ],
)  # fmt: skip
def test_a_prediction_is_read_as_people_write_it(text, found):
    assert read_prediction(text) == found


@pytest.mark.parametrize(
    ("text", "unit", "found"),
    [
        ("fewer than 5", "count", Prediction(high=4)), ("under 4.5", "count", Prediction(high=4)), ("<5", "count", Prediction(high=4)),
        ("more than 5", "count", Prediction(low=6)), ("over 4.5", "count", Prediction(low=5)), ("5 or below", "count", Prediction(high=5)),
        ("10%", "percent", Prediction(point=10)), ("5 per 1,000", "rate", Prediction(point=5)), ("4 to 6 days", "days", Prediction(low=4, high=6)),
        ("5 per 1,000 bed days", "rate", Prediction(point=5)), ("5 per 1,000 bed days or fewer", "rate", Prediction(high=5)),
        ("4 to 6 per 1,000 births", "rate", Prediction(low=4, high=6)), ("85 per cent or more", "percent", Prediction(low=85)), ("5", "rate", Prediction(point=5)),
    ],
)  # fmt: skip
def test_a_prediction_is_read_in_the_unit_of_its_measure(text, unit, found):
    assert read_prediction(text, measured_in=unit) == found


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("10%", "rate", "You wrote a percentage, but this measure is a number per 1,000. Write what you expect as a number per 1,000, like 5."),
        ("10%", "count", "You wrote a percentage, but this measure is a plain number. Write what you expect as a plain number, like 5."),
        ("5 per 1,000", "percent", "You wrote a number per 1,000, but this measure is a percentage. Write what you expect as a percentage, like 5."),
        ("less than 5", "rate", "We cannot tell how far below 5 you mean. Write the highest number you expect, like at most 4.9."),
        ("above 90%", "percent", "We cannot tell how far above 90 you mean. Write the lowest number you expect, like at least 90.1."),
        ("over 99.95%", "percent", "We cannot tell how far above 99.95 you mean. Write the lowest number you expect, like at least 99.951."),
        ("< 0.1", "rate", "We cannot tell how far below 0.1 you mean. Write the highest number you expect, like at most 0.09."),
        ("5 per 1,000 bed days", "days", "You wrote a number per 1,000, but this measure is a number of days. Write what you expect as a number of days, like 5."),
        ("fewer than 0", "rate", "We cannot tell how far below 0 you mean. Write the highest number you expect."),
        ("more than 100%", "percent", "We cannot tell how far above 100 you mean. Write the lowest number you expect."),
        ("under 5", "", "We cannot tell how far below 5 you mean. Write the highest number you expect, like at most 4.9."),
    ],
)  # fmt: skip
def test_what_can_be_meant_in_two_ways_is_asked_again(text, unit, said):
    with pytest.raises(UnableToReadPrediction) as stopped:
        read_prediction(text, measured_in=unit)
    assert str(stopped.value) == said


@pytest.mark.parametrize("text", ["", "fewer", "5 falls and 6 slips", "4 to", "1e9", "NaN", "5 5", "٣"])
def test_what_has_no_number_is_asked_again(text):
    with pytest.raises(UnableToReadPrediction, match="We need a number"):
        read_prediction(text)


@unhurried
@given(PREDICTIONS)
def test_what_is_written_into_the_box_is_read_back(prediction):
    again = read_prediction(typed(prediction))
    for name in ("point", "low", "high"):
        ours, theirs = getattr(prediction, name), getattr(again, name)
        assert (ours is None) is (theirs is None)
        assert ours is None or ours == pytest.approx(theirs, abs=1e-6)
