"""A browser that no longer answers ends one journey, and says where."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import Browser, Error
from tests.journeys.conftest import end_browsers


def test_what_waits_for_a_browser_for_ever_fails_and_says_where(browser: Browser, capfd: pytest.CaptureFixture[str]) -> None:
    page = browser.new_page()
    threading.Timer(1, end_browsers, ["this journey"]).start()
    with pytest.raises(Error, match="closed"):
        page.evaluate("new Promise(() => {})")
    assert not browser.is_connected()
    said = capfd.readouterr().err
    assert "this journey took longer than" in said
    assert 'page.evaluate("new Promise' in said
