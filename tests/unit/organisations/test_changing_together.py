"""Kinds are data; and two people who change places at the same moment do not tear the tree."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import yaml
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR
from espalier.organisations import actions
from espalier.organisations import queries as places
from espalier.organisations.models import Below, Relation, Unit
from espalier.organisations.queries import Wish
from espalier.organisations.rules import UnableToChange

AT, DAY = datetime(2026, 11, 23, 9, tzinfo=UTC), date(2026, 11, 23)


def ash():
    return replace(viewer_of(get_user_model().objects.get(username="demo-admin")), is_strong=True)


@pytest.mark.django_db
def test_a_kind_of_social_care_is_added_by_content_alone(tmp_path):
    folder = tmp_path / "units"
    folder.mkdir()
    for name in ("kinds.schema.json", "kinds.yaml"):
        (folder / name).write_text((settings.CONTENT_DIR / "units" / name).read_text())
    kinds = yaml.safe_load((folder / "kinds.yaml").read_text())
    kind = {"code": "day-centre", "name": "Day centre", "plural": "Day centres", "rank": 75, "is_organisation": False, "about": "Care by day."}
    (folder / "kinds.yaml").write_text(yaml.safe_dump({"kinds": [*kinds["kinds"], kind]}))
    with acting_as(ash()) as viewer:
        actions.load_open_places(actor=viewer, at=AT, content_dir=tmp_path)
        where = places.unit(viewer=VISITOR, code="DEMO-TRUST")
        assert ("day-centre", "Day centre") in places.kinds_for(viewer=viewer, where=where)
        wish = Wish("add", where, DAY, name="Elm Street", kind="day-centre")
        actions.change_place(actor=viewer, at=AT, wish=wish, seen=places.plan(viewer=viewer, today=DAY, wish=wish).seen)
    assert places.unit(viewer=VISITOR, code="DEMO-TRUST-ELM-STREET").kind_name == "Day centre"


def change(code, other, outcome):
    """What one person does, on a connection of their own."""
    try:
        with acting_as(ash()) as viewer:
            wish = Wish("merge", places.unit(viewer=viewer, code=code), DAY, other=places.unit(viewer=viewer, code=other))
            seen = places.plan(viewer=viewer, today=DAY, wish=wish).seen
            outcome.append(("looked", code))
            barrier.wait(20)
            actions.change_place(actor=viewer, at=AT, wish=wish, seen=seen)
            outcome.append(("done", code))
    except UnableToChange as trouble:
        outcome.append((trouble.code, code))
    finally:
        connection.close()


barrier = threading.Barrier(2)


def test_two_wards_merged_into_each_other_at_the_same_moment_become_one(own_database):
    """Each alone is fine; both together would close both. One is done, the other is told."""
    Relation.objects.exclude(child__code__startswith="DEMO").delete()
    barrier.reset()
    outcome: list[tuple[str, str]] = []
    both = (("DEMO-WARD-7", "DEMO-WARD-12"), ("DEMO-WARD-12", "DEMO-WARD-7"))
    people = [threading.Thread(target=change, args=(*pair, outcome)) for pair in both]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    assert sorted(what for what, _ in outcome) == ["changed", "done", "looked", "looked"]
    assert Unit.objects.filter(code__in=["DEMO-WARD-7", "DEMO-WARD-12"], closed_on=None).count() == 1
    rows = list(Below.objects.values_list("ancestor_id", "unit_id", "depth", "since"))
    assert len(rows) == len(set(rows)), "the closure was made twice"
