"""Choices worked out by hand: rule sets, known values, excluded points, gaps, dates, targets that change."""

from __future__ import annotations

import numpy as np
import pytest

import plotthedots as ptd
from plotthedots import Assurance, Flag, Variation, Warn
from plotthedots.charts.medians import column_medians
from plotthedots.rules.anhoej import fewest_and_most_runs

NAN = float("nan")
# Mean 10, sigma 2 / 1.128 = 1.77 (rounded: 5.32 / 3): lines at 11.77, 13.55 and 15.32.
CALM = [9, 11] * 10


def one(values, **plan):
    return ptd.evaluate(ptd.Batch.of([values]), ptd.Plan(baseline=20, **plan))


def flags(values, **plan):
    return one([*CALM, *values], **plan).flags[20:].tolist()


def test_nhs_r_does_not_count_points_beyond_three_sigma_in_two_of_three():
    assert flags([14, 11, 16])[:1] == [Flag.TWO_OF_THREE_HIGH]
    assert flags([14, 11, 16], rules="nhs-r")[:1] == [0]
    assert flags([14, 11, 14], rules="nhs-r")[:1] == [Flag.TWO_OF_THREE_HIGH]


def test_nhs_r_lets_a_trend_outrank_a_shift_and_a_missing_month_hide_a_concern():
    falling = [*CALM, 13.4, 13, 12.5, 12, 11.5, 11, 10.5]
    assert one(falling, improvement="down").variation[0] == Variation.CONCERN
    assert one(falling, improvement="down", rules="nhs-r").variation[0] == Variation.IMPROVEMENT
    assert one([*CALM, 20, NAN], improvement="down").variation[0] == Variation.CONCERN
    assert one([*CALM, 20, NAN], improvement="down", rules="nhs-r").variation[0] == Variation.COMMON


def test_western_electric_wants_eight_on_one_side_and_knows_four_of_five():
    shift = Flag.SHIFT_HIGH | Flag.SHIFT_LOW
    assert not any(f & shift for f in flags([8, *[10.5, 11] * 3, 10.5, 8], rules="western-electric"))
    assert any(f & shift for f in flags([8, *[10.5, 11] * 4, 8], rules="western-electric"))
    found = flags([12, 12, 9, 12, 12], rules="western-electric")
    assert [bool(f & Flag.FOUR_OF_FIVE_HIGH) for f in found] == [True, True, False, True, True]
    assert not any(f & Flag.FOUR_OF_FIVE_HIGH for f in flags([12, 12, 9, 9, 12, 12], rules="western-electric"))


def test_nelson_knows_patterns_without_a_side():
    result = one([*CALM], rules="nelson")
    assert all(f & Flag.ALTERNATING for f in result.flags)
    assert all(f & Flag.HUGGING for f in result.flags)
    assert result.variation[0] == Variation.SPECIAL
    avoiding = flags([13, 7, 13, 7, 12.5, 7.5, 13, 7], rules="nelson", apply=["avoiding"])
    assert avoiding == [Flag.AVOIDING] * 8
    assert flags([13, 7, 13, 7, 12.5, 7.5, 13, 10], rules="nelson", apply=["avoiding"]) == [0] * 8


def test_ihi_run_rules_skip_points_on_the_median_and_count_equal_points_once():
    plan = ptd.Plan(chart="run", rules="ihi-run", baseline=20)
    batch = ptd.Batch.of([[*CALM, 8, 11, 12, 10, 11, 12, 11, 12], [*CALM, 8, 9, 9, 9.5, 10.5, 11]])
    shift, trend = (ptd.evaluate(batch, plan).series(i).flags[20:] for i in range(2))
    assert [bool(f & Flag.SHIFT_HIGH) for f in shift] == [False, True, True, False, True, True, True, True]
    assert [bool(f & Flag.TREND_UP) for f in trend] == [True, True, False, True, True, True]
    assert not any(f & Flag.TREND_UP for f in ptd.evaluate(batch, ptd.Plan(chart="run", rules="ihi-run", ties="break", baseline=20)).flags)


def test_ihi_run_rules_count_runs_both_ways():
    # 20 useful points in 20 runs, where 6 to 15 or 16 are usual.
    assert fewest_and_most_runs(20)[1] < 20
    result = ptd.evaluate(ptd.Batch.of([CALM]), ptd.Plan(chart="run", rules="ihi-run"))
    assert result.flags.nonzero()[0].tolist() == [19]
    assert result.flags[19] == Flag.CROSSINGS_MANY
    assert result.variation[0] == Variation.SPECIAL


def test_runs_test_limits_of_long_series_follow_the_exact_ones():
    low = np.array([fewest_and_most_runs(n) for n in range(990, 1012)])
    assert (np.abs(np.diff(low, axis=0)) <= 2).all()


def test_every_rule_can_be_switched_off_and_on():
    values = [16, 16, 16]
    assert flags(values, apply=["shift"]) == [0, 0, 0]
    assert flags(values, apply=[]) == [0, 0, 0]
    assert all(f & Flag.OUTSIDE_HIGH for f in flags(values, rules="anhoej", apply=["outside", "crossings"]))


def test_excluded_points_are_shown_but_neither_judged_nor_counted():
    result = one([*CALM, 30, 11], exclude=[20, 3])
    assert not result.flags.any()
    assert result.values[20] == 30
    assert result.kinds.tolist().count(Variation.NONE) == 2
    # Neighbours meet across a point left out: 11 (point 1), 9, then 9: one range of nought, eighteen of two.
    screened = ptd.evaluate(ptd.Batch.of([CALM]), ptd.Plan(exclude=[3]))
    assert screened.piece_centre[0] == pytest.approx(189 / 19)
    assert screened.piece_spread[0] == pytest.approx(2.66 * 34 / 18)


def test_an_excluded_last_point_leaves_the_icon_to_the_one_before():
    result = one([*CALM, 16, 3], exclude=[21], improvement="up")
    assert result.variation[0] == Variation.IMPROVEMENT
    assert (result.last[0], result.warnings[0]) == (21, 0)


def test_missing_points_may_be_skipped():
    high = [10.5, 11, 10.5, NAN, 11, 10.5, 11, 10.5]
    assert not any(flags([8, *high]))
    found = flags([8, *high], missing="skip")
    assert [bool(f) for f in found] == [False, True, True, True, False, True, True, True, True]
    ranges = ptd.evaluate(ptd.Batch.of([[1, 3, NAN, 7]]), ptd.Plan(missing="skip", screen=False))
    assert ranges.piece_spread[0] == pytest.approx(2.66 * 3)


def test_known_mean_and_sigma_replace_estimates_and_their_warnings():
    result = ptd.evaluate(ptd.Batch.of([[1, 2, 10], [1, 2, 10]]), ptd.Plan(mean=[2, NAN], sigma=[1, NAN]))
    assert result.series(0).upper.tolist() == [5, 5, 5]
    assert result.series(0).flags.tolist()[2] & Flag.OUTSIDE_HIGH
    assert result.warnings.tolist() == [0, Warn.TRIAL_LIMITS]
    share = ptd.evaluate(ptd.Batch.of([[10, 40]], [[100, 400]]), ptd.Plan(chart="p", mean=0.5))
    assert share.upper.tolist() == pytest.approx([0.65, 0.575])


def test_freeze_and_rebase_work_together():
    step = [*CALM, *(v + 10 for v in CALM), 40]
    result = one(step, rebase=[20])
    assert result.upper[[0, 20, 40]].tolist() == pytest.approx([15.32, 25.32, 25.32])
    assert result.flags.nonzero()[0].tolist() == [40]


def test_the_centre_may_be_the_median_and_the_limits_stay_as_wide():
    values = [1, 2, 3, 4, 50]
    mean, median = (ptd.evaluate(ptd.Batch.of([values]), ptd.Plan(centre=c)) for c in ("mean", "median"))
    assert (median.centre[0], mean.centre[0]) == (3, 12)
    assert median.upper[0] - 3 == pytest.approx(mean.upper[0] - 12)
    assert ptd.evaluate(ptd.Batch.of([values]), ptd.Plan(chart="run", centre="mean")).centre[0] == 12


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 8, 36, 63, 64, 65, 200])
def test_medians_of_columns_are_medians(rows):
    x = np.random.default_rng(rows).normal(size=(rows, 50)).round(1)
    np.testing.assert_allclose(column_medians(x), np.median(x, axis=0), rtol=1e-15)
    use = np.random.default_rng(1).random(x.shape) < 0.6
    expected = [np.median(x[use[:, k], k]) if use[:, k].any() else np.nan for k in range(50)]
    np.testing.assert_allclose(column_medians(x, use), expected, rtol=1e-15)


def test_the_constant_is_a_choice():
    assert one(CALM, constant="d2").upper[0] - 10 == pytest.approx(6 / 1.128)
    assert one(CALM).upper[0] - 10 == pytest.approx(5.32)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ([(0, 100), (25, 4)], Assurance.PASS),  # the newest step counts
        ([(0, 4), (25, 100)], Assurance.FAIL),
        ([(50, 4)], Assurance.NONE),  # it begins after the last point
        ({0: [(0, 10)]}, Assurance.RANDOM),
        ({}, Assurance.NONE),
        (np.linspace(4, 100, 30), Assurance.FAIL),
        (np.linspace(100, 4, 30), Assurance.PASS),
    ],
)
def test_targets_may_change_and_the_newest_counts(target, expected):
    values = [*CALM, *CALM[:10]]
    assert one(values, target=target, improvement="up").assurance[0] == expected


def test_several_targets_each_have_their_answer_and_the_first_decides():
    result = one(CALM, target={"national": 4, "ours": [(0, 4), (10, 20)]}, improvement="up")
    assert {name: codes.tolist() for name, codes in result.assurances.items()} == {"national": [1], "ours": [2]}
    assert (result.assurance[0], result.targets[0]) == (Assurance.PASS, 4)
    lines = result.series(0).targets
    assert [(each.name, each.values[9], each.values[10], each.assurance) for each in lines] == [("national", 4, 4, 1), ("ours", 4, 20, 2)]


def test_a_leap_in_the_calendar_is_noticed():
    months = np.arange("2023-01", "2023-09", dtype="datetime64[M]")
    days = np.arange("2023-02-20", "2023-03-10", dtype="datetime64[D]")
    weeks = np.arange("2023-01-02", "2023-06-01", 7, dtype="datetime64[D]")
    for dates in (months, days, weeks):
        whole, gappy = (ptd.evaluate(ptd.Batch.of([each * 0 + 1.0 for each in [np.arange(len(d))]], dates=[d])) for d in (dates, np.delete(dates, 4)))
        assert not whole.warnings[0] & Warn.CALENDAR_GAP
        assert gappy.warnings[0] & Warn.CALENDAR_GAP


def test_the_step_from_one_series_to_the_next_is_no_leap():
    months = np.arange("2023-01", "2023-06", dtype="datetime64[M]")
    batch = ptd.Batch.of([[1, 2, 3, 4, 5], [], [1], [1, 2, 3, 4, 5]], dates=[months, [], months[:1], months])
    assert not (ptd.evaluate(batch).warnings & Warn.CALENDAR_GAP).any()


def test_waits_of_nought_are_missing_with_a_reason():
    result = ptd.evaluate(ptd.Batch.of([[3, 0, 5, 8], [1, 2, 3, 4]]), ptd.Plan(chart="t"))
    assert np.isnan(result.values[1])
    assert [bool(w & Warn.NOT_POSITIVE) for w in result.warnings] == [True, False]


def test_the_first_moving_range_is_no_gap():
    result = ptd.evaluate(ptd.Batch.of([[*CALM], [*CALM[:5], NAN, *CALM]]), ptd.Plan(chart="mr"))
    assert [bool(w & Warn.GAPS) for w in result.warnings] == [False, True]


def test_equal_steps_of_unequal_floats_are_a_tie():
    ranges = ptd.evaluate(ptd.Batch.of([[0.1, 0.2, 0.3, 0.4, 0.7, 1.0]]), ptd.Plan(chart="mr")).values
    assert ranges[1:].tolist() == [0.1, 0.1, 0.1, 0.3, 0.3]


def test_subgroups_of_one_have_no_limits_and_missing_ones_are_gaps():
    batch = ptd.Batch.of_subgroups([[[1, 2, 3], [4], [], [2, 3, 7]]])
    assert batch.sizes.tolist() == [3, 1, 0, 3]
    result = ptd.evaluate(batch, ptd.Plan(chart="xbar"))
    assert np.isnan(result.upper).tolist() == [False, True, True, False]
    assert result.centre[0] == pytest.approx((6 + 4 + 12) / 7)
    # Sizes 3, 1 and 3 differ, so deviations are pooled: sqrt((2 x 1 + 2 x 7) / 4) = 2; c4(3) = 0.8862.
    assert result.upper[0] - result.centre[0] == pytest.approx(3 * 2 / (0.886226925 * np.sqrt(3)))


def test_threads_change_nothing():
    rng = np.random.default_rng(3)
    lengths = rng.integers(0, 90, 3000)
    values = np.where(rng.random(lengths.sum()) < 0.05, np.nan, rng.normal(10, 1, lengths.sum()))
    batch = ptd.Batch(values, np.r_[0, np.cumsum(lengths)])
    plan = ptd.Plan(rebase=[30], target=10, improvement="up", rules="nelson")
    alone, together = (ptd.evaluate(batch, plan, threads=n) for n in (1, 3))
    for name in ("flags", "variation", "assurance", "warnings", "upper"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(together, name), err_msg=name)
    assert ptd.evaluate(batch, plan, threads=None).flags.tolist() == alone.flags.tolist()


def test_a_baseline_of_one_phase_leaves_the_others_alone():
    before, after = [7, 9, 8, 6, 8, 7, 9, 8], [4, 3, 5, 4, 10, 10]
    batch = ptd.Batch.of([[1, 1, 2], before + after])
    result = ptd.evaluate(batch, ptd.Plan(rebase={1: (8,)}, baseline={1: (0, 4)}))
    one = result.series(1)
    assert one.centre[0] == sum(before) / 8
    assert one.centre[-1] == (4 + 3 + 5 + 4) / 4
    assert result.series(0).centre[0] == 4 / 3


@pytest.mark.parametrize("baseline", [{0: (2, 2)}, {3: (2,)}, {-1: (2,)}])
def test_a_baseline_for_a_phase_that_is_not_there_is_refused(baseline):
    with pytest.raises(ptd.PlanError, match="Give one number for each phase"):
        ptd.evaluate(ptd.Batch.of([[1, 2, 3]]), ptd.Plan(baseline=baseline))


def test_a_baseline_by_phase_needs_two_points_too():
    with pytest.raises(ptd.PlanError, match="2 or more"):
        ptd.evaluate(ptd.Batch.of([[1, 2, 3]]), ptd.Plan(baseline={0: (1,)}))
