"""Read the log: events as pages show them, each with its seal. Row-level security and the caller both say which."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Left

from espalier.audit.models import Address, Event, Seal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. owners: those organisations only, None for all; accounts: None for anybody."""

    owners: Collection[int] | None
    accounts: Collection[int] | None = None
    thing: str = ""
    verb: str = ""
    since: datetime | None = None
    until: datetime | None = None
    unsealed: bool = False


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One event. sequence is its place in the chain; None while it waits for its seal."""

    pk: UUID
    at: datetime
    account_id: int | None
    verb: str
    object_kind: str
    object_id: str
    detail: Mapping[str, Any]
    owner_id: int | None
    about_id: int | None
    way: str
    place: str
    sequence: int | None
    mark: str


_FACTS = ("pk", "at", "account_id", "verb", "object_kind", "object_id", "detail", "owner_id", "about_id", "way", "place")


def events(asked: Asked, *, after: tuple[datetime, UUID] | None = None, limit: int = 50) -> tuple[EventFacts, ...]:
    """Return the newest events that fit, or those that follow one: the mark is a row, so new events shift nothing."""
    found = _found(asked)
    if after:
        found = found.filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    seal = Seal.objects.filter(event_id=OuterRef("pk"))
    found = found.annotate(sequence=Subquery(seal.values("sequence")[:1]), mark=Subquery(seal.values(m=Left("chain", 12))[:1]))
    if asked.unsealed:
        found = found.filter(sequence=None)
    rows = found.order_by("-at", "-pk").values_list(*_FACTS, "sequence", "mark")[:limit]
    return tuple(_facts(row) for row in rows)


def looks_at(person_id: int, *, limit: int = 200) -> tuple[EventFacts, ...]:
    """Return who looked at one person's records, the newest first."""
    rows = Event.objects.filter(about_id=person_id, verb="look").order_by("-at", "-pk").values_list(*_FACTS)[:limit]
    return tuple(_facts((*row, None, "")) for row in rows)


def addresses(pks: Collection[UUID]) -> dict[UUID, str]:
    """Return the network addresses that are still kept of some events."""
    return dict(Address.objects.filter(event_id__in=list(pks)).values_list("event_id", "address"))


def verbs() -> tuple[str, ...]:
    """Return every word of what was done that the viewer may read, in order."""
    return tuple(Event.objects.order_by("verb").values_list("verb", flat=True).distinct()[:200])


def _facts(row: tuple[Any, ...]) -> EventFacts:
    names = (field.name for field in fields(EventFacts))
    return EventFacts(**dict(zip(names, (*row[:-1], row[-1] or ""), strict=True)))


def _found(asked: Asked) -> QuerySet[Event]:
    found = Event.objects.all()
    if asked.owners is not None:
        found = found.filter(owner_id__in=list(asked.owners))
    if asked.accounts is not None:
        found = found.filter(account_id__in=list(asked.accounts))
    if asked.thing:
        found = found.filter(Q(object_id__icontains=asked.thing) | Q(object_kind=asked.thing))
    if asked.verb:
        found = found.filter(verb=asked.verb)
    if asked.since:
        found = found.filter(at__gte=asked.since)
    return found.filter(at__lt=asked.until) if asked.until else found
