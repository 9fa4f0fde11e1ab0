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
    ("Apr 2019\t3\t4\nApr 2019\t3\t4", "stands in row 1 too"),
    ("2019-13\t3\t4", "month must be in 1..12"),
])  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_row(text: str, what: str) -> None:
    problems = read_block(text, RATE).problems
    assert problems
    assert what in problems[0].what
    assert problems[0].to_do


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

    def test_others_may_not(self, client: Client) -> None:
        assert client.get(PATH).status_code == 403
        assert client.post(PATH, {"block": BLOCK, "do": "store"}).status_code == 403
