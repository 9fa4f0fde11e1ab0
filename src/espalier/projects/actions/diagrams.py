"""Pictures of a project: begun, and changed box by box.

Twenty people may work on one picture. A change of words asks only for the box's own version. Whatever changes the shape
(add, move, remove, undo) waits its turn at the picture's row, so that ranks, levels and "nothing hangs on itself" are
decided by one person at a time; the rows are always taken in the order picture, boxes, project, so nobody waits in a circle.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from espalier.projects.actions.diagram_held import (
    BoxChanged,
    Words,
    box_now,
    box_of,
    copied,
    held_by,
    kept,
    new_box,
    rank_in,
    refuse_unless_member,
    set_down,
    standing,
)
from espalier.projects.actions.keeping import keep
from espalier.projects.models import Diagram, Node
from espalier.projects.rules import diagrams as rules
from espalier.projects.rules.diagrams import Box, Spot, UnableToDraw

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Begun:
    """A picture to begin: what kind, what it is called, the words of its first box, and boxes to start from."""

    kind: str
    title: str = ""
    top: str = ""
    boxes: tuple[Box, ...] = field(default=())


@transaction.atomic
def begin_diagram(*, actor: Viewer, at: datetime, project: int, begun: Begun) -> int:
    """Begin a picture. A driver diagram that stands already is returned as it is: two people may press the button at once."""
    refuse_unless_member(actor, project)
    if begun.kind not in rules.LEVELS:
        raise UnableToDraw("We do not draw that kind of picture.", to_do="Choose one from the list.", code="kind")
    try:
        with transaction.atomic():
            made = Diagram.objects.create(project_id=project, kind=begun.kind, title=rules.tidied(begun.title)[:200], made_at=at)
    except IntegrityError:
        return Diagram.objects.get(project_id=project, kind=begun.kind).pk
    after: dict[str, object] = {"diagram": made.pk, "kind": made.kind, "title": made.title}
    if begun.kind in rules.ONE_TOP:
        words = rules.checked_words(begun.top)
        top = new_box(made, at, parent=None, words=Words(words), kind="aim", rank=1.0)
        after |= {"words": top.words, "boxes": [top.pk, *copied(made, at, begun.boxes, top.pk)]}
    keep(actor=actor, at=at, project_id=project, kind="diagram", object_id=made.pk, what="begin", after=after)
    return made.pk


@transaction.atomic
def copy_boxes(*, actor: Viewer, at: datetime, diagram: int, boxes: Sequence[Box]) -> tuple[int, ...]:
    """Hang the boxes of a diagram of the library below the aim of one's own, after what stands there. Undone as one."""
    held = held_by(actor, diagram)
    rules.with_room(len(held.boxes), len(boxes) - 1)
    top = held.tops[0].box
    pks = copied(held.row, at, boxes, top.pk, after=max((one.box.rank for one in held.tops[0].below), default=0.0))
    kept(actor, at, held.row, top.pk, "copy", before={}, after={"boxes": list(pks)})
    return pks


@transaction.atomic
def add_node(*, actor: Viewer, at: datetime, diagram: int, spot: Spot, words: Words) -> int:
    """Add a box under another, after one of its siblings. Returns its number."""
    checked = words.checked()
    held = held_by(actor, diagram)
    rules.with_room(len(held.boxes))
    if spot.parent is None and held.row.kind in rules.ONE_TOP:
        raise UnableToDraw("Everything here hangs on the first box.", to_do="Add it below that one.", code="top")
    depth = 0 if spot.parent is None else rules.find(held.tops, spot.parent).depth + 1
    kind = rules.kind_at(held.row.kind, depth)
    rank = rank_in(held, spot)
    made = new_box(held.row, at, parent=spot.parent, words=checked, kind=kind, rank=rank)
    kept(actor, at, held.row, made.pk, "add", before=None, after={"words": made.words, "parent": spot.parent, "version": 1})
    return made.pk


@transaction.atomic
def change_node(*, actor: Viewer, at: datetime, node: int, seen: int, words: Words) -> None:
    """Say a box differently. seen is the version that stood on the page: another one now means somebody was quicker."""
    checked = words.checked()
    found = box_of(node)
    refuse_unless_member(actor, found.project_id)
    if checked.state and found.kind != "idea":
        raise UnableToDraw("Only a change idea is tested and adopted.", to_do="Leave it out here.", code="state")
    facts = asdict(checked)
    before = {name: getattr(found, name) for name in facts}
    as_seen = Node.objects.filter(pk=node, version=seen, kind=found.kind, removed_at=None)
    if not as_seen.update(**facts, version=F("version") + 1, changed_at=at):
        raise BoxChanged(box_now(found.diagram_id, node))
    changed = {name for name in facts if before.get(name) != facts[name]}
    kept(
        actor, at, found.diagram, node, "change", before={name: before.get(name) for name in changed},
        after={name: facts[name] for name in changed} | {"version": seen + 1},
    )  # fmt: skip


@transaction.atomic
def move_node(*, actor: Viewer, at: datetime, node: int, seen: int, how: str = "", spot: Spot | None = None) -> None:
    """Move a box with all that hangs on it: a step up, down, in or out, or to a place. What it is follows from its level."""
    found = box_of(node)
    held = held_by(actor, found.diagram_id)
    branch = standing(held, node, seen)
    to = spot or rules.target(held.row.kind, held.tops, node, how)
    set_down(held, branch, to, at)
    after = {"parent": to.parent, "version": seen + 1}
    kept(actor, at, held.row, node, "move", before={"parent": branch.box.parent, "rank": branch.box.rank}, after=after)


@transaction.atomic
def remove_node(*, actor: Viewer, at: datetime, node: int, seen: str) -> int:
    """Remove a box with all that hangs on it; undo brings it back. seen is the sign of all that stood on the page.

    If somebody added to it or changed any of it meanwhile it stays: they would lose what they just wrote. Returns how many went.
    """
    found = box_of(node)
    held = held_by(actor, found.diagram_id, every_box=True)
    if not any(box.pk == node for box in held.boxes):
        raise BoxChanged(None)
    branch = rules.find(held.tops, node)
    if branch.depth == 0 and held.row.kind in rules.ONE_TOP:
        raise UnableToDraw("The first box stays: everything else hangs on it.", to_do="Change its words instead.", code="top")
    if rules.sign_of(branch) != seen:
        raise BoxChanged(branch.box)
    pks = [one.box.pk for one in branch.walk()]
    Node.objects.filter(pk__in=pks).update(removed_at=at, changed_at=at, version=F("version") + 1)
    before = {"words": branch.box.words, "parent": branch.box.parent}
    kept(actor, at, held.row, node, "remove", before=before, after={"boxes": pks, "version": branch.box.version + 1})
    return len(pks)
