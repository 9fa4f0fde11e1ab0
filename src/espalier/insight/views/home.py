"""The start of this part: board pages, reports, what was frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.insight import presenters, queries
from espalier.organisations import queries as organisations
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def home(request: Asked) -> HttpResponse:
    """Where board pages and reports are found."""
    asked = request.GET.get("q", "")[:80]
    found = organisations.search(viewer=request.viewer, text=asked, limit=12) if asked else ()
    context = {
        "title": "For the board", "asked": asked, "found": [one for one in found if one.closed_on is None], "p": presenters,
        "mine": queries.writable_units(viewer=request.viewer), "papers": queries.papers(viewer=request.viewer)[:8],
        "frozen": queries.frozen_lines(viewer=request.viewer)[:8],
    }  # fmt: skip
    return render(request, "insight/home.html", context)
