"""The tools of those who look after an installation or an organisation: which of them this viewer may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.access.deciding import anywhere, can_each
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts


@dataclass(frozen=True, slots=True)
class Tool:
    """One page of the tools. do holds the rights of which it needs one; empty where everybody may open it."""

    name: str
    href: str
    about: str
    do: tuple[str, ...] = ()


TOOLS = (
    Tool("Who may do what", "/admin-tools/roles/", "Every role, and what it may do."),
    # -- part 4: sign-on
    Tool("People who ask to join", "/admin-tools/joining/", "Take them in, or say no. Invitations in words too.", ("people.invite",)),
    Tool("Locked out", "/admin-tools/locked/", "Let somebody who mistyped their PIN too often try again.", ("people.records",)),
    # -- part 4: scim
    Tool("Staff systems", "/admin-tools/connections/", "Connect the system that knows who joins and leaves.", ("connections.change",)),
    # -- part 4: audit
    Tool("What was done", "/admin-tools/audit/", "Who did, changed or looked at what.", ("audit.read",)),
    Tool(
        "Emergency access", "/admin-tools/emergency/", "For an hour, read-only, when a second person agrees.",
        ("emergency.ask", "emergency.approve"),
    ),
    # -- part 4: rights
    Tool("Complaints to answer", "/admin-tools/complaints/", "An answer is due within 30 days.", ("complaints.answer",)),
    Tool(
        "Data requests for somebody", "/admin-tools/data-requests/", "A copy, or erasing, when somebody asks.",
        ("people.records", "complaints.answer"),
    ),
    Tool("How long things are kept", "/admin-tools/retention/", "What goes after which time, and what went.", ("audit.read",)),
    # -- part 4: leaving
    Tool("Leaving and backups", "/admin-tools/leaving/", "The last backup, and how to take everything along.", ("backups.see",)),
    Tool("Parts of pages", "/admin-tools/components/", "What every page is made of, for those who build more."),
)


def tools(*, viewer: Viewer) -> tuple[Tool, ...]:
    """Return the tools the viewer may use somewhere; each page asks again, for its own place."""
    return tuple(tool for tool in TOOLS if not tool.do or any(anywhere(viewer=viewer, do=do) for do in tool.do))


def places_of_access(*, viewer: Viewer) -> tuple[UnitFacts, ...]:
    """Return the viewer's own places whose page of access they may open: one that would refuse them is no door."""
    places = organisations.own_places(viewer=viewer)
    may = can_each(viewer=viewer, do=organisations.NAMES, unit_ids=[one.pk for one in places])
    return tuple(one for one in places if may[one.pk])
