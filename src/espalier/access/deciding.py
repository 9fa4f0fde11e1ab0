"""May this viewer do that, there? One question, one answer with a reason; and its twin, the places where the answer is yes.

What a role may do stands in content/roles.yaml. Which roles count at a unit depends on the tree, which this low room does not
know: `organisations` says it, joined in config/wiring.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from espalier.access.decisions import YES, Decision
from espalier.access.roles import all_roles

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from espalier.access.viewer import Viewer


class Tree(Protocol):
    """What must be known of the tree to decide: which of the viewer's roles count where."""

    def counting(self, *, viewer: Viewer, unit_ids: Collection[int]) -> Mapping[int, Mapping[str, frozenset[str]]]:
        """By unit and reach (here, inside, tree): the roles that count there."""

    def places(self, *, viewer: Viewer, roles: Collection[str], reach: str) -> frozenset[int]:
        """Every unit at which one of the roles counts, with that reach."""

    def name_of(self, *, viewer: Viewer, unit_id: int) -> str:
        """What a unit is called, for reasons."""


_tree: list[Tree] = []


def fill(tree: Tree) -> None:
    """Say who knows the tree; filling it twice replaces the first."""
    _tree[:] = [tree]


def can(*, viewer: Viewer, do: str, unit_id: int, name: str = "") -> Decision:
    """Whether the viewer may do one thing at one unit. name is the unit's, where the caller knows it."""
    decision = can_each(viewer=viewer, do=do, unit_ids=(unit_id,), names={unit_id: name} if name else {})[unit_id]
    if decision or name or not viewer.grants:
        return decision
    return can_each(viewer=viewer, do=do, unit_ids=(unit_id,), names={unit_id: _tree[0].name_of(viewer=viewer, unit_id=unit_id)})[unit_id]


def can_each(*, viewer: Viewer, do: str, unit_ids: Collection[int], names: Mapping[int, str] | None = None) -> dict[int, Decision]:
    """Decide for many units at once, in one question to the database."""
    right, roles = all_roles().rights[do], all_roles().with_right(do)
    if viewer.is_visitor:
        return dict.fromkeys(unit_ids, Decision(allowed=False, reason=f"Sign in to {right.name}."))
    if not _holds(viewer, do):
        return {pk: _no(do, pk, names) for pk in unit_ids}
    counting = _tree[0].counting(viewer=viewer, unit_ids=unit_ids)
    found = {pk: roles & counting.get(pk, {}).get(right.reach, frozenset()) for pk in unit_ids}
    return {pk: (_held(viewer, do) if found[pk] else _no(do, pk, names)) for pk in unit_ids}


def can_do(*, viewer: Viewer, rights: Collection[str], unit_id: int, name: str = "") -> dict[str, Decision]:
    """Decide several things at one unit, in one question to the database."""
    if viewer.is_visitor or not viewer.grants:
        return {do: can_each(viewer=viewer, do=do, unit_ids=(unit_id,), names={unit_id: name})[unit_id] for do in rights}
    reached, known = _tree[0].counting(viewer=viewer, unit_ids=(unit_id,)).get(unit_id, {}), all_roles()
    found: dict[str, Decision] = {}
    for do in rights:
        holds = known.with_right(do) & reached.get(known.rights[do].reach, frozenset())
        found[do] = _held(viewer, do) if holds else _no(do, unit_id, {unit_id: name})
    return found


def visible(*, viewer: Viewer, do: str) -> frozenset[int]:
    """Return every unit for which `can` says yes: its twin for lists. A property test holds the two together."""
    return _places(viewer, do) if _holds(viewer, do) and _held(viewer, do) else frozenset()


def anywhere(*, viewer: Viewer, do: str) -> Decision:
    """Whether the viewer may do it at any unit at all: for menus and lists, never in place of `can`."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason=f"Sign in to {all_roles().rights[do].name}.")
    return _held(viewer, do) if _holds(viewer, do) else Decision(allowed=False, reason=_who(do))


# The four below are all that says yes or no; tests/isolation makes each say yes to everybody, for one right at a time.
def _holds(viewer: Viewer, do: str) -> bool:
    roles = all_roles().with_right(do)
    return any(held.role in roles for held in viewer.grants)


def _places(viewer: Viewer, do: str) -> frozenset[int]:
    return _tree[0].places(viewer=viewer, roles=all_roles().with_right(do), reach=all_roles().rights[do].reach)


def _held(viewer: Viewer, do: str) -> Decision:
    if all_roles().rights[do].second_step and not viewer.is_strong:
        how = "sign in with a second step: a passkey, or a code from an app. Set one up under your name."
        return Decision(allowed=False, reason=f"To {all_roles().rights[do].name}, {how}")
    return YES


def _no(do: str, unit_id: int, names: Mapping[int, str] | None) -> Decision:
    place = (names or {}).get(unit_id)
    return Decision(allowed=False, reason=f"{_who(do)[:-1]}{f' at {place}' if place else ''}.")


def _who(do: str) -> str:
    roles = [role.name.lower() for role in all_roles().roles.values() if do in role.may]
    named = f"{', '.join(roles[:-1])} or {roles[-1]}" if len(roles) > 1 else (roles or ["nobody yet"])[0]
    return f"To {all_roles().rights[do].name} you need the role of {named}."
