"""From roles to the words of their pages."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from espalier.access.roles import HERE, INSIDE, TREE, all_roles
from espalier.ui.filters import day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.access.roles import Right, Role
    from espalier.organisations.queries import HeldHere, UnitFacts

REACH = {
    HERE: "where the role is held",
    INSIDE: "where the role is held, and in everything below it in the same organisation",
    TREE: "where the role is held, and below; from above organisations it reaches the organisations themselves",
}
PLACES = {"organisation": "an organisation", "team": "a team or part of an organisation", "above": "a system, region or nation"}


def name_of(role: str) -> str:
    """Say a role; one that is no longer in the file is said as it is stored."""
    known = all_roles().roles.get(role)
    return known.name if known else role


def by_role(held: Sequence[HeldHere], unit: UnitFacts) -> list[tuple[str, list[HeldHere]]]:
    """Group who holds what, in the order of the file; a role that counts at its own place only is left out elsewhere."""
    here_only, order = all_roles().only_here, list(all_roles().roles)
    counting = [one for one in held if one.unit_id == unit.pk or one.role not in here_only]
    counting.sort(key=lambda one: (order.index(one.role) if one.role in order else len(order), one.role, one.name))
    return [(name_of(role), list(several)) for role, several in groupby(counting, key=lambda one: one.role)]


def since(one: HeldHere, unit: UnitFacts) -> str:
    """Say from when until when, where it is held if that is above, and who gave it."""
    parts = [f"since {day(one.since)}"]
    if one.until:
        parts.append(f"until {day(one.until)}")
    if one.unit_id != unit.pk:
        parts.append(f"for all of {one.place}")
    if one.given_by:
        parts.append(f"given by {one.given_by}")
    words = ", ".join(parts)
    return words[0].upper() + words[1:]


def held_at(role: Role) -> str:
    """Say at what kinds of place a role can be held."""
    return " or ".join(PLACES[word] for word in role.at)


def who_may(right: Right) -> list[Role]:
    """Return the roles that may do it."""
    return [role for role in all_roles().roles.values() if right.code in role.may]


def rights_of(role: Role) -> list[Right]:
    """Return what a role may do, in the order of the file."""
    return [right for right in all_roles().rights.values() if right.code in role.may]
