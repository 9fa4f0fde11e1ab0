"""Which organisation an event concerns: asked of the room that knows the tree, joined in config/wiring.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class KnowsOwners(Protocol):
    """Says whose each object is; of one it does not know, the organisation of whoever acts."""

    def __call__(self, *, object_kind: str, object_ids: Collection[str], account_id: int | None) -> Mapping[str, int | None]: ...


_known: list[KnowsOwners] = []
_asks: list[str] = []


def fill(knows: KnowsOwners, *, asks: str = "") -> None:
    """Say who knows, and how the database is asked within another statement; filling it twice replaces the first."""
    _known[:], _asks[:] = [knows], [asks] if asks else []


def owner_within(*, object_kind: str, object_id: str, account_id: int | None) -> RawSQL | None:
    """Return the question as a part of the statement that stores the event: one event then costs no statement more."""
    return RawSQL(_asks[0], (object_kind, object_id, account_id), output_field=IntegerField()) if _asks else None  # noqa: S611  our own words


def owners_of(*, object_kind: str, object_ids: Collection[str], account_id: int | None) -> Mapping[str, int | None]:
    """Return the organisation of each object; nothing where nobody knows yet."""
    return _known[0](object_kind=object_kind, object_ids=object_ids, account_id=account_id) if _known else {}
