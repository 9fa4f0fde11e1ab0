"""Write down what happened, in the same transaction as what happened."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

from espalier.audit import owners, whence
from espalier.audit.differing import cleaned
from espalier.audit.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime


class Actor(Protocol):
    """Whoever acts; the rooms of this line do not know each other, so a Viewer is known here by its number only."""

    @property
    def account_id(self) -> int | None: ...


_written: ContextVar[datetime | None] = ContextVar("written", default=None)


@contextmanager
def written(at: datetime) -> Iterator[None]:
    """Date what is recorded inside with this moment, whatever day the actions name.

    The demonstration does things on days of the past. The log says when they were really put in: an event dated back is what
    tampering looks like.
    """
    token = _written.set(at)
    try:
        yield
    finally:
        _written.reset(token)


def record(
    *,
    actor: Actor,
    verb: str,
    object_kind: str,
    object_id: str | tuple[str, ...],
    at: datetime,
    detail: Mapping[str, object] | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    owner_id: int | None = None,
    about_id: int | None = None,
) -> tuple[Event, ...]:
    """Add one event, or one for each of several objects to which the same happened at once.

    If the transaction is rolled back the event goes with it: nothing happened, nothing is recorded. before and after are
    the fields of an edit: what changed is kept, save what is about a person. owner_id is the organisation it concerns;
    without one it is found from the object, or else from who acts.
    """
    each = (object_id,) if isinstance(object_id, str) else object_id
    edit = {} if before is None and after is None else {"before": dict(before or {}), "after": dict(after or {})}
    kept = cleaned(object_kind, {**(detail or {}), **edit})
    found = _owners(object_kind, each, actor.account_id) if owner_id is None else {}
    came = whence.now()
    made = Event.objects.bulk_create(
        (
            Event(
                account_id=actor.account_id, verb=verb, object_kind=object_kind, object_id=one, at=_written.get() or at, detail=kept,
                owner_id=owner_id or found.get(one), about_id=about_id, way=came.way, place=came.place[:120],
            )
            for one in each
        ),
        batch_size=2000,
    )  # fmt: skip
    return tuple(made)


def _owners(object_kind: str, each: tuple[str, ...], account_id: int | None) -> Mapping[str, Any]:
    """Find whose each object is; of one object within the statement that stores its event."""
    within = owners.owner_within(object_kind=object_kind, object_id=each[0], account_id=account_id) if len(each) == 1 else None
    return {each[0]: within} if within else owners.owners_of(object_kind=object_kind, object_ids=each, account_id=account_id)
