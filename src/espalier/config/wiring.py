"""What low rooms need from high ones, joined in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from espalier.access import deciding
from espalier.access import registry as access_registry
from espalier.access.door import door_of_account
from espalier.access.viewer import Viewer
from espalier.imports import kinds
from espalier.jobs import queue
from espalier.measures.actions.importing import FIGURES
from espalier.organisations import queries as organisations
from espalier.organisations.actions.staffing import STAFF
from espalier.ui import menu, pages

if TYPE_CHECKING:
    from django.http import HttpRequest

MENU = (
    menu.Item("Home", "/"),
    menu.Item("Charts", "/measures/"),
    menu.Item("Projects", "/projects/", works=False),
    menu.Item("Surveys and feedback", "/listening/", works=False),
    menu.Item("Learning and time", "/learning/", works=False),
    menu.Item("Workforce", "/workforce/", works=False),
    menu.Item("Careers and posts", "/talent/", works=False),
    menu.Item("Partnerships", "/partnerships/", works=False),
    menu.Item("The framework", "/framework/"),
    menu.Item("For the board", "/insight/"),
)


def join() -> None:
    """Fill every registry. A test finds one that stayed empty."""
    access_registry.fill(organisations.viewer_for)
    deciding.fill(organisations.KnowsTree())
    queue.fill(door_of_account)
    kinds.fill(FIGURES, STAFF)
    menu.fill(MENU)
    pages.fill(who=_who, sign_in="/sign-in/" if settings.DEMO and settings.EMBEDDED else "")


def _who(request: HttpRequest) -> pages.SignedIn | None:
    viewer: Viewer = getattr(request, "viewer", Viewer())
    return None if viewer.is_visitor else pages.SignedIn(name=viewer.name, href="/tokens/", sign_out="/sign-out/")
