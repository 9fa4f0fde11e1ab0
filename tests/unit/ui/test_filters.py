"""Numbers and dates read as a person would write them."""

import doctest
from datetime import date, datetime

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from espalier.ui import brand, filters


@pytest.mark.parametrize("module", [filters, brand], ids=lambda m: m.__name__)
def test_the_examples_in_the_docs_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@given(st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True, allow_subnormal=False))
def test_a_share_that_is_not_all_or_nothing_is_not_written_as_such(share):
    written = filters.percent(share)
    if 0.00001 <= share <= 0.99999:
        assert written not in {"0%", "100%"}
        assert float(written.rstrip("%").replace(",", "")) not in {0, 100}


@given(st.integers())
def test_a_whole_number_reads_back_without_its_commas(value):
    assert int(filters.number(value).replace(",", "")) == value


@pytest.mark.parametrize(("value", "words"), [(2.675, "2.68"), (1.005, "1.01"), (0.5, "0.50"), (-0.001, "0.00")])
def test_halves_round_away_from_zero_as_people_expect(value, words):
    assert filters.number(value, 2) == words


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_a_missing_figure_is_a_dash_and_never_a_zero(nothing):
    assert filters.number(nothing) == filters.percent(nothing) == "–"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ((0, 0), "midnight"),
        ((12, 0), "midday"),
        ((0, 5), "12:05am"),
        ((12, 30), "12:30pm"),
        ((9, 0), "9am"),
        ((23, 59), "11:59pm"),
    ],
)
def test_moments_are_on_a_twelve_hour_clock(at, words):
    assert filters.moment(datetime(2026, 5, 4, *at)) == f"4 May 2026 at {words}"


def test_a_year_that_starts_in_january_is_its_number():
    assert filters.period(date(2019, 1, 1), "year") == "2019"


def test_a_quarter_over_new_year_names_both_years():
    assert filters.period(date(2019, 12, 1), "quarter") == "December 2019 to February 2020"


def test_a_link_keeps_every_choice_but_the_one_it_changes():
    chosen = QueryDict("kind=a&kind=b&page=2&q=x%26y")
    assert filters.address("/m/", chosen, page=3) == "/m/?kind=a&kind=b&q=x%26y&page=3"
    assert filters.address("/m/", chosen, kind=None, page=None, q=None) == "/m/"


@given(st.integers(1, 60), st.integers(1, 60))
def test_page_numbers_rise_and_hold_the_first_the_last_and_the_current(current, pages):
    current = min(current, pages)
    shown = filters.page_numbers(current, pages)
    numbers = [n for n in shown if n]
    assert numbers == sorted(set(numbers))
    assert {1, current, pages} <= set(numbers)
    for before, gap, after in zip(shown, shown[1:], shown[2:], strict=False):
        if gap is None:
            assert after - before > 2
