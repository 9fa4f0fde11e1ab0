"""Sums up the tree, by definition."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.common.errors import UnableTo
from espalier.measures.rules.figures import Figure, roll_up, value_of

MARCH = date(2019, 3, 1)


def figure(unit: str, numerator: float | None, denominator: float | None) -> Figure:
    return Figure(unit, "any", MARCH, numerator, denominator, None)


def test_numerators_and_denominators_are_added_and_not_percentages_averaged() -> None:
    # The mean of 90 % and 50 % is 70 %; the people say 95 of 110.
    both = roll_up("sum", "percent", [figure("A", 90, 100), figure("B", 5, 10)], {"A", "B"})
    assert (both.numerator, both.denominator) == (95, 110)
    assert both.value == pytest.approx(86.3636, abs=0.001)


def test_coverage_counts_who_was_expected_and_who_reported() -> None:
    some = roll_up("sum", "percent", [figure("A", 1, 2), figure("STRANGER", 50, 50)], {"A", "B", "C"})
    assert (some.reported, some.expected, some.denominator) == (1, 3, 2)


def test_a_rate_that_is_not_added_up_has_no_sum() -> None:
    none = roll_up("none", "percent", [Figure("A", "any", MARCH, None, None, 4.5)], {"A"})
    assert (none.value, none.numerator) == (None, None)


def test_a_count_has_no_denominator() -> None:
    assert roll_up("sum", "count", [figure("A", 3, None), figure("B", 4, None)], {"A", "B"}).value == 7


def test_two_figures_of_one_unit_are_refused() -> None:
    with pytest.raises(UnableTo, match="two figures"):
        roll_up("sum", "count", [figure("A", 3, None), figure("A", 3, None)], {"A"})


def test_an_unknown_way_to_measure_is_refused_in_words() -> None:
    with pytest.raises(UnableTo, match="Use one of: count, days, percent, rate, score"):
        value_of("furlongs", 1, 2)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 1000)), min_size=1, max_size=30), st.integers(0, 29))
def test_the_sum_of_two_parts_is_the_sum_of_all(pairs: list[tuple[int, int]], cut: int) -> None:
    figures = [figure(f"U{at}", min(n, d), d) for at, (n, d) in enumerate(pairs)]
    units = [f.unit for f in figures]
    whole = roll_up("sum", "percent", figures, units)
    left, right = (roll_up("sum", "percent", figures, part) for part in (units[:cut], units[cut:]))
    assert whole.numerator == (left.numerator or 0) + (right.numerator or 0)
    assert whole.denominator == (left.denominator or 0) + (right.denominator or 0)
    assert whole.reported == left.reported + right.reported
    assert whole.value is not None
    assert 0 <= whole.value <= 100
