"""From signing in to a project of one's own: counted, by keyboard, and at 320 px."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

# From signing in to a first chart: at most twelve things to press or choose and eight boxes to fill in. Up to the project's
# page it takes these; what is left is for choosing what to measure and the first figure.
MOST_INTERACTIONS, MOST_FIELDS = 5, 4


class Counting:
    """Counts what somebody presses and fills in."""

    def __init__(self, page: Page) -> None:
        self.page, self.interactions, self.fields = page, 0, 0

    def presses(self, role: str, name: str | re.Pattern[str]) -> None:
        self.interactions += 1
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    def fills(self, label: str, words: str) -> None:
        self.fields += 1
        self.page.get_by_label(label, exact=True).fill(words)


@pytest.mark.parametrize("how", [{}, {"viewport": PHONE, "has_touch": True}, {"java_script_enabled": False}], ids=["desk", "phone", "plain"])
def test_somebody_begins_a_project_and_is_led_on(arrives: Arrives, how: dict[str, object]):
    sam = arrives(**how)
    sam.opens("/sign-in/")
    counted = Counting(sam.page)
    counted.presses("button", re.compile("^Sign in as Sam"))
    sam.opens("/projects/")  # one press in the menu; on a phone two
    counted.interactions += 2
    counted.presses("link", "Begin a project")
    sam.sees_heading("Begin a project").sees("Nobody sees it until you show it.")
    counted.fills("What do you want to make better?", "Fewer calls at night")
    counted.fills("From", "9")
    counted.fills("To", "3")
    counted.fills("Of what?", "calls a night")
    counted.presses("button", "Begin")
    sam.sees_heading("Fewer calls at night").sees("From 9 to 3 calls a night.").sees("Only you can see it")
    sam.sees("By when? A day within a year keeps a team going.")
    assert counted.interactions <= MOST_INTERACTIONS
    assert counted.fields <= MOST_FIELDS
    assert len(sam.page.locator(".esp-try .nhsuk-button").all()) == 1, "one next step"


def tabs_into(somebody: Person, field: str) -> Person:
    """Press Tab until a field has the focus."""
    for _ in range(60):
        somebody.types("Tab")
        if somebody.page.evaluate("document.activeElement.id") == field:
            return somebody
    raise AssertionError(f"{field} cannot be reached with Tab on {somebody.page.url}")


def test_the_same_with_the_keyboard_alone(arrives: Arrives):
    sam = arrives().signs_in_as("Sam")
    tabs_into(sam.opens("/projects/new/"), "id_title").page.keyboard.type("Warm blankets")
    sam.types("Enter").sees_heading("Warm blankets").sees("The aim is not written down yet.")
    tabs_into(sam.tabs_to("Change the aim").types("Enter").sees_heading("The aim"), "id_aim_to").page.keyboard.type("95")
    sam.types("Enter").sees("The aim is stored.").sees("To 95.").tabs_to("Undo").types("Enter").sees("Undone.")
    sam.sees("The aim is not written down yet.")
