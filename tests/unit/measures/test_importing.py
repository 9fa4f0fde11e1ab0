"""Figures from files: read, checked against rights and sense, stored as one, taken back exactly."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from espalier.imports.models import Upload
from espalier.measures.models import Point, PointVersion

pytestmark = pytest.mark.django_db
HEAD = "Measure,Team,Month,How many,Out of how many\n"
ROWS = (
    "team-hand-hygiene,DEMO-WARD-7,March 2012,40,50\n"
    "team-hand-hygiene,DEMO-WARD-12,March 2012,45,60\n"
    "team-hand-hygiene,DEMO-NURSES,April 2012,30,40\n"
)


def somebody(username: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    return client


@pytest.fixture
def kim() -> Client:
    """The analyst of the whole hospital."""
    return somebody("demo-analyst")


def give(client: Client, text: str | bytes, name: str = "wards.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post("/imports/", {"file": SimpleUploadedFile(name, content)})


def follow(client: Client, answer: Any) -> Any:
    """Follow redirects to the page on which the file waits."""
    while answer.status_code == 302:
        answer = client.get(answer["Location"])
    return answer


def upload() -> Upload:
    return Upload.objects.order_by("-at").first()  # type: ignore[return-value]


COLUMNS = {"measure-column": "Measure", "place-column": "Team", "period-column": "Month", "numerator-column": "How many", "denominator-column": "Out of how many"}  # fmt: skip


def checked(client: Client, text: str, columns: dict[str, str] = COLUMNS) -> str:
    """Give a file, say which column is which, and return the page that shows what would change."""
    given = give(client, text)
    assert given.status_code == 302, given.content.decode()[-3000:]
    answer = client.post(f"/imports/{upload().pk}/columns/", columns)
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[-2000:]
    page = follow(client, answer)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def store(client: Client, do: str = "store", **more: str) -> Any:
    return follow(client, client.post(f"/imports/{upload().pk}/check/", {"seen": upload().seen, "do": do} | more))


def figures(measure: str = "team-hand-hygiene") -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = Point.objects.filter(series__measure__code=measure).values_list(
        "series__unit__code", "period_on", "numerator", "denominator", "value"
    )
    return {(unit, f"{day:%Y-%m}"): numbers for unit, day, *numbers in rows}


class TestALongFile:
    def test_checking_stores_nothing_and_counts(self, kim: Client) -> None:
        before = figures()
        page = checked(kim, HEAD + ROWS)
        assert "Ready 3" in page and "3 new · 0 changed · 0 the same" in page
        assert figures() == before

    def test_storing_stores_all_and_undo_takes_it_back(self, kim: Client) -> None:
        before, versions = figures(), PointVersion.objects.count()
        checked(kim, HEAD + ROWS)
        page = store(kim).content.decode()
        assert "<h1" in page and "Stored" in page
        after = figures()
        assert after[("DEMO-WARD-7", "2012-03")] == [40, 50, 80]
        assert after[("DEMO-WARD-12", "2012-03")] == [45, 60, 75]
        assert len(after) == len(before) + 3
        assert PointVersion.objects.count() == versions + 3
        assert follow(kim, kim.post(f"/imports/{upload().pk}/undo/")).status_code == 200
        assert figures() == before
