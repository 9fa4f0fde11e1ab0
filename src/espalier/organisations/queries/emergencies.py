"""Emergency access as pages show it: what one asked for, what waits for one's answer, what was, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from espalier.access.deciding import anywhere, visible
from espalier.organisations.models import Emergency, Unit
from espalier.organisations.queries.holding import names_of_accounts
from espalier.organisations.queries.units import FACTS, UnitFacts, facts_of, units
from espalier.organisations.rules.emergencies import ASKED, RUNNING, Moments

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer

ASK, APPROVE = "emergency.ask", "emergency.approve"
HREF = "/admin-tools/emergency/"
_ROW = (
    "pk", "owner_id", "account_id", "name", "reason", "asked_at", "approved_by_id", "approved_at", "until", "ended_at", "ended_by_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmergencyFacts:
    """One request, and what became of it. state is a code of rules.emergencies."""

    pk: UUID
    unit: UnitFacts
    account_id: int
    name: str
    reason: str
    asked_at: datetime
    approved_by: str
    approved_at: datetime | None
    until: datetime | None
    ended_at: datetime | None
    ended_by: str
    state: str
    is_own: bool
    may_answer: bool


@dataclass(frozen=True, slots=True)
class EmergencyPage:
    """What one person sees of it."""

    open: tuple[EmergencyFacts, ...]
    past: tuple[EmergencyFacts, ...]
    places: tuple[UnitFacts, ...]
    may_ask: bool
    more: bool


MOST = 100


def emergency_page(*, viewer: Viewer, at: datetime) -> EmergencyPage:
    """Return what runs or waits, what was, and where the viewer may ask. Rows are those the database shows them."""
    rows = list(Emergency.objects.order_by("-asked_at").values_list(*_ROW)[: MOST + 1])
    found = _facts(viewer, rows[:MOST], at)
    is_open = [one for one in found if one.state in {ASKED, RUNNING}]
    past = tuple(one for one in found if one not in is_open)
    return EmergencyPage(tuple(is_open), past, places_to_ask(viewer=viewer), bool(anywhere(viewer=viewer, do=ASK)), len(rows) > MOST)


def emergency(*, viewer: Viewer, pk: UUID, at: datetime) -> EmergencyFacts | None:
    """Return one of those the viewer sees."""
    found = _facts(viewer, list(Emergency.objects.filter(pk=pk).values_list(*_ROW)), at)
    return found[0] if found else None


def running(*, viewer: Viewer, at: datetime) -> tuple[EmergencyFacts, ...]:
    """Return the viewer's own that run now."""
    rows = list(Emergency.objects.filter(account_id=viewer.account_id or 0, until__gt=at, ended_at=None).values_list(*_ROW))
    return tuple(one for one in _facts(viewer, rows, at) if one.state == RUNNING)


def places_to_ask(*, viewer: Viewer) -> tuple[UnitFacts, ...]:
    """Return the organisations into which the viewer may ask to look."""
    if not anywhere(viewer=viewer, do=ASK):
        return ()
    inside = Unit.objects.filter(pk__in=visible(viewer=viewer, do=ASK), kind__is_organisation=True, closed_on=None)
    return tuple(facts_of(inside.order_by("name", "code").values_list(*FACTS)[:2000]))


def _facts(viewer: Viewer, rows: list[tuple[Any, ...]], at: datetime) -> list[EmergencyFacts]:
    places = units(viewer=viewer, pks={row[1] for row in rows})
    names = names_of_accounts(viewer=viewer, accounts={account for row in rows for account in (row[6], row[10])})
    mine = visible(viewer=viewer, do=APPROVE) if rows else frozenset()
    found = []
    for pk, owner, account, name, reason, asked, approved_by, approved, until, ended, ended_by in rows:
        state, own = Moments(asked, approved, until, ended).state(at), account == viewer.account_id
        found.append(EmergencyFacts(
            pk, places[owner], account, name, reason, asked, names.get(approved_by, ""), approved, until, ended, names.get(ended_by, ""),
            state, is_own=own, may_answer=state == ASKED and not own and owner in mine,
        ))  # fmt: skip
    return found
