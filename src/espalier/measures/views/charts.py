"""Pages of charts: load, ask, render."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from espalier.exports.tables import csv_response
from espalier.measures import forms, presenters, queries
from espalier.measures.presenters import lists
from espalier.measures.presenters.marking import with_marks
from espalier.measures.views.marking import beside
from espalier.measures.views.shared import place
from espalier.organisations import queries as organisations
from espalier.ui.pages import render

if TYPE_CHECKING:
    from espalier.access.requests import Asked


def all_charts(request: Asked) -> HttpResponse:
    """Every measure, with the chart of one nation, region, system or organisation."""
    asked = request.GET.get("unit")
    if not asked and not organisations.find(viewer=request.viewer, codes=[organisations.NATION]):
        return render(request, "measures/nothing.html", {"title": "All charts"})
    unit = organisations.unit(viewer=request.viewer, code=asked or organisations.NATION)
    found = queries.cards_page(viewer=request.viewer, unit=unit, page=request.GET.get("page", "1"), name_the_rest=True)
    groups = presenters.by_gap((*found.shown, *found.without), found.cards)
    context = {"title": "All charts", "unit": unit, "found": found, "groups": groups, "asked": request.GET}
    context |= {"may_define": queries.may_define(viewer=request.viewer, unit=unit), "may_load": bool(request.viewer.grants)}
    return render(request, "measures/all.html", context)


def wall(request: Asked, measure: str) -> HttpResponse:
    """One measure over everything below a nation, region, system or organisation."""
    shown = asked_wall(request, measure)
    up = organisations.way_up(viewer=request.viewer, unit_id=shown.unit.pk, on=shown.newest or timezone.localdate())
    context = {
        "title": f"{shown.definition.name}: {shown.unit.name}", "wall": shown, "words": presenters.summary(shown),
        "view": forms.chosen(request.GET, "view")["view"], "p": presenters, "lists": lists, "asked": request.GET,
        **place(shown.unit, up, own=True),
    }  # fmt: skip
    return render(request, "measures/wall.html", context)


def wall_csv(request: Asked, measure: str) -> HttpResponse:
    """The newest figure of everything that was chosen, on whichever page it stands, as a file."""
    shown = asked_wall(request, measure, page="1")
    rest = [asked_wall(request, measure, page=str(number)) for number in range(2, shown.page.pages + 1)]
    head, rows = presenters.wall_table(shown)
    more = [row for one in rest for row in presenters.wall_table(one)[1]]
    return csv_response(f"{measure}-{shown.unit.code}.csv", head, rows + more)


def chart(request: Asked, measure: str, unit: str) -> HttpResponse:
    """One measure at one place, large, with what it says; where there is no figure yet, whoever may puts in the first."""
    try:
        shown = asked_chart(request, measure, unit)
    except queries.NoFigures:
        if not queries.may_begin(viewer=request.viewer, measure=measure, unit=unit):
            raise
        messages.info(request, "There are no figures here yet. Put in the first.")
        return redirect("measures:enter", measure=measure, unit=unit)
    return _chart_page(request, shown)


def _chart_page(request: Asked, shown: queries.Chart) -> HttpResponse:
    up = organisations.way_up(viewer=request.viewer, unit_id=shown.unit.pk, on=shown.period or shown.newest)
    context = {
        "title": f"{shown.definition.name}: {shown.unit.name}", "chart": shown, "pasted": forms.version_of(request.GET, "pasted"),
        "sentences": presenters.sentences(shown), "p": presenters, "asked": request.GET, **place(shown.unit, up, own=True),
        **beside(request, shown), **_extras(request, shown),
    }  # fmt: skip
    return render(request, "measures/chart.html", context)


def _extras(request: Asked, shown: queries.Chart) -> dict[str, Any]:
    """What the parts around the chart need beside the chart itself."""
    start = queries.start_href(measure=shown.definition.code, unit=shown.unit) if shown.work.may.start else ""
    if shown.added_up:  # a sum changes whenever one of its parts does: the parts are what can be followed
        return {"follows": "", "start": start}
    return {"start": start, "follows": queries.follow_of(viewer=request.viewer, unit_id=shown.unit.pk, measure_id=shown.definition.pk)}


def chart_csv(request: Asked, measure: str, unit: str) -> HttpResponse:
    """The figures below a chart, as a file."""
    shown = asked_chart(request, measure, unit)
    return csv_response(f"{measure}-{unit}.csv", *with_marks(shown, *presenters.chart_table(shown)))


def chart_svg(request: Asked, measure: str, unit: str) -> HttpResponse:
    """The picture alone, as a file."""
    answer = HttpResponse(asked_chart(request, measure, unit).svg, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{measure}-{unit}.svg"'
    return answer


def asked_wall(request: Asked, measure: str, **instead: str) -> queries.Wall:
    """The page of many charts that the address asks for."""
    unit = organisations.unit(viewer=request.viewer, code=request.GET.get("unit") or organisations.NATION)
    asked: dict[str, Any] = forms.chosen(request.GET, "order", "compare", "level", "region", "kind", "signal", "page")
    choice = queries.Choice(**asked | instead, until=forms.month_of(request.GET, request.path))
    return queries.wall(viewer=request.viewer, measure=measure, unit=unit, choice=choice)


def asked_chart(request: Asked, measure: str, unit: str) -> queries.Chart:
    """The chart that the address asks for."""
    where = organisations.unit(viewer=request.viewer, code=unit)
    asked: dict[str, Any] = forms.chosen(request.GET, "compare", "months", "rules", "marks")
    return queries.chart(
        viewer=request.viewer,
        measure=measure,
        unit=where,
        compare=asked["compare"],
        everything=asked["months"] == "all",
        rules=asked["rules"] or None,
        until=forms.month_of(request.GET, request.path),
        marked=asked["marks"] == "shown",
    )
