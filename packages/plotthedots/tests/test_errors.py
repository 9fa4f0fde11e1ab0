"""Errors say what happened, where, and what to do next: word for word."""

from __future__ import annotations

import numpy as np
import pytest

import plotthedots as ptd

NAN = float("nan")


def batch(*args):
    return lambda: ptd.Batch(*args)


def plan(**fields):
    return lambda: ptd.Plan(**fields)


def judge(values, below=None, **fields):
    return lambda: ptd.evaluate(ptd.Batch.of(values, below), ptd.Plan(**fields))


def drawing(**options):
    return lambda: ptd.draw(ptd.evaluate(ptd.Batch.of([[1, 2, 3]])), options.pop("index", 0), title="t", **options)


CASES = {
    "Offsets go backwards at series 1 (3 then 2). Sort the values by series and give each series' first position in order.": batch(
        [1, 2, 3], [0, 3, 2, 3]
    ),
    "Offsets run from 0 to 2 but there are 3 values. They must start at 0 and end at 3.": batch([1, 2, 3], [0, 2]),
    "Offsets must be a flat array of whole numbers: where each series begins, then the number of values.": batch(
        [1, 2], [0.0, 2.0]
    ),
    "The value at point 1 of series 1 is infinite. Use NaN for a point that is missing.": batch(
        [1, 2, np.inf], [0, 1, 3]
    ),
    "The values have 2 dimensions. Give one flat array and offsets, or use Batch.of([...]).": batch([[1, 2]], [0, 2]),
    "There are 2 values but 1 denominators. Give one for each value.": batch([1, 2], [0, 2], [3]),
    "The denominator at point 1 of series 0 is missing but its value is not (1 such points). Give the denominator, or make the value NaN too.": batch(
        [1, 2, NAN], [0, 3], [3, NAN, NAN]
    ),
    "The denominator at point 0 of series 0 is negative. A denominator counts what was at risk: zero or more.": batch(
        [1], [0, 1], [-1]
    ),
    "There is no chart called 'xnr'. Did you mean 'xmr'? Known: 'c', 'g', 'ip', 'mr', 'p', 'pp', 'run', 's', 't', 'u', 'up', 'xbar', 'xmr'.": plan(chart="xnr"),
    "There are no rules called 'anhøj'. Did you mean 'anhoej'? Known: 'anhoej', 'ihi-run', 'mdc', 'nelson', 'nhs-r', 'western-electric'.": plan(rules="anhøj"),
    "There is no two of three called 'on'. Known: 'any-side', 'off', 'same-side'.": plan(two_of_three="on"),
    "improvement cannot be 'higher'. Known: 'down', 'none', 'up'.": plan(improvement="higher"),
    "shift is 1, but it needs at least 2 points. 7 is usual.": plan(shift=1),
    "improvement has 2 entries but the batch has 1 series. Give one for all, or one for each.": judge(
        [[1]], improvement=["up", "down"]
    ),
    "target has 3 entries but the batch has 1 series. Give one for all, or one for each. One for each of the 1 points will do too.": judge(
        [[1]], target=[1, 2, 3]
    ),
    "There is no rule called 'shfit'. Did you mean 'shift'? Known: 'alternating', 'avoiding', 'crossings', 'four-of-five', 'hugging', 'longest-run', 'outside', 'runs', 'shift', 'trend', 'two-of-three'.": plan(
        apply=["shfit"]
    ),
    "There is no constant called '2.66'. Known: 'd2', 'rounded'.": plan(constant="2.66"),
    "There is no choice for missing called 'leave'. Known: 'break', 'skip'.": plan(missing="leave"),
    "An x̄ chart needs subgroups: several measurements for each point. Use Batch.of_subgroups([...]), or give Batch sizes and deviations beside the means.": judge(
        [[1, 2]], chart="xbar"
    ),
    "A C chart has no sigma of its own to give: its limits follow from the centre. It works for 'xmr', 'ip', 'xbar'.": judge(
        [[1, 2]], chart="c", sigma=1
    ),
    "Point 1 of series 0 is -2. The values of a C chart count something: zero or more.": judge([[1, -2]], chart="c"),
    "sigma is negative. It is how far points usually lie from the centre: zero or more.": judge([[1, 2]], sigma=-1),
    "exclude names series 3, but the batch has series 0 to 0.": judge([[1, 2]], exclude={3: [0]}),
    "target names series 5, but the batch has series 0 to 0.": judge([[1, 2]], target={5: [(0, 1.0)]}),
    "There are 2 values but 1 sizes. Give one for each value.": lambda: ptd.Batch([1, 2], [0, 2], sizes=[1]),
    "The deviation at point 1 of series 0 is negative. Give zero or more.": lambda: ptd.Batch(
        [1, 2], [0, 2], sizes=[2, 2], deviations=[1, -1]
    ),
    "In series 1 the date 2024-01-01 follows 2024-01-01. Sort each series by date, and give each date one value.": lambda: (
        ptd.Batch.of([[1], [1, 2]], dates=[["2024-03-01"], ["2024-01-01", "2024-01-01"]])
    ),
    "There are 2 values but 1 dates. Give one for each value.": lambda: ptd.Batch([1, 2], [0, 2], dates=["2024-01-01"]),
    "baseline is 1. Give how many first points set the limits: whole numbers, 2 or more.": judge([[1, 2]], baseline=1),
    "rebase is [-3]. Give the points, counted from 0, at which new phases start.": judge([[1, 2]], rebase=[-3]),
    "rebase names series 4, but the batch has series 0 to 0.": judge([[1, 2]], rebase={4: [1]}),
    "A P chart needs denominators: how many each value is out of. Give them to Batch, or use chart='xmr' for plain percentages.": judge(
        [[1, 2]], chart="p"
    ),
    "Point 1 of series 0 counts 5 out of 4, which is not a proportion. The values of a P chart are numerators, from 0 to their denominator.": judge(
        [[1, 5]], [[4, 4]], chart="p"
    ),
    "There is no series 3: the result has series 0 to 0.": drawing(index=3),
    "There is no size 'sparks'. Did you mean 'spark'? Known: 'full', 'spark'.": drawing(size="sparks"),
    "There are 2 dates for 3 points. Give one date for each point, missing ones too.": drawing(
        dates=["2020-01-01"] * 2
    ),
    "The note 'x' is on point 3, but the series has points 0 to 2.": drawing(notes=[(3, "x")]),
    "prefix is '1 a'; an id starts with a letter and holds letters, digits, - and _.": drawing(prefix="1 a"),
    "lag is 0. Give how many points lie between the two compared: 12 for months of a year.": lambda: ptd.difference(
        ptd.Batch.of([[1]]), lag=0
    ),
    "There is no table for rules 'mcd'. Did you mean 'mdc'? Known: 'anhoej', 'ihi-run', 'mdc', 'nelson', 'nhs-r', 'western-electric'.": lambda: ptd.expected_flags(
        [36], 0.0, rules="mcd"
    ),
}


@pytest.mark.parametrize("words", CASES)
def test_the_message_says_what_where_and_what_next(words):
    with pytest.raises(ptd.PlotTheDotsError) as caught:
        CASES[words]()
    assert str(caught.value) == words
    assert isinstance(caught.value, ValueError)
    assert caught.value.code


def test_words_that_are_no_numbers_are_refused():
    with pytest.raises(
        ptd.BatchError, match=r"The values are not all numbers .* Use floats, with NaN or None for missing points\."
    ):
        ptd.Batch(["a"], [0, 1])
