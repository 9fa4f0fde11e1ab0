"""An improvement lead finds what stands still and goes there; a ward leader says what a project is worth, in ranges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.journeys.conftest import DESK, PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives

STILL = "Letters home within a week (made up)"


def test_who_leads_improvement_finds_the_projects_that_stand_still_and_goes_to_one(arrives: Arrives):
    pat = arrives().signs_in_as("Pat")
    pat.opens("/projects/").follows("Portfolio: what moves, what stands still, what lasts").sees_heading("Portfolio")
    pat.sees("Others may exist")
    row = pat.page.locator(".nhsuk-summary-list__row", has_text="Nothing has changed").or_(
        pat.page.locator(".nhsuk-summary-list__row", has=pat.page.get_by_text("Standing still", exact=True))
    )
    counted = int(re.findall(r"(\d+) project", row.first.inner_text())[0])
    row.first.get_by_role("link").first.click()
    pat.sees_heading("Projects: standing still").sees(f"{counted} project")
    assert pat.page.locator(".esp-card").count() == counted, "the list has what the count says"
    pat.follows(STILL).sees_heading(STILL).sees("stands still since")


def test_the_line_of_sight_leads_from_a_measure_to_what_was_tested(arrives: Arrives):
    pat = arrives(java_script_enabled=False).signs_in_as("Pat")
    pat.opens("/projects/portfolio/?unit=DEMO-TRUST").follows("Choose a measure").sees_heading("From a measure to the work")
    pat.chooses("Measure", re.compile("falls", re.IGNORECASE)).presses("Show").sees("meant to move it")
    pat.sees("Fewer falls at night (made up)").sees("Tested:").sees(re.compile("Since it began"))


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_ward_leader_says_what_it_costs_as_a_range_without_scripts(arrives: Arrives, screen: dict[str, int]):
    alex = arrives(viewport=screen, java_script_enabled=False).signs_in_as("Alex")
    alex.opens("/projects/1/value/").sees_heading("What it is worth").follows("Say what it costs").sees_heading("Say what it costs")
    page = alex.page
    page.get_by_label("What does it cost?", exact=True).fill("Softer shoes")
    page.get_by_label("At least", exact=True).fill("100")
    page.get_by_label("At most", exact=True).fill("100")
    alex.chooses("Counted in", "pounds (£) once")
    page.get_by_label("Yes, somebody pays it").check()
    for part, number in (("Day", "1"), ("Month", "6"), ("Year", "2026")):
        page.get_by_label(part).first.fill(number)
    page.get_by_label("Who says so?", exact=True).fill("ward manager")
    page.get_by_label("Assumed").check()
    alex.expects(422)
    alex.presses("Save").sees("What is not counted is a range")
    page.get_by_label("At most", exact=True).fill("150")
    alex.presses("Save").sees_heading("What it is worth").sees("£336 to £386 once").sees("£100 to £150 once")
    alex.presses("Undo the last change here").sees("Taken back.").sees("exactly £236 once")
