"""The front door, the page of a unit, search and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.site import presenters, queries
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def home(request: Asked) -> HttpResponse:
    """The front door."""
    context = {
        "title": "Home",
        "door": queries.front_door(viewer=request.viewer),
        "capabilities": queries.capabilities(viewer=request.viewer),
    }
    return render(request, "site/home.html", context)


def unit(request: Asked, code: str) -> HttpResponse:
    """A nation, region, system, organisation or team."""
    page = queries.unit_page(viewer=request.viewer, code=code, today=timezone.localdate())
    crumbs = tuple(Crumb(one.name, one.href) for one in page.up)
    here = Here(page.unit.name, page.unit.kind_name, tuple(reversed(crumbs)))
    context = {"title": page.unit.name, "page": page, "p": presenters, "breadcrumbs": crumbs, "here": here}
    return render(request, "site/unit.html", context)


def search(request: Asked) -> HttpResponse:
    """Find an organisation, a team, a chart or help."""
    text = request.GET.get("q", "")
    found = queries.search(viewer=request.viewer, text=text)
    return render(
        request, "site/search.html", {"title": f"Search: {text}" if text else "Search", "text": text, "found": found, "p": presenters}
    )


def help_index(request: Asked) -> HttpResponse:
    """All help pages."""
    return render(request, "site/help.html", {"title": "Help", "pages": queries.help_pages().values()})


def help_page(request: Asked, slug: str) -> HttpResponse:
    """One help page."""
    page = queries.help_page(viewer=request.viewer, slug=slug)
    return render(request, "site/help_page.html", {"title": page.title, "page": page, "breadcrumbs": (Crumb("Help", "/help/"),)})
