"""Projects as far as a viewer may see them: row-level security decides which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, F, Func, OuterRef, Subquery
from django.db.models.functions import JSONObject

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.models import Cycle, Member, Place, Project, Typed

if TYPE_CHECKING:
    from datetime import date

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

ALL = Suggestion("All projects", "/projects/")
MOST = 200


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody who takes part; name is "" for whoever may not see it."""

    account_id: int
    name: str
    role: str
    since: datetime


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """Another place that a project happens at; pk is of its being named."""

    pk: int
    code: str
    name: str

    @property
    def href(self) -> str:
        """Its page."""
        return f"/units/{self.code}/"


@dataclass(frozen=True, slots=True)
class FromRegister:
    """What an old register says of a project, as it was kept."""

    said: dict[str, Any]
    at: datetime  # when its newest file was stored
    mine: bool  # the viewer brought it in, and is of the organisation still
    tests: int


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project as it stands, and what the viewer may do with it."""

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
    patient_would: str
    state: str
    why_stopped: str
    method: str
    open_to: str
    programme_id: int | None
    supports: float
    weighed: dict[str, Any] | None  # the facts that rests on
    said: float | None
    said_why: str
    begun_at: datetime
    changed_at: datetime
    ended_on: date | None
    version: int
    members: tuple[Part, ...]
    places: tuple[OtherPlace, ...]
    register: FromRegister | None  # what an old register says of it; None where it was begun here
    my_role: str  # "" for whoever takes no part
    may_change: Decision
    may_lead: Decision
    may_arrange: Decision  # who takes part, who reads it, how it stands: also whoever looks after it

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/{self.pk}/"


COLUMNS = (
    "pk", "title", "owner_id", "aim_what", "aim_from", "aim_to", "aim_unit", "aim_by", "aim_for", "patient_would", "state", "why_stopped",
    "method", "open_to", "programme_id", "supports", "weighed", "said", "said_why", "begun_at", "changed_at", "ended_on", "version",
)  # fmt: skip


# As the rows themselves ask (0075_typed): nobody is told that they may what the rows then refuse.
BROUGHT = Func(F("pk"), template="%(expressions)s = ANY (projects_brought())", output_field=BooleanField())


def project(*, viewer: Viewer, pk: int) -> ProjectFacts:
    """Return one project; one that does not exist and one the viewer may not see are answered alike."""
    standing = Member.objects.filter(project_id=OuterRef("pk"), until=None).order_by("since", "pk")
    named = organisations.name_of(viewer=viewer, account=OuterRef("account_id"))
    people = ArraySubquery(standing.values_list(JSONObject(account="account_id", role="role", since="since", name=named)))
    other = organisations.numbered(OuterRef("unit_id"))
    elsewhere = Place.objects.filter(project_id=OuterRef("pk")).annotate(
        code=Subquery(other.values("code")), name=Subquery(other.values("name"))
    )
    places = ArraySubquery(elsewhere.order_by("name", "code").values_list(JSONObject(pk="pk", code="code", name="name")))
    tests = Cycle.objects.filter(project_id=OuterRef("project_id"), typed=True).values("project_id").annotate(n=Count("pk")).values("n")
    facts = JSONObject(said="said", at="at", tests=Subquery(tests))
    typed = Subquery(Typed.objects.filter(project_id=OuterRef("pk")).values(facts=facts)[:1])
    row = (
        Project.objects.filter(pk=pk)
        .annotate(people=people, other=places, typed=typed, brought=BROUGHT)
        .values("unit_id", "people", "other", "typed", "brought", *COLUMNS)
        .first()
    )
    if row is None:
        raise NotFoundHere("There is no such project, or it is not open to you.", suggestions=(ALL,))
    unit_id = row.pop("unit_id")
    members, others = _members(row.pop("people")), tuple(OtherPlace(**one) for one in row.pop("other"))
    mine = next((one.role for one in members if one.account_id == viewer.account_id), "")
    register = _register(row.pop("typed"), mine=row.pop("brought"))
    looks_after = register is not None and register.mine and not any(one.role == "leader" for one in members)
    return ProjectFacts(
        unit=organisations.units(viewer=viewer, pks=[unit_id])[unit_id], members=members, places=others, my_role=mine,
        may_change=permissions.may_change(viewer=viewer, my_role=mine),
        may_lead=permissions.may_lead(viewer=viewer, my_role=mine),
        may_arrange=permissions.may_arrange(viewer=viewer, my_role=mine, looks_after=looks_after), register=register, **row,
    )  # fmt: skip


def _register(kept: dict[str, Any] | None, *, mine: bool) -> FromRegister | None:
    if kept is None:
        return None
    return FromRegister(kept["said"], datetime.fromisoformat(kept["at"]), mine, kept["tests"] or 0)


def _members(rows: list[dict[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(row["account"], row["name"] or "", row["role"], datetime.fromisoformat(row["since"])) for row in rows)


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in a list."""

    pk: int
    title: str
    state: str
    supports: float
    open_to: str
    changed_at: datetime
    code: str
    place: str

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/{self.pk}/"


def projects(*, viewer: Viewer, limit: int = MOST) -> tuple[ProjectLine, ...]:
    """Return the projects a viewer may see, those changed last first."""
    del viewer
    there = organisations.numbered(OuterRef("unit_id"))
    rows = Project.objects.annotate(code=Subquery(there.values("code")), place=Subquery(there.values("name")))
    rows = rows.order_by("-changed_at", "-pk")
    return tuple(
        ProjectLine(*row) for row in rows.values_list("pk", "title", "state", "supports", "open_to", "changed_at", "code", "place")[:limit]
    )
