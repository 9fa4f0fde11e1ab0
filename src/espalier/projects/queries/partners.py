"""What partners are asked, paid and thanked for: by themselves, and by the team. Rows decide who sees what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from espalier.common.errors import NotFoundHere
from espalier.organisations import queries as organisations
from espalier.projects.models import BecauseOf, Claim, Member, PartnerRole, PatientView, Project

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts

MOST = 100


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What a partner is asked in one project. All of it may still be empty."""

    asked: str = ""
    asked_by: str = ""
    takes: str = ""
    formats: tuple[str, ...] = ()
    next_what: str = ""
    next_on: date | None = None
    ring_name: str = ""
    ring_phone: str = ""
    expenses: str = ""
    payment: str = ""
    stopped_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Money asked for or offered."""

    pk: int
    project_id: int
    account_id: int
    kind: str
    pence: int
    on_day: date
    words: str
    state: str
    reason: str
    paid_on: date | None
    answered_at: datetime | None

    @property
    def by_team(self) -> bool:
        """Whether the team took its offer back. What a partner took back nobody had answered."""
        return self.state == "withdrawn" and self.answered_at is not None


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed because of a partner."""

    pk: int
    project_id: int
    account_id: int
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ViewOf:
    """A partner's answer to whether a patient would choose the measure."""

    project_id: int
    account_id: int
    says: str
    words: str


@dataclass(frozen=True, slots=True)
class Partnering:
    """One partner in one project, with all that the viewer may see of it. title is "" where the project is no longer open to them."""

    project_id: int
    title: str
    aim: str
    patient_would: str
    account_id: int
    name: str
    role: AskedOf
    claims: tuple[ClaimFacts, ...]
    because: tuple[Changed, ...]
    view: ViewOf | None
    has_stopped: bool  # they are no partner there today: they stopped, were taken out, or have another part now


T = TypeVar("T", ClaimFacts, Changed, ViewOf)
ROLE = (
    "asked", "asked_by", "takes", "formats", "next_what", "next_on", "ring_name", "ring_phone", "expenses", "payment", "stopped_at",
    "version",
)  # fmt: skip
CLAIM = ("pk", "project_id", "account_id", "kind", "pence", "on_day", "words", "state", "reason", "paid_on", "answered_at")


def my_parts(*, viewer: Viewer) -> tuple[Partnering, ...]:
    """Return every project in which the viewer takes part as a partner, or did: those they are in first."""
    if viewer.account_id is None:
        return ()
    me = viewer.account_id
    now = set(Member.objects.filter(account_id=me, role="partner", until=None).values_list("project_id", flat=True)[:MOST])
    roles = {(project, me): role for project, role in _roles(account_id=me)}
    keys = [(project, me) for project in sorted(now)] + [key for key in sorted(roles) if key[0] not in now]
    return _gathered(viewer, keys, roles, now={(project, me) for project in now}, of_one=me)


def partners_of(*, viewer: Viewer, project: ProjectFacts) -> tuple[Partnering, ...]:
    """Return the partners of one project, as its team sees them. Of money a partner sees their own, who leads or coaches it all."""
    roles = {(project.pk, account): role for account, role in _roles(project_id=project.pk)}
    now = [(project.pk, one.account_id) for one in project.members if one.role == "partner"]
    several = _gathered(viewer, now + [key for key in roles if key not in now], roles, now=set(now))
    if project.may_lead:
        return several
    return tuple(one if one.account_id == viewer.account_id else _without_money(one) for one in several)


def _without_money(one: Partnering) -> Partnering:
    return replace(one, role=replace(one.role, expenses="", payment=""), claims=())


def _roles(**which: int) -> list[tuple[int, AskedOf]]:
    other = "project_id" if "account_id" in which else "account_id"
    rows = PartnerRole.objects.filter(**which).values(other, *ROLE)[:MOST]
    return [(row.pop(other), AskedOf(**row | {"formats": tuple(row["formats"])})) for row in rows]


def _gathered(
    viewer: Viewer, keys: list[tuple[int, int]], roles: Mapping[tuple[int, int], AskedOf], *, now: Collection[tuple[int, int]],
    of_one: int | None = None,
) -> tuple[Partnering, ...]:  # fmt: skip
    """Put together what belongs to each partner in each project: one question for each kind of thing."""
    within = sorted({project for project, _ in keys})
    which: dict[str, object] = {"project_id__in": within}
    if of_one is not None:
        which["account_id"] = of_one
    about = {pk: rest for pk, *rest in Project.objects.filter(pk__in=within).values_list("pk", "title", "aim_what", "patient_would")}
    claims = _by_key(ClaimFacts(*row) for row in Claim.objects.filter(**which).order_by("-on_day", "-pk").values_list(*CLAIM)[:MOST])
    because = _by_key(_because(**which))
    views = _by_key(
        ViewOf(*row) for row in PatientView.objects.filter(**which).values_list("project_id", "account_id", "says", "words")[:MOST]
    )
    names = organisations.names_of_accounts(viewer=viewer, accounts=[account for _, account in keys])
    found = []
    for key in keys:
        role = roles.get(key, AskedOf())
        title, aim, would = about.get(key[0], ("", "", ""))
        found.append(Partnering(
            project_id=key[0], title=title, aim=aim, patient_would=would, account_id=key[1], name=names.get(key[1], ""),
            role=role, claims=tuple(claims[key]), because=tuple(because[key]),
            view=next(iter(views[key]), None), has_stopped=key not in now,
        ))  # fmt: skip
    return tuple(found)


def _by_key(several: Iterable[T]) -> dict[tuple[int, int], list[T]]:
    found: dict[tuple[int, int], list[T]] = defaultdict(list)
    for one in several:
        found[one.project_id, one.account_id].append(one)
    return found


def _because(**which: object) -> list[Changed]:
    rows = BecauseOf.objects.filter(removed_at=None, **which).order_by("-at", "-pk")
    return [Changed(*row) for row in rows.values_list("pk", "project_id", "account_id", "words", "at")[:MOST]]


def _because_of() -> ArraySubquery:
    """Return what `_because` does, along with a project."""
    rows = BecauseOf.objects.filter(removed_at=None, project_id=OuterRef("pk")).order_by("-at", "-pk")
    return ArraySubquery(rows.values_list(JSONObject(**{one.name: one.name for one in fields(Changed)}))[:MOST])


def partner_of(*, viewer: Viewer, project: ProjectFacts, account_id: int) -> Partnering:
    """Return one partner of a project."""
    found = next((one for one in partners_of(viewer=viewer, project=project) if one.account_id == account_id), None)
    if found is None:
        raise NotFoundHere("There is no such partner in this project.")
    return found


def my_part(*, viewer: Viewer, project_id: int) -> Partnering:
    """Return the viewer's own part in a project."""
    found = next((one for one in my_parts(viewer=viewer) if one.project_id == project_id), None)
    if found is None:
        raise NotFoundHere("You have no part in such a project.")
    return found


def claim(*, viewer: Viewer, pk: int, **of: int) -> ClaimFacts:
    """Return one claim that the viewer may see."""
    del viewer
    row = Claim.objects.filter(pk=pk, **of).values_list(*CLAIM).first()
    if row is None:
        raise NotFoundHere("There is no such claim, or it is not yours to see.")
    return ClaimFacts(*row)


@dataclass(frozen=True, slots=True)
class OverviewPartner:
    """The block about partners on a project's page."""

    names: tuple[str, ...]
    how_many: int
    because: tuple[Changed, ...]
    said_yes: int
    said_no: int
    is_me: bool
    may_see: bool
    href: str


def overview_partner(*, viewer: Viewer, project: ProjectFacts) -> OverviewPartner | None:
    """Return what a project's page says of its partners: who they are and what changed because of them."""
    del viewer
    there = [one for one in project.members if one.role == "partner"]
    views = PatientView.objects.filter(project_id=OuterRef("pk")).values("says")[:MOST]
    told = Project.objects.filter(pk=project.pk).values_list(_because_of(), ArraySubquery(views)).first()
    because, says = ([Changed(**one | {"at": datetime.fromisoformat(one["at"])}) for one in told[0]], told[1]) if told else ([], [])
    if not there and not because and not project.may_change:
        return None
    mine = project.my_role == "partner"
    return OverviewPartner(
        names=tuple(one.name for one in there if one.name), how_many=len(there), because=tuple(because[:3]), said_yes=says.count("yes"),
        said_no=says.count("no"), is_me=mine, may_see=bool(project.may_change),
        href="/projects/partner/" if mine else f"{project.href}partner/",
    )  # fmt: skip
