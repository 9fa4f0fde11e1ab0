"""Whoever writes leaves an audit event: every public function in an actions.py is run once under a recorder."""

import importlib
import inspect
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import Viewer
from espalier.audit.models import Event
from espalier.measures import actions as measures
from espalier.measures import queries as measures_queries
from espalier.measures.actions import Figure
from espalier.measures.rules import PastedRow
from espalier.organisations import actions as organisations
from espalier.organisations import queries as organisations_queries
from espalier.organisations.models import Relation, Unit
from espalier.organisations.rules import RelationFact, UnitFact

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ACTOR = Viewer(account_id=4711, name="Recorder")
WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|COPY)\b|\bSELECT organisations_rebuild_below", re.IGNORECASE)


def empty_england(monkeypatch):
    """Nothing is loaded yet, and what would be loaded is small."""
    Unit.objects.filter(code="ENG").update(code="ENG-BEFORE")
    facts = {"country": "E", "opened_on": None, "closed_on": None, "source": "test"}
    units = (
        UnitFact(code="ENG", name="England", short_name="", kind="nation", **facts),
        UnitFact(code="T1", name="T", short_name="", kind="trust", **facts),
    )
    tree = SimpleNamespace(units=units, relations=(RelationFact("T1", "ENG", "part_of", date(2020, 1, 1), None),))
    monkeypatch.setattr(organisations, "load_tree", lambda _: tree)


def changed_definition(monkeypatch, tmp_path):
    folder = tmp_path / "measures"
    folder.mkdir()
    source = settings.CONTENT_DIR / "measures"
    (folder / "schema.json").write_text((source / "schema.json").read_text())
    (folder / "team-joy.yaml").write_text((source / "team-joy.yaml").read_text().replace("\nversion: 1", "\nversion: 2"))
    return {"folder": folder}


def merged_trust(monkeypatch):
    """A trust whose stay ends before it stops reporting."""
    trust = Unit.objects.get(code="DEMO-TRUST").pk
    Relation.objects.filter(child_id=trust).update(until=date(2020, 1, 1))
    return {"until": {trust: date(2020, 6, 1)}}


FILE = b'"R9Z","A BRAND NEW NHS TRUST","Y62","QYG",' + b",".join([b'""'] * 6) + b',"20250401",""' + b',""' * 15 + b"\n"


def a_nurse():
    return viewer_of(get_user_model().objects.get(username="demo-nurse"))


def a_month_typed_in(**instead):
    """A nurse of ward 7 puts in a month that is over."""
    nurse = a_nurse()
    unit = organisations_queries.unit(viewer=nurse, code="DEMO-WARD-7")
    definition = measures_queries.definition(viewer=nurse, code="team-medicine-errors")
    return {"actor": nurse, "definition": definition, "unit": unit, **instead}


def typed():
    return a_month_typed_in(period_on=date(2012, 1, 1), numerator=3.0, denominator=None, seen=measures.Numbers())


def typed_and_taken_back():
    done = measures.enter_figure(at=AT, **typed())
    return a_month_typed_in(version=done.version)


def pasted():
    return a_month_typed_in(rows=[PastedRow(1, date(2012, 1, 1), 3.0, None, 3.0)])


def pasted_and_taken_back():
    return a_month_typed_in(batch=measures.enter_block(at=AT, **pasted()).batch)


def a_view(**instead):
    nurse = a_nurse()
    facts = {
        "name": "Ours", "definition": measures_queries.definition(viewer=nurse, code="team-falls"),
        "place": organisations_queries.unit(viewer=nurse, code="DEMO-TRUST"), "choices": {"order": "name"}, "share_with": None,
    }  # fmt: skip
    return {"actor": nurse, **facts, **instead}


def a_saved_view(*, removed=False, **more):
    with acting_as(a_nurse()):
        pk = measures.save_view(at=AT, **a_view())
        if removed:
            measures.remove_view(actor=a_nurse(), at=AT, pk=pk)
    return {"actor": a_nurse(), "pk": pk, **more}


def something_to_follow(**more):
    nurse = a_nurse()
    unit = organisations_queries.unit(viewer=nurse, code="DEMO-WARD-7")
    return {"actor": nurse, "unit": unit, **more}


def followed():
    with acting_as(a_nurse()):
        return measures.follow(at=AT, **something_to_follow(definition=None, how_often="weekly", below=True))


def followed_and_written_to():
    """Ward 7 is followed by somebody with an address; then a figure far out of the usual range comes."""
    get_user_model().objects.filter(username="demo-nurse").update(email="nurse@example.org")
    followed()
    with acting_as(a_nurse()):
        measures.enter_figure(at=AT + timedelta(hours=1), **a_month_typed_in(
            period_on=date(2019, 4, 1), numerator=90.0, denominator=None, seen=measures.Numbers()))  # fmt: skip
    return {"actor": a_nurse(), "how_often": "weekly"}


# How each action is called: the facts beside actor= and at=. A function may set the scene first.
CALLS = {
    "measures.publish_definitions": changed_definition,
    "measures.store_figures": {"why": "test", "figures": [Figure(unit="DEMO-WARD-7", measure="team-joy", period_on=date(2025, 1, 1), numerator=140, denominator=20, value=7)]},
    "measures.enter_figure": typed,
    "measures.undo_entry": typed_and_taken_back,
    "measures.enter_block": pasted,
    "measures.undo_block": pasted_and_taken_back,
    # -- measures: definitions, splits
    # -- measures: phases, notes, looking at one chart
    # -- measures: walls, lists, alerts
    "measures.save_view": a_view,
    "measures.rename_view": lambda: a_saved_view(name="Theirs"),
    "measures.remove_view": a_saved_view,
    "measures.restore_view": lambda: a_saved_view(removed=True),
    "measures.mark_seen": lambda: something_to_follow(until=AT),
    "measures.follow": lambda: something_to_follow(definition=None, how_often="daily"),
    "measures.stop_following": lambda: {"actor": a_nurse(), "pk": followed()},
    "measures.stop_letters": lambda: followed() and {"actor": a_nurse(), "account_id": a_nurse().account_id, "how_often": "weekly"},
    "measures.send_letter": followed_and_written_to,
    # -- the room imports
    # -- insight: reports, snapshots, board
    # -- the interface for programs
    # -- sharing and roll-ups
    "organisations.load_open_places": lambda monkeypatch: empty_england(monkeypatch) or {"content_dir": settings.CONTENT_DIR},
    "organisations.import_units": {"file": "etr.csv", "content": FILE},
    "organisations.add_units": {"units": [organisations.NewUnit("NEW-1", "New", "team", "DEMO-TRUST", made_up=True)], "since": date(2026, 1, 1)},
    "organisations.add_people": {"people": [organisations.NewPerson("new-1", "New", "Nurse", "DEMO-WARD-7", "team-member", made_up=True)], "since": date(2026, 1, 1)},
    "organisations.keep_while_reporting": merged_trust,
}  # fmt: skip

# Functions that leave no event of their own, each with the reason.
NO_EVENT = {
    "access.system_viewer": "makes the account under which events are written; it happens once",
    "measures.letter_in_words": "writes a letter's words; nothing is stored or sent",
    "measures.read_stop_address": "reads a signed address; nothing is stored",
    "access.add_account": "one step of organisations.add_people, which records the person",
    "organisations.rebuild_below": "a projection made anew from relations; who changed those has recorded it",
}


def written_in(function):
    return inspect.unwrap(function).__module__


def actions():
    found = {}
    rooms = (ROOT / "src" / "espalier").glob("*/")
    for room in sorted(path.name for path in rooms if (path / "actions.py").exists() or (path / "actions").is_dir()):
        module = importlib.import_module(f"espalier.{room}.actions")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and written_in(function).startswith(module.__name__):
                found[f"{room}.{name}"] = function
    return found


def facts_for(call, **scene):
    if not callable(call):
        return dict(call)
    wanted = inspect.signature(call).parameters
    return call(**{name: thing for name, thing in scene.items() if name in wanted})


def test_every_action_is_run_here_or_says_why_not():
    assert actions().keys() == CALLS.keys() | NO_EVENT.keys()
    assert CALLS.keys() & NO_EVENT.keys() == set()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_an_action_says_who_and_when_by_keyword(name):
    parameters = inspect.signature(actions()[name]).parameters
    assert {"actor", "at"} <= parameters.keys()
    assert {p.kind for p in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(CALLS))
def test_an_action_that_writes_leaves_an_event(name, monkeypatch, tmp_path):
    with acting_as(ACTOR):
        facts = facts_for(CALLS[name], monkeypatch=monkeypatch, tmp_path=tmp_path)
        actor = facts.pop("actor", ACTOR)
        before = set(Event.objects.values_list("pk", flat=True))
        with acting_as(actor), CaptureQueriesContext(connection) as captured:
            actions()[name](actor=actor, at=AT, **facts)
    assert any(WRITES.match(query["sql"]) and "audit_event" not in query["sql"] for query in captured), "this call changed nothing"
    events = Event.objects.exclude(pk__in=before)
    assert {(event.account_id, event.at) for event in events} == {(actor.account_id, AT)}
    assert all(event.verb and event.object_kind and event.object_id for event in events)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(CALLS))
def test_an_action_that_fails_leaves_neither_change_nor_event(name, monkeypatch, tmp_path):
    """The event belongs to the same transaction as what it speaks of."""
    module = importlib.import_module(written_in(actions()[name]))

    def breaks(**_):
        raise ZeroDivisionError

    with acting_as(ACTOR):
        facts = facts_for(CALLS[name], monkeypatch=monkeypatch, tmp_path=tmp_path)
        monkeypatch.setattr(module, "record", breaks)
        before, actor = counts(), facts.pop("actor", ACTOR)
        with pytest.raises(ZeroDivisionError), acting_as(actor):
            actions()[name](actor=actor, at=AT, **facts)
        assert counts() == before


def counts():
    with connection.cursor() as cursor:
        found = {}
        for table in (
            "audit_event",
            "measures_measure",
            "measures_point",
            "measures_series",
            "measures_savedview",
            "measures_lastlook",
            "measures_follow",
            "measures_digest",
            "organisations_unit",
            "organisations_relation",
            "organisations_person",
        ):
            cursor.execute(f"SELECT count(*), coalesce(sum(hashtext(t::text)), 0) FROM {table} t")
            found[table] = cursor.fetchone()
    return found
