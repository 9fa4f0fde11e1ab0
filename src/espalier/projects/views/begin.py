"""Begin a project: four things, of which one must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from espalier.audit.confirming import not_a_person
from espalier.common.errors import UnableTo
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects import actions, forms, presenters, queries
from espalier.projects.views.shared import HOME
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def begin(request: Asked) -> HttpResponse:
    """The form, filled in as far as the address says; and what it sends."""
    places = queries.places_to_begin(viewer=request.viewer)
    form = forms.BeginForm(request.POST or None, places=places, initial=_known(request)) if places else None
    if request.method == "POST" and form is not None and form.is_valid():
        return _begun(request, form)
    context = {
        "title": "Begin a project", "form": form, "breadcrumbs": [HOME], "problems": problems(form) if form else (),
        "only": places[0] if len(places) == 1 else None,
    }  # fmt: skip
    return render(request, "projects/begin.html", context, status=422 if form is not None and form.errors else 200)


def _known(request: Asked) -> dict[str, str]:
    """What the address says already: words of an idea, or the chart somebody came from."""
    code, title = request.GET.get("measure", "")[:60], request.GET.get("title", "").replace("\0", "")[:200]
    named = measures.named(viewer=request.viewer, codes={code}) if code and not title else {}
    return {"title": title or (f"Better: {named[code].name}" if code in named else ""), "place": request.GET.get("place", "")[:40]}


def _became(request: Asked, pk: int) -> None:
    """Point the idea somebody came from at the project it has become. One that cannot any more keeps nobody from beginning."""
    try:
        idea = UUID(request.GET.get("idea", ""))
        actions.became_project(actor=request.viewer, at=request.at, idea=idea, project=pk)
    except (ValueError, UnableTo, PermissionDenied):
        return


def _begun(request: Asked, form: forms.BeginForm) -> HttpResponse:
    """Store it and go to its page; whoever came from a chart goes on to what is measured, with that chart."""
    words, viewer = form.cleaned_data, request.viewer
    place = organisations.unit(viewer=viewer, code=words["place"] or form.only_place)
    pk = actions.begin_project(actor=viewer, at=request.at, unit=place, title=words["title"], aim=form.aim())
    not_a_person(request, form.confirmed)
    _became(request, pk)
    messages.success(request, "Your project has begun. Only you can see it until you take others in, or open it.")
    chart = {name: request.GET[name][:60] for name in ("measure", "place") if request.GET.get(name)}
    measured = f"/projects/{pk}/measures/"
    return redirect(f"{measured}?{urlencode(chart)}" if "measure" in chart and presenters.opens(measured) else f"/projects/{pk}/")
