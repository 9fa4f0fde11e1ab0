"""The log of what was done, who looked at one's own record, and emergency access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from espalier.exports.tables import csv_response
from espalier.organisations import actions as emergencies
from espalier.organisations import queries as organisations
from espalier.site import actions, forms, presenters, queries
from espalier.ui.fields import Problem, problems
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from espalier.access.requests import Asked

TOOLS = (Crumb("Admin tools", "/admin-tools/"),)
AUDIT, EMERGENCY = "/admin-tools/audit/", "/admin-tools/emergency/"
ANSWERS = {
    "approve": (emergencies.approve_emergency, "Agreed. It lasts 60 minutes, and you can end it at any time."),
    "refuse": (emergencies.refuse_emergency, "Refused. They can ask again with a better reason."),
    "end": (emergencies.end_emergency, "Ended. Nothing is open any more."),
}


def _page_of(request: Asked, *, whole: bool = False) -> tuple[queries.AuditPage, forms.AuditForm]:
    """Return the part of the log that is asked for. A question that makes no sense shows what is wrong, and everything."""
    if not (decision := queries.may_read_log(viewer=request.viewer)):
        raise PermissionDenied(decision.reason)
    asked = {name: request.GET.get(name, "")[:200] for name in ("who", "did", "thing", "when", "day", "place", "seal", "after")}
    day_only = forms.AuditForm(request.GET)
    day_only.is_valid()
    days = queries.day_bounds(day_only.cleaned_data.get("day", ""), asked["when"], request.at)
    page = queries.audit_page(viewer=request.viewer, question=asked, days=days, whole=whole)
    places = [(one.code, one.name) for one in page.mine]
    return page, forms.AuditForm(request.GET or None, verbs=presenters.audit_verbs(page), places=places)


@never_cache
def audit(request: Asked) -> HttpResponse:
    """The log."""
    page, form = _page_of(request)
    asked = request.GET.copy()
    asked.pop("after", None)
    context = {"title": "What was done", "page": page, "form": form, "asked": asked, "p": presenters, "breadcrumbs": TOOLS}
    return render(request, "site/audit.html", context | {"problems": problems(form)})


@never_cache
def audit_csv(request: Asked) -> HttpResponse:
    """The same as a file."""
    page, _ = _page_of(request, whole=True)
    return csv_response(f"what-was-done-{request.at:%Y-%m-%d}.csv", *presenters.audit_file(page))


@never_cache
def audit_head(request: Asked) -> HttpResponse:
    """Where the log stands, as a file to keep elsewhere."""
    if not (decision := queries.may_read_log(viewer=request.viewer)):
        raise PermissionDenied(decision.reason)
    answer = HttpResponse(queries.head_of_log(viewer=request.viewer), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="espalier-audit-head-{request.at:%Y-%m-%d}.json"'
    return answer


@never_cache
def audit_verify(request: Asked) -> HttpResponse:
    """Prove the log, with a head that was kept elsewhere if there is one."""
    if not (decision := queries.may_read_log(viewer=request.viewer)):
        raise PermissionDenied(decision.reason)
    form, found = forms.HeadForm(request.POST or None, request.FILES or None), None
    if request.method == "POST":
        kept = request.FILES.get("head")
        text = kept.read(10_000).decode("utf-8", "replace") if kept else ""
        found = actions.verify_log(actor=request.viewer, at=request.at, head=text)
    crumbs = (*TOOLS, Crumb("What was done", AUDIT))
    context = {"title": "Is the log whole?", "form": form, "found": found, "p": presenters, "breadcrumbs": crumbs}
    return render(request, "site/audit_verify.html", context)


@never_cache
def who_looked(request: Asked) -> HttpResponse:
    """Who looked at one's own record."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to see who looked at your own record.")
    context = {"title": "Who looked at my record", "page": queries.looks(viewer=request.viewer), "p": presenters}
    return render(request, "site/who_looked.html", context)


@never_cache
def emergency(request: Asked) -> HttpResponse:
    """Ask for emergency access, agree to it, end it; and all that were, for whoever reviews them."""
    page = organisations.emergency_page(viewer=request.viewer, at=request.at)
    decision = queries.may_see_emergencies(viewer=request.viewer)
    if not (decision or page.open or page.past):
        raise PermissionDenied(decision.reason)
    asks = request.POST.get("do") == "ask"
    form = forms.EmergencyForm(request.POST if asks else None, places=[(one.code, one.name) for one in page.places])
    wrong: tuple[Problem, ...] = ()
    if request.method == "POST" and (not asks or form.is_valid()) and not (wrong := _refused(request, page, form)):
        return redirect(EMERGENCY)
    context = {"title": "Emergency access", "page": page, "form": form, "p": presenters, "problems": (*wrong, *problems(form))}
    return render(request, "site/emergency.html", context | {"breadcrumbs": TOOLS}, status=422 if context["problems"] else 200)


def _refused(request: Asked, page: organisations.EmergencyPage, form: forms.EmergencyForm) -> tuple[Problem, ...]:
    """Do what was pressed and say so; what cannot be done is said above the same page."""
    try:
        _decide(request, page, form)
    except emergencies.UnableToOpen as problem:
        return (Problem(str(problem), "#id_place" if form.is_bound else "#maincontent"),)
    return ()


def _decide(request: Asked, page: organisations.EmergencyPage, form: forms.EmergencyForm) -> None:
    if form.is_bound:
        unit = next(one for one in page.places if one.code == form.cleaned_data["place"])
        emergencies.ask_emergency(actor=request.viewer, at=request.at, unit=unit, reason=form.cleaned_data["reason"])
        messages.success(request, f"Asked. Somebody at {unit.name} has to agree before anything opens.")
    elif answer := ANSWERS.get(request.POST.get("do", "")):
        answer[0](actor=request.viewer, at=request.at, pk=forms.uuid_of(request.POST, "which"))
        messages.success(request, answer[1])
