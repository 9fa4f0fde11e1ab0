"""What is typed is not lost: the page dies, and the words are there when it is opened again; for nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives

NOTE = "/measures/team-falls/DEMO-WARD-7/marks/new/?kind=note"
WORDS = "The physiotherapist was away and two beds stood in the corridor"
KEPT = "We kept what you typed on"


def test_a_page_that_is_killed_gives_the_words_back(arrives: Arrives) -> None:
    """T-24: at most ten seconds of typing are lost; here, what is typed is kept within three."""
    alex = arrives().signs_in_as("Alex")
    alex.opens(NOTE)
    with alex.page.expect_response(lambda answer: "/drafts/" in answer.url and answer.request.method == "POST", timeout=9000):
        alex.page.locator("main textarea").first.press_sequentially(WORDS)
    alex.page.wait_for_timeout(3000)
    context = alex.page.context
    alex.page.close(run_before_unload=False)
    alex.page = context.new_page()
    alex.opens(NOTE).sees(KEPT).meets_no_barrier()
    expect(alex.page.locator("main textarea").first).to_have_value("")
    alex.presses("Use it")
    expect(alex.page.locator("main textarea").first).to_have_value(WORDS)
    expect(alex.page.locator("main textarea").first).to_be_focused()
    expect(alex.page.get_by_text(KEPT)).to_have_count(0)


def test_words_of_one_are_not_there_for_the_next(arrives: Arrives) -> None:
    """The same browser, a shared computer of the ward: Alex signs out, Sam signs in."""
    alex = arrives(viewport=PHONE).signs_in_as("Alex")
    alex.opens(NOTE)
    with alex.page.expect_response(lambda answer: "/drafts/" in answer.url and answer.request.method == "POST", timeout=9000):
        alex.page.locator("main textarea").first.fill(WORDS)
    assert "esp-draft:" in alex.page.evaluate("Object.keys(sessionStorage).join()")
    alex.page.get_by_role("button", name="Sign out").click()
    alex.page.wait_for_load_state()
    assert alex.page.evaluate("Object.keys({...sessionStorage, ...localStorage}).filter(k => k.startsWith('esp-draft:')).length") == 0
    alex.signs_in_as("Sam")
    with alex.page.expect_response(lambda answer: "/drafts/?place" in answer.url) as answer:
        alex.opens(NOTE)
    assert answer.value.json() == {}
    expect(alex.page.get_by_text(KEPT)).to_have_count(0)
    alex.needs_no_sideways_scroll()


def test_thrown_away_is_gone_and_sent_is_gone(arrives: Arrives) -> None:
    kim = arrives().signs_in_as("Kim")
    kim.opens(NOTE)
    with kim.page.expect_response(lambda answer: "/drafts/" in answer.url and answer.request.method == "POST", timeout=9000):
        kim.page.locator("main textarea").first.fill(WORDS)
    kim.opens("/account/drafts/").sees("Kept on").meets_no_barrier().needs_no_sideways_scroll()
    kim.opens(NOTE).sees(KEPT).presses("Throw it away")
    kim.page.wait_for_timeout(500)
    kim.opens("/account/drafts/").sees("Nothing is waiting")


def test_without_javascript_it_is_a_form_like_any(arrives: Arrives) -> None:
    alex = arrives(java_script_enabled=False).signs_in_as("Alex")
    alex.opens(NOTE)
    expect(alex.page.locator("main textarea").first).to_be_visible()
    assert alex.page.locator("input[name=draft]").count() == 0
    assert alex.page.locator("main input[name=form_number]").count() >= 1
