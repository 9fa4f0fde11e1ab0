"""Everybody of other organisations walks through the product, and finds no word of the first one in any byte."""

import html
import io
import re
import zipfile
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.contracts.routes import PRIVATE_STATES, REFUSALS, ROUTES, STATES
from tests.isolation.world import FIRST, WORD

LINK = re.compile(r'(?:href|src|action)="([^"]+)"')
PAGES = 25  # pages followed by links beside the addresses that are known: many lead to the same view
OPEN = re.compile(r"ae-|staff-sickness|/framework|/help/|components|/api/v1/docs")  # published figures and words: the same for everybody
FOREIGN = WORD.encode()


@pytest.fixture(autouse=True)
def _open_database(world, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def addresses(*, whole, missing):
    """Every address the tables know, and every state; missing: those that do not exist, too; whole: also those that are open to all."""
    known = [route.example for route in ROUTES.values() if not route.post_only]
    known = [*known, *(route.missing for route in ROUTES.values() if missing and route.missing and not route.post_only), *STATES, *REFUSALS,
            *(path for paths in PRIVATE_STATES.values() for path in paths)]  # fmt: skip
    # The demonstration lets anybody be any of its made-up people, so its sign-in page names them all.
    return [path for path in known if not path.startswith("/sign-in/") and (whole or not OPEN.search(path))]


def bytes_of(response):
    """Everything that leaves: headers, body, and what is packed in an archive or workbook.

    The client has closed a whole answer already: closing it again would end the connection to the database, each time.
    """
    body = b"".join(response) if response.streaming else response.content
    packed = b""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            packed = b"".join(archive.read(name) for name in archive.namelist())
    return str(response.headers).encode() + body + packed


def crawl(client, *, whole=False, missing=True, every=slice(None)):
    """Open the known addresses (every: of these, which) and what they lead to; yields each address with its bytes."""
    waiting, seen, followed = deque(list(dict.fromkeys(addresses(whole=whole, missing=missing)))[every]), set(), 0
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        seen.add(path)
        response = client.get(path)
        body = bytes_of(response)
        yield path, response.status_code, body
        if followed < PAGES and response.get("Content-Type", "").startswith("text/html"):
            for link in LINK.findall(body.decode("utf-8", "ignore")):
                whole = urlsplit(urljoin(path, html.unescape(link)))
                if (
                    not whole.netloc
                    and whole.scheme in {"", "http"}
                    and not whole.path.startswith("/static/")
                    and not whole.path.startswith("/sign-")
                ):
                    found = whole.path + (f"?{whole.query}" if whole.query else "")
                    if found not in seen and followed < PAGES:
                        waiting.append(found)
                        followed += 1


def as_person(name):
    client = Client(raise_request_exception=False)
    if name:
        client.force_login(get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def found_by(name, *, whole=False, missing=True, every=slice(None)):
    """Where somebody meets a word of the first organisation, or an error of ours."""
    wrong, opened = [], 0
    for path, status, body in crawl(as_person(name), whole=whole, missing=missing, every=every):
        opened += status == 200
        if FOREIGN in body:
            word = body[body.index(FOREIGN) :][:60].decode("utf-8", "replace")
            wrong.append(f"{name or 'visitor'} {path}: {word}")
        elif status >= 500:
            wrong.append(f"{name or 'visitor'} {path}: {status}")
    assert opened > 20
    return wrong


def one_of_each_role(world):
    """Each role once, at one of the other organisations or above, and a visitor."""
    each = {role: name for place, several in world.people.items() if place != FIRST for role, name in several.items()}
    return ["", *sorted(each.values())]


# In two parts; of the addresses each role opens every other one, so that half of the roles open each. make soak asks everybody for all.
@pytest.mark.parametrize("part", range(2))
def test_nobody_from_elsewhere_meets_a_word_of_the_first(world, part):
    some = one_of_each_role(world)[part::2]  # what is missing is the same for all
    wrong = []
    for number, name in enumerate(some):
        wrong += found_by(name, missing=number < 2, every=slice(number % 2, None, 2))
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_nobody_at_all_from_elsewhere_meets_a_word_of_the_first_on_any_page(world):
    wrong = [line for name in ["", *world.strangers()] for line in found_by(name, whole=True)]
    assert not wrong, "\n".join(wrong)


def test_the_people_of_the_first_meet_their_own_words(world):
    """A crawl that finds nothing anywhere would be blind."""
    client = as_person("demo-analyst")
    found = {path for path, _, body in crawl(client) if FOREIGN in body}
    assert len(found) >= 10, found
    assert len({name for name, rows in world.planted.items() if rows}) >= 15
    assert FIRST
