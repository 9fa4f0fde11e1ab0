"""Take back the last thing one did in a picture, as long as nobody has built on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from espalier.projects.actions.diagram_held import NODE, BoxChanged, Held, become, held_by, kept, rank_in, set_down
from espalier.projects.models import Edit, Node
from espalier.projects.queries.diagrams import boxes_of
from espalier.projects.rules import diagrams as rules
from espalier.projects.rules.diagrams import Spot, UnableToDraw

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from espalier.access.viewer import Viewer

BACK = 60  # how many of one's changes are looked through


@transaction.atomic
def undo_last(*, actor: Viewer, at: datetime, diagram: int) -> str:
    """Take back one's own last change of a picture that is not taken back yet; others' changes are theirs. Returns what it was."""
    held = held_by(actor, diagram, every_box=True)
    mine = _mine(actor, held)
    gone = {_facts(row.after)["undoes"] for row in mine if row.what == "undo"}
    last = next((row for row in mine if row.what in TAKEN_BACK and str(row.pk) not in gone), None)
    if last is None:
        raise UnableToDraw("There is nothing of yours to take back here.", to_do="Change what stands there instead.", code="nothing")
    then = Then(held, last, at, _restored(mine))
    touched = TAKEN_BACK[last.what](then)
    back = {str(box.pk): box.version for box in boxes_of(diagram) if box.pk in touched}
    kept(actor, at, held.row, last.object_id, "undo", before=None, after={"undoes": str(last.pk), "did": last.what, "back": back})
    return last.what


@dataclass(frozen=True, slots=True)
class Then:
    """A change to take back. restored: the versions of a box that only brought back what it had said two versions before."""

    held: Held
    last: Edit
    at: datetime
    restored: frozenset[tuple[int, int]]

    def still(self) -> rules.Branch:
        """Return the branch of the box that was changed, as long as nobody changed it since.

        What one has taken back already does not count as a change: one can go back step by step.
        """
        now = next((box for box in self.held.boxes if box.pk == self.last.object_id), None)
        version = now.version if now else 0
        while (self.last.object_id, version) in self.restored:
            version -= 2
        if now is None or version != _facts(self.last.after)["version"]:
            raise BoxChanged(now)
        return rules.find(self.held.tops, now.pk)


def _mine(actor: Viewer, held: Held) -> list[Edit]:
    rows = Edit.objects.filter(project_id=held.row.project_id, kind=NODE, account_id=actor.account_id, after__diagram=held.row.pk)
    return list(rows.order_by("-at", "-pk")[:BACK])


def _restored(mine: list[Edit]) -> frozenset[tuple[int, int]]:
    undone = [_facts(_facts(row.after)["back"]) for row in mine if row.what == "undo"]
    return frozenset((int(pk), version) for back in undone for pk, version in back.items())


def _facts(kept: Any) -> dict[str, Any]:
    return dict(kept or {})


def _not_added(then: Then) -> set[int]:
    branch = then.still()
    if branch.below:
        raise UnableToDraw("Something hangs on that box by now.", to_do="Remove it where it stands.", code="built-on")
    _take_away([branch.box.pk], then.at)
    return set()


def _not_copied(then: Then) -> set[int]:
    pks = set(_facts(then.last.after)["boxes"])
    standing = [box for box in then.held.boxes if box.pk in pks]
    built_on = any(box.parent in pks and box.pk not in pks for box in then.held.boxes)
    if built_on or len(standing) != len(pks) or any(box.version != 1 for box in standing):
        raise UnableToDraw("Somebody has worked on those boxes since.", to_do="Remove what you do not want.", code="built-on")
    _take_away(sorted(pks), then.at)
    return set()


def _take_away(pks: list[int], at: datetime) -> None:
    Node.objects.filter(pk__in=pks).update(removed_at=at, changed_at=at, version=F("version") + 1)


def _not_changed(then: Then) -> set[int]:
    branch = then.still()
    before = _facts(then.last.before)
    if branch.box.kind != "idea":
        before.pop("state", None)
    Node.objects.filter(pk=branch.box.pk).update(**before, version=F("version") + 1, changed_at=then.at)
    return {branch.box.pk}


def _not_moved(then: Then) -> set[int]:
    branch = then.still()
    parent, rank = _facts(then.last.before)["parent"], _facts(then.last.before)["rank"]
    if parent is not None:
        rules.find(then.held.tops, parent)  # refuses where it went meanwhile
    row = [one.box for one in rules.siblings(then.held.tops, parent) if one.box.pk != branch.box.pk]
    after = next((box.pk for box in reversed(row) if box.rank <= rank), None)
    set_down(then.held, branch, Spot(parent, after), then.at)
    return {branch.box.pk}


def _not_removed(then: Then) -> set[int]:
    pks = _facts(then.last.after)["boxes"]
    parent = _facts(then.last.before).get("parent")
    rules.with_room(len(then.held.boxes), len(pks))
    if parent is not None:
        rules.find(then.held.tops, parent)
    gone = Node.objects.filter(pk__in=pks).exclude(removed_at=None)
    if gone.count() != len(pks) or Node.objects.get(pk=then.last.object_id).version != _facts(then.last.after)["version"]:
        raise BoxChanged(None)
    gone.update(removed_at=None, changed_at=then.at, version=F("version") + 1)
    _place_again(then, parent)
    _level_again(then.held, then.last.object_id)
    return set(pks)


def _place_again(then: Then, parent: int | None) -> None:
    """Put a box beside whoever took its place while it was away: no two stand at one place."""
    node = Node.objects.get(pk=then.last.object_id)
    row = [one.box for one in rules.siblings(then.held.tops, parent)]
    if any(box.rank == node.rank for box in row):
        after = next(box.pk for box in reversed(row) if box.rank <= node.rank)
        Node.objects.filter(pk=node.pk).update(rank=rank_in(then.held, Spot(parent, after)))


def _level_again(held: Held, node: int) -> None:
    """What a box is follows from its level, and what it hangs on may have moved while it was away."""
    tops = rules.tree(boxes_of(held.row.pk))
    branch = rules.find(tops, node)
    become({one.box.pk: kind for one in branch.walk() if (kind := rules.kind_at(held.row.kind, one.depth)) != one.box.kind})


TAKEN_BACK: dict[str, Callable[[Then], set[int]]] = {
    "add": _not_added,
    "copy": _not_copied,
    "change": _not_changed,
    "move": _not_moved,
    "remove": _not_removed,
}
