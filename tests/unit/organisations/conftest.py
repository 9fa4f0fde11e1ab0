"""A database with the made-up tree alone, for tests that change places again and again."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from espalier.config import roles


@pytest.fixture(scope="module")
def made_up_tree(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Django's connection on a clone without England: its closure takes long to make, and each of these tests makes it several times."""
    from django.db import connection, transaction
    from tests.conftest import State, cloned

    from espalier.organisations.actions import rebuild_below
    from espalier.organisations.models import Relation

    with cloned("small") as name:
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            with django_db_blocker.unblock(), transaction.atomic():
                Relation.objects.exclude(child__code__startswith="DEMO").delete()
                rebuild_below()
            with psycopg.connect(State.databases.server.url(roles.OWNER, name), autocommit=True) as owner:
                owner.execute("VACUUM ANALYZE organisations_relation, organisations_below")
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
