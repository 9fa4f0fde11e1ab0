"""A wall read as one: chance among flags, seasons, and values that lean on the one before."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plotthedots as ptd
from plotthedots.discovery import _adjusted, _chance, evidence


def steady(seed, series, points, lean=0.0):
    rng = np.random.default_rng(seed)
    x = np.empty((series, points))
    x[:, 0] = rng.normal(size=series)
    for t in range(1, points):
        x[:, t] = lean * x[:, t - 1] + rng.normal(scale=np.sqrt(1 - lean * lean), size=series)
    return x


def batch_of(x):
    return ptd.Batch(x.ravel(), np.arange(0, x.size + 1, x.shape[1]))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.01, 0.5))
@settings(max_examples=200, deadline=None)
def test_adjusted_probabilities_keep_what_benjamini_and_hochberg_keep(p, rate):
    ordered = sorted(p)
    passing = [k for k, one in enumerate(ordered, start=1) if one * len(p) <= rate * k]
    cut = ordered[max(passing) - 1] if passing else -1.0
    q = _adjusted(np.array(p))
    for one, adjusted in zip(p, q, strict=True):
        assert (adjusted <= rate) == (one <= cut) or adjusted == pytest.approx(rate)  # on the border: rounding


def test_adjusted_probabilities_of_a_textbook_example():
    q = _adjusted(np.array([0.01, 0.04, 0.03, np.nan, 0.005]))
    np.testing.assert_allclose(q, [0.02, 0.04, 0.04, np.nan, 0.02])


@pytest.mark.parametrize(("points", "lean", "chart"), [(12, 0.0, "xmr"), (36, 0.4, "xmr"), (42, 0.15, "xmr"), (36, 0.0, "run")])
def test_probabilities_are_what_a_fresh_simulation_gives(points, lean, chart):
    result = ptd.evaluate(batch_of(steady(points, 40_000, points, lean)), ptd.Plan(chart=chart))
    p = _chance(evidence(result), np.full(40_000, points), lean, limits=chart == "xmr")
    for level in (0.1, 0.03, 0.01, 0.003):
        share = (p <= level).mean()
        slack = 4 * np.sqrt(level / 40_000)
        assert share <= level * 1.25 + slack  # runs come in whole points: a step of the table may be passed
        assert share >= level * 0.35 - slack


@pytest.mark.parametrize("lean", [0.0, 0.4])
def test_on_a_wall_where_nothing_changed_hardly_any_wall_keeps_a_flag(lean):
    flagged = kept = walls_with_any = 0
    for wall in range(60):
        result = ptd.evaluate(batch_of(steady(100 + wall, 150, 36, lean)))
        view = ptd.discoveries(result, lean=lean)
        flagged += view.flagged
        kept += int(view.found.sum())
        walls_with_any += bool(view.found.any())
    assert flagged > 100
    assert kept < flagged / 10
    assert walls_with_any <= 60 * 0.1 + 3 * np.sqrt(60 * 0.09)


def test_real_changes_are_kept_and_the_share_that_is_chance_stays_near_the_rate():
    rng = np.random.default_rng(7)
    false = true = 0
    for wall in range(30):
        x = steady(wall, 300, 36)
        changed = rng.permutation(300) < 60
        x[changed, 24:] += 3.0
        view = ptd.discoveries(ptd.evaluate(batch_of(x)), rate=0.1, lean=0.0)
        true += int((view.found & changed).sum())
        false += int((view.found & ~changed).sum())
    assert true > 30 * 60 * 0.8
    assert false / (false + true) <= 0.1


def test_series_without_data_are_not_tested_and_unbroken_rules_are_no_discovery():
    steady_one = [4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 4]
    result = ptd.evaluate(ptd.Batch.of([steady_one, [np.nan] * 4, [], [*steady_one, 90]]))
    view = ptd.discoveries(result)
    assert view.tested == 2
    assert view.p[0] == 1.0
    assert np.isnan(view.p[1:3]).all()
    assert view.found.tolist() == [False, False, False, True]


def test_every_series_is_weighed_by_its_own_length():
    last = [4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 9]
    wall = ptd.evaluate(ptd.Batch.of([last, last]))
    p = ptd.discoveries(wall, lean=0.0).p
    assert p[0] == p[1] < 1


def test_an_empty_wall_has_no_discoveries():
    view = ptd.discoveries(ptd.evaluate(ptd.Batch([], [0])))
    assert view.found.size == 0
    assert view.lean == 0.0


def test_the_more_values_lean_the_less_a_flag_says():
    x = steady(3, 1, 24)
    x[0, -1] = 5.0
    result = ptd.evaluate(batch_of(x))
    assert ptd.discoveries(result, lean=0.6).p[0] > ptd.discoveries(result, lean=0.0).p[0]


@pytest.mark.parametrize("rate", [0, 1, -0.1])
def test_a_rate_is_a_share(rate):
    with pytest.raises(ptd.PlanError, match=r"0\.1 is usual"):
        ptd.discoveries(ptd.evaluate(ptd.Batch.of([[1, 2, 3]])), rate=rate)


@pytest.mark.parametrize(("points", "lean"), [(24, 0.0), (36, 0.4), (60, 0.4)])
def test_one_series_in_a_hundred_without_seasons_is_said_to_have_some(points, lean):
    found = ptd.seasonality(batch_of(steady(points, 20_000, points, lean)))
    assert found.likely.mean() < 0.014
    assert (found.p < 0.05).mean() == pytest.approx(0.05, abs=0.012)


def test_seasons_are_seen_through_trend_gaps_and_a_freak_month():
    month = np.arange(48)
    x = steady(9, 400, 48) + 2 * np.cos(2 * np.pi * month / 12) + month * 0.1
    x[:, 17] = 500.0
    x[:, [5, 30]] = np.nan
    found = ptd.seasonality(batch_of(x))
    assert found.likely.mean() > 0.85
    level = steady(9, 2_000, 48) + month * 0.1
    level[:, 17] = 500.0
    assert ptd.seasonality(batch_of(level)).likely.mean() < 0.02


def test_year_on_year_takes_the_seasons_out():
    month = np.arange(60)
    x = steady(9, 300, 60) + 3 * np.cos(2 * np.pi * month / 12)
    assert ptd.seasonality(batch_of(x)).likely.all()
    assert ptd.seasonality(ptd.difference(batch_of(x))).likely.mean() < 0.05


def test_ranks_share_ties_and_the_test_is_the_one_by_hand():
    # Ranks of 1 8 3 9 3 10; a straight line taken out; two groups of three; F with 1 and 3 degrees of freedom.
    ranks, n = [1, 4, 2.5, 5, 2.5, 6], 6
    t = [i - 2.5 for i in range(n)]
    slope = sum(a * (r - 3.5) for a, r in zip(t, ranks, strict=True)) / sum(a * a for a in t)
    left = [r - 3.5 - slope * a for a, r in zip(t, ranks, strict=True)]
    total = sum(x * x for x in left)
    between = sum(sum(left[k::2]) ** 2 / 3 for k in (0, 1))
    student = math.sqrt(between / ((total - between) / 3))
    # Student's t with 3 degrees of freedom has a formula.
    tail = 1 - 2 / math.pi * (student / math.sqrt(3) / (1 + student**2 / 3) + math.atan(student / math.sqrt(3)))
    found = ptd.seasonality(ptd.Batch.of([[1.0, 8.0, 3.0, 9.0, 3.0, 10.0]]), period=2)
    assert found.p[0] == pytest.approx(tail, rel=1e-9)
    assert found.strength[0] == pytest.approx(1 - ((total - between) / 3) / (total / 4), rel=1e-9)


@pytest.mark.parametrize("values", [[], [1.0] * 23, [5.0] * 48, [np.nan] * 48])
def test_what_is_short_empty_or_constant_has_no_hint(values):
    found = ptd.seasonality(ptd.Batch.of([values]))
    assert not found.likely[0]
    assert np.isnan(found.p[0])


def test_a_period_is_two_points_or_more():
    with pytest.raises(ptd.BatchError, match="12 for months"):
        ptd.seasonality(ptd.Batch.of([[1, 2]]), period=1)


def test_leaning_is_warned_of_where_it_is_sure():
    assert ptd.autocorrelated(batch_of(steady(1, 5_000, 36, 0.0))).mean() < 0.03
    assert ptd.autocorrelated(batch_of(steady(1, 5_000, 60, 0.6))).mean() > 0.95
    assert ptd.autocorrelated(ptd.Batch.of([[], [1, 2, 3], [5.0] * 30])).tolist() == [False] * 3
