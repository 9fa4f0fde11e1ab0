"""A ward measures something of its own: by keyboard, on the smallest phone, without JavaScript, in under a minute."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives


def test_a_measure_its_first_figure_and_the_chart(arrives: Arrives) -> None:
    alex = arrives(viewport=PHONE, java_script_enabled=False).signs_in_as("Alex")
    alex.opens("/measures/?unit=DEMO-WARD-7").tabs_to("Measure something new").types("Enter")
    alex.sees_heading("Measure something new").needs_no_sideways_scroll()
    alex.page.get_by_label("What will you call it?", exact=True).focus()
    for typed in ("Call bells answered late", "Bells answered after five minutes", "All call bells"):
        alex.page.keyboard.type(typed)
        alex.types("Tab")
    alex.types("ArrowUp", "Tab")  # how often: from every month, which stands there, to every week
    alex.types("ArrowDown")  # which way is better
    alex.types("Enter")
    heading = alex.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(r"Call bells answered late: week of \d+ \w+ \d{4}"))
    alex.page.get_by_label("How many", exact=True).focus()
    alex.page.keyboard.type("6")
    alex.types("Tab")
    alex.page.keyboard.type("40")
    alex.types("Enter")
    alex.sees(re.compile(r"is 15\.0%")).needs_no_sideways_scroll()
    alex.tabs_to("See the chart").types("Enter")
    alex.sees_heading("Call bells answered late").needs_no_sideways_scroll()
    alex.sees(re.compile("With twelve we can begin"))


def test_groups_and_their_gap(arrives: Arrives) -> None:
    somebody = arrives(viewport=PHONE)
    somebody.opens("/measures/team-missed-appointments/DEMO-TRUST/")
    somebody.follows("By how deprived the neighbourhood is in which people live")
    somebody.sees(re.compile("furthest apart of 5 groups")).needs_no_sideways_scroll().meets_no_barrier()
