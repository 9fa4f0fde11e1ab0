"""The first five minutes of somebody who has never been here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

MEASURE = "Percentage seen within four hours in A&E"
WAYS = {
    "at a desk": {},
    "on a phone": {"viewport": PHONE, "has_touch": True},
    "without JavaScript": {"java_script_enabled": False},
    "on a phone without JavaScript": {"viewport": PHONE, "java_script_enabled": False},
}


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_a_newcomer_finds_out_why_a_trust_is_flagged_and_goes_up_to_its_region(arrives: Arrives, how: dict[str, object]):
    somebody = arrives(**how)
    somebody.opens("/").sees_heading("Developing people, improving care")
    somebody.follows("See every trust in England").sees_heading(MEASURE).sees("Treat a sign as worth a look, not as proof.")
    somebody.follows("Needs a look first").is_at(re.compile("order=attention"))

    said = [somebody.cards.nth(index).inner_text() for index in (0, 1, 20)]
    assert all("worse than usual" in words for words in said), said
    trust = somebody.card_names()[0]
    somebody.cards.first.get_by_role("link").click()

    somebody.sees_heading(MEASURE)
    assert somebody.reads(".nhsuk-caption-l") == trust
    why = somebody.reads(".esp-says-box p")
    assert "This is unlikely to be chance." in why
    assert re.search(r"(below|lower|above|higher)", why), why
    assert somebody.page.locator(".esp-figure__chart svg .ptd-worse").count() >= 1

    goes_up_to_the_region(somebody, trust)


def goes_up_to_the_region(somebody: Person, trust: str) -> None:
    way_up = somebody.page.get_by_role("navigation", name="Breadcrumb").get_by_role("link")
    steps = way_up.all_inner_texts()
    assert steps[0] == "England", f"{trust} is reached from {steps}"
    assert len(steps) == 3, f"{trust} is reached from {steps}"
    way_up.nth(2).click()
    somebody.sees_heading(steps[2]).sees(trust)
    somebody.page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name=steps[1], exact=True).click()
    somebody.sees_heading(steps[1]).sees(steps[2])


def test_the_same_with_the_keyboard_alone(person: Person):
    person.opens("/")
    person.types("Tab")
    assert person._focused_words() == "Skip to main content"
    person.types("Enter").tabs_to("Find")  # the first things after the skip are those of the page itself
    person.tabs_to("See every trust in England").types("Enter").sees_heading(MEASURE)
    person.tabs_to("Needs a look first").types("Enter").is_at(re.compile("order=attention"))

    trust = person.card_names()[0]
    person.tabs_to(trust).types("Enter").sees_heading(MEASURE)
    person.tabs_to("Show the figures as a table").types("Enter").sees("What stands out")
    person.page.reload()
    system = person.page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").nth(2).inner_text()
    person.tabs_to(system).types("Enter").sees_heading(system).sees(trust)


def test_the_place_switcher_opens_and_closes_from_the_keyboard(person: Person):
    person.opens("/units/RR8/").tabs_to("Choose a place. You are looking at: Leeds Teaching Hospitals NHS Trust")
    person.types("Enter")
    find = person.page.locator("#switch-q")
    find.wait_for(state="visible")
    expect(find).to_be_focused()
    person.types("Escape")
    find.wait_for(state="hidden")
    person.types("Enter")
    expect(find).to_be_focused()  # the browser tells of the opening a moment later; letters typed before that went nowhere
    person.page.keyboard.type("airedale")
    person.types("Enter").sees("Airedale NHS Foundation Trust")


def test_three_things_to_try_can_all_be_tried(person: Person):
    person.opens("/")
    tries = person.page.locator("section[aria-labelledby=try] a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(tries) == 3
    for path in tries:
        person.opens(path).sees_heading(MEASURE)


def test_what_a_newcomer_can_try_stands_on_the_first_screen(person: Person):
    person.opens("/")
    box = person.page.locator("section[aria-labelledby=try]").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= person.page.viewport_size["height"]
