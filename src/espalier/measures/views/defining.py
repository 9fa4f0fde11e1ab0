"""Pages on which a measure is made, read, changed, retired and taken into use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.access.roles import all_roles
from espalier.common.errors import UnableTo
from espalier.measures import actions, queries
from espalier.measures.forms import defining as forms
from espalier.measures.presenters import defining
from espalier.measures.views.shared import place
from espalier.organisations import queries as organisations
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked

NEW = "/measures/new/"


def new(request: Asked) -> HttpResponse:
    """Make a measure for one place: four questions, and the first figure may follow at once."""
    page = queries.new_measure_page(viewer=request.viewer, unit=_here(request) or _own(request))
    _refuse_unless(page.may_define)
    choices = defining.dimension_choices(page.dimensions)
    form = forms.MeasureForm(request.POST or None, initial=forms.fresh(), dimensions=choices)
    if request.method == "POST" and form.is_valid() and (code := _made(request, page.unit, form)):
        return redirect(f"/measures/{code}/{page.unit.code}/enter/?new=yes")
    context = {"title": "Measure something new", "page": page, "form": form, "p": defining, "problems": problems(form)}
    return render(request, "measures/new.html", context | _place(request, page.unit), status=422 if form.errors else 200)


def definition(request: Asked, measure: str) -> HttpResponse:
    """What a measure counts and why, with its versions and who uses it."""
    page = queries.definition_page(viewer=request.viewer, measure=measure, here=_here(request))
    context = {"title": f"What it measures: {page.definition.name}", "page": page, "p": defining}
    return render(request, "measures/definition.html", context | (_place(request, page.here) if page.here else {}))


def edit(request: Asked, measure: str) -> HttpResponse:
    """Change what a measure says: a new version, with a reason."""
    page = queries.definition_page(viewer=request.viewer, measure=measure, here=None)
    _refuse_unless(page.may_edit)
    words, choices = page.definition.words, defining.dimension_choices(queries.dimensions())
    form = forms.RevisionForm(request.POST or None, initial=forms.standing(words, defining.targets(words)), dimensions=choices)
    stopped = _revise(request, page.definition, form) if request.method == "POST" and form.is_valid() else None
    if request.method == "POST" and form.is_valid() and stopped is None:
        return redirect(f"{page.definition.href}definition/")
    context = {"title": f"Change: {page.definition.name}", "page": page, "form": form, "p": defining, "problems": problems(form)}
    return render(request, "measures/edit.html", context | {"stopped": stopped}, status=422 if form.errors or stopped else 200)


@require_POST
def retire(request: Asked, measure: str) -> HttpResponse:
    """Take a measure out of use, or with back=yes into use again."""
    page = queries.definition_page(viewer=request.viewer, measure=measure, here=None)
    _refuse_unless(page.may_edit)
    act = actions.bring_back_measure if request.POST.get("back") == "yes" else actions.retire_measure
    act(actor=request.viewer, at=request.at, definition=page.definition)
    return redirect(f"{page.definition.href}definition/")


@require_POST
def use(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Take a measure into use at a place, or with stop=yes out of it."""
    where = organisations.unit(viewer=request.viewer, code=unit)
    page = queries.definition_page(viewer=request.viewer, measure=measure, here=where)
    _refuse_unless(page.may_use)
    act = actions.stop_using_measure if request.POST.get("stop") == "yes" else actions.use_measure
    act(actor=request.viewer, at=request.at, definition=page.definition, unit=where)
    messages.success(request, defining.used(page, stopped=request.POST.get("stop") == "yes"))
    return redirect(f"{page.definition.href}definition/?unit={where.code}")


def library(request: Asked) -> HttpResponse:
    """Every measure of the library, to be taken into use at one place."""
    at = _here(request)
    known = queries.definitions(viewer=request.viewer)
    context: dict[str, Any] = {"title": "Measures to choose from", "groups": defining.library(known), "at": at, "p": defining}
    context["may_define"] = at is not None and bool(queries.may_define(viewer=request.viewer, unit=at))
    return render(request, "measures/library.html", context | (_place(request, at) if at else {}))


def _here(request: Asked) -> organisations.UnitFacts | None:
    code = request.GET.get("unit")
    return organisations.unit(viewer=request.viewer, code=code) if code else None


def _own(request: Asked) -> organisations.UnitFacts | None:
    """Return the first place at which the viewer may make a measure."""
    held = [one.unit_id for one in request.viewer.grants if one.role in all_roles().with_right(queries.DEFINE)]
    return next(iter(organisations.units(viewer=request.viewer, pks=held[:1]).values()), None)


def _place(request: Asked, unit: organisations.UnitFacts) -> dict[str, Any]:
    return place(unit, organisations.way_up(viewer=request.viewer, unit_id=unit.pk, on=request.at.date()), own=True)


def _refuse_unless(decision: queries.Decision) -> None:
    if not decision:
        raise PermissionDenied(decision.reason)


def _made(request: Asked, unit: organisations.UnitFacts, form: forms.MeasureForm) -> str | None:
    try:
        return actions.define_measure(actor=request.viewer, at=request.at, unit=unit, told=form.told(), once=form.form_id())
    except actions.NameTaken as problem:
        form.add_error("name", f"{problem.what} {problem.to_do}")
        form.same = problem.see
        return None
    except actions.UnableToReadDefinition as problem:
        form.add_error(None, str(problem))
        return None


def _revise(request: Asked, definition: queries.Definition, form: forms.RevisionForm) -> UnableTo | None:
    """Store the new version; return what stopped it, for the page to say."""
    try:
        number = actions.revise_measure(
            actor=request.viewer, at=request.at, definition=definition, told=form.told(), seen=form.cleaned_data["seen"],
            why=form.cleaned_data["why_changed"], understood=request.POST.get("do") == "understood",
        )  # fmt: skip
    except (actions.MeaningChanged, actions.DefinedMeanwhile) as stopped:
        return stopped
    except UnableTo as problem:
        form.add_error(None, str(problem))
        return None
    messages.success(request, f"Saved as version {number}.")
    return None
