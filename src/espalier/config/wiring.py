"""What low rooms need from high ones, joined in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

from espalier.access import deciding, embedding, rights, signing
from espalier.access import personal as account
from espalier.access import registry as access_registry
from espalier.access.door import door_of_account
from espalier.access.viewer import Viewer
from espalier.audit import owners, whence
from espalier.common import affected
from espalier.config import personal, sign_in_log
from espalier.imports import kinds, presets
from espalier.imports import personal as files
from espalier.imports import queries as imports
from espalier.insight import queries as insight
from espalier.insight.queries import personal as reports
from espalier.jobs import queue
from espalier.measures import queries as measures
from espalier.measures.actions.importing import FIGURES
from espalier.measures.queries import personal as charts
from espalier.organisations import queries as organisations
from espalier.organisations.actions import add_myself
from espalier.organisations.actions.staffing import STAFF
from espalier.organisations.queries import personal as posts
from espalier.projects import queries as projects
from espalier.projects.actions.importing import PROJECTS
from espalier.projects.actions.importing_tests import TESTS
from espalier.projects.queries import personal as improving
from espalier.site import queries as site
from espalier.site.queries import personal as forms
from espalier.ui import menu, pages

if TYPE_CHECKING:
    from django.http import HttpRequest

MENU = (
    menu.Item("Home", "/"),
    menu.Item("Charts", "/measures/"),
    menu.Item("Projects", "/projects/"),
    menu.Item("Surveys and feedback", "/listening/", works=False),
    menu.Item("Learning and time", "/learning/", works=False),
    menu.Item("Workforce", "/workforce/", works=False),
    menu.Item("Careers and posts", "/talent/", works=False),
    menu.Item("Partnerships", "/partnerships/", works=False),
    menu.Item("The framework", "/framework/"),
    menu.Item("For the board", "/insight/"),
)


# Rooms in which nothing hangs on a place that is moved, merged or closed, each with the reason.
NOTHING = {
    "access": "accounts belong to people; a token for one place goes on for that place",
    "exports": "files are made anew from what is stored; of a backup only its day and size are kept",
    "site": "what is being typed and when to write belong to one account, not to a place",
    "audit": "what happened stays as it happened, whatever becomes of the place",
}


def join() -> None:
    """Fill every registry. A test finds one that stayed empty."""
    access_registry.fill(organisations.viewer_for)
    deciding.fill(organisations.KnowsTree())
    signing.fill(person=add_myself)
    signing.fill_joining(embedding.may_hold_real_people)
    queue.fill(door_of_account, coming=lambda name: whence.coming(whence.JOB, name))
    owners.fill(organisations.event_owners, asks=organisations.EVENT_OWNER)
    sign_in_log.listen()
    kinds.fill(FIGURES, STAFF, PROJECTS, TESTS)
    presets.fill(projects.register_layouts)
    rights.fill(account.HOLDS, posts.HOLDS, charts.HOLDS, reports.HOLDS, improving.HOLDS, files.HOLDS, forms.HOLDS, *personal.HOLDS)
    affected.fill(
        rooms={
            "organisations": organisations.affected, "measures": measures.affected, "insight": insight.affected,
            "imports": imports.affected, "projects": projects.affected,
        },
        nothing=NOTHING,
    )  # fmt: skip
    measures.fill_tried(projects.tried_on)
    measures.fill_start(projects.start_here)
    menu.fill(MENU)
    pages.fill(who=_who, sign_in="/sign-in/")


def _who(request: HttpRequest) -> pages.SignedIn | None:
    viewer: Viewer = getattr(request, "viewer", Viewer())
    if viewer.is_visitor:
        return None
    mark = salted_hmac("espalier.who", str(viewer.account_id)).hexdigest()[:16]
    tools = "/admin-tools/" if site.administers(viewer=viewer) else ""
    return pages.SignedIn(name=viewer.name, href="/account/", sign_out="/sign-out/", mark=mark, tools=tools)
