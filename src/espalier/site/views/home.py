"""The first page: the front door for visitors, and for whoever has signed in their own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.cache import never_cache

from espalier.site import presenters, queries
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.site.queries import Home


@never_cache
def home(request: Asked) -> HttpResponse:
    """Greet whoever has signed in with what is theirs; show everybody else round."""
    if request.viewer.is_visitor:
        return _front_door(request)
    page = queries.home(viewer=request.viewer, at=request.at)
    name = "partner" if page.is_partner else "first" if page.is_new else "mine"
    context = {"title": "Home", "page": page, "p": presenters, "here": _here(page), "there": queries.there, "today": request.at.date()}
    return render(request, f"site/home_{name}.html", context)


def _front_door(request: Asked) -> HttpResponse:
    door, lines = queries.front_door(viewer=request.viewer), queries.capabilities(viewer=request.viewer)
    return render(request, "site/home.html", {"title": "Home", "door": door, "capabilities": lines})


def _here(page: Home) -> Here | None:
    """Show the nearest place in the header, with somebody's other places to go to."""
    if not page.places:
        return None
    near = [Crumb(one.place.unit.name, one.place.unit.href) for one in page.places]
    return Here(page.places[0].place.unit.name, page.places[0].place.unit.kind_name, tuple(near))
