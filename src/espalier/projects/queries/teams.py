"""The page of a team: what it is trying, what gets in its way, what was promised, thanks, and one next step.

All of it is asked in one statement. Row-level security decides what there is: what a team keeps for itself, nobody else reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from espalier.access.roles import all_roles
from espalier.common.todo import Asking, answers
from espalier.measures import queries as measures
from espalier.projects import permissions
from espalier.projects.models import Counted, Cycle, Member, Place, Project
from espalier.projects.queries.team_said import (
    GOING_ON,
    HindranceFacts,
    PromiseFacts,
    ThanksFacts,
    hindrances_asking,
    notes_asking,
    promises_asking,
)
from espalier.projects.rules.teams import TeamFacts, TeamStep, Waiting, next_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

    Row = dict[str, Any]

ENTER = "figures.enter"
TRIED = 8  # so many projects, and tests of each, at most


@dataclass(frozen=True, slots=True)
class Trying:
    """A test of change under way."""

    number: int
    title: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class TeamProject:
    """A project of the place that goes on."""

    pk: int
    title: str
    state: str
    my_role: str
    measured: bool
    tests: tuple[Trying, ...]

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/{self.pk}/"


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that was stored a moment ago and can be taken back with one press."""

    thing: str
    pk: int
    edition: int


@dataclass(frozen=True, slots=True)
class TeamPage:
    """What the page of a place says of its team; to others only what they may read of its projects."""

    unit: UnitFacts
    of_the_team: bool
    projects: tuple[TeamProject, ...]
    hindrances: tuple[HindranceFacts, ...] = ()
    promises: tuple[PromiseFacts, ...] = ()
    thanks: tuple[ThanksFacts, ...] = ()
    step: TeamStep | None = None
    kept: Kept | None = None
    may_choose_measures: bool = False

    @property
    def href(self) -> str:
        """Where what its people say is sent."""
        return f"/projects/teams/{self.unit.code}/"


def team_page(
    *, viewer: Viewer, unit: UnitFacts, today: date, late: Sequence[Waiting] = (), has_joy: bool = False, kept: str = ""
) -> TeamPage:
    """Return the part of a place's page that is its team's. late are figures that are missing, the oldest first."""
    inside = permissions.of_the_team(viewer=viewer, unit_id=unit.pk)
    asked = [_projects(viewer, unit)]
    if inside:
        asked += [hindrances_asking(viewer, unit, today), promises_asking(viewer, unit, today), notes_asking(viewer, unit, today)]
    found = [tuple(one.tell(rows)) for one, rows in zip(asked, answers(asked), strict=True)]
    if not inside:
        return TeamPage(unit, of_the_team=False, projects=found[0])
    projects, hindrances, promises, thanks = found
    chooses = bool(measures.may_define(viewer=viewer, unit=unit)) if not has_joy else False
    facts = TeamFacts(
        unit.href, unit.code, projects=len(projects), result=_over(projects, today), figure=_missing(viewer, unit, late),
        overdue=_overdue(promises, unit), nobodys=_nobodys(hindrances, unit), unmeasured=_without(projects, "measures/choose/", "measured"),
        untested=_without(projects, "tests/new/", "tests"), hindrances=len(hindrances), has_joy=has_joy, may_choose_measures=chooses,
    )  # fmt: skip
    return TeamPage(unit, True, projects, hindrances, promises, thanks, next_step(facts), kept_of(kept), chooses)  # noqa: FBT003


# ------------------------------------------------------------------------------------------------ the questions


def _projects(viewer: Viewer, unit: UnitFacts) -> Asking:
    about = Q(unit_id=unit.pk) | Exists(Place.objects.filter(project_id=OuterRef("pk"), unit_id=unit.pk))
    mine = Member.objects.filter(project_id=OuterRef("pk"), account_id=viewer.account_id or 0, until=None).values("role")[:1]
    tests = Cycle.objects.filter(project_id=OuterRef("pk"), decision="").order_by("starts_on", "number")
    rows = Project.objects.filter(about, state__in=GOING_ON).annotate(
        my_role=Subquery(mine), measured=Exists(Counted.objects.filter(project_id=OuterRef("pk"), removed_at=None)),
        tests=ArraySubquery(tests.values_list(JSONObject(number="number", title="title", starts="starts_on", ends="ends_on"))[:TRIED]),
    )  # fmt: skip
    columns = ("pk", "title", "state", "my_role", "measured", "tests")
    return Asking.of(rows.order_by("-changed_at", "-pk").values(*columns)[:TRIED], _as_projects)


def _as_projects(rows: Sequence[Row]) -> list[Any]:
    return [
        TeamProject(row["pk"], row["title"], row["state"], row["my_role"] or "", row["measured"], tuple(map(_trying, row["tests"])))
        for row in rows
    ]


def _trying(row: Row) -> Trying:
    return Trying(row["number"], row["title"], date.fromisoformat(row["starts"]), _day(row["ends"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# ------------------------------------------------------------------------------------------------ what waits


def _over(projects: Sequence[TeamProject], today: date) -> Waiting | None:
    """Return the test of the viewer's own projects that has been over for longest, and has no result."""
    over = [(one.ends_on, one, of) for of in projects if _changes(of) for one in of.tests if one.ends_on and one.ends_on < today]
    if not over:
        return None
    _, test, of = min(over, key=lambda one: one[0])
    return Waiting(test.title, f"{of.href}tests/{test.number}/")


def _changes(project: TeamProject) -> bool:
    return bool(project.my_role) and project.my_role not in permissions.READS


def _without(projects: Sequence[TeamProject], page: str, what: str) -> Waiting | None:
    found = next((one for one in projects if _changes(one) and one.state != "sustaining" and not getattr(one, what)), None)
    return Waiting(found.title, f"{found.href}{page}") if found else None


def _missing(viewer: Viewer, unit: UnitFacts, late: Sequence[Waiting]) -> Waiting | None:
    enters = all_roles().with_right(ENTER)
    may = any(held.unit_id == unit.pk and held.role in enters for held in viewer.grants)
    return next(iter(late), None) if may else None


def _overdue(promises: Sequence[PromiseFacts], unit: UnitFacts) -> Waiting | None:
    found = next((one for one in promises if one.late), None)
    return Waiting(found.words, f"/projects/teams/{unit.code}/promises/{found.pk}/") if found else None


def _nobodys(hindrances: Sequence[HindranceFacts], unit: UnitFacts) -> Waiting | None:
    found = min((one for one in hindrances if one.state == "open"), key=lambda one: one.said_on, default=None)
    return Waiting(found.words, f"/projects/teams/{unit.code}/hindrances/{found.pk}/") if found else None


def kept_of(text: str) -> Kept | None:
    """Read from an address what was stored a moment ago; anything else is nothing.

    >>> kept_of("promise-3-2").edition, kept_of("promise-3")
    (2, None)
    """
    found = re.fullmatch(r"(hindrance|promise|thanks)-(\d{1,15})-(\d{1,6})", text, re.ASCII)
    return Kept(found[1], int(found[2]), int(found[3])) if found else None
