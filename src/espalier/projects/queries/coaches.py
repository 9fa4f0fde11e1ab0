"""The list of coaches, who asks for one, who fits; and a coach's own projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from espalier.access.deciding import anywhere, visible
from espalier.common.errors import NotFoundHere, Suggestion
from espalier.organisations import queries as organisations
from espalier.projects.models import Coach, CoachNote, CoachRequest, Member, Project, Remark, Submission
from espalier.projects.permissions import LEAD_PROGRAMMES
from espalier.projects.rules.matching import Free, Wanting, match, movement
from espalier.projects.rules.programmes import SUBMITTED

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.projects import ProjectFacts

LIST = Suggestion("Coaches", "/projects/coaches/")
MOST = 300


@dataclass(frozen=True, slots=True)
class CoachFacts:
    """Somebody in the list; name is "" for whoever may not see it."""

    pk: int
    account_id: int
    name: str
    unit_id: int
    owner_id: int
    place: str
    capacity: int
    load: int  # projects they coach, and those they are proposed for
    helps_with: str
    trained_on: date | None
    since: date

    @property
    def room(self) -> int:
        """How many more projects they have time for."""
        return max(0, self.capacity - self.load)


_COLUMNS = ("pk", "account_id", "unit_id", "owner_id", "place", "capacity", "helps_with", "trained_on", "since")


def coach_facts(*, viewer: Viewer, pk: int) -> CoachFacts:
    """Return one line of the list; one that does not exist and one the viewer may not see are answered alike."""
    if found := _coaches(viewer, Q(pk=pk)):
        return found[0]
    raise NotFoundHere("There is no such coach, or they are not of your organisation.", suggestions=(LIST,))


def listed_as(*, viewer: Viewer, account_id: int, unit_id: int) -> CoachFacts | None:
    """Return somebody's line in the list of a place's organisation: the one of that very place, if there are two since a place moved."""
    owner = organisations.owner_of(viewer=viewer, unit_id=unit_id)
    found = _coaches(viewer, Q(account_id=account_id, owner_id=owner, until=None))
    return min(found, key=lambda one: (one.unit_id != unit_id, one.pk), default=None)


def is_listed(*, viewer: Viewer, account_id: int) -> bool:
    """Whether somebody is on the list of coaches, at whatever place the viewer can see."""
    del viewer
    return Coach.objects.filter(account_id=account_id, until=None).exists()


def in_their_teams(*, viewer: Viewer, requests: Collection[int]) -> dict[int, frozenset[int]]:
    """Return by request which of the listed coaches take part in its project already; others in its team are not named."""
    del viewer
    found: dict[int, frozenset[int]] = {}
    if requests:
        with connection.cursor() as cursor:
            cursor.execute("SELECT request_id, account_id FROM projects_in_their_teams(%s)", [list(requests)])
            for request, account in cursor.fetchall():
                found[request] = found.get(request, frozenset()) | {account}
    return found


def _coaches(viewer: Viewer, where: Q) -> tuple[CoachFacts, ...]:
    there = organisations.numbered(OuterRef("unit_id")).values("name")
    rows = list(Coach.objects.filter(where).annotate(place=Subquery(there)).order_by("pk").values_list(*_COLUMNS)[:MOST])
    accounts = [row[1] for row in rows]
    loads, names = _loads(accounts), organisations.names_of_accounts(viewer=viewer, accounts=accounts)
    made = (
        CoachFacts(pk, account, names.get(account, ""), unit, owner, place, capacity, loads.get(account, 0), *rest)
        for pk, account, unit, owner, place, capacity, *rest in rows
    )
    return tuple(sorted(made, key=lambda one: (-one.room, one.name, one.pk)))


def _loads(accounts: Collection[int], leaving_out: int = 0) -> dict[int, int]:
    """Count by account the projects somebody coaches, and those they are proposed for."""
    if not accounts:
        return {}
    proposed = CoachRequest.objects.filter(state="offered", coach_account_id__in=accounts).exclude(pk=leaving_out)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, projects FROM projects_coached(%s) UNION ALL SELECT account, 1 FROM unnest(%s::bigint[]) account",
            [list(accounts), list(proposed.values_list("coach_account_id", flat=True))],
        )
        found: dict[int, int] = {}
        for account, number in cursor.fetchall():
            found[account] = found.get(account, 0) + number
    return found


def load_of(*, viewer: Viewer, account_id: int, leaving_out: int = 0) -> tuple[int, int]:
    """Return how many projects somebody coaches or is proposed for, and how many they have time for; leaving out one request."""
    del viewer
    capacity = Coach.objects.filter(account_id=account_id, until=None).aggregate(most=Max("capacity"))["most"]
    return _loads([account_id], leaving_out).get(account_id, 0), capacity or 0


@dataclass(frozen=True, slots=True)
class Request:
    """A project that asks for a coach, with who fits best; "" where nobody has time."""

    pk: int
    project_id: int
    title: str
    place: str
    words: str
    asked_at: datetime
    state: str
    coach: str
    coach_account_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class CoachesPage:
    """Everything the list of coaches says. Who is listed at two places counts as one, by the line with the most time."""

    coaches: tuple[CoachFacts, ...]
    requests: tuple[Request, ...]
    may_keep: bool
    places: tuple[UnitFacts, ...]  # at which the viewer may put coaches into the list
    is_coach: bool

    @property
    def free(self) -> int:
        """How many more projects all of them together have time for."""
        return sum({one.account_id: one.room for one in reversed(self.coaches)}.values())

    @property
    def trained(self) -> int:
        """How many have been trained."""
        return len({one.account_id for one in self.coaches if one.trained_on is not None})

    @property
    def active(self) -> int:
        """How many of those who were trained coach a project now."""
        return len({one.account_id for one in self.coaches if one.trained_on is not None and one.load > 0})


def coaches_page(*, viewer: Viewer) -> CoachesPage:
    """Return the list; whoever keeps it also sees who asks for a coach, and who would fit."""
    coaches = _coaches(viewer, Q(until=None))
    keeps = bool(anywhere(viewer=viewer, do=LEAD_PROGRAMMES))
    held = organisations.units(viewer=viewer, pks={one.unit_id for one in viewer.grants}) if keeps else {}
    return CoachesPage(
        coaches=coaches, requests=_requests(viewer, coaches) if keeps else (), may_keep=keeps, places=tuple(held.values()),
        is_coach=any(one.account_id == viewer.account_id for one in coaches),
    )  # fmt: skip


def _requests(viewer: Viewer, coaches: Collection[CoachFacts]) -> tuple[Request, ...]:
    mine = visible(viewer=viewer, do=LEAD_PROGRAMMES)
    there = organisations.numbered(OuterRef("unit_id")).values("name")
    asked = CoachRequest.objects.filter(unit_id__in=mine, state__in=("asked", "offered")).annotate(place=Subquery(there))
    columns = (
        "pk",
        "project_id",
        "title",
        "place",
        "words",
        "asked_at",
        "state",
        "coach_account_id",
        "why",
        "unit_id",
        "owner_id",
        "asked_by_id",
    )
    rows = list(asked.order_by("asked_at", "pk").values_list(*columns)[:MOST])
    teams = in_their_teams(viewer=viewer, requests=[row[0] for row in rows])
    wanting = [
        Wanting(place, row[9], row[10], f"{row[2]} {row[4]}", teams.get(row[0], frozenset()) | ({row[11]} - {None}))
        for place, row in enumerate(rows)
        if row[6] == "asked"
    ]
    staff = organisations.staff_among(viewer=viewer, accounts={one.account_id for one in coaches}) if wanting else frozenset()
    able = [one for one in coaches if one.account_id in staff]
    free = [Free(one.account_id, one.unit_id, one.owner_id, one.capacity, one.load, one.helps_with) for one in able]
    fits = {one.number: one for one in match(wanting, free)}
    names = {one.account_id: one.name for one in coaches}
    found = []
    for place, row in enumerate(rows):
        account, why = (
            (row[7], row[8]) if row[6] == "offered" else ((fits[place].account_id, fits[place].why) if place in fits else (None, ""))
        )
        found.append(Request(*(*row[:7], names.get(account or 0, ""), account, why)))
    return tuple(found)


def why_this_coach(*, viewer: Viewer, request: int, account_id: int) -> str:
    """Return why a coach fits a project that asks, as the list says it; "" where the list meanwhile names somebody else."""
    several = coaches_page(viewer=viewer).requests
    return next((one.why for one in several if one.pk == request and one.coach_account_id == account_id), "")


@dataclass(frozen=True, slots=True)
class Coached:
    """A project that the viewer coaches."""

    pk: int
    title: str
    place: str
    moves: str  # moves, quiet, stalls
    changed_at: datetime
    supports: float
    waiting: date | None  # the oldest month that waits for an answer
    last_contact: datetime | None

    @property
    def href(self) -> str:
        """The project's page."""
        return f"/projects/{self.pk}/"


@dataclass(frozen=True, slots=True)
class MyCoaching:
    """Everything a coach's own page says."""

    line: CoachFacts | None
    projects: tuple[Coached, ...]

    @property
    def waiting(self) -> tuple[Coached, ...]:
        """Those that sent a month and wait for an answer, the oldest first."""
        return tuple(sorted((one for one in self.projects if one.waiting), key=lambda one: one.waiting or one.changed_at.date()))


def my_coaching(*, viewer: Viewer, at: datetime) -> MyCoaching:
    """Return what a coach looks at: whose month waits, who moves, who stalls, and when they were last in touch."""
    line = _coaches(viewer, Q(until=None, account_id=viewer.account_id))
    mine = Member.objects.filter(account_id=viewer.account_id or 0, role="coach", until=None).values("project_id")
    of, by_me = {"project_id": OuterRef("pk")}, {"account_id": viewer.account_id}
    waiting = Submission.objects.filter(**of, state=SUBMITTED).order_by("period_on").values("period_on")[:1]
    note = CoachNote.objects.filter(**of, **by_me, removed_at=None).order_by("-at").values("at")[:1]
    remark = Remark.objects.filter(**of, **by_me, removed_at=None).order_by("-at").values("at")[:1]
    reply = Submission.objects.filter(**of, replied_by_id=viewer.account_id).order_by("-replied_at").values("replied_at")[:1]
    there = organisations.numbered(OuterRef("unit_id")).values("name")
    rows = (
        Project.objects.filter(pk__in=mine)
        .exclude(state__in=("finished", "stopped"))
        .annotate(place=Subquery(there), waits=Subquery(waiting), note=Subquery(note), remark=Subquery(remark), reply=Subquery(reply))
    )
    columns = ("pk", "title", "place", "changed_at", "supports", "waits", "note", "remark", "reply")
    today, found = timezone.localdate(at), []
    for pk, title, place, changed, supports, waits, *contacts in rows.order_by(F("changed_at").asc(), "pk").values_list(*columns)[:MOST]:
        last = max((one for one in contacts if one), default=None)
        moves = movement((today - timezone.localdate(changed)).days)
        found.append(Coached(pk, title, place, moves, changed, supports, waits, last))
    return MyCoaching(line[0] if line else None, tuple(found))


@dataclass(frozen=True, slots=True)
class AskBlock:
    """What a team's page says about its coach."""

    project: ProjectFacts
    coaches: tuple[str, ...]
    state: str  # "" nobody asked, asked, offered
    proposed: str
    why: str


def ask_block(*, viewer: Viewer, project: ProjectFacts) -> AskBlock | None:
    """Return what the team's page says about its coach: at most two questions; None for whoever takes no part."""
    if not project.my_role:
        return None
    row = (
        CoachRequest.objects.filter(project_id=project.pk, state__in=("asked", "offered"))
        .values_list("state", "coach_account_id", "why")
        .first()
    )
    state, account, why = row or ("", None, "")
    names = organisations.names_of_accounts(viewer=viewer, accounts=[account]) if account else {}
    return AskBlock(project, tuple(one.name for one in project.members if one.role == "coach"), state, names.get(account or 0, ""), why)


@dataclass(frozen=True, slots=True)
class Note:
    """A note between coach and team."""

    pk: int
    name: str
    is_mine: bool
    words: str
    at: datetime


def notes_of(*, viewer: Viewer, project: ProjectFacts) -> tuple[Note, ...]:
    """Return the notes of a project, newest first: row-level security leaves them to its members."""
    names = {one.account_id: one.name for one in project.members}
    rows = (
        CoachNote.objects.filter(project_id=project.pk, removed_at=None)
        .order_by("-at", "-pk")
        .values_list("pk", "account_id", "words", "at")
    )
    return tuple(Note(pk, names.get(who, ""), who == viewer.account_id, words, at) for pk, who, words, at in rows[:MOST])
