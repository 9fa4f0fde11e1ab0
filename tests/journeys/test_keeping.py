"""Keeping a page, comparing places without a mouse, finding what is late, and being told of what is new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.journeys.states import WALL

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person


def test_a_page_is_saved_found_deleted_and_put_back(person: Person):
    person.signs_in_as("Alex").opens(f"{WALL}?unit=Y63&order=attention")
    person.follows("Save this page", inside="main")
    person.page.get_by_label("Name", exact=True).fill("Where to look first")
    person.presses("Save").sees_heading("Saved pages").sees("needs a look first").meets_no_barrier()
    person.follows("Where to look first", inside="main").is_at(re.compile(r"order=attention"))
    person.opens("/measures/views/").presses("Delete Where to look first").sees("Deleted")
    person.presses("Undo").sees("It is back.")
    expect(person.page.get_by_role("link", name="Where to look first", exact=True)).to_be_visible()
    person.presses("Delete Where to look first")


def test_places_are_compared_with_the_keyboard_and_in_a_table(person: Person):
    person.opens(f"{WALL}funnel/?unit=ENG&kind=trust").meets_no_barrier()
    person.tabs_to("Skip the picture and go to the table").types("Tab", "Tab")
    name = person.page.locator(".ptd-name:focus text")
    expect(name).to_have_css("opacity", "1")
    expect(name).to_have_text(re.compile(r".+: \d+(\.\d+)?%"))
    person.types("Enter").is_at(re.compile(r"/measures/ae-4-hours/\w+/\?until="))
    person.page.go_back()
    person.follows("A to Z", inside="main").is_at(re.compile("sort=name"))
    names = person.page.locator("#places-table tbody th").all_inner_texts()
    assert names == sorted(names) and len(names) > 100


def test_what_is_late_leads_to_where_it_is_put_in(person: Person):
    person.signs_in_as("Alex").opens("/units/DEMO-WARD-7/").follows("All late and missing figures, and whom to ask", inside="main")
    person.sees_heading("Late and missing figures").sees(re.compile("team leader"))
    person.follows("Falls", inside="main").is_at(re.compile("/measures/team-falls/DEMO-WARD-7/enter/"))


def test_a_chart_is_followed_and_its_letter_looked_at_without_javascript(arrives: Arrives):
    somebody = arrives(java_script_enabled=False).signs_in_as("Kim")
    somebody.opens("/measures/team-falls/DEMO-WARD-12/").presses("Follow this chart").sees("You follow this chart.")
    somebody.follows("Change or stop", inside="main").sees_heading("What you follow")
    somebody.follows("What would be sent now", inside="main").sees_heading("What would be sent now")
    somebody.opens("/measures/following/").presses("Stop following Falls per 1,000 days in bed (made up): Ward 12, surgery (made up)")
    somebody.sees("You follow nothing yet")
