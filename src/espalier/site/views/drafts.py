"""What somebody was typing: kept as they type by a small script, given back when they return, and listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from espalier.common.errors import UnableTo
from espalier.site import actions, queries
from espalier.ui.filters import moment
from espalier.ui.pages import render

if TYPE_CHECKING:
    from espalier.access.requests import Asked

MOST_FIELDS, LONGEST_NAME = 200, 100


@never_cache
@require_http_methods(["GET", "POST"])
def drafts(request: Asked) -> HttpResponse:
    """Give back, keep or throw away the draft of one form; only ever of whoever is signed in."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to have what you type kept.")
    if request.method == "GET":
        return _given(request, request.GET.get("place", ""))
    place = _place(request.POST.get("place", ""))
    if request.POST.get("do") == "throw":
        actions.throw_draft(actor=request.viewer, at=request.at, place=place)
        return _thrown(request)
    return _kept(request, place)


def _kept(request: Asked, place: str) -> HttpResponse:
    title, fields = request.POST.get("title", ""), _fields(request.POST.get("fields", ""))
    actions.keep_draft(actor=request.viewer, at=request.at, place=place, title=title.replace("\x00", ""), fields=fields)
    return HttpResponse(status=204)


def _given(request: Asked, place: str) -> JsonResponse:
    kept = queries.draft(viewer=request.viewer, place=place.replace("\x00", ""))
    if kept is None:
        return JsonResponse({})
    if kept.fields is None:
        return JsonResponse({"sent": True})
    return JsonResponse({"fields": kept.fields, "at": kept.at.isoformat(), "said": moment(timezone.localtime(kept.at))})


def _thrown(request: Asked) -> HttpResponse:
    if request.POST.get("from") != "list":
        return HttpResponse(status=204)
    messages.success(request, "Thrown away.")
    return redirect("/account/drafts/")


def _place(text: str) -> str:
    if not text.startswith("/") or text.startswith("//") or len(text) > 400 or "\x00" in text:  # as the table has it
        raise UnableTo("That is no form of ours.", to_do="Go back and try again.")
    return text


def _fields(text: str) -> dict[str, list[str]]:
    """Read what stands in a form: names and texts, nothing else."""
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        sent = None
    fine = isinstance(sent, dict) and len(sent) <= MOST_FIELDS
    fine = fine and all(isinstance(values, list) and all(isinstance(one, str) for one in values) for values in sent.values())
    if not fine or any(len(name) > LONGEST_NAME for name in sent) or "\\u0000" in text or "\\ud" in text.lower():
        raise UnableTo("We could not read that draft.", to_do="What you typed stays in the page.")
    return {name: list(values) for name, values in sent.items()}


@never_cache
def my_drafts(request: Asked) -> HttpResponse:
    """Everything one was typing and did not send."""
    return render(request, "site/drafts.html", {"title": "What you were typing", "drafts": queries.drafts(viewer=request.viewer)})
