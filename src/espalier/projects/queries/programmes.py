"""Programmes as far as a viewer may see them, with their measures, learning sessions and teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.models import Member, Programme, ProgrammeMeasure, ProgrammeTeam, Project, Session, Submission
from espalier.projects.rules.programmes import DRAFT

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Definition
    from espalier.organisations.queries import UnitFacts

ALL = Suggestion("All programmes", "/projects/programmes/")
MOST = 200


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """A programme as it stands, and what the viewer may do with it."""

    pk: int
    title: str
    unit: UnitFacts
    owner_id: int
    aim_what: str
    aim_from: float | None
    aim_to: float | None
    aim_unit: str
    aim_by: date | None
    aim_for: str
    open_to: str
    starts_on: date
    ends_on: date | None
    lead_id: int | None
    second_id: int | None
    version: int
    leads: bool  # the viewer is one of the two who lead it
    may_lead: Decision

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/programmes/{self.pk}/"

    def month_href(self, month: date) -> str:
        """The page of one of its months."""
        return f"{self.href}month/{month:%Y-%m}/"


COLUMNS = (
    "pk", "title", "owner_id", "aim_what", "aim_from", "aim_to", "aim_unit", "aim_by", "aim_for", "open_to", "starts_on", "ends_on",
    "lead_id", "second_id", "version",
)  # fmt: skip


def programme(*, viewer: Viewer, pk: int) -> ProgrammeFacts:
    """Return one programme; one that does not exist and one the viewer may not see are answered alike."""
    row = Programme.objects.filter(pk=pk).values("unit_id", *COLUMNS).first()
    if row is None:
        raise NotFoundHere("There is no such programme, or it is not open to you.", suggestions=(ALL,))
    unit = organisations.units(viewer=viewer, pks=[row["unit_id"]])[row.pop("unit_id")]
    leads = viewer.account_id is not None and viewer.account_id in {row["lead_id"], row["second_id"]}
    may = permissions.may_lead_programme(viewer=viewer, unit_id=unit.pk, name=unit.name, leads=leads)
    return ProgrammeFacts(unit=unit, leads=leads, may_lead=may, **row)


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme in a list; teams counts those the viewer may see."""

    pk: int
    title: str
    place: str
    starts_on: date
    ends_on: date | None
    teams: int

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/programmes/{self.pk}/"


def programmes(*, viewer: Viewer, running_on: date | None = None) -> tuple[ProgrammeLine, ...]:
    """Return the programmes a viewer may see, the newest first; running_on leaves out those that are over."""
    del viewer
    wanted = (Q(ends_on__isnull=True) | Q(ends_on__gte=running_on)) if running_on else Q()
    teams = ProgrammeTeam.objects.filter(programme_id=OuterRef("pk"), until=None).order_by().values("programme_id")
    rows = Programme.objects.filter(wanted).annotate(
        place=Subquery(organisations.numbered(OuterRef("unit_id")).values("name")),
        teams=Subquery(teams.annotate(number=Count("pk")).values("number")),
    )
    columns = ("pk", "title", "place", "starts_on", "ends_on", "teams")
    return tuple(ProgrammeLine(*(*row[:5], row[5] or 0)) for row in rows.order_by("-starts_on", "-pk").values_list(*columns)[:MOST])


@dataclass(frozen=True, slots=True)
class SharedMeasure:
    """A measure that all teams keep; definition is None where it is no longer there."""

    pk: int
    code: str
    kind: str
    definition: Definition | None


def measures_of(*, viewer: Viewer, programme_id: int) -> tuple[SharedMeasure, ...]:
    """Return the measures of a programme in the order they were added."""
    rows = list(
        ProgrammeMeasure.objects.filter(programme_id=programme_id).order_by("added_at", "pk").values_list("pk", "measure_code", "kind")
    )
    known = measures.named(viewer=viewer, codes={code for _, code, _ in rows}) if rows else {}
    return tuple(SharedMeasure(*row, known.get(row[1])) for row in rows)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A day on which the teams learn from one another."""

    pk: int
    title: str
    on: date
    starts: time | None
    ends: time | None
    place: str
    words: str
    called_off_at: datetime | None
    changed_at: datetime


def sessions_of(*, viewer: Viewer, programme_id: int) -> tuple[SessionFacts, ...]:
    """Return the learning sessions of a programme, the first first."""
    del viewer
    rows = Session.objects.filter(programme_id=programme_id).order_by("on", "starts", "pk")
    columns = ("pk", "title", "on", "starts", "ends", "place", "words", "called_off_at", "changed_at")
    return tuple(SessionFacts(*row) for row in rows.values_list(*columns)[:MOST])


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team in a programme, as it stands for one month."""

    project_id: int
    title: str
    unit_id: int
    code: str
    place: str
    since: date
    changed_at: datetime
    state: str  # of the month: draft stands for nothing sent yet
    submitted_at: datetime | None
    tried: str
    learned: str
    need: str

    @property
    def href(self) -> str:
        """The project's page."""
        return f"/projects/{self.project_id}/"

    @property
    def month_href(self) -> str:
        """The project's month end."""
        return f"{self.href}month/"


def teams_of(*, viewer: Viewer, programme_id: int, month: date) -> tuple[TeamLine, ...]:
    """Return the teams that the viewer may see, with how each stands in one month, by name."""
    del viewer
    rows = ProgrammeTeam.objects.filter(programme_id=programme_id, until=None)
    there = organisations.numbered(OuterRef("project__unit_id"))
    sent = Submission.objects.filter(project_id=OuterRef("project_id"), period_on=month)
    said = {name: Subquery(sent.values(name)) for name in ("state", "submitted_at", "tried", "learned", "need")}
    rows = rows.annotate(code=Subquery(there.values("code")), place=Subquery(there.values("name")), **said)
    columns = ("project_id", "project__title", "project__unit_id", "code", "place", "since", "project__changed_at", *said)
    found = rows.order_by("project__title", "project_id").values_list(*columns)[: 5 * MOST]
    return tuple(TeamLine(*(*row[:7], row[7] or DRAFT, row[8], *(words or "" for words in row[9:]))) for row in found)


@dataclass(frozen=True, slots=True)
class Own:
    """A project that the viewer leads: in the programme, or one that could join it."""

    pk: int
    title: str
    is_in: bool


def own_projects(*, viewer: Viewer, programme_id: int) -> tuple[Own, ...]:
    """Return the projects that the viewer may bring into a programme or take out of it."""
    if viewer.is_visitor:
        return ()
    leading = Member.objects.filter(account_id=viewer.account_id or 0, until=None, role__in=permissions.LEADS).values("project_id")
    free = Q(programme_id=None, state__in=("planning", "active", "sustaining"))
    rows = Project.objects.filter(free | Q(programme_id=programme_id), pk__in=leading).order_by("title", "pk")
    return tuple(Own(pk, title, at is not None) for pk, title, at in rows.values_list("pk", "title", "programme_id")[:MOST])


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """Everything a programme's page says; codes and numbers, not words."""

    programme: ProgrammeFacts
    month: date
    measures: tuple[SharedMeasure, ...]
    sessions: tuple[SessionFacts, ...]
    teams: tuple[TeamLine, ...]
    own: tuple[Own, ...]
    lead: str
    second: str
    today: date


def programme_page(*, viewer: Viewer, pk: int, month: date, today: date) -> ProgrammePage:
    """Return what a programme's page shows for one month."""
    found = programme(viewer=viewer, pk=pk)
    names = organisations.names_of_accounts(viewer=viewer, accounts=[found.lead_id, found.second_id])
    return ProgrammePage(
        programme=found, month=month, measures=measures_of(viewer=viewer, programme_id=pk),
        sessions=sessions_of(viewer=viewer, programme_id=pk), teams=teams_of(viewer=viewer, programme_id=pk, month=month),
        own=own_projects(viewer=viewer, programme_id=pk),
        lead=names.get(found.lead_id or 0, ""), second=names.get(found.second_id or 0, ""), today=today,
    )  # fmt: skip
