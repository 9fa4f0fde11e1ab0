"""What became of a chart since a day, on series made so that anybody can see it."""

from datetime import date

import numpy as np
import pytest

from espalier.common.periods import number_of


def moved_of(values, *, improvement="down", since=13):
    """Judge a monthly series that starts in January 2020, and look from its so-many-th month on."""
    from espalier.measures import charting
    from espalier.measures.queries.moving import _moved

    size = len(values)
    months = number_of(date(2020, 1, 1), "month") + np.arange(size)
    figures = np.asarray(values, dtype=float)
    seen = ~np.isnan(figures)
    block = charting.calendar(np.zeros(seen.sum(), np.int64), months[seen], figures[seen], np.full(seen.sum(), np.nan), figures[seen])
    definition = {"chart": "xmr", "rules": "mdc", "measured_in": "count", "improvement": improvement}
    return _moved(charting.judge(block, definition), date(2020 + (since - 1) // 12, (since - 1) % 12 + 1, 1))


USUAL = [10, 11, 9, 10, 12, 10, 9, 11, 10, 9, 11, 10]


def test_eight_months_below_all_before_are_better_where_less_is_better():
    found = moved_of([*USUAL, *USUAL, *[4, 5, 4, 5, 4, 5, 4, 5]], since=25)
    assert (found.figures, found.better, found.worse) == (8, True, False)
    assert found.held == 8
    assert found.now == pytest.approx((5 + 4 + 5) / 3)


def test_the_same_months_are_worse_where_more_is_better():
    found = moved_of([*USUAL, *USUAL, *[4, 5, 4, 5, 4, 5, 4, 5]], since=25, improvement="up")
    assert (found.better, found.held, found.worse) == (False, 0, True)


def test_what_was_as_usual_has_not_moved():
    found = moved_of([*USUAL, *USUAL])
    assert (found.figures, found.better, found.held, found.worse) == (12, False, 0, False)


def test_gaps_count_for_nothing_and_two_figures_make_no_average():
    found = moved_of([*USUAL, *USUAL, 9, float("nan"), 10], since=25)
    assert (found.figures, found.now) == (2, None)


def test_what_became_better_and_then_worse_has_not_held():
    """Ends far above all that came before, which is worse than usual where less is better."""
    found = moved_of([*USUAL, *USUAL, *[4, 5, 4, 5, 4, 5, 4, 5], 30], since=25)
    assert (found.held, found.better) == (0, False)
