"""Programmes: begun, their measures and learning sessions, teams that join and leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from espalier.common.errors import UnableTo
from espalier.common.periods import month_start
from espalier.measures import queries as measures
from espalier.projects import permissions
from espalier.projects.actions.keeping import keep, log
from espalier.projects.models import Counted, Programme, ProgrammeMeasure, ProgrammeTeam, Project, Session
from espalier.projects.queries.programmes import programme as read_programme
from espalier.projects.queries.projects import project as read_project
from espalier.projects.rules.days import PROGRAMME_AHEAD, SESSION_AHEAD, can_be_meant

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.programmes import ProgrammeFacts
    from espalier.projects.queries.projects import ProjectFacts
    from espalier.projects.rules.aims import Aim

MOST_MEASURES = 8  # so many a team can still keep well, month after month


@dataclass(frozen=True, slots=True)
class SessionWords:
    """A learning session as it is put in the calendar."""

    title: str
    on: date
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    words: str = ""


@transaction.atomic
def begin_programme(
    *, actor: Viewer, at: datetime, unit: UnitFacts, title: str, aim: Aim, starts_on: date, ends_on: date | None = None,
    open_to: str = "organisation",
) -> int:  # fmt: skip
    """Begin a programme at a place; who begins it leads it. Returns its number."""
    if not (decision := permissions.may_begin_programme(viewer=actor, unit_id=unit.pk, name=unit.name)):
        raise PermissionDenied(decision.reason)
    if not (title := " ".join(title.split())):
        raise UnableTo("A programme needs a name.", to_do="Say in a few words what its teams want to make better.")
    starts_on = month_start(starts_on)
    can_be_meant(starts_on, today=timezone.localdate(at), code="starts", ahead=PROGRAMME_AHEAD, called="month")
    if ends_on and ends_on < starts_on:
        raise UnableTo("A programme cannot end before it starts.", to_do="Check the two days.")
    begun = Programme.objects.create(
        unit_id=unit.pk, title=title[:200], aim_what=aim.what, aim_from=aim.start, aim_to=aim.goal, aim_unit=aim.unit, aim_by=aim.by,
        aim_for=aim.for_whom, open_to=open_to, starts_on=starts_on, ends_on=ends_on, lead_id=actor.account_id,
        begun_by_id=actor.account_id, begun_at=at,
    )  # fmt: skip
    _record(actor, at, "begin", begun.pk, after={"title": begun.title})
    return begun.pk


def _record(
    actor: Viewer, at: datetime, verb: str, pk: int, *, before: dict[str, object] | None = None, after: dict[str, object] | None = None
) -> None:
    log(actor=actor, at=at, kind="programme", object_id=pk, what=verb, before=before, after=after)


def _led(actor: Viewer, pk: int) -> ProgrammeFacts:
    found = read_programme(viewer=actor, pk=pk)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    return found


@transaction.atomic
def say_who_leads(*, actor: Viewer, at: datetime, programme: int, lead_id: int, second_id: int | None) -> None:
    """Hand a programme on, or name a second person for holidays; both read the projects of its teams."""
    found = _led(actor, programme)
    Programme.objects.filter(pk=programme).update(lead_id=lead_id, second_id=second_id, version=F("version") + 1)
    _record(
        actor, at, "hand-on", programme, before={"lead_id": found.lead_id, "second_id": found.second_id},
        after={"lead_id": lead_id, "second_id": second_id},
    )  # fmt: skip


@transaction.atomic
def add_programme_measure(*, actor: Viewer, at: datetime, programme: int, measure: str, kind: str) -> None:
    """Have all teams keep a measure; the projects that are in keep it from now on too."""
    _led(actor, programme)
    what = measures.definition(viewer=actor, code=measure)
    if ProgrammeMeasure.objects.filter(programme_id=programme).count() >= MOST_MEASURES:
        raise UnableTo(f"A programme has at most {MOST_MEASURES} measures.", to_do="Take one out first: few are kept well, many are not.")
    ProgrammeMeasure.objects.get_or_create(programme_id=programme, measure_code=what.code, defaults={"kind": kind, "added_at": at})
    _record(actor, at, "add-measure", programme, after={"measure": what.code, "kind": kind})


@transaction.atomic
def remove_programme_measure(*, actor: Viewer, at: datetime, programme: int, measure: str) -> None:
    """Ask the teams no longer for a measure. Figures that were put in stay where they are."""
    _led(actor, programme)
    if ProgrammeMeasure.objects.filter(programme_id=programme, measure_code=measure).delete()[0]:
        _record(actor, at, "remove-measure", programme, before={"measure": measure})


@transaction.atomic
def add_session(*, actor: Viewer, at: datetime, programme: int, session: SessionWords) -> int:
    """Put a learning session in the calendar. Returns its number."""
    _led(actor, programme)
    if not (title := " ".join(session.title.split())):
        raise UnableTo("A learning session needs a name.", to_do="Say in a few words what it is about.", code="title")
    if session.ends and not session.starts:
        raise UnableTo("When does it start?", to_do="Enter the time, or leave both times empty.", code="starts")
    if session.starts and session.ends and session.ends <= session.starts:
        raise UnableTo("A session cannot end before it starts.", to_do="Check the two times.", code="ends")
    can_be_meant(session.on, today=timezone.localdate(at), code="on", ahead=SESSION_AHEAD)
    made = Session.objects.create(
        programme_id=programme, title=title[:200], on=session.on, starts=session.starts, ends=session.ends, place=session.place,
        words=session.words, changed_at=at,
    )  # fmt: skip
    _record(actor, at, "add-session", programme, after={"session": made.pk, "title": made.title})
    return made.pk


@transaction.atomic
def call_off_session(*, actor: Viewer, at: datetime, programme: int, session: int, off: bool) -> None:
    """Call a learning session off, or on again; it stays in the list, so that calendars hear of it."""
    _led(actor, programme)
    Session.objects.filter(pk=session, programme_id=programme).update(called_off_at=at if off else None, changed_at=at)
    _record(actor, at, "call-off" if off else "call-on", programme, after={"session": session})


@transaction.atomic
def join_programme(*, actor: Viewer, at: datetime, project: int, programme: int) -> None:
    """Bring a project into a programme: its leader decides. From then on whoever leads the programme reads the project."""
    found, joined = read_project(viewer=actor, pk=project), read_programme(viewer=actor, pk=programme)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    if found.programme_id == programme:
        return
    if found.programme_id:
        raise UnableTo("This project is in another programme.", to_do="Leave that one first.", code="in-another")
    today = timezone.localdate(at)
    ProgrammeTeam.objects.create(programme_id=joined.pk, project_id=project, since=today)
    Project.objects.filter(pk=project).update(programme_id=joined.pk)
    kept = ProgrammeMeasure.objects.filter(programme_id=joined.pk).order_by("added_at", "pk")
    for code, kind in kept.values_list("measure_code", "kind"):
        _count(actor, at, found, code, kind)
    keep(
        actor=actor, at=at, project_id=project, kind="project", object_id=project, what="join",
        before={"programme_id": None}, after={"programme_id": joined.pk},
    )  # fmt: skip


def _count(actor: Viewer, at: datetime, project: ProjectFacts, code: str, kind: str) -> None:
    """Have a project keep a measure of its programme; one that it had taken out is put back, with its people."""
    keeper = next((one.account_id for one in project.members if one.role == "leader"), None)
    facts = {"kind": kind, "keeper_id": keeper, "added_at": at}
    counted, made = Counted.objects.get_or_create(project_id=project.pk, measure_code=code, unit_id=project.unit.pk, defaults=facts)
    if made or counted.removed_at is None:
        return
    Counted.objects.filter(pk=counted.pk).update(removed_at=None)
    keep(
        actor=actor, at=at, project_id=project.pk, kind="counted", object_id=counted.pk, what="add", before={"removed": True},
        after={"removed": False, "measure": code, "kind": counted.kind},
    )  # fmt: skip


@transaction.atomic
def leave_programme(*, actor: Viewer, at: datetime, project: int) -> None:
    """Take a project out of its programme: its leader decides. What it sent stays with both."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    if found.programme_id is None:
        return
    ProgrammeTeam.objects.filter(project_id=project, until=None).update(until=Greatest(F("since"), timezone.localdate(at)))
    Project.objects.filter(pk=project).update(programme_id=None)
    keep(
        actor=actor, at=at, project_id=project, kind="project", object_id=project, what="leave",
        before={"programme_id": found.programme_id}, after={"programme_id": None},
    )  # fmt: skip
