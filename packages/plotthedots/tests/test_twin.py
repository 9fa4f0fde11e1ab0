"""The fast kernel equals the slow twin on random series: gaps, ties, phases, long and short."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import ptd_twin as twin
from hypothesis import example, given, settings
from hypothesis import strategies as st

import plotthedots as ptd

# Tenths: ties are common, and 0.1 + 0.2 is not 0.3 in float64, so "on the line" is tried in earnest.
TENTHS = st.one_of(st.integers(-30, 30), st.integers(0, 4), st.none())
STEADY = st.integers(95, 105)


def series(longest):
    return st.one_of(
        st.lists(TENTHS, max_size=longest),
        st.lists(STEADY, max_size=longest),
        # Steps and slopes, so that runs and trends longer than any word are common.
        st.builds(
            lambda parts: [start + slope * k for start, slope, count in parts for k in range(count)],
            st.lists(st.tuples(st.integers(-20, 20), st.integers(-2, 2), st.integers(1, 40)), max_size=5),
        ),
    )


def as_floats(ragged):
    return [np.array([np.nan if v is None else v / 10 for v in one]) for one in ragged]


def as_fractions(one):
    return [None if v is None else Fraction(v, 10) for v in one]


PHASES = st.lists(st.integers(0, 90), max_size=3)
BASELINE = st.one_of(st.none(), st.integers(2, 20))


@settings(max_examples=400, deadline=None)
@given(
    ragged=st.lists(series(150), min_size=1, max_size=6),
    starts=PHASES,
    baseline=BASELINE,
    shift=st.integers(2, 9),
    trend=st.integers(2, 9),
    same_side=st.booleans(),
)
@example(ragged=[[None, None, 0, 1]], starts=[], baseline=2, shift=2, trend=2, same_side=False)
@example(ragged=[[1] * 70 + [2]], starts=[], baseline=None, shift=7, trend=7, same_side=True)
@example(ragged=[list(range(130))], starts=[64], baseline=None, shift=7, trend=7, same_side=True)
def test_mdc_flags_equal_the_twin(ragged, starts, baseline, shift, trend, same_side):
    plan = ptd.Plan(
        rebase=starts,
        baseline=baseline,
        shift=shift,
        trend=trend,
        two_of_three="same-side" if same_side else "any-side",
    )
    result = ptd.evaluate(ptd.Batch.of(as_floats(ragged)), plan)
    for i, one in enumerate(ragged):
        expected = twin.judge(as_fractions(one), starts, baseline, "mdc", shift=shift, trend=trend, same_side=same_side)
        assert result.series(i).flags.tolist() == expected


@settings(max_examples=200, deadline=None)
@given(ragged=st.lists(series(150), min_size=1, max_size=6), starts=PHASES, baseline=BASELINE)
def test_anhoej_flags_equal_the_twin(ragged, starts, baseline):
    plan = ptd.Plan(chart="run", rules="anhoej", rebase=starts, baseline=baseline)
    result = ptd.evaluate(ptd.Batch.of(as_floats(ragged)), plan)
    for i, one in enumerate(ragged):
        assert result.series(i).flags.tolist() == twin.judge(as_fractions(one), starts, baseline, "anhoej")


@settings(max_examples=150, deadline=None)
@given(
    ragged=st.lists(series(80), min_size=1, max_size=5), starts=PHASES, better=st.sampled_from(["up", "down", "none"])
)
def test_a_series_is_judged_the_same_alone_and_among_others(ragged, starts, better):
    plan = ptd.Plan(improvement=better, target=1.0, rebase=starts)
    together = ptd.evaluate(ptd.Batch.of(as_floats(ragged)), plan)
    for i, one in enumerate(as_floats(ragged)):
        alone = ptd.evaluate(ptd.Batch.of([one]), plan)
        for name in ("variation", "assurance", "warnings", "last"):
            assert getattr(together, name)[i] == getattr(alone, name)[0], name
        np.testing.assert_array_equal(together.series(i).flags, alone.flags)
        # Sums in another order may differ in the last digit, never more.
        np.testing.assert_allclose(together.series(i).upper, alone.upper, rtol=1e-12, atol=1e-12)


@settings(max_examples=150, deadline=None)
@given(one=st.lists(STEADY, min_size=8, max_size=80), starts=PHASES)
def test_upside_down_data_give_upside_down_flags(one, starts):
    values = as_floats([one])[0]
    plan = ptd.Plan(rebase=starts)
    up = ptd.evaluate(ptd.Batch.of([values]), plan).flags
    down = ptd.evaluate(ptd.Batch.of([-values]), plan).flags
    high, low = np.uint16(0b0101010101), np.uint16(0b1010101010)
    np.testing.assert_array_equal(((up & high) << 1) | ((up & low) >> 1), down)


def test_ten_million_points_in_one_series_are_judged():
    rng = np.random.default_rng(20)
    values = np.round(rng.normal(1e6, 10, 10_000_000), 1)
    values[5_000_000] = 2e6  # one point far outside, screened from the limits
    result = ptd.evaluate(ptd.Batch(values, [0, values.size]))
    assert result.flags[5_000_000] & ptd.Flag.OUTSIDE_HIGH
    # An average of ten million is exact to the digits shown here, or the sum lost some.
    assert abs(result.piece_centre[0] - values.astype(np.longdouble).mean()) < 1e-9 * 1e6
    # The first stretch by hand, with the limits of the whole: a rule sees at most seven points either way.
    centre, amr = Fraction(result.piece_centre[0]), Fraction(result.piece_spread[0]) / Fraction(266, 100)
    first = [Fraction(round(value * 10), 10) for value in values[:200].tolist()]
    assert result.flags[:190].tolist() == twin.mdc(first, centre, amr)[:190]
