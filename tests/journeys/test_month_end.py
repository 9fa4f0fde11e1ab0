"""Month end: a team puts its figure in on a phone, or pastes what stands in its spreadsheet, and takes it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

CHART = "/measures/team-falls/DEMO-WARD-12/"
# What a spreadsheet puts on the clipboard: the text with tabs, and the same as a table, which a plain box ignores.
COPIED = 'Month\tFalls\tBed days\r\nMay-19\t4\t"1,012"\r\nJun-19\t7\t998\r\nJul-19\t5\t1005\r\n'
COPIED_TABLE = "<table><tr><td>Month</td><td>Falls</td><td>Bed days</td></tr><tr><td>May-19</td><td>4</td><td>1,012</td></tr></table>"


def copy_from_a_spreadsheet(somebody: Person) -> None:
    somebody.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    somebody.page.evaluate(
        "([text, table]) => navigator.clipboard.write([new ClipboardItem({"
        "'text/plain': new Blob([text], {type: 'text/plain'}), 'text/html': new Blob([table], {type: 'text/html'})})])",
        [COPIED, COPIED_TABLE],
    )


@pytest.mark.parametrize("settings", [{}, {"java_script_enabled": False}], ids=["as usual", "no JavaScript"])
def test_the_month_end_on_a_phone(arrives: Arrives, settings: dict[str, Any]) -> None:
    sam = arrives(viewport=PHONE, **settings).signs_in_as("Sam")
    sam.opens("/measures/team-medicine-errors/DEMO-WARD-7/").follows("Put in the next figure", exact=False)
    # It lands on the oldest month without a figure, with what is counted beside the box and a keypad for the numbers.
    sam.sees_heading("Medicine errors reported (made up): April 2019")
    box = sam.page.get_by_label("How many", exact=True)
    assert box.get_attribute("inputmode") in {"decimal", "numeric"}
    sam.needs_no_sideways_scroll()
    sam.expects(422)
    sam.presses("Save")  # nothing typed yet
    expect(sam.page.get_by_role("alert").get_by_role("link")).to_have_text("Enter how many")
    box.fill("9")
    sam.presses("Save")
    sam.sees("April 2019 is 9.").sees_heading("Medicine errors reported (made up): May 2019")
    sam.presses("Undo")
    sam.sees_heading("Medicine errors reported (made up): April 2019")


def test_by_keyboard_alone(arrives: Arrives) -> None:
    sam = arrives().signs_in_as("Sam").opens("/measures/team-joy/DEMO-WARD-7/enter/")
    heading = sam.page.get_by_role("heading", level=1).inner_text()
    sam.page.get_by_label("How many", exact=True).focus()
    sam.page.keyboard.type("120")
    sam.types("Tab")
    sam.page.keyboard.type("20")
    sam.types("Enter")
    sam.sees(re.compile(r" is 6\.0"))
    expect(sam.page.get_by_role("heading", level=1)).not_to_have_text(heading)
    sam.tabs_to("Undo").types("Enter")
    sam.sees_heading(heading)


def test_a_block_from_a_spreadsheet_becomes_a_chart_in_four_steps(arrives: Arrives) -> None:
    alex = arrives().signs_in_as("Kim").opens(CHART)
    copy_from_a_spreadsheet(alex)
    alex.follows("Paste from a spreadsheet")  # 1
    expect(alex.page.get_by_label("Paste here")).to_be_focused()
    alex.types("Control+v")  # 2
    alex.presses("Check")  # 3
    alex.sees("Is this right?").presses("Store them")  # 4
    alex.is_at(re.compile(r"/measures/team-falls/DEMO-WARD-12/\?pasted="))
    alex.sees(re.compile("in July 2019")).meets_no_barrier()
    alex.presses("Undo")
    alex.sees(re.compile("in March 2019"))
