"""What hangs on a place: the one small shape in which each room says it before a place is moved, merged, closed or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Affected:
    """So many things of one sort: numbers and words, never names, so that a preview betrays nobody.

    becomes says in one sentence what happens to them when a place changes.
    """

    one: str
    many: str
    number: int
    becomes: str = ""


class Room(Protocol):
    """What a room offers as queries.affected: one question to the database, whoever asks, whatever they may see."""

    def __call__(self, *, viewer: Any, unit_ids: Collection[int], on: date | None) -> tuple[Affected, ...]:
        """Count what hangs on these units from a day on; on=None counts all there ever was."""


_rooms: dict[str, Room] = {}
_nothing: dict[str, str] = {}


def fill(*, rooms: Mapping[str, Room], nothing: Mapping[str, str]) -> None:
    """Say which rooms count something, and why the others have nothing to count. A test finds a room in neither."""
    _rooms.clear()
    _rooms.update(rooms)
    _nothing.clear()
    _nothing.update(nothing)


def rooms() -> Mapping[str, Room]:
    """Return the rooms that count."""
    return _rooms


def nothing() -> Mapping[str, str]:
    """Return the rooms in which nothing hangs on a place, each with the reason."""
    return _nothing


def gather(*, viewer: Any, unit_ids: Collection[int], on: date | None) -> tuple[Affected, ...]:
    """Ask every room."""
    return tuple(one for room in _rooms.values() for one in room(viewer=viewer, unit_ids=unit_ids, on=on) if one.number)
