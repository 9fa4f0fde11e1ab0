"""The framework's pages open, mark what was not checked, and every "works here" leads somewhere."""

from pathlib import Path

import pytest

from espalier.framework import queries
from espalier.framework.rules import load_edition, load_works_here

CONTENT = Path(__file__).resolve().parents[3] / "content" / "frameworks"
EDITION = load_edition(CONTENT, "dpic-2016")
WORKS = load_works_here(CONTENT, EDITION)
DOORS = sorted({line.path for line in (*WORKS.by_code.values(), *WORKS.asks) if line.works})

pytestmark = pytest.mark.django_db


def test_there_is_something_that_works():
    assert {"/measures/", "/search/", "/units/ENG/"} <= set(DOORS)


@pytest.mark.parametrize("path", DOORS)
def test_what_works_here_opens(client, path):
    assert client.get(path).status_code == 200


def test_the_page_shows_every_capability_condition_and_action(client):
    html = client.get("/framework/").content.decode()
    missing = [e.code for e in EDITION.entries if f'id="{e.code}"' not in html and e.kind != "aim"]
    assert missing == []


@pytest.mark.parametrize("code", [e.code for e in EDITION.entries])
def test_each_line_has_a_page_that_says_whether_its_wording_was_checked(client, code):
    response = client.get(f"/framework/{code}/")
    html = response.content.decode()
    entry = EDITION.entry(code)
    wording = html.partition('id="wording"')[2]
    said = {
        "checked": "We checked this wording" in wording,
        "unchecked": "We have not been able to check this wording" in wording,
        "ours": "This is our own reading" in wording,
    }
    expected = "ours" if entry.ours else "checked" if entry.verified else "unchecked"
    assert response.status_code == 200
    assert [code for code, is_said in said.items() if is_said] == [expected]


def test_not_yet_offers_no_door(client):
    html = client.get("/framework/A9/").content.decode()
    assert "not yet" in html
    assert "works here" not in html


def test_small_letters_are_sent_to_the_one_address(client):
    response = client.get("/framework/cap1/")
    assert (response.status_code, response["Location"]) == (302, "/framework/CAP1/")


@pytest.mark.parametrize(
    ("typed", "meant"), [("CAP9", "CAP4"), ("A14", "A13"), ("talent", "CAP4"), ("peer-to-peer", "A10")]
)
def test_an_unknown_code_suggests_near_ones(client, typed, meant):
    response = client.get(f"/framework/{typed}/", follow=True)
    assert response.status_code == 404
    assert f"/framework/{meant}/" in response.content.decode()


def test_a_code_that_is_near_to_nothing_is_still_a_friendly_404(client):
    assert client.get("/framework/%3Cscript%3E/").status_code in {302, 404}
    assert client.get("/framework/%3CSCRIPT%3E/").status_code == 404


def test_the_front_door_lists_capabilities_and_conditions_with_what_works():
    capabilities, conditions = queries.front_door(viewer=None)
    assert [(d.code, d.works) for d in capabilities] == [
        ("CAP1", False),
        ("CAP2", True),
        ("CAP3", False),
        ("CAP4", False),
    ]
    assert [d.code for d in conditions] == ["C1", "C2", "C3", "C4", "C5"]
    assert [d.verified for d in conditions] == [True, True, True, True, False]
