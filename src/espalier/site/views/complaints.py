"""Complaints about data: sent, found again, listed and answered."""

from __future__ import annotations

from secrets import SystemRandom
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from espalier.access.limits import Limit
from espalier.organisations import actions
from espalier.organisations.queries import complaints as queries
from espalier.site import forms
from espalier.site.forms.complaints import filled_by_a_program
from espalier.site.queries import organisation_named
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from espalier.access.requests import Asked

SENDING, LOOKING = Limit(3), Limit(10)  # a minute, from one address
LIST = Crumb("Complaints to answer", "/admin-tools/complaints/")
TOOLS = Crumb("Admin tools", "/admin-tools/")


@never_cache
def complain(request: Asked) -> HttpResponse:
    """The form for a complaint, and the receipt in answer to it, shown once."""
    form, made = forms.ComplaintForm(request.POST or None, find=organisation_named), None
    if request.method == "POST" and form.is_valid():
        _not_too_often(request, SENDING)
        made = None if filled_by_a_program(form) else _send(request, form)
    context: dict[str, Any] = {"title": "Your receipt" if made else "Complain about how data are looked after", "form": form, "made": made}
    context |= {"own": queries.own_complaints(viewer=request.viewer), "problems": problems(form), "at": request.at}
    return render(request, "site/complaints.html", context, status=422 if form.errors else 200)


def _send(request: Asked, form: forms.ComplaintForm) -> actions.Receipt:
    facts = form.cleaned_data
    return actions.send_complaint(
        actor=request.viewer, at=request.at, words=facts["words"], owner_id=facts["organisation"], name=facts["name"], email=facts["email"],
        chance=SystemRandom(),
    )  # fmt: skip


def _not_too_often(request: Asked, limit: Limit) -> None:
    if wait := limit.wait(str(request.META.get("REMOTE_ADDR", "")), at=request.at):
        raise PermissionDenied(f"That was very often in one minute. Wait {wait} seconds, go back and press the button again.")


@never_cache
def receipt(request: Asked) -> HttpResponse:
    """Where a complaint stands, for whoever holds its receipt."""
    form, found = forms.ReceiptForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        _not_too_often(request, LOOKING)
        facts = form.cleaned_data
        found = queries.by_receipt(number=facts["number"], words=facts["words"])
        if found is None:
            form.add_error("number", "No complaint has this number and these words. Look for a letter or a word that is different")
    context = {"title": "Look at your complaint", "form": form, "found": found, "problems": problems(form), "at": request.at}
    return render(request, "site/receipt.html", context, status=422 if form.errors else 200)


@never_cache
def to_answer(request: Asked) -> HttpResponse:
    """The complaints somebody answers, open ones first."""
    if not (decision := queries.may_answer_somewhere(viewer=request.viewer)):
        raise PermissionDenied(decision.reason)
    found = queries.complaints(viewer=request.viewer)
    context = {"title": "Complaints to answer", "found": found, "names": queries.names_of(found), "at": request.at, "breadcrumbs": (TOOLS,)}
    return render(request, "site/complaints_to_answer.html", context)


@never_cache
def one(request: Asked, pk: UUID) -> HttpResponse:
    """One complaint: read, acknowledged, answered."""
    if not (decision := queries.may_answer_somewhere(viewer=request.viewer)):
        raise PermissionDenied(decision.reason)
    found, form = queries.complaint(viewer=request.viewer, pk=pk), forms.AnswerForm(request.POST if "answer" in request.POST else None)
    if request.method == "POST" and (answer := _answered(request, pk, form)):
        return answer
    context = {"title": f"Complaint {found.number}", "one": found, "names": queries.names_of((found,)), "form": form}
    context |= {"problems": problems(form), "breadcrumbs": (LIST,), "at": request.at}
    return render(request, "site/complaint.html", context, status=422 if form.errors else 200)


def _answered(request: Asked, pk: UUID, form: forms.AnswerForm) -> HttpResponse | None:
    """Acknowledge or answer; None where the answer is not complete."""
    if request.POST.get("do") == "acknowledge":
        actions.acknowledge_complaint(actor=request.viewer, at=request.at, pk=pk)
        messages.success(request, "Acknowledged. The person sees that somebody looks into it.")
        return redirect(request.path)
    if not form.is_valid():
        return None
    actions.answer_complaint(actor=request.viewer, at=request.at, pk=pk, answer=form.cleaned_data["answer"])
    messages.success(request, "Answered. The person reads it with their receipt.")
    return redirect(request.path)
