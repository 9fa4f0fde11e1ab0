"""What the pages of the log gather: which organisations' events the viewer may read, the events, and who did them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from espalier.access.deciding import anywhere, visible
from espalier.access.decisions import Decision
from espalier.audit import finding, heads, sealing
from espalier.common.cursors import UnableToContinue, after, cursor_of
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.access.viewer import Viewer
    from espalier.audit.finding import EventFacts
    from espalier.organisations.queries import UnitFacts

READ = "audit.read"
PAGE, FILE = 50, 20_000


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A part of the log."""

    rows: tuple[EventFacts, ...]
    names: Mapping[int, str]
    places: Mapping[int, UnitFacts]
    mine: tuple[UnitFacts, ...]
    everything: bool
    next: str
    sealed: int
    waiting: int
    addresses: Mapping[UUID, str]
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looks:
    """Who looked at one person's own records."""

    rows: tuple[EventFacts, ...]
    names: Mapping[int, str]
    own: int


def may_read_log(*, viewer: Viewer) -> Decision:
    """Whether the viewer may read the log of any organisation at all."""
    return anywhere(viewer=viewer, do=READ)


def may_see_emergencies(*, viewer: Viewer) -> Decision:
    """Whether emergency access is any business of the viewer's: who may ask for it, agree to it, or read what was done."""
    asks = anywhere(viewer=viewer, do="emergency.ask")
    return asks or anywhere(viewer=viewer, do="emergency.approve") or (may_read_log(viewer=viewer) and Decision(allowed=True)) or asks


def audit_page(
    *, viewer: Viewer, question: Mapping[str, str], days: tuple[datetime | None, datetime | None], whole: bool = False
) -> AuditPage:
    """Return the events that fit a question, the newest first; whole is for a file instead of a page."""
    mine = organisations.units(viewer=viewer, pks=visible(viewer=viewer, do=READ) & {held.unit_id for held in viewer.grants})
    everything = any(one.kind == "nation" for one in mine.values())
    chosen = {pk for pk, one in mine.items() if one.code == question.get("place")} or set(mine)
    accounts = organisations.accounts_of_names(viewer=viewer, text=question["who"]) if question.get("who") else None
    asked = finding.Asked(
        None if everything and not question.get("place") else chosen, accounts, question.get("thing", ""), question.get("did", ""), *days,
        unsealed=question.get("seal") == "waiting",
    )  # fmt: skip
    mark = {name: value for name, value in question.items() if name != "after"}
    place = _place(after(question.get("after"), mark, 2))
    rows = finding.events(asked, after=place, limit=FILE if whole else PAGE + 1)
    shown = rows if whole else rows[:PAGE]
    people = organisations.names_of_accounts(viewer=viewer, accounts={one.account_id for one in shown})
    owners = organisations.units(viewer=viewer, pks={one.owner_id for one in shown if one.owner_id} - set(mine))
    more = cursor_of(mark, [shown[-1].at.isoformat(), str(shown[-1].pk)]) if len(rows) > len(shown) else ""
    head = sealing.head()
    return AuditPage(
        shown, people, {**mine, **owners}, tuple(mine.values()), everything, more, head.sequence, sealing.waiting(),
        finding.addresses([one.pk for one in shown if one.verb in {"refused", "sign-in-failed", "locked-out"}]),
        () if whole else finding.verbs(),
    )  # fmt: skip


def _place(start: list[str] | None) -> tuple[datetime, UUID] | None:
    """Return the row after which a page begins."""
    try:
        return (datetime.fromisoformat(start[0]).astimezone(UTC), UUID(start[1])) if start else None
    except ValueError:
        raise UnableToContinue from None


def looks(*, viewer: Viewer) -> Looks:
    """Return who looked at the viewer's own records, without the viewer's own looks."""
    if viewer.person_id is None:
        return Looks((), {}, 0)
    found = finding.looks_at(viewer.person_id)
    others = tuple(one for one in found if one.account_id != viewer.account_id)
    return Looks(others, organisations.names_of_lookers(viewer=viewer) if others else {}, len(found) - len(others))


def head_of_log(*, viewer: Viewer) -> str:
    """Return the head as a file to keep elsewhere. It says how many events there are and nothing of them."""
    del viewer
    return heads.written(sealing.head(), settings.AUDIT_KEY)


def day_bounds(day: str, when: str, at: datetime) -> tuple[datetime | None, datetime | None]:
    """Return from when until when: one day in the country's own time, or the last so many days."""
    if day:
        start = timezone.make_aware(datetime.fromisoformat(day))
        return start, start + timedelta(days=1)
    return (at - timedelta(days=int(when)), None) if when.isdecimal() else (None, None)
