"""The choices where tools differ, each with an example worked by hand."""

from __future__ import annotations

import subprocess
import sys
from itertools import permutations
from pathlib import Path

import numpy as np
import ptd_twin as twin
import pytest

import plotthedots as ptd
from plotthedots import Assurance, Flag, Variation, Warn
from plotthedots.rules.anhoej import fewest_crossings, longest_run_allowed

NAN = float("nan")
# Mean 10; every moving range is 2, so the limits are 10 +/- 5.32 and two sigma is 3.5466...
CALM = [9, 11] * 10


def one(values, **plan):
    return ptd.evaluate(ptd.Batch.of([values]), ptd.Plan(**plan))


def flags(values, **plan):
    return one(values, **plan).flags.tolist()


def frozen(*after):
    """Flags of points after a baseline of twenty calm ones."""
    return flags([*CALM, *after], baseline=20)[20:]


def test_limits_are_mean_and_two_point_six_six_moving_ranges():
    result = one(CALM)
    assert (result.centre[0], result.upper[0], result.lower[0]) == (10, pytest.approx(15.32), pytest.approx(4.68))


def test_a_point_on_a_limit_is_not_outside():
    assert frozen(15.32) == [0]
    assert frozen(15.33) == [Flag.OUTSIDE_HIGH]
    assert frozen(4.68) == [0]
    assert frozen(4.67) == [Flag.OUTSIDE_LOW]


def test_two_of_three_needs_all_three_on_one_side_and_marks_only_those_beyond_two_sigma():
    two = Flag.TWO_OF_THREE_HIGH
    assert frozen(14, 11, 14) == [two, 0, two]
    assert frozen(14, 9, 14) == [0, 0, 0]
    assert frozen(9, 14, 14) == [0, 0, 0]
    # 11 ends the calm stretch, so the first window is 11, 14, 14.
    assert frozen(14, 14) == [two, two]


def test_a_point_beyond_three_sigma_counts_in_two_of_three():
    assert frozen(14, 16) == [Flag.TWO_OF_THREE_HIGH, Flag.OUTSIDE_HIGH | Flag.TWO_OF_THREE_HIGH]


def test_two_of_three_with_the_third_anywhere_is_a_parameter():
    two = Flag.TWO_OF_THREE_HIGH
    found = flags([*CALM, 14, 9, 14], baseline=20, two_of_three="any-side")[20:]
    assert found == [two, 0, two]
    assert flags([*CALM, 14, 11, 14], baseline=20, two_of_three="off")[20:] == [0, 0, 0]


def test_seven_on_one_side_make_a_shift_and_six_do_not():
    high = [10.5, 11, 10.5, 11, 10.5, 11]
    assert frozen(9, *high) == [0] * 7
    assert frozen(9, *high, 10.5) == [0, *[Flag.SHIFT_HIGH] * 7]


def test_a_point_on_the_centre_and_a_missing_point_break_a_shift():
    high = [10.5, 11, 10.5, 11]
    assert frozen(9, *high, 10, *high) == [0] * 10
    assert frozen(9, *high, NAN, *high) == [0] * 10


def test_seven_rising_points_make_a_trend_six_or_a_tie_do_not():
    up = Flag.TREND_UP
    assert frozen(9, 8, 8.5, 9, 9.5, 10.5, 11, 11.5)[1:] == [up] * 7
    assert frozen(9, 8, 8.5, 9, 9.5, 10.5, 11, 8)[1:] == [0] * 7
    assert frozen(9, 8, 8.5, 9, 9.5, 9.5, 10.5, 11, 11.5)[1:] == [0] * 8


def test_lengths_are_parameters():
    assert flags([*CALM, 9, 10.5, 11, 10.5], baseline=20, shift=3)[21:] == [Flag.SHIFT_HIGH] * 3
    assert flags([*CALM, 8, 8.5, 9], baseline=20, trend=3)[20:] == [Flag.TREND_UP] * 3


def test_a_missing_value_breaks_both_moving_ranges():
    # Ranges seen: 2 and 4; the 100 between the two gaps belongs to none.
    assert one([1, 3, NAN, 100, NAN, 5, 9], screen=False).piece_spread[0] == pytest.approx(2.66 * 3)


def test_moving_ranges_are_screened_once():
    # Ranges: eighteen of 2, one of 9 (11 to 20) and one of 9 (20 to 11): mean 2.7; 3.267 x 2.7 = 8.82 < 9.
    values = [9, 11] * 5 + [20] + [11, 9] * 5
    assert one(values).piece_spread[0] == pytest.approx(2.66 * 2)
    assert one(values, screen=False).piece_spread[0] == pytest.approx(2.66 * 2.7)


def test_screening_that_would_leave_nothing_is_skipped_with_a_warning():
    # Rare events: all ranges but two are nought, and both are far above 3.267 times their mean.
    values = [0] * 9 + [5] + [0] * 10
    result = one(values)
    assert result.warnings[0] & Warn.SCREENING_SKIPPED
    assert result.piece_spread[0] == pytest.approx(2.66 * 10 / 19)
    assert [bool(f & (Flag.OUTSIDE_HIGH | Flag.OUTSIDE_LOW)) for f in result.flags.tolist()] == [v == 5 for v in values]


def test_a_constant_series_has_limits_on_its_centre_and_no_flag():
    for value in (7, 0.1, 0, -3.3):
        result = one([value] * 20)
        assert result.warnings[0] == Warn.CONSTANT
        assert result.lower[0] == pytest.approx(value)
        assert result.upper[0] == pytest.approx(value)
        assert not result.flags.any()


def test_a_single_point_is_fine_and_has_no_limits():
    result = one([5])
    assert (result.centre[0], np.isnan(result.upper[0]), result.variation[0]) == (5, True, Variation.COMMON)
    assert result.warnings[0] == Warn.TRIAL_LIMITS | Warn.NO_LIMITS


def test_eleven_points_give_trial_limits_and_twelve_do_not():
    assert one([1, 2] * 5 + [1]).warnings[0] == Warn.TRIAL_LIMITS
    assert one([1, 2] * 6).warnings[0] == 0


def test_a_baseline_shorter_than_twelve_gives_trial_limits_too():
    assert one(CALM, baseline=11).warnings[0] == Warn.TRIAL_LIMITS


def test_a_missing_last_point_never_decides_the_icon():
    shifted = [*CALM, *[11.5, 12] * 4]
    with_gap = one([*shifted, NAN, NAN], improvement="up", baseline=20)
    assert with_gap.variation[0] == one(shifted, improvement="up", baseline=20).variation[0] == Variation.IMPROVEMENT
    assert with_gap.warnings[0] == Warn.DATA_LATE
    assert with_gap.last[0] == len(shifted) - 1


def test_gaps_and_nothing_at_all_are_said():
    assert one([*CALM[:5], NAN, *CALM]).warnings[0] == Warn.GAPS
    empty = ptd.evaluate(ptd.Batch.of([[NAN, NAN], []]), ptd.Plan(target=1, improvement="up"))
    assert empty.warnings.tolist() == [Warn.NO_DATA] * 2
    assert empty.variation.tolist() == [Variation.NONE] * 2
    assert empty.assurance.tolist() == [Assurance.NONE] * 2
    assert empty.last.tolist() == [-1, -1]


def test_a_batch_of_no_series_is_an_empty_result():
    result = ptd.evaluate(ptd.Batch([], [0]))
    assert (result.flags.size, result.variation.size, result.centre.size) == (0, 0, 0)


def test_level_outranks_trend_where_rules_disagree():
    # The last seven points fall, yet all lie above the centre of the baseline.
    falling = [*CALM, 13.4, 13, 12.5, 12, 11.5, 11, 10.5]
    result = one(falling, improvement="down", baseline=20)
    assert result.flags[-1] == Flag.SHIFT_HIGH | Flag.TREND_DOWN
    assert result.variation[0] == Variation.CONCERN


@pytest.mark.parametrize(
    ("better", "above", "below"),
    [
        ("up", Variation.IMPROVEMENT, Variation.CONCERN),
        ("down", Variation.CONCERN, Variation.IMPROVEMENT),
        ("none", Variation.HIGH, Variation.LOW),
    ],
)
def test_variation_follows_the_direction(better, above, below):
    assert one([*CALM, 16], improvement=better, baseline=20).variation[0] == above
    assert one([*CALM, 4], improvement=better, baseline=20).variation[0] == below
    assert one(CALM, improvement=better).variation[0] == Variation.COMMON


@pytest.mark.parametrize(
    ("target", "better", "expected"),
    [
        (4.6, "up", Assurance.PASS),
        (4.68, "up", Assurance.PASS),  # on the limit: always met
        (4.7, "up", Assurance.RANDOM),
        (15.32, "up", Assurance.RANDOM),  # on the limit: can just be met
        (15.4, "up", Assurance.FAIL),
        (15.4, "down", Assurance.PASS),
        (15.32, "down", Assurance.PASS),
        (15.3, "down", Assurance.RANDOM),
        (4.68, "down", Assurance.RANDOM),
        (4.6, "down", Assurance.FAIL),
        (10, "none", Assurance.NONE),
        (None, "up", Assurance.NONE),
    ],
)
def test_assurance_compares_the_target_with_the_last_limits(target, better, expected):
    assert one(CALM, target=target, improvement=better).assurance[0] == expected


def test_direction_and_target_may_differ_by_series():
    batch = ptd.Batch.of([[*CALM, 16], [*CALM, 16], CALM])
    plan = ptd.Plan(improvement=["up", "down", "none"], target=[4, NAN, 4], baseline=[20, 20, 0])
    result = ptd.evaluate(batch, plan)
    assert result.variation.tolist() == [Variation.IMPROVEMENT, Variation.CONCERN, Variation.COMMON]
    assert result.assurance.tolist() == [Assurance.PASS, Assurance.NONE, Assurance.NONE]


def test_no_rule_crosses_a_phase_and_each_has_its_own_lines():
    # A step of ten: as one series its second half is a shift, as two phases nothing happened.
    step = [*CALM, *(value + 10 for value in CALM)]
    assert any(flags(step))
    result = one(step, rebase=[20])
    assert not result.flags.any()
    assert (result.centre[19], result.centre[20]) == (10, 20)
    assert result.upper[20] == pytest.approx(25.32)


def test_phases_may_differ_by_series_and_baselines_freeze_within_each():
    step = [*CALM, *(value + 10 for value in CALM), 26]
    result = ptd.evaluate(ptd.Batch.of([step, step]), ptd.Plan(rebase={1: [20]}, baseline=20))
    assert result.pieces.starts.tolist() == [0, 41, 61]
    assert result.series(1).flags.nonzero()[0].tolist() == [40]
    assert result.series(1).upper[-1] == pytest.approx(25.32)
    assert result.series(0).upper[-1] == pytest.approx(15.32)


def test_a_phase_without_data_yet_leaves_the_icon_to_the_phase_before():
    result = one([*CALM, 16, NAN, NAN], rebase=[21], improvement="up", baseline=20)
    assert result.variation[0] == Variation.IMPROVEMENT
    assert result.warnings[0] == Warn.DATA_LATE


def test_run_chart_has_a_median_and_no_limits():
    result = one([1, 2, 3, 10], chart="run")
    assert (result.centre[0], np.isnan(result.upper).all()) == (2.5, True)
    assert one([1, NAN, 2, 10], chart="run").centre[0] == 2
    assert one([1, 2, 100, 100], chart="run", baseline=2).centre[3] == 1.5


def test_p_chart_limits_follow_the_denominators_and_stay_between_nought_and_one():
    batch = ptd.Batch.of([[10, 40, 1]], [[100, 400, 2]])
    result = ptd.evaluate(batch, ptd.Plan(chart="p"))
    p = 51 / 502
    assert result.centre[0] == pytest.approx(p)
    assert result.upper[:2] == pytest.approx([p + 3 * np.sqrt(p * (1 - p) / n) for n in (100, 400)])
    assert result.lower[2] == 0  # 0.10 - 3 x 0.21 is below nought
    assert result.values.tolist() == [0.1, 0.1, 0.5]


def test_a_zero_denominator_is_a_missing_point_with_a_warning():
    result = ptd.evaluate(ptd.Batch.of([[1, 0, 2] * 5], [[10, 0, 10] * 5]), ptd.Plan(chart="p"))
    assert np.isnan(result.values[1])
    assert np.isnan(result.upper[1])
    assert result.centre[0] == pytest.approx(15 / 100)
    assert result.warnings[0] == Warn.ZERO_DENOMINATOR | Warn.GAPS | Warn.TRIAL_LIMITS


def test_values_with_denominators_are_ratios_on_every_chart():
    result = ptd.evaluate(ptd.Batch.of([[1, 3]], [[10, 10]]), ptd.Plan(chart="xmr"))
    assert result.centre[0] == pytest.approx(0.2)


def test_anhoej_removes_points_on_the_median_from_runs():
    # Median 5. Without the fives: nine low, nine high: one crossing where at least 5 are expected of 18.
    values = [1, 2, 1, 5, 2, 1, 2, 1, 2, 1, 9, 8, 9, 5, 8, 9, 8, 9, 8, 9]
    result = one(values, chart="run", rules="anhoej", improvement="up")
    assert (result.useful[0], result.longest_run[0], result.crossings[0]) == (18, 9, 1)
    marked = result.flags.astype(bool).tolist()
    assert marked == [value != 5 for value in values]  # both runs of 9 are longer than round(log2 18) + 3 = 7
    assert result.flags[-1] == Flag.SHIFT_HIGH | Flag.CROSSINGS_HIGH
    assert result.variation[0] == Variation.IMPROVEMENT


def test_too_few_crossings_alone_point_to_the_side_the_series_is_on_now():
    # Runs of six: 24 useful points, longest run 6 of 8 allowed, 3 crossings where 8 are expected.
    values = ([1, 2] * 3 + [9, 8] * 3) * 2
    result = one(values, chart="run", rules="anhoej", improvement="down")
    assert result.flags.nonzero()[0].tolist() == [23]
    assert result.flags[-1] == Flag.CROSSINGS_HIGH
    assert result.variation[0] == Variation.CONCERN


def test_crossing_limits_are_the_five_percent_points_of_the_binomial():
    assert [fewest_crossings(n) for n in range(2, 120)] == [twin.binomial_five_percent(n - 1) for n in range(2, 120)]


def test_longest_run_allowed_steps_up_where_the_logarithm_passes_a_half():
    # round(log2 n) + 3: log2 is 3.5 at 11.3, 4.5 at 22.6, 5.5 at 45.3, 6.5 at 90.5.
    expected = {11: 6, 12: 7, 22: 7, 23: 8, 45: 8, 46: 9, 90: 9, 91: 10}
    assert {n: longest_run_allowed(n) for n in expected} == expected


def test_crossing_limit_is_smooth_where_exact_sums_give_way_to_the_normal_curve():
    steps = np.diff([fewest_crossings(n) for n in range(990, 1015)])
    assert set(steps.tolist()) <= {0, 1}


def test_order_of_series_changes_nothing():
    rng = np.random.default_rng(3)
    rows = [rng.normal(10, 1, n) for n in (5, 36, 36, 0)]
    alone = {i: ptd.evaluate(ptd.Batch.of([row])).flags.tolist() for i, row in enumerate(rows)}
    for order in permutations(range(4)):
        result = ptd.evaluate(ptd.Batch.of([rows[i] for i in order]))
        assert [result.series(k).flags.tolist() for k in range(4)] == [alone[i] for i in order]


LOADED = """
import sys
sys.path[:0] = [{source!r}, {packages!r}]
import numpy
before = set(sys.modules)
import plotthedots as ptd
result = ptd.evaluate(ptd.Batch.of([[1, 2, 3]]))
ptd.draw(result, 0, title="t", dates=["2024-01-01"] * 3), ptd.describe(result, 0), ptd.expected_flags(36, 0.0)
print(*sorted({{name.split(".")[0] for name in set(sys.modules) - before}} - set(sys.stdlib_module_names)))
"""


def test_nothing_but_numpy_is_imported():
    source, packages = (str(Path(module.__file__).parents[1]) for module in (ptd, np))
    code = LOADED.format(source=source, packages=packages)
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"numpy", "plotthedots"}
    assert "plotthedots" in done.stdout
