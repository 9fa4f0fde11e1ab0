"""Looks at records about a person: noted while the page is made, written after it, whatever became of its transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Look:
    """Which record of which person was shown. Only that, never what stood in it."""

    object_kind: str
    object_id: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something else that must outlive the transaction of its page: a failed sign-in, a lock-out."""

    verb: str
    object_kind: str
    object_id: str
    detail: Mapping[str, object] = field(default_factory=dict)


def looked(request: HttpRequest, *, object_kind: str, object_id: str, person_id: int | None = None) -> None:
    """Note that this page shows somebody's sensitive record; the outer middleware writes it down."""
    noted: list[Look] = getattr(request, "looks", [])
    request.looks = [*noted, Look(object_kind, object_id, person_id)]  # type: ignore[attr-defined]


def noted(request: HttpRequest, note: Note) -> None:
    """Note something that the outer middleware writes down, with where it came from."""
    before: list[Note] = getattr(request, "notes", [])
    request.notes = [*before, note]  # type: ignore[attr-defined]
