"""A person with a browser in front of Espalier as people get it.

Every journey also watches what nobody looks at: an error in the console, something the security policy refused, an
answer that was not expected, a request to another host. One of them fails the journey, even where the page looks well.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import greenlet
import psutil
import pytest
from tests.journeys.person import Person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

# The same browser without the window's own furniture first: with that, each page costs twice the time.
SYSTEM_CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}  # also what a reader at 400 % zoom has left of a screen 1,280 wide


PATIENCE = 150  # seconds for one journey; the longest takes a fifth of it


def chromium() -> str | None:
    """Return the browser of this machine; ESPALIER_CHROMIUM names another."""
    return os.environ.get("ESPALIER_CHROMIUM") or next(filter(None, map(shutil.which, SYSTEM_CHROMIUM)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = chromium()
    if program is None and os.environ.get("CI"):
        pytest.fail("No Chromium on this machine, and CI may not skip the journeys. On Debian: apt-get install chromium-headless-shell")
    if program is None:
        pytest.skip("NO CHROMIUM HERE: THE JOURNEYS IN A REAL BROWSER DID NOT RUN. On Debian: sudo apt-get install chromium-headless-shell")
    return browser_type_launch_args | {"executable_path": program, "args": list(QUIET)}


@pytest.fixture(scope="module")
def browser(launch_browser: Callable[[], Browser]) -> Iterator[Browser]:
    """Start a browser for each file: none gets old, and one that stops answering takes nothing else with it."""
    one = launch_browser()
    yield one
    one.close()


def end_browsers(name: str) -> None:
    """Say where this journey waits, and end its browser: what waited for it then fails instead of waiting for ever."""
    said = [f"{name} took longer than {PATIENCE} seconds."]
    said += [
        "".join(traceback.format_stack(one.gr_frame)[-12:])
        for one in gc.get_objects()
        if isinstance(one, greenlet.greenlet) and one.gr_frame
    ]
    print("\n".join(said), file=sys.__stderr__, flush=True)
    for one in psutil.Process().children(recursive=True):
        if "chrom" in one.name() and not any(word.startswith("--type=") for word in one.cmdline()):
            one.kill()


@pytest.fixture(autouse=True)
def _in_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give each journey a limit: some waits on a browser (a script, a page that closes) have none of their own."""
    clock = threading.Timer(
        PATIENCE if request.node.get_closest_marker("slow") is None else 10 * PATIENCE, end_browsers, [request.node.nodeid]
    )
    clock.daemon = True
    clock.start()
    yield
    clock.cancel()


@pytest.fixture(scope="session")
def base_url() -> str:
    """Left open here: a person arrives at one Espalier or another."""
    return ""


Arrives = Callable[..., Person]


@pytest.fixture
def arrives(new_context: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Iterator[Arrives]:
    """Let a person arrive with a screen of some size, with or without JavaScript, with colours of their own."""
    people: list[Person] = []

    def arrive(*, at: str = "", **browser: Any) -> Person:
        home = at or request.getfixturevalue("live_address")
        context = new_context(**{"viewport": DESK, "base_url": home, "reduced_motion": "reduce"} | browser)
        people.append(Person(context.new_page(), home))
        return people[-1]

    yield arrive
    for one in people:
        one.met_no_trouble()


@pytest.fixture
def person(arrives: Arrives) -> Person:
    """A person at a desk."""
    return arrives()


@pytest.fixture(scope="module")
def settled(browser: Browser, live_address: str) -> Iterator[Arrives]:
    """Let people who signed in once open one page after another, in a browser that keeps what it loaded, as browsers do."""
    theirs: dict[str, BrowserContext] = {}
    people: list[Person] = []

    def open_page(who: str, **screen: Any) -> Person:
        if people:
            people.pop().leaves()
        if who not in theirs:
            theirs[who] = browser.new_context(base_url=live_address, reduced_motion="reduce", **{"viewport": DESK} | screen)
            if who:
                Person(theirs[who].new_page(), live_address).signs_in_as(who).sees_the_way_out().leaves()
        people.append(Person(theirs[who].new_page(), live_address))
        return people[-1]

    yield open_page
    for one in theirs.values():
        one.close()
