"""The list of projects: searched, narrowed and cut into pages by the database; row-level security says which there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Subquery

from espalier.access.deciding import anywhere
from espalier.common.paging import Page, page_of
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.models import Member, Place, Project
from espalier.projects.models.projects import STATES
from espalier.projects.queries.projects import ProjectLine
from espalier.projects.rules.standing import MOVING, STILL_AFTER, is_still

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

A_PAGE = 20
LINE = ("pk", "title", "state", "supports", "open_to", "changed_at", "code", "place")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a list is narrowed, as it stands in the address."""

    text: str = ""
    state: str = ""
    place: str = ""
    still: bool = False
    mine: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is left out at all."""
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Listed:
    """One project in the list."""

    line: ProjectLine
    mine: bool
    still: bool


@dataclass(frozen=True, slots=True)
class ProjectsPage:
    """One page of the list."""

    lines: tuple[Listed, ...]
    page: Page
    wanted: Wanted
    place: UnitFacts | None  # the one asked for, where there is one
    unknown_place: bool
    may_start: bool
    may_look_over: bool  # whether there is a portfolio for them


def projects_page(*, viewer: Viewer, wanted: Wanted, page: str, at: datetime) -> ProjectsPage:
    """Return the projects a viewer may see that are wanted, those changed last first."""
    place = organisations.find(viewer=viewer, codes={wanted.place}).get(wanted.place) if wanted.place else None
    rows = _narrowed(viewer, wanted, place, at)
    which = page_of(page, size=A_PAGE, total=rows.count())
    there = organisations.numbered(OuterRef("unit_id"))
    rows = rows.annotate(code=Subquery(there.values("code")), place=Subquery(there.values("name")), mine=_mine(viewer))
    found = rows.order_by("-changed_at", "-pk").values_list(*LINE, "mine")[which.start : which.stop]
    lines = tuple(_listed(ProjectLine(*row[:-1]), at, mine=row[-1]) for row in found)
    may = bool(anywhere(viewer=viewer, do=permissions.START))
    over = bool(anywhere(viewer=viewer, do=permissions.SEE_PORTFOLIO))
    return ProjectsPage(lines, which, wanted, place, unknown_place=bool(wanted.place) and place is None, may_start=may, may_look_over=over)


def _listed(line: ProjectLine, at: datetime, *, mine: bool) -> Listed:
    return Listed(line, mine, is_still(state=line.state, changed_at=line.changed_at, at=at))


def _mine(viewer: Viewer) -> Exists:
    return Exists(Member.objects.filter(project_id=OuterRef("pk"), account_id=viewer.account_id or 0, until=None))


def _narrowed(viewer: Viewer, wanted: Wanted, place: UnitFacts | None, at: datetime) -> QuerySet[Project]:
    rows = Project.objects.all()
    if wanted.text:
        rows = rows.filter(Q(title__icontains=wanted.text) | Q(aim_what__icontains=wanted.text) | Q(aim_for__icontains=wanted.text))
    if wanted.state in STATES:
        rows = rows.filter(state=wanted.state)
    if place:
        below = organisations.below(viewer=viewer, unit_id=place.pk).values("unit_id")
        rows = rows.filter(Q(unit_id__in=below) | Q(pk__in=Place.objects.filter(unit_id__in=below).values("project_id")))
    elif wanted.place:
        rows = rows.none()
    if wanted.still:
        rows = rows.filter(state__in=MOVING, changed_at__lte=at - STILL_AFTER)
    return rows.filter(_mine(viewer)) if wanted.mine else rows
