"""What somebody wrote beside a figure is for colleagues: the page of a place shows it to nobody else."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

pytestmark = pytest.mark.django_db
WARD = "/units/DEMO-WARD-7/"


def signed_in(name):
    client = Client()
    client.force_login(get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_reason_is_read_by_colleagues_only(client):
    form = {"numerator": "9", "why": "The scales were broken", "seen": ""}
    signed_in("demo-nurse").post("/measures/team-medicine-errors/DEMO-WARD-7/enter/?month=2019-04", form)
    assert "The scales were broken" in signed_in("demo-leader").get(WARD).content.decode()
    for outsider in (client, signed_in("demo-system")):
        page = outsider.get(WARD).content.decode()
        assert "Medicine errors" in page
        assert "The scales were broken" not in page
