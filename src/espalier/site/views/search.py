"""Search, and what it would find while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.cache import never_cache

from espalier.site import presenters, queries
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


@never_cache
def search(request: Asked) -> HttpResponse:
    """Find a place, a person, a chart, a report, a saved page, help or a line of the framework."""
    found = queries.search(viewer=request.viewer, text=request.GET.get("q", ""), kind=request.GET.get("kind", ""))
    context = {"title": f"Search: {found.text}" if found.text else "Search", "text": found.text, "found": found, "p": presenters}
    return render(request, "site/search.html", context | {"there": queries.there})


@never_cache
def suggest(request: Asked) -> HttpResponse:
    """The first few of each kind, for the list under the search field; without a script nobody comes here."""
    found = queries.suggest(viewer=request.viewer, text=request.GET.get("q", ""))
    return render(request, "site/search_suggest.html", {"title": "Search", "found": found, "p": presenters, "there": queries.there})
