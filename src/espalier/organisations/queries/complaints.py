"""Complaints about data: the list of who answers them, one's own, and the one that a receipt opens."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from espalier.access.deciding import anywhere, visible
from espalier.common.errors import NotFoundHere
from espalier.organisations.models import Complaint, Unit
from espalier.organisations.rules.receipts import mark_of, tidy_number

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer

ANSWER = "complaints.answer"
ALERT, LIMIT = timedelta(days=20), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """A complaint and where it stands."""

    pk: UUID
    number: str
    owner_id: int | None
    name: str
    email: str
    words: str
    sent_at: datetime
    acknowledged_at: datetime | None
    answer: str
    answered_at: datetime | None

    @property
    def href(self) -> str:
        """Its page for who answers."""
        return f"/admin-tools/complaints/{self.pk}/"

    @property
    def due_on(self) -> date:
        """The last day on which an answer is in time."""
        return timezone.localdate(self.sent_at + LIMIT)

    def days(self, at: datetime) -> int:
        """How many whole days ago it came."""
        return (at - self.sent_at).days

    def is_late(self, at: datetime) -> bool:
        """Whether day 30 has passed without an answer."""
        return self.answered_at is None and at - self.sent_at > LIMIT

    def is_pressing(self, at: datetime) -> bool:
        """Whether day 20 has come without an answer."""
        return self.answered_at is None and at - self.sent_at >= ALERT


_FACTS = tuple(one.name for one in fields(ComplaintFacts))

_BY_RECEIPT = f"SELECT id, {', '.join(_FACTS[1:])} FROM organisations_complaint_by(%s, %s)"  # noqa: S608  the names of our own fields


def may_answer_somewhere(*, viewer: Viewer) -> Decision:
    """Whether the viewer answers complaints of any organisation."""
    return anywhere(viewer=viewer, do=ANSWER)


def complaints(*, viewer: Viewer) -> tuple[ComplaintFacts, ...]:
    """List what the viewer answers: open ones first, the oldest of them at the top."""
    places = visible(viewer=viewer, do=ANSWER)
    if not places:
        return ()
    rows = Complaint.objects.order_by("answered_at", "sent_at").values_list(*_FACTS)[:500]
    found = [ComplaintFacts(*row) for row in rows]
    mine = [one for one in found if one.owner_id is None or one.owner_id in places]
    return tuple(sorted(mine, key=lambda one: (one.answered_at is not None, one.sent_at)))


def complaint(*, viewer: Viewer, pk: UUID) -> ComplaintFacts:
    """Return one that the viewer answers."""
    row = Complaint.objects.filter(pk=pk).values_list(*_FACTS).first()
    found = ComplaintFacts(*row) if row else None
    places = visible(viewer=viewer, do=ANSWER)
    if found is None or not places or (found.owner_id is not None and found.owner_id not in places):
        raise NotFoundHere("There is no such complaint.")
    return found


def own_complaints(*, viewer: Viewer) -> tuple[ComplaintFacts, ...]:
    """List what the viewer sent while signed in, the newest first."""
    if viewer.is_visitor:
        return ()
    rows = Complaint.objects.filter(account_id=viewer.account_id).order_by("-sent_at").values_list(*_FACTS)[:20]
    return tuple(ComplaintFacts(*row) for row in rows)


def by_receipt(*, number: str, words: str) -> ComplaintFacts | None:
    """Return the complaint of a receipt; number and words must both be right, however they were typed."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_RECEIPT, [tidy_number(number), mark_of(words)])
        row = cursor.fetchone()
    return ComplaintFacts(*row) if row else None


def names_of(found: tuple[ComplaintFacts, ...]) -> dict[int | None, str]:
    """Return what the organisations that complaints are about are called."""
    known = Unit.objects.filter(pk__in={one.owner_id for one in found if one.owner_id})
    return {None: "This Espalier as a whole", **dict(known.values_list("pk", "name"))}
