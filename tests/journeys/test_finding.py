"""Finding one's own organisation, and looking at charts the way one needs them."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.journeys.person import Person

LEEDS = "Leeds Teaching Hospitals NHS Trust"
MEASURE = "Percentage seen within four hours in A&E"
WALL, CHART = "/measures/ae-4-hours/", "/measures/ae-4-hours/RR8/"


def downloads(page: Page, words: str) -> tuple[str, str]:
    with page.expect_download() as coming:
        page.get_by_role("main").get_by_role("link", name=words, exact=True).click()
    return coming.value.suggested_filename, coming.value.path().read_text(encoding="utf-8-sig")


# ---------------------------------------------------------------- finding


def test_somebody_finds_their_trust_by_a_part_of_its_name(person: Person):
    person.opens("/").page.get_by_role("main").get_by_label("Find your organisation").fill("leeds teaching")
    person.presses("Find").follows(LEEDS, inside="main").sees_heading(LEEDS).sees("Trust, code RR8")


def test_a_code_typed_wrongly_leads_to_the_nearest_ones(person: Person):
    person.opens("/").searches_for("RR8X").sees("Nothing is called").sees("Did you mean")
    person.follows(LEEDS, inside="main").sees_heading(LEEDS)


def test_a_search_that_finds_nothing_says_so_and_what_to_do(person: Person):
    person.opens("/").searches_for("zzzzqqq").sees("Nothing is called").sees(re.compile("Try fewer letters|Try|fewer"))


@pytest.mark.parametrize(
    ("code", "name", "now"),
    [
        ("RQ8", "Mid Essex Hospital Services NHS Trust", "Mid and South Essex NHS Foundation Trust"),
        ("RM2", "University Hospital of South Manchester NHS Foundation Trust", "Manchester University NHS Foundation Trust"),
    ],
)
def test_a_trust_that_closed_says_who_took_over(person: Person, code: str, name: str, now: str):
    person.opens(f"/units/{code}/").sees_heading(name).sees("This organisation has closed")
    person.follows(now, inside=".esp-notice").sees_heading(now)


# ---------------------------------------------------------------- many charts


def test_the_charts_are_narrowed_to_one_region_and_one_sign(person: Person):
    person.opens(f"{WALL}?unit=ENG").unfolds("Show only some, or as a table")
    person.chooses("Region", re.compile("^Midlands")).chooses("What it says", "worse than usual").presses("Show")
    person.is_at(re.compile("region=Y60.*signal=concerning"))
    assert person.cards.count() > 0
    for words in person.cards.all_inner_texts():
        assert "worse than usual" in words
    expect(person.page.get_by_role("heading", level=2, name=re.compile("^London"))).to_have_count(0)


def test_the_charts_are_narrowed_to_one_kind(person: Person):
    person.opens(f"{WALL}?unit=ENG").unfolds("Show only some, or as a table")
    person.chooses("Kind", re.compile("^Walk-in")).presses("Show").is_at(re.compile("kind=urgent-care"))
    assert person.cards.count() > 0


def test_a_filter_that_fits_nothing_offers_the_way_back(person: Person):
    person.opens(f"{WALL}?unit=ENG&region=Y56&signal=low").sees("Nothing matches").sees("No chart fits what you chose.")
    person.follows("Show everything")
    assert person.cards.count() > 100


def test_the_counts_at_the_top_open_the_charts_they_count(person: Person):
    person.opens(f"{WALL}?unit=ENG")
    better = person.page.locator(".esp-counts a", has_text="better than usual")
    number = int(better.locator("strong").inner_text())
    better.click()
    person.is_at(re.compile("signal=improving"))
    assert person.cards.count() == number


def test_the_charts_as_a_table_and_as_a_file_agree(person: Person):
    person.opens(f"{WALL}?unit=Y56").unfolds("Show only some, or as a table").chooses("As", "a table").presses("Show")
    names = person.page.locator("#newest tbody th").all_inner_texts()
    file_name, text = downloads(person.unfolds("Download these charts").page, "Download the table (CSV)")
    assert file_name == "ae-4-hours-Y56.csv"
    assert [row["name"] for row in csv.DictReader(io.StringIO(text))] == names
    assert len(names) > 20


def test_the_second_page_holds_what_the_first_does_not(person: Person):
    person.opens(f"{WALL}?unit=ENG&order=name")
    first = person.card_names()
    assert len(first) == 200
    person.follows("Next page").is_at(re.compile("order=name&page=2"))
    second = person.card_names()
    assert second
    assert not set(first) & set(second)
    person.follows("Previous page").is_at(re.compile("page=1"))


def test_links_lead_to_each_region_on_the_page(person: Person):
    person.opens(f"{WALL}?unit=ENG")
    ways = person.page.get_by_role("navigation", name="Regions")
    ways.get_by_role("link", name="South West").click()
    heading = person.page.get_by_role("heading", level=2, name=re.compile("^South West"))
    expect(heading).to_be_in_viewport()
    for there in ways.get_by_role("link").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
        assert not there.startswith("#") or person.page.locator(there).count() == 1, there


def test_each_month_is_compared_with_the_same_month_a_year_before(person: Person):
    person.opens(f"{WALL}?unit=Y56").follows("Compare with the same month last year").is_at(re.compile("compare=year-before"))
    person.sees("Each month is compared with the same month a year before")
    assert re.search(r"[\d.]+ points (higher|lower)\s+than in March 2018", person.cards.first.inner_text())
    person.follows("Show each month as it was")
    assert re.search(r"\d%\s+March 2019", person.cards.first.inner_text())


def test_the_charts_stop_at_the_month_in_the_address(person: Person):
    person.opens(f"{WALL}?unit=Y56&until=2018-03").sees(re.compile("reported in March 2018"))
    assert "March 2019" not in person.reads("main")


@pytest.mark.parametrize("month", ["2018-13", "soon", "2018"])
def test_what_is_not_a_month_gets_a_page_that_helps(person: Person, month: str):
    person.opens(f"{WALL}?unit=ENG&until={month}", status=404).sees_heading("Page not found").sees("is not a month")
    person.follows("The newest months").sees_heading(MEASURE)


# ---------------------------------------------------------------- one chart


def test_the_figures_below_the_chart_are_those_of_the_file(person: Person):
    person.opens(CHART).unfolds("Show the figures as a table")
    shown = person.page.locator("#figures tbody tr")
    newest = shown.first.inner_text()
    name, text = downloads(person.unfolds("Download or use in a report").page, "Figures (CSV)")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert name == "ae-4-hours-RR8.csv"
    assert len(rows) == shown.count()
    assert newest.startswith("March 2019")
    assert rows[-1]["month"].startswith("2019-03")
    assert f"{float(rows[-1]['value']):.1f}%" in newest
    assert f"{int(float(rows[-1]['denominator'])):,}" in newest


def test_the_picture_is_a_file_that_other_programs_read(person: Person):
    name, text = downloads(person.opens(CHART).unfolds("Download or use in a report").page, "Drawing (SVG)")
    picture = ET.fromstring(text)
    assert name == "ae-4-hours-RR8.svg"
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert LEEDS in (picture.findtext("{http://www.w3.org/2000/svg}title") or "")


def test_all_months_are_shown_where_there_are_more_than_three_years(person: Person):
    person.opens("/measures/staff-sickness-absence/RR8/")
    everything = person.page.get_by_role("link", name=re.compile(r"^All months since \w+ \d{4}$"))
    since = everything.inner_text().removeprefix("All months since ")
    everything.click()
    person.unfolds("Show the figures as a table")
    expect(person.page.locator("#figures tbody tr", has_text=since)).to_have_count(1)
    assert person.page.locator("#figures tbody tr").count() > 36
    person.follows("Only the newest three years").unfolds("Show the figures as a table")
    expect(person.page.locator("#figures tbody tr")).to_have_count(36)


def test_other_rules_can_be_tried_and_left_again(person: Person):
    person.opens(CHART).unfolds("How do we know?").sees("Making Data Count rules")
    person.follows("use the Anhøj run chart rules instead").is_at(re.compile("rules=anhoej"))
    person.unfolds("How do we know?").follows("use the Making Data Count rules instead").is_at(re.compile(r"RR8/$"))


def test_a_chart_compared_with_the_year_before_speaks_of_differences(person: Person):
    person.opens(f"{CHART}?compare=year-before").sees(re.compile(r"points higher"))
    assert "%" not in person.reads(".esp-says-box")
    person.follows("Show each month as it was").sees(re.compile("in March 2019"))


def test_a_run_chart_promises_no_range_it_does_not_have(person: Person):
    said = person.opens("/measures/team-joy/DEMO-WARD-7/").reads(".esp-says-box")
    assert said
    assert "–" not in said


def test_a_place_is_compared_with_others_around_it(person: Person):
    person.opens(CHART).follows("Compare places in West Yorkshire").is_at(re.compile("unit=QWO"))
    assert LEEDS in person.card_names()


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/measures/ae-4-hour/", MEASURE),
        ("/measures/ae-4-hours/RR88/", LEEDS),
        ("/units/RR88/", LEEDS),
        ("/measures/ae-4-hours/?unit=RR88", LEEDS),
    ],
)
def test_a_wrong_address_leads_to_the_nearest_right_one(person: Person, path: str, near: str):
    person.opens(path, status=404).sees_heading("Page not found").sees("Did you mean").follows(near, inside="main", exact=False)
    assert person.page.get_by_role("heading", level=1).inner_text() in {near, MEASURE}


def test_nothing_is_expected_of_a_trust_that_closed(person: Person):
    person.opens("/measures/ae-4-hours/RQQ/").sees("It closed on")
    assert not re.search("Expect the next|will (not )?(be met|meet)", person.reads("main"))
    person.follows("Who took over its work").sees("This organisation has closed")


def test_a_target_is_written_as_people_say_it(person: Person):
    assert "the target of 95% will not be met" in person.opens(CHART).reads(".esp-says-box")
