"""What staff systems have told us: for the systems themselves, and for the page of who connects them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q

from espalier.access import connections
from espalier.access.deciding import anywhere, visible
from espalier.access.roles import all_roles
from espalier.common.errors import NotFoundHere
from espalier.organisations.models import Connected, Person, Unit
from espalier.organisations.queries.units import FACTS, UnitFacts, facts_of
from espalier.organisations.rules.scim import Compare, Filter, Kind, ScimProblem, matches, read_filter, read_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer

CONNECT = "connections.change"
MOST, LATELY = 200, 20  # of one answer; of the page
INDEXED = {"userName": "key", "displayName": "key", "externalId": "external_id", "id": "pk"}


@dataclass(frozen=True, slots=True)
class Told:
    """One user or group, as it is told back."""

    pk: UUID
    kind: str
    document: Mapping[str, Any]
    version: int
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of a list, and how many there are in all."""

    total: int
    start: int
    rows: tuple[Told, ...]


_TOLD = ("pk", "kind", "document", "version", "made_at", "changed_at")


@cache
def scim_kinds() -> tuple[dict[str, Kind], tuple[dict[str, Any], ...]]:
    """Return what a staff system can tell us, and the schemas as published."""
    return read_kinds(settings.CONTENT_DIR)


def told(row: Connected) -> Told:
    """Return a row as it is told back."""
    return Told(*(getattr(row, name) for name in _TOLD))


def one_told(*, viewer: Viewer, owner_id: int, kind: str, pk: UUID) -> Told:
    """Return a user or group of the organisation; another organisation's is answered as one that never was."""
    del viewer
    row = Connected.objects.filter(pk=pk, owner_id=owner_id, kind=kind, removed_at=None).values_list(*_TOLD).first()
    if row is None:
        raise ScimProblem(f"There is no {kind.lower()} with this id.", status=404)
    return Told(*row)


def list_told(*, viewer: Viewer, owner_id: int, kinds: tuple[str, ...], text: str, start: int, count: int) -> Answer:
    """Return users or groups in the order they came, a page of them; a filter by name or id is one look into an index."""
    del viewer
    start, count = max(start, 1), min(max(count, 0), MOST)
    rows = Connected.objects.filter(owner_id=owner_id, kind__in=kinds, removed_at=None).order_by("made_at", "pk")
    if not text:
        found = tuple(Told(*row) for row in rows.values_list(*_TOLD)[start - 1 : start - 1 + count])
        return Answer(rows.count(), start, found)
    wanted = _filters(text, kinds)
    for one in wanted.values():
        if isinstance(one, Compare) and one.operator == "eq" and isinstance(one.value, str) and one.spot.attribute and not one.spot.inside:
            rows = _narrowed(rows, one.spot.attribute.name, one.value) if not one.spot.extension else rows
    kept = [one for one in (Told(*row) for row in rows.values_list(*_TOLD)) if one.kind in wanted and matches(wanted[one.kind], whole(one))]
    return Answer(len(kept), start, tuple(kept[start - 1 : start - 1 + count]))


def _filters(text: str, kinds: tuple[str, ...]) -> dict[str, Filter]:
    """Read the filter for each kind; of several kinds, one that has no such attribute simply has nothing to show."""
    found: dict[str, Filter] = {}
    for kind in kinds:
        try:
            found[kind] = read_filter(text, scim_kinds()[0][kind])
        except ScimProblem:
            if kind == kinds[-1] and not found:
                raise
    return found


def _narrowed(rows: Any, name: str, value: str) -> Any:
    column = INDEXED.get(name)
    if column == "key":
        return rows.filter(key=value.casefold()[:1000])
    return rows.filter(external_id=value) if column == "external_id" else rows


def whole(one: Told) -> dict[str, Any]:
    """Return a document with what is ours to say of it, for filters."""
    return {**one.document, "id": str(one.pk), "meta": {"resourceType": one.kind, "created": one.made_at.isoformat(),
            "lastModified": one.changed_at.isoformat(), "version": f'W/"{one.version}"'}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group, and the role it stands for."""

    pk: UUID
    owner_id: int
    name: str
    members: int
    role: str
    role_name: str
    unit: UnitFacts | None
    by_hand: bool
    said: str
    version: int


@dataclass(frozen=True, slots=True)
class Lately:
    """Something that came in lately."""

    kind: str
    name: str
    version: int
    is_active: bool
    is_gone: bool
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ConnectionsPage:
    """The connections of the organisations whose connections the viewer may change, and what came in by them."""

    organisations: tuple[UnitFacts, ...]
    working: tuple[connections.ConnectionFacts, ...]
    ended: tuple[connections.ConnectionFacts, ...]
    groups: tuple[GroupFacts, ...]
    lately: tuple[Lately, ...]
    active: int
    left: int
    names: Mapping[int, str] = field(default_factory=dict)  # of who made each, by account

    def organisation(self, pk: int) -> str:
        """Return what an organisation is called."""
        return next((one.name for one in self.organisations if one.pk == pk), "")


def connections_page(*, viewer: Viewer) -> ConnectionsPage:
    """Gather the page; somebody who may change no connection anywhere is told so."""
    if not (decision := anywhere(viewer=viewer, do=CONNECT)):
        raise PermissionDenied(decision.reason)
    found = Unit.objects.filter(pk__in=visible(viewer=viewer, do=CONNECT), kind__is_organisation=True, closed_on=None).order_by("name")
    ours = tuple(facts_of(found.values_list(*FACTS)))
    owners = [one.pk for one in ours]
    several = connections.of(owner_ids=owners)
    counted = Connected.objects.filter(owner_id__in=owners, kind="User").aggregate(
        active=Count("pk", filter=Q(is_active=True)), left=Count("pk", filter=Q(is_active=False))
    )
    return ConnectionsPage(
        organisations=ours, working=tuple(one for one in several if one.stopped_at is None),
        ended=tuple(one for one in several if one.stopped_at is not None), groups=_groups(owners), lately=_lately(owners), **counted,
        names=dict(Person.objects.filter(account_id__in=[one.made_by_id for one in several]).values_list("account_id", "name")),
    )  # fmt: skip


def group_to_map(*, viewer: Viewer, pk: UUID) -> tuple[GroupFacts, tuple[UnitFacts, ...]]:
    """Return a group, and the places of its organisation for which it can stand for a role."""
    may = visible(viewer=viewer, do=CONNECT)
    owner_id = Connected.objects.filter(pk=pk, kind="Group", removed_at=None).values_list("owner_id", flat=True).first()
    if owner_id is None or owner_id not in may:
        raise NotFoundHere("There is no such group.")
    group = next(one for one in _groups([owner_id]) if one.pk == pk)
    below = Unit.objects.filter(pk__in=may, closed_on=None).extra(
        where=["id IN (SELECT unit_id FROM organisations_below WHERE ancestor_id = %s AND since <= current_date AND until > current_date)"],
        params=[owner_id],
    )
    return group, tuple(facts_of(below.order_by("kind__rank", "name").values_list(*FACTS)[:2000]))


def _groups(owners: list[int]) -> tuple[GroupFacts, ...]:
    rows = Connected.objects.filter(owner_id__in=owners, kind="Group", removed_at=None).order_by("key")[:500]
    found = Unit.objects.filter(pk__in={row.unit_id for row in rows if row.unit_id})
    places = {unit.pk: unit for unit in facts_of(found.values_list(*FACTS))}
    roles = all_roles().roles
    return tuple(
        GroupFacts(
            row.pk, row.owner_id, str(row.document["displayName"]), len(row.document.get("members") or ()), row.role,
            roles[row.role].name if row.role in roles else "", places.get(row.unit_id or 0), row.mapped_by_id is not None, row.said,
            row.version,
        )
        for row in rows
    )  # fmt: skip


def _lately(owners: list[int]) -> tuple[Lately, ...]:
    rows = Connected.objects.filter(owner_id__in=owners).order_by("-changed_at", "-pk")[:LATELY]
    return tuple(
        Lately(
            row.kind, str(row.document.get("displayName") or row.document.get("userName") or ""), row.version, row.is_active,
            row.removed_at is not None, row.said, row.changed_at,
        )
        for row in rows
    )  # fmt: skip
