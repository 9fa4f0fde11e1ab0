"""What every change of a picture needs: the picture held still, its boxes as a tree, and a note of what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import F

from espalier.projects.actions.keeping import keep
from espalier.projects.models import Cycle, Diagram, Node
from espalier.projects.models.diagrams import IDEA_STATES
from espalier.projects.queries.diagrams import boxes_of
from espalier.projects.queries.projects import project as read_project
from espalier.projects.rules import diagrams as rules
from espalier.projects.rules.diagrams import Box, Spot, UnableToDraw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from espalier.access.viewer import Viewer

NODE = "node"


class BoxChanged(UnableToDraw):
    """Somebody else changed the same box since the page was opened; nothing was overwritten. now is the box as it stands."""

    code = "changed"

    def __init__(self, now: Box | None) -> None:
        self.now = now
        what = "Somebody else changed this box meanwhile." if now else "Somebody else removed this box meanwhile."
        super().__init__(what, to_do="Look at what stands there now, then decide.", code=type(self).code)


@dataclass(frozen=True, slots=True)
class Words:
    """What a box says. amount and waits are for the pictures that have numbers, state for a change idea."""

    words: str
    amount: float | None = None
    waits: float | None = None
    state: str = ""

    def checked(self) -> Words:
        """Return it fit to be kept."""
        if self.state not in IDEA_STATES:
            raise UnableToDraw("A change idea cannot be that.", to_do="Choose one from the list.", code="state")
        amount = rules.checked_amount(self.amount, what="How long, or how often,")
        return Words(rules.checked_words(self.words), amount, rules.checked_amount(self.waits, what="The wait"), self.state)


@dataclass(frozen=True, slots=True)
class Held:
    """A picture whose shape nobody else changes until this transaction ends."""

    row: Diagram
    boxes: tuple[Box, ...]
    tops: tuple[rules.Branch, ...]


def held_by(actor: Viewer, diagram: int, *, every_box: bool = False) -> Held:
    """Hold a picture still and return it; refuse whoever may not change it."""
    found = Diagram.objects.filter(pk=diagram).first()
    if found is None:
        raise UnableToDraw("There is no such picture, or it is not open to you.", to_do="Open the project again.", code="gone")
    refuse_unless_member(actor, found.project_id)
    # no_key: a new box refers to this row, and somebody who only changes words must not wait for us.
    Diagram.objects.select_for_update(no_key=True).get(pk=diagram)
    if every_box:
        list(Node.objects.select_for_update(no_key=True).filter(diagram_id=diagram, removed_at=None).order_by("pk").values_list("pk"))
    boxes = boxes_of(diagram)
    return Held(found, boxes, rules.tree(boxes))


def refuse_unless_member(actor: Viewer, project: int) -> None:
    """Refuse whoever takes no part in a project, with the reason."""
    if not (decision := read_project(viewer=actor, pk=project).may_change):
        raise PermissionDenied(decision.reason)


def box_of(node: int) -> Node:
    """Return a box, removed or not."""
    found = Node.objects.select_related("diagram").filter(pk=node).first()
    if found is None:
        raise UnableToDraw("There is no such box, or it is not open to you.", to_do="Open the picture again.", code="gone")
    return found


def box_now(diagram: int, node: int) -> Box | None:
    """Return a box as it stands now; None once it was removed."""
    return next((box for box in boxes_of(diagram) if box.pk == node), None)


def standing(held: Held, node: int, seen: int) -> rules.Branch:
    """Return the branch of a box that still is as it was seen."""
    now = next((box for box in held.boxes if box.pk == node), None)
    if now is None or now.version != seen:
        raise BoxChanged(now)
    return rules.find(held.tops, node)


def rank_in(held: Held, spot: Spot, *, but: int | None = None) -> float:
    """Return a rank for a place; where there was no room left the siblings are put apart first."""
    rank, others = rules.ranked(rules.siblings(held.tops, spot.parent), spot.after, but=but)
    for pk, new in others.items():
        Node.objects.filter(pk=pk).update(rank=new)
    return rank


def set_down(held: Held, branch: rules.Branch, to: Spot, at: datetime) -> None:
    """Put a branch somewhere; boxes that become something else do so with it."""
    node, kinds = branch.box.pk, rules.moved(held.row.kind, held.tops, branch.box.pk, to)
    changed = {one.box.pk: kinds[one.box.pk] for one in branch.walk() if one.box.kind != kinds[one.box.pk]}
    no_longer = [one.box.pk for one in branch.walk() if one.box.kind == "idea" and one.box.pk in changed]
    if no_longer and Cycle.objects.filter(idea_id__in=no_longer).exists():
        what = "A test of change hangs on this idea, so it stays a change idea."
        raise UnableToDraw(what, to_do="Move it to another driver, or add a new box.", code="tested")
    rank = rank_in(held, to, but=node)
    become(changed)
    moved = Node.objects.filter(pk=node, version=branch.box.version, removed_at=None)
    if not moved.update(parent_id=to.parent, rank=rank, version=F("version") + 1, changed_at=at):
        raise BoxChanged(box_now(held.row.pk, node))


def become(kinds: Mapping[int, str]) -> None:
    """Make boxes what their level makes them. A state is kept while a box is no idea, in case it becomes one again."""
    for pk, kind in kinds.items():
        Node.objects.filter(pk=pk).update(kind=kind)
    ideas = [pk for pk, kind in kinds.items() if kind == "idea"]
    Node.objects.filter(pk__in=ideas, state="").update(state="new")


def new_box(diagram: Diagram, at: datetime, *, parent: int | None, words: Words, kind: str, rank: float) -> Node:
    """Store a new box."""
    state = words.state if kind == "idea" else ""
    return Node.objects.create(
        diagram=diagram, project_id=diagram.project_id, parent_id=parent, kind=kind, words=words.words, rank=rank,
        amount=words.amount, waits=words.waits, state=state or ("new" if kind == "idea" else ""), changed_at=at,
    )  # fmt: skip


def copied(diagram: Diagram, at: datetime, boxes: Sequence[Box], top: int, after: float = 0.0) -> tuple[int, ...]:
    """Copy boxes of the library (each stands after the one it hangs on) below a box of one's own; its own first box stays out."""
    pks: dict[int | None, int] = {}
    for box in boxes:
        if box.parent is None:
            pks[box.pk] = top
            continue
        rank = box.rank + (after if pks[box.parent] == top else 0.0)
        pks[box.pk] = new_box(diagram, at, parent=pks[box.parent], words=Words(box.words), kind=box.kind, rank=rank).pk
    return tuple(pk for pk in pks.values() if pk != top)


def kept(
    actor: Viewer, at: datetime, diagram: Diagram, node: int, what: str, *, before: Mapping[str, object] | None, after: Mapping[str, object]
) -> None:
    """Write down what was done to a box."""
    facts = {"diagram": diagram.pk, **after}
    keep(actor=actor, at=at, project_id=diagram.project_id, kind=NODE, object_id=node, what=what, before=before, after=facts)
