"""Whoever writes leaves an audit event: every public function in an actions.py is run once under a recorder."""

import importlib
import inspect
import random
import re
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.logbook import events

from espalier.access import connections, copies
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.rights import Subject
from espalier.access.viewer import Viewer
from espalier.exports.shapes import Document
from espalier.imports import actions as files
from espalier.imports import queries as files_queries
from espalier.imports.mapping import Layout
from espalier.insight import actions as insight
from espalier.insight import models as insight_models
from espalier.insight import queries as insight_queries
from espalier.insight.queries import Change as PaperChange
from espalier.measures import actions as measures
from espalier.measures import queries as measures_queries
from espalier.measures.actions import Figure
from espalier.measures.models import Digest
from espalier.measures.rules import PastedRow
from espalier.organisations import actions as organisations
from espalier.organisations import queries as organisations_queries
from espalier.organisations.actions import places
from espalier.organisations.models import Assignment, Complaint, Grant, Person, Relation, Sharing, Unit
from espalier.organisations.rules import RelationFact, UnitFact
from espalier.site import actions as site

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ACTOR = Viewer(account_id=4711, name="Recorder")
WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|COPY)\b|\bSELECT (?:organisations_rebuild_below|imports_forget|unit_id, role, invitation FROM organisations_accept)", re.IGNORECASE)


def empty_england(monkeypatch):
    """Nothing is loaded yet, and what would be loaded is small."""
    Unit.objects.filter(code="ENG").update(code="ENG-BEFORE")
    facts = {"country": "E", "opened_on": None, "closed_on": None, "source": "test"}
    units = (
        UnitFact(code="ENG", name="England", short_name="", kind="nation", **facts),
        UnitFact(code="T1", name="T", short_name="", kind="trust", **facts),
    )
    tree = SimpleNamespace(units=units, relations=(RelationFact("T1", "ENG", "part_of", date(2020, 1, 1), None),))
    monkeypatch.setattr(places, "load_tree", lambda _: tree)


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


def sent_by_a_program():
    figures = [measures.Sent(0, "team-medicine-errors", "DEMO-WARD-7", "2012-01", 3.0, None)]
    return {"actor": a_nurse(), "key": "k", "mark": "0" * 64, "figures": figures}


def sent_and_taken_back():
    with acting_as(a_nurse()) as nurse:
        return {"actor": nurse, "batch": UUID(measures.post_figures(at=AT, **sent_by_a_program()).answer["batch"])}


def a_token():
    facts = {"name": "test", "scopes": frozenset({"read"}), "expires_at": AT + timedelta(days=9), "unit_id": None, "secret": "esp_test"}
    return {"actor": a_nurse(), **facts}


def a_token_to_stop():
    nurse = a_token()["actor"]
    with acting_as(nurse):
        return {"actor": nurse, "pk": site.make_token(at=AT, **a_token()).pk}


def marked(**instead):
    """The leader of ward 7 writes a note."""
    leader = viewer_of(get_user_model().objects.get(username="demo-leader"))
    unit = organisations_queries.unit(viewer=leader, code="DEMO-WARD-7")
    return {"actor": leader, "definition": measures_queries.definition(viewer=leader, code="team-falls"), "unit": unit, **instead}


def a_note():
    return marked(draft=measures.Draft(uuid.uuid4(), "note", date(2018, 4, 1), words="Ten beds closed"), seen="")


def a_note_then(**facts):
    """What is done to a note that stands; its number and version are filled in."""

    def scene():
        call = a_note()
        with acting_as(call["actor"]):
            done = measures.place_mark(at=AT, **call)
        return marked(**{name: getattr(done, value) if isinstance(value, str) and hasattr(done, value) else value for name, value in facts.items()})

    return scene


def kim(**facts):
    """The analyst of the demonstration's hospital, and what the action is told."""
    return {"actor": viewer_of(get_user_model().objects.get(username="demo-analyst")), **facts}


def hospital(**facts):
    return kim(unit=organisations_queries.unit(viewer=ACTOR, code="DEMO-TRUST"), **facts)


def papers_changed_once():
    actor = kim()["actor"]
    with acting_as(actor):
        done = insight.change_paper(actor=actor, at=AT, paper=1, seen=1, change=PaperChange("question", facts={"words": "Why?"}))
    return kim(paper=1, version=done.version)


def files_that_failed():
    actor = kim()["actor"]
    with acting_as(actor):
        pk = insight.ask_for_files(actor=actor, at=AT, title="Charts", kind="pages", pairs=[("team-falls", "DEMO-WARD-7")])
        insight_models.Pack.objects.filter(pk=pk).update(state="failed")
    return kim(pack=pk)


def a_ward_without_a_board_page():
    actor = viewer_of(get_user_model().objects.get(username="demo-leader"))
    unit = organisations_queries.unit(viewer=actor, code="DEMO-WARD-7")
    return {"actor": actor, "unit": unit, "content": insight_queries.Content(title="Ward 7")}


WARDS = b"Measure,Team,Month,How many\nteam-medicine-errors,DEMO-WARD-7,March 2012,4\n"
LAYOUT = Layout({"measure": "Measure", "place": "Team", "period": "Month", "numerator": "How many"})


def a_file():
    return {"actor": viewer_of(get_user_model().objects.get(username="demo-analyst"))}


def given_file(at=AT):
    who = a_file()
    with acting_as(who["actor"]):
        pk = files.keep_file(**who, at=at, kind="figures", name="wards.csv", content=[WARDS], size=len(WARDS))
    return who | {"pk": pk}


def checked_file():
    given = given_file()
    with acting_as(given["actor"]):
        files.choose_columns(**given, at=AT, layout=LAYOUT)
        return given | {"seen": files_queries.file(viewer=given["actor"], pk=given["pk"]).seen}


def stored_file():
    given = checked_file()
    with acting_as(given["actor"]):
        files.agree(**given, at=AT, take_good=False, remove=False)
    return {"actor": given["actor"], "pk": given["pk"]}


def with_file():
    return given_file()


def old_file():
    given_file(at=datetime(2026, 1, 1, tzinfo=UTC))
    return {}


TOLD = {"name": "Falls on stairs", "numerator": "Falls on stairs", "denominator": "", "frequency": "week", "improvement": "down"}


def a_new_measure():
    """A leader of ward 7 makes a measure of her own."""
    leader = viewer_of(get_user_model().objects.get(username="demo-leader"))
    unit = organisations_queries.unit(viewer=leader, code="DEMO-WARD-7")
    return {"actor": leader, "unit": unit, "told": TOLD, "once": uuid.uuid4()}


def one_that_was_made(**more):
    facts = a_new_measure()
    code = measures.define_measure(at=AT, **facts)
    return {"actor": facts["actor"], "definition": measures_queries.definition(viewer=facts["actor"], code=code), **more}


def changed():
    return one_that_was_made(told=TOLD | {"why": "Stairs are steep."}, seen=1, why="said why")


def used_here():
    made = one_that_was_made()
    return made | {"unit": organisations_queries.unit(viewer=made["actor"], code="DEMO-WARD-7")}


def to_be_used():
    facts = a_new_measure()
    return {"actor": facts["actor"], "unit": facts["unit"], "definition": measures_queries.definition(viewer=facts["actor"], code="vacancy-rate")}


def agreed(code):
    """The improvement lead of the hospital decides what one of its wards shares with the system above."""
    unit, taker = (organisations_queries.unit(viewer=ACTOR, code=one) for one in (code, "DEMO"))
    facts = {"actor": viewer_of(get_user_model().objects.get(username="demo-improver")), "unit": unit}
    return facts if code == "DEMO-WARD-12" else facts | {"shared_with": taker, "measure_code": "team-speaking-up"}


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


def a_place(code):
    return organisations_queries.unit(viewer=ACTOR, code=code)


def a_connection():
    """A staff system of the hospital: its number, and who it acts as."""
    secret = connections.new_secret()
    with acting_as(ash()["actor"]) as actor:
        pk = organisations.connect(actor=actor, at=AT, unit=a_place("DEMO-TRUST"), name="Entra", secret=secret)
    return pk, connections.recognise(secret, at=AT)


def told_by_a_system(**facts):
    _, calling = a_connection()
    return {"actor": calling.viewer, "owner_id": calling.owner_id, **facts}


def told_before(**more):
    facts = told_by_a_system(kind="User")
    with acting_as(facts["actor"]):
        row = organisations.receive(at=AT, document={"userName": "new@example.org"}, **facts)
    return {**facts, "pk": row.pk, **more}


def a_group_to_map():
    facts = told_by_a_system(kind="Group")
    with acting_as(facts["actor"]):
        row = organisations.receive(at=AT, document={"displayName": "Leads"}, **facts)
    return {**ash(), "pk": row.pk, "seen": 1, "role": "team-leader", "unit": a_place("DEMO-WARD-7")}


def asking(code="DEMO-TRUST"):
    """Somebody who looks after the system above a hospital asks to read in it."""
    return {"unit": organisations_queries.unit(viewer=ACTOR, code=code), "reason": "A patient's figures were mixed up tonight."}


def asked_above():
    """The administrator of the hospital finds a question from above."""
    robin = with_role("demo-system", "administrator", "DEMO")
    with acting_as(robin):
        pk = organisations.ask_emergency(actor=robin, at=AT, **asking())
    return {"actor": viewer_of(get_user_model().objects.get(username="demo-admin")), "pk": pk}


def with_role(who, role, code):
    """Somebody of the demonstration with one more role."""
    account = get_user_model().objects.get(username=who)
    with acting_as(system_viewer()):
        person = Person.objects.get(account=account)
        Grant.objects.create(person=person, unit=Unit.objects.get(code=code), role=role, since=date(2020, 1, 1))
    return viewer_of(account)


CHOSEN = {"how_often": "weekly", "quiet_from": time(18), "quiet_until": time(8), "quiet_days": (5, 6)}


def chose():
    """Sam has an address and wants letters every week."""
    get_user_model().objects.filter(username="demo-nurse").update(email="nurse@example.org")
    with acting_as(a_nurse()):
        site.choose_letters(actor=a_nurse(), at=AT - timedelta(days=1), **CHOSEN)
    return True


def lost_letter():
    """A letter was written, and nobody knows whether it was sent."""
    with acting_as(a_nurse()):
        lost = Digest.objects.create(
            account_id=a_nurse().account_id, how_often="weekly", period="2026-W01", sent_at=AT - timedelta(days=9), signals=0, late=0, state="unsure"
        )
    return {"actor": a_nurse(), "pk": lost.pk}


def ash(**facts):
    """The administrator of the demonstration's hospital."""
    return {"actor": replace(viewer_of(get_user_model().objects.get(username="demo-admin")), is_strong=True), **facts}


def wished(what, code, **more):
    """A change of a place as its administrator has looked at it."""
    actor = ash()["actor"]
    wish = organisations_queries.Wish(what, organisations_queries.unit(viewer=actor, code=code), date(2026, 1, 1), **more)
    return {"actor": actor, "wish": wish, "seen": organisations_queries.plan(viewer=actor, today=AT.date(), wish=wish).seen}


def renamed():
    return wished("rename", "DEMO-WARD-7", name="Ward 7, frailty")


def renamed_once():
    with acting_as(ash()["actor"]):
        return ash(pk=organisations.change_place(at=AT, **renamed()))


def added_by_mistake():
    with acting_as(ash()["actor"]):
        organisations.change_place(at=AT, **wished("add", "DEMO-TRUST", name="Slip", kind="ward"))
    return ash(unit=organisations_queries.unit(viewer=ACTOR, code="DEMO-TRUST-SLIP"))


def waiting_to_be_deleted():
    facts = added_by_mistake()
    with acting_as(facts["actor"]):
        organisations.ask_removal(at=AT, why="Added twice", **facts)
    return facts


def person_of(username):
    with acting_as(system_viewer()):
        return Person.objects.get(account__username=username).pk


def grant_of(username):
    with acting_as(system_viewer()):
        return Grant.objects.get(person__account__username=username).pk


def a_role(**facts):
    ash = viewer_of(get_user_model().objects.get(username="demo-admin"))
    return {"actor": ash, "unit": organisations_queries.unit(viewer=ash, code="DEMO-WARD-7"), **facts}


A_COMPLAINT = {"words": "My hours are seen by all.", "owner_id": None, "name": "", "email": "", "chance": random.Random(7)}  # noqa: S311  a test


def about_the_nurse():
    return Subject(a_nurse().account_id, a_nurse().person_id)


def a_request(kind, state, account=None, **facts):
    who = a_nurse()
    with acting_as(who):
        asked = copies.begin(actor=who, at=AT, kind=kind, about=Subject(account or who.account_id, None))
        copies.change(asked.pk, state=state, **facts)
    return {"actor": who, "pk": asked.pk}


def a_copy_that_is_ready():
    return a_request("copy", "ready")


def an_erasure(state="asked"):
    """Of an account that is nobody's and not made up: those of the demonstration are not erased."""
    return a_request("erase", state, account=10**9, due_at=AT)


def an_erasure_that_is_due():
    return an_erasure("waiting") | {"actor": system_viewer()}


def complained(days=0):
    with acting_as(a_nurse()):
        place = organisations_queries.unit(viewer=a_nurse(), code="DEMO-TRUST")
        facts = A_COMPLAINT | {"owner_id": place.pk}
        made = organisations.send_complaint(actor=a_nurse(), at=AT - timedelta(days=days), **facts)
    with acting_as(system_viewer()):
        return Complaint.objects.values_list("pk", flat=True).get(number=made.number)


def ward(username, **facts):
    """Somebody of the demonstration, and ward 7."""
    actor = viewer_of(get_user_model().objects.get(username=username))
    return {"actor": actor, "unit": organisations_queries.unit(viewer=actor, code="DEMO-WARD-7"), **facts}


def a_newcomer():
    account = get_user_model().objects.create_user("newcomer")
    return {"actor": viewer_of(account), "name": "Alma Beech", "work_email": "alma@example.org"}


def somebody_new():
    facts = a_newcomer()
    organisations.add_myself(at=AT, **facts)
    return viewer_of(get_user_model().objects.get(username="newcomer"))


def an_invitation():
    return ward("demo-leader", role="team-member", words="apple boat chair drum fern")


def a_stopped_invitation():
    call = an_invitation()
    with acting_as(call["actor"]):
        return {"actor": call["actor"], "unit": call["unit"], "pk": organisations.make_invitation(at=AT, **call)}


def brought_words():
    a_stopped_invitation()
    return {"actor": somebody_new(), "typed": "apple boat chair drum fern"}


def a_wish():
    return {"actor": somebody_new(), "unit": ward("demo-leader")["unit"]}


def a_wish_that_waits(answered_by="", **facts):
    def scene():
        call = a_wish()
        with acting_as(call["actor"]):
            pk = organisations.ask_to_join(at=AT, **call)
        if not answered_by:
            return {"actor": call["actor"], "pk": pk}
        return {"actor": ward(answered_by)["actor"], "pk": pk, **({"unit": call["unit"]} if facts else {}), **facts}

    return scene


def by_the_house():
    with acting_as(system_viewer()) as house:
        return {"actor": house, "unit": organisations_queries.unit(viewer=house, code="DEMO-TRUST"), "role": "administrator", "words": "one two three"}


# How each action is called: the facts beside actor= and at=. A function may set the scene first.
def jude(**facts):
    """Who keeps the hospital's staff records."""
    return {"actor": viewer_of(get_user_model().objects.get(username="demo-people")), **facts}


def a_post(**facts):
    ward = organisations_queries.unit(viewer=ACTOR, code="DEMO-WARD-7").pk
    return organisations.PostWords(**({"unit_id": ward, "title": "Staff nurse"} | facts))


def an_added_person():
    with acting_as(jude()["actor"]) as actor:
        return organisations.add_person(actor=actor, at=AT, name="Ada Okafor", work_email="", post=a_post(), since=date(2026, 1, 5))


def somebody(**facts):
    return jude(person_id=an_added_person().person_id, **facts)


def somebody_once():
    done = an_added_person()
    return jude(person_id=done.person_id, batch=done.batch)


def their_post(**facts):
    person = an_added_person().person_id
    with acting_as(jude()["actor"]):
        return jude(post_id=Assignment.objects.get(person_id=person).pk, **facts)


CALLS = {
    "measures.publish_definitions": changed_definition,
    "measures.store_figures": {"why": "test", "figures": [Figure(unit="DEMO-WARD-7", measure="team-joy", period_on=date(2025, 1, 1), numerator=140, denominator=20, value=7)]},
    "measures.enter_figure": typed,
    "measures.undo_entry": typed_and_taken_back,
    "measures.enter_block": pasted,
    "measures.undo_block": pasted_and_taken_back,
    # -- measures: definitions, splits
    "measures.define_measure": a_new_measure,
    "measures.revise_measure": changed,
    "measures.retire_measure": one_that_was_made,
    "measures.bring_back_measure": one_that_was_made,
    "measures.use_measure": to_be_used,
    "measures.stop_using_measure": used_here,
    # -- measures: phases, notes, looking at one chart
    "measures.place_mark": a_note,
    "measures.change_mark": a_note_then(mark="mark", words="Twelve beds closed", kind="note", version=1),
    "measures.end_mark": a_note_then(mark="mark", why="It was another ward"),
    "measures.undo_mark": a_note_then(version="version"),
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
    "imports.keep_file": lambda: a_file() | {"kind": "figures", "name": "wards.csv", "content": [WARDS], "size": len(WARDS)},
    "imports.choose_table": lambda: given_file() | {"table": 0},
    "imports.choose_columns": lambda: given_file() | {"layout": LAYOUT},
    "imports.agree": lambda: checked_file() | {"take_good": False, "remove": False},
    "imports.take_back": stored_file,
    "imports.forget": with_file,
    "imports.forget_old": old_file,
    # -- insight: reports, snapshots, board
    "insight.start_report": lambda: hospital(title="Falls"),
    "insight.open_board_page": a_ward_without_a_board_page,
    "insight.change_paper": lambda: kim(paper=1, seen=1, change=PaperChange("question", facts={"words": "Why?"})),
    "insight.undo_change": papers_changed_once,
    "insight.put_away": lambda: kim(paper=1),
    "insight.freeze": lambda: kim(paper=1, document=Document("Falls", "Riverside", date(2026, 3, 1))),
    "insight.ask_for_files": lambda: kim(title="Charts", kind="pages", pairs=[("team-falls", "DEMO-WARD-7")]),
    "insight.try_again": files_that_failed,
    # -- the interface for programs
    "measures.post_figures": sent_by_a_program,
    "measures.undo_post": sent_and_taken_back,
    "site.make_token": a_token,
    "site.stop_token": a_token_to_stop,
    # -- sharing and roll-ups
    "measures.roll_up_shared": {},
    "organisations.share": lambda: agreed("DEMO-WARD-7"),
    "organisations.withdraw": lambda: agreed("DEMO-WARD-12") | {"sharing_id": Sharing.objects.get(unit__code="DEMO-WARD-12").pk},
    "organisations.load_open_places": lambda monkeypatch: empty_england(monkeypatch) or {"content_dir": settings.CONTENT_DIR},
    "organisations.import_units": {"file": "etr.csv", "content": FILE},
    "organisations.add_units": {"units": [organisations.NewUnit("NEW-1", "New", "team", "DEMO-TRUST", made_up=True)], "since": date(2026, 1, 1)},
    "organisations.add_people": lambda: {
        "actor": system_viewer(), "since": date(2026, 1, 1),
        "people": [organisations.NewPerson("new-1", "New", "Nurse", "DEMO-WARD-7", "team-member", made_up=True)],
    },
    "organisations.keep_while_reporting": merged_trust,
    # -- part 4: units
    "organisations.change_place": renamed,
    "organisations.undo_change": renamed_once,
    "organisations.ask_removal": lambda: added_by_mistake() | {"why": "Added twice"},
    "organisations.keep_place": waiting_to_be_deleted,
    "organisations.new_day": lambda: {"actor": system_viewer()},
    # -- part 4: people
    "organisations.add_person": lambda: jude(name="Ada Okafor", work_email="ada@example.nhs.uk", post=a_post(), since=date(2026, 1, 5)),
    "organisations.add_post": lambda: somebody(post=a_post(title="Bank nurse"), since=date(2026, 1, 6)),
    "organisations.change_person": lambda: somebody(seen=1, name="Ada Hall", work_email=""),
    "organisations.change_post": lambda: their_post(seen=1, post=a_post(title="Sister"), from_on=date(2026, 2, 1)),
    "organisations.end_post": lambda: their_post(seen=1, last_on=date(2026, 2, 1)),
    "organisations.leave": lambda: somebody(last_on=date(2026, 2, 1)),
    "organisations.undo_staff": somebody_once,
    # -- part 4: sign-on
    "organisations.add_myself": a_newcomer,
    "organisations.make_invitation": an_invitation,
    "organisations.invite_from_command": by_the_house,
    "organisations.stop_invitation": a_stopped_invitation,
    "organisations.accept_invitation": brought_words,
    "organisations.ask_to_join": a_wish,
    "organisations.take_back_request": a_wish_that_waits(),
    "organisations.take_in": a_wish_that_waits("demo-leader", role="team-member", title="Nurse"),
    "organisations.decline": a_wish_that_waits("demo-leader"),
    # -- part 4: roles
    "organisations.give_role": lambda: a_role(person_id=person_of("demo-nurse"), role="improvement-coach"),
    "organisations.end_role": lambda: a_role(grant_id=grant_of("demo-leader")),
    # -- part 4: scim
    "organisations.connect": lambda: {**ash(), "unit": a_place("DEMO-TRUST"), "name": "Entra", "secret": "esc_test"},
    "organisations.disconnect": lambda: {**ash(), "owner_ids": (a_place("DEMO-TRUST").pk,), "pk": a_connection()[0]},
    "organisations.receive": lambda: told_by_a_system(kind="User", document={"userName": "new@example.org"}),
    "organisations.receive_change": lambda: told_before(change=lambda _: {"userName": "other@example.org"}, seen=1),
    "organisations.receive_leaver": told_before,
    "organisations.map_group": a_group_to_map,
    # -- part 4: audit
    "organisations.ask_emergency": lambda: {"actor": with_role("demo-system", "administrator", "DEMO"), **asking()},
    "organisations.approve_emergency": asked_above,
    "organisations.refuse_emergency": asked_above,
    "organisations.end_emergency": asked_above,
    "site.verify_log": lambda: {"actor": viewer_of(get_user_model().objects.get(username="demo-auditor"))},
    # -- part 4: home
    "measures.forget_letter": lost_letter,
    "site.choose_letters": {"actor": ACTOR, **CHOSEN},
    "site.stop_letters": lambda: chose() and {"account_id": a_nurse().account_id, "how_often": "weekly", "actor": a_nurse()},
    "site.write_letters": lambda: chose() and {"actor": a_nurse(), "rhythms": ["weekly"]},
    # -- part 4: rights
    "site.ask_for_copy": lambda: {"actor": a_nurse(), "about": about_the_nurse()},
    "site.fetch_copy": a_copy_that_is_ready,
    "site.look_at_erasure": lambda: {"actor": a_nurse(), "about": about_the_nurse()},
    "site.confirm_erasure": an_erasure,
    "site.take_back_erasure": lambda: an_erasure(state="waiting"),
    "site.carry_out_erasure": an_erasure_that_is_due,
    "site.choose": lambda: {"actor": a_nurse(), "code": "named-to-ask", "given": False},
    "site.clear_what_is_due": lambda: {"actor": system_viewer()},
    "organisations.send_complaint": lambda: {"actor": a_nurse(), **A_COMPLAINT},
    "organisations.acknowledge_complaint": lambda: {"actor": ash()["actor"], "pk": complained()},
    "organisations.answer_complaint": lambda: {"actor": ash()["actor"], "pk": complained(), "answer": "It was put right."},
    "organisations.remind_of_complaints": lambda: complained(days=20) and {"actor": system_viewer()},
    # -- part 4: leaving
}  # fmt: skip

# What changes nothing and leaves an event all the same: that somebody looked is worth knowing.
ONLY_LOOKS = {"site.verify_log"}
# Functions that leave no event of their own, each with the reason.
NO_EVENT = {
    "access.refuse_unless_house": "refuses whoever is not the house; nothing is stored",
    "imports.go_on": "does the step that another action began, and each step records itself; what it notes of a mistake is no event",
    "access.system_viewer": "makes the account under which events are written; it happens once",
    "measures.letter_in_words": "writes a letter's words; nothing is stored or sent",
    "measures.read_stop_address": "reads a signed address; nothing is stored",
    "access.add_account": "one step of organisations.add_people, which records the person",
    "organisations.rebuild_below": "a projection made anew from relations; who changed those has recorded it",
    # -- part 4: units
    # -- part 4: people
    # -- part 4: sign-on
    # -- part 4: roles
    # -- part 4: scim
    "site.keep_draft": "what is not sent yet has not been said: a draft is its writer's alone, and no event may tell that there is one",
    "site.throw_draft": "as keep_draft",
    "site.sent_draft": "as keep_draft; what was sent is recorded by the action that stored it",
    # -- part 4: audit
    # -- part 4: home
    "measures.stop_address": "makes an address; nothing is stored or sent",
    "site.write_again": "asks measures.forget_letter, which leaves the event, and clears what was looked at",
    # -- part 4: rights
    "site.copy_content": "reads a finished copy; fetch_copy has written down that it was fetched",
    # -- part 4: leaving
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
        before = {event.pk for event in events()}
        with acting_as(actor), CaptureQueriesContext(connection) as captured:
            actions()[name](actor=actor, at=AT, **facts)
    assert name in ONLY_LOOKS or any(WRITES.match(query["sql"]) and "audit_event" not in query["sql"] for query in captured), "this call changed nothing"
    left = [event for event in events() if event.pk not in before]
    assert {(event.account_id, event.at) for event in left} == {(actor.account_id, AT)}
    assert all(event.verb and event.object_kind and event.object_id for event in left)


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
    with acting_as(system_viewer()), connection.cursor() as cursor:
        found = {}
        for table in (
            "audit_event",
            "audit_waiting",
            "organisations_emergency",
            "measures_measure",
            "measures_measureuse",
            "measures_measureversion",
            "measures_point",
            "measures_series",
            "imports_upload",
            "imports_part",
            "imports_remembered",
            "measures_savedview",
            "measures_lastlook",
            "measures_follow",
            "measures_digest",
            "access_datarequest",
            "access_consent",
            "access_cleared",
            "organisations_complaint",
            "site_letterchoice",
            "organisations_unit",
            "organisations_relation",
            "organisations_person",
            "organisations_connected",
            "access_connection",
            "insight_paper",
            "insight_paperversion",
            "insight_frozen",
            "insight_pack",
            "procrastinate_jobs",
        ):
            cursor.execute(f"SELECT count(*), coalesce(sum(hashtext(t::text)), 0) FROM {table} t")
            found[table] = cursor.fetchone()
    return found
