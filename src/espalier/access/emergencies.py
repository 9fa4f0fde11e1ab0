"""Reading under emergency access: where, and that nothing else can be done meanwhile.

It is for a person in front of a page. Programs and jobs never have it, and while somebody has it they change nothing
anywhere, also where they might otherwise: what is read in one place must not be able to travel into another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from espalier.access.roles import all_roles

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer

READ = "emergency.read"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STILL = ("/admin-tools/emergency/", "/sign-out/", "/account/logout/")  # ending it, and signing out
ONLY_READING = "You have emergency access, so you can only read. End it first if you want to change something."


def read_at(viewer: Viewer) -> frozenset[int]:
    """Return the organisations that the viewer reads under emergency access now."""
    if not viewer.grants:
        return frozenset()
    roles = all_roles().with_right(READ)
    return frozenset(held.unit_id for held in viewer.grants if held.role in roles)


def without_emergency(viewer: Viewer) -> Viewer:
    """Return the viewer with what they hold of their own only."""
    if not read_at(viewer):
        return viewer
    roles = all_roles().with_right(READ)
    return replace(viewer, grants=tuple(held for held in viewer.grants if held.role not in roles))


def only_reads(method: str, path: str) -> bool:
    """Whether a request changes nothing, or is one of the few that somebody with emergency access may still send.

    >>> only_reads("GET", "/units/"), only_reads("POST", "/units/"), only_reads("POST", "/sign-out/")
    (True, False, True)
    """
    return method in SAFE or path.startswith(STILL)
