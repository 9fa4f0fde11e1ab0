"""What a project measures: chosen in one tap, kept by two people, and counted at the bedside."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common import posted
from espalier.common.errors import UnableTo
from espalier.measures import actions as figures
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.forms import measuring as forms
from espalier.projects.forms.first_figures import OwnMeasureForm, own_measure
from espalier.projects.presenters import measuring as m
from espalier.projects.views.inside import inside
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.projects.queries.tallies import TallyPage


def measures(request: Asked, pk: int) -> HttpResponse:
    """What a project measures, drawn, with its tests on the charts."""
    project = queries.project(viewer=request.viewer, pk=pk)
    page = queries.measures_page(viewer=request.viewer, project=project, today=timezone.localdate(request.at))
    form = forms.SampleForm(request.GET if "among" in request.GET else None)
    among = form.cleaned_data.get("among") if form.is_bound and form.is_valid() else None
    context = {
        "title": f"Measures: {project.title}", "page": page, "m": m, "form": form, "problems": problems(form) if form.is_bound else (),
        "put": queries.edit_of(request.GET.get("put", "")), "put_for": request.GET.get("measure", ""),
        "sampled": m.sampled(queries.sample(int(among))) if among else (), "edit": queries.edit_of(request.GET.get("removed", "")),
    }  # fmt: skip
    return render(request, "projects/measures.html", context | inside(project, "measures"))


def choose(request: Asked, pk: int) -> HttpResponse:
    """Choose a measure: those with figures here stand first, each one tap away."""
    project = _mine(request, pk)
    if "measure" in request.POST:
        return _chosen(request, project)
    form = own_measure(request.POST or None, start=project.aim_from, goal=project.aim_to)
    if form.is_valid() and (answer := _made(request, project, form)):
        return answer
    chosen = queries.counted_of(viewer=request.viewer, project=project)
    found = queries.choices(viewer=request.viewer, project=project, chosen=chosen)
    context = {"title": "Choose what to measure", "found": found, "m": m, "form": form, "problems": problems(form)}
    context |= inside(project, "measures")
    return render(request, "projects/choose_measure.html", context, status=422 if form.errors else 200)


def _made(request: Asked, project: queries.ProjectFacts, form: OwnMeasureForm) -> HttpResponse | None:
    """Make a measure of the team's own and go straight on to its first figures."""
    try:
        counted = actions.make_measure(actor=request.viewer, at=request.at, project=project.pk, told=form.told(), once=form.form_id())
    except UnableTo as problem:
        form.add_error("name", f"{problem.what} {problem.to_do}")
        return None
    not_a_person(request, form.confirmed)
    return redirect(f"{project.href}measures/{counted}/figures/")


def _mine(request: Asked, pk: int) -> queries.ProjectFacts:
    project = queries.project(viewer=request.viewer, pk=pk)
    if not project.may_change:
        raise PermissionDenied(project.may_change.reason)
    return project


def _chosen(request: Asked, project: queries.ProjectFacts) -> HttpResponse:
    code = posted.code(request.POST, "unit")
    unit = organisations.unit(viewer=request.viewer, code=code) if code else project.unit
    counted = actions.choose_measure(
        actor=request.viewer, at=request.at, project=project.pk, measure=posted.code(request.POST, "measure"), unit=unit,
        kind=posted.code(request.POST, "kind"),
    )  # fmt: skip
    page = queries.first_figures(viewer=request.viewer, project=project, counted=counted, today=timezone.localdate(request.at))
    return redirect(page.href if page.may and page.is_empty else f"{project.href}measures/")


def change(request: Asked, pk: int, counted: int) -> HttpResponse:
    """Say what a measure is for and who keeps it."""
    project = _mine(request, pk)
    one = queries.one_counted(viewer=request.viewer, project=project, pk=counted)
    start = {"kind": one.kind, "keeper": str(one.keeper_id or ""), "second": str(one.second_id or "")}
    form = forms.CountedForm(request.POST or None, initial=start, people=m.people(project))
    if request.method == "POST" and form.is_valid() and _changed(request, project, counted, form):
        return redirect(f"{project.href}measures/")
    context = {"title": f"Who keeps it: {one.definition.name}", "one": one, "form": form, "problems": problems(form)}
    return render(request, "projects/change_measure.html", context | inside(project, "measures"), status=422 if form.errors else 200)


def _changed(request: Asked, project: queries.ProjectFacts, counted: int, form: forms.CountedForm) -> bool:
    try:
        actions.change_measure(actor=request.viewer, at=request.at, project=project.pk, counted=counted, **form.told())
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, f"{problem.what} {problem.to_do}")
        return False
    return True


@require_POST
def remove(request: Asked, pk: int, counted: int) -> HttpResponse:
    """Take a measure out; it can be put back."""
    actions.remove_measure(actor=request.viewer, at=request.at, project=pk, counted=counted)
    edit = queries.last_edit(project_id=pk, kind="counted", object_id=counted)
    return redirect(f"/projects/{pk}/measures/" + (f"?removed={edit.pk}" if edit else ""))


def tally(request: Asked, pk: int, counted: int) -> HttpResponse:
    """Count at the bedside, one tap at a time."""
    page = _tally_page(request, pk, counted)
    if request.method == "POST":
        _tapped(request, page)
        return redirect(f"{page.counted.href}tally/")
    context = {"title": f"Count: {page.counted.definition.short_name}", "page": page, "m": m, "keys": [str(uuid4()) for _ in range(4)]}
    return render(request, "projects/tally.html", context | inside(page.project, "measures"))


def _tally_page(request: Asked, pk: int, counted: int) -> TallyPage:
    project = _mine(request, pk)
    one = queries.one_counted(viewer=request.viewer, project=project, pk=counted)
    return queries.tally_page(viewer=request.viewer, project=project, counted=one, today=timezone.localdate(request.at))


def _tapped(request: Asked, page: TallyPage) -> None:
    button = request.POST.get("tap", "")
    key = queries.edit_of(request.POST.get(f"key-{button}", request.POST.get("key", "")))
    typed = request.POST.get("on", "")
    if (on := posted.day(typed)) is None and typed:  # without a day it is today's, as the page shows
        messages.error(request, "There is no such day, so nothing is counted. Press the button again.")
        return
    try:
        actions.tap(
            actor=request.viewer, at=request.at, project=page.project.pk, counted=page.counted.pk, key=key or uuid4(), button=button,
            on=on,
        )  # fmt: skip
    except UnableTo as problem:
        messages.error(request, f"{problem.what} {problem.to_do}")


@require_POST
def into_chart(request: Asked, pk: int, counted: int) -> HttpResponse:
    """Put what was counted into the chart."""
    page = _tally_page(request, pk, counted)
    form = forms.OutOfForm(request.POST) if page.asks_out_of else None
    day = posted.day(request.POST.get("period", ""))
    if form is not None and not form.is_valid():
        messages.error(request, next(iter(problems(form))).text)
    elif day is not None:
        _put_in(request, page, day, float(form.cleaned_data["out_of"]) if form else None)
    return redirect(f"{page.counted.href}tally/")


def _put_in(request: Asked, page: TallyPage, day: date, out_of: float | None) -> None:
    try:
        actions.tally_into_chart(
            actor=request.viewer, at=request.at, project=page.project.pk, counted=page.counted.pk, period_on=day, out_of=out_of,
            seen=request.POST.get("seen", ""),
        )  # fmt: skip
    except (UnableTo, figures.UnableToEnter) as problem:
        messages.error(request, f"{problem.what} {problem.to_do}")
    else:
        messages.success(request, "It is in the chart now.")
