"""Each page in each state 320 pixels wide, on a small phone and at 400 % zoom on a screen 1,280 wide, and at a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.states import STATES, WALL

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives


@pytest.mark.parametrize("state", STATES)
def test_no_page_has_a_barrier_or_scrolls_sideways_on_a_phone_or_at_a_desk(settled: Arrives, state: str):
    path, status, *who = STATES[state]
    somebody = settled("".join(who), viewport=PHONE).opens(path, status=status).needs_no_sideways_scroll()
    somebody.page.locator("main details:not([open])").evaluate_all("all => all.forEach(one => one.open = true)")
    somebody.needs_no_sideways_scroll().meets_no_barrier()
    somebody.page.set_viewport_size(DESK)
    somebody.needs_no_sideways_scroll().meets_no_barrier().met_no_trouble()


def test_two_hundred_charts_stay_within_the_screen(arrives: Arrives):
    somebody = arrives(viewport=PHONE).opens(f"{WALL}?unit=ENG").needs_no_sideways_scroll()
    regions = somebody.page.get_by_role("navigation", name="Regions")
    regions.get_by_role("link", name="London").click()
    somebody.page.locator("p.esp-up a").nth(1).click()
    expect(regions).to_be_in_viewport()


def test_the_menu_unfolds_on_a_phone_and_is_open_without_javascript(arrives: Arrives):
    somebody = arrives(viewport=PHONE).opens("/")
    menu = somebody.page.get_by_role("navigation", name="Main menu")
    expect(menu.get_by_role("link", name="The framework")).to_be_hidden()
    menu.get_by_role("button", name="Menu").click()
    menu.get_by_role("link", name="The framework").click()
    somebody.sees_heading("What does the framework ask?")
    without = arrives(viewport=PHONE, java_script_enabled=False).opens("/")
    expect(without.page.get_by_role("navigation", name="Main menu").get_by_role("link", name="The framework")).to_be_visible()


def test_a_wide_chart_slides_and_starts_at_its_newest_end(arrives: Arrives):
    somebody = arrives(viewport=PHONE).opens(f"{WALL}RR8/").sees("Slide the chart sideways to see earlier months.")
    frame = somebody.page.locator(".esp-figure__chart")
    assert frame.evaluate("e => e.scrollWidth > e.clientWidth")
    frame.scroll_into_view_if_needed()
    expect(frame.locator("text", has_text="Average")).to_be_in_viewport()
