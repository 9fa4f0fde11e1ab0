"""Figures from files: read, checked against rights and sense, stored as one, taken back exactly."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

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


class TestWhatIsSaidAboutRows:
    @pytest.mark.parametrize(("row", "said"), [
        ("team-hand-hygiene,DEMO-WARD-7,March 2012,50,40", "is more than all of them"),
        ("team-hand-hygiene,DEMO-WARD-7,March 2012,-4,40", "cannot be below 0"),
        ("team-hand-hygiene,DEMO-WARD-7,March 2012,x,40", "x"),
        ("team-hand-hygiene,DEMO-WARD-7,March 2012,4,", "The second number is missing"),
        ("team-hand-hygiene,DEMO-WARD-7,March 2099,4,40", "This month has not begun yet"),
        ("team-hand-hygiene,DEMO-WARD-7,{this month},4,40", "is not over yet"),
        ("team-hand-hygiene,DEMO-WARD-7,March 2012,<5,40", "is a small number hidden by its publisher"),
        ("team-falls,DEMO-WARD-7,March 2012,4,0", "4 out of 0 cannot be"),
        ("team-falls,DEMO-WARD-7,March 2012,4,-40", "The second number cannot be below 0"),
        ("team-hand-hygiene,DEMO-WARD-7,2012,4,40", "whole year"),
        ("team-hand-hygiene,DEMO-WARD-7,Smarch 2012,4,40", "Smarch 2012"),
        ("team-hand-hygiene,DEMO-WARDS-7,March 2012,4,40", "Did you mean Ward 7, care of older people (made up) (DEMO-WARD-7)?"),
        ("team-hand-hygiene,DEMO-CARE,March 2012,4,40", "You do not load figures of this place"),
        ("team-hand-hygiene,RJ1,March 2012,4,40", "You do not load figures of this place"),
        ("team-nothing,DEMO-WARD-7,March 2012,4,40", "is no measure that you can load"),
        ("ae-4-hours,DEMO-WARD-7,March 2012,4,40", "You do not load figures of this place"),
    ])  # fmt: skip
    def test_each_slip_has_its_row_its_reason_and_its_remedy(self, kim: Client, row: str, said: str) -> None:
        page = checked(kim, HEAD + ROWS + row.replace("{this month}", f"{timezone.localdate():%B %Y}") + "\n")
        assert "Problems 1" in page
        assert said in page.replace("&#39;", "'")
        assert upload().summary["shown"][0]["row"] == 5
        assert upload().summary["shown"][0]["to_do"]

    def test_places_are_found_by_name_and_code_in_any_case(self, kim: Client) -> None:
        checked(kim, HEAD + "team-hand-hygiene,ward 7,March 2012,4,40\nteam-hand-hygiene,demo-ward-12,March 2012,4,40\n")
        assert upload().summary["ready"] == 2

    def test_a_percentage_beside_its_counts_is_worked_out_and_a_wrong_one_is_told(self, kim: Client) -> None:
        text = "Measure,Team,Month,How many,Out of how many,Result\nteam-hand-hygiene,DEMO-WARD-7,March 2012,40,50,80\nteam-hand-hygiene,DEMO-WARD-7,April 2012,40,50,90\n"
        checked(kim, text, COLUMNS | {"value-column": "Result"})
        assert (upload().summary["warnings"], upload().summary["problems"]) == (1, 0)
        assert "The counts come to 80.00" in upload().summary["warned"][0]["what"]

    def test_problems_stop_all_until_the_good_rows_are_taken_by_choice(self, kim: Client) -> None:
        before = figures()
        checked(kim, HEAD + ROWS + "team-hand-hygiene,DEMO-CARE,March 2012,4,40\n")
        assert kim.post(f"/imports/{upload().pk}/check/", {"seen": upload().seen, "do": "store"}).status_code == 400
        assert figures() == before
        store(kim, "take-good")
        assert len(figures()) == len(before) + 3


class TestWhoMay:
    def test_a_nurse_loads_for_her_ward_alone(self) -> None:
        page = checked(somebody("demo-nurse"), HEAD + ROWS)
        assert "Ready 1" in page and "Problems 2" in page

    def test_others_figures_are_neither_shown_nor_removed(self, kim: Client) -> None:
        """What stands at a place that is not hers must not show, not even as a number."""
        checked(kim, HEAD + ROWS)
        store(kim)
        page = checked(somebody("demo-nurse"), HEAD + ROWS.replace("45,60", "44,60"))
        assert "0 new · 0 changed · 1 the same" in page
        assert "75" not in page

    def test_only_a_steward_loads_published_figures_and_only_inside_england(self, kim: Client) -> None:
        text = "Code,Month,Rate\nRJ1,April 2013,3.5\nDEMO-TRUST,April 2013,3.5\n"
        columns = {"measure-column": "::all", "measure-all": "staff-sickness-absence", "place-column": "Code", "period-column": "Month", "value-column": "Rate"}
        page = checked(kim, text, columns)
        assert "Ready 1" in page and "You do not load figures of this place" in page
        nurse = somebody("demo-nurse")
        give(nurse, text)
        answer = nurse.post(f"/imports/{upload().pk}/columns/", columns)
        assert answer.status_code == 422
        assert "Select one from the list" in answer.content.decode()

    def test_a_visitor_is_told_to_sign_in(self, client: Client) -> None:
        assert "Sign in to load a file." in client.get("/imports/").content.decode()
        assert give(client, HEAD + ROWS).status_code == 403


class TestTwiceAndBack:
    def test_the_same_file_twice_changes_nothing_and_says_so(self, kim: Client) -> None:
        checked(kim, HEAD + ROWS)
        store(kim)
        after, versions = figures(), PointVersion.objects.count()
        page = follow(kim, give(kim, HEAD + ROWS)).content.decode()
        assert "Nothing would change" in page  # and its columns were known, so that nobody was asked again
        assert (figures(), PointVersion.objects.count()) == (after, versions)

    def test_storing_twice_stores_once(self, kim: Client) -> None:
        checked(kim, HEAD + ROWS)
        seen = upload().seen
        for _ in range(3):
            assert kim.post(f"/imports/{upload().pk}/check/", {"seen": seen, "do": "store"}).status_code == 302
        assert PointVersion.objects.filter(batch=upload().batch).count() == 3

    def test_undo_leaves_what_somebody_changed_since_and_names_it(self, kim: Client) -> None:
        checked(kim, HEAD + ROWS)
        store(kim)
        Point.objects.filter(series__unit__code="DEMO-WARD-7", period_on="2012-03-01").update(numerator=41, value=82)
        page = follow(kim, kim.post(f"/imports/{upload().pk}/undo/")).content.decode()
        assert "Ward 7, care of older people (made up), March 2012" in page
        now = figures()
        assert now[("DEMO-WARD-7", "2012-03")] == [41, 50, 82]
        assert ("DEMO-WARD-12", "2012-03") not in now

    def test_removing_is_off_until_ticked_and_undo_brings_back(self, kim: Client) -> None:
        checked(kim, HEAD + ROWS + "team-hand-hygiene,DEMO-WARD-7,May 2012,41,50\n")
        store(kim)
        before = figures()
        less = HEAD + "team-hand-hygiene,DEMO-WARD-7,February 2012,40,50\nteam-hand-hygiene,DEMO-WARD-7,May 2012,41,50\n"
        page = follow(kim, give(kim, less)).content.decode()
        assert "Also remove 1 figure" in page
        store(kim, remove="yes")
        assert ("DEMO-WARD-7", "2012-03") not in figures()
        follow(kim, kim.post(f"/imports/{upload().pk}/undo/"))
        assert figures() == before

    def test_the_file_that_goes_back_comes_in_again_once_it_is_mended(self, kim: Client) -> None:
        checked(kim, HEAD + ROWS + "team-hand-hygiene,=1+1,March 2012,4,40\n")
        first = upload().pk
        for ending in ("csv", "xlsx"):
            answer = kim.get(f"/imports/{first}/problems.{ending}")
            content = answer.content if ending == "xlsx" else answer.content.replace(b"'=1+1", b"DEMO-NURSES")
            assert ending == "xlsx" or b"'=1+1" in answer.content
            page = follow(kim, give(kim, content, f"mended.{ending}")).content.decode()
            if ending == "csv":
                assert "4 new" in page
                assert "Store them" in page
            else:
                assert "We know no such place" in page  # known columns again; the cell still says =1+1, as text
                assert b"<f>" not in content


class TestDates:
    def test_a_date_with_two_meanings_is_asked_about_and_the_answer_counts(self, kim: Client) -> None:
        text = "Team,When,Checks,Of\nDEMO-WARD-7,03/04/2012,4,40\nDEMO-WARD-12,03/04/2012,5,40\n"
        columns = {"measure-column": "::all", "measure-all": "team-hand-hygiene", "place-column": "Team", "period-column": "When", "numerator-column": "Checks", "denominator-column": "Of"}
        give(kim, text)
        page = follow(kim, kim.post(f"/imports/{upload().pk}/columns/", columns)).content.decode()
        assert "Does the day or the month come first?" in page
        for answer, month in (("month-first", "March 2012"), ("day-first", "April 2012")):
            page = follow(kim, kim.post(f"/imports/{upload().pk}/columns/", columns | {"answer": answer})).content.decode()
            assert month in page

    def test_months_across_the_top(self, kim: Client) -> None:
        text = "Some title,,,\n\nTeam,March 2012,April 2012,May 2012\nDEMO-WARD-7,4,5,\nDEMO-WARD-12,6,7,8\n"
        given = give(kim, text)
        page = follow(kim, given).content.decode()
        assert "The headings across the top (March 2012 to May 2012)" in page
        columns = {"measure-column": "::all", "measure-all": "team-medicine-errors", "place-column": "Team", "period-column": "::across", "value-column": "::cells"}
        follow(kim, kim.post(f"/imports/{upload().pk}/columns/", columns))
        assert upload().summary["ready"] == 5
        store(kim)
        assert figures("team-medicine-errors")[("DEMO-WARD-12", "2012-05")] == [8, None, 8]


class TestBadFiles:
    @pytest.mark.parametrize("content", [
        b"", b"\x00" * 50, b"PK\x03\x04" + b"\x00" * 100, b"%PDF-1.7 x", b"<html><body>Please sign in</body></html>", b"\xd0\xcf\x11\xe0" * 20,
        b"just words", "﻿Team\n".encode(), b"\xff\xfe\x00", b'"unclosed\nrow,1\n' * 3,
    ], ids=range(10))  # fmt: skip
    def test_what_is_no_table_is_refused_kindly_and_nothing_is_kept(self, kim: Client, content: bytes) -> None:
        answer = give(kim, content, "odd.xlsx")
        page = follow(kim, answer)
        assert answer.status_code in {302, 422}
        assert page.status_code in {200, 422}
        if answer.status_code == 422:
            assert "There is a problem" in page.content.decode()
            assert not Upload.objects.filter(name="odd.xlsx").exists()

    @pytest.mark.parametrize("cell", ["\x00", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "Siân O’Brien‑Łukasz", "a" * 5000, "\u202eevil", "1e400", "NaN", "{{7*7}}"])
    def test_odd_cells_are_problems_of_their_row_and_never_more(self, kim: Client, cell: str) -> None:
        quoted = cell.replace('"', '""')
        answer = give(kim, f'Measure,Team,Month,How many\nteam-medicine-errors,"{quoted}",March 2012,4\nteam-medicine-errors,DEMO-WARD-7,March 2012,"{quoted}"\nteam-medicine-errors,DEMO-WARD-7,May 2012,4\n')  # fmt: skip
        if answer.status_code == 422:
            return
        columns = {code: name for code, name in COLUMNS.items() if code != "denominator-column"}
        answer = kim.post(f"/imports/{upload().pk}/columns/", columns)
        page = follow(kim, answer)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert kim.get(f"/imports/{upload().pk}/problems.xlsx").status_code == 200

    def test_what_announces_too_much_is_refused_before_it_is_read(self, kim: Client) -> None:
        answer = kim.post("/imports/", data=b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="1000000000")
        assert answer.status_code == 413
        assert "The most we take is 60 MB" in answer.content.decode()

    def test_a_page_that_takes_no_file_takes_no_large_body(self, kim: Client) -> None:
        answer = kim.post("/sign-in/", data=b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="9000000")
        assert answer.status_code == 413
