"""Write down what happened, in the same transaction as what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from espalier.audit.models import Event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Actor(Protocol):
    """Whoever acts; the rooms of this line do not know each other, so a Viewer is known here by its number only."""

    @property
    def account_id(self) -> int | None: ...


def record(
    *,
    actor: Actor,
    verb: str,
    object_kind: str,
    object_id: str | tuple[str, ...],
    at: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one event, or one for each of several objects to which the same happened at once.

    If the transaction is rolled back the event goes with it: nothing happened, nothing is recorded.
    """
    each = (object_id,) if isinstance(object_id, str) else object_id
    Event.objects.bulk_create(
        (
            Event(account_id=actor.account_id, verb=verb, object_kind=object_kind, object_id=one, at=at, detail=dict(detail or {}))
            for one in each
        ),
        batch_size=2000,
    )
