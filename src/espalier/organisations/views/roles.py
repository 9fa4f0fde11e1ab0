"""Who may do what: everybody's to read; and who holds which role at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from espalier.access.roles import all_roles
from espalier.organisations import actions, queries
from espalier.organisations.forms.roles import RoleForm
from espalier.organisations.presenters import roles as presenters
from espalier.ui.fields import Problem, problems
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.organisations.queries import UnitFacts


def matrix(request: Asked) -> HttpResponse:
    """Every role and every right, as the file has them."""
    context = {"title": "Who may do what", "roles": all_roles(), "p": presenters, "breadcrumbs": (Crumb("Admin tools", "/admin-tools/"),)}
    return render(request, "organisations/matrix.html", context)


def access(request: Asked, code: str) -> HttpResponse:
    """Who holds which role here; those who may, give and end roles."""
    unit = queries.unit(viewer=request.viewer, code=code)
    if not (seen := queries.may_see_roles(viewer=request.viewer, unit=unit)):
        raise PermissionDenied(seen.reason)
    people = queries.people_called(viewer=request.viewer, unit=unit, text=request.GET.get("who", ""))
    giving = request.method == "POST" and "end" not in request.POST
    form = RoleForm(request.POST if giving else None, people=people, roles=queries.roles_to_give(unit=unit))
    found: dict[str, Any] = {"problems": ()}
    if request.method == "POST" and (answer := _changed(request, unit, form, found)):
        return answer
    context = {"title": f"Access at {unit.name}", "unit": unit, "form": form, "people": people, "p": presenters, **found}
    context |= _held(request, unit) | {"problems": (*found["problems"], *problems(form))}
    return render(request, "organisations/access.html", context, status=422 if context["problems"] else 200)


def _held(request: Asked, unit: UnitFacts) -> dict[str, Any]:
    return {
        "held": queries.roles_held(viewer=request.viewer, unit=unit, on=request.at.date()),
        "may": queries.may_give(viewer=request.viewer, unit=unit),
        "who": request.GET.get("who", ""),
        "breadcrumbs": (Crumb(unit.name, unit.href),),
    }


def _changed(request: Asked, unit: UnitFacts, form: RoleForm, found: dict[str, Any]) -> HttpResponse | None:
    """Give or end a role and say so; None where the form must be shown again."""
    if not (may := queries.may_give(viewer=request.viewer, unit=unit)):
        raise PermissionDenied(may.reason)
    if request.POST.get("end", "").isascii() and request.POST.get("end", "").isdigit():
        return _ended(request, unit, int(request.POST["end"][:15]), found)
    if not (form.is_valid() and _given(request, unit, form)):
        return None
    return redirect(f"{unit.href}access/")


def _ended(request: Asked, unit: UnitFacts, pk: int, found: dict[str, Any]) -> HttpResponse | None:
    """End a role; of one's own the page asks first, and one that must stay is said above it."""
    try:
        actions.end_role(actor=request.viewer, at=request.at, unit=unit, grant_id=pk, sure=request.POST.get("sure") == "yes")
    except actions.NotSure:
        found["sure"] = pk
        return None
    except actions.UnableToGive as trouble:
        found["problems"] = (Problem(str(trouble), "#maincontent"),)
        return None
    messages.success(request, "Ended. The next page they open is without it.")
    return redirect(f"{unit.href}access/" if queries.may_see_roles(viewer=request.viewer, unit=unit) else unit.href)


def _given(request: Asked, unit: UnitFacts, form: RoleForm) -> bool:
    """Give the role and say so, or say at the box why not."""
    try:
        actions.give_role(actor=request.viewer, at=request.at, unit=unit, **form.chosen())
    except actions.UnableToGive as problem:
        form.add_error(problem.code if problem.code in form.fields else None, str(problem))
        return False
    messages.success(request, f"Done. They are {presenters.name_of(form.cleaned_data['role']).lower()} here from now on.")
    return True
