"""What the database that comes along would refuse at the end is refused on the first page, with the reason and what to do."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.contracts.routes import sign_in
from tests.unit.scim.systems import connected

from espalier.access.actions import add_account, system_viewer
from espalier.access.door import acting_as
from espalier.access.embedding import UnableToHold
from espalier.imports.models import Upload
from espalier.organisations import actions, queries
from espalier.organisations.models import Invitation

pytestmark = pytest.mark.django_db
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
INVITATIONS, CONNECTIONS = "/units/DEMO-WARD-7/invitations/", "/admin-tools/connections/"


def browser(name):
    client = Client()
    sign_in(client, name)
    return client


def text(page, status=200):
    assert page.status_code == status, page.status_code
    return page.content.decode()


@pytest.fixture
def embedded():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL espalier.embedded = 'on'")


def staff_list():
    return {"kind": "staff", "file": SimpleUploadedFile("staff.csv", b"Assignment Number,Name\n1,Ada Okafor\n")}


def test_a_staff_list_is_not_even_taken_in(embedded):
    jude = browser("demo-people")
    page = text(jude.get("/imports/"))
    assert "A staff list cannot be loaded here" in page
    assert "DATABASE_URL" in page
    assert 'value="staff"' not in page
    refused = text(jude.post("/imports/", staff_list()), 422)
    assert "Staff lists, invitations and sign-ups need a database of your own" in refused
    with acting_as(system_viewer()):
        assert not Upload.objects.filter(kind="staff").exists()


def test_figures_are_taken_all_the_same(embedded):
    assert "Read the file" in text(browser("demo-leader").get("/imports/"))


def test_a_database_of_ones_own_takes_staff_lists():
    assert 'value="staff"' in text(browser("demo-people").get("/imports/"))
    assert browser("demo-people").post("/imports/", staff_list()).status_code == 302


def test_an_invitation_for_more_than_the_one_real_person_is_not_made(embedded):
    ash, several = browser("demo-admin"), {"role": "team-member", "uses": "100", "days": "14"}
    assert "Make an invitation" in text(ash.get(INVITATIONS)), "one real person may still come in"
    assert "Set DATABASE_URL" in text(ash.post(INVITATIONS, several), 422)
    add_account(username="owner")
    page = text(ash.get(INVITATIONS))
    assert "Nobody can be invited here" in page
    assert "Make an invitation" not in page
    assert "Set DATABASE_URL" in text(ash.post(INVITATIONS, several | {"uses": "1"}), 422)
    with acting_as(system_viewer()) as house:
        assert not Invitation.objects.exists()
        place = queries.unit(viewer=house, code="DEMO-WARD-7")
        with pytest.raises(UnableToHold):
            actions.invite_from_command(actor=house, at=timezone.now(), unit=place, role="team-leader", words="a b c d e")


def test_a_staff_system_is_not_connected(embedded):
    ash = browser("demo-admin")
    page = text(ash.get(CONNECTIONS))
    assert "No staff system can be connected here" in page
    assert "Set DATABASE_URL" in page
    with acting_as(system_viewer()) as house:
        place = queries.unit(viewer=house, code="DEMO-TRUST").pk
    refused = text(ash.post(CONNECTIONS, {"name": "Entra", "where": str(place)}), 422)
    assert "Set DATABASE_URL" in refused
    assert "esp-secret" not in refused


def test_a_staff_system_that_is_connected_already_is_told_in_its_own_form(embedded):
    calls = connected("DEMO-TRUST", timezone.now())
    answer = calls.send("POST", "/Users", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada@example.org"})
    said = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"], said["schemas"], said["status"]) == (403, "application/scim+json", [ERROR], "403")
    assert "Set DATABASE_URL" in said["detail"]


@pytest.mark.parametrize("query", ["filter=%00", "filter=userName%20eq%20%22a%00b%22", "count=%00", "startIndex=%00"])
def test_a_nul_in_a_question_is_answered_in_the_standards_form(query):
    answer = connected("DEMO-TRUST", timezone.now()).get(f"/Users?{query}")
    said = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"], said["schemas"]) == (400, "application/scim+json", [ERROR])
    assert said["scimType"] == ("invalidFilter" if query.startswith("filter") else "invalidValue")
