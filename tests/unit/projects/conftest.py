"""People of the demonstration, for the tests of projects. Imports wait until Django is set up."""

from datetime import UTC, datetime

import pytest

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def account(name):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=name)


@pytest.fixture
def number(db):
    return lambda name: account(name).pk


@pytest.fixture
def as_person(db):
    """Open the door as somebody of the demonstration: with as_person("demo-nurse") as sam: …"""
    from espalier.access.door import acting_as
    from espalier.access.registry import viewer_of

    return lambda name: acting_as(viewer_of(account(name)))


@pytest.fixture
def begun(as_person):
    """A project that Alex, leader of Ward 7, has just begun alone. Returns its number."""
    from espalier.organisations import queries as organisations
    from espalier.projects import actions

    with as_person("demo-leader") as alex:
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        return actions.begin_project(actor=alex, at=AT, unit=ward, title="  Quieter   nights ", aim=actions.Aim(start=9, goal=3, unit="calls"))


@pytest.fixture
def signed_in(client):
    def enter(name):
        client.force_login(account(name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
