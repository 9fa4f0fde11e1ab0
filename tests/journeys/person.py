"""What a person does with a page, and what they see there: the verbs of every journey."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Error, Page, Response, expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

SEEN_REFUSED = (
    "document.addEventListener('securitypolicyviolation', e => console.error('policy refused ' + e.violatedDirective + ' ' + e.blockedURI))"
)
LOADED_BADLY = "Failed to load resource"  # the browser's echo of an answer of 400 or more, which is looked at by itself


@cache
def axe_program() -> str:
    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


class Person:
    """Somebody in front of a browser. Each verb waits, as people do."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self._home = home
        self._troubles: list[str] = []
        self._expected = {200}
        page.set_default_timeout(10_000)
        page.add_init_script(SEEN_REFUSED)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._troubles.append(f"script error: {error}"))
        page.on("response", self._receive)

    # ------------------------------------------------------------ going about
    def opens(self, path: str, *, status: int = 200) -> Person:
        self._expected.add(status)
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return self

    def signs_in_as(self, name: str) -> Person:
        """Sign in as one of the made-up people; name is how their shown name begins."""
        self.opens("/sign-in/")
        self.page.get_by_role("button", name=re.compile(f"^Sign in as {name}")).click()
        return self

    def expects(self, status: int) -> None:
        """Let an answer of this status pass in what follows."""
        self._expected.add(status)

    def follows(self, words: str, *, inside: str = "body", exact: bool = True) -> Person:
        self.page.locator(inside).get_by_role("link", name=words, exact=exact).first.click()
        return self

    def presses(self, words: str, *, inside: str = "main") -> Person:
        self.page.locator(inside).get_by_role("button", name=words, exact=True).click()
        return self

    def unfolds(self, words: str) -> Person:
        self.page.locator("main summary", has_text=words).click()
        return self

    def chooses(self, label: str, choice: str | re.Pattern[str]) -> Person:
        box = self.page.get_by_label(label, exact=True)
        value = box.locator("option", has_text=choice).first.get_attribute("value")
        box.select_option(value)
        return self

    def searches_for(self, words: str) -> Person:
        field = self.page.get_by_role("banner").get_by_label("Search Espalier")
        field.fill(words)
        field.press("Enter")
        return self

    def tabs_to(self, words: str, *, at_most: int = 80) -> Person:
        """Press Tab until what has these words has the focus, as somebody without a mouse does; focus must be seen."""
        for _ in range(at_most):
            self.page.keyboard.press("Tab")
            if self._focused_words() == words:
                assert self._focus_shows(), f"the focus on {words!r} cannot be seen"
                return self
        raise AssertionError(f"{words!r} cannot be reached with {at_most} presses of Tab on {self.page.url}")

    def types(self, *keys: str) -> Person:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    # ------------------------------------------------------------ seeing
    def sees_heading(self, words: str) -> Person:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)
        return self

    def sees(self, words: str | re.Pattern[str]) -> Person:
        expect(self.page.locator("main").get_by_text(words).first).to_be_visible()
        return self

    def sees_the_way_out(self) -> Person:
        """See that one is signed in."""
        expect(self.page.get_by_role("banner").get_by_role("button", name="Sign out")).to_be_visible()
        return self

    def is_at(self, address: str | re.Pattern[str]) -> Person:
        expect(self.page).to_have_url(address)
        return self

    @property
    def cards(self) -> Locator:
        """The small charts, the one of the whole place left out."""
        return self.page.locator(".esp-wall:not(.esp-wall--one) > .esp-chart")

    def card_names(self) -> list[str]:
        return self.page.locator(".esp-wall:not(.esp-wall--one) .esp-chart__name").all_inner_texts()

    def reads(self, place: str) -> str:
        return " ".join(self.page.locator(place).first.inner_text().split())

    # ------------------------------------------------------------ what must always hold
    def needs_no_sideways_scroll(self) -> Person:
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.viewport_size["width"], f"{self.page.url} is {wide} wide"
        return self

    def meets_no_barrier(self) -> Person:
        """Fail on anything axe calls a violation, each with where it is."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe_program())
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        said = [
            f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
            for one in found["violations"]
            for node in one["nodes"][:3]
        ]
        assert not said, f"{self.page.url}\n" + "\n".join(said)
        return self

    def met_no_trouble(self) -> None:
        assert not self._troubles, "\n".join(self._troubles)

    def leaves(self) -> None:
        """Close the page.

        Chromium forgets a wish to close that reaches it just when another page arrives (its issue 536385539), and
        `Page.close` waits for ever then. So it is asked until it did; whole contexts are always closed.
        """
        line = self.page.context.new_cdp_session(self.page)
        while not self.page.is_closed():
            with suppress(Error), self.page.expect_event("close", timeout=1_000):
                line.send("Page.close")

    def forgets_troubles(self) -> None:
        """Only for the tests of the watching itself."""
        self._troubles.clear()

    # ------------------------------------------------------------ watching
    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(LOADED_BADLY):
            self._troubles.append(f"console {message.type} on {self.page.url}: {message.text}")

    def _receive(self, response: Response) -> None:
        if not response.url.startswith((self._home, "data:")):
            self._troubles.append(f"asked another host: {response.url}")
        if response.status >= 400 and response.status not in self._expected:
            self._troubles.append(f"{response.url} answered {response.status}")

    def _focused_words(self) -> str:
        return self.page.evaluate("(document.activeElement.innerText || document.activeElement.value || '').trim().replace(/\\s+/g, ' ')")

    def _focus_shows(self) -> bool:
        """Compare what the focus paints with what the same thing, or the card around it, paints without."""
        return self.page.evaluate("""() => {
            const look = e => {
                const s = getComputedStyle(e), drawn = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
                return [s.backgroundColor, s.boxShadow, drawn ? s.outlineStyle + s.outlineWidth + s.outlineColor : ''].join();
            };
            const focused = document.activeElement, around = focused.closest('.esp-chart') || focused;
            const now = look(focused) + look(around);
            focused.blur(); const then = look(focused) + look(around); focused.focus();
            return now !== then;
        }""")
