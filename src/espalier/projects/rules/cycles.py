"""Tests of change without a database: where one stands, which ramp it belongs to, and what a box of its page holds. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

PLANNED, RUNNING, STUDYING, DONE = "planned", "running", "studying", "done"
DECISIONS = ("adopt", "adapt", "abandon")
# What each of the four boxes of the page may change.
BOXES = {
    "plan": ("title", "prediction", "predicted", "predicted_low", "predicted_high", "counted_id", "who", "place", "starts_on"),
    "do": ("happened", "ends_on"),
    "study": ("learned",),
    "act": ("decision",),
}
# What says together what was expected, and of what: none of it changes any more once a test is over.
FORESEEN = ("prediction", "predicted", "predicted_low", "predicted_high", "counted_id")
AFTER = {"adopt": "adopted", "adapt": "adapted", "abandon": "abandoned"}  # what becomes of the change idea


def stage(*, starts_on: date, ends_on: date | None, decision: str, today: date) -> str:
    """Say where a test stands. Its days say so, not a button: nobody has to remember to press "start".

    >>> from datetime import date
    >>> stage(starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 9), decision="", today=date(2026, 3, 10))
    'studying'
    """
    if decision:
        return DONE
    if starts_on > today:
        return PLANNED
    return STUDYING if ends_on is not None and ends_on < today else RUNNING


def settled(*, state: str, typed: bool) -> bool:
    """Say whether what was expected of a test stays as it is: its figures can be seen. What came from elsewhere is never scored."""
    return state in {STUDYING, DONE} and not typed


def seen_of(box: str, values: Mapping[str, Any]) -> str:
    """Return a short sign of what a box holds: two people writing in two boxes are never in each other's way."""
    words = "\x1f".join(f"{name}={_plain(values[name])}" for name in BOXES[box])
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _plain(value: Any) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value).replace("\r\n", "\n").strip()


@dataclass(frozen=True, slots=True)
class Link:
    """A test, and the one it goes on from."""

    pk: int
    follows: int | None


def ramps(links: Sequence[Link]) -> tuple[tuple[int, ...], ...]:
    """Put tests into ramps, each from its first on, in the order given. One that follows an unknown test begins a ramp.

    Two tests may go on from the same one: both belong to its ramp, since they began from what it taught.

    >>> ramps([Link(1, None), Link(2, 1), Link(3, None), Link(4, 2)])
    ((1, 2, 4), (3,))
    """
    follows = {one.pk: one.follows for one in links}
    chains: dict[int, list[int]] = {}
    for one in links:
        chains.setdefault(_first(one.pk, follows), []).append(one.pk)
    return tuple(tuple(chain) for chain in chains.values())


def _first(pk: int, follows: Mapping[int, int | None]) -> int:
    seen = {pk}
    while (before := follows.get(pk)) is not None and before in follows and before not in seen:
        seen.add(before)
        pk = before
    return min(seen) if before in seen else pk


def next_free(numbers: Iterable[int]) -> int:
    """Return the number of a new test."""
    return max(numbers, default=0) + 1
