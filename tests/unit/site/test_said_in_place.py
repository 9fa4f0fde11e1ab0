"""What cannot be done is said above the same form, with what was typed still in it."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.contracts.routes import sign_in

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.organisations.models import Emergency, Grant, Person, Unit

pytestmark = pytest.mark.django_db
EMERGENCY = "/admin-tools/emergency/"
WHY = "Figures of two wards were mixed up tonight."


def browser(name):
    client = Client()
    sign_in(client, name)
    return client


def person(name):
    with acting_as(system_viewer()):
        return Person.objects.get(account__username=name)


def says(page, words):
    """The words stand in the summary of what is wrong, above the page."""
    html = page.content.decode()
    assert page.status_code == 422, page.status_code
    assert "could not read" not in html
    summary = html.partition('class="nhsuk-error-summary"')[2].partition("</ul>")[0]
    assert words in summary, summary
    return html


def test_a_last_day_that_is_not_after_today_is_said_at_its_box():
    today = datetime.now(UTC).date()
    sent = {"person": str(person("demo-nurse").pk), "role": "analyst", "until-day": today.day, "until-month": today.month, "until-year": today.year}
    html = says(browser("demo-admin").post("/units/DEMO-WARD-7/access/?who=Sam", sent), "The last day is not after today.")
    assert 'value="analyst" selected' in html
    with acting_as(system_viewer()):
        assert not Grant.objects.filter(role="analyst", person__account__username="demo-nurse").exists()


@pytest.fixture
def robin():
    """Looks after the system above the hospital, and is nobody inside it."""
    with acting_as(system_viewer()):
        Grant.objects.create(person=person("demo-system"), unit=Unit.objects.get(code="DEMO"), role="administrator", since=date(2020, 1, 1))
    return browser("demo-system")


def asked(client):
    assert client.post(EMERGENCY, {"do": "ask", "place": "DEMO-TRUST", "reason": WHY}).status_code == 302
    with acting_as(system_viewer()):
        return str(Emergency.objects.get(ended_at=None).pk)


def test_asking_twice_keeps_what_was_typed(robin):
    asked(robin)
    again = "Two wards were mixed up again this morning."
    assert again in says(robin.post(EMERGENCY, {"do": "ask", "place": "DEMO-TRUST", "reason": again}), "asked Riverside Hospital")


def test_agreeing_to_ones_own_and_to_what_is_answered(robin):
    ash = browser("demo-admin")
    own = asked(ash)
    assert "Take it back" in says(ash.post(EMERGENCY, {"do": "approve", "which": own}), "You asked for this yourself.")
    ash.post(EMERGENCY, {"do": "end", "which": own})
    pk = asked(robin)
    assert ash.post(EMERGENCY, {"do": "refuse", "which": pk}).status_code == 302
    says(ash.post(EMERGENCY, {"do": "approve", "which": pk}), "It has been answered already")
    says(ash.post(EMERGENCY, {"do": "end", "which": pk}), "It is over already.")


def test_somebody_made_up_is_told_on_the_page_that_they_are_not_erased():
    sam = browser("demo-nurse")
    where = sam.post("/account/my-data/", {"do": "erase"}).headers["Location"]
    assert "What goes" in says(sam.post(where, {"do": "confirm"}), "This is a made-up person of the demonstration")
    assert get_user_model().objects.get(username="demo-nurse").is_active
