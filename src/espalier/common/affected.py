"""What hangs on a place: the one small shape in which each room says it before a place is moved, merged, closed or deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection

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
    becomes: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Counting:
    """A room's question: an expression of SQL that gives an array of numbers, its parameters, and what each number counts."""

    sql: str
    parameters: tuple[Any, ...]
    counts: tuple[Affected, ...]  # their number is filled in by gather


class Room(Protocol):
    """What a room offers as queries.affected: its part of the one question that is asked, whoever asks, whatever they may see."""

    def __call__(self, *, viewer: Any, unit_ids: Collection[int], on: date | None) -> Counting:
        """Say how to count what hangs on these units from a day on; on=None counts all there ever was."""


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


def gather(*, viewer: Any, unit_ids: Collection[int], on: date | None, but: Collection[str] = ()) -> tuple[Affected, ...]:
    """Ask every room, in one statement; or every room but those named."""
    asked = [room(viewer=viewer, unit_ids=unit_ids, on=on) for name, room in _rooms.items() if name not in but]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(one.sql for one in asked), [value for one in asked for value in one.parameters])
        numbers = cursor.fetchone()
    counted = (pair for room, row in zip(asked, numbers, strict=True) for pair in zip(room.counts, row, strict=True))
    return tuple(replace(one, number=number) for one, number in counted if number)
