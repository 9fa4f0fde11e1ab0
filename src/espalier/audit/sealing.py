"""Seal what was committed: each minute the waiting events become links of the chain.

Not in the transaction of what happened: everybody would queue behind a long import. What a long transaction adds late is
sealed late, in its turn: the order of the chain is the order in which events were sealed, and nothing is left out because
its time has passed. The app role may add a link and change none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from espalier.audit.chain import BEGINNING, FIELDS, LATE, UNKNOWN, Checker, Finding, Head, Link, chained, digest_of
from espalier.audit.models import Event, Seal, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

AT_ONCE = 5000
LOCK = 0x45535041  # one sealer at a time: two would make two ends of one chain
LATE_AFTER = timedelta(days=1)  # an event sealed so long after its own time was put in by another way than ours
WAITS_AT_MOST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Verified:
    """What looking through the whole log found."""

    head: Head
    sealed: int
    waiting: int
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was tampered with, as far as this can tell. A late seal is no proof: perhaps no worker ran."""
        return all(one.what == LATE for one in self.findings)

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """What was tampered with."""
        return tuple(one for one in self.findings if one.what != LATE)

    @property
    def late(self) -> int:
        """How many events were sealed, or still wait, more than a day after their own time."""
        return len(self.findings) - len(self.wrong)


def head() -> Head:
    """Return where the chain stands."""
    last = Seal.objects.order_by("-sequence").first()
    return Head(last.sequence, last.chain, last.at.isoformat()) if last else Head(0, BEGINNING)


def waiting() -> int:
    """Return how many events wait for their seal."""
    return Waiting.objects.count()


@transaction.atomic
def seal(*, at: datetime, most: int = AT_ONCE) -> int:
    """Seal the events that have waited longest and return how many; run as an account that may read every event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    listed = list(Waiting.objects.order_by("pk")[:most])
    done = set(Seal.objects.filter(event_id__in=[one.event_id for one in listed]).values_list("event_id", flat=True))
    new = list(dict.fromkeys(one.event_id for one in listed if one.event_id not in done))
    digests, last = _digests(new), head()
    links = []
    for event_id in new:
        digest = digests.get(event_id, "")
        last = Head(last.sequence + 1, chained(last.chain, last.sequence + 1, str(event_id), digest))
        links.append(Seal(sequence=last.sequence, event_id=event_id, digest=digest, chain=last.chain, at=at))
    Seal.objects.bulk_create(links, batch_size=2000)
    Waiting.objects.filter(pk__in=[one.pk for one in listed]).delete()
    return len(links)


def seal_all(*, at: datetime) -> int:
    """Seal until nothing waits and return how many; each step is its own transaction where none is open."""
    done = 0
    while step := seal(at=at):
        done += step
    return done


def verify(*, at: datetime, heads: Sequence[Head] = (), gone_before: datetime | None = None) -> Verified:
    """Look through the whole log: every link, every event, and whether it still holds the heads that are kept outside.

    gone_before: events sealed before then may be gone, because their time was over and they were cleared away.
    """
    checker = Checker(heads, gone_before)
    late: list[Finding] = []
    for piece in _pieces():
        checker.walk(link for link, _ in piece)
        late += [Finding(LATE, link.sequence, link.event_id) for link, of in piece if of and link.at - of > LATE_AFTER]
    unsealed = _without_seal()
    listed = set(Waiting.objects.values_list("event_id", flat=True))
    beside = [Finding(UNKNOWN, 0, str(pk)) for pk, _ in unsealed if pk not in listed]
    slow = [Finding(LATE, 0, str(pk)) for pk, of in unsealed if pk in listed and at - of > WAITS_AT_MOST + LATE_AFTER]
    findings = (*checker.end(), *late, *beside, *slow)
    return Verified(checker.last, checker.last.sequence, len(unsealed), findings)


def _digests(pks: Iterable[UUID]) -> dict[UUID, str]:
    return {event["id"]: digest_of(event) for event in Event.objects.filter(pk__in=list(pks)).values(*FIELDS)}


def _pieces() -> Iterator[list[tuple[Link, datetime | None]]]:
    """Give the chain in pieces that fit into memory, each link with the moment its event names."""
    after = 0
    while seals := list(Seal.objects.filter(sequence__gt=after).order_by("sequence")[:AT_ONCE]):
        events = {event["id"]: event for event in Event.objects.filter(pk__in=[one.event_id for one in seals]).values(*FIELDS)}
        piece = []
        for one in seals:
            event = events.get(one.event_id)
            link = Link(one.sequence, str(one.event_id), one.digest, one.chain, one.at, digest_of(event) if event else None)
            piece.append((link, event["at"] if event else None))
        yield piece
        after = seals[-1].sequence


def _without_seal() -> list[tuple[UUID, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.at FROM audit_event e LEFT JOIN audit_seal s ON s.event_id = e.id WHERE s.event_id IS NULL ORDER BY e.at"
        )
        return list(cursor.fetchall())
