"""From signing in to the first chart of one's own project, with no help: counted, by keyboard, and at 320 px.

An interaction is a press of a link, a button, a choice or a key that sends; a field is a box that is filled in. Nothing is
opened by its address after the page to sign in on: a new person knows none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.journeys.conftest import DESK, PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

MOST_INTERACTIONS, MOST_FIELDS = 12, 8
WAYS = {"at a desk": {"viewport": DESK}, "on a phone": {"viewport": PHONE, "has_touch": True}, "plain": {"java_script_enabled": False}}


class Counted:
    """Does what a person does, and counts it."""

    def __init__(self, who: Person) -> None:
        self.who, self.page, self.interactions, self.fields = who, who.page, 0, 0

    def presses(self, role: str, name: str | re.Pattern[str], *, inside: str = "body") -> Counted:
        self.interactions += 1
        self.page.locator(inside).get_by_role(role, name=name, exact=isinstance(name, str)).first.click()  # type: ignore[arg-type]
        return self

    def unfolds(self, words: str) -> Counted:
        self.interactions += 1
        self.page.locator("main summary", has_text=words).click()
        return self

    def fills(self, label: str | re.Pattern[str], words: str, *, which: int = 0) -> Counted:
        self.fields += 1
        self.page.get_by_label(label).nth(which).fill(words)
        return self

    def is_cheap_enough(self) -> None:
        assert self.interactions <= MOST_INTERACTIONS, f"{self.interactions} interactions"
        assert self.fields <= MOST_FIELDS, f"{self.fields} fields"


def begins(counted: Counted, name: str, title: str) -> Counted:
    """Sign in, go to one's ward from one's own page, and begin a project there."""
    counted.who.opens("/sign-in/")
    counted.presses("button", re.compile(f"^Sign in as {name}"))
    counted.presses("link", "Ward 7, care of older people (made up)", inside="main")
    counted.presses("link", "Begin a project", inside="main")
    counted.fills("What do you want to make better?", title).presses("button", "Begin", inside="main")
    counted.who.sees_heading(title)
    return counted.presses("link", "Choose what you measure", inside="main")


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_a_nurse_takes_a_measure_and_sees_the_first_chart(arrives: Arrives, how: dict[str, object]):
    sam = arrives(**how)
    counted = begins(Counted(sam), "Sam", "Fewer calls at night")
    sam.sees_heading("Choose what to measure").sees("Others to choose from")
    counted.presses("button", re.compile("^Choose: "), inside="main details")
    sam.sees("Three are enough to begin a chart.")
    looks_well(sam, how)
    boxes = sam.page.locator("main form input[type=text]")
    for place, figure in zip(range(boxes.count()), ("12", "40", "9", "38", "7", "41") if boxes.count() == 6 else ("12", "9", "7"), strict=True):
        counted.fields += 1
        boxes.nth(place).fill(figure)
    counted.presses("button", "Save and see the chart", inside="main")
    sees_the_chart(sam)
    looks_well(sam, how)
    counted.is_cheap_enough()


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_a_leader_makes_a_measure_of_the_ward_s_own_and_sees_the_first_chart(arrives: Arrives, how: dict[str, object], request: pytest.FixtureRequest):
    alex = arrives(**how)
    counted = begins(Counted(alex), "Alex", "Warm meals after eight")
    own = f"Cold meals {request.node.callspec.id}"  # a name is taken once, and the three ways share a database
    counted.fills("What do you count?", own).presses("radio", "Fewer is better")
    counted.presses("button", "Make it and put in the first figures", inside="main")
    alex.sees("Three are enough to begin a chart.")
    boxes = alex.page.locator("main form input[type=text]")
    assert boxes.count() == 3
    for place, figure in enumerate(("5", "4", "4")):
        counted.fields += 1
        boxes.nth(place).fill(figure)
    counted.presses("button", "Save and see the chart", inside="main")
    sees_the_chart(alex)
    looks_well(alex, how)
    counted.is_cheap_enough()


def sees_the_chart(somebody: Person) -> None:
    somebody.sees("The first chart of your project")
    chart = somebody.page.locator(".esp-figure__chart svg").first
    assert chart.is_visible()
    assert chart.locator("circle, path").count() >= 3


def looks_well(somebody: Person, how: dict[str, object]) -> None:
    """At every width, and for everybody; without scripts nothing can measure it."""
    if how.get("java_script_enabled", True):
        somebody.needs_no_sideways_scroll().meets_no_barrier()


def test_the_figures_can_be_taken_back(arrives: Arrives):
    alex = arrives()
    counted = begins(Counted(alex), "Alex", "Quiet doors")
    counted.fills("What do you count?", "Doors that bang").presses("radio", "Fewer is better")
    counted.presses("button", "Make it and put in the first figures", inside="main")
    alex.page.locator("main form input[type=text]").first.fill("3")
    counted.presses("button", "Save and see the chart", inside="main")
    alex.sees("The first chart of your project").presses("Undo")
    alex.sees("There are no figures here yet. Put in the first.")


def test_by_keyboard_alone(arrives: Arrives):
    alex = arrives().signs_in_as("Alex")
    alex.opens("/units/DEMO-WARD-7/").tabs_to("Begin a project").types("Enter").sees_heading("Begin a project")
    focus(alex, "id_title").page.keyboard.type("Softer lights")
    alex.types("Enter").sees_heading("Softer lights").tabs_to("Choose what you measure").types("Enter").sees_heading("Choose what to measure")
    focus(alex, "id_name").page.keyboard.type("Lights left on")
    focus(alex, "id_improvement").types("Space", "Enter")
    alex.sees("Three are enough to begin a chart.")
    for box in ("id_top0", "id_top1", "id_top2"):
        focus(alex, box).page.keyboard.type("4")
    alex.types("Enter")
    sees_the_chart(alex)


def focus(somebody: Person, field: str) -> Person:
    """Press Tab until a field has the focus."""
    for _ in range(90):
        somebody.types("Tab")
        if str(somebody.page.evaluate("document.activeElement.id")).startswith(field):
            return somebody
    raise AssertionError(f"{field} cannot be reached with Tab on {somebody.page.url}")


def test_figures_that_cannot_be_are_said_beside_their_box(arrives: Arrives):
    alex = arrives()
    counted = begins(Counted(alex), "Alex", "Fewer forms")
    counted.fills("What do you count?", "Forms twice").presses("radio", "Fewer is better")
    counted.presses("button", "Make it and put in the first figures", inside="main")
    alex.expects(422)
    alex.presses("Save and see the chart").sees("Type at least one figure")
    alex.page.locator("main form input[type=text]").first.fill("many")
    alex.presses("Save and see the chart").sees("must be a number").meets_no_barrier()
