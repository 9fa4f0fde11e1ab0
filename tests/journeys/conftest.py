"""A person with a browser in front of Espalier as people get it.

Every journey also watches what nobody looks at: an error in the console, something the security policy refused, an
answer that was not expected, a request to another host. One of them fails the journey, even where the page looks well.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.journeys.person import Person

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

SYSTEM_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}  # also what a reader at 400 % zoom has left of a screen 1,280 wide


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
        pytest.fail("No Chromium on this machine, and CI may not skip the journeys. On Debian: apt-get install chromium")
    if program is None:
        pytest.skip("NO CHROMIUM HERE: THE JOURNEYS IN A REAL BROWSER DID NOT RUN. On Debian: sudo apt-get install chromium")
    return browser_type_launch_args | {"executable_path": program, "args": list(QUIET)}


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
