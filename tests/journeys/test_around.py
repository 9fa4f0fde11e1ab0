"""The other pages: places at each level, the framework, help, signing in, errors, and all parts of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.journeys.person import Person

PLACES = {
    "ENG": "England",
    "Y63": "North East and Yorkshire",
    "QWO": "West Yorkshire",
    "RR8": "Leeds Teaching Hospitals NHS Trust",
    "U31269": "West Leeds PCN",
    "B86012": "Leeds City Medical Practice",
    "DEMO-WARD-7": "Ward 7, care of older people (made up)",
}


@pytest.mark.parametrize("code", PLACES)
def test_every_level_has_a_page_and_a_way_up(person: Person, code: str):
    person.opens(f"/units/{code}/").sees_heading(PLACES[code])
    ways = person.page.get_by_role("navigation", name="Breadcrumb").get_by_role("link")
    if code == "ENG":
        expect(ways).to_have_count(0)
    else:
        above = ways.last.inner_text()
        ways.last.click()
        person.sees_heading(above)


def test_from_england_one_walks_down_to_a_trust(person: Person):
    person.opens("/units/ENG/").follows("North East and Yorkshire", inside="main").follows("West Yorkshire", inside="main")
    lists = person.page.locator("main h2").all_inner_texts()
    assert lists.index("Charts") < next(index for index, words in enumerate(lists) if words.startswith("Trusts"))
    places = [words for words in lists if words[-1:].isdigit()]  # headings of lists say how many stand below
    assert places[0].startswith("Trusts"), f"trusts come first: {lists}"
    person.follows("Leeds Teaching Hospitals NHS Trust", inside="main").sees("Trust, code RR8")


def test_a_made_up_place_is_marked_as_made_up(person: Person):
    person.opens("/units/DEMO-WARD-7/").sees("made up for this demonstration")
    person.page.locator(".esp-chart__name a").first.click()
    person.sees("made up for this demonstration")


def test_a_measure_that_only_made_up_places_have_leads_to_them(person: Person):
    person.opens("/measures/team-joy/?unit=ENG").follows("Find the made-up places").sees("Riverside Hospital (made up)")


def test_every_works_here_of_the_framework_opens_a_page(person: Person):
    doors = person.opens("/framework/").page.locator("main a", has_text="→").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert doors
    for door in dict.fromkeys(doors):
        person.opens(door)
        expect(person.page.get_by_role("heading", level=1)).not_to_have_text("Page not found")


def test_each_capability_on_the_front_door_opens_its_line_of_the_framework(person: Person):
    lines = person.opens("/").page.locator(".esp-asks a").evaluate_all("all => all.map(a => [a.innerText, a.getAttribute('href')])")
    assert len(lines) == 4
    for _, path in lines:
        person.opens(path)


def test_help_is_one_step_away_and_every_page_of_it_opens(person: Person):
    person.opens("/").follows("Help", inside="footer").sees_heading("Help")
    pages = person.page.locator("main li a").evaluate_all("all => all.map(a => [a.innerText, a.getAttribute('href')])")
    assert len(pages) >= 5
    for title, path in pages:
        person.opens(path).sees_heading(title)
        for inner in person.page.locator("main .esp-prose a").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
            if inner.startswith("/"):
                assert person.page.request.get(inner).ok, f"{path} leads to {inner}"


def test_somebody_signs_in_as_a_made_up_person_and_out_again(person: Person):
    person.opens("/").follows("Sign in", inside="header").presses("Sign in as Sam, nurse (made up)")
    banner = person.page.get_by_role("banner")
    expect(banner.get_by_text("Sam", exact=False)).to_be_visible()
    banner.get_by_role("button", name="Sign out").click()
    expect(banner.get_by_role("link", name="Sign in")).to_be_visible()


# ---------------------------------------------------------------- errors


def test_a_form_without_its_safety_mark_is_refused_kindly(person: Person):
    person.opens("/sign-in/").expects(403)
    person.page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(one => { one.value = 'old'; })")
    person.presses("Sign in as Sam, nurse (made up)").sees("nothing was saved").meets_no_barrier()


def test_a_person_nobody_knows_cannot_be_chosen(person: Person):
    person.opens("/sign-in/").expects(422)
    person.page.evaluate("document.querySelector('[name=who]').value = 'nobody'")
    person.page.get_by_role("main").get_by_role("button").first.click()
    person.sees("We do not know that person").meets_no_barrier()


def test_an_address_that_leads_nowhere_gets_search_and_the_way_home(person: Person):
    person.opens("/nothing/here/", status=404).sees_heading("Page not found").meets_no_barrier()
    person.page.get_by_role("main").get_by_role("searchbox").fill("Leeds Teaching")
    person.page.keyboard.press("Enter")
    person.sees("Leeds Teaching Hospitals NHS Trust")


def test_an_address_with_a_broken_character_is_refused_kindly(person: Person):
    answer = person.page.request.get("/search/?q=%00")
    assert answer.status < 500
    assert person.page.request.get("/units/%00/").status < 500


# ---------------------------------------------------------------- all parts of a page


def test_a_wrong_form_is_swapped_in_and_the_summary_has_the_focus(person: Person):
    person.opens("/admin-tools/components/").expects(422)
    person.page.get_by_label("Your name").fill("Sam")
    person.presses("Check", inside="#example")
    summary = person.page.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    expect(person.page).to_have_title(re.compile("^Error: "))
    expect(person.page.get_by_label("Your name")).to_have_value("Sam")
    link = summary.get_by_role("link").first
    link.click()
    assert person.page.evaluate("document.activeElement.matches('input, select, textarea')")
    person.meets_no_barrier()


def test_the_same_form_works_without_javascript(arrives):
    somebody = arrives(java_script_enabled=False)
    somebody.opens("/admin-tools/components/").expects(422)
    somebody.presses("Check", inside="#example")
    expect(somebody.page.locator(".nhsuk-error-summary")).to_be_visible()
    assert somebody.page.title().startswith("Error: ")


def test_the_parts_have_a_state_with_problems_and_a_first_day(person: Person):
    person.expects(422)
    person.opens("/admin-tools/components/").follows("With problems", inside="main")
    expect(person.page.locator(".nhsuk-error-summary")).to_be_visible()
    person.follows("First day", inside="main").sees("Nothing is due from you")
