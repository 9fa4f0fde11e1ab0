"""What somebody found who had never seen the product; one test for each."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from espalier.access.viewer import VISITOR
from espalier.common.errors import UnableTo
from espalier.imports.tables import read_tables
from espalier.measures import actions

pytestmark = pytest.mark.django_db

HEADING = (
    "Period,Org Code,Parent Org,Org name,A&E attendances Type 1,A&E attendances Type 2,A&E attendances Other A&E Department,"
    "Attendances over 4hrs Type 1,Attendances over 4hrs Type 2,Attendances over 4hrs Other Department,"
    "Emergency admissions via A&E - Type 1,Emergency admissions via A&E - Type 2,"
    "Emergency admissions via A&E - Other A&E department\n"
)


@pytest.mark.parametrize("path", [
    "/measures/ae-4-hours/R1A/?compare=year-before",
    "/measures/ae-4-hours/?until=2016-05&compare=year-before",
    "/measures/ae-4-hours/?until=2016-05&compare=year-before&level=region",
    "/measures/ae-4-hours/ENG/?compare=year-before&until=2016-12",
    "/measures/ae-4-hours/RR8/chart.svg?compare=year-before&until=2016-05",
    "/measures/staff-sickness-absence/QE1-ICB/?compare=year-before",
])  # fmt: skip
def test_a_record_too_short_for_a_year_before_shows_each_month(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/measures/ae-4-hours/?until=0001-01", "/measures/ae-4-hours/table.csv?until=0003-01"])
def test_the_first_years_of_the_calendar_are_no_months_of_ours(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_months_named_are_months_with_data(client: Client) -> None:
    page = client.get("/measures/ae-4-hours/?until=2016-05").content.decode()
    assert "June 2013" not in page
    assert "April to May 2016" in page


def test_the_table_as_a_file_holds_every_page(client: Client) -> None:
    lines = client.get("/measures/ae-4-hours/table.csv?page=2").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 274


def test_a_row_that_was_cut_off_is_named_and_not_read_as_no_waits() -> None:
    reading = actions.read_published(read_tables("f.csv", (HEADING + "MSitAE-MARCH-2024,RR8,x,Leeds,100\n").encode()))
    assert "ends after 5 of 13 columns" in reading.problems[0].what


def test_a_month_that_has_not_begun_is_refused() -> None:
    figure = actions.Figure(unit="RR8", measure="ae-4-hours", period_on=date(2999, 3, 1), numerator=1, denominator=2, value=50)
    with pytest.raises(UnableTo, match="has not begun"):
        actions.store_figures(actor=VISITOR, at=datetime(2026, 1, 1, tzinfo=UTC), why="test", figures=[figure])


def test_a_broken_character_in_a_name_is_an_unknown_name(client: Client) -> None:
    assert client.post("/sign-in/", {"who": "\0"}).status_code == 422
