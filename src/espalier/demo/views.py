"""Signing in as a made-up person: only in the demonstration on one machine, and without a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model, login, logout
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.organisations import queries as organisations
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def sign_in(request: Asked) -> HttpResponse:
    """Choose a made-up person to be; choosing is a POST, so that no link can do it."""
    people = organisations.demo_people(viewer=request.viewer)
    if request.method != "POST":
        return render(request, "demo/sign_in.html", {"title": "Sign in", "people": people})
    account = get_user_model().objects.filter(username=request.POST.get("who", "").replace("\0", ""), is_demo=True, is_active=True).first()
    if account is None:
        return render(request, "demo/sign_in.html", {"title": "Sign in", "people": people, "unknown": True}, status=422)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("/")


@require_POST
def sign_out(request: Asked) -> HttpResponse:
    """Stop being that person."""
    logout(request)
    return redirect("/")
