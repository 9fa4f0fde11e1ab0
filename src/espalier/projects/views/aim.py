"""The aim of a project: what would make it clearer, and a form that overwrites nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from espalier.audit.confirming import not_a_person
from espalier.common.errors import UnableTo
from espalier.projects import actions, forms, presenters, queries
from espalier.projects.views.shared import about
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.projects.queries import ProjectFacts


def aim(request: Asked, pk: int) -> HttpResponse:
    """The form, and what it sends."""
    found = queries.project(viewer=request.viewer, pk=pk)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    shown = queries.shown_aim(found)
    form = forms.AimForm(request.POST or None, methods=queries.methods(), initial=presenters.typed(shown.words))
    if request.method == "POST" and form.is_valid():
        return _stored(request, found, form)
    return _page(request, found, form, shown.sign)


def _stored(request: Asked, found: ProjectFacts, form: forms.AimForm) -> HttpResponse:
    seen = request.POST.get("seen", "")[:20]
    try:
        done = actions.change_aim(actor=request.viewer, at=request.at, project=found.pk, words=form.words(), seen=seen)
    except actions.ChangedMeanwhile as other:
        return _page(request, found, form, other.seen, other)
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, str(problem))
        return _page(request, found, form, seen)
    not_a_person(request, form.confirmed)
    messages.success(request, "The aim is stored." if done else "Nothing was changed.")
    return redirect(found.href)


def _page(
    request: Asked, found: ProjectFacts, form: forms.AimForm, seen: str, other: actions.ChangedMeanwhile | None = None
) -> HttpResponse:
    context = about(request, found, "The aim") | {
        "form": form, "seen": seen, "hints": queries.aim_hints(found, at=request.at), "problems": problems(form), "other": other,
        "beside": presenters.beside(other.now, form.words()) if other else (),
    }  # fmt: skip
    return render(request, "projects/aim.html", context, status=422 if form.errors or other else 200)
