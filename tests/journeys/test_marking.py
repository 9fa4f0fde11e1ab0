"""Somebody who knows why a chart changed says so: a new baseline, a note, a suggestion taken up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

ERRORS = "/measures/team-medicine-errors/DEMO-WARD-12/"
FALLS = "/measures/team-falls/DEMO-WARD-12/"
SETTLED = "/measures/team-medicine-errors/DEMO-WARD-7/"
WAYS = {
    "at a desk": {},
    "on a phone": {"viewport": PHONE, "has_touch": True},
    "without JavaScript": {"java_script_enabled": False},
    "on a phone without JavaScript": {"viewport": PHONE, "java_script_enabled": False},
}


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_a_new_baseline_is_looked_at_saved_and_taken_back(arrives: Arrives, how: dict[str, object]):
    kim = arrives(**how).signs_in_as("Kim")
    kim.opens(ERRORS).follows("Start a new baseline").sees_heading("Start a new baseline")
    kim.chooses("First figure of the new baseline", "April 2018").presses("See what it would do")
    kim.sees("What it would do").needs_no_sideways_scroll()
    if how.get("java_script_enabled", True):
        kim.meets_no_barrier()
    assert kim.page.locator(".esp-pair svg.ptd").count() == 2

    kim.expects(422)
    kim.presses("Save").sees("Say why, in a sentence")
    kim.page.get_by_label("Yes, we know what changed").check()
    kim.page.get_by_label("Why").fill("A pharmacist on every shift since April 2018.")
    kim.presses("Save").sees("Saved")
    kim.sees("A pharmacist on every shift since April 2018.").unfolds("Compare the baselines").sees("95% interval")
    kim.needs_no_sideways_scroll()

    kim.presses("Undo").sees("Ended")
    assert kim.page.get_by_text("A pharmacist on every shift").count() == 0
    kim.follows("All notes and baselines").sees("A pharmacist on every shift since April 2018.")
    kim.needs_no_sideways_scroll()


def test_the_same_with_the_keyboard_alone(person: Person):
    kim = person.signs_in_as("Kim").opens(ERRORS)
    kim.tabs_to("Start a new baseline").types("Enter").sees_heading("Start a new baseline")
    kim.page.keyboard.press("Tab")
    _to(kim, "id_starts_on")
    kim.page.keyboard.type("April 2018")
    kim.tabs_to("See what it would do").types("Enter").sees("What it would do")
    _to(kim, "id_cause")
    kim.types("Space")
    _to(kim, "id_words")
    kim.page.keyboard.type("Two nurses check every dose.")
    kim.tabs_to("Save").types("Enter").sees("Two nurses check every dose.")
    kim.tabs_to("Undo").types("Enter").sees("Ended")


def _to(person: Person, place: str) -> None:
    """Press Tab until this box has the focus."""
    for _ in range(60):
        if person.page.evaluate("document.activeElement.id") == place:
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"{place} cannot be reached with Tab")


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_a_note_stands_on_the_chart_and_a_visitor_does_not_see_it(arrives: Arrives, how: dict[str, object]):
    kim = arrives(**how).signs_in_as("Kim")
    kim.opens(FALLS).follows("Add a note or a change tried").sees_heading("Add a note or a change tried")
    kim.chooses("When", "July 2018")
    kim.page.get_by_label("A change we tried").check()
    kim.page.get_by_label("In a few words").fill("Born 1/2/1940: low beds for her and others.")
    kim.presses("Save").sees("This looks like it has a date of birth in it.").needs_no_sideways_scroll()
    kim.page.get_by_label("In a few words").fill("Low beds for those who fall.")
    kim.presses("Save").sees("Saved")
    expect(kim.page.locator("main li", has_text="Low beds for those who fall.")).to_be_visible()
    said = kim.page.locator(".esp-figure__chart svg desc").text_content() or ""
    assert re.search(r"Note \d+, July 2018: Low beds for those who fall\.", said)

    visitor = arrives(**how).opens(FALLS)
    assert "Low beds" not in visitor.page.content()
    kim.presses("Undo").sees("Ended")


def test_a_suggestion_is_taken_up(person: Person):
    alex = person.signs_in_as("Alex").opens(SETTLED)
    alex.sees("Results seem to have settled at a new level since December 2017.").meets_no_barrier()
    alex.follows("Look at it").presses("See what it would do")
    alex.page.get_by_label("Yes, we know what changed").check()
    alex.page.get_by_label("Why").fill("Everybody reports since the new form came in.")
    alex.presses("Save").sees("Everybody reports since the new form came in.")
    assert alex.page.get_by_text("Results seem to have settled").count() == 0
    alex.presses("Undo").sees("Results seem to have settled")
    alex.presses("Not now").sees("We will not suggest this again.")
    alex.presses("Undo").sees("Results seem to have settled")
