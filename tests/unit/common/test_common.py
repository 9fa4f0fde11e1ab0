"""Pages of lists, periods and errors: the small things everything stands on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.common.errors import NotFoundHere, Suggestion, UnableTo
from espalier.common.paging import page_of
from espalier.common.periods import EARLIEST, LATEST, Period, add_months, month_start

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@st.composite
def periods(draw):
    since, until = sorted(draw(st.tuples(DAYS, DAYS).filter(lambda pair: pair[0] != pair[1])))
    return Period(draw(st.sampled_from([since, None])), draw(st.sampled_from([until, None])))


@given(periods(), periods())
def test_periods_overlap_exactly_when_some_day_lies_in_both(one, other):
    # The day on which the later of the two begins is in both, or no day is.
    start = max(one.since or EARLIEST, other.since or EARLIEST)
    assert one.overlaps(other) == other.overlaps(one) == (one.holds(start) and other.holds(start))


@given(periods())
def test_a_period_holds_its_first_day_and_not_its_last(period):
    assert period.since is None or period.holds(period.since)
    assert period.until is None or not period.holds(period.until)
    assert period.overlaps(period)


def test_a_period_that_ends_before_it_starts_is_refused():
    for until in (date(2020, 1, 1), date(2019, 1, 1)):
        with pytest.raises(ValueError, match="must end after it starts"):
            Period(date(2020, 1, 1), until)


def test_open_ends_can_be_stored_where_the_driver_knows_no_infinity():
    assert (date.min, date.max.replace(year=9999)) == (EARLIEST, LATEST)


@given(DAYS, st.integers(-600, 600), st.integers(-600, 600))
def test_months_add_up(day, some, more):
    assert add_months(add_months(day, some), more) == add_months(day, some + more)
    assert add_months(day, 0) == month_start(day)
    assert add_months(day, 12) == month_start(day).replace(year=day.year + 1)


@pytest.mark.parametrize(("asked", "total", "number", "start", "stop"), [
    (None, 25, 1, 0, 10), ("", 25, 1, 0, 10), ("2", 25, 2, 10, 20), ("3", 25, 3, 20, 25), ("99", 25, 3, 20, 25), ("0", 25, 1, 0, 10),
    ("-7", 25, 1, 0, 10), ("two", 25, 1, 0, 10), ("²", 25, 1, 0, 10), ("1" * 5000, 25, 1, 0, 10), (2, 20, 2, 10, 20), ("1", 0, 1, 0, 0),
])  # fmt: skip
def test_a_page_that_does_not_exist_becomes_one_that_does(asked, total, number, start, stop):
    page = page_of(asked, size=10, total=total)
    assert (page.number, page.start, page.stop) == (number, start, stop)
    assert page.pages == max(1, -(-total // 10))


def test_an_error_reads_as_one_sentence_after_another():
    assert str(UnableTo("It is wrong.", where="file.csv, row 3", to_do="Mend it.")) == "file.csv, row 3: It is wrong. Mend it."
    assert str(UnableTo("It is wrong.")) == "It is wrong."
    assert (UnableTo("x").code, UnableTo("x", code="mine").code, NotFoundHere("x").code) == ("unable", "mine", "not-found")
    missing = NotFoundHere("There is no A.", suggestions=(Suggestion("B", "/b/"),))
    assert isinstance(missing, UnableTo) and missing.suggestions[0].href == "/b/"
    assert str(missing) == "There is no A. Check the address, or search for the name."
