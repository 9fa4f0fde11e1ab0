"""An Espalier that holds nothing yet: no organisation, no figure, nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.conftest import _wait_for, embedded_free_port

if TYPE_CHECKING:
    from tests.conftest import Databases
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

ESPALIER = (sys.executable, "-m", "espalier.config.cli")


@pytest.fixture(scope="module")
def nothing_yet(databases: Databases) -> Iterator[str]:
    """Serve a database with tables and nothing in them."""
    name, port = f"test_first_day_{uuid.uuid4().hex[:8]}", embedded_free_port()
    environment = os.environ | databases.environment(databases.clone(name, of=databases.empty))
    process = subprocess.Popen([*ESPALIER, "serve", "--port", str(port), "--workers", "1"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        databases.drop(name)


@pytest.fixture
def somebody(arrives: Arrives, nothing_yet: str) -> Person:
    return arrives(at=nothing_yet)


def test_the_front_door_says_that_there_is_nothing_yet_and_offers_nothing_that_is_not_there(somebody: Person):
    somebody.opens("/").sees("No figures yet").sees("No team charts yet").meets_no_barrier()
    there = somebody.page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert there
    for path in there:
        somebody.opens(path)


@pytest.mark.parametrize("path", ["/search/?q=leeds", "/search/", "/help/", "/framework/", "/sign-in/"])
def test_pages_that_need_no_figures_work(somebody: Person, path: str):
    somebody.opens(path).meets_no_barrier()


@pytest.mark.parametrize("path", ["/units/ENG/", "/measures/ae-4-hours/", "/measures/ae-4-hours/ENG/"])
def test_pages_that_need_figures_say_that_they_are_missing(somebody: Person, path: str):
    somebody.opens(path, status=404).sees("Go to the home page").meets_no_barrier()


def test_every_entry_of_the_menu_opens(somebody: Person):
    menu = somebody.opens("/").page.locator("#main-menu a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for path in menu:
        somebody.opens(path)
