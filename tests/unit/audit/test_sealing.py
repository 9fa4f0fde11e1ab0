"""Committed events are sealed in their turn, also those that come late; tampering in the database itself is found."""

import threading
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Max
from tests.conftest import State

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR, Viewer
from espalier.audit import sealing
from espalier.audit.chain import BROKEN, CUT, DELETED, EDITED, GAP, LATE, REPLACED, UNKNOWN
from espalier.audit.models import Event, Seal
from espalier.audit.recording import record

AT = datetime.now(UTC)  # the demonstration's own events are of today: whatever the day, none is sealed late


def happen(number=1, **facts):
    with acting_as(VISITOR):
        for one in range(number):
            record(**{"actor": Viewer(account_id=7), "verb": "test", "object_kind": "thing", "object_id": str(one), "at": AT} | facts)


def seal(at=AT):
    with acting_as(system_viewer()):
        return sealing.seal_all(at=at)


def verified(*heads, at=AT):
    with acting_as(system_viewer()):
        return sealing.verify(at=at, heads=heads)


def found(*heads):
    return {one.what for one in verified(*heads).findings}


@pytest.fixture
def superuser(own_database):
    """Whoever has the whole database in hand."""
    with psycopg.connect(State.databases.server.url("postgres", own_database), autocommit=True) as line:
        yield line


@pytest.fixture
def log(own_database):
    """A log of the demonstration's own events and fifty more, sealed."""
    with acting_as(system_viewer()):
        seal(at=Event.objects.aggregate(last=Max("at"))["last"] or AT)  # the database may be of a run of some days ago
    happen(50)
    seal()
    return own_database


def test_what_was_committed_is_sealed_once_and_in_order(own_database):
    happen(3)
    before = sealing.head().sequence
    done = seal()
    assert done >= 3
    assert sealing.head().sequence == before + done
    assert seal() == 0
    assert list(Seal.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, before + done + 1))
    assert verified().is_whole
    assert (verified().sealed, verified().waiting) == (before + done, 0)


def test_what_waits_is_shown_as_waiting(log):
    happen(2)
    assert (verified().waiting, verified().is_whole, sealing.waiting()) == (2, True, 2)


def test_an_event_of_a_transaction_that_ends_late_is_sealed_late_and_not_left_out(log, superuser):
    """It was inserted first and committed last: whoever seals by time or number would pass it by."""
    superuser.autocommit = False
    superuser.execute(
        "INSERT INTO audit_event (id, at, verb, object_kind, object_id, detail, way, place)"
        " VALUES (gen_random_uuid(), %s, 'slow', 'thing', 'long import', '{}', 'job', 'x')",
        [AT],
    )
    happen(5)
    assert seal() == 5
    superuser.commit()
    assert seal() == 1
    last = Seal.objects.order_by("-sequence").first()
    with acting_as(system_viewer()):
        assert Event.objects.get(pk=last.event_id).verb == "slow"
    assert verified().is_whole


def test_two_sealers_at_once_make_one_chain(log):
    happen(400)

    def work():
        try:
            seal()
        finally:
            connection.close()

    several = [threading.Thread(target=work) for _ in range(3)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert verified().is_whole
    assert verified().waiting == 0


def test_what_was_rolled_back_waits_for_nothing(log):
    with pytest.raises(ZeroDivisionError), acting_as(VISITOR):  # noqa: PT012  a block is what is tested
        record(actor=VISITOR, verb="test", object_kind="thing", object_id="gone", at=AT)
        raise ZeroDivisionError
    assert sealing.waiting() == 0


@pytest.mark.parametrize(("attack", "expected"), [
    ("UPDATE audit_event SET account_id = 1 WHERE object_id = '7'", EDITED),
    ("UPDATE audit_event SET detail = '{\"x\": 1}' WHERE object_id = '7'", EDITED),
    ("DELETE FROM audit_event WHERE object_id = '7'", DELETED),
    ("UPDATE audit_seal SET digest = repeat('0', 64) WHERE sequence = 9", BROKEN),
    ("DELETE FROM audit_seal WHERE sequence = 9", GAP),
    ("UPDATE audit_seal SET sequence = CASE sequence WHEN 8 THEN -9 ELSE -8 END WHERE sequence IN (8, 9);"
     " UPDATE audit_seal SET sequence = -sequence WHERE sequence < 0", BROKEN),
    ("INSERT INTO audit_event (id, at, verb, object_kind, object_id, detail, way, place) VALUES (gen_random_uuid(), now(), 'x', 'y', 'z', '{}', '', '');"
     " DELETE FROM audit_waiting", UNKNOWN),
    ("DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_seal WHERE sequence > 20); DELETE FROM audit_seal WHERE sequence > 20", CUT),
    ("TRUNCATE audit_seal, audit_event, audit_waiting", CUT),
], ids=["edit who", "edit what", "delete", "edit a seal", "delete a seal", "reorder", "insert", "truncate", "truncate all"])  # fmt: skip
def test_what_is_done_to_the_tables_is_found(log, superuser, attack, expected):
    head = sealing.head()
    assert found(head) == set()
    superuser.execute(attack)
    assert expected in found(head)


def test_an_older_log_put_back_is_found_also_when_it_has_grown_again(log, superuser):
    head = sealing.head()
    superuser.execute("DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_seal WHERE sequence > 20)")
    superuser.execute("DELETE FROM audit_seal WHERE sequence > 20")
    happen(head.sequence)
    seal()
    assert verified().is_whole, "the chain alone cannot know"
    assert found(head) == {REPLACED}


def test_an_event_dated_back_is_found_though_it_was_sealed_in_the_ordinary_way(log):
    happen(at=AT - timedelta(days=3))
    seal()
    assert (found(), verified().is_whole, verified().late) == ({LATE}, True, 1)


@pytest.mark.parametrize("statement", [
    "UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event", "UPDATE audit_seal SET chain = ''",
    "DELETE FROM audit_seal", "TRUNCATE audit_seal", "ALTER TABLE audit_event DISABLE TRIGGER ALL",
])  # fmt: skip
def test_the_app_itself_can_only_add(db, statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_two_hundred_events_a_second_are_written_while_they_are_sealed(own_database):
    """The bar is low: a busy machine must not fail the build. benchmarks/audit.py measures what it can really do."""
    stop = threading.Event()

    def sealer():
        try:
            while not stop.is_set():
                seal()
                stop.wait(0.2)
        finally:
            connection.close()

    beside = threading.Thread(target=sealer)
    beside.start()
    begun = time.perf_counter()
    for _ in range(300):
        happen()
    rate = 300 / (time.perf_counter() - begun)
    stop.set()
    beside.join()
    seal()
    assert verified().is_whole
    assert rate > 60, f"only {rate:.0f} events a second, each in a transaction of its own"
