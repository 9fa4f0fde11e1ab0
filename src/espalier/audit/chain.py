"""The chain of hashes: how an event becomes bytes, how a link is made, and what is wrong with a chain that was tampered with.

Pure: no database, no clock. A chain alone shows an edit, a removal, an insertion or another order. It cannot show that its
end was cut off, or that all of it was made anew: for that its head must be known outside (see heads).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

FORM = 1  # which fields an event's bytes are made of, in which order
BEGINNING = "0" * 64  # what the first link is chained to
FIELDS = ("id", "at", "account_id", "verb", "object_kind", "object_id", "detail", "owner_id", "about_id", "way", "place")
EDITED, DELETED, BROKEN, GAP, UNKNOWN = "edited", "deleted", "broken", "gap", "inserted"
CUT, REPLACED, FORGED, LATE = "cut", "replaced", "forged", "late"


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it is stored, with the digest of its event as the event is now; None where the event is gone."""

    sequence: int
    event_id: str
    digest: str
    chain: str
    at: datetime
    now: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain stood at a moment. Kept outside, it tells whether the chain of later still holds that moment."""

    sequence: int
    chain: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: what, at which link (0: no link), and of which event."""

    what: str
    sequence: int
    event_id: str = ""


def canonical(event: Mapping[str, object]) -> bytes:
    """Return the bytes of an event: the same whenever, wherever and by whichever program they are made."""
    at: datetime = event["at"]  # type: ignore[assignment]
    values = [FORM, str(event["id"]), at.astimezone(UTC).isoformat(timespec="microseconds"), *(event[name] for name in FIELDS[2:])]
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(event: Mapping[str, object]) -> str:
    """Return the hash of one event."""
    return hashlib.sha256(canonical(event)).hexdigest()


def chained(before: str, sequence: int, event_id: str, digest: str) -> str:
    """Return the hash of a link: of the one before, its place, its event, and what the event said.

    >>> chained(BEGINNING, 1, "a", "b") == chained(BEGINNING, 2, "a", "b")
    False
    """
    return hashlib.sha256(f"{before}|{sequence}|{event_id}|{digest}".encode()).hexdigest()


class Checker:
    """Walk a chain from its beginning, in as many pieces as is convenient, and gather what is wrong.

    After a broken link it goes on from what is stored, so that one wound is one finding and not one for each link after it.
    """

    def __init__(self, heads: Sequence[Head] = (), gone_before: datetime | None = None) -> None:
        """Take heads kept outside, and the moment before whose seals events may lawfully be gone; of those only the seals are walked."""
        self.findings: list[Finding] = []
        self.last = Head(0, BEGINNING)
        self._heads = {head.sequence: head.chain for head in heads}
        self._gone_before = gone_before

    def walk(self, links: Iterable[Link]) -> None:
        """Take the next links, in the order of their numbers."""
        for link in links:
            self._one(link)
            self.last = Head(link.sequence, link.chain, link.at.isoformat())

    def _one(self, link: Link) -> None:
        if link.sequence != self.last.sequence + 1:
            self.findings.append(Finding(GAP, link.sequence, link.event_id))
        if link.chain != chained(self.last.chain, link.sequence, link.event_id, link.digest):
            self.findings.append(Finding(BROKEN, link.sequence, link.event_id))
        if self._lawfully_gone(link):
            pass  # the seal stays and is chained, only the event has gone
        elif link.now is None or not link.digest:
            self.findings.append(Finding(DELETED, link.sequence, link.event_id))
        elif link.now != link.digest:
            self.findings.append(Finding(EDITED, link.sequence, link.event_id))
        if self._heads.pop(link.sequence, link.chain) != link.chain:
            self.findings.append(Finding(REPLACED, link.sequence, link.event_id))

    def _lawfully_gone(self, link: Link) -> bool:
        return bool(link.now is None and link.digest and self._gone_before and link.at < self._gone_before)

    def end(self) -> list[Finding]:
        """Return what is wrong, once all links were walked: a head beyond the last link means that the end is cut off."""
        beyond = [sequence for sequence in self._heads if sequence > self.last.sequence]
        return self.findings + [Finding(CUT, sequence) for sequence in sorted(beyond)]
