"""An administrator changes places: looks first, confirms, undoes, and reads the history."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def day(person, number="1", month="4", year="2026", *, prefix="From which day"):
    group = person.page.get_by_role("group", name=prefix)
    for label, value in (("Day", number), ("Month", month), ("Year", year)):
        group.get_by_label(label, exact=True).fill(value)


def test_a_team_is_added_renamed_and_that_is_undone(person):
    person.signs_in_as("Ash").opens("/units/DEMO-TRUST/").follows("Change this place", inside="main")
    person.follows("Add a team or other place in it", inside="main")
    person.page.get_by_label("Name", exact=True).fill("Night nurses")
    person.chooses("What is it", "Team")
    day(person)
    person.presses("See what will happen").sees("Night nurses is added in Riverside Hospital (made up).")
    person.meets_no_barrier().needs_no_sideways_scroll()
    person.presses("Add it").sees("Added Night nurses in Riverside Hospital (made up), from 1 April 2026")
    person.opens("/units/DEMO-TRUST-NIGHT-NURSES/change/rename/")
    person.page.get_by_label("New name").fill("Nurses by night")
    day(person, month="10")
    person.presses("See what will happen").presses("Change what I wrote")
    assert person.page.get_by_label("New name").input_value() == "Nurses by night"
    person.presses("See what will happen").presses("Rename it")
    person.opens("/units/DEMO-TRUST-NIGHT-NURSES/").sees_heading("Nurses by night")
    person.follows("History", inside="main").sees("Renamed from Night nurses to Nurses by night")
    day(person, month="6", prefix="Look at a day")
    person.presses("Show that day").sees(re.compile("It was called")).meets_no_barrier()
    assert "Night nurses" in person.reads("#then ~ p")
    person.opens("/units/DEMO-TRUST-NIGHT-NURSES/change/")
    person.page.get_by_role("button", name=re.compile("^Undo: Renamed")).click()
    person.sees_heading("What would you like to change?")
    person.opens("/units/DEMO-TRUST-NIGHT-NURSES/").sees_heading("Night nurses")


def test_somebody_else_was_faster_and_both_texts_are_shown(person):
    person.signs_in_as("Ash").opens("/units/DEMO-WARD-12/change/rename/")
    person.page.get_by_label("New name").fill("My name")
    day(person)
    person.presses("See what will happen")
    other = person.page.context.new_page()
    other.goto(person.page.url)
    other.get_by_label("New name").fill("Their name")
    group = other.get_by_role("group", name="From which day")
    for label, value in (("Day", "1"), ("Month", "4"), ("Year", "2026")):
        group.get_by_label(label, exact=True).fill(value)
    other.get_by_role("button", name="See what will happen").click()
    other.get_by_role("button", name="Rename it").click()
    expect(other.get_by_text("Renamed Ward 12, surgery (made up) to Their name").first).to_be_visible()
    person.expects(409)
    person.presses("Rename it").sees("Somebody changed this while you were writing").sees("Their name")
    person.sees("Their name is called My name.")
    person.meets_no_barrier()
    person.opens("/units/DEMO-WARD-12/change/")  # the other journeys know the ward by its own name
    person.page.get_by_role("button", name=re.compile("^Undo: Renamed")).click()
    person.opens("/units/DEMO-WARD-12/").sees_heading("Ward 12, surgery (made up)")


def test_what_cannot_be_is_said_and_nothing_is_lost(person):
    person.signs_in_as("Ash").opens("/units/DEMO-WARD-7/change/move/")
    person.page.get_by_label("Or its code or whole name, if it is not in the list").fill("DEMO-CARE")
    day(person)
    person.expects(422)
    person.presses("See what will happen").sees(re.compile("you need the role of administrator"))
    assert person.page.get_by_label("Or its code or whole name, if it is not in the list").input_value() == "DEMO-CARE"
    person.meets_no_barrier()
