"""Coaches: kept in a list, asked for, proposed, taken in; and notes between coach and team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from espalier.common.errors import UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.actions.keeping import keep, log
from espalier.projects.actions.projects import add_member
from espalier.projects.models import Coach, CoachNote, CoachRequest
from espalier.projects.queries.coaches import coach_facts, in_their_teams, is_listed, listed_as, load_of
from espalier.projects.queries.projects import project as read_project
from espalier.projects.rules.days import TRAINED, wrong_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.coaches import CoachFacts

MOST_PROJECTS = 30
LOCK = 50_260  # a number of our own for locks: no coach is given to two projects, or listed twice, at the same moment
IN_THE_TEAM = "This coach takes part in the project already."


def _log(actor: Viewer, at: datetime, verb: str, kind: str, pk: int, after: dict[str, object]) -> None:
    log(actor=actor, at=at, kind=kind, object_id=pk, what=verb, before={}, after=after)


def _refuse_unless_keeping(actor: Viewer, unit_id: int, name: str = "") -> None:
    if not (decision := permissions.may_begin_programme(viewer=actor, unit_id=unit_id, name=name)):
        raise PermissionDenied(decision.reason)


@transaction.atomic
def keep_coach(
    *, actor: Viewer, at: datetime, unit: UnitFacts, account_id: int, capacity: int, helps_with: str = "", trained_on: date | None = None
) -> int:
    """Put somebody into the list of coaches, or change what it says of them, also at which place of the organisation.

    Coaches change their own line; who else keeps the list needs that right at the place, and at the place where it said so before.
    What is left empty stays as it is.
    Returns the number of the line.
    """
    _one_at_a_time(account_id)
    standing = listed_as(viewer=actor, account_id=account_id, unit_id=unit.pk)
    if standing is None or actor.account_id != account_id:
        _refuse_unless_keeping(actor, unit.pk, unit.name)
    if standing and standing.unit_id != unit.pk and actor.account_id != account_id:
        _refuse_unless_keeping(actor, standing.unit_id, standing.place)
    _refuse_unless_staff(actor, account_id, to_do="Choose somebody who works here.", code="who")
    if not 0 <= capacity <= MOST_PROJECTS:
        raise UnableTo(f"Nobody coaches {capacity} projects at once.", to_do=f"Give a number from 0 to {MOST_PROJECTS}.", code="capacity")
    if trained_on and wrong_day(trained_on, today=timezone.localdate(at), ahead=0, first=TRAINED):
        to_do = f"Choose today or an earlier day, from {TRAINED:%Y} on, or leave it empty."
        raise UnableTo("Nobody can have been trained on that day.", to_do=to_do, code="trained")
    facts: dict[str, object] = {"capacity": capacity, "helps_with": helps_with.strip()[:300], "trained_on": trained_on}
    if standing:
        pk = standing.pk
        facts |= {"helps_with": facts["helps_with"] or standing.helps_with, "trained_on": trained_on or standing.trained_on}
        Coach.objects.filter(pk=pk).update(unit_id=unit.pk, **facts)
    else:
        pk = Coach.objects.create(account_id=account_id, unit_id=unit.pk, since=timezone.localdate(at), **facts).pk
    _log(actor, at, "keep", "coach", pk, {"capacity": capacity})
    return pk


@transaction.atomic
def end_coach(*, actor: Viewer, at: datetime, coach: int, ended: bool = True) -> None:
    """Take somebody off the list, or back onto it. The projects they coach keep them until their teams say otherwise."""
    found = coach_facts(viewer=actor, pk=coach)
    if actor.account_id != found.account_id:
        _refuse_unless_keeping(actor, found.unit_id)
    if not ended:
        _refuse_if_listed_again(actor, found)
    Coach.objects.filter(pk=coach).update(until=max(found.since, timezone.localdate(at)) if ended else None)
    _log(actor, at, "end" if ended else "keep", "coach", coach, {"ended": ended})


def _refuse_if_listed_again(actor: Viewer, line: CoachFacts) -> None:
    _one_at_a_time(line.account_id)
    again = listed_as(viewer=actor, account_id=line.account_id, unit_id=line.unit_id)
    if again and again.pk != line.pk:
        to_do = "Open the list: there you can change what it says of them."
        raise UnableTo(f"They are on the list again, at {again.place}.", to_do=to_do, code="listed")


@transaction.atomic
def ask_for_coach(*, actor: Viewer, at: datetime, project: int, words: str = "") -> int:
    """Ask for a coach. Whoever keeps the list then reads the project's title and these words. Returns the number of the request."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    if any(one.role == "coach" for one in found.members):
        to_do = "Talk to them first. You can ask for another once they have left the team."
        raise UnableTo("This project has a coach.", to_do=to_do, code="has-coach")
    standing = CoachRequest.objects.filter(project_id=project, state__in=("asked", "offered")).first()
    if standing:
        return standing.pk
    asked = CoachRequest.objects.create(
        project_id=project, unit_id=found.unit.pk, title=found.title, words=words.strip()[:300], asked_by_id=actor.account_id, asked_at=at
    )
    keep(actor=actor, at=at, project_id=project, kind="coach-request", object_id=asked.pk, what="ask", after={"state": "asked"})
    return asked.pk


@transaction.atomic
def withdraw_request(*, actor: Viewer, at: datetime, project: int) -> None:
    """Ask no longer for a coach."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    for asked in CoachRequest.objects.filter(project_id=project, state__in=("asked", "offered")):
        CoachRequest.objects.filter(pk=asked.pk).update(state="withdrawn", answered_at=at)
        keep(
            actor=actor, at=at, project_id=project, kind="coach-request", object_id=asked.pk, what="withdraw",
            before={"state": asked.state}, after={"state": "withdrawn"},
        )  # fmt: skip


@transaction.atomic
def propose_coach(*, actor: Viewer, at: datetime, request: int, account_id: int, why: str = "") -> None:
    """Propose a coach to a team that asks for one; the team's leader then says yes or no."""
    asked = CoachRequest.objects.select_for_update().filter(pk=request, state="asked").first()
    if asked is None:
        raise UnableTo("This project no longer asks for a coach.", to_do="Open the list again.", code="no-request")
    _refuse_unless_keeping(actor, asked.unit_id)
    if account_id in in_their_teams(viewer=actor, requests=[asked.pk]).get(asked.pk, ()):
        raise UnableTo(IN_THE_TEAM, to_do="Choose somebody else: a team gains most from a coach who is not in it.", code="in-team")
    if not is_listed(viewer=actor, account_id=account_id):
        raise UnableTo("There is no such coach on the list.", to_do="Choose somebody who is on the list.", code="not-listed")
    _refuse_unless_staff(actor, account_id, to_do="Choose somebody else, and take them off the list.", code="not-staff")
    _refuse_if_full(actor, account_id)
    asked.state, asked.coach_account_id, asked.why, asked.offered_by_id = "offered", account_id, why[:300], actor.account_id
    asked.save()
    _log(actor, at, "propose", "coach-request", asked.pk, {"state": "offered"})


@transaction.atomic
def answer_proposal(*, actor: Viewer, at: datetime, project: int, agreed: bool) -> None:
    """Take in the coach who was proposed, as the team's leader; or say no, and go on asking."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    asked = CoachRequest.objects.select_for_update().filter(project_id=project, state="offered").first()
    if asked is None or asked.coach_account_id is None:
        raise UnableTo("No coach is proposed to this team.", to_do="Ask for one, or wait for an answer.", code="no-proposal")
    if agreed:
        if any(one.account_id == asked.coach_account_id for one in found.members):
            raise UnableTo(IN_THE_TEAM, to_do="Say no, then another can be proposed.", code="in-team")
        _refuse_if_full(actor, asked.coach_account_id, mine=asked.pk)
        add_member(actor=actor, at=at, project=project, account_id=asked.coach_account_id, role="coach")
        asked.state, asked.answered_at = "agreed", at
    else:
        asked.state, asked.coach_account_id, asked.why = "asked", None, ""
    asked.save()
    keep(
        actor=actor, at=at, project_id=project, kind="coach-request", object_id=asked.pk, what="agree" if agreed else "decline",
        before={"state": "offered"}, after={"state": asked.state},
    )  # fmt: skip


def _refuse_unless_staff(actor: Viewer, account_id: int, *, to_do: str, code: str) -> None:
    """Refuse whoever is no colleague now: a patient partner takes part beside the staff, and somebody who left coaches nobody."""
    if account_id not in organisations.staff_among(viewer=actor, accounts=[account_id]):
        raise UnableTo("Coaches are staff, and this person holds no role of staff now.", to_do=to_do, code=code)


def _refuse_if_full(actor: Viewer, account_id: int, mine: int = 0) -> None:
    """Refuse whoever has no time left, waiting for others who are giving the same coach away at this moment."""
    _one_at_a_time(account_id)
    load, capacity = load_of(viewer=actor, account_id=account_id, leaving_out=mine)
    if load >= capacity:
        raise UnableTo("This coach has no time for another project.", to_do="Choose somebody else, or talk to them first.", code="full")


def _one_at_a_time(account_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, account_id % 2**31])


@transaction.atomic
def add_note(*, actor: Viewer, at: datetime, project: int, words: str) -> int:
    """Write a note between coach and team. Nobody outside the project reads it. Returns its number."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    if not words.strip():
        raise UnableTo("The note is empty.", to_do="Write what you saw, agreed or promised.", code="no-words")
    note = CoachNote.objects.create(project_id=project, account_id=actor.account_id or 0, words=words.strip(), at=at)
    keep(actor=actor, at=at, project_id=project, kind="coach-note", object_id=note.pk, what="add")
    return note.pk


@transaction.atomic
def remove_note(*, actor: Viewer, at: datetime, project: int, note: int, removed: bool = True) -> None:
    """Take one's own note away, or put it back."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    mine = CoachNote.objects.filter(pk=note, project_id=project, account_id=actor.account_id or 0)
    if not mine.update(removed_at=at if removed else None):
        raise PermissionDenied("Only whoever wrote a note takes it away.")
    keep(actor=actor, at=at, project_id=project, kind="coach-note", object_id=note, what="remove" if removed else "undo")
