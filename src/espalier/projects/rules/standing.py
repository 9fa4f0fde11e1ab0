"""How a project stands: which state follows which, and when one is standing still."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

STILL_AFTER = timedelta(days=90)
MOVING = ("active",)  # past planning, and not yet only watched
OVER = frozenset({"finished", "stopped"})
# From a state to those that a person may choose next. What is over can always begin again: nothing is lost by stopping.
NEXT = {
    "planning": ("active", "stopped"),
    "active": ("sustaining", "finished", "stopped"),
    "sustaining": ("active", "finished", "stopped"),
    "finished": ("active",),
    "stopped": ("active",),
}
NEEDS_REASON = frozenset({"stopped"})


def may_become(state: str, wanted: str) -> bool:
    """Whether a project may go from one state to another.

    >>> may_become("planning", "finished"), may_become("stopped", "active")
    (False, True)
    """
    return wanted in NEXT.get(state, ())


def is_still(*, state: str, changed_at: datetime, at: datetime) -> bool:
    """Whether a project past planning has stood still for 90 days: nobody changed anything in it.

    It says nothing bad of a team. Most often somebody left, or the time for it went elsewhere, and a coach can help.
    """
    return state in MOVING and at - changed_at >= STILL_AFTER
