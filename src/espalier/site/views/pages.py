"""The front door, the page of a unit, search, help, and tokens for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from espalier.access.tokens import new_secret
from espalier.organisations import actions as places
from espalier.site import actions, forms, presenters, queries
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def unit(request: Asked, code: str) -> HttpResponse:
    """A nation, region, system, organisation or team."""
    kept = request.GET.get("kept", "")
    page = queries.unit_page(viewer=request.viewer, code=code, today=timezone.localdate(), kept=kept)
    crumbs = tuple(Crumb(one.name, one.href) for one in page.up)
    here = Here(page.unit.name, page.unit.kind_name, tuple(reversed(crumbs)))
    context = {"title": page.unit.name, "page": page, "team": page.team, "p": presenters, "breadcrumbs": crumbs, "here": here}
    return render(request, "site/unit.html", context)


def sharing(request: Asked, code: str) -> HttpResponse:
    """What a unit shares with units above its organisation; given, looked at first, and taken back here."""
    page = queries.sharing_page(viewer=request.viewer, code=code, today=request.at.date())
    form, taker = forms.SharingForm(page, request.POST if request.POST.get("do") in {"look", "share"} else None), None
    if request.method == "POST" and (answer := _decide(request, page, form)):
        return answer
    if form.is_bound and form.is_valid():
        taker = queries.taker(viewer=request.viewer, page=page, code=form.cleaned_data["taker"])
    crumbs = tuple(Crumb(one.name, one.href) for one in (*page.up, page.unit))
    context = {"title": f"What {page.unit.name} shares", "page": page, "form": form, "taker": taker}
    context |= {"breadcrumbs": crumbs, "problems": problems(form), "p": presenters}
    return render(request, "site/sharing.html", context, status=422 if form.errors else 200)


def _decide(request: Asked, page: queries.SharingPage, form: forms.SharingForm) -> HttpResponse | None:
    """Share or withdraw, and say so; None where there is only something to look at."""
    if not page.decision:
        raise PermissionDenied(page.decision.reason)
    if request.POST.get("do") == "withdraw":
        places.withdraw(actor=request.viewer, at=request.at, unit=page.unit, sharing_id=forms.number_of(request.POST, "sharing"))
        messages.success(request, "Taken back. These figures are no longer added up, and nobody above sees them any more.")
        return redirect(page.href)
    if request.POST.get("do") == "share" and form.is_valid():
        taker = queries.taker(viewer=request.viewer, page=page, code=form.cleaned_data["taker"])
        places.share(actor=request.viewer, at=request.at, unit=page.unit, shared_with=taker.unit, **form.chosen())
        messages.success(request, f"Shared with {taker.unit.name}. You can take it back below at any time.")
        return redirect(page.href)
    return None


def help_index(request: Asked) -> HttpResponse:
    """All help pages."""
    return render(request, "site/help.html", {"title": "Help", "pages": queries.help_pages().values()})


def help_page(request: Asked, slug: str) -> HttpResponse:
    """One help page."""
    page = queries.help_page(viewer=request.viewer, slug=slug)
    return render(request, "site/help_page.html", {"title": page.title, "page": page, "breadcrumbs": (Crumb("Help", "/help/"),)})


@never_cache
def tokens(request: Asked) -> HttpResponse:
    """The tokens of whoever is signed in; a new one is shown on the page that answers its form, and never again."""
    page, made = _tokens_of(request), None
    places = [(str(one.pk), one.name) for one in page.places]
    form = forms.TokenForm(request.POST or None, places=places)
    if request.method == "POST" and not page.may:
        raise PermissionDenied(page.may.reason)
    if form.is_valid():
        made, page, form = _make_token(request, form), _tokens_of(request), forms.TokenForm(places=places)
    context = {"title": "Tokens for programs", "page": page, "form": form, "made": made, "p": presenters, "problems": problems(form)}
    return render(request, "site/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def stop_token(request: Asked, pk: int) -> HttpResponse:
    """Stop a token at once."""
    _tokens_of(request)
    stopped = actions.stop_token(actor=request.viewer, at=request.at, pk=pk)
    messages.success(request, f"{stopped.name} is stopped. A program that still uses it is refused from now on.")
    return redirect("/tokens/")


def _tokens_of(request: Asked) -> queries.TokensPage:
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to make a token: it acts for the person who made it.")
    return queries.tokens_page(viewer=request.viewer, at=request.at)


def _make_token(request: Asked, form: forms.TokenForm) -> str:
    """Make what was asked for and return its secret."""
    facts = {"name": form.cleaned_data["name"], "scopes": frozenset(form.cleaned_data["scopes"]), "unit_id": form.unit_id()}
    done = actions.make_token(actor=request.viewer, at=request.at, expires_at=request.at + form.lasts(), secret=new_secret(), **facts)
    return done.secret
