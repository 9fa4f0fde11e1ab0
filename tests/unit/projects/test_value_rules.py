"""Ranges add as ranges, and unlike things are never put together: whatever people write down."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.projects.rules.value import AMOUNTS, Key, Line, Span, left, of_line, stands, totals, worth

DAY = date(2026, 6, 1)
money = st.integers(0, 10**8).map(lambda pence: Decimal(pence) / 100)
days = st.integers(-400, 400).map(lambda n: DAY + timedelta(days=n))


@st.composite
def lines(draw):
    kind = draw(st.sampled_from(["time", "cost", "benefit"]))
    amount = draw(st.sampled_from(AMOUNTS[kind]))
    low, high = sorted((draw(money), draw(money)))
    return Line(
        kind, amount, draw(st.sampled_from(["once", "week", "month", "year"])), low, high, draw(days), draw(st.none() | days),
        draw(st.sampled_from(["counted", "estimated", "assumed"])), draw(st.booleans()) if amount == "pounds" else None,
    )  # fmt: skip


@given(st.lists(lines(), max_size=12), st.lists(st.integers(0, 100), min_size=12, max_size=12))
def test_whatever_is_true_within_each_range_is_true_within_the_sum(several, where):
    """Take any one value inside each line: the values of like lines add up to something inside the sum, and the ends are reached."""
    found = {one.key: one for one in totals(several, on=DAY)}
    slow = {}
    for line, share in zip(several, where, strict=False):
        starts, ended = line.since <= DAY, line.per != "once" and line.until is not None and line.until < DAY
        if starts and not ended:
            times = {"once": 1, "week": 52, "month": 12, "year": 1}[line.per]
            value = (line.low + (line.high - line.low) * share / 100) * times
            like = (line.kind, line.amount, line.per != "once", line.releases)
            low, some, high = slow.get(like, (0, 0, 0))
            slow[like] = (low + line.low * times, some + value, high + line.high * times)
    assert {(key.kind, key.amount, key.yearly, key.releases) for key in found} == slow.keys()
    for key, one in found.items():
        low, some, high = slow[key.kind, key.amount, key.yearly, key.releases]
        assert (one.span.low, one.span.high) == (low, high)
        assert low <= some + Decimal("0.001") and some <= high + Decimal("0.001")


@given(st.lists(lines(), max_size=10))
def test_the_order_in_which_things_are_said_changes_nothing(several):
    assert totals(several, on=DAY) == totals(list(reversed(several)), on=DAY)


@given(st.lists(lines(), min_size=1, max_size=8))
def test_a_sum_is_never_surer_than_its_least_sure_line(several):
    rank = ["counted", "estimated", "assumed"].index
    for total in totals(several, on=DAY):
        like = [one for one in several if stands(one, DAY) == "running" and (one.kind, one.amount, one.per != "once", one.releases)
                == (total.key.kind, total.key.amount, total.key.yearly, total.key.releases)]
        assert rank(total.how) == max(rank(one.how) for one in like)
        assert total.lines == len(like)


@given(st.tuples(money, money).map(sorted), st.tuples(money, money).map(sorted))
def test_what_is_left_holds_every_difference(a, b):
    found = Span(*a) - Span(*b)
    assert found.low == a[0] - b[1] and found.high == a[1] - b[0]
    assert all(found.low <= x - y <= found.high for x in a for y in b)


def test_only_money_that_a_budget_feels_is_set_against_costs():
    def pounds(kind, releases):
        return Line(kind, "pounds", "year", Decimal(10), Decimal(20), DAY, None, "counted", releases)

    assert left(totals([pounds("benefit", False), pounds("cost", True)], on=DAY)) == ()
    assert left(totals([pounds("benefit", True), pounds("cost", True)], on=DAY)) == ((True, Span(Decimal(-10), Decimal(10))),)


def test_hours_become_pounds_only_at_a_rate_and_stand_apart():
    hours = Line("time", "hours", "month", Decimal(10), Decimal(20), DAY, None, "counted")
    rate = Line("rate", "pounds-an-hour", "once", Decimal(18), Decimal(22), DAY, None, "counted")
    sums = totals([hours, rate], on=DAY)
    assert [one.key for one in sums] == [Key("time", "hours", yearly=True)]
    assert worth(sums, None) == ()
    assert worth(sums, rate) == ((True, Span(Decimal(2160), Decimal(5280))),)  # 120 hours at £18; 240 at £22


def test_a_range_never_runs_backwards():
    with pytest.raises(ValueError, match="from low to high"):
        Span(Decimal(2), Decimal(1))
    with pytest.raises(ValueError, match="nothing or more"):
        Span(Decimal(-1), Decimal(1)).times(Span(Decimal(1), Decimal(1)))


def test_what_ended_or_has_not_begun_is_in_no_sum_but_what_came_once_stays():
    day = timedelta(days=1)
    one = Line("time", "hours", "week", Decimal(1), Decimal(1), DAY - day, DAY, "counted")
    assert stands(one, DAY) == "running"  # until is its last day
    assert stands(one, DAY + day) == "over" and stands(one, DAY - 2 * day) == "to-come"
    once = Line("cost", "hours", "once", Decimal(1), Decimal(1), DAY - day, DAY - day, "counted")
    assert stands(once, DAY) == "running" and of_line(once) == Span(Decimal(1), Decimal(1))
