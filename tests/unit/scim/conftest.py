"""Connections of the demonstration's hospital and of another organisation."""

import pytest


@pytest.fixture
def at():
    from django.utils import timezone

    return timezone.now()


@pytest.fixture
def hospital(db, at):
    from tests.unit.scim.systems import connected

    return connected("DEMO-TRUST", at)


@pytest.fixture
def care(db, at):
    from tests.unit.scim.systems import connected

    return connected("DEMO-CARE", at)
