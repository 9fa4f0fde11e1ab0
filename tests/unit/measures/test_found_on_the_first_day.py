"""What somebody found on their first day with the demonstration; one test for each."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from espalier.access.door import acting_as
from espalier.config.logs import Expected
from espalier.measures import queries
from espalier.measures.models import Follow, MarkVersion, Measure, Point
from espalier.organisations import queries as organisations

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


class TestUndoPressedTwice:
    """The second click finds it done, and says so; only what somebody else did is refused, with the page to look at."""

    def typed(self, client: Client, number: str, seen: str = "- - -") -> str:
        sent = {"numerator": number, "denominator": "701", "seen": seen}
        return str(client.post(f"{WARD}enter/?month=2019-04", sent)["Location"].split("saved=")[1].split("&")[0])

    def standing(self) -> list[float | None]:
        found = Point.objects.filter(series__unit__code="DEMO-WARD-7", series__measure__code="team-falls", period_on__gte="2019-04-01")
        return list(found.order_by("period_on").values_list("numerator", flat=True))

    def test_of_a_figure(self) -> None:
        client = signed_in("demo-nurse")
        version = self.typed(client, "4")
        for said in ("Undone: April 2019 has no figure again.", "That was taken back already."):
            assert said in words(client.post(f"{WARD}undo/", {"version": version}, follow=True))
            assert self.standing() == []

    def test_of_a_figure_that_somebody_typed_again(self) -> None:
        client = signed_in("demo-nurse")
        version = self.typed(client, "4")
        client.post(f"{WARD}undo/", {"version": version})
        self.typed(signed_in("demo-leader"), "5")
        refused = client.post(f"{WARD}undo/", {"version": version})
        assert refused.status_code == 400
        assert "Somebody has changed this figure since." in words(refused)
        assert f'href="{WARD}enter/"' in refused.content.decode()
        assert self.standing() == [5]

    def test_of_a_pasted_block(self) -> None:
        client = signed_in("demo-nurse")
        sent = client.post(f"{WARD}paste/", {"block": "Apr-19\t4\t701\nMay-19\t3\t702", "do": "store"})
        for said in ("2 months went back", "That was taken back already."):
            page = words(client.post(f"{WARD}undo-paste/", {"batch": sent["Location"].split("pasted=")[1]}, follow=True))
            assert said in page
            assert "somebody changed them" not in page
            assert self.standing() == []

    def test_of_a_note_that_somebody_changed_is_refused_with_its_page(self) -> None:
        leader, page = signed_in("demo-leader"), "/measures/team-falls/DEMO-WARD-7/marks/"
        form = leader.get(f"{page}new/?kind=note").content.decode()
        boxes = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)) | {"do": "save"}
        start = re.findall(r'<option value="(2019-[^"]+)"', form)[0]
        leader.post(f"{page}new/?kind=note", boxes | {"starts_on": start, "words": "New beds.", "kind": "note"})
        made = MarkVersion.objects.get(words="New beds.")
        leader.post(f"{page}{made.mark_id}/", {"words": "New beds on the ward.", "kind": "note", "version": "1"})
        refused = leader.post(f"{page}undo/", {"version": str(made.pk)})
        assert refused.status_code == 400
        assert f'href="{page}"' in refused.content.decode()


class TestTheSameNameTwice:
    """Two measures of one name cannot be told apart: the second is asked about, with the first to choose."""

    TOLD = {"numerator": "Falls", "frequency": "month", "improvement": "down"}

    def make(self, client: Client, name: str, unit: str = "DEMO-WARD-7") -> HttpResponse:
        return client.post(f"/measures/new/?unit={unit}", self.TOLD | {"name": name})

    @pytest.mark.parametrize("again", ["Falls at night", "  falls  AT night", "Falls\u202e at night\u200b"])
    def test_at_the_place_itself(self, again: str) -> None:
        leader = signed_in("demo-leader")
        assert self.make(leader, "Falls at night").status_code == 302
        refused = self.make(leader, again)
        assert refused.status_code == 422
        assert "There is a measure of that name already. Use it here, or choose another name." in words(refused)
        assert '<a href="/measures/falls-at-night-demo-trust/definition/?unit=DEMO-WARD-7">' in refused.content.decode()
        assert Measure.objects.filter(name__icontains="at night").count() == 1

    def test_of_the_library(self) -> None:
        name = Measure.objects.get(code="team-falls").name
        refused = self.make(signed_in("demo-leader"), name.upper())
        assert refused.status_code == 422
        assert '<a href="/measures/team-falls/definition/?unit=DEMO-WARD-7">' in refused.content.decode()

    def test_what_nobody_can_see_is_no_name(self) -> None:
        leader = signed_in("demo-leader")
        assert "Enter a name" in words(self.make(leader, "\u202e\u2066\u200b\u200f"))
        self.make(leader, "\u202eFalls by d\u2066ay\u2069")
        assert Measure.objects.filter(name="Falls by day").exists()


class TestWords:
    def test_the_history_of_figures_says_its_own_reason(self) -> None:
        path = "/measures/team-falls/DEMO-WARD-12/history/"
        assert "Sign in to see who changed these figures." in words(Client().get(path))
        refused = words(signed_in("demo-nurse").get(path))
        assert "see who changed its figures." in refused or "Changes of figures" in refused
        assert "baselines" not in words(Client().get(path)).split("Sign in to open this page")[2]

    def test_a_long_chart_says_since_when_it_has_figures(self, client: Client) -> None:
        page = words(client.get("/measures/staff-sickness-absence/RR8/"))
        first = Point.objects.filter(series__unit__code="RR8", series__measure__code="staff-sickness-absence").earliest("period_on").period_on
        assert not re.search(r"All \d+ months", page)
        assert f"All months since {first:%B %Y}" in page

    def test_a_chart_that_was_taken_back_is_marked_among_what_one_follows(self) -> None:
        nurse = get_user_model().objects.get(username="demo-nurse")
        viewer, at = organisations.viewer_for(nurse), datetime(2026, 6, 1, tzinfo=UTC)
        shared = Measure.objects.get(code="team-speaking-up")
        with acting_as(viewer):
            for code in ("DEMO-WARD-7", "RR8"):
                unit = organisations.unit(viewer=viewer, code=code)
                Follow.objects.create(account_id=nurse.pk, unit_id=unit.pk, measure=shared, below=False, how_often="weekly", since_at=at)
            gone = {one.unit.code: one.gone for one in queries.follows(viewer=viewer)}
        assert gone == {"DEMO-WARD-7": False, "RR8": True}
