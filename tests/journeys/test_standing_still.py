"""A browser that no longer answers ends one journey, and says where."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error, Route
from tests.journeys.conftest import end_browsers
from tests.journeys.person import Person


def test_a_page_is_left_even_while_the_next_one_arrives(arrives: Callable[..., Person], live_address: str) -> None:
    def answer(route: Route) -> None:
        then = "<meta http-equiv=refresh content='0; URL=/second/'>" if "first" in route.request.url else ""
        route.fulfill(content_type="text/html", body=f"<!doctype html><title>A page</title>{then}<p>Text")

    for _ in range(5):
        person = arrives()
        person.page.route("**/*", answer)
        person.page.goto("/first/")
        with pytest.raises(Error, match="navigation"):  # until the second page arrives
            person.page.evaluate("new Promise(() => {})")
        person.leaves()
        assert person.page.is_closed()


def test_what_waits_for_a_browser_for_ever_fails_and_says_where(browser: Browser, capfd: pytest.CaptureFixture[str]) -> None:
    page = browser.new_page()  # the last one of this browser
    threading.Timer(1, end_browsers, ["this journey"]).start()
    with pytest.raises(Error, match="closed"):
        page.evaluate("new Promise(() => {})")
    assert not browser.is_connected()
    said = capfd.readouterr().err
    assert "this journey took longer than" in said
    assert 'page.evaluate("new Promise' in said
