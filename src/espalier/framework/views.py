"""The pages of the framework; both are open to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.urls import reverse

from espalier.framework import presenters, queries
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def whole(request: Asked) -> HttpResponse:
    """The framework on one page."""
    edition = queries.edition(viewer=request.viewer)
    page = presenters.framework_page(edition, queries.works_here(viewer=request.viewer))
    return render(request, "framework/page.html", {"title": "The framework", "page": page})


def entry(request: Asked, code: str) -> HttpResponse:
    """One line of the framework; a code in small letters is sent on, so that each line has one address."""
    if code != code.upper():
        return redirect("framework:entry", code=code.upper())
    viewer = request.viewer
    found = queries.entry(viewer=viewer, code=code)
    page = presenters.entry_page(queries.edition(viewer=viewer), queries.works_here(viewer=viewer), found)
    crumbs = (Crumb("The framework", reverse("framework:whole")),)
    return render(
        request,
        "framework/entry.html",
        {"title": page.shown.title, "page": page, "breadcrumbs": crumbs},
    )
