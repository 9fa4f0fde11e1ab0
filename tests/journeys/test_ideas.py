"""An idea at the bedside: kept on the phone first, sent when there is a network, stored once whatever becomes of the network."""

from __future__ import annotations

import random
import re
from collections import deque
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, Route, expect
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

IDEAS, QUEUE = "/projects/ideas/", "**/projects/ideas/queue/"
SEED, FEW, MANY = 20261123, 25, 1000
HOW = ("well", "before", "after", "slow", "twice", "token")


def note(person: Person, words: str) -> None:
    """Type an idea and press the one button, by keyboard."""
    field = person.page.get_by_label("What would make tomorrow better?")
    field.focus()
    person.page.keyboard.insert_text(words)
    person.tabs_to("Keep it", at_most=3).types("Enter")


def waits_until_ready(person: Person) -> None:
    """The page is kept on this phone once its service worker looks after it."""
    person.page.wait_for_function("navigator.serviceWorker.ready.then(() => caches.match('/projects/ideas/off-line/')).then(Boolean)")


def stored(person: Person, words: str) -> int:
    """How often an idea of these very words stands in the list of the server, asked anew."""
    page = person.page.context.request.get(f"{IDEAS}?q={words}").text()
    return len(re.findall(rf'data-name" href="/projects/ideas/[0-9a-f-]{{36}}/">{re.escape(words)}<', page))


def waiting(person: Person) -> list[str]:
    return person.page.locator("[data-entries] .esp-idea__words").all_inner_texts()


def test_from_home_an_idea_takes_two_presses(arrives: Arrives) -> None:
    sam = arrives(viewport=PHONE).signs_in_as("Sam").opens("/")
    sam.follows("I have an idea")
    expect(sam.page.get_by_label("What would make tomorrow better?")).to_be_focused()
    sam.page.keyboard.insert_text("Labels on the blue boxes")
    sam.presses("Keep it")
    sam.sees("Kept. Only you see it, until you share it.")
    expect(sam.page.locator("#mine + ul")).to_contain_text("Labels on the blue boxes")
    sam.needs_no_sideways_scroll().meets_no_barrier()
    assert stored(sam, "Labels on the blue boxes") == 1


def test_off_line_it_waits_and_is_stored_once(arrives: Arrives) -> None:
    sam = arrives(viewport=PHONE).signs_in_as("Sam").opens(IDEAS)
    waits_until_ready(sam)
    sam.page.context.set_offline(True)
    note(sam, "A clock that can be seen from bed 4")
    expect(sam.page.get_by_role("heading", name="Waiting to be sent (1)")).to_be_visible()
    sam.page.reload()  # the page itself comes from the phone
    sam.sees("There is no network just now")
    expect(sam.page.get_by_role("heading", name="Waiting to be sent (1)")).to_be_visible()
    assert waiting(sam) == ["A clock that can be seen from bed 4"]
    note(sam, "A hook for the dressing gown")
    expect(sam.page.get_by_role("heading", name="Waiting to be sent (2)")).to_be_visible()
    sam.needs_no_sideways_scroll().meets_no_barrier()
    _changes_what_waits(sam)
    sam.page.context.set_offline(False)
    expect(sam.page.locator("[data-waiting]")).to_be_hidden(timeout=20_000)
    sam.opens(IDEAS)
    expect(sam.page.locator("#mine + ul")).to_contain_text("Two hooks for dressing gowns")
    for words, times in (
        ("A clock that can be seen from bed 4", 1),
        ("Two hooks for dressing gowns", 1),
        ("A hook for the dressing gown", 0),
    ):
        assert (words, stored(sam, words)) == (words, times)


def _changes_what_waits(sam: Person) -> None:
    second = sam.page.locator("[data-entries] li").nth(1)
    second.get_by_role("button", name="Change").focus()
    sam.types("Enter", "ControlOrMeta+a")
    sam.page.keyboard.insert_text("Two hooks for dressing gowns")
    sam.types("Tab")
    expect(second.get_by_role("button", name="Save")).to_be_focused()
    sam.types("Enter")
    expect(sam.page.locator("[data-entries]")).to_contain_text("Two hooks")


def test_somebody_else_on_this_phone_neither_sees_nor_sends_it(arrives: Arrives) -> None:
    phone = arrives(viewport=PHONE).signs_in_as("Sam").opens(IDEAS)
    waits_until_ready(phone)
    phone.page.context.set_offline(True)
    note(phone, "What only Sam thinks")
    expect(phone.page.get_by_role("heading", name="Waiting to be sent (1)")).to_be_visible()
    phone.page.route(QUEUE, lambda route: route.abort())  # the network stays away for what waits
    phone.page.context.set_offline(False)
    phone.opens("/")
    phone.page.get_by_role("button", name="Sign out").click()
    _shell_knows_nobody(phone)
    phone.page.unroute(QUEUE)
    phone.signs_in_as("Alex").opens(IDEAS)
    phone.page.wait_for_timeout(500)
    expect(phone.page.locator("[data-waiting]")).to_be_hidden()
    assert stored(phone, "What only Sam thinks") == 0
    phone.page.get_by_role("button", name="Sign out").click()
    phone.signs_in_as("Sam").opens(IDEAS)
    expect(phone.page.locator("#mine + ul")).to_contain_text("What only Sam thinks")
    assert stored(phone, "What only Sam thinks") == 1


def _shell_knows_nobody(phone: Person) -> None:
    """After signing out the page that the phone keeps holds nothing personal, and keeps nothing for nobody."""
    phone.page.wait_for_load_state()
    phone.page.context.set_offline(True)
    phone.page.goto(IDEAS)
    phone.sees("Nobody is signed in on this phone")
    kept = phone.page.content()
    assert "Sam" not in kept
    assert "What only Sam thinks" not in kept
    phone.meets_no_barrier()
    phone.page.context.set_offline(False)


def test_signed_out_meanwhile_it_is_kept_and_told(arrives: Arrives) -> None:
    sam = arrives().signs_in_as("Sam").opens(IDEAS)
    sam.expects(401)
    sam.expects(403)  # the look at the words, while they are typed
    kept = sam.page.context.cookies()
    sam.page.context.clear_cookies(name="sessionid")
    note(sam, "A list of who is on call")
    sam.sees("You are signed out. What stands here is kept on this phone.").meets_no_barrier()
    assert waiting(sam) == ["A list of who is on call"]
    sam.page.context.add_cookies(kept)
    sam.opens(IDEAS)
    expect(sam.page.locator("#mine + ul")).to_contain_text("A list of who is on call")
    assert stored(sam, "A list of who is on call") == 1


def test_without_javascript_it_is_a_form_like_any(arrives: Arrives) -> None:
    sam = arrives(java_script_enabled=False).signs_in_as("Sam").opens(IDEAS)
    sam.page.get_by_label("What would make tomorrow better?").fill("Paper works too")
    sam.presses("Keep it").sees("Kept. Only you see it, until you share it.").sees("Paper works too")


def test_an_answer_reaches_who_had_the_idea(arrives: Arrives) -> None:
    sam = arrives().signs_in_as("Sam").opens(IDEAS)
    note(sam, "Handover at the bedside")
    sam.follows("Handover at the bedside").presses("Share it with my team")
    alex = arrives().signs_in_as("Alex").opens(f"{IDEAS}?state=new")
    alex.follows("Handover at the bedside")
    alex.expects(422)
    alex.page.get_by_label("Let us try it").check()
    alex.presses("Answer").sees("Say why, in a sentence.").meets_no_barrier()
    expect(alex.page.get_by_label("Let us try it")).to_be_checked()
    alex.page.get_by_label("Why, in a sentence").fill("Start with bay 1 on Monday")
    alex.presses("Answer").sees("Answered. The person who had the idea is told.")
    sam.opens("/").sees(re.compile("of your ideas were answered"))
    sam.opens(IDEAS).sees("Start with bay 1 on Monday").meets_no_barrier()
    sam.page.locator(".esp-idea", has_text="Handover at the bedside").get_by_role("button", name="I have read it").click()
    sam.sees("Marked as read.")


# ------------------------------------------------------------ a network that breaks at any moment
class BadNetwork:
    """Break requests for ideas, each in the way that is next: a quick page may have noted three ideas before the first is sent."""

    def __init__(self, person: Person, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  the same disconnects in every run
        self.met, self.ways, self.next = dict.fromkeys(HOW, 0), deque[str](), list[str]()
        person.page.route(QUEUE, self.meet)

    def meet(self, route: Route) -> None:
        asks_for_token = route.request.method != "POST"
        if asks_for_token != (bool(self.ways) and self.ways[0] == "token"):
            route.continue_()
            return
        how = self.ways.popleft() if self.ways else "well"
        self.met[how] += 1
        if how in {"before", "token"}:
            route.abort("connectionfailed")
        elif how == "after":
            route.fetch()  # it reaches the server, and the answer is lost on the way back
            route.abort("connectionreset")
        else:
            if how == "slow":
                route.request.frame.page.wait_for_timeout(self.chance.randint(20, 80))
            route.continue_()

    def breaks(self) -> str:
        """Add a way, by chance, but each as often as the others."""
        self.next = self.next or self.chance.sample(HOW, len(HOW))
        self.ways.append(self.next.pop())
        return self.ways[-1]


TWICE = "() => Promise.all([document.querySelector('form[data-queue] button').click(), document.querySelector('form[data-queue] button').click()])"
EMPTY = "async () => { await self.espQueue.send(); return (await self.espQueue.waiting(document.body.dataset.who)).length; }"


def disconnects(arrives: Arrives, times: int) -> None:
    """Note so many ideas over a bad network, in two tabs of one phone, and count what the server has."""
    sam = arrives().signs_in_as("Sam").opens(IDEAS)
    other = sam.page.context.new_page()
    other.goto(IDEAS)
    network = BadNetwork(sam, SEED)
    for one in range(times):
        how = network.breaks()
        sam.page.get_by_label("What would make tomorrow better?").fill(f"Idea {one} over a bad network")
        sam.page.evaluate(TWICE) if how == "twice" else sam.page.get_by_role("button", name="Keep it").click()
        sam.page.wait_for_function("() => document.querySelector('#id_words').value === ''")
        if how == "twice":
            other.evaluate("() => self.espQueue.send()")
        if network.chance.random() < 0.1:  # the page dies while something waits
            sam.page.reload()
    for _ in range(20):
        if sam.page.evaluate(EMPTY) == 0:
            break
    assert sam.page.evaluate(EMPTY) == 0
    _each_once(sam, times)
    # A test on a network that never broke would say nothing: each way must have been met often.
    assert min(network.met[how] for how in HOW if how != "twice") >= max(1, times // 20), network.met


def _each_once(sam: Person, times: int) -> None:
    data = sam.page.context.request.get("/projects/ideas/?q=over a bad network").text()
    if times <= 100:
        found = re.findall(r">Idea (\d+) over a bad network<", data)
        assert sorted(map(int, found)) == list(range(times))
    for one in range(times) if times > 100 else ():
        assert (one, stored(sam, f"Idea {one} over a bad network")) == (one, 1)


def test_each_idea_is_stored_once_over_a_bad_network(arrives: Arrives) -> None:
    disconnects(arrives, FEW)


@pytest.mark.slow
def test_each_idea_is_stored_once_over_a_thousand_disconnects(arrives: Arrives) -> None:
    disconnects(arrives, MANY)


def test_the_browser_of_these_tests_can_be_off_line(arrives: Arrives) -> None:
    """Without this the tests above could pass on a network that never went away."""
    sam = arrives().signs_in_as("Sam")
    sam.page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        sam.page.goto("/help/")
