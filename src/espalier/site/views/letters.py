"""Letters to me: if, when, what was sent, and the way to stop them from a letter itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from espalier.common.errors import NotFoundHere
from espalier.measures.actions import read_stop_address
from espalier.site import actions, forms, presenters, queries
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked

HERE = "/account/letters/"


@never_cache
def letters(request: Asked) -> HttpResponse:
    """Choose how often to be written to, and when not; see what was sent."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to choose your letters.")
    page = queries.letters_page(viewer=request.viewer, at=request.at)
    form = forms.LettersForm(request.POST or None, page=page)
    if request.method == "POST" and form.is_valid():
        actions.choose_letters(actor=request.viewer, at=request.at, **form.chosen())
        messages.success(request, presenters.chosen_letters(form.cleaned_data["how_often"]))
        return redirect(HERE)
    context = {"title": "Letters to me", "page": page, "form": form, "p": presenters, "at": request.at, "problems": problems(form)}
    return render(request, "site/letters.html", context, status=422 if form.errors else 200)


@require_POST
def write_again(request: Asked, pk: int) -> HttpResponse:
    """Write a letter again that may not have arrived."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to see your letters.")
    if not actions.write_again(actor=request.viewer, at=request.at, pk=pk):
        raise NotFoundHere("There is no such letter, or it was sent.")
    messages.success(request, "It will be written again, in a quarter of an hour or when your quiet time is over.")
    return redirect(HERE)


@csrf_exempt  # the signature in the link is the proof, and a mail program that stops letters for its reader has no form of ours
def stop(request: Asked, mark: str) -> HttpResponse:
    """Stop letters from the link in one. Opening it does nothing: programs that scan mail open every link."""
    said = read_stop_address(mark)
    if said is None:
        raise NotFoundHere("This link is not whole. Copy all of it from the letter.")
    context = {"title": "Stop these letters", "how_often": said[1], "p": presenters, "done": None, "mark": mark}
    if request.method == "POST":
        context["done"] = actions.stop_letters(actor=request.viewer, at=request.at, account_id=said[0], how_often=said[1])
    return render(request, "site/letters_stop.html", context)
