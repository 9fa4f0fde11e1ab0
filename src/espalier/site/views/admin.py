"""The list of tools for those who look after things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.site.queries.admin import places_of_access, tools
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def admin_tools(request: Asked) -> HttpResponse:
    """Every tool this viewer may use, and the places where they look after access."""
    places = places_of_access(viewer=request.viewer)
    return render(request, "site/admin_tools.html", {"title": "Admin tools", "tools": tools(viewer=request.viewer), "places": places})
