"""Who may write reports and board pages, with a reason that a person can read. Who may read is decided by the rows' owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.access.deciding import can
from espalier.access.decisions import Decision

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

WRITE, WRITE_BOARD = "reports.write", "board.write"


def may_write(*, viewer: Viewer, unit: UnitFacts, kind: str) -> Decision:
    """Whether the viewer may write a report or the board page of a place: with a role there, or in its organisation."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to write here.")
    if can(viewer=viewer, do=WRITE_BOARD if kind == "board" else WRITE, unit_id=unit.pk, name=unit.name):
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"Leaders, coaches and analysts of {unit.name} write this. You can read it.")
