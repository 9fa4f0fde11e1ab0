"""People of the demonstration, for the tests of reports and board pages. Imports wait until Django is set up."""

import pytest


def account(name):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=name)


@pytest.fixture
def as_person(db):
    """Somebody of the demonstration, as a view or a job knows them."""
    from espalier.access.registry import viewer_of

    return lambda name: viewer_of(account(name))


@pytest.fixture
def kim(as_person):
    """The analyst of the demonstration's hospital, looking."""
    from espalier.access.door import acting_as

    viewer = as_person("demo-analyst")
    with acting_as(viewer):
        yield viewer


@pytest.fixture
def signed_in(client):
    def enter(name):
        client.force_login(account(name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
