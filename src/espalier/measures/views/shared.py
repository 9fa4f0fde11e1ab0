"""What several pages of this room need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied

from espalier.ui.pages import Crumb, Here

if TYPE_CHECKING:
    from espalier.access.requests import Asked
    from espalier.organisations import queries as organisations


def place(unit: organisations.UnitFacts, up: tuple[organisations.UnitFacts, ...], *, own: bool) -> dict[str, Any]:
    """Where a page stands: the way up as breadcrumbs, and the switcher in the header."""
    crumbs = [Crumb(one.name, one.href) for one in (*up, *((unit,) if own else ()))]
    return {"breadcrumbs": crumbs, "here": Here(unit.name, unit.kind_name, tuple(Crumb(one.name, one.href) for one in reversed(up)))}


def signed_in_only(request: Asked, what: str) -> None:
    """Refuse a visitor what only somebody signed in can have."""
    if request.viewer.is_visitor:
        raise PermissionDenied(f"Sign in to {what}.")
