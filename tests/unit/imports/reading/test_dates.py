"""Dates are never guessed: one reading, or a question."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.imports.reading import Grain, Order, Question, dates_of, in_london, open_file

DAYS_FIRST = ("{d.day:02}/{d.month:02}/{d.year}", "{d.day}.{d.month}.{d.year}", "{d.day:02}-{d.month:02}-{y:02}")
MONTHS_FIRST = ("{d.month:02}/{d.day:02}/{d.year}", "{d.month}-{d.day}-{d.year}", "{d.month:02}/{d.day:02}/{y:02}")
NEVER_TWO_WAYS = ("{d:%Y-%m-%d}", "{d:%d %B %Y}", "{d:%d-%b-%y}", "{d:%B %d, %Y}", "{d:%Y%m%d}", "{d:%A %d %B %Y}", "{d.year}/{d.month}/{d.day}")


def written(form: str, days: list[date]) -> list[str]:
    return [form.format(d=day, y=day.year % 100) for day in days]


def file_of(texts: list[str], path: Path) -> Path:
    path.write_text("code,date\n" + "".join(f'R1A,"{text}"\n' for text in texts), encoding="utf-8")
    return path


def sixty() -> list[tuple[str, list[date], bool]]:
    """A form, the days it writes, and whether they can be read two ways: no day above 12, and one that differs from its month."""
    chance = random.Random(60)  # noqa: S311  the same each time
    files = []
    for n in range(60):
        form = (*DAYS_FIRST, *MONTHS_FIRST, *NEVER_TWO_WAYS, DAYS_FIRST[0], MONTHS_FIRST[0])[n % 15]
        ambiguous = n % 2 == 0 and form not in NEVER_TWO_WAYS
        days = [date(chance.randint(1990, 2030), chance.randint(1, 12), chance.randint(1, 12 if ambiguous else 28)) for _ in range(20)]
        days.append(date(2026, 4, 3) if ambiguous else date(2026, 4, 13))
        files.append((form, days, ambiguous))
    return files


@pytest.mark.parametrize(("form", "days", "ambiguous"), sixty())
def test_sixty_files_none_wrong_and_ambiguous_always_asks(form: str, days: list[date], ambiguous: bool, tmp_path: Path) -> None:
    texts = written(form, days)
    sheet = open_file(file_of(texts, tmp_path / "dates.csv"), name="dates.csv").sheets[0]
    cells = sheet.column(1, range(1, sheet.height))
    assert list(cells.texts) == texts
    reading = dates_of(cells.texts, cells.kinds)
    assert reading.asks is ambiguous
    for text, day in zip(texts, days, strict=True):
        # Where there is a day, it is the right one; while the column asks, 04/03 has none and 05/05 may.
        assert reading.read[text].day in ({day, None} if ambiguous else {day})
    if ambiguous:
        answered = dates_of(texts, order=Order.DAY_FIRST if form in DAYS_FIRST else Order.MONTH_FIRST)
        assert not answered.asks
        assert [answered.read[text].day for text in texts] == days


@given(st.lists(st.dates(date(1980, 1, 1), date(2060, 1, 1)), min_size=1, max_size=30), st.sampled_from((DAYS_FIRST[0], MONTHS_FIRST[0])))
def test_a_day_is_right_or_it_is_asked(days: list[date], form: str) -> None:
    texts = written(form, days)
    reading = dates_of(texts)
    for text, day in zip(texts, days, strict=True):
        assert reading.read[text].day in {day, None}
    assert reading.asks == (any(d.day <= 12 and d.day != d.month for d in days) and all(d.day <= 12 for d in days))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    reading = dates_of([text])
    one = reading.of(text)
    assert one is None or one.day is not None or (one.wrong and one.what and one.to_do)


@pytest.mark.parametrize(
    ("text", "day", "grain"),
    [
        ("2017-SEP", date(2017, 9, 1), Grain.MONTH),
        ("February  2011", date(2011, 2, 1), Grain.MONTH),
        ("April\n2013", date(2013, 4, 1), Grain.MONTH),
        ("Sept 2020", date(2020, 9, 1), Grain.MONTH),
        ("Apr-19", date(2019, 4, 1), Grain.MONTH),
        ("2019-04", date(2019, 4, 1), Grain.MONTH),
        ("04/2019", date(2019, 4, 1), Grain.MONTH),
        ("201904", date(2019, 4, 1), Grain.MONTH),
        ("2019/20 Q1", date(2019, 4, 1), Grain.QUARTER),
        ("Q4 2019/20", date(2020, 1, 1), Grain.QUARTER),
        ("2019/20", date(2019, 4, 1), Grain.FINANCIAL_YEAR),
        ("1999-2000", date(1999, 4, 1), Grain.FINANCIAL_YEAR),
        ("2019", date(2019, 1, 1), Grain.YEAR),
        ("2019/20 M10", date(2020, 1, 1), Grain.MONTH),
        ("Month 3 2019/20", date(2019, 6, 1), Grain.MONTH),
        ("March 2019/20", date(2020, 3, 1), Grain.MONTH),
        ("1st of May 2026", date(2026, 5, 1), Grain.DAY),
        ("Tuesday 5 May 2026", date(2026, 5, 5), Grain.DAY),
        ("29/02/2024", date(2024, 2, 29), Grain.DAY),
    ],
)
def test_a_period_in_words_begins_on(text: str, day: date, grain: Grain) -> None:
    one = dates_of([text]).read[text]
    assert (one.day, one.grain) == (day, grain)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31/04/2025", "April has 30 days"),
        ("04/31/2025", "April has 30 days"),
        ("29/02/2025", "February 2025 has 28 days"),
        ("29/02/1900", "February 1900 has 28 days"),
        ("2025-13-01", "there is no month 13"),
        ("Q5 2019/20", "there is no quarter 5"),
        ("2019/20 M13", "a year has no month 13"),
        ("31 Feb 2024", "February 2024 has 29 days, so there is no 31"),
        ("3 May", "has no year"),
        ("soon", "is not a date"),
    ],
)
def test_what_is_no_day_says_why(text: str, words: str) -> None:
    one = dates_of([text]).read[text]
    assert one.day is None
    assert words in one.what
    assert one.to_do


def test_a_date_written_the_other_way_round_is_told_not_turned() -> None:
    reading = dates_of(["01/02/2026", "01/13/2026"], order=Order.DAY_FIRST)
    assert reading.read["01/02/2026"].day == date(2026, 2, 1)
    assert reading.read["01/13/2026"].day is None
    assert reading.read["01/13/2026"].wrong == "swapped"


def test_a_question_comes_with_what_is_likely() -> None:
    months = [f"{month:02}/01/2026" for month in range(2, 8)]
    assert dates_of(months).suggestion.order is Order.MONTH_FIRST
    assert dates_of([f"01/{month:02}/2026" for month in range(2, 8)]).suggestion.order is Order.DAY_FIRST


def test_quarters_ask_from_which_month_and_take_the_answer() -> None:
    assert dates_of(["2026 Q1"]).question is Question.WHICH_QUARTER
    assert dates_of(["2026 Q1"], quarters_from=4).read["2026 Q1"].day == date(2026, 4, 1)
    assert dates_of(["2026 Q1"], quarters_from=1).read["2026 Q1"].day == date(2026, 1, 1)
    assert dates_of(["2011-12"], slash=Grain.FINANCIAL_YEAR).read["2011-12"].day == date(2011, 4, 1)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)))
def test_a_moment_in_london_shows_the_same_clock_or_is_refused(moment: datetime) -> None:
    found = in_london(moment)
    if found.at is None:
        # Only in the hour after 01:00 on a last Sunday of March.
        assert (moment.month, moment.hour, moment.weekday()) == (3, 1, 6)
        assert (moment + timedelta(days=7)).month == 4
    else:
        assert found.at.replace(tzinfo=None) == moment
