"""The world of three organisations, made once for each module that asks for it."""

import contextlib
from unittest import mock

import psycopg
import pytest

from espalier.config import roles


def run_every_action(tmp_path):
    """Run the scene of every action and the action itself; what needs more than this database is left out.

    Returns the names that could not be run, so that a test can see that they are few.
    """
    from django.db import transaction
    from tests.contracts import test_actions

    left_out = []
    for name in sorted(test_actions.CALLS):
        try:
            with mock.patch.object(transaction, "on_commit"), transaction.atomic():
                _run(test_actions, name, tmp_path)
        except Exception:  # noqa: BLE001  any scene that cannot be set here is only one kind of row less
            left_out.append(name)
    return left_out


def _run(test_actions, name, tmp_path):
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as

    with acting_as(system_viewer()), pytest.MonkeyPatch.context() as patch:
        facts = test_actions.facts_for(test_actions.CALLS[name], monkeypatch=patch, tmp_path=tmp_path)
        actor = facts.pop("actor", test_actions.ACTOR)
        with acting_as(actor):
            test_actions.actions()[name](actor=actor, at=test_actions.AT, **facts)


@pytest.fixture(scope="module")
def world(tmp_path_factory, django_db_blocker):
    """A database of its own for this module, with the world in it."""
    from django.db import connection
    from tests.conftest import State, cloned
    from tests.isolation import world as worlds

    with cloned("world") as name, django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            with psycopg.connect(State.databases.server.url(roles.OWNER, name), autocommit=True) as owner:
                yield worlds.build(owner, lambda: run_every_action(tmp_path_factory.mktemp("scenes")))
        finally:
            with contextlib.suppress(Exception):
                connection.close()
            connection.settings_dict["NAME"] = before


@pytest.fixture
def as_postgres(world):
    """The superuser, on the world's database: the only one who sees everything at once."""
    from django.db import connection
    from tests.conftest import State

    with psycopg.connect(State.databases.server.url("postgres", connection.settings_dict["NAME"]), autocommit=True) as superuser:
        yield superuser
