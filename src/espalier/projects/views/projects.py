"""All projects, and one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.projects import presenters, queries
from espalier.projects.presenters import cycles, measuring
from espalier.projects.views.shared import HOME, about, words_of
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked

__all__ = ["HOME", "all_projects", "project"]


def all_projects(request: Asked) -> HttpResponse:
    """The projects one may see, searched and narrowed."""
    asked = request.GET
    wanted = queries.Wanted(
        text=words_of(asked.get("q", "")), state=asked.get("state", "")[:12],
        place=asked.get("place", "").replace("\0", "").strip()[:40].upper(), still=asked.get("which") == "still",
        mine=asked.get("which") == "mine",
    )  # fmt: skip
    found = queries.projects_page(viewer=request.viewer, wanted=wanted, page=asked.get("page", "1"), at=request.at)
    return render(request, "projects/projects.html", {"title": "Projects", "found": found, "p": presenters, "asked": asked})


def project(request: Asked, pk: int) -> HttpResponse:
    """One project on one page."""
    found = queries.project(viewer=request.viewer, pk=pk)
    overview = queries.overview(viewer=request.viewer, project=found, at=request.at)
    context = about(request, found) | {
        "found": overview, "next": presenters.next_step(found, overview), "blocks": overview.blocks, "w": cycles, "m": measuring,
    }  # fmt: skip
    return render(request, "projects/project.html", context)
