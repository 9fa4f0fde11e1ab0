"""Whoever writes leaves an audit event: every public function in an actions.py is run once under a recorder."""

import importlib
import inspect
import random
import re
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
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
from espalier.demo import project_ideas
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
from espalier.projects import actions as projects
from espalier.projects import models as projects_models
from espalier.projects import queries as project_queries
from espalier.projects import queries as projects_queries
from espalier.projects.rules import diagrams as diagram_rules
from espalier.projects.rules.cycles import seen_of
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


def alex(**facts):
    """The leader of the demonstration's ward, and what the action is told."""
    return {"actor": viewer_of(get_user_model().objects.get(username="demo-leader")), **facts}


def sign_of_box(pk):
    """What a page says of a box and all that hangs on it, so that nothing goes that nobody saw."""
    with acting_as(viewer_of(get_user_model().objects.get(username="demo-leader"))):
        return diagram_rules.sign_of(diagram_rules.find(diagram_rules.tree(project_queries.boxes_of(1)), pk))


def pat(**facts):
    """Who leads improvement at the demonstration's hospital, and what the action is told."""
    return {"actor": viewer_of(get_user_model().objects.get(username="demo-improver")), **facts}


def hospital_unit():
    return organisations_queries.unit(viewer=ACTOR, code="DEMO-TRUST")


def ward_7_project():
    """A second project of Alex's, in no programme."""
    actor = alex()["actor"]
    with acting_as(actor):
        return projects.begin_project(at=AT, **alex_on_ward_7(title="Calm days", aim=projects.Aim()))


def a_month():
    """A month of a team that nobody has typed anything for, in a programme that began before."""
    lead, before = pat()["actor"], AT - timedelta(days=60)
    with acting_as(lead):
        programme = projects.begin_programme(
            actor=lead, at=before, unit=hospital_unit(), title="Calm", aim=projects.Aim(), starts_on=date(2025, 11, 1)
        )
    project, actor = ward_7_project(), alex()["actor"]
    with acting_as(actor):
        projects.join_programme(actor=actor, at=before, project=project, programme=programme)
    return {"project": project, "month": date(2026, 1, 1)}


def month_sent(who=alex):
    actor, of = alex()["actor"], a_month()
    with acting_as(actor):
        projects.save_month(actor=actor, at=AT, **of, words=projects.MonthWords("We tried it."), figures={}, seen=0, send=True)
    return who(**of)


def to_propose():
    """Somebody on the list who has time and takes no part in the project that asks."""
    coach = account("demo-analyst")
    with acting_as(pat()["actor"]):
        projects.keep_coach(**pat(at=AT, unit=hospital_unit(), account_id=coach, capacity=1))
    return pat(request=1, account_id=coach)


def proposed():
    wanted = to_propose()
    with acting_as(wanted["actor"]):
        projects.propose_coach(at=AT, **wanted)
    return asking_for_a_coach(agreed=True)


def asking_for_a_coach(**facts):
    """The demonstration's team that asks for a coach."""
    with acting_as(pat()["actor"]):
        return pat(project=projects_models.CoachRequest.objects.get(pk=1).project_id, **facts)


def coachless():
    """A project of Alex's without a coach: whoever has one cannot ask for another."""
    with acting_as(alex()["actor"]) as viewer:
        ward = organisations_queries.unit(viewer=viewer, code="DEMO-WARD-7")
        begun = projects.begin_project(actor=viewer, at=AT, unit=ward, title="Lamps", aim=projects.Aim())
    return alex(project=begun, words="Measuring")


def bo(**facts):
    """The partner of the demonstration's project."""
    return {"actor": viewer_of(get_user_model().objects.get(username="demo-partner")), **facts}


def drew(**facts):
    """The care provider's leader, who adopted a change of the demonstration's story."""
    return {"actor": viewer_of(get_user_model().objects.get(username="demo-care")), **facts}


def adopted_project():
    with acting_as(drew()["actor"]):
        return projects_models.Origin.objects.get().project_id


def taken_up_by_nobody():
    """The demonstration's story before its care provider took it up: a place does so once."""
    with acting_as(drew()["actor"]):
        projects_models.Origin.objects.all().delete()
    return drew(story=1, unit=place("DEMO-CARE"), title="Lamps", named=True)


def story_seen(project, section):
    """The sign of one part of a story as its page shows it."""
    with acting_as(alex()["actor"]) as viewer:
        facts = projects_queries.project(viewer=viewer, pk=project)
        return projects_queries.section_of(viewer=viewer, project=facts, section=section)[1]


def newest_change_of_a_story():
    with acting_as(alex()["actor"]) as viewer:
        projects.remove_voice(actor=viewer, at=AT + timedelta(days=9000), project=1, voice=2)
        return alex(project=1, edit=projects_queries.last_edit(project_id=1, kind="voice", object_id=2).pk)


def asked_to_publish():
    with acting_as(alex()["actor"]) as viewer:
        projects.ask_to_publish(actor=viewer, at=AT + timedelta(days=9000), project=1)
        return bo(project=1, edition=projects_queries.editions_of(1)[0].pk, says="no")


def alex_on_ward_7(**facts):
    return alex(unit=organisations_queries.unit(viewer=ACTOR, code="DEMO-WARD-7"), **facts)


def aim_seen(project):
    """The sign of an aim as its page shows it."""
    with acting_as(alex()["actor"]) as viewer:
        return projects_queries.aim_of(viewer=viewer, pk=project).sign


def newest_change_of_a_project():
    """A change of the aim, which can be taken back."""
    leader = alex()["actor"]
    with acting_as(leader):
        projects.change_aim(actor=leader, at=AT + timedelta(days=9000), project=1, words={"title": "Other"}, seen=aim_seen(1))
        edit = projects_models.Edit.objects.filter(project_id=1).order_by("-at").values_list("pk", flat=True)[0]
    return alex(project=1, edit=edit)


def account(username):
    return get_user_model().objects.get(username=username).pk


def place(code):
    return organisations_queries.unit(viewer=ACTOR, code=code)


def a_value(kind="cost", amount="pounds"):
    """Something that a project is said to be worth."""
    return projects.NewValue(
        kind=kind, what="Lights", amount=amount, per="once", low=Decimal(10), high=Decimal(20), releases=True if amount == "pounds" else None,
        since=AT.date(), until=None, says="ward leader", how="estimated",
    )  # fmt: skip


def value_said_once():
    given = alex(project=1)
    with acting_as(given["actor"]):
        projects.add_value(**given, at=AT + timedelta(days=9000), value=a_value())
        found = projects_queries.project(viewer=given["actor"], pk=1)
        return given | {"edit": projects_queries.newest_value_edit(viewer=given["actor"], project=found)}


def a_test():
    """Four answers, about the first measure of the demonstration's project."""
    return projects.NewTest(
        idea_id=None, idea="Quiet shoes", counted_id=1, predicted=None, predicted_low=None, predicted_high=5, starts_on=AT.date(), who="Sam"
    )


def task_done_once():
    given = alex(project=1)
    with acting_as(given["actor"]):
        projects.change_task(**given, at=AT, task=1, to="done")
        edit = projects_queries.last_edit(project_id=1, kind="task", object_id=1)
    return given | {"edit": edit.pk}


def tapped_last_month():
    given = alex(project=1, counted=2)
    with acting_as(given["actor"]):
        projects.tap(**given, at=AT, key=uuid.uuid4(), button="yes", on=date(2026, 2, 28))
    return given | {"period_on": date(2026, 2, 1), "out_of": None, "seen": ""}


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


def sams_idea(one=1, **facts):
    """One of the demonstration's ideas, by whoever had it."""
    return {"actor": viewer_of(get_user_model().objects.get(username="demo-nurse")), "idea": project_ideas.number(one), **facts}


def a_taken_back_idea():
    call = sams_idea()
    with acting_as(call["actor"]):
        projects.take_back_idea(at=AT, **call)
    return call


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
    # -- part 5: core
    "projects.begin_project": lambda: alex_on_ward_7(title="Quieter nights", aim=projects.Aim()),
    "projects.add_member": lambda: alex(project=1, account_id=account("demo-care"), role="member"),
    "projects.open_to": lambda: alex(project=1, whom="team"),
    "projects.change_aim": lambda: alex(project=1, words={"title": "Quiet nights"}, seen=aim_seen(1)),
    "projects.move_project": lambda: alex(project=1, to="sustaining"),
    "projects.say_progress": lambda: alex(project=1, said=2.5, why="It feels so"),
    "projects.change_part": lambda: alex(project=1, account_id=account("demo-nurse"), role="coach"),
    "projects.leave_project": lambda: alex(project=1, account_id=account("demo-nurse")),
    "projects.hand_over": lambda: alex(project=1, account_id=account("demo-nurse")),
    "projects.add_place": lambda: alex(project=1, code="DEMO-NURSES"),
    "projects.remove_place": lambda: alex(project=1, code="DEMO-WARD-12"),
    "projects.undo_in_project": newest_change_of_a_project,
    # -- part 5: ideas
    # -- part 5: diagrams. Diagram 1 is the driver diagram; box 1 its aim, 2 its first driver, 4 an idea.
    "projects.begin_diagram": lambda: alex(project=1, begun=projects.Begun("fishbone", top="Patients fall")),
    "projects.copy_boxes": lambda: alex(diagram=1, boxes=project_queries.ready_diagram(viewer=ACTOR, code="falls").boxes),
    "projects.add_node": lambda: alex(diagram=1, spot=projects.Spot(1, None), words=projects.Words("Enough light")),
    "projects.change_node": lambda: alex(node=2, seen=1, words=projects.Words("Patients are safe at night")),
    "projects.move_node": lambda: alex(node=2, seen=1, how="down"),
    "projects.remove_node": lambda: alex(node=4, seen=sign_of_box(4)),
    "projects.undo_last": lambda: alex(diagram=1),
    "projects.note_idea": lambda: sams_idea() | {"idea": UUID(int=41), "words": "Two chairs by the window"},
    "projects.word_idea": lambda: sams_idea(words="Socks by bay 2"),
    "projects.share_idea": lambda: sams_idea(shared=True),
    "projects.move_idea": lambda: alex(idea=project_ideas.number(2), state="trying", reason="We have two lamps left"),
    "projects.became_project": lambda: sams_idea(project=1),
    "projects.take_back_idea": sams_idea,
    "projects.bring_back_idea": a_taken_back_idea,
    "projects.read_answer": lambda: sams_idea(4),
    # -- part 5: diagrams
    # -- part 5: cycles
    "projects.choose_measure": lambda: alex(project=1, measure="team-medicine-errors", unit=place("DEMO-WARD-7"), kind="balancing"),
    "projects.change_measure": lambda: alex(project=1, counted=3, kind="process", keeper_id=None, second_id=None),
    "projects.remove_measure": lambda: alex(project=1, counted=3),
    "projects.begin_test": lambda: alex(project=1, new=a_test()),
    "projects.change_test": lambda: alex(project=1, number=5, box="study", told={"learned": "It helps"}, seen=seen_of("study", {"learned": ""})),
    "projects.decide_test": lambda: alex(project=1, number=5, decision="adopt", seen=seen_of("act", {"decision": ""})),
    "projects.add_task": lambda: alex(project=1, number=5, words="Ask Bo", account_id=None, due_on=None),
    "projects.change_task": lambda: alex(project=1, task=1, to="done"),
    "projects.take_back": task_done_once,
    "projects.tap": lambda: alex(project=1, counted=2, key=uuid.uuid4(), button="yes"),
    "projects.tally_into_chart": tapped_last_month,
    # -- part 5: programmes
    "projects.begin_programme": lambda: pat(unit=hospital_unit(), title="Calm wards", aim=projects.Aim(), starts_on=date(2026, 1, 1)),
    "projects.say_who_leads": lambda: pat(programme=1, lead_id=account("demo-improver"), second_id=account("demo-leader")),
    "projects.add_programme_measure": lambda: pat(programme=1, measure="team-joy", kind="balancing"),
    "projects.remove_programme_measure": lambda: pat(programme=1, measure="team-falls"),
    "projects.add_session": lambda: pat(programme=1, session=projects.SessionWords("Halfway", date(2026, 4, 1))),
    "projects.call_off_session": lambda: pat(programme=1, session=1, off=True),
    "projects.join_programme": lambda: alex(project=ward_7_project(), programme=1),
    "projects.leave_programme": lambda: alex(project=1),
    "projects.save_month": lambda: alex(**a_month(), words=projects.MonthWords("We tried it."), figures={}, seen=0, send=True),
    "projects.pull_back": month_sent,
    "projects.undo_month": lambda: month_sent() | {"version": 1},
    "projects.answer_month": lambda: month_sent(pat) | {"reply": "Thank you.", "complete": False},
    "projects.keep_coach": lambda: pat(unit=hospital_unit(), account_id=account("demo-nurse"), capacity=1),
    "projects.end_coach": lambda: pat(coach=1),
    "projects.ask_for_coach": coachless,
    "projects.withdraw_request": asking_for_a_coach,
    "projects.propose_coach": to_propose,
    "projects.answer_proposal": proposed,
    "projects.add_note": lambda: alex(project=1, words="We agreed."),
    "projects.remove_note": lambda: pat(project=1, note=1),
    "projects.say": lambda: alex(project=1, words="Look at this.", to=[account("demo-nurse")]),
    "projects.heard": lambda: alex(project=1),
    "projects.change_remark": lambda: pat(project=1, remark=1, words="Said better."),
    "projects.remove_remark": lambda: pat(project=1, remark=1),
    # -- part 5: partners
    "projects.ask_partner": lambda: alex(project=1, account_id=account("demo-partner"), seen=1, asking=projects.Asking("Read it")),
    "projects.stop_partner": lambda: bo(project=1),
    "projects.say_because": lambda: alex(project=1, account_id=account("demo-partner"), words="Quieter doors"),
    "projects.take_back_because": lambda: alex(project=1, pk=1),
    "projects.answer_measure": lambda: bo(project=1, says="unsure"),
    "projects.claim_money": lambda: bo(project=1, kind="expenses", pence=320, on_day=date(2026, 2, 20), words="Bus"),
    "projects.offer_money": lambda: alex(
        project=1, account_id=account("demo-partner"), kind="payment", pence=2500, on_day=date(2026, 2, 20), words="Two hours"
    ),
    "projects.answer_claim": lambda: alex(pk=2, to="agreed", seen="claimed"),
    "projects.begin_review": lambda: alex_on_ward_7(title="A lost form", happened_on=None),
    "projects.write_section": lambda: alex(pk=1, key="what-we-learn", words="Two charts can lie side by side.", seen=1),
    "projects.undo_section": lambda: alex(pk=1, key="what-we-learn", seen=1),
    "projects.close_review": lambda: alex(pk=1),
    "projects.open_review_to": lambda: alex(pk=1, whom="team"),
    "projects.make_idea": lambda: alex(pk=1, project=1, words="One chart at a time"),
    "projects.make_measure": lambda: alex(
        project=1, once=UUID(int=77),
        told={"name": "Calls at night", "numerator": "Calls at night", "denominator": "", "improvement": "down", "frequency": "week"},
    ),
    "projects.put_in_figures": lambda: alex(project=1, counted=1, numbers=[(date(2012, 1, 1), 3.0, 900.0)]),
    # -- part 5: team page. Hindrance 2 of ward 7 is open, promise 1 too; note 2 is Alex's to Sam.
    "projects.name_hindrance": lambda: alex_on_ward_7(words="The printer is on the other floor"),
    "projects.change_hindrance": lambda: alex_on_ward_7(pk=2, seen=1, state="better"),
    "projects.make_promise": lambda: alex_on_ward_7(words="Ask for a printer", by_on=date(2026, 4, 1)),
    "projects.answer_promise": lambda: alex_on_ward_7(pk=1, seen=1, state="kept"),
    "projects.say_thanks": lambda: alex_on_ward_7(words="A calm week", for_id=None),
    "projects.put_away": lambda: alex_on_ward_7(thing="thanks", pk=2, seen=1),
    "projects.undo_in_team": lambda: alex_on_ward_7(thing="hindrance", pk=2, seen=1),
    # -- part 5: stories
    # -- part 5: stories. Story 1 is the ward's; the care provider adopted a change of it.
    "projects.write_story": lambda: alex(project=1, section="why", words="The nights were hard.", seen=story_seen(1, "why")),
    "projects.add_voice": lambda: alex(project=1, words="It is calmer.", said_by="nurse"),
    "projects.remove_voice": lambda: alex(project=1, voice=1),
    "projects.undo_story": newest_change_of_a_story,
    "projects.ask_to_publish": lambda: alex(project=1),
    "projects.answer_story": asked_to_publish,
    "projects.withdraw_story": lambda: bo(project=1),
    "projects.adopt_story": taken_up_by_nobody,
    "projects.say_how_it_went": lambda: drew(project=adopted_project(), worked="no", named=True),
    # -- part 5: portfolio
    "projects.add_value": lambda: alex(project=1, value=a_value()),
    "projects.change_value": lambda: alex(project=1, pk=1, value=a_value("time", "hours"), seen=1),
    "projects.remove_value": lambda: alex(project=1, pk=1),
    "projects.take_back_value": value_said_once,
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
        # A room may write everything down in one place of its own.
        writes = module if hasattr(module, "record") else importlib.import_module(f"{module.__package__}.keeping")
        monkeypatch.setattr(writes, "record", breaks)
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
            "projects_project",
            "projects_member",
            "projects_edit",
            "projects_programme",
            "projects_programmemeasure",
            "projects_programmeteam",
            "projects_session",
            "projects_submission",
            "projects_coach",
            "projects_coachnote",
            "projects_coachrequest",
            "projects_remark",
            "projects_remarkfor",
            "projects_partnerrole",
            "projects_claim",
            "projects_becauseof",
            "projects_patientview",
            "projects_review",
            "projects_story",
            "projects_voice",
            "projects_edition",
            "projects_editionanswer",
            "projects_origin",
            "projects_descendant",
            "projects_node",
            "projects_hindrance",
            "projects_promise",
            "projects_thanks",
            "procrastinate_jobs",
        ):
            cursor.execute(f"SELECT count(*), coalesce(sum(hashtext(t::text)), 0) FROM {table} t")
            found[table] = cursor.fetchone()
    return found
