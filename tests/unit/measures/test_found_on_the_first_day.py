"""What somebody found on their first day with the demonstration; one test for each."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from espalier.config.logs import Expected

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db

WARD = "/measures/team-falls/DEMO-WARD-7/"


def signed_in(name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(answer: HttpResponse) -> str:
    """The page as somebody reads it, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


class TestSigningInToOpenAPage:
    """A visitor who needs to sign in is told so, and comes back to the page they wanted."""

    @pytest.mark.parametrize("path", ["/imports/", "/tokens/", f"{WARD}enter/?month=2019-04"])
    def test_a_visitor_is_led_to_the_sign_in_page_and_back(self, client: Client, path: str) -> None:
        answer = client.get(path)
        page, there = answer.content.decode(), f"/sign-in/?next={path.replace('?', '%3F').replace('=', '%3D')}"
        assert answer.status_code == 403
        assert '<h1 class="nhsuk-heading-l">Sign in to open this page</h1>' in page
        assert f'<a class="nhsuk-button" href="{there}"' in page
        assert "a role you do not have" not in page
        assert f'name="next" value="{path}"' in client.get(there).content.decode()
        assert client.post("/sign-in/", {"who": "demo-nurse", "next": path})["Location"] == path

    def test_whoever_is_signed_in_and_may_not_is_told_the_other_reason(self) -> None:
        page = words(signed_in("demo-nurse").get("/measures/team-falls/DEMO-WARD-12/enter/"))
        assert "You cannot open this page" in page
        assert "Sign in to open" not in page

    def test_the_link_above_every_page_comes_back_too(self, client: Client) -> None:
        assert 'href="/sign-in/?next=/measures/ae-4-hours/RR8/"' in client.get("/measures/ae-4-hours/RR8/").content.decode()
        assert '<a href="/sign-in/">Sign in</a>' in client.get("/").content.decode()
        assert '<a href="/sign-in/">Sign in</a>' in client.get("/sign-in/?next=/imports/").content.decode()

    def test_what_a_button_sent_leads_back_to_its_own_page(self, client: Client) -> None:
        refused = client.post("/measures/following/start/", headers={"referer": f"http://testserver{WARD}?until=2019-04"})
        assert refused.status_code == 403
        assert f'href="/sign-in/?next={WARD}%3Funtil%3D2019-04"' in refused.content.decode()
        elsewhere = client.post("/measures/following/start/", headers={"referer": "https://evil.example/imports/"})
        assert 'class="nhsuk-button" href="/sign-in/"' in elsewhere.content.decode()

    @pytest.mark.parametrize("away", [
        "//evil.example", "https://evil.example", "\\\\evil.example", "/\\evil.example", "///evil.example", "javascript:alert(1)",
        "\t//evil.example", "evil.example", "http:/evil.example", "/\r\nLocation: https://evil.example/" * 40,
    ])  # fmt: skip
    def test_nobody_is_led_to_another_site(self, client: Client, away: str) -> None:
        assert client.post("/sign-in/", {"who": "demo-nurse", "next": away})["Location"] == "/"
        assert "evil.example" not in Client().get("/sign-in/", {"next": away}).content.decode()


class TestPagesThatAreNone:
    def test_signing_out_by_its_address_has_a_page(self) -> None:
        answer = signed_in("demo-nurse").get("/sign-out/")
        assert answer.status_code == 405
        assert answer["Allow"] == "POST"
        assert "There is no page here" in words(answer)

    @pytest.mark.parametrize(("path", "status"), [("/imports/", 403), ("/measures/no-such/", 404), ("/nowhere/", 404)])
    def test_a_refused_page_is_one_line_in_the_log(self, client: Client, caplog: pytest.LogCaptureFixture, path: str, status: int) -> None:
        with caplog.at_level(logging.WARNING):
            assert client.get(path).status_code == status
        assert len(caplog.records) <= 1
        assert "Traceback" not in caplog.text

    def test_a_fault_of_ours_keeps_its_trace(self) -> None:
        assert "expected" in settings.LOGGING["loggers"]["django.request"]["filters"]
        facts = {"name": "django.request", "level": "ERROR", "exc_info": (ValueError, ValueError("broken"), None)}
        for status, kept in ((500, True), (None, True), (404, False)):
            record = logging.makeLogRecord(facts | ({"status_code": status} if status else {}))
            assert Expected().filter(record)
            assert bool(record.exc_info) is kept
