"""The pages on which notes and baselines are made: looked at first, saved once, undone, refused in words."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from espalier.access.door import acting_as
from espalier.measures.models import PointVersion, Series
from espalier.organisations import queries as organisations

HERE = "/measures/team-falls/DEMO-WARD-7/"
ERRORS = "/measures/team-medicine-errors/DEMO-WARD-7/"
NEW = {"starts_on": "2018-04-01", "cause": "yes", "words": "New gel at every bed."}

pytestmark = pytest.mark.django_db


def signed_in(name: str = "demo-leader") -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response) -> str:
    return text_of(response.content.decode())


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def typed(client: Client, path: str, **facts: str) -> dict[str, str]:
    """What a browser would send: the two numbers the form came with, and what was typed."""
    html = client.get(path).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("pk", "seen")} | facts


def test_a_look_shows_both_charts_and_saves_nothing():
    client = signed_in()
    path = f"{ERRORS}marks/new/?kind=rebase"
    shown = client.post(path, typed(client, path, do="look", starts_on="2017-12-01"))
    words = text(shown)
    assert shown.status_code == 200
    assert shown.content.decode().count('<svg class="ptd ptd-full') == 2
    assert "12 figures on the whole chart stand out." in words and "No figure on the whole chart stands out." in words
    assert "marks/" not in client.get(ERRORS).headers.get("Location", "")
    assert "New baseline" not in text(client.get(ERRORS))


def test_saved_undone_and_put_back():
    client, path = signed_in(), f"{HERE}marks/new/?kind=rebase"
    saved = client.post(path, typed(client, path, do="save", **NEW), follow=True)
    assert "Saved New baseline, from April 2018: added." in text(saved)
    assert "New gel at every bed." in text(saved)
    version = re.search(r'name="version" value="([^"]+)"', saved.content.decode())[1]
    undone = client.post(f"{HERE}marks/undo/", {"version": version}, follow=True)
    assert "Ended New baseline, from April 2018: ended. Put it back" in text(undone)
    assert "New gel at every bed." not in text(client.get(HERE))
    again = client.post(f"{HERE}marks/undo/", {"version": version})
    assert again.status_code == 302 and "That was taken back already." in text(client.get(again["Location"]))


def test_pressed_twice_it_is_saved_once():
    client, path = signed_in(), f"{HERE}marks/new/?kind=rebase"
    sent = typed(client, path, do="save", **NEW)
    first, second = client.post(path, sent), client.post(path, sent)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]


def test_two_people_at_once_both_see_what_the_other_did():
    leader, analyst, path = signed_in(), signed_in("demo-analyst"), f"{HERE}marks/new/?kind=rebase"
    mine = typed(leader, path, do="save", **NEW)
    other = f"{HERE}marks/new/?kind=exclude"
    analyst.post(other, typed(analyst, other, do="save", starts_on="2016-06-01", cause="yes", words="Counted twice that month."))
    refused = leader.post(path, mine)
    assert refused.status_code == 422
    assert "Somebody else was here at the same time" in text(refused)
    assert "Counted twice that month." in text(refused) and "New gel at every bed." in refused.content.decode()
    now = re.search(r'name="seen" value="([^"]*)"', refused.content.decode())[1]
    assert leader.post(path, mine | {"seen": now}).status_code == 302


def test_a_suggestion_is_set_aside_and_that_is_taken_back():
    client = signed_in()
    question = "Results seem to have settled at a new level since December 2017. Start a new baseline there?"
    page = client.get(ERRORS)
    assert question in text(page)
    aside = client.post(f"{ERRORS}marks/not-now/", {"from": "2017-12-01"}, follow=True)
    assert "We will not suggest this again." in text(aside) and question not in text(aside)
    assert "Suggestion set aside, December 2017: added Alex, ward leader (made up)" in text(client.get(f"{ERRORS}marks/"))
    version = re.search(r'name="version" value="([^"]+)"', aside.content.decode())[1]
    client.post(f"{ERRORS}marks/undo/", {"version": version})
    assert question in text(client.get(ERRORS))
    assert question not in text(signed_in("demo-nurse").get(ERRORS))
    assert question not in text(Client().get(ERRORS))


@pytest.mark.parametrize(("words", "said"), [("Mrs X 943 476 5919", "NHS number"), ("Mr Y, born 1/2/1940", "date of birth")])
@pytest.mark.parametrize("kind", ["note", "rebase"])
def test_what_looks_like_a_patients_details_is_asked_about_once(words, said, kind):
    client = signed_in()
    path = f"{HERE}marks/new/" + ("?kind=rebase" if kind == "rebase" else "")
    sent = typed(client, path, do="save", **NEW | {"words": words, "kind": kind})
    asked = client.post(path, sent)
    assert asked.status_code == 200 and said in text(asked) and "It is not saved yet." in text(asked)
    assert client.post(path, sent | {"do": "save-anyway"}).status_code == 302


@pytest.mark.parametrize(("facts", "said"), [
    ({"words": ""}, "Say why, in a sentence"),
    ({"cause": ""}, "Say whether somebody knows what changed"),
    ({"starts_on": ""}, "Select first figure of the new baseline"),
    ({"starts_on": "2016-04-01"}, "it is the first figure"),
    ({"starts_on": "2031-04-01"}, "Select first figure of the new baseline from the list"),
    ({"starts_on": "'; --"}, "from the list"),
    ({"words": "x" * 501}, "500 characters or fewer"),
    ({"words": "\x00"}, "a character that nobody can see. Type it again"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_the_box(facts, said):
    client, path = signed_in(), f"{HERE}marks/new/?kind=rebase"
    refused = client.post(path, typed(client, path, do="save", **NEW | facts))
    assert refused.status_code == 422
    assert said in text(refused)


def test_a_frozen_range_needs_an_end_after_its_beginning():
    client, path = signed_in(), f"{HERE}marks/new/?kind=freeze"
    sent = typed(client, path, do="save", **NEW)
    assert "Select last figure of the baseline" in text(client.post(path, sent))
    refused = client.post(path, sent | {"ends_on": "2018-01-01"})
    assert refused.status_code == 422 and "must come after its first" in text(refused)
    few = client.post(path, sent | {"ends_on": "2018-09-01", "do": "look"})
    assert "Fewer than twelve figures" in text(few)
    assert client.post(path, sent | {"ends_on": "2019-03-01"}).status_code == 302


def test_a_note_is_changed_with_its_history_and_ended():
    client, path = signed_in("demo-nurse"), f"{HERE}marks/new/"
    client.post(path, typed(client, path, do="save", starts_on="2018-04-01", kind="note", words="Ten beds shut"))
    page = client.get(f"{HERE}marks/").content.decode()
    mine = re.findall(rf'href="({HERE}marks/[0-9a-f-]+/)"', page)
    assert len(mine) == 1  # the leader's notes are not the nurse's to change
    changed = client.post(mine[0], {"words": "Ten beds closed", "kind": "tried", "version": "1"}, follow=True)
    assert "Ten beds closed" in text(changed)
    stale = client.post(mine[0], {"words": "Twelve", "kind": "note", "version": "1"})
    assert stale.status_code == 422 and "Somebody else changed this while you were writing" in text(stale)
    ended = client.post(f"{mine[0]}end/", {"why": "It was ward 12"}, follow=True)
    assert "Put it back" in text(ended)
    told = text(client.get(f"{HERE}marks/"))
    assert "April 2018: ended : Ten beds closed (It was ward 12)" in told
    assert "April 2018: added : Ten beds shut" in told
    assert client.get(mine[0]).status_code == 404


def test_the_public_sees_no_marks_in_page_file_or_picture():
    for path in (HERE, f"{HERE}data.csv", f"{HERE}chart.svg"):
        assert "every patient once an hour" in signed_in().get(path).content.decode(), path
        assert "every patient once an hour" not in Client().get(path).content.decode(), path
    public = signed_in().get(f"{HERE}?marks=public")
    assert "every patient once an hour" not in text(public)


def test_the_file_says_which_baseline_each_figure_belongs_to():
    lines = signed_in().get("/measures/team-hand-hygiene/DEMO-WARD-7/data.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].endswith("stands out,baseline,left out,notes")
    assert next(line.split(",")[0] for line in lines if line.endswith(",2,,")) == "2018-02-01"
    assert Client().get("/measures/team-hand-hygiene/DEMO-WARD-7/data.csv").content.decode("utf-8-sig").splitlines()[0].endswith("stands out")


def test_figures_history_says_who_when_and_why_and_undoes():
    client = signed_in()
    path = f"{HERE}enter/?month=2019-01"
    before = client.get(path).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', before)[1]
    client.post(path, {"numerator": "3", "denominator": "700", "seen": seen, "why": "Counted again"})
    page = client.get(f"{HERE}history/")
    assert re.search(r"January 2019 [\d.]+ per 1,000 became 4.3 per 1,000 Counted again Alex, ward leader \(made up\), ", text(page))
    rows = client.get(f"{HERE}history.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("changed at,changed by,month,") and any(row.endswith("Counted again") for row in rows)
    version = re.search(r'name="version" value="([^"]+)"', page.content.decode())[1]
    assert client.post(f"{HERE}undo/", {"version": version}).status_code == 302
    assert "undone" in text(client.get(f"{HERE}history/"))


def test_history_comes_in_pages():
    series = Series.objects.get(measure__code="team-falls", unit__code="DEMO-WARD-7").pk
    leader = organisations.viewer_for(get_user_model().objects.get(username="demo-leader"))
    with acting_as(leader):
        facts = {"series_id": series, "period_on": date(2018, 4, 1), "account_id": leader.account_id, "why": "x"}
        start = PointVersion.objects.filter(series_id=series).count()
        PointVersion.objects.bulk_create(
            PointVersion(old_value=n, new_value=n + 1, at=datetime(2031, 1, 1, 9, tzinfo=UTC) + timedelta(minutes=n), **facts) for n in range(60)
        )
    first, second = (signed_in().get(f"{HERE}history/?page={page}").content.decode() for page in (1, 2))
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, min(50, 10 + start))
    assert "became 60.0 per 1,000" in text_of(first) and "became 60.0 per 1,000" not in text_of(second)
    assert first.count('aria-label="Undo: ') == 1  # only the last change of a month can be taken back
    assert signed_in().get(f"{HERE}history.csv").content.decode().count("\r\n") == 61 + start


def test_marks_of_another_chart_are_not_found_here():
    client = signed_in()
    with_baseline = "6f1d8a0e-0000-4000-8000-000000000001"
    assert client.get(f"{HERE}marks/{with_baseline}/").status_code == 404
    assert client.post(f"{HERE}marks/{with_baseline}/end/").status_code == 400
    assert client.get(f"{HERE}marks/{uuid.uuid4()}/").status_code == 404
