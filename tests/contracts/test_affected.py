"""Before a place is merged or closed every room says what hangs on it, or why nothing does: none is forgotten."""

from pathlib import Path

import pytest
from django.apps import apps

from espalier.common import affected
from espalier.config import wiring

ROOMS = {model._meta.app_label for model in apps.get_models() if model.__module__.startswith("espalier.")}


def test_every_room_that_stores_something_counts_it_or_says_why_not():
    assert affected.rooms().keys() | affected.nothing().keys() == ROOMS, "fill espalier.common.affected in config/wiring.py"
    assert affected.rooms().keys() & affected.nothing().keys() == set()
    assert all(len(why.split()) > 5 for why in wiring.NOTHING.values())


@pytest.mark.django_db
@pytest.mark.parametrize("room", sorted(affected.rooms()))
def test_a_room_answers_with_numbers_in_one_question(room, django_assert_num_queries):
    for on in (None, wiring_day()):
        with django_assert_num_queries(1):
            found = affected.rooms()[room](viewer=None, unit_ids=[1, 2, 3], on=on)
        assert all(one.number >= 0 and one.one and one.many for one in found)


def wiring_day():
    from datetime import date

    return date(2026, 1, 1)


def test_the_registry_knows_no_room():
    """It stands at the bottom of the house."""
    assert "espalier." not in Path(affected.__file__).read_text().replace("espalier.common", "")
