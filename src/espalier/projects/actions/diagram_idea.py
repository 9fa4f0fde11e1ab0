"""Hang a change idea on the driver diagram from elsewhere: from a test of change, or from a learning review.

Nobody has said yet which driver it serves, so it hangs below one that says so, from where it is moved like any other box.
A box outside the tree could be neither moved nor removed, and on a diagram with no aim it would be taken for the aim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.projects.actions.diagram_held import Words, new_box
from espalier.projects.models import Diagram, Node
from espalier.projects.queries.diagrams import boxes_of
from espalier.projects.rules import diagrams as rules

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.projects.queries.projects import ProjectFacts

WAITING = (("primary", "Other ideas"), ("secondary", "Not under a driver yet"))


def drivers_held(*, at: datetime, project: ProjectFacts) -> Diagram:
    """Return the project's driver diagram, whose shape nobody else changes now; begun with the project's name where there was none.

    Call it before the project's own row is changed: whoever changes a picture takes the rows in that order too.
    """
    Diagram.objects.get_or_create(project_id=project.pk, kind=rules.DRIVERS, defaults={"made_at": at})
    held = Diagram.objects.select_for_update(no_key=True).get(project_id=project.pk, kind=rules.DRIVERS)
    if not boxes_of(held.pk):
        new_box(held, at, parent=None, words=Words(project.title), kind="aim", rank=1.0)
    return held


def hang_idea(*, at: datetime, diagram: Diagram, words: str) -> Node:
    """Add a change idea below the driver for those that wait to be put under one; diagram is held."""
    boxes = boxes_of(diagram.pk)
    rules.with_room(len(boxes), 1 + len(WAITING))
    parent = next(box.pk for box in boxes if box.kind == "aim")
    for kind, name in WAITING:
        found = next((box.pk for box in boxes if (box.kind, box.words, box.parent) == (kind, name, parent)), None)
        parent = found or new_box(diagram, at, parent=parent, words=Words(name), kind=kind, rank=_last(boxes, parent)).pk
    return new_box(diagram, at, parent=parent, words=Words(words[: rules.LONGEST_WORDS]), kind="idea", rank=_last(boxes, parent))


def _last(boxes: tuple[rules.Box, ...], parent: int) -> float:
    return max((box.rank for box in boxes if box.parent == parent), default=0.0) + 1
