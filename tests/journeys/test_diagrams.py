"""A team works on its driver diagram: by keyboard, without a script, at once, and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import PHONE

PAGE = "/projects/1/diagram/"
FIRST = "We know who is at risk tonight"


def box(person, words):
    return person.page.locator(".esp-boxes__row a", has_text=words)


def kind_of(person, words):
    return person.page.locator(".esp-boxes__row", has_text=words).locator(".esp-boxes__kind")


def picture(person):
    return person.page.locator(".esp-picture svg")


def types(person, words):
    person.page.keyboard.type(words)
    return person


def presses_key(person, *keys):
    for key in keys:
        person.page.keyboard.press(key)
    return person


def waits_for_new(person):
    expect(person.page.locator("#new-words")).to_be_focused()


def test_a_diagram_grows_by_keyboard_alone(person):
    person.signs_in_as("Alex").opens(PAGE)
    box(person, FIRST).focus()
    presses_key(person, "ArrowDown", "ArrowUp", "Enter")
    expect(person.page.locator("#words")).to_be_focused()
    presses_key(person, "End")
    types(person, ", every night")
    presses_key(person, "Enter")  # saved, and on to the next box beside it
    waits_for_new(person)
    types(person, "Night staff feel supported")
    presses_key(person, "Enter", "Tab")  # one level in: below the one just added. Faster than the network, and nothing is lost
    types(person, "Somebody to call")
    expect(person.page.get_by_label("Add what moves it", exact=True)).to_be_focused()
    expect(person.page.get_by_label("Add what moves it", exact=True)).to_have_value("Somebody to call")
    presses_key(person, "Enter", "Tab")
    expect(person.page.get_by_label("Add a change idea", exact=True)).to_be_focused()
    types(person, "A number on the desk")
    presses_key(person, "Enter")
    expect(box(person, "A number on the desk")).to_be_visible()
    presses_key(person, "Escape")
    expect(box(person, "A number on the desk")).to_be_focused()
    expect(kind_of(person, "A number on the desk")).to_have_text("Change idea")
    for words in ("every night", "Night staff feel", "Somebody to call", "A number on the"):
        expect(picture(person)).to_contain_text(words)
    person.page.reload()
    expect(box(person, "Somebody to call")).to_be_visible()


def test_a_box_moves_in_and_out_while_typing_and_only_then(person):
    person.signs_in_as("Alex").opens(PAGE)
    idea = "The pharmacist looks at sleeping tablets"
    box(person, idea).focus()
    presses_key(person, "F2")
    expect(person.page.locator("#mode")).to_be_visible()
    presses_key(person, "Shift+Tab")
    expect(kind_of(person, idea)).to_have_text("What moves it")
    expect(person.page.locator("#words")).to_be_focused()
    presses_key(person, "Tab")
    expect(kind_of(person, idea)).to_have_text("Change idea")
    expect(person.page.locator("#words")).to_be_focused()
    presses_key(person, "Escape")
    expect(person.page.locator("#mode")).to_have_count(0)
    presses_key(person, "Tab")  # now it goes where it goes on every page
    expect(person.page.get_by_label("How it stands")).to_be_focused()
    presses_key(person, "Escape")
    expect(box(person, idea)).to_be_focused()


def test_alt_and_arrows_move_a_box(person):
    person.signs_in_as("Alex").opens(PAGE)
    box(person, "Call bell clipped to the pillow").focus()
    presses_key(person, "Alt+ArrowUp")
    expect(person.page.locator("#messages")).to_contain_text("Moved.")
    expect(box(person, "Call bell clipped to the pillow")).to_be_focused()
    ideas = person.page.locator(".esp-boxes__box--idea .data-name").all_inner_texts()
    assert ideas.index("Call bell clipped to the pillow") < ideas.index("Ask everybody at risk at 10 pm and 2 am")
    person.presses("Undo my last change")
    expect(person.page.locator("#messages")).to_contain_text("Undone.")


def test_a_box_is_dragged_below_another(arrives):
    person = arrives(viewport={"width": 1280, "height": 3000}).signs_in_as("Alex").opens(PAGE)  # nothing scrolls while it is dragged
    idea, to = "A walk to lunch with a helper", "The way is clear and lit"
    person.page.locator(".esp-boxes__row", has_text=idea).locator(".esp-boxes__kind").drag_to(person.page.locator(".esp-boxes__row", has_text=to))
    expect(person.page.locator("#messages")).to_contain_text("Moved.")
    parent = person.page.locator("li.esp-boxes__box--secondary", has=person.page.locator(":scope > .esp-boxes__row", has_text=to))
    expect(parent).to_contain_text(idea)


@pytest.mark.parametrize("screen", [{}, {"java_script_enabled": False}])
def test_two_people_at_one_box_see_both_words(arrives, screen):
    alex, sam = arrives(**screen).signs_in_as("Alex"), arrives(**screen).signs_in_as("Sam")
    words = "Risk is looked at on the first day" if screen else "Every shift hears who is at risk"
    for one in (alex, sam):
        one.opens(PAGE)
        box(one, words).click()
    alex.page.locator("#words").fill(f"{words}, says Alex")
    alex.presses("Save")
    expect(box(alex, f"{words}, says Alex")).to_be_visible()
    sam.expects(409)
    sam.page.locator("#words").fill(f"{words}, says Sam")
    sam.presses("Save")
    expect(sam.page.locator(".esp-boxes__theirs")).to_contain_text(f"{words}, says Alex")
    expect(sam.page.locator(".esp-boxes__theirs")).to_contain_text(f"{words}, says Sam")
    sam.page.get_by_role("link", name="Close").click()
    expect(box(sam, f"{words}, says Alex")).to_be_visible()


def test_a_phone_without_a_script(arrives):
    person = arrives(viewport=PHONE, java_script_enabled=False).signs_in_as("Alex").opens(PAGE)
    expect(picture(person)).to_be_hidden()
    box(person, "The way is clear and lit").click()
    person.page.get_by_label("Add a change idea below").fill("Tape on the floor")
    person.page.locator(".esp-boxes__add").get_by_role("button", name="Add").click()
    expect(box(person, "Tape on the floor")).to_be_visible()
    box(person, "Tape on the floor").click()
    person.presses("Remove")
    expect(box(person, "Tape on the floor")).to_have_count(0)
    person.presses("Undo my last change")
    expect(box(person, "Tape on the floor")).to_be_visible()


def test_an_open_box_is_fit_for_everybody(person):
    person.signs_in_as("Alex").opens(PAGE)
    box(person, "The way is clear and lit").click()
    expect(person.page.locator("#words")).to_be_focused()
    person.meets_no_barrier()
    person.page.get_by_role("link", name="Add one beside").click()
    waits_for_new(person)
    person.meets_no_barrier()


def test_words_that_look_like_a_patients_are_asked_about_and_nothing_typed_is_lost(person):
    person.signs_in_as("Alex").opens(PAGE).expects(422)
    box(person, FIRST).focus()
    presses_key(person, "Enter")
    expect(person.page.locator("#words")).to_be_focused()
    presses_key(person, "Enter")
    waits_for_new(person)
    types(person, "943 476 5919 fell")
    presses_key(person, "Enter")
    types(person, "Ask at night")  # before the answer came
    presses_key(person, "Enter")
    new = person.page.locator("#new-words")
    expect(new).to_have_value("943 476 5919 fell Ask at night")
    expect(person.page.locator(".nhsuk-error-summary")).to_contain_text("This looks like it has an NHS number in it.")
    person.meets_no_barrier()
    person.page.get_by_label("This is not a person").check()
    new.fill("943 476 5919 fell")
    presses_key(person, "Enter")
    expect(box(person, "943 476 5919 fell")).to_be_visible()
    expect(person.page.locator(".nhsuk-error-summary")).to_have_count(0)
    types(person, "943 476 5919 again")
    person.page.locator("#new-words").blur()  # leaving the field is enough to be asked
    expect(person.page.locator('[data-check-words="new-words"]')).to_contain_text("This looks like it has an NHS number in it.")
    person.presses("Undo my last change")  # other journeys make this project's story public
    expect(box(person, "943 476 5919 fell")).to_have_count(0)
