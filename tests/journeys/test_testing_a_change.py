"""A team tries a change: four answers, three figures, and the study compares by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

FALLS = "/measures/team-falls/DEMO-WARD-7/"
MONTHS = (("April 2019", "3"), ("May 2019", "4"), ("June 2019", "5"))  # out of 700 days in bed: 4.3, 5.7 and 7.1 per 1,000, mean 5.7


def _to(person: Person, place: str, typed: str = "") -> Person:
    """Go to a field with Tab and type into it."""
    for _ in range(80):
        person.page.keyboard.press("Tab")
        if person.page.evaluate("document.activeElement.id") == place:
            if typed:
                person.page.keyboard.type(typed)
            return person
    raise AssertionError(f"{place} cannot be reached with the keyboard on {person.page.url}")


def test_a_new_test_three_figures_and_the_study_compares_by_keyboard(person: Person):
    """Of months long past, as the ward's figures are: once it ends, its prediction was written too late."""
    alex = person.signs_in_as("Alex").opens("/projects/1/tests/new/").meets_no_barrier()
    _to(alex, "id_idea_new", "Red socks with grips")
    _to(alex, "id_predicted", "at most 6")
    for part, typed in (("day", "1"), ("month", "4"), ("year", "2019")):
        _to(alex, f"id_starts_on-{part}", typed)
    _to(alex, "id_who", "Sam")
    alex.tabs_to("Begin").types("Enter").sees("Begun").sees("There is no figure of these days yet.").meets_no_barrier()
    test = alex.page.url.split("?")[0].removesuffix("/")
    saved = [_puts_in(alex, month, falls) for month, falls in MONTHS]
    alex.page.goto(test + "/")
    alex.sees("So far it holds.").sees("You predicted at most 6.0 per 1,000. So far it is 5.7 per 1,000.")
    alex.sees("This is the mean of 3 figures that lie in the test: April to June 2019.")

    for part, typed in (("day", "30"), ("month", "6"), ("year", "2019")):
        _to(alex, f"id_ends_on-{part}", typed)
    alex.types("Enter").sees("Saved").sees("The prediction was written after the test ended: it does not count.").meets_no_barrier()
    _to(alex, "id_decision").types("Space")
    alex.types("Enter").sees(re.compile("^Adopted")).meets_no_barrier().needs_no_sideways_scroll()
    number = test.rsplit("/", 1)[1]
    alex.opens(FALLS).sees("Changes tried").sees(f"T{number}").meets_no_barrier()
    alex.opens(f"/projects/1/tests/new/?follows={number}").sees_heading(f"Next test, after T{number}")
    for address in reversed(saved):  # leave the ward's figures as they were
        alex.page.goto(address)
        alex.presses("Undo")


def _puts_in(alex: Person, month: str, falls: str) -> str:
    alex.opens(FALLS + "enter/")
    alex.sees_heading(f"Falls per 1,000 days in bed (made up): {month}")
    _to(alex, "id_numerator", falls)
    _to(alex, "id_denominator", "700")
    alex.tabs_to("Save").types("Enter").sees("Saved")
    return alex.page.url


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without"])
def test_counting_at_the_bedside_on_a_phone(arrives: Arrives, scripted: bool):
    sam = arrives(viewport=PHONE, has_touch=True, java_script_enabled=scripted).signs_in_as("Sam")
    sam.opens("/projects/1/measures/2/tally/").needs_no_sideways_scroll()
    before = sam.reads(".esp-tally__sum")
    top, of = (int(one) for one in re.findall(r"\d+", before)[:2])
    sam.presses("Yes").sees(f"{top + 1} of {of + 1}")
    sam.presses("No").sees(f"{top + 1} of {of + 2}")
    sam.page.reload()
    sam.sees(f"{top + 1} of {of + 2}")
    sam.presses("Take a no back").sees(f"{top + 1} of {of + 1}")
    sam.presses("Take a yes back").sees(f"{top} of {of}")
    if scripted:
        sam.meets_no_barrier()
