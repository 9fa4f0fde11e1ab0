"""A sum for which somebody has not reported yet says so beside the number, not only where one looks for the method."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

pytestmark = pytest.mark.django_db
TRUST = "/measures/team-falls/DEMO-TRUST/"


def test_a_sum_with_a_ward_missing_says_so_at_the_top():
    client = Client()
    client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
    whole = client.get(TRUST).content.decode()
    assert "not whole yet" not in whole
    form = {"numerator": "3", "denominator": "700", "seen": ""}
    assert client.post("/measures/team-falls/DEMO-WARD-7/enter/?month=2019-04", form).status_code == 302
    assert "not whole yet: 1 of 2 places reported" in client.get(TRUST).content.decode()
