"""Lists over many charts: what changed, what is late, how good the figures are, and places compared by size."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.exports.tables import csv_response
from espalier.measures import actions, forms, queries
from espalier.measures.forms import following as inputs
from espalier.measures.presenters import lists
from espalier.measures.views.shared import place, signed_in_only
from espalier.organisations import queries as organisations
from espalier.ui.pages import render

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.requests import Asked

UNTIL_NOW = timedelta(days=30)  # what a visitor sees before choosing a day


def funnel(request: Asked, measure: str) -> HttpResponse:
    """Places of any size compared at one time."""
    page = _funnel(request, measure)
    context = {
        "title": f"{page.definition.name}: places compared by size", "page": page, "l": lists, "asked": request.GET,
        "sort": inputs.one_of(request.GET, "sort", ("far", "name", "value", "size")), **_place(request, page.unit),
    }  # fmt: skip
    return render(request, "measures/funnel.html", context)


def funnel_csv(request: Asked, measure: str) -> HttpResponse:
    """The comparison as a file."""
    page = _funnel(request, measure)
    return csv_response(f"{measure}-{page.unit.code}-funnel.csv", *lists.funnel_table(page))


def funnel_svg(request: Asked, measure: str) -> HttpResponse:
    """The picture alone, as a file."""
    page = _funnel(request, measure, links=False)
    if not page.svg:
        return render(request, "measures/funnel.html", {"page": page, "l": lists, "asked": request.GET}, status=404)
    answer = HttpResponse(page.svg, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{measure}-{page.unit.code}-funnel.svg"'
    return answer


def _funnel(request: Asked, measure: str, *, links: bool = True) -> queries.FunnelPage:
    sort: Any = inputs.one_of(request.GET, "sort", ("far", "name", "value", "size"))
    return queries.funnel(
        viewer=request.viewer, measure=measure, unit=_unit(request), until=forms.month_of(request.GET, request.path),
        months=inputs.number_of(request.GET, "months", (1, 3, 12)), kind=forms.chosen(request.GET, "kind")["kind"], sort=sort, links=links,
    )  # fmt: skip


def changes(request: Asked) -> HttpResponse:
    """What changed since the person last looked, or since a day."""
    unit = _unit(request)
    looked, since = _since(request, unit)
    found = queries.changes(viewer=request.viewer, where=queries.inside(viewer=request.viewer, unit_id=unit.pk), since=since)
    context = {
        "title": f"What changed: {unit.name}", "unit": unit, "changes": found, "looked": looked, "l": lists, "at": request.at,
        "chosen": bool(request.GET.get("since")), **_place(request, unit),
    }  # fmt: skip
    return render(request, "measures/changes.html", context)


def _since(request: Asked, unit: organisations.UnitFacts) -> tuple[datetime | None, datetime]:
    """Return when the person last looked, and since when changes are shown."""
    looked = queries.last_look(viewer=request.viewer, unit_id=unit.pk)
    return looked, inputs.since_of(request.GET, request.path) or looked or request.at - UNTIL_NOW


@require_POST
def seen(request: Asked) -> HttpResponse:
    """Mark what is shown as seen."""
    signed_in_only(request, "mark changes as seen")
    unit = organisations.unit(viewer=request.viewer, code=request.POST.get("unit") or organisations.NATION)
    until = inputs.moment_of(request.POST, "until") or request.at
    actions.mark_seen(actor=request.viewer, at=request.at, unit=unit, until=until)
    return redirect(f"/measures/changes/?unit={unit.code}")


def late(request: Asked) -> HttpResponse:
    """Which charts lack figures, for how long, and whom to ask."""
    page = _late(request)
    context = {"title": f"Late and missing: {page.unit.name}", "page": page, "l": lists, "asked": request.GET}
    return render(request, "measures/late.html", context | _place(request, page.unit))


def late_csv(request: Asked) -> HttpResponse:
    """The same list as a file; names of colleagues stay on the page."""
    page = _late(request)
    return csv_response(f"late-{page.unit.code}.csv", *lists.late_table(page))


def _late(request: Asked) -> queries.LatePage:
    wanted = request.GET.get("measure", "")[:60]
    return queries.late(viewer=request.viewer, unit=_unit(request), today=timezone.localdate(request.at), measure=wanted)


def quality(request: Asked) -> HttpResponse:
    """How good the figures are, and what to do about each finding."""
    page = _quality(request)
    context = {"title": f"How good the figures are: {page.unit.name}", "page": page, "l": lists, "asked": request.GET}
    return render(request, "measures/quality.html", context | _place(request, page.unit))


def quality_csv(request: Asked) -> HttpResponse:
    """The same list as a file."""
    page = _quality(request)
    return csv_response(f"quality-{page.unit.code}.csv", *lists.quality_table(page))


def _quality(request: Asked) -> queries.QualityPage:
    wanted = request.GET.get("measure", "")[:60]
    return queries.quality(viewer=request.viewer, unit=_unit(request), today=timezone.localdate(request.at), measure=wanted)


def _unit(request: Asked) -> organisations.UnitFacts:
    return organisations.unit(viewer=request.viewer, code=request.GET.get("unit") or organisations.NATION)


def _place(request: Asked, unit: organisations.UnitFacts) -> dict[str, Any]:
    up = organisations.way_up(viewer=request.viewer, unit_id=unit.pk, on=unit.closed_on or timezone.localdate(request.at))
    return place(unit, up, own=True)
