"""The eyes of the journeys: each fault that they watch for is made here on purpose, and has to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.person import Person

FAULTS = {
    "an error in the console": "console.error('broken')",
    "a script that fails": "setTimeout(() => { throw new Error('broken') })",
    "an inline style, which the policy refuses": "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')",
    "another host": "document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.2:9/x.png'}))",
    "an answer nobody expected": "fetch('/nothing/here/')",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_behind_the_page_is_seen(person: Person, fault: str):
    person.opens("/help/")
    person.page.evaluate(f"() => {{ {FAULTS[fault]} }}")
    person.page.wait_for_timeout(200)
    with pytest.raises(AssertionError):
        person.met_no_trouble()
    person.forgets_troubles()


BARRIERS = {
    "a field without a label": "document.querySelectorAll('label').forEach(one => one.remove())",
    "words one can hardly see": "document.querySelector('h1').className = 'esp-door'; document.body.classList.add('x');"
    " const sheet = new CSSStyleSheet(); sheet.replaceSync('h1 { color: #ddd !important }'); document.adoptedStyleSheets = [sheet]",
    "a picture without a name": "document.querySelector('main').append(new Image())",
}


@pytest.mark.parametrize("barrier", BARRIERS)
def test_a_barrier_is_seen(person: Person, barrier: str):
    person.opens("/search/").page.evaluate(f"() => {{ {BARRIERS[barrier]} }}")
    with pytest.raises(AssertionError):
        person.meets_no_barrier()


def test_a_page_that_is_too_wide_is_seen(person: Person):
    person.opens("/help/").page.evaluate("() => document.querySelector('h1').append('w'.repeat(400))")
    person.page.evaluate(
        "() => { const s = new CSSStyleSheet(); s.replaceSync('h1 { white-space: nowrap }'); document.adoptedStyleSheets = [s] }"
    )
    with pytest.raises(AssertionError):
        person.needs_no_sideways_scroll()


def test_a_focus_that_cannot_be_seen_is_seen(person: Person):
    person.opens("/help/").page.evaluate(
        "() => { const s = new CSSStyleSheet(); s.replaceSync('* { outline: 0 !important; box-shadow: none !important; background: none !important }');"
        " document.adoptedStyleSheets = [s] }"
    )
    with pytest.raises(AssertionError, match="cannot be seen"):
        person.tabs_to("Accessibility statement")


def test_a_thing_the_keyboard_cannot_reach_is_seen(person: Person):
    person.opens("/help/").page.evaluate("() => { document.querySelectorAll('footer a').forEach(one => { one.tabIndex = -1; }) }")
    with pytest.raises(AssertionError, match="cannot be reached"):
        person.tabs_to("Accessibility statement", at_most=60)
