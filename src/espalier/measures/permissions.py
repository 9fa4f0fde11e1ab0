"""Who may put figures in and who may say what is counted, with a reason that a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

DEFINE = ("team-leader", "improvement-coach", "qi-lead", "analyst")
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
    if definition.get("retired"):
        return Decision(allowed=False, reason="This measure is no longer used. Bring it back to put figures in.")
    if definition.get("entered_by") != "teams":
        return Decision(allowed=False, reason="These figures come from a published file. Nobody types them in.")
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to put figures in.")
    if organisations.holds_here(viewer=viewer, unit_id=unit.pk, roles=ENTER):
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"Only people of {unit.name}, or of the organisation it belongs to, put figures in here.")


def may_define(*, viewer: Viewer, unit: UnitFacts) -> Decision:
    """Whether the viewer may make a measure for a unit or take one into use there."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to choose what is measured here.")
    if organisations.holds_here(viewer=viewer, unit_id=unit.pk, roles=DEFINE):
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"A team leader, coach or analyst of {unit.name} chooses what is measured here.")


def may_edit(*, viewer: Viewer, made_for: UnitFacts | None) -> Decision:
    """Whether the viewer may change what a measure says. The library is changed by its publisher, never on a page.

    Those for whose unit it was made may, and those of the organisation above; another ward that uses it may not.
    """
    if made_for is None:
        return Decision(allowed=False, reason="This is a measure of the library. Its publisher changes it.")
    return may_define(viewer=viewer, unit=made_for)
