"""A partner looks after their own part by keyboard on a small screen; a patient's number is stopped before it is stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import PHONE
from tests.journeys.test_marking import _to as to

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

MINE = "/projects/partner/"
NUMBER = "943 476 5919"  # made up; its check digit holds


def test_a_partner_asks_for_money_by_keyboard_at_320_pixels(arrives: Arrives):
    bo = arrives(viewport=PHONE).signs_in_as("Bo").opens(MINE).sees_heading("My page as a partner")
    bo.sees("Tea with the team on the ward").sees("Read our aim and say if it makes sense.").needs_no_sideways_scroll().meets_no_barrier()
    bo.tabs_to("Ask for money back for Fewer falls at night (made up)").types("Enter").sees_heading("Ask for money back")
    to(bo, "id_pounds")
    bo.page.keyboard.type("4.50")
    to(bo, "id_words")
    bo.page.keyboard.type("Bus to tea")
    bo.meets_no_barrier().tabs_to("Send").types("Enter").sees_heading("My page as a partner")
    bo.sees("Sent. Your team will answer.").sees("£4.50").sees("Bus to tea").needs_no_sideways_scroll().meets_no_barrier()

    alex = arrives().signs_in_as("Alex").opens("/projects/1/partner/")
    alex.tabs_to("Answer : £4.50, Bus to tea").types("Enter").sees_heading("A claim of £4.50")
    to(alex, "id_to")
    alex.types("Space").tabs_to("Send the answer").types("Enter").sees("Agreed, to be paid")
    bo.opens(MINE).sees("Agreed. It will be paid")


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_a_patients_number_is_stopped_until_it_is_said_to_be_none(arrives: Arrives, script: bool):
    bo = arrives(viewport=PHONE, java_script_enabled=script).signs_in_as("Bo").opens("/projects/partner/1/measure/")
    bo.page.get_by_label("I am not sure").check()
    words = bo.page.get_by_label("What would you say about it?")
    words.fill(f"As {NUMBER} said")
    if script:
        words.press("Tab")
        expect(bo.page.locator("[data-check-words=id_words]")).to_contain_text("This looks like it has an NHS number in it.")
    bo.expects(422)
    bo.presses("Send").sees("There is a problem").needs_no_sideways_scroll()
    if script:
        bo.meets_no_barrier()
    expect(words).to_have_value(f"As {NUMBER} said")
    bo.page.get_by_label("This is not a person").check()
    bo.presses("Send").sees_heading("My page as a partner").sees(NUMBER)


def test_a_partner_stops_by_keyboard_and_is_asked_for_no_reason(arrives: Arrives):
    bo = arrives(viewport=PHONE).signs_in_as("Bo").opens(MINE)
    bo.tabs_to("Stop taking part in Fewer falls at night (made up)").types("Enter").sees_heading("Stop taking part")
    bo.sees("You do not have to say why.").meets_no_barrier().needs_no_sideways_scroll()
    assert bo.page.locator("main :is(input:not([type=hidden]), textarea)").count() == 0
    bo.tabs_to("Stop now").types("Enter").sees("You have stopped here. Thank you for all you did.").meets_no_barrier()
    bo.sees("Ask for money back")
    alex = arrives().signs_in_as("Alex").opens("/projects/1/team/?q=Bo")  # for whoever comes after: asked again, and back
    alex.page.get_by_label("As", exact=True).select_option("partner")
    alex.page.get_by_role("button", name=re.compile("^Take in Bo")).click()
    alex.sees("They are in the team now.")
    bo.opens("/projects/1/")


def test_a_review_is_written_with_a_hint_and_ends_in_an_idea(person: Person):
    sam = person.signs_in_as("Sam").opens("/projects/reviews/1/").meets_no_barrier()
    sam.tabs_to("Change : what happened").types("Enter").sees_heading("What happened")
    to(sam, "id_words")
    sam.types("Control+A")
    sam.page.keyboard.type("Somebody failed to cross a chart through.")
    sam.tabs_to("Save").types("Enter").sees("A thought:").meets_no_barrier()
    sam.tabs_to("Bring back the words before : what happened").types("Enter").sees("At 18:10 a dose was given")
    sam.tabs_to("Make this a change idea").types("Enter").sees_heading("Make this a change idea")
    to(sam, "id_words")
    sam.page.keyboard.type("Copy the doses of the day first")
    sam.tabs_to("Make it a change idea").types("Enter").sees("It is a change idea now.")


def test_a_promise_of_too_much_is_taken_back_by_keyboard_and_the_partner_has_nothing_to_take(arrives: Arrives):
    alex = arrives(viewport=PHONE).signs_in_as("Alex").opens("/projects/1/partner/11/offer/").sees_heading("Promise money to Bo, patient partner (made up)")
    alex.page.get_by_label("How much, in pounds?").fill("3000")
    alex.page.get_by_label("What was it for?").fill("Two hours of tea")
    alex.presses("Promise it").sees("Offered, not taken yet").needs_no_sideways_scroll().meets_no_barrier()
    bo = arrives().signs_in_as("Bo").opens(MINE).sees("Yes please, £3,000")
    alex.tabs_to("Take it back : £3,000, Two hours of tea").types("Enter")
    alex.sees("Taken back. Their page says so.").sees("Taken back by the team").needs_no_sideways_scroll().meets_no_barrier()
    bo.opens(MINE).sees("Your team took it back").meets_no_barrier()
    expect(bo.page.get_by_role("button", name="£3,000")).to_have_count(0)
    alex.opens("/projects/1/partner/claims/1/").sees("Paid on").needs_no_sideways_scroll().meets_no_barrier()
    expect(alex.page.get_by_text("What do you answer?")).to_have_count(0)
