"""Who may write reports and board pages, with a reason that a person can read. Who may read is decided by the rows' owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

AUTHORS = ("team-leader", "improvement-coach", "qi-lead", "analyst")
BOARD_AUTHORS = ("team-leader", "qi-lead", "analyst")  # at the organisation itself; a role of boards comes with the other roles


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and why, in words for the person who asked."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def may_write(*, viewer: Viewer, unit: UnitFacts, kind: str) -> Decision:
    """Whether the viewer may write a report or the board page of a place: with a role there, or in its organisation."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to write here.")
    if organisations.holds_here(viewer=viewer, unit_id=unit.pk, roles=BOARD_AUTHORS if kind == "board" else AUTHORS):
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"Leaders, coaches and analysts of {unit.name} write this. You can read it.")
