"""Pages of one measure for groups of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.exports.tables import csv_response
from espalier.measures import queries
from espalier.measures.presenters import splitting
from espalier.measures.views.shared import place
from espalier.organisations import queries as organisations
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def split(request: Asked, measure: str, unit: str, dimension: str) -> HttpResponse:
    """Groups side by side on one scale, and the gap between two of them."""
    shown = _split(request, measure, unit, dimension)
    up = organisations.way_up(viewer=request.viewer, unit_id=shown.unit.pk, on=shown.periods[-1] if shown.periods else request.at.date())
    title = f"{shown.definition.name} by {shown.dimension.words}: {shown.unit.name}"
    context = {"title": title, "split": shown, "p": splitting, **place(shown.unit, up, own=True)}
    return render(request, "measures/split.html", context)


def split_csv(request: Asked, measure: str, unit: str, dimension: str) -> HttpResponse:
    """The same figures as a file; what the page does not show is not in it either."""
    shown = _split(request, measure, unit, dimension)
    return csv_response(f"{measure}-{unit}-{dimension}.csv", *splitting.file(shown))


def _split(request: Asked, measure: str, unit: str, dimension: str) -> queries.Split:
    where = organisations.unit(viewer=request.viewer, code=unit)
    return queries.split(viewer=request.viewer, measure=measure, unit=where, dimension=dimension)
