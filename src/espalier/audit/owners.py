"""Which organisation an event concerns: asked of the room that knows the tree, joined in config/wiring.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class KnowsOwners(Protocol):
    """Says whose each object is; of one it does not know, the organisation of whoever acts."""

    def __call__(self, *, object_kind: str, object_ids: Collection[str], account_id: int | None) -> Mapping[str, int | None]: ...


_known: list[KnowsOwners] = []


def fill(knows: KnowsOwners) -> None:
    """Say who knows; filling it twice replaces the first."""
    _known[:] = [knows]


def owners_of(*, object_kind: str, object_ids: Collection[str], account_id: int | None) -> Mapping[str, int | None]:
    """Return the organisation of each object; nothing where nobody knows yet."""
    return _known[0](object_kind=object_kind, object_ids=object_ids, account_id=account_id) if _known else {}
