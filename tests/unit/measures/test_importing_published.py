"""Workbooks of NHS Digital come in as they are: titles, two rows of headings, notes and all.

What must be stored is read from the workbook a second time, by another reader and by fixed positions.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.measures.test_importing import follow, give, somebody, upload

from espalier.measures.models import Point
from espalier.organisations.models import Unit

pytestmark = pytest.mark.django_db
BOOKS = Path(__file__).parents[2] / "published"
EU = BOOKS / "eu_uk_by_staff_group_org_2016.xlsx"
STAFF = BOOKS / "hchs_staff_by_group_nationality_org_2017_2018.xlsx"
PER_1000, UNKNOWN = "staff-eu-per-1000-uk", "nurses-nationality-unknown"
EU_COLUMNS = {
    "measure-column": "::all", "measure-all": PER_1000, "place-column": "Column C", "period-column": "::all",
    "numerator-column": "EU › All staff", "denominator-column": "UK › All staff",
}  # fmt: skip
STAFF_COLUMNS = {
    "measure-column": "::all", "measure-all": UNKNOWN, "place-column": "Organisation code", "period-column": "Month", "numerator-column": "FTE",
    "filter-1-column": "Staff group", "filter-1-is": "Nurses & health visitors", "filter-2-column": "Nationality", "filter-2-is": "Unknown",
}  # fmt: skip


def rows(book: Path, sheet: str) -> list[tuple[str, ...]]:
    import fastexcel

    frame = fastexcel.read_excel(book).load_sheet(sheet, header_row=None, dtypes="string").to_polars()
    return [tuple(cell or "" for cell in row) for row in frame.rows()]


def stored(measure: str) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    found = Point.objects.filter(series__measure__code=measure).values_list("series__unit__code", "period_on", "numerator", "denominator")
    return {(unit, f"{on:%Y-%m}"): (top, below) for unit, on, top, below in found}


def known() -> set[str]:
    return set(Unit.objects.values_list("code", flat=True))


def load(book: Path, columns: dict[str, str]) -> str:
    """Give a workbook, map it as a person does, take the good rows; return the page that asked."""
    kim = somebody("demo-analyst")
    begins = follow(kim, give(kim, book.read_bytes(), book.name)).content.decode()
    assert "Which column is which?" in begins
    kim.post(f"/imports/{upload().pk}/columns/", columns)
    page = kim.get(f"/imports/{upload().pk}/check/").content.decode()
    kim.post(f"/imports/{upload().pk}/check/", {"seen": upload().seen, "do": "take-good"})
    assert upload().state == "stored"
    return page


class TestStaffByNationality2016:
    def test_the_month_of_its_title_is_offered(self) -> None:
        kim = somebody("demo-analyst")
        page = follow(kim, give(kim, EU.read_bytes(), EU.name)).content.decode()
        assert 'value="30 September 2016"' in page
        assert "EU › All staff" in page and "UK › Nurses &amp; health visitors" in page

    def test_the_second_time_columns_are_known_and_the_month_is_offered_again(self) -> None:
        load(EU, EU_COLUMNS | {"period-all": "September 2015"})
        kim = somebody("demo-analyst")
        page = follow(kim, give(kim, EU.read_bytes(), EU.name)).content.decode()
        assert 'value="30 September 2016"' in page  # this file's month, and not the one typed for the last
        assert upload().mapping["columns"]["numerator"] == "EU › All staff"

    def test_each_organisation_we_know_has_its_two_counts(self) -> None:
        load(EU, EU_COLUMNS | {"period-all": "30 September 2016"})
        told = {row[2]: (float(row[3]), float(row[7])) for row in rows(EU, "final") if row[2] and row[2] in known()}
        assert len(told) == 416
        assert stored(PER_1000) == {(code, "2016-09"): counts for code, counts in told.items()}
        assert stored(PER_1000)["RFS", "2016-09"] == (108, 3565)  # Chesterfield, as a spreadsheet shows it

    def test_every_trust_is_known_also_those_that_have_closed_since(self) -> None:
        load(EU, EU_COLUMNS | {"period-all": "30 September 2016"})
        trusts = {row[2] for row in rows(EU, "final") if row[2][:1] in {"R", "T"}}
        assert len(trusts) > 200
        assert trusts <= {code for code, _ in stored(PER_1000)}
        closed = set(Unit.objects.filter(code__in=trusts, closed_on__isnull=False).values_list("code", flat=True))
        assert "RBA" in closed  # Taunton and Somerset, part of Somerset NHS Foundation Trust since 2020

    def test_regions_have_no_code_and_are_named_as_left_out(self) -> None:
        page = load(EU, EU_COLUMNS | {"period-all": "30 September 2016"})
        summed = [row for row in rows(EU, "final") if row[0] and row[3].isdigit()]
        assert len(summed) == 14  # England and 13 regions of Health Education England
        assert f"Team or organisation is missing. Fill it in. ({len(summed)} times" in page

    def test_no_other_group_is_taken_for_a_code_that_is_no_longer_known(self) -> None:
        """03V stood for a group that has merged; 03A is another one, and a hint at it would put figures where they are not."""
        page = load(EU, EU_COLUMNS | {"period-all": "30 September 2016"})
        assert "03V" in page
        assert "Did you mean" not in page


class TestNursesOfUnknownNationality:
    def test_one_group_and_one_nationality_of_two_months(self) -> None:
        load(STAFF, STAFF_COLUMNS)
        picked = [row for row in rows(STAFF, "Data") if row[3:5] == ("Nurses & health visitors", "Unknown")]
        assert len(picked) == 473
        months = {"2017-SEP": "2017-09", "2018-JUN": "2018-06"}
        told = {(row[1], months[row[0]]): float(row[5]) for row in picked if row[1] in known()}
        assert len(told) == 472  # all but 03Y, NHS Hardwick, which no edition of the lists of places has
        assert {key: top for key, (top, _) in stored(UNKNOWN).items()} == pytest.approx(told)

    def test_its_chart_can_be_opened_by_anybody(self) -> None:
        load(STAFF, STAFF_COLUMNS)
        page = somebody("demo-nurse").get(f"/measures/{UNKNOWN}/RCF/")
        assert page.status_code == 200
        assert "Nurses and health visitors whose nationality is not known" in page.content.decode()

    def test_taken_back_nothing_is_left(self) -> None:
        load(STAFF, STAFF_COLUMNS)
        kim = somebody("demo-analyst")
        follow(kim, kim.post(f"/imports/{upload().pk}/undo/"))
        assert stored(UNKNOWN) == {}
