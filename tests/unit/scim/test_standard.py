"""The standard's own tester finds nothing wrong."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept_open():
    """The whole product answers, inside the test's transaction: so its connection must stay open between calls."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_tester_of_the_standard_reports_success_only(hospital, kept_open, settings):
    settings.API_PER_MINUTE = 100_000
    client = WSGISCIMClient(kept_open, base_url="http://localhost/scim/v2", headers={"Authorization": f"Bearer {hospital.secret}"})
    results = check_server(client)
    wrong = [(one.status.name, one.title, one.resource_type, one.reason) for one in results if one.status is not Status.SUCCESS]
    assert wrong == []
    assert len(results) > 60  # it did try users, groups, changes and what the interface says of itself
