"""Figures counted by the day, week, quarter and year: their calendar, their words, and putting them in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from espalier.access.door import acting_as
from espalier.access.viewer import Viewer
from espalier.common.errors import UnableTo
from espalier.common.periods import GRAINS, Grain, number_of, period_start, start_of_number, step
from espalier.measures import actions
from espalier.measures.charting import calendar, judge, period_numbers
from espalier.measures.models import Measure, Point
from espalier.measures.rules import UnableToStoreFigure, missing_periods, read_block, refuse_period
from espalier.measures.rules.periods_read import day_of, quarter_of, reader_for
from espalier.organisations import queries as organisations

DAYS = st.dates(date(1900, 1, 1), date(2190, 12, 31))
GRAIN = st.sampled_from(GRAINS)
WEEKLY = {"measured_in": "count", "frequency": "week"}


class TestTheCalendar:
    @given(DAYS, GRAIN)
    def test_a_day_lies_in_its_period_and_not_in_the_next(self, day: date, grain: Grain) -> None:
        assert period_start(day, grain) <= day < step(day, grain, 1)
        assert number_of(step(day, grain, -1), grain) == number_of(day, grain) - 1

    @given(DAYS)
    def test_weeks_are_those_of_the_iso_calendar(self, day: date) -> None:
        monday = period_start(day, "week")
        assert monday.isocalendar()[:2] == day.isocalendar()[:2] and monday.isoweekday() == 1

    @given(st.lists(DAYS, min_size=1, max_size=20), GRAIN)
    def test_many_days_are_numbered_as_one_is(self, days: list[date], grain: Grain) -> None:
        assert period_numbers(days, grain).tolist() == [number_of(day, grain) for day in days]
        assert [start_of_number(number, grain) for number in period_numbers(days, grain)] == [period_start(day, grain) for day in days]

    def test_a_block_of_two_grains_keeps_each_apart(self) -> None:
        numbers = [number_of(date(2019, 3, 4), "week"), number_of(date(2019, 3, 18), "week"), number_of(date(2019, 4, 1), "quarter")]
        value = np.array([1.0, 2.0, 3.0])
        block = calendar(np.array([1, 1, 2]), np.array(numbers), value, value, value, {1: "week", 2: "quarter"})
        assert block.months(0) == (date(2019, 3, 4), date(2019, 3, 11), date(2019, 3, 18))
        assert block.only(1).months(0) == (date(2019, 4, 1),)

    def test_a_week_is_compared_with_the_one_fifty_two_weeks_before(self) -> None:
        value = np.arange(60.0)
        block = calendar(np.zeros(60, np.int64), np.arange(60) + 105_000, value, value, value, "week")
        definition = {"chart": "xmr", "rules": "mdc", "measured_in": "count", "improvement": "none"}
        judged = judge(block, definition, compare="year-before")
        assert judged.block.value.tolist() == [52.0] * 8
        assert judged.block.months(0)[0] == start_of_number(105_052, "week")


class TestWhatIsMissing:
    def test_weeks_from_the_first_known_to_the_last_that_ended(self) -> None:
        found = missing_periods([date(2026, 4, 27), date(2026, 5, 11)], today=date(2026, 5, 24), frequency="week")
        assert found == (date(2026, 5, 4),)  # Sunday: the week of 18 May has not ended

    def test_the_day_before_is_the_last_day_that_has_ended(self) -> None:
        assert missing_periods([], today=date(2026, 3, 1), frequency="day") == (date(2026, 2, 28),)

    @pytest.mark.parametrize(("day", "words"), [(date(2019, 3, 6), "No week begins on 6 March 2019"), (date(2030, 1, 7), "has not begun")])
    def test_a_day_on_which_no_week_begins_is_refused_with_the_one_that_does(self, day: date, words: str) -> None:
        with pytest.raises(UnableToStoreFigure, match=words) as refused:
            refuse_period(day, today=date(2019, 5, 1), frequency="week")
        assert day.year > 2019 or refused.value.to_do == "Take 4 March 2019 instead."


class TestReadingABlock:
    def test_days_are_read_as_the_week_they_lie_in(self) -> None:
        read = read_block("Week\tFalls\n4 Mar 2019\t3\n2019-03-13\t4\nTue, 19 Mar 2019\t5", WEEKLY)
        assert [row.month for row in read.rows] == [date(2019, 3, 4), date(2019, 3, 11), date(2019, 3, 18)]
        assert read.problems == ()

    def test_a_column_shows_which_number_is_the_day(self) -> None:
        read = read_block("04/03/2019\t3\n11/03/2019\t4\n18/03/2019\t5", WEEKLY)
        assert [row.month for row in read.rows] == [date(2019, 3, 4), date(2019, 3, 11), date(2019, 3, 18)]
        american = reader_for("day", ["03/04/2019", "03/18/2019"])
        assert american("03/04/2019") == date(2019, 3, 4)

    def test_where_nothing_shows_it_the_day_is_refused(self) -> None:
        read = read_block("04/03/2019\t3\n11/03/2019\t4", WEEKLY)
        assert read.rows == ()
        assert read.problems[0].what == '"04/03/2019" could be the 4 of month 3 or the 3 of month 4.'
        assert read.problems[0].to_do.startswith("Write the Monday of the week")

    def test_a_column_that_contradicts_itself_shows_nothing(self) -> None:
        with pytest.raises(ValueError, match="could be the 4"):
            reader_for("day", ["13/03/2019", "03/18/2019", "04/03/2019"])("04/03/2019")

    def test_two_days_of_one_week_are_two_figures_for_it(self) -> None:
        read = read_block("4 Mar 2019\t3\n6 Mar 2019\t4", WEEKLY)
        assert [one.what for one in read.problems] == ["4 March 2019 stands in row 2 too.", "4 March 2019 stands in row 1 too."]

    @pytest.mark.parametrize("text", ["31 Feb 2019", "2019-02-30", "32/13/2019", "next week", "", "2019-03"])
    def test_what_is_no_day_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a day"):
            day_of(text)

    @pytest.mark.parametrize(("text", "words"), [
        ("Q1 2019", "calendar year or of the financial"), ("2019 Q3", "calendar year or of the financial"),
        ("May 2019", "not the first month of a quarter"), ("Q1 2019/21", "not a financial year"), ("soon", "not a month"),
    ])  # fmt: skip
    def test_a_quarter_that_could_be_two_is_refused(self, text: str, words: str) -> None:
        with pytest.raises(ValueError, match=words):
            quarter_of(text)

    def test_years_are_calendar_years(self) -> None:
        read = read_block("2018\t1\n2019/20\t2", WEEKLY | {"frequency": "year"})
        assert [row.month for row in read.rows] == [date(2018, 1, 1)]
        assert read.problems[0].what == '"2019/20" is not a calendar year.'


def change_frequency(frequency: str, **more: Any) -> None:
    """Ward 7 counts its medicine errors by another period from now on."""
    measure = Measure.objects.get(code="team-medicine-errors")
    Measure.objects.filter(pk=measure.pk).update(definition=measure.definition | {"frequency": frequency} | more)
    with acting_as(leader()):
        assert Point.objects.filter(series__measure_id=measure.pk).delete()[0] > 0


def leader() -> Viewer:
    return organisations.viewer_for(get_user_model().objects.get(username="demo-leader"))


def store(frequency: Grain, many: int, *, last: date = date(2019, 3, 18)) -> None:
    figures = [
        actions.Figure("DEMO-WARD-7", "team-medicine-errors", step(last, frequency, -back), 5.0 + back % 3, None, 5.0 + back % 3)
        for back in range(many)
    ]
    with acting_as(leader()) as actor:
        actions.store_figures(actor=actor, at=datetime.now(UTC), why="test", figures=figures)


@pytest.mark.django_db
class TestThePages:
    CHART = "/measures/team-medicine-errors/DEMO-WARD-7/"

    @pytest.fixture
    def nurse(self) -> Client:
        client = Client()
        account = get_user_model().objects.get(username="demo-nurse")
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    @pytest.mark.parametrize(("frequency", "many", "newest", "yearly"), [
        ("day", 100, "on 18 March 2019", False), ("week", 110, "in the week of 18 March 2019", True),
        ("quarter", 26, "in January to March 2019", True), ("year", 14, "in 2019", False),
    ])  # fmt: skip
    def test_a_chart_speaks_of_its_own_periods(self, client: Client, frequency: Grain, many: int, newest: str, yearly: bool) -> None:
        change_frequency(frequency)
        store(frequency, many)
        page = client.get(self.CHART).content.decode()
        assert newest in page
        assert (f"Compare with the same {frequency} last year" in page) is yearly
        assert f'<th scope="col">{frequency.capitalize()}</th>' in page
        assert "month" not in page.split("<main")[1].split("What this measures")[0].replace("earlier months", "").replace("months=all", "")
        compared = client.get(f"{self.CHART}?compare=year-before").content.decode()
        assert ("a year before" in compared) is yearly
        assert client.get("/measures/team-medicine-errors/?unit=DEMO-TRUST&compare=year-before").status_code == 200
        assert client.get("/units/DEMO-WARD-7/").status_code == 200

    def test_only_the_newest_periods_are_drawn_until_all_are_asked_for(self, client: Client) -> None:
        change_frequency("week")
        store("week", 110)
        assert client.get(f"{self.CHART}data.csv").content.decode().count("\n") == 1 + 104
        assert client.get(f"{self.CHART}data.csv?months=all").content.decode().count("\n") == 1 + 110

    def test_the_entry_page_asks_for_the_oldest_week_and_stores_it(self, nurse: Client) -> None:
        change_frequency("week")
        store("week", 2, last=period_start(datetime.now(UTC).date() - timedelta(days=21), "week"))
        monday = period_start(datetime.now(UTC).date() - timedelta(days=14), "week")
        page = nurse.get(f"{self.CHART}enter/").content.decode()
        assert f"week of {monday.day} {monday:%B %Y}" in page and "2 weeks have no figure" in page
        answer = nurse.post(f"{self.CHART}enter/?period={monday}", {"numerator": "4", "seen": ""}, follow=True)
        assert f"Week of {monday.day} {monday:%B %Y} is 4." in answer.content.decode()
        assert Point.objects.filter(series__measure__code="team-medicine-errors", period_on=monday, value=4).exists()

    def test_any_day_of_a_week_leads_to_that_week(self, nurse: Client) -> None:
        change_frequency("week")
        assert "week of 4 March 2019" in nurse.get(f"{self.CHART}enter/?period=2019-03-07").content.decode()

    def test_a_block_of_weeks_is_pasted(self, nurse: Client) -> None:
        change_frequency("week")
        answer = nurse.post(f"{self.CHART}paste/", {"block": "04/03/2019\t3\n25/03/2019\t4\n", "do": "store"}, follow=True)
        assert answer.status_code == 200
        stored = Point.objects.filter(series__measure__code="team-medicine-errors").values_list("period_on", flat=True)
        assert sorted(stored) == [date(2019, 3, 4), date(2019, 3, 25)]

    def test_a_file_with_a_day_on_which_no_week_begins_is_refused(self) -> None:
        change_frequency("week")
        wednesday = actions.Figure("DEMO-WARD-7", "team-medicine-errors", date(2019, 3, 6), 1.0, None, 1.0)
        with pytest.raises(UnableTo, match="No week begins on 6 March 2019"), acting_as(leader()) as actor:
            actions.store_figures(actor=actor, at=datetime(2026, 1, 1, tzinfo=UTC), why="test", figures=[wednesday])
