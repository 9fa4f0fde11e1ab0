"""The first figures of a measure: a few periods in one form, and the chart stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone

from espalier.common.errors import UnableTo
from espalier.projects import actions, queries
from espalier.projects.forms import first_figures as forms
from espalier.projects.views.inside import inside
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def figures(request: Asked, pk: int, counted: int) -> HttpResponse:
    """Ask for a few periods at once; where nothing is missing, go to the page for single figures."""
    page = _page(request, pk, counted)
    if not page.periods:
        return redirect(page.counted.enter_href)
    frequency = page.counted.definition.frequency
    form = forms.FirstFiguresForm(request.POST or None, periods=page.periods, frequency=frequency, two_numbers=page.two_numbers)
    if form.is_valid() and (answer := _stored(request, page, form)):
        return answer
    context = {"title": f"Put figures in: {page.counted.definition.name}", "page": page, "form": form, "problems": problems(form)}
    context |= inside(page.project, "measures")
    return render(request, "projects/first_figures.html", context, status=422 if form.errors else 200)


def _page(request: Asked, pk: int, counted: int) -> queries.FirstFigures:
    project = queries.project(viewer=request.viewer, pk=pk)
    page = queries.first_figures(viewer=request.viewer, project=project, counted=counted, today=timezone.localdate(request.at))
    if not (may := project.may_change and page.may):
        raise PermissionDenied(may.reason)
    return page


def _stored(request: Asked, page: queries.FirstFigures, form: forms.FirstFiguresForm) -> HttpResponse | None:
    try:
        batch = actions.put_in_figures(
            actor=request.viewer, at=request.at, project=page.project.pk, counted=page.counted.pk, numbers=form.numbers()
        )
    except UnableTo as problem:
        form.add_error(None, f"{problem.what} {problem.to_do}")
        return None
    return redirect(f"{page.project.href}measures/?put={batch}&measure={page.counted.pk}#chart-{page.counted.pk}")
