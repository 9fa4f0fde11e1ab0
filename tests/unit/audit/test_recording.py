"""An event is kept with what it speaks of, or not at all, and says who, what, when."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from tests.logbook import events

from espalier.access.viewer import VISITOR, Viewer
from espalier.audit.recording import record

AT = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_which_thing_and_when():
    record(actor=Viewer(account_id=7), verb="store", object_kind="points", object_id="a", at=AT, detail={"new": 3})
    record(actor=VISITOR, verb="look", object_kind="page", object_id="b", at=AT)
    first, second = events(at=AT)
    assert (first.account_id, first.verb, first.object_kind, first.object_id, first.detail) == (7, "store", "points", "a", {"new": 3})
    assert (second.account_id, second.detail) == (None, {})
    assert str(first) == "2026-02-03 04:05 store points a"


@pytest.mark.django_db
def test_what_did_not_happen_is_not_recorded():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012  a block is what is tested
        record(actor=VISITOR, verb="look", object_kind="page", object_id="gone", at=AT)
        raise ZeroDivisionError
    assert not events(object_id="gone")
