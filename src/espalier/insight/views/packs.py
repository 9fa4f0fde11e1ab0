"""Many charts as files: asked for, watched, fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone

from espalier.access.door import stream_as
from espalier.common.errors import NotFoundHere
from espalier.exports.answers import KINDS, file_name
from espalier.insight import actions, presenters, queries
from espalier.insight.views.shared import HOME
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, StreamingHttpResponse

    from espalier.access.requests import Asked


def packs(request: Asked) -> HttpResponse:
    """Ask for all charts of a place as one archive, and see those asked for before."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to have many charts made into files. One chart at a time can be downloaded from its page.")
    asked = request.POST if request.method == "POST" else request.GET
    unit = organisations.unit(viewer=request.viewer, code=asked.get("place") or organisations.NATION)
    pairs = measures.pairs_below(viewer=request.viewer, unit_id=unit.pk, measures=asked.get("measure", "").split()[:1])
    if request.method == "POST":
        return _asked_for(request, unit, pairs)
    context = {
        "title": "Many charts as files", "unit": unit, "measure": asked.get("measure", "")[:60], "count": len(pairs), "p": presenters,
        "packs": queries.packs(viewer=request.viewer), "breadcrumbs": [HOME],
    }  # fmt: skip
    return render(request, "insight/packs.html", context)


def _asked_for(request: Asked, unit: organisations.UnitFacts, pairs: tuple[measures.Pair, ...]) -> HttpResponse:
    kind, title = request.POST.get("kind", ""), f"Charts of {unit.name}, {timezone.localdate()}"
    try:
        pk = actions.ask_for_files(actor=request.viewer, at=request.at, title=title, kind=kind, pairs=pairs)
    except actions.NothingToPack as problem:
        messages.info(request, str(problem))
        return redirect(f"/insight/files/?place={unit.code}")
    return redirect(f"/insight/files/{pk}/")


def pack(request: Asked, pk: UUID) -> HttpResponse:
    """How far an archive is, and the way to fetch it."""
    found = queries.pack(viewer=request.viewer, pk=pk)
    if request.method == "POST":
        actions.try_again(actor=request.viewer, at=request.at, pack=pk)
        return redirect(found.href)
    context = {"title": found.title, "pack": found, "p": presenters, "breadcrumbs": [HOME, Crumb("Files", "/insight/files/")]}
    return render(request, "insight/pack.html", context)


def pack_file(request: Asked, pk: UUID) -> StreamingHttpResponse:
    """A finished archive, for who asked for it."""
    viewer, found = request.viewer, queries.pack(viewer=request.viewer, pk=pk)
    if found.state != "ready":
        raise NotFoundHere("These files are not ready yet.")
    name = {"Content-Disposition": f'attachment; filename="{file_name(found.title)}.zip"'}
    return stream_as(viewer, lambda: queries.pack_content(viewer=viewer, pk=pk), content_type=KINDS["zip"], headers=name)
