"""Who may put figures in and who may say what is counted, with a reason that a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from espalier.access.deciding import can, can_do, can_each, visible
from espalier.access.decisions import Decision
from espalier.measures.rules import ONLY_RELEASED, RELEASED, scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

START = "projects.start"  # asked along with what may be said of a chart, so that its page asks once
ENTER, NOTE, MARK, DEFINE, PUBLISH = "figures.enter", "figures.note", "figures.mark", "measures.define", "figures.publish"


def may_enter(*, viewer: Viewer, unit: UnitFacts, definition: Mapping[str, Any], held: bool | None = None) -> Decision:
    """Whether the viewer may put in figures of a measure at a unit: with a role there or in the organisation above.

    held is the answer where somebody has asked it already: who may put a note in may put a figure in.
    Published figures are nobody's to type: a typed one would stand beside the publisher's as if it were theirs.
    """
    if not (decision := _may_be_typed(viewer, definition)):
        return decision
    return _held(unit, here=bool(can(viewer=viewer, do=ENTER, unit_id=unit.pk, name=unit.name)) if held is None else held)


def may_enter_each(*, viewer: Viewer, wanted: Collection[tuple[UnitFacts, Mapping[str, Any]]]) -> tuple[Decision, ...]:
    """Decide may_enter for many units and measures at once, in one question to the database."""
    held = can_each(viewer=viewer, do=ENTER, unit_ids={unit.pk for unit, _ in wanted}, names={unit.pk: unit.name for unit, _ in wanted})
    return tuple(_may_be_typed(viewer, definition) and _held(unit, here=bool(held[unit.pk])) for unit, definition in wanted)


def _may_be_typed(viewer: Viewer, definition: Mapping[str, Any]) -> Decision:
    if definition.get("retired"):
        return Decision(allowed=False, reason="This measure is no longer used. Bring it back to put figures in.")
    if scope_of(definition) == RELEASED:
        return Decision(allowed=False, reason=ONLY_RELEASED)
    if definition.get("entered_by") != "teams":
        return Decision(allowed=False, reason="These figures come from a published file. Nobody types them in.")
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to put figures in.")
    return Decision(allowed=True)


def _held(unit: UnitFacts, *, here: bool) -> Decision:
    if here:
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"Only people of {unit.name}, or of the organisation it belongs to, put figures in here.")


@dataclass(frozen=True, slots=True)
class Marking:
    """What somebody may say of a series: notes, and what changes the chart itself (baselines, points left out)."""

    note: Decision
    mark: Decision
    start: bool = False  # whether improving what the chart shows may begin here

    def of(self, *, notes: bool) -> Decision:
        """Return the one that is asked about."""
        return self.note if notes else self.mark


def may_mark(*, viewer: Viewer, unit: UnitFacts) -> Marking:
    """Whether the viewer may put notes and baselines on the series of a unit: with a role there or in the organisation above.

    Open, published series too: what an organisation's people put on those is seen by its own people only.
    """
    if viewer.is_visitor:
        no = Decision(allowed=False, reason="Sign in to put notes and baselines on a chart.")
        return Marking(no, no)
    may = can_do(viewer=viewer, rights=(NOTE, MARK, START), unit_id=unit.pk, name=unit.name)
    if not may[NOTE]:
        who = f"Only people of {unit.name}, or of the organisation it belongs to,"
        no = Decision(allowed=False, reason=f"{who} put notes and baselines here.")
        return Marking(no, no, bool(may[START]))
    yes = Decision(allowed=True)
    if may[MARK]:
        return Marking(yes, yes, bool(may[START]))
    no = Decision(allowed=False, reason="A team leader, improvement coach or analyst decides where a baseline begins.")
    return Marking(yes, no, bool(may[START]))


def may_define(*, viewer: Viewer, unit: UnitFacts) -> Decision:
    """Whether the viewer may make a measure for a unit or take one into use there."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to choose what is measured here.")
    if can(viewer=viewer, do=DEFINE, unit_id=unit.pk, name=unit.name):
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"A team leader, coach or analyst of {unit.name} chooses what is measured here.")


def may_edit(*, viewer: Viewer, made_for: UnitFacts | None) -> Decision:
    """Whether the viewer may change what a measure says. The library is changed by its publisher, never on a page.

    Those for whose unit it was made may, and those of the organisation above; another ward that uses it may not.
    """
    if made_for is None:
        return Decision(allowed=False, reason="This is a measure of the library. Its publisher changes it.")
    return may_define(viewer=viewer, unit=made_for)


def places_to_enter(*, viewer: Viewer) -> frozenset[int]:
    """Return the numbers of all units where the viewer may put in what teams enter: `may_enter` for a whole list at once."""
    return visible(viewer=viewer, do=ENTER)
