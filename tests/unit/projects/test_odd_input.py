"""Whatever a browser sends to a page of the room: never a crash. Each field of each form holds, one after the other, what nobody types."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import Resolver404, resolve
from tests.contracts.routes import ROUTES, sign_in

from espalier.demo.project_ideas import number
from espalier.projects import views
from espalier.projects.rules.calendars import Day, calendar

pytestmark = pytest.mark.django_db
PEOPLE = ("leader", "improver", "partner", "nurse")
ODD = ("a\x00b", "9" * 31, "9999-12-31", "²", "%d")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in Path(views.__file__).parent.glob("*.py"))
ASKED = sorted(set(re.findall(r'GET(?:\.get\(|\[)"([\w-]+)"', SOURCES)))
PAGES = [one.example for address, one in ROUTES.items() if address.startswith("projects/") and not one.post_only]
STARTS = {"day": "1", "month": "6", "year": "2027"}


class Forms(HTMLParser):
    """The forms of a page that send something: where to, and what stands in their fields."""

    def __init__(self):
        super().__init__()
        self.found, self.sent, self.select = [], None, ""

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        name, value = about.get("name"), about.get("value") or ""
        if tag == "form":
            self.sent = {} if (about.get("method") or "").lower() == "post" else None
            if self.sent is not None:
                self.found.append((about.get("action") or "", self.sent))
        elif self.sent is None or (not name and tag != "option"):
            return
        elif tag == "select":
            self.select = name
        elif tag == "option":
            if self.select and (value or "selected" in about):
                self.sent.setdefault(self.select, value)
        elif about.get("type") in {"radio", "checkbox"} or tag == "button":
            self.sent.setdefault(name, value)
        elif about.get("type") == "hidden":
            self.sent[name] = value
        else:
            self.sent[name] = value or STARTS.get(name.rpartition("-")[2], "4")

    def handle_endtag(self, tag):
        if tag == "form":
            self.sent = None
        elif tag == "select":
            self.select = ""


def forms_of(client, page):
    """The forms of a page, opened by the first who may open it."""
    for who in PEOPLE:
        sign_in(client, f"demo-{who}")
        answer = client.get(page)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            reader = Forms()
            reader.feed(answer.content.decode())
            return [(action.partition("?")[0] or page, sent) for action, sent in reader.found]
    return []


def odd_ones(sent, *, every):
    """What is sent, with one field after the other holding what nobody types (one such thing, or every one); days also as a whole."""
    for place, name in enumerate(sent):
        yield from ((name, sent | {name: odd}) for odd in (ODD if every else ODD[place % 2 : place % 2 + 1]))
        if name.endswith("-day"):
            start = name.removesuffix("day")
            for day, month, year in (("31", "12", "9999"), ("1", "1", "0001")):
                yield name, sent | {f"{start}day": day, f"{start}month": month, f"{start}year": year}


def sends(client, to, sent):
    """Send it, and take back whatever it did."""
    with transaction.atomic():
        status = client.post(to, sent).status_code
        transaction.set_rollback(True)
    return status


def named(address):
    try:
        return resolve(address).view_name
    except Resolver404:
        return ""


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_no_field_of_a_form_makes_a_page_crash(client, every):
    client.raise_request_exception = False
    seen, wrong = set(), []
    for page in PAGES:
        for to, sent in forms_of(client, page):
            kind = (named(to), frozenset(sent), sent.get("do"), sent.get("box") if "/tests/" in to else "")
            if not kind[0].startswith("projects:") or kind in seen:
                continue
            seen.add(kind)
            for name, odd in odd_ones(sent, every=every):
                if (status := sends(client, to, odd)) >= 500:
                    wrong.append((to, sent.get("do"), name, odd[name][:6], status))
    assert wrong == []
    assert len(seen) > 50, "the pages still have their forms"


def summary(html):
    """The lines of a page's error summary: where each leads, and what it says."""
    found = re.search(r"nhsuk-error-summary.*?</ul>", html, re.DOTALL)
    lines = re.findall(r'<a href="([^"]*)">\s*(.*?)\s*</a>', found[0], re.DOTALL) if found else ()
    return [(href, " ".join(words.split())) for href, words in lines]


def test_each_line_of_an_error_summary_says_its_field_and_leads_to_it(client):
    seen, wrong = set(), []
    for page in PAGES:
        for to, sent in forms_of(client, page):
            kind = (named(to), frozenset(sent), sent.get("do"), sent.get("box") if "/tests/" in to else "")
            if not kind[0].startswith("projects:") or kind in seen:
                continue
            seen.add(kind)
            stays = {name: value for name, value in sent.items() if name in {"do", "box", "kind", "seen"}}
            for odd in ("", "x" * 5000, "943 476 5919 fell"):
                with transaction.atomic():
                    html = client.post(to, dict.fromkeys(sent, odd) | stays).content.decode(errors="replace")
                    transaction.set_rollback(True)
                lines = summary(html)
                wrong += [(to, href, words) for href, words in lines if f'id="{href[1:]}"' not in html]
                texts = [words for _, words in lines]
                wrong += [(to, words) for words in set(texts) if texts.count(words) > 1]
                generic = ("Your answer", "Select one", "The day", "The number", "This looks", "Ensure this", "Enter a valid", "This field")
                wrong += [(to, words) for words in texts if len(texts) > 1 and words.startswith(generic)]
    assert wrong == []


SENT = {
    "period": ("leader", "/projects/1/measures/2/tally/chart/", {"period": "9999-12-31"}),
    "period-of-a-rate": ("leader", "/projects/1/measures/1/tally/chart/", {"period": "9999-12-31", "out_of": "4"}),
    "tap": ("leader", "/projects/1/measures/2/tally/", {"tap": "yes", "on": "0001-01-01", "key": "\x00"}),
    "measure": ("leader", "/projects/1/measures/choose/", {"measure": "\x00", "kind": "outcome"}),
    "unit": ("leader", "/projects/1/measures/choose/", {"measure": "team-falls", "kind": "outcome", "unit": "\x00"}),
    "picture": ("leader", "/projects/1/diagram/new/", {"kind": "process", "title": "A\x00night"}),
    "kind": ("leader", "/projects/1/diagram/new/", {"kind": "%d", "title": "A night"}),
    "kind-of-a-person": ("leader", "/projects/1/diagram/new/", {"kind": "%", "title": "943 476 5919"}),
    "remove": ("improver", "/projects/programmes/1/measures/", {"do": "remove", "measure": "\x00"}),
    "coach": ("improver", "/projects/coaches/requests/1/", {"coach": "9" * 31, "why": "\x00"}),
    "undo": ("leader", "/projects/1/tests/undo/", {"edit": "\x00", "number": "9" * 5000}),
    "place": ("leader", "/projects/1/places/", {"code": "\x00"}),
    "story": ("leader", "/projects/1/story/public/", {"do": "answer", "edition": "9" * 31, "says": "yes"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SENT)
def test_what_no_form_reads_makes_no_page_crash(client, name):
    who, to, sent = SENT[name]
    sign_in(client, f"demo-{who}")
    assert client.post(to, sent).status_code < 500


@pytest.mark.parametrize("seen", ["9" * 31, "9" * 5000])
def test_a_version_that_no_line_has_makes_no_page_crash(client, seen):
    to, (sent,) = "/projects/1/value/1/", [sent for to, sent in forms_of(client, "/projects/1/value/1/") if "seen" in sent]
    assert client.post(to, sent | {"seen": seen}).status_code < 500


def test_a_reason_with_a_character_no_table_holds_is_asked_for_again(client):
    sign_in(client, "demo-nurse")
    page = client.post(f"/projects/ideas/{number(1)}/change/", {"do": "move", "state": "not-now", "reason": "Not\x00now"})
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()


def test_a_learning_session_on_the_last_day_there_is_is_refused_and_one_that_stands_there_is_written(client):
    sign_in(client, "demo-improver")
    sent = {"title": "Lamps", "on-day": "31", "on-month": "12", "on-year": "9999"}
    page = client.post("/projects/programmes/1/sessions/", sent)
    assert page.status_code == 422
    assert "That day is too far ahead. Choose a day within the next 5 years." in page.content.decode()
    one = Day("1", "Lamps", date.max, datetime(2026, 1, 1, tzinfo=UTC))
    assert "DTEND;VALUE=DATE:99991231" in calendar("Nights", [one])
    assert "DTEND:99991231T233000" in calendar("Nights", [replace(one, starts=time(23, 30))])


@pytest.mark.parametrize("address", PAGES)
def test_no_address_makes_a_page_crash(client, address):
    sign_in(client, "demo-leader")
    for odd in ("9" * 31, "9999-12-31", "²", "0001-01"):
        assert client.get(address, dict.fromkeys(ASKED, odd)).status_code < 500
