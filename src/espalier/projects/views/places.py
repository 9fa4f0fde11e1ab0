"""Where a project happens: the place it was begun at, and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect

from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.views.shared import about, words_of
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked

MOST_FOUND = 20


def places(request: Asked, pk: int) -> HttpResponse:
    """Its places, and others found by name; what the page sends names one or takes one away."""
    found, text = queries.project(viewer=request.viewer, pk=pk), words_of(request.GET.get("q", ""))
    if request.method == "POST":
        return _changed(request, pk)
    named = {found.unit.code, *(one.code for one in found.places)}
    near: tuple[organisations.UnitFacts, ...] = ()
    if text and found.may_lead:
        near = organisations.search(viewer=request.viewer, text=text, limit=MOST_FOUND + len(named), within=found.owner_id)
    context = about(request, found, "Where it happens") | {
        "text": text, "near": [one for one in near if one.closed_on is None and one.code not in named][:MOST_FOUND],
    }  # fmt: skip
    return render(request, "projects/places.html", context)


def _changed(request: Asked, pk: int) -> HttpResponse:
    code, away = request.POST.get("code", "").replace("\0", "")[:40], request.POST.get("do") == "remove"
    change = actions.remove_place if away else actions.add_place
    change(actor=request.viewer, at=request.at, project=pk, code=code)
    messages.success(request, "Taken away." if away else "Stored. The project stands on that team’s page too, for whoever may read it.")
    return redirect(f"/projects/{pk}/places/")
