"""Signing in as a made-up person: only in the demonstration on one machine, and without a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model, login, logout
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.access import signing
from espalier.organisations import queries as organisations
from espalier.ui.pages import local, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def sign_in(request: Asked) -> HttpResponse:
    """Choose a made-up person to be; choosing is a POST, so that no link can do it. It leads back where one came from."""
    back = local(request.POST.get("next", "") or request.GET.get("next", ""))
    page = {"title": "Sign in", "people": organisations.demo_people(viewer=request.viewer), "next": back, "ways": signing.ways()}
    page["why"] = signing.WHY.get(request.GET.get("why", ""), "")
    if request.method != "POST":
        return render(request, "demo/sign_in.html", page)
    account = get_user_model().objects.filter(username=request.POST.get("who", "").replace("\0", ""), is_demo=True, is_active=True).first()
    if account is None:
        return render(request, "demo/sign_in.html", page | {"unknown": True}, status=422)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(back)


@require_POST
def sign_out(request: Asked) -> HttpResponse:
    """Stop being that person."""
    logout(request)
    return redirect("/")
