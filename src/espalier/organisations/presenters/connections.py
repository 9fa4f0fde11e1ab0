"""From facts to the words of the pages about staff systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.ui.filters import day, moment, plural

if TYPE_CHECKING:
    from espalier.access.connections import ConnectionFacts
    from espalier.organisations.queries.connected import ConnectionsPage, GroupFacts, Lately


def used(one: ConnectionFacts) -> str:
    """Say when a staff system last told us something."""
    return moment(timezone.localtime(one.used_at)) if one.used_at else "not yet"


def made(one: ConnectionFacts, page: ConnectionsPage) -> str:
    """Say when one was made, and by whom."""
    who = page.names.get(one.made_by_id)
    return f"{day(timezone.localdate(one.made_at))}{f', by {who}' if who else ''}"


def stopped(one: ConnectionFacts) -> str:
    """Say when one was stopped."""
    return f"Stopped on {day(timezone.localdate(one.stopped_at))}" if one.stopped_at else ""


def came_in(one: Lately) -> str:
    """Say what happened to a user or group lately."""
    if one.kind == "Group":
        did = "was removed" if one.is_gone else "is a new group" if one.version == 1 else "was changed"
    elif one.is_gone or not one.is_active:
        did = "left"
    else:
        did = "joined" if one.version == 1 else "was changed"
    return did


def when(one: Lately) -> str:
    """Say when it came in."""
    return moment(timezone.localtime(one.at))


def stands_for(one: GroupFacts) -> str:
    """Say which role a group stands for."""
    if not one.role or one.unit is None:
        return "No role"
    return f"{one.role_name or one.role} at {one.unit.name}"


def members(one: GroupFacts) -> str:
    """Say how many people are in a group."""
    return plural(one.members, "person", "people")
