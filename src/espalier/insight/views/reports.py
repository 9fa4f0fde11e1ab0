"""Reports: the list, a new one, one on its page and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone

from espalier.exports.answers import file_response, made
from espalier.insight import actions, forms, presenters, queries
from espalier.insight.rules import Change
from espalier.insight.views.shared import HOME, edit_page, laid_out
from espalier.organisations import queries as organisations
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def reports(request: Asked) -> HttpResponse:
    """All reports one may see, and a new one; with a chart in the address, which report it goes into."""
    places = queries.writable_units(viewer=request.viewer)
    form = forms.ReportForm(request.POST or None, places=[(one.code, one.name) for one in places]) if places else None
    if request.method == "POST" and form is not None and form.is_valid():
        return _begun(request, form)
    context = {
        "title": "Reports", "form": form, "papers": queries.papers(viewer=request.viewer), "adding": _adding(request), "p": presenters,
        "breadcrumbs": [HOME], "problems": problems(form) if form else (), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "insight/reports.html", context, status=422 if form and form.errors else 200)


def _adding(request: Asked) -> dict[str, str]:
    chosen = {name: request.GET.get(name, "")[:60] for name in ("measure", "place")}
    return chosen if all(chosen.values()) else {}


def _begun(request: Asked, form: forms.ReportForm) -> HttpResponse:
    """Store a new report, with the chart somebody came with."""
    words = form.cleaned_data
    place = organisations.unit(viewer=request.viewer, code=words["place"])
    done = actions.start_report(actor=request.viewer, at=request.at, unit=place, title=words["title"], for_whom=words["for_whom"])
    if adding := _adding(request):
        change = Change("add-chart", facts={"measure": adding["measure"], "unit": adding["place"]})
        actions.change_paper(actor=request.viewer, at=request.at, paper=done.pk, seen=done.version, change=change)
    return redirect(f"/insight/reports/{done.pk}/")


def report(request: Asked, paper: int) -> HttpResponse:
    """A report as its readers will see it; its authors change it on the same page."""
    return edit_page(request, queries.paper(viewer=request.viewer, pk=paper))


def report_file(request: Asked, paper: int, kind: str) -> HttpResponse:
    """A report as a file, with the figures of this moment."""
    what = queries.paper(viewer=request.viewer, pk=paper)
    if what.removed:
        raise PermissionDenied("This report was put away. Bring it back first.")
    return file_response(what.content.title, kind, made(kind, laid_out(request, what)))
