"""What a project is worth: said in ranges, added up honestly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common import posted
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects import actions, queries
from espalier.projects.forms.value import ValueForm
from espalier.projects.presenters import value as words
from espalier.projects.views.shared import HOME, about
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.projects.queries import ProjectFacts


def value(request: Asked, pk: int) -> HttpResponse:
    """What its people say a project is worth, and what that comes to."""
    project = queries.project(viewer=request.viewer, pk=pk)
    page = queries.value_page(viewer=request.viewer, project=project, today=timezone.localdate(request.at))
    newest = queries.newest_value_edit(viewer=request.viewer, project=project)
    context = about(request, project, "What it is worth") | {"page": page, "v": words, "newest": newest}
    return render(request, "projects/value.html", context)


def new(request: Asked, pk: int) -> HttpResponse:
    """Say one thing."""
    project, kind = _mine(request, pk), request.GET.get("kind", "")
    if kind not in words.KINDS:
        raise NotFoundHere("There is nothing like that to say of a project's worth.")
    form = ValueForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid() and _stored(request, project, form):
        return redirect(f"{project.href}value/")
    return _form(request, project, form, words.KINDS[kind][1])


def change(request: Asked, pk: int, number: int) -> HttpResponse:
    """Say it otherwise."""
    project = queries.project(viewer=request.viewer, pk=pk)
    one = queries.one_value(viewer=request.viewer, project=project, pk=number)
    _ask(project)
    form = ValueForm(request.POST or None, kind=one.kind, initial=words.initial(one))
    if request.method == "POST" and form.is_valid() and _stored(request, project, form, number):
        return redirect(f"{project.href}value/")
    return _form(request, project, form, f"Change {words.KINDS[one.kind][2]}", one)


@require_POST
def remove(request: Asked, pk: int, number: int) -> HttpResponse:
    """Take a line out; it can be put back."""
    queries.one_value(viewer=request.viewer, project=queries.project(viewer=request.viewer, pk=pk), pk=number)
    actions.remove_value(actor=request.viewer, at=request.at, project=pk, pk=number)
    messages.success(request, "Taken out. “Undo” on this page puts it back.")
    return redirect(f"/projects/{pk}/value/")


@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Take back the newest change."""
    _mine(request, pk)
    try:
        actions.take_back_value(actor=request.viewer, at=request.at, project=pk, edit=queries.edit_of(request.POST.get("edit", "")))
    except UnableTo as problem:
        messages.error(request, f"{problem.what} {problem.to_do}")
    else:
        messages.success(request, "Taken back.")
    return redirect(f"/projects/{pk}/value/")


def _mine(request: Asked, pk: int) -> ProjectFacts:
    project = queries.project(viewer=request.viewer, pk=pk)
    _ask(project)
    return project


def _ask(project: ProjectFacts) -> None:
    """Refuse whoever takes no part; what is not there was said before."""
    if not project.may_change:
        raise PermissionDenied(project.may_change.reason)


def _stored(request: Asked, project: ProjectFacts, form: ValueForm, number: int | None = None) -> bool:
    given: dict[str, Any] = {"actor": request.viewer, "at": request.at, "project": project.pk, "value": actions.NewValue(**form.told())}
    seen = request.POST.get("seen", "")
    try:
        if number is None:
            actions.add_value(**given)
        else:
            actions.change_value(**given, pk=number, seen=posted.whole(seen) or 0)
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, f"{problem.what} {problem.to_do}")
        return False
    not_a_person(request, form.confirmed)
    messages.success(request, "It is written down.")
    return True


def _form(request: Asked, project: ProjectFacts, form: ValueForm, title: str, one: queries.ValueFacts | None = None) -> HttpResponse:
    crumbs = [HOME, Crumb(project.title, project.href), Crumb("What it is worth", f"{project.href}value/")]
    context = about(request, project, title) | {
        "own": title, "form": form, "problems": problems(form), "one": one, "breadcrumbs": crumbs,
        "v": words, "seen": one.version if one and form.non_field_errors() else request.POST.get("seen") or (one.version if one else ""),
    }  # fmt: skip
    return render(request, "projects/value_form.html", context, status=422 if form.errors else 200)
