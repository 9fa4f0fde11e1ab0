"""A project at several places: named, taken away, taken back; it stands on each place's page for whoever may read it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from tests.unit.projects.conftest import AT

from espalier.common.errors import NotFoundHere, UnableTo

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def rooms():
    from espalier.projects import actions, queries

    return actions, queries


def codes(viewer, pk):
    return [one.code for one in rooms()[1].project(viewer=viewer, pk=pk).places]


def test_a_place_is_named_once_and_taken_away(begun, as_person):
    actions, _ = rooms()
    with as_person("demo-leader") as alex:
        for code in ("DEMO-WARD-12", "demo-ward-12", "DEMO-WARD-7"):  # twice, and where it was begun
            actions.add_place(actor=alex, at=LATER, project=begun, code=code)
        assert codes(alex, begun) == ["DEMO-WARD-12"]
        actions.remove_place(actor=alex, at=LATER, project=begun, code="DEMO-WARD-12")
        actions.remove_place(actor=alex, at=LATER, project=begun, code="DEMO-WARD-12")
        assert codes(alex, begun) == []


def test_naming_and_taking_away_are_each_taken_back(begun, as_person):
    actions, queries = rooms()
    with as_person("demo-leader") as alex:

        def undo(hours):
            edit = queries.overview(viewer=alex, project=queries.project(viewer=alex, pk=begun), at=LATER).undo
            actions.undo_in_project(actor=alex, at=AT + timedelta(hours=hours), project=begun, edit=edit)

        actions.add_place(actor=alex, at=LATER, project=begun, code="DEMO-WARD-12")
        undo(2)
        assert codes(alex, begun) == []
        actions.add_place(actor=alex, at=AT + timedelta(hours=3), project=begun, code="DEMO-WARD-12")
        actions.remove_place(actor=alex, at=AT + timedelta(hours=4), project=begun, code="DEMO-WARD-12")
        undo(5)
        assert codes(alex, begun) == ["DEMO-WARD-12"]


def test_only_who_leads_names_places_and_only_places_that_are_open(begun, as_person, number):
    actions, _ = rooms()
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=AT, project=begun, account_id=number("demo-nurse"), role="member")
        with pytest.raises(NotFoundHere):
            actions.add_place(actor=alex, at=LATER, project=begun, code="NOSUCH")
        for code in ("DEMO-CARE", "ENG", "RR8"):
            with pytest.raises(UnableTo, match="another organisation"):
                actions.add_place(actor=alex, at=LATER, project=begun, code=code)
        actions.add_place(actor=alex, at=LATER, project=begun, code="DEMO-WARD-12")
    with as_person("demo-nurse") as sam:
        for change in (actions.add_place, actions.remove_place):
            with pytest.raises(PermissionDenied, match="leader or coach"):
                change(actor=sam, at=LATER, project=begun, code="DEMO-WARD-12")
        assert codes(sam, begun) == ["DEMO-WARD-12"]


def test_a_place_that_has_closed_is_not_named(begun, as_person):
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.organisations.models import Unit

    actions, _ = rooms()
    with acting_as(system_viewer()):
        Unit.objects.filter(code="DEMO-NURSES").update(closed_on=AT.date())
    with as_person("demo-leader") as alex, pytest.raises(UnableTo, match="has closed"):
        actions.add_place(actor=alex, at=LATER, project=begun, code="DEMO-NURSES")


def test_fifty_places_are_enough(begun, as_person, monkeypatch):
    actions, _ = rooms()
    monkeypatch.setattr("espalier.projects.actions.places.MOST", 1)
    with as_person("demo-leader") as alex:
        actions.add_place(actor=alex, at=LATER, project=begun, code="DEMO-WARD-12")
        with pytest.raises(UnableTo, match="at most 1 other"):
            actions.add_place(actor=alex, at=LATER, project=begun, code="DEMO-NURSES")


def test_the_list_of_a_place_holds_what_happens_there_for_whoever_may_read_it(begun, as_person, signed_in):
    actions, _ = rooms()
    with as_person("demo-leader") as alex:
        actions.add_place(actor=alex, at=LATER, project=begun, code="DEMO-WARD-12")
    assert "Quieter nights" in signed_in("demo-leader").get("/projects/?place=DEMO-WARD-12").content.decode()
    assert "Quieter nights" not in signed_in("demo-nurse").get("/projects/?place=DEMO-WARD-12").content.decode()
    with as_person("demo-leader") as alex:
        actions.open_to(actor=alex, at=LATER, project=begun, whom="organisation")
    assert "Quieter nights" in signed_in("demo-nurse").get("/projects/?place=DEMO-WARD-12").content.decode()
    assert "Quieter nights" not in signed_in("demo-nurse").get("/projects/?place=DEMO-NURSES").content.decode()


def test_the_page_finds_names_and_takes_away(begun, signed_in):
    client, page = signed_in("demo-leader"), f"/projects/{begun}/places/"
    found = client.get(page, {"q": "ward 12"}).content.decode()
    assert 'value="DEMO-WARD-12"' in found
    assert 'value="DEMO-CARE"' not in client.get(page, {"q": "elm"}).content.decode(), "another organisation"
    assert client.post(page, {"code": "DEMO-WARD-12"}).status_code == 302
    assert 'aria-label="Take away Ward 12' in (named := client.get(page, {"q": "ward 12"}).content.decode())
    assert 'aria-label="Name Ward 12' not in named, "what is named already is not offered"
    assert client.post(page, {"code": "DEMO-WARD-12", "do": "remove"}).status_code == 302
    assert "No other place is named." in client.get(page).content.decode()
    assert client.post(page, {"code": "\0"}).status_code == 404
    assert client.get(page, {"q": "\0"}).status_code == 400


def test_a_measure_that_was_taken_out_is_put_back_from_its_page_at_any_time(begun, as_person, signed_in):
    actions, queries = rooms()
    with as_person("demo-leader") as alex:
        ward = queries.project(viewer=alex, pk=begun).unit
        counted = actions.choose_measure(actor=alex, at=AT, project=begun, measure="team-falls", unit=ward, kind="outcome")
        actions.remove_measure(actor=alex, at=LATER, project=begun, counted=counted)
    client, page = signed_in("demo-leader"), f"/projects/{begun}/measures/"
    found = client.get(page).content.decode()
    assert "Put back: Falls" in found
    edit = found.split('name="edit" value="')[1].split('"')[0]
    assert client.post(f"/projects/{begun}/tests/undo/", {"edit": edit}).status_code == 302
    assert "Put back" not in client.get(page).content.decode()


def test_nobody_is_shown_a_door_that_stays_shut(begun, signed_in):
    assert 'href="/projects/1/talk/"' in signed_in("demo-leader").get("/projects/1/").content.decode()
    assert 'href="/projects/1/talk/"' not in signed_in("demo-analyst").get("/projects/1/").content.decode()
    assert "team-falls/DEMO-WARD-7/enter/" in signed_in("demo-leader").get("/projects/1/tests/5/").content.decode()
    assert "team-falls/DEMO-WARD-7/enter/" not in signed_in("demo-partner").get("/projects/1/tests/5/").content.decode()
    assert "measure something new" not in signed_in("demo-nurse").get("/measures/library/?unit=DEMO-WARD-7").content.decode()
    assert "measure something new" in signed_in("demo-leader").get("/measures/library/?unit=DEMO-WARD-7").content.decode()
