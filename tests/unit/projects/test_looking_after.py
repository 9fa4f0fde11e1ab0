"""Who brought a project in from a register: every button that is shown works, and what the rows refuse is said with its reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from tests.unit.projects.conftest import AT, account
from tests.unit.projects.test_importing_projects import HEAD, ROW, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(as_person):
    """A project that Pat brought in, and that nobody leads."""
    from espalier.projects.models import Project

    give(as_person, HEAD + ROW)
    with as_person("demo-improver"):
        return Project.objects.get(title="Fewer falls at night").pk


@pytest.fixture
def pat(signed_in):
    client = signed_in("demo-improver")
    client.raise_request_exception = False
    return client


def facts(as_person, brought):
    from espalier.projects import queries

    with as_person("demo-improver") as viewer:
        return queries.project(viewer=viewer, pk=brought)


PLACES, JOIN = "/projects/{pk}/places/", "/projects/programmes/1/join/"
PRESSED = {
    "name a place": (PLACES, {"code": "DEMO-NURSES"}),
    "take a place away": (PLACES, {"code": "DEMO-WARD-12", "do": "remove"}),
    "join a programme": (JOIN, {"project": "{pk}"}),
    "leave a programme": (JOIN, {"project": "{pk}", "do": "leave"}),
    "publish the story": ("/projects/{pk}/story/public/", {"do": "ask"}),
}


@pytest.mark.parametrize("name", PRESSED)
def test_what_only_its_team_does_is_refused_with_a_reason(brought, pat, as_person, name):
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.organisations.models import Unit
    from espalier.projects.models import Place

    with acting_as(system_viewer()):
        Place.objects.create(project_id=brought, unit_id=Unit.objects.get(code="DEMO-WARD-12").pk)
    path, said = PRESSED[name]
    answer = pat.post(path.format(pk=brought), {key: value.format(pk=brought) for key, value in said.items()})
    assert (answer.status_code, [one.code for one in facts(as_person, brought).places]) == (403, ["DEMO-WARD-12"])


def test_nor_does_a_program_of_theirs(brought, as_person, number):
    from datetime import date

    from espalier.projects import actions

    with as_person("demo-improver") as viewer:
        who = {"actor": viewer, "at": AT, "project": brought}
        actions.add_member(**who, account_id=number("demo-partner"), role="partner")
        partner = {"account_id": number("demo-partner")}
        for refused in (
            lambda: actions.ask_partner(**who, **partner, seen=0, asking=actions.Asking("Come along")),
            lambda: actions.offer_money(**who, **partner, kind="payment", pence=900, on_day=date(2026, 11, 1), words="Thank you"),
            lambda: actions.answer_proposal(**who, agreed=True),
        ):
            with pytest.raises(PermissionDenied, match="leader or coach"):
                refused()


def test_no_page_shows_what_is_refused(brought, pat, as_person):
    page = pat.get(f"/projects/{brought}/").content.decode()
    assert "You look after it until somebody does." in page
    assert f"/projects/{brought}/places/" not in page
    page = pat.get(f"/projects/{brought}/places/").content.decode()
    assert "<form method" not in page.split("<main")[1].split("</main")[0]


def test_who_takes_part_who_reads_it_and_how_it_stands_are_said(brought, pat, as_person, number):
    to = f"/projects/{brought}/team/change/"
    assert pat.post(to, {"do": "open", "whom": "organisation"}).status_code == 302
    assert pat.post(to, {"do": "add", "account": number("demo-nurse"), "role": "member"}).status_code == 302
    assert pat.post(to, {"do": "part", "account": number("demo-nurse"), "role": "sponsor"}).status_code == 302
    assert pat.post(to, {"do": "leave", "account": number("demo-nurse")}).status_code == 302
    assert pat.post(f"/projects/{brought}/move/", {"to": "sustaining"}).status_code == 302
    assert pat.post(f"/projects/{brought}/stop/", {"why": "Time went elsewhere"}).status_code == 302
    found = facts(as_person, brought)
    assert (found.open_to, found.members, found.state) == ("organisation", (), "stopped")
    assert pat.post(to, {"do": "add", "account": number("demo-leader"), "role": "leader"}).status_code == 302
    assert not facts(as_person, brought).may_arrange, "somebody leads it"
    assert pat.post(to, {"do": "open", "whom": "everybody"}).status_code == 403


def test_who_has_left_the_organisation_looks_after_nothing(brought, pat, as_person):
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.organisations.models import Assignment, Grant
    from espalier.projects.models import Project

    with acting_as(system_viewer()):
        Project.objects.filter(pk=brought).update(open_to="everybody")
        for held in (Grant, Assignment):
            held.objects.filter(person__account_id=account("demo-improver").pk).delete()
    found = facts(as_person, brought)
    assert (bool(found.may_arrange), found.register.mine) == (False, False)
    assert pat.post(f"/projects/{brought}/move/", {"to": "sustaining"}).status_code == 403


def test_a_change_of_a_team_that_nobody_leads_yet_is_taken_back(brought, as_person, number):
    from espalier.projects import actions
    from espalier.projects.models import Member
    from espalier.projects.queries.overview import last_change

    with as_person("demo-improver") as pat:
        actions.add_member(actor=pat, at=AT + timedelta(days=1), project=brought, account_id=number("demo-nurse"), role="member")
        edit = last_change(viewer=pat, pk=brought).pk
        actions.undo_in_project(actor=pat, at=AT + timedelta(days=2), project=brought, edit=edit)
        assert not Member.objects.filter(project_id=brought, until=None).exists()
