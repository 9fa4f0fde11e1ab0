"""One search for everything, and nothing of anybody else's: canaries planted in the other organisation are never found."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from tests.contracts.routes import SIGNED_IN, VISITOR, sign_in

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR as NOBODY
from espalier.insight.models import Paper
from espalier.measures.models import Measure, SavedView
from espalier.organisations.models import Person, Unit
from espalier.site import queries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
CANARY = "Zyxcanary"
HOSPITAL = ("demo-nurse", "demo-leader", "demo-analyst", "demo-improver", "demo-admin", "demo-people", "demo-auditor")


def viewer(name):
    from django.contrib.auth import get_user_model

    return viewer_of(get_user_model().objects.get(username=name)) if name != VISITOR else NOBODY


def unit_pk(code):
    return Unit.objects.values_list("pk", flat=True).get(code=code)


def plant(*, at, by):
    """Put one of each kind that can be hidden at an organisation: a person, a local measure, a report, a saved page."""
    place = unit_pk(at)
    with acting_as(system_viewer()):
        person = Person.objects.create(name=f"{CANARY} Person", owner_ids=[place], made_up=True)
    measure = Measure.objects.exclude(definition__entered_by="publisher").first()
    words = measure.definition | {"code": f"zyx-{at.lower()}", "name": f"{CANARY} measure"}
    made = Measure.objects.create(
        code=words["code"], name=words["name"], gap=measure.gap, roll_up="none", definition=words, organisation_id=place, made_for_id=place, scope="shared"
    )
    author = viewer(by)
    with acting_as(author):
        report = Paper.objects.create(
            kind="report", unit_id=place, owner_id=place, title=f"{CANARY} report", content={"title": "x", "charts": []}, made_by=author.account_id,
            made_at=AT, changed_at=AT,
        )
        view = SavedView.objects.create(
            account_id=author.account_id, name=f"{CANARY} page", measure=measure, place_id=place, choices={}, unit_id=place, made_at=AT
        )
    return {"person": person.pk, "measure": made.pk, "report": report.pk, "view": view.pk}


def found_by(name, text=CANARY):
    who = viewer(name)
    with acting_as(who):
        found = queries.search(viewer=who, text=text)
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind, id FROM site_search(%s, 50)", [text])
            said = set(cursor.fetchall())
    return found, said


@pytest.mark.parametrize("name", [*(one for one in SIGNED_IN if one != "demo-care"), VISITOR])
def test_nothing_of_the_other_organisation_is_found_counted_or_guessed(name):
    plant(at="DEMO-CARE", by="demo-care")
    found, said = found_by(name)
    assert said == set()
    assert found.total == 0
    assert not found.near
    slip, near = found_by(name, "Zyxcanery")
    assert (slip.total, slip.near, near) == (0, False, set())


def test_whose_it_is_finds_all_of_it():
    planted = plant(at="DEMO-CARE", by="demo-care")
    found, said = found_by("demo-care")
    assert said == set(planted.items())
    assert [one.pk for one in found.people] == [planted["person"]]
    assert [one.pk for one in found.measures] == [planted["measure"]]
    assert [one.pk for one in found.reports] == [planted["report"]]
    assert [one.pk for one in found.views] == [planted["view"]]
    slip, _ = found_by("demo-care", "Zyxcanery")
    assert [one.pk for one in slip.near_people] == [planted["person"]]


@pytest.mark.parametrize("name", HOSPITAL)
def test_colleagues_of_one_hospital_find_each_other(name):
    found, _ = found_by(name, "ward leader")
    assert [one.name for one in found.people] == ["Alex, ward leader (made up)"]


@pytest.mark.parametrize("name", ["demo-partner", "demo-system", VISITOR])
def test_who_is_not_of_the_staff_finds_nobody_there(name):
    found, said = found_by(name, "ward leader")
    assert found.people == ()
    assert not [one for one in said if one[0] == "person"]


def test_a_token_for_one_place_finds_no_people():
    from dataclasses import replace

    who = replace(viewer("demo-leader"), within=unit_pk("DEMO-WARD-7"))
    with acting_as(who), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM site_search('Sam', 50) WHERE kind = 'person'")
        assert cursor.fetchone() == (0,)


def test_a_page_saved_for_oneself_is_found_by_nobody_else():
    nurse = viewer("demo-nurse")
    measure = Measure.objects.first()
    with acting_as(nurse):
        SavedView.objects.create(account_id=nurse.account_id, name="Quokka", measure=measure, place_id=unit_pk("DEMO-WARD-7"), choices={}, made_at=AT)
    assert [one.name for one in found_by("demo-nurse", "quokka")[0].views] == ["Quokka"]
    assert found_by("demo-leader", "quokka")[1] == set()


@pytest.mark.parametrize(("text", "kind", "first"), [
    ("RR8", "units", "RR8"), ("ambulance london", "units", "RRU"), ("clean hands", "measures", "team-hand-hygiene"),
])  # fmt: skip
def test_places_and_charts_are_found_by_code_and_by_words_in_any_order(text, kind, first):
    found, _ = found_by(VISITOR, text)
    assert next(one.code for one in getattr(found, kind)) == first


def test_a_chart_is_found_by_what_it_is_about():
    """Full text: 'falling' is no part of any measure's name, and its stem stands in what one says."""
    found, _ = found_by(VISITOR, "patients falling")
    assert "team-falls" in {one.code for one in found.measures}


def test_help_and_the_framework_are_found():
    found, _ = found_by(VISITOR, "chance")
    assert "chance" in {one.slug for one in found.help}
    found, _ = found_by(VISITOR, "CAP1")
    assert [one.code for one in found.framework] == ["CAP1"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "%%%", "'; DROP TABLE x; --", "a" * 5000, "( | & !", '"', "  ", "<script>", "$1", "${", "☃"])
def test_odd_words_find_nothing_and_break_nothing(client, text):
    sign_in(client, "demo-improver")
    for path in ("/search/", "/search/suggest/"):
        answer = client.get(path, {"q": text})
        assert answer.status_code == 200
        assert b"<script>" not in answer.content.replace(b"<script src", b"").replace(b"<script type", b"")


def test_a_sign_for_anything_stands_for_itself():
    """Were they not escaped, % and _ would find everything."""
    assert found_by(VISITOR, "%")[1] == set()
    assert found_by(VISITOR, "l__ds")[1] == set()


def test_places_only_for_the_switcher(client):
    page = client.get("/search/", {"q": "help", "kind": "unit"}).content.decode()
    assert "/help/" not in page.split("<main", 1)[1].split("</main")[0]


def test_suggestions_are_a_short_list_and_no_page(client):
    sign_in(client, "demo-improver")
    words = client.get("/search/suggest/", {"q": "ward"}).content.decode()
    assert "<html" not in words
    assert "/units/DEMO-WARD-7/" in words
    assert client.get("/search/suggest/", {"q": "wa"}).content.strip() == b""


def test_ids_found_are_never_shown_without_being_read_under_row_level_security(monkeypatch):
    """The function is believed for order only: made to lie, it betrays nothing."""
    planted = plant(at="DEMO-CARE", by="demo-care")
    who = viewer("demo-nurse")
    monkeypatch.setitem(
        queries.search.__globals__, "_ask", lambda *_: {kind: [planted[kind]] for kind in ("person", "report", "view")}
    )
    with acting_as(who):
        found = queries.search(viewer=who, text=CANARY)
    assert (found.people, found.reports, found.views) == ((), (), ())



@pytest.mark.parametrize(("text", "name"), [("Bo", "Bo, patient partner (made up)"), ("al", "Alex, ward leader (made up)")])
def test_a_name_of_two_letters_is_found_where_a_word_begins(text, name):
    found, _ = found_by("demo-improver", text)
    assert name in {one.name for one in found.people}
    assert all(any(word.lower().startswith(text.lower()) for word in one.name.split()) for one in found.people)


def test_a_number_stands_for_the_start_of_a_word():
    found, _ = found_by("demo-improver", "ward 7")
    assert [one.code for one in found.units][:1] == ["DEMO-WARD-7"]
    assert "DEMO-WARD-12" not in {one.code for one in found.units}


def test_the_count_says_at_least_where_a_kind_is_cut_off(client):
    page = client.get("/search/?q=nhs").content.decode()
    assert re.search(r'role="status">\d+ or more results', page)
    assert 'role="status">1 result ' in client.get("/search/?q=DEMO-WARD-7&kind=unit").content.decode()
