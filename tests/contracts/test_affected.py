"""Before a place is merged or closed every room says what hangs on it, or why nothing does: none is forgotten."""

from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from espalier.common import affected
from espalier.config import wiring

ROOMS = {model._meta.app_label for model in apps.get_models() if model.__module__.startswith("espalier.")}
DAYS = (None, date(2026, 1, 1))


def test_every_room_that_stores_something_counts_it_or_says_why_not():
    assert affected.rooms().keys() | affected.nothing().keys() == ROOMS, "fill espalier.common.affected in config/wiring.py"
    assert affected.rooms().keys() & affected.nothing().keys() == set()
    assert all(len(why.split()) > 5 for why in wiring.NOTHING.values())


@pytest.mark.django_db
@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("room", sorted(affected.rooms()))
def test_a_room_counts_what_it_has_words_for_and_asks_nothing_itself(room, on, django_assert_num_queries):
    with django_assert_num_queries(0):
        asked = affected.rooms()[room](viewer=None, unit_ids=[1, 2, 3], on=on)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked.sql}", asked.parameters)
        (numbers,) = cursor.fetchone()
    assert len(numbers) == len(asked.counts) > 0
    assert all(number >= 0 for number in numbers)
    assert all(one.one and one.many and one.number == 0 for one in asked.counts)


@pytest.mark.django_db
@pytest.mark.parametrize("on", DAYS)
def test_all_rooms_are_asked_in_one_statement(on, django_assert_num_queries):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM organisations_unit WHERE code = 'DEMO-WARD-7'")
        (ward,) = cursor.fetchone()
    with django_assert_num_queries(1):
        found = affected.gather(viewer=None, unit_ids=[ward], on=on)
    # What is made up for the ward for certain: a project there, and people with posts. Nothing is told that is not there.
    assert {"project", "person with a post or a role"} <= {one.one for one in found}
    assert all(one.number > 0 for one in found)


def test_the_registry_knows_no_room():
    """It stands at the bottom of the house."""
    assert "espalier." not in Path(affected.__file__).read_text().replace("espalier.common", "")
