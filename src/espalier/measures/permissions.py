"""Who may put figures in, with a reason that a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

ENTER = ("team-member", "team-leader", "improvement-coach", "qi-lead", "analyst")


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and why, in words for the person who asked."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def may_enter(*, viewer: Viewer, unit: UnitFacts, definition: Mapping[str, Any]) -> Decision:
    """Whether the viewer may put in figures of a measure at a unit: with a role there or in the organisation above.

    Published figures are nobody's to type: a typed one would stand beside the publisher's as if it were theirs.
    """
    if definition.get("entered_by") != "teams":
        return Decision(allowed=False, reason="These figures come from a published file. Nobody types them in.")
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to put figures in.")
    if organisations.holds_here(viewer=viewer, unit_id=unit.pk, roles=ENTER):
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"Only people of {unit.name}, or of the organisation it belongs to, put figures in here.")


def places_to_enter(*, viewer: Viewer) -> frozenset[int]:
    """Return the numbers of all units where the viewer may put in what teams enter: `may_enter` for a whole list at once."""
    return organisations.places_held(viewer=viewer, roles=ENTER)
