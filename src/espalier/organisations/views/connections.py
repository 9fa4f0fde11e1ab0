"""The pages on which an organisation connects its staff system, and sees what it told us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from espalier.access.connections import new_secret
from espalier.access.embedding import UnableToHold, may_hold_real_people
from espalier.access.roles import all_roles
from espalier.organisations import actions, forms
from espalier.organisations.presenters import connections as presenters
from espalier.organisations.queries import connected as queries
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.organisations.queries import UnitFacts

HERE = "/admin-tools/connections/"


@never_cache
def connections(request: Asked) -> HttpResponse:
    """The systems connected; the token of a new one is shown on the page that answers its form, and never again."""
    page, secret = queries.connections_page(viewer=request.viewer), ""
    places = [(str(one.pk), one.name) for one in page.organisations]
    form = forms.ConnectForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid() and (secret := _connect(request, page, form)):
        page, form = queries.connections_page(viewer=request.viewer), forms.ConnectForm(places=places)
    context = {"title": "Staff systems", "page": page, "form": form, "secret": secret, "p": presenters, "problems": problems(form)}
    context |= {"address": request.build_absolute_uri("/scim/v2"), "may": may_hold_real_people(employed=True)}
    return render(request, "organisations/connections.html", context, status=422 if form.errors else 200)


def _connect(request: Asked, page: queries.ConnectionsPage, form: forms.ConnectForm) -> str:
    """Connect, and return the secret; "" where the form says why it cannot be."""
    secret = new_secret()
    unit = next(one for one in page.organisations if str(one.pk) == form.cleaned_data["where"])
    try:
        actions.connect(actor=request.viewer, at=request.at, unit=unit, name=form.cleaned_data["name"], secret=secret)
    except UnableToHold as problem:
        form.add_error(None, str(problem))
        return ""
    return secret


@require_POST
def disconnect(request: Asked, pk: int) -> HttpResponse:
    """Stop a staff system at once."""
    page = queries.connections_page(viewer=request.viewer)
    owners = tuple(one.pk for one in page.organisations)
    stopped = actions.disconnect(actor=request.viewer, at=request.at, owner_ids=owners, pk=pk)
    messages.success(request, f"{stopped.name} is stopped. It can tell us nothing more. The people it told us of stay as they are.")
    return redirect(HERE)


@never_cache
def group(request: Asked, pk: UUID) -> HttpResponse:
    """Which role a group stands for, and where."""
    group, places = queries.group_to_map(viewer=request.viewer, pk=pk)
    form = _form_of(request, group, places)
    if request.method == "POST" and form.is_valid():
        _map(request, group, places, form)
        messages.success(request, "Kept. The people in the group have the role from now on, and whoever leaves the group loses it.")
        return redirect(HERE)
    context = {"title": group.name, "group": group, "form": form, "p": presenters, "problems": problems(form)}
    context["breadcrumbs"] = (Crumb("Staff systems", HERE),)
    return render(request, "organisations/group.html", context, status=422 if form.errors else 200)


def _form_of(request: Asked, group: queries.GroupFacts, places: tuple[UnitFacts, ...]) -> forms.GroupForm:
    roles = [(one.code, one.name) for one in all_roles().roles.values()]
    start = {"role": group.role or "-", "where": str(group.unit.pk) if group.unit else "", "seen": group.version}
    return forms.GroupForm(request.POST or None, initial=start, roles=roles, places=[(str(one.pk), one.name) for one in places])


def _map(request: Asked, group: queries.GroupFacts, places: tuple[UnitFacts, ...], form: forms.GroupForm) -> None:
    unit = next((one for one in places if str(one.pk) == form.cleaned_data["where"]), None)
    seen = form.cleaned_data["seen"]
    actions.map_group(actor=request.viewer, at=request.at, pk=group.pk, seen=seen, role=form.chosen_role(), unit=unit)
