"""The whole way in one: a new project, its driver diagram, a test with a prediction, three figures, and the study compares."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import DESK, PHONE

from espalier.common.periods import add_months, month_start

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person


def focus(somebody: Person, field: str, typed: str = "") -> Person:
    """Press Tab until a field has the focus, and type into it."""
    for _ in range(120):
        somebody.types("Tab")
        if str(somebody.page.evaluate("document.activeElement.id")).startswith(field):
            somebody.page.keyboard.type(typed)
            return somebody
    raise AssertionError(f"{field} cannot be reached with Tab on {somebody.page.url}")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["on a phone", "at a desk"])
def test_by_keyboard_alone(arrives: Arrives, screen: dict[str, int]) -> None:
    alex = arrives(viewport=screen).signs_in_as("Alex").opens("/projects/new/")
    title = f"Blinds down at ten, {screen['width']}"
    focus(alex, "id_title", title).types("Enter").sees_heading(title)
    project = alex.page.url

    # What moves it, in the outline: an aim, a driver, an idea.
    alex.opens(f"{project}diagram/")
    focus(alex, "id_words", "Nobody wakes from the street lamp")
    alex.tabs_to("Start with this aim").types("Enter")
    rows = alex.page.locator(".esp-boxes__row")
    expect(rows).to_have_count(1)
    for above, words in (("Nobody wakes", "The blinds are down"), ("The blinds", "Somebody pulls them"), ("Somebody pulls", "A list on the desk")):
        rows.get_by_role("link", name=above).first.focus()
        alex.types("Enter")
        expect(alex.page.locator("#words")).to_be_focused()
        focus(alex, "below-words", words).types("Enter")
        expect(rows.get_by_role("link", name=words)).to_have_count(1)
    alex.meets_no_barrier().needs_no_sideways_scroll()

    # What is counted, and a test of the idea with a number that is expected.
    focus(alex.opens(f"{project}measures/choose/"), "id_name", f"Calls at night, {screen['width']}")
    focus(alex, "id_improvement").types("Space", "Enter")
    alex.sees("Three are enough to begin a chart.")
    figures = alex.page.url
    began = add_months(month_start(date.today()), -3)
    alex.opens(f"{project}tests/new/")
    focus(alex, "id_idea").types("Space")
    focus(alex, "id_predicted", "at most 5")
    for part, typed in (("day", "1"), ("month", f"{began.month}"), ("year", f"{began.year}")):
        focus(alex, f"id_starts_on-{part}", typed)
    focus(alex, "id_who", "The night shift")
    alex.tabs_to("Begin").types("Enter").sees("Begun").sees("There is no figure of these days yet.").meets_no_barrier()
    test = alex.page.url.split("?")[0]

    # Three figures; the study compares by itself.
    alex.opens(figures)
    for box, typed in (("id_top0", "4"), ("id_top1", "5"), ("id_top2", "3")):
        focus(alex, box, typed)
    alex.types("Enter").sees("The first chart of your project")
    alex.opens(test).sees("So far it holds.").sees("You predicted at most 5").sees("This is the mean of 3 figures that lie in the test")
    alex.needs_no_sideways_scroll().meets_no_barrier()
    focus(alex, "id_decision").types("Space", "Enter").sees(re.compile("^Adopted")).sees("It held.").needs_no_sideways_scroll().meets_no_barrier()
    alex.opens(f"{project}tests/").sees("A list on the desk")
