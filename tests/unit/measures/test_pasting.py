"""A block from a spreadsheet: read as it looks, checked before it is stored, taken back whole."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from espalier.measures.models import Point, PointVersion
from espalier.measures.rules import read_block
from espalier.measures.rules.pasting import number_of

RATE = {"measured_in": "rate", "lowest": 0}
PATH = "/measures/team-falls/DEMO-WARD-7/paste/"
BLOCK = "Month\tFalls\tBed days\nApr-19\t4\t701\nMay-19\t5\t1,700\nMar-19\t9\t700\n"


@pytest.mark.parametrize(
    "text", ["Apr-19\t4\t1,701", "April 2019\t4\t1701", "2019-04-01;4;1701", "01/04/2019,4,1701", "Apr 19\t 4 \t1 701"]
)
def test_a_row_is_read_as_spreadsheets_show_it(text: str) -> None:
    row = read_block(text, RATE).rows[0]
    assert (row.month, row.numerator, row.denominator) == (date(2019, 4, 1), 4, 1701)


@pytest.mark.parametrize(("text", "what"), [
    ("06/07/2019\t3\t4", "could be the 6 of month 7"),
    ("Smarch 2019\t3\t4", "is not a month"),
    ("Apr 2019\tx\t4", "is not a number"),
    ("Apr 2019\t3", "A number is missing"),
    ("Apr 2019\t-3\t4", "cannot be below 0"),
    ("Apr 2019\t1e99\t4", "is not a number"),
    ("Apr 2019\t3\t4\nApr 2019\t3\t4", "April 2019 stands in row 2 too"),
    ("Apr 2019\t3,5\t4", "has a comma where a point is meant"),
    ("Apr 2019\t3\t0", "3 out of 0 cannot be"),
    ("Apr 2019\t3\t-7", "The second number cannot be below 0"),
    ("Month\tFalls\n4%\nApr 2019\t3\t4", "is not a month"),
    ("2019-13\t3\t4", "month must be in 1..12"),
])  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_row(text: str, what: str) -> None:
    problems = read_block(text, RATE).problems
    assert problems
    assert what in problems[0].what
    assert problems[0].to_do


def test_two_rows_of_one_month_are_both_refused_and_each_names_the_other() -> None:
    read = read_block("Apr 2019\t3\t400\nMay 2019\t3\t400\nApr 2019\t4\t400\n", RATE)
    assert [row.month for row in read.rows] == [date(2019, 5, 1)]
    assert [(one.row, one.what) for one in read.problems] == [
        (1, "April 2019 stands in row 3 too."), (3, "April 2019 stands in row 1 too."),
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), [("1,234", 1234), ("12,345.6", 12345.6), ("-1,234", -1234), ("1 234", 1234)])
def test_commas_at_thousands_are_read(text: str, number: float) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(("text", "instead"), [("3,5", "Write 3.5."), ("1.234,5", "Write 1234.5."), ("3,5%", "Write 3.5."), ("1,2,3", "Write digits")])
def test_other_commas_are_refused_with_what_to_write(text: str, instead: str) -> None:
    problem = read_block(f"Apr 2019\t{text}\t4", RATE).problems[0]
    assert problem.to_do.startswith(instead)


def test_a_month_that_is_not_over_is_refused_with_the_day_from_which_it_is_taken() -> None:
    read = read_block("Oct 2026\t3\t400\nNov 2026\t3\t400", RATE, today=date(2026, 11, 23))
    assert [row.month for row in read.rows] == [date(2026, 10, 1)]
    assert [(one.what, one.to_do) for one in read.problems] == [("That month is not over yet.", "It can be put in from 1 December 2026.")]


def test_a_table_with_its_html_tags_is_read_row_by_row() -> None:
    text = "<table><tr><th>Month</th><th>Falls</th><th>Days</th></tr>\n<tr>\n<td class=x>Apr&nbsp;2019</td><td><b>4</b></td><td>1,701</td></tr></table>"
    row = read_block(text, RATE).rows[0]
    assert (row.month, row.numerator, row.denominator) == (date(2019, 4, 1), 4, 1701)


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    read_block(text, RATE)


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture
    def nurse(self) -> Client:
        client = Client()
        client.force_login(get_user_model().objects.get(username="demo-nurse"))
        return client

    def points(self) -> dict[date, float | None]:
        found = Point.objects.filter(series__unit__code="DEMO-WARD-7", series__measure__code="team-falls", period_on__gte=date(2019, 3, 1))
        return dict(found.values_list("period_on", "value"))

    def test_checking_stores_nothing_and_shows_old_and_new(self, nurse: Client) -> None:
        before = self.points()
        page = nurse.post(PATH, {"block": BLOCK, "do": "check"}).content.decode()
        assert "Store them" in page
        assert "April 2019" in page
        assert self.points() == before

    def test_storing_and_undoing_leaves_what_was_there(self, nurse: Client) -> None:
        before = self.points()
        answer = nurse.post(PATH, {"block": BLOCK, "do": "store"})
        assert answer.status_code == 302
        assert len(self.points()) == len(before) + 2
        batch = answer["Location"].split("pasted=")[1]
        assert "Undo" in nurse.get(answer["Location"]).content.decode()
        nurse.post("/measures/team-falls/DEMO-WARD-7/undo-paste/", {"batch": batch})
        assert self.points() == before

    def test_the_same_block_twice_changes_nothing(self, nurse: Client) -> None:
        nurse.post(PATH, {"block": BLOCK, "do": "store"})
        versions = PointVersion.objects.count()
        nurse.post(PATH, {"block": BLOCK, "do": "store"})
        assert PointVersion.objects.count() == versions

    def test_undo_leaves_what_somebody_changed_since_and_says_so(self, nurse: Client) -> None:
        batch = nurse.post(PATH, {"block": BLOCK, "do": "store"})["Location"].split("pasted=")[1]
        nurse.post("/measures/team-falls/DEMO-WARD-7/paste/", {"block": "Apr-19\t7\t701", "do": "store"})
        answer = nurse.post("/measures/team-falls/DEMO-WARD-7/undo-paste/", {"batch": batch}, follow=True)
        assert "somebody changed them since: April 2019" in answer.content.decode()
        assert self.points()[date(2019, 4, 1)] == pytest.approx(7000 / 701)

    def test_a_block_with_a_problem_is_stored_only_by_saying_so(self, nurse: Client) -> None:
        broken = BLOCK + "Jun-19\tx\t700\n"
        before = self.points()
        assert nurse.post(PATH, {"block": broken, "do": "store"}).status_code == 200
        assert self.points() == before
        assert nurse.post(PATH, {"block": broken, "do": "take-good"}).status_code == 302
        assert len(self.points()) == len(before) + 2

    def test_a_month_pasted_twice_is_not_stored(self, nurse: Client) -> None:
        before = self.points()
        twice = "Apr-19\t4\t701\nMay-19\t5\t700\nApr-19\t6\t701\n"
        page = nurse.post(PATH, {"block": twice, "do": "check"}).content.decode()
        assert "April 2019 stands in row 3 too." in page
        assert "April 2019 stands in row 1 too." in page
        assert nurse.post(PATH, {"block": twice, "do": "take-good"}).status_code == 302
        assert self.points().keys() - before.keys() == {date(2019, 5, 1)}

    @pytest.mark.parametrize("block", ["4%\n5%\n", "<p>April</p>\n<p>4</p>", "   \n "])
    def test_a_block_without_any_row_says_so(self, nurse: Client, block: str) -> None:
        answer = nurse.post(PATH, {"block": block, "do": "check"})
        assert answer.status_code == 422
        assert "We found no month in what you pasted. Each row needs a month and two numbers." in answer.content.decode()
        assert "stands there already" not in answer.content.decode()

    def test_a_month_of_the_future_is_not_said_to_stand_there(self, nurse: Client) -> None:
        page = nurse.post(PATH, {"block": "Jan 2199\t4\t701", "do": "check"}).content.decode()
        assert "That month has not begun." in page
        assert "stands there already" not in page

    def test_what_stands_there_already_is_said(self, nurse: Client) -> None:
        nurse.post(PATH, {"block": BLOCK, "do": "store"})
        assert "Everything stands there already" in nurse.post(PATH, {"block": BLOCK, "do": "check"}).content.decode()

    def test_others_may_not(self, client: Client) -> None:
        assert client.get(PATH).status_code == 403
        assert client.post(PATH, {"block": BLOCK, "do": "store"}).status_code == 403
