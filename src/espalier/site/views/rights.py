"""A person's own data: a copy, erasure, choices; and what is said to everybody about privacy and trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from espalier.access.door import stream_as
from espalier.access.rights import Subject
from espalier.exports.answers import KINDS
from espalier.site import actions, forms, presenters, queries
from espalier.ui.fields import Problem, problems
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, StreamingHttpResponse

    from espalier.access.requests import Asked

MY_DATA = Crumb("Your data", "/account/my-data/")
TOOLS = (Crumb("Admin tools", "/admin-tools/"),)


def _signed_in(request: Asked) -> None:
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to see what is held about you. Without an account, ask your organisation, or send a complaint.")


@never_cache
def my_data(request: Asked) -> HttpResponse:
    """What one may ask for about oneself, and what was asked for before."""
    _signed_in(request)
    if request.method == "POST":
        begin = actions.look_at_erasure if request.POST.get("do") == "erase" else actions.ask_for_copy
        about = Subject(request.viewer.account_id, request.viewer.person_id)
        return redirect(begin(actor=request.viewer, at=request.at, about=about).href)
    context = {"title": "Your data", "page": queries.my_data(viewer=request.viewer, at=request.at)}
    return render(request, "site/my_data.html", context)


@never_cache
def data_request(request: Asked, pk: UUID) -> HttpResponse:
    """One request: how far a copy is, or what an erasure would take away."""
    _signed_in(request)
    page = queries.data_request(viewer=request.viewer, pk=pk, at=request.at)
    wrong: tuple[Problem, ...] = ()
    if request.method == "POST" and not (wrong := _refused(request, pk)):
        return redirect(request.path)
    context = {"title": page.title, "page": page, "breadcrumbs": (MY_DATA,), "problems": wrong}
    return render(request, f"site/data_{page.asked.kind}.html", context, status=422 if wrong else 200)


def _refused(request: Asked, pk: UUID) -> tuple[Problem, ...]:
    """Do what was pressed and say so; what cannot be done is said above the same page."""
    try:
        _decide(request, pk)
    except actions.UnableToErase as problem:
        return (Problem(str(problem), "#maincontent"),)
    return ()


def _decide(request: Asked, pk: UUID) -> None:
    """Confirm an erasure or take it back."""
    if request.POST.get("do") == "confirm":
        actions.confirm_erasure(actor=request.viewer, at=request.at, pk=pk)
        messages.success(request, "Asked for. You can take it back on this page for 14 days.")
    elif request.POST.get("do") == "take-back":
        actions.take_back_erasure(actor=request.viewer, at=request.at, pk=pk)
        messages.success(request, "Taken back. Nothing is erased.")


@never_cache
def data_file(request: Asked, pk: UUID) -> StreamingHttpResponse:
    """A finished copy, for whose it is."""
    _signed_in(request)
    viewer = request.viewer
    asked = actions.fetch_copy(actor=viewer, at=request.at, pk=pk)
    name = {"Content-Disposition": f'attachment; filename="your-data-{asked.asked_at:%Y-%m-%d}.zip"'}
    return stream_as(viewer, lambda: actions.copy_content(actor=viewer, pk=pk), content_type=KINDS["zip"], headers=name)


@never_cache
def choices(request: Asked) -> HttpResponse:
    """What somebody said yes or no to, and how to change it."""
    _signed_in(request)
    if request.method == "POST":
        actions.choose(
            actor=request.viewer, at=request.at, code=request.POST.get("code", "")[:40], given=request.POST.get("given") == "yes"
        )
        messages.success(request, "Kept. It counts from now on.")
        return redirect(request.path)
    context = {"title": "Your choices", "chosen": queries.chosen(viewer=request.viewer), "breadcrumbs": (MY_DATA,)}
    return render(request, "site/choices.html", context)


@never_cache
def for_others(request: Asked) -> HttpResponse:
    """A copy or an erasure asked for somebody of one's organisation, who cannot do it for themselves."""
    page = queries.for_others(viewer=request.viewer)
    form = forms.ForWhomForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (answer := _for_somebody(request, form)):
        return answer
    context = {"title": "Data requests for somebody", "page": page, "form": form, "problems": problems(form), "breadcrumbs": TOOLS}
    return render(request, "site/data_for_others.html", context, status=422 if form.errors else 200)


def _for_somebody(request: Asked, form: forms.ForWhomForm) -> HttpResponse | None:
    """Ask for somebody; None, with the reason at the box, where they are not found or it is not theirs to ask."""
    erase = request.POST.get("do") == "erase"
    found = queries.whom(viewer=request.viewer, text=form.asked(), erase=erase)
    if not isinstance(found, Subject):
        form.add_error("who", found)
        return None
    begin = actions.look_at_erasure if erase else actions.ask_for_copy
    return redirect(begin(actor=request.viewer, at=request.at, about=found).href)


def retention(request: Asked) -> HttpResponse:
    """How long what is kept, and what was removed when: counts only."""
    page = queries.retention(viewer=request.viewer)
    context = {"title": "How long things are kept", "page": page, "p": presenters, "wide": True, "breadcrumbs": TOOLS}
    return render(request, "site/retention.html", context)


def privacy(request: Asked) -> HttpResponse:
    """What is held about people, why, and for how long."""
    return render(request, "site/privacy.html", {"title": "Privacy", "page": queries.privacy_page()})


def trust(request: Asked) -> HttpResponse:
    """What is held, who sees it, where it runs, how to leave, and what is not offered."""
    return render(request, "site/trust.html", {"title": "Trust", "page": queries.trust_page(at=request.at)})
