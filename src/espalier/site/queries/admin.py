"""The tools of those who look after an installation or an organisation: which of them this viewer may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.access.deciding import anywhere

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Tool:
    """One page of the tools. do is the right it needs; empty where everybody may open it."""

    name: str
    href: str
    about: str
    do: str = ""


TOOLS = (
    Tool("Who may do what", "/admin-tools/roles/", "Every role, and what it may do."),
    # -- part 4: sign-on
    # -- part 4: scim
    # -- part 4: audit
    # -- part 4: rights
    # -- part 4: leaving
    Tool("Parts of pages", "/admin-tools/components/", "What every page is made of, for those who build more."),
)


def tools(*, viewer: Viewer) -> tuple[Tool, ...]:
    """Return the tools the viewer may use somewhere; each page asks again, for its own place."""
    return tuple(tool for tool in TOOLS if not tool.do or anywhere(viewer=viewer, do=tool.do))
