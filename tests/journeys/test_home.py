"""Somebody's own page: what is due is seen at once, done from there, and reached by keyboard alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import DESK, PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

FALLS = re.compile("^Put it in ?: Falls")


def test_a_nurse_signs_in_and_what_is_due_leads_to_its_form(person: Person):
    person.signs_in_as("Sam").is_at(re.compile(r"/$"))
    expect(person.page.get_by_role("heading", level=1)).to_have_text(re.compile("^Good (morning|afternoon|evening), Sam$"))
    due = person.page.get_by_role("region", name=re.compile(r"^Due from you \(\d+\)$"))
    lines = due.get_by_role("listitem")
    told = int(re.sub(r"\D", "", due.get_by_role("heading").inner_text()))
    assert lines.count() == told, "as many lines as the heading counts"
    first = due.get_by_role("link", name=FALLS)
    expect(first).to_be_in_viewport()
    first.click()
    person.is_at(re.compile(r"/measures/team-falls/DEMO-WARD-7/enter/")).sees("Ward 7")
    person.meets_no_barrier()


def test_what_is_due_is_opened_by_keyboard_alone(person: Person):
    person.signs_in_as("Alex").opens("/")
    person.types("Tab")
    expect(person.page.locator(":focus")).to_have_text("Skip to main content")
    person.types("Enter")
    name = " ".join(person.page.get_by_role("link", name=FALLS).inner_text().split())
    person.tabs_to(name, at_most=8).types("Enter").is_at(re.compile("/measures/team-falls/DEMO-WARD-7/enter/"))


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_each_sees_what_is_theirs_without_scrolling_sideways(arrives: Arrives, screen: dict[str, int]):
    leader = arrives(viewport=screen).signs_in_as("Alex")
    leader.sees("You are a team leader here.").needs_no_sideways_scroll().meets_no_barrier()
    expect(leader.page.get_by_role("main").get_by_role("link", name="Admin tools")).to_have_count(0)
    keeper = arrives(viewport=screen).signs_in_as("Ash").follows("Admin tools", inside="main")
    keeper.sees_heading("Admin tools").needs_no_sideways_scroll().meets_no_barrier()
    for name in ("Complaints to answer", "Data requests for somebody", "How long things are kept", "What was done"):
        keeper.opens("/admin-tools/").follows(name, inside="main").sees_heading(name)
        keeper.follows("Admin tools", inside=".esp-crumbs").sees_heading("Admin tools")


def test_a_partner_finds_plain_words_and_their_team(person: Person):
    person.signs_in_as("Bo").sees("You choose what you do here. You can stop at any time.").sees("What we ask of you")
    expect(person.page.get_by_text("Due from you")).to_have_count(0)
    person.follows("How to read a picture like this", inside="main").sees_heading("How to read a chart")


def test_without_javascript_the_page_is_the_same(arrives: Arrives):
    somebody = arrives(java_script_enabled=False).signs_in_as("Sam")
    somebody.page.get_by_role("link", name=FALLS).click()
    somebody.is_at(re.compile("/measures/team-falls/DEMO-WARD-7/enter/"))
