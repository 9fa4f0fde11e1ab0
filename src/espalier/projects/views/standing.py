"""How a project stands: how far its team says it is, begin, finish, stop, start again, and take the last change back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import UnableTo
from espalier.projects import actions, forms, queries
from espalier.projects.views.shared import about
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def progress(request: Asked, pk: int) -> HttpResponse:
    """How far the record shows it to be, step by step; and what the team says."""
    found, labels = queries.project(viewer=request.viewer, pk=pk), queries.labels()
    said = {"said": f"{found.said:.1f}" if found.said else "", "why": found.said_why}
    form = forms.ProgressForm(request.POST or None, labels=labels, initial=said) if found.may_change else None
    if request.method == "POST" and form is not None and form.is_valid():
        actions.say_progress(actor=request.viewer, at=request.at, project=pk, **form.chosen())
        not_a_person(request, form.confirmed)
        messages.success(request, "Stored.")
        return redirect(found.href)
    more = {"form": form, "evidence": queries.evidence_of(found), "labels": labels, "problems": problems(form) if form else ()}
    return render(request, "projects/progress.html", about(request, found, "How far it is") | more, status=_status(form))


def stop(request: Asked, pk: int) -> HttpResponse:
    """Ask why, then stop."""
    found = queries.project(viewer=request.viewer, pk=pk)
    if not found.may_arrange:
        raise PermissionDenied(found.may_arrange.reason)
    form = forms.WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.move_project(actor=request.viewer, at=request.at, project=pk, to="stopped", why=form.cleaned_data["why"])
        not_a_person(request, form.confirmed)
        messages.success(request, "The project is stopped. All of it is kept, and you can start again at any time.")
        return redirect(found.href)
    return render(request, "projects/stop.html", about(request, found, "Stop") | {"form": form, "problems": problems(form)}, _status(form))


def _status(form: forms.ProgressForm | forms.WhyForm | None) -> int:
    return 422 if form is not None and form.errors else 200


@require_POST
def move(request: Asked, pk: int) -> HttpResponse:
    """Begin to test, make it stay, finish, start again."""
    actions.move_project(actor=request.viewer, at=request.at, project=pk, to=request.POST.get("to", "")[:12])
    messages.success(request, "Stored.")
    return redirect(f"/projects/{pk}/")


@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Take the last change back."""
    found = queries.project(viewer=request.viewer, pk=pk)
    try:
        edit = UUID(request.POST.get("edit", ""))
    except ValueError:
        raise UnableTo("This change is not known.", to_do="Open the project again.", code="edit") from None
    actions.undo_in_project(actor=request.viewer, at=request.at, project=pk, edit=edit)
    messages.success(request, "Undone.")
    return redirect(found.href)
