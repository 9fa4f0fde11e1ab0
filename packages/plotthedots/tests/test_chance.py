"""Flags by chance, dependence on the month before, and the same month last year."""

from __future__ import annotations

import numpy as np
import pytest

import plotthedots as ptd

SERIES = 60_000


def steady(seed, series, points, lean):
    """Normal series that never change, each point leaning on the last; written apart from the tool that made the table."""
    rng = np.random.default_rng(seed)
    x = np.empty((series, points))
    x[:, 0] = rng.normal(size=series)
    for t in range(1, points):
        x[:, t] = lean * x[:, t - 1] + rng.normal(scale=np.sqrt(1 - lean * lean), size=series)
    return ptd.Batch(x.ravel(), np.arange(0, x.size + 1, points))


def share(batch, plan):
    return float((ptd.evaluate(batch, plan).variation != ptd.Variation.COMMON).mean())


@pytest.mark.parametrize(("points", "lean"), [(12, 0.0), (36, 0.0), (36, 0.4), (60, 0.2), (120, 0.7)])
def test_the_table_is_what_a_fresh_simulation_gives(points, lean):
    expected = float(ptd.expected_flags(points, lean))
    seen = share(steady(points, SERIES, points, lean), ptd.Plan())
    assert abs(seen - expected) < 4 * np.sqrt(expected * (1 - expected) / SERIES) + 0.001


def test_the_anhoej_table_is_what_a_fresh_simulation_gives():
    expected = float(ptd.expected_flags(24, 0.3, rules="anhoej"))
    seen = share(steady(5, 20_000, 24, 0.3), ptd.Plan(chart="run", rules="anhoej"))
    assert abs(seen - expected) < 4 * np.sqrt(expected * (1 - expected) / 20_000) + 0.001


@pytest.mark.parametrize(
    ("points", "lean", "published"),
    [(12, 0, 0.016), (24, 0, 0.019), (36, 0, 0.019), (60, 0, 0.020), (36, 0.4, 0.100), (60, 0.4, 0.107)],
)
def test_third_anywhere_gives_the_rates_measured_elsewhere(points, lean, published):
    # Measured with another engine (numba loops, 200,000 series): two of three with the third anywhere.
    seen = share(steady(points + 7, SERIES, points, lean), ptd.Plan(two_of_three="any-side"))
    assert abs(seen - published) < 4 * np.sqrt(published / SERIES) + 0.0006


def test_between_the_lines_of_the_table_is_between_its_values():
    low, middle, high = ptd.expected_flags([36, 42, 48], 0.25)
    assert low < middle < high
    assert middle == pytest.approx((low + high) / 2)
    by_lean = ptd.expected_flags(36, [0.2, 0.25, 0.3])
    assert by_lean[1] == pytest.approx((by_lean[0] + by_lean[2]) / 2)


def test_beyond_the_table_its_edge_is_used_and_unknown_dependence_counts_as_none():
    assert ptd.expected_flags(500, 0.95) == ptd.expected_flags(120, 0.8)
    assert ptd.expected_flags([36, 36], [np.nan, -0.4]).tolist() == ptd.expected_flags([36, 36], 0.0).tolist()
    assert ptd.expected_flags([0, 1, 2], 0.0).tolist() == [0, 0, 0]


@pytest.mark.parametrize("lean", [0.0, 0.4, 0.7])
def test_dependence_is_found_again_in_short_series(lean):
    # The plain coefficient would give about -0.03, 0.33 and 0.60.
    found = ptd.lag1(steady(11, 4000, 36, lean))
    assert abs(np.median(found) - lean) < 0.03


def test_dependence_agrees_with_the_textbook_formula():
    x = np.random.default_rng(2).normal(size=40)
    d = x - x.mean()
    plain = (d[1:] * d[:-1]).sum() / (d * d).sum()
    assert ptd.lag1(ptd.Batch.of([x]))[0] == pytest.approx((40 * plain + 1) / 36)


def test_dependence_is_unknown_for_short_constant_and_empty_series():
    found = ptd.lag1(ptd.Batch.of([[1, 2, 3, 4, 5, 6, 7], [0.1] * 20, [], [np.nan] * 9, [*range(1, 12)]]))
    assert np.isnan(found[:4]).all()
    assert found[4] > 0.9


def test_the_same_month_last_year():
    batch = ptd.Batch.of([np.arange(14.0) ** 2, np.arange(12.0), [1.0] * 13, []])
    result = ptd.difference(batch)
    assert result.offsets.tolist() == [0, 2, 2, 3, 3]
    assert result.values.tolist() == [144, 168, 0]
    assert ptd.evaluate(result).warnings[1] == ptd.Warn.NO_DATA


def test_differences_of_proportions_and_of_gaps():
    batch = ptd.Batch.of([[1, 2, 3, np.nan]], [[10, 10, 10, 10]])
    np.testing.assert_allclose(ptd.difference(batch, lag=1).values, [0.1, 0.1, np.nan])
