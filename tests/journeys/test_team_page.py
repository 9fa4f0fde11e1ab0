"""A team's own page: one field names what gets in the way, one press takes it on, one takes it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives

WARD = "/units/DEMO-WARD-7/"


@pytest.mark.parametrize("how", [{}, {"viewport": PHONE, "has_touch": True}, {"java_script_enabled": False}], ids=["desk", "phone", "plain"])
def test_something_in_the_way_is_named_taken_on_and_taken_back(arrives: Arrives, how: dict[str, object], request: pytest.FixtureRequest):
    tea = f"The tea runs out at four, {request.node.callspec.id}"  # the three ways share a database
    sam = arrives(**how).signs_in_as("Sam").opens(WARD)
    sam.sees(re.compile("^One next step: ")).sees("What gets in the way of a good day")
    sam.page.get_by_label("Name one thing").fill(tea)
    sam.presses("Tell the team").sees("Your team sees it at once.").sees(tea)
    sam.presses(f"I take this on: {tea}").sees("Saved")
    one = sam.page.locator(".esp-team li", has_text=tea)
    assert "being worked on" in one.inner_text()
    sam.presses("Undo")
    assert "nobody works on it yet" in sam.page.locator(".esp-team li", has_text=tea).inner_text()
    assert sam.page.locator(".esp-try .nhsuk-button").count() == 1, "one next step"


def test_the_same_with_the_keyboard_alone(arrives: Arrives):
    sam = arrives().signs_in_as("Sam").opens(WARD)
    sam.page.get_by_label("Name one thing").focus()
    sam.page.keyboard.type("No pens")
    sam.types("Enter").sees("Saved").tabs_to("Undo").types("Enter").sees("Saved")
    assert sam.page.locator(".esp-team li", has_text="No pens").count() == 0
    sam.tabs_to("Say thank you", at_most=120).types("Enter").sees_heading("Say thank you")


def test_joy_stands_above_care_and_each_says_how_it_is(arrives: Arrives):
    alex = arrives().signs_in_as("Alex").opens(WARD)
    joy, care = (alex.page.locator(f"section[aria-labelledby={name}]") for name in ("joy", "care"))
    assert joy.bounding_box()["y"] < care.bounding_box()["y"]
    for part in (joy, care):
        assert re.search("as usual|than usual|Not enough|begin to", part.inner_text()), part.inner_text()
        assert part.locator("svg").count() >= 1
    assert joy.locator(".esp-chart").count() == 1


def test_who_is_thanked_finds_it_at_home(arrives: Arrives):
    alex = arrives().signs_in_as("Alex").opens("/projects/teams/DEMO-WARD-7/thanks/")
    alex.chooses("To whom?", re.compile("^Sam")).page.get_by_label("What do you thank for?").fill("You found the second key")
    alex.presses("Say thank you").sees("You found the second key")
    arrives().signs_in_as("Sam").opens("/").sees("You found the second key")
