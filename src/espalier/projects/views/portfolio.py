"""Many projects at once: what moves, what stands still, what lasts; the lists behind the counts; from a measure to its projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from espalier.exports.tables import csv_response
from espalier.organisations import queries as organisations
from espalier.projects import permissions, queries
from espalier.projects.presenters import portfolio as words
from espalier.projects.presenters import value
from espalier.projects.queries.portfolio import gap_names
from espalier.projects.rules.portfolio import STANDINGS
from espalier.projects.views.shared import HOME
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.organisations.queries import UnitFacts


def portfolio(request: Asked) -> HttpResponse:
    """A place's projects, counted."""
    unit = _unit(request)
    page = queries.portfolio(viewer=request.viewer, unit=unit, at=request.at, today=timezone.localdate(request.at))
    parts = {one.code: one for one in organisations.children(viewer=request.viewer, unit_id=unit.pk, on=timezone.localdate(request.at))}
    context = _about(unit, "Portfolio") | {"page": page, "v": value, "standings": STANDINGS, "parts": parts, "breadcrumbs": [HOME]}
    return render(request, "projects/portfolio.html", context)


def lines(request: Asked) -> HttpResponse:
    """The projects behind a count."""
    unit, asked = _unit(request), _asked(request)
    found = queries.portfolio_lines(
        viewer=request.viewer, unit=unit, asked=asked, page=request.GET.get("page", "1"), at=request.at,
        today=timezone.localdate(request.at),
    )  # fmt: skip
    context = _about(unit, "Projects of a portfolio") | {
        "found": found, "which": words.listed(asked, found.part, gap_names()), "asked": request.GET,
    }  # fmt: skip
    return render(request, "projects/portfolio_list.html", context)


def file(request: Asked) -> HttpResponse:
    """The projects behind a count, as a file."""
    unit, today = _unit(request), timezone.localdate(request.at)
    found = queries.portfolio_file(viewer=request.viewer, unit=unit, asked=_asked(request), at=request.at, today=today)
    return csv_response(f"projects-{unit.code.lower()}-{today:%Y-%m-%d}.csv", words.HEAD, words.rows(found, gap_names()))


def sight(request: Asked) -> HttpResponse:
    """From a measure to the projects that are meant to move it, their tests, and whether it moved."""
    unit, today = _unit(request), timezone.localdate(request.at)
    found = queries.sight(
        viewer=request.viewer, unit=unit, code=request.GET.get("measure", "")[:60], page=request.GET.get("page", "1"),
        at=request.at, today=today,
    )  # fmt: skip
    context = _about(unit, "From a measure to the work") | {"found": found, "asked": request.GET}
    return render(request, "projects/portfolio_sight.html", context)


def _unit(request: Asked) -> UnitFacts:
    code = request.GET.get("unit", "").strip()[:40] or queries.portfolio_home(viewer=request.viewer)
    if not code:
        raise PermissionDenied("The portfolio is for who leads improvement at a place, and for its board. Ask them what you want to know.")
    unit = organisations.unit(viewer=request.viewer, code=code)
    may = permissions.may_see_portfolio(viewer=request.viewer, unit_id=unit.pk, name=unit.name)
    if not may:
        raise PermissionDenied(may.reason)
    return unit


def _asked(request: Asked) -> queries.Asked:
    """Read from the address what is listed; what is no standing asks for all."""
    standing, gap = request.GET.get("standing", ""), request.GET.get("gap", "")[:40]
    return queries.Asked(
        standing=standing if standing in STANDINGS else "", part=request.GET.get("part", "").strip()[:40],
        gap=None if not gap else "" if gap == words.NO_GAP else gap, better=request.GET.get("better") == "1",
    )  # fmt: skip


def _about(unit: UnitFacts, title: str) -> dict[str, Any]:
    return {
        "title": f"{title}: {unit.name}", "unit": unit, "w": words, "here": Here(unit.name, unit.kind_name),
        "breadcrumbs": [HOME, Crumb("Portfolio", words.address(unit))],
    }  # fmt: skip
