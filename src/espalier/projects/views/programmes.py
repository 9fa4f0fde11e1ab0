"""Programmes: all of them, one, one month of it; its calendar; teams that join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.access.deciding import anywhere
from espalier.audit.confirming import not_a_person
from espalier.common import posted
from espalier.common.errors import UnableTo
from espalier.common.periods import add_months, month_start
from espalier.exports.answers import file_name
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects import actions, forms, permissions, queries
from espalier.projects.presenters import programmes as p
from espalier.projects.rules.calendars import calendar
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.requests import Asked
    from espalier.access.viewer import Viewer

PROJECTS, PROGRAMMES = Crumb("Projects", "/projects/"), Crumb("Programmes", "/projects/programmes/")


def last_month(at: datetime) -> date:
    """Return the month that was over last: the one people are sending."""
    return add_months(month_start(timezone.localdate(at)), -1)


def all_programmes(request: Asked) -> HttpResponse:
    """The programmes one may see."""
    context = {
        "title": "Programmes", "lines": queries.programmes(viewer=request.viewer), "breadcrumbs": [PROJECTS],
        "may_begin": anywhere(viewer=request.viewer, do=permissions.LEAD_PROGRAMMES),
    }  # fmt: skip
    return render(request, "projects/programmes.html", context)


def new(request: Asked) -> HttpResponse:
    """Begin a programme."""
    places = _places(request.viewer)
    form = forms.ProgrammeForm(request.POST or None, places=[(one.code, one.name) for one in places.values()])
    if request.method == "POST" and form.is_valid() and (begun := _begin(request, form)):
        return redirect("projects:programme", pk=begun)
    context = {"title": "Begin a programme", "form": form, "problems": problems(form), "breadcrumbs": [PROJECTS, PROGRAMMES]}
    return render(request, "projects/programme_new.html", context, status=422 if form.errors else 200)


def _places(viewer: Viewer) -> dict[int, organisations.UnitFacts]:
    if not (decision := anywhere(viewer=viewer, do=permissions.LEAD_PROGRAMMES)):
        raise PermissionDenied(decision.reason)
    return organisations.units(viewer=viewer, pks={held.unit_id for held in viewer.grants})


def _begin(request: Asked, form: forms.ProgrammeForm) -> int | None:
    """Begin it; what cannot be is said beside the box."""
    said = form.cleaned_data
    unit = organisations.unit(viewer=request.viewer, code=said["place"])
    aim = actions.Aim(what=said["what"], unit=said["goal"])
    facts = {"title": said["title"], "aim": aim, "starts_on": said["starts"], "open_to": said["open_to"]}
    try:
        begun = actions.begin_programme(actor=request.viewer, at=request.at, unit=unit, **facts)
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, f"{problem.what} {problem.to_do}")
        return None
    not_a_person(request, form.confirmed)
    return begun


def programme(request: Asked, pk: int) -> HttpResponse:
    """One programme: its aim, calendar, measures, and how each team stands."""
    page = queries.programme_page(viewer=request.viewer, pk=pk, month=last_month(request.at), today=timezone.localdate(request.at))
    found = page.programme
    context = {"title": found.title, "page": page, "programme": found, "p": p, "breadcrumbs": [PROJECTS, PROGRAMMES]}
    return render(request, "projects/programme.html", context | {"here": Here(found.unit.name, found.unit.kind_name)})


def month(request: Asked, pk: int, month: str) -> HttpResponse:
    """One month of a programme: who is late, whom to ask, and a chart of each team."""
    day = forms.month_in(month)
    chosen = {"measure": request.GET.get("measure", "")[:60], "page": request.GET.get("page", "1")[:6]}
    page = queries.programme_month(viewer=request.viewer, pk=pk, month=day, today=timezone.localdate(request.at), **chosen)
    found = page.programme
    context = {
        "title": f"{found.title}: {day:%B %Y}", "page": page, "programme": found, "p": p, "params": {"measure": chosen["measure"]},
        "near": _near(found, day, last_month(request.at)),
        "breadcrumbs": [PROJECTS, PROGRAMMES, Crumb(found.title, found.href)], "here": Here(found.unit.name, found.unit.kind_name),
    }  # fmt: skip
    return render(request, "projects/programme_month.html", context)


def _near(found: queries.ProgrammeFacts, day: date, last: date) -> list[date]:
    """The months to go on to: from its first to the one that was over last, however far from them one stands."""
    before, after = min(add_months(day, -1), last), max(add_months(day, 1), found.starts_on)
    return [*([before] if before >= found.starts_on else []), *([after] if after <= last else [])]


def sessions_file(request: Asked, pk: int) -> HttpResponse:
    """The learning sessions as a calendar file."""
    found = queries.programme(viewer=request.viewer, pk=pk)
    days = [p.session_day(found, one) for one in queries.sessions_of(viewer=request.viewer, programme_id=pk)]
    answer = HttpResponse(calendar(found.title, days), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(found.title)}.ics"'
    return answer


@require_POST
def join(request: Asked, pk: int) -> HttpResponse:
    """Bring a project in, or take it out."""
    project = forms.number_in(request.POST.get("project", ""))
    if request.POST.get("do") == "leave":
        actions.leave_programme(actor=request.viewer, at=request.at, project=project)
        messages.success(request, "Your project has left the programme. What it sent stays with both.")
    else:
        actions.join_programme(actor=request.viewer, at=request.at, project=project, programme=pk)
        messages.success(request, "Your project is in. Its month end is on your home page when a month is over.")
    return redirect("projects:programme", pk=pk)


def measure(request: Asked, pk: int) -> HttpResponse:
    """Add a measure that all teams keep, or take one out."""
    found = _led(request.viewer, pk)
    known = measures.definitions(viewer=request.viewer, at=found.unit)
    form = forms.MeasureForm(request.POST or None, measures=p.monthly(known))
    if request.POST.get("do") == "remove":
        actions.remove_programme_measure(actor=request.viewer, at=request.at, programme=pk, measure=posted.code(request.POST, "measure"))
        return redirect(found.href)
    if request.method == "POST" and form.is_valid():
        actions.add_programme_measure(actor=request.viewer, at=request.at, programme=pk, **form.cleaned_data)
        return redirect(found.href)
    return _small_form(request, found, form, "Add a measure")


def session(request: Asked, pk: int) -> HttpResponse:
    """Put a learning session in the calendar."""
    found = _led(request.viewer, pk)
    form = forms.SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _added(request, pk, form):
        return redirect(found.href)
    return _small_form(request, found, form, "Add a learning session")


def _added(request: Asked, pk: int, form: forms.SessionForm) -> bool:
    """Add it; what cannot be is said beside the box."""
    try:
        actions.add_session(actor=request.viewer, at=request.at, programme=pk, session=actions.SessionWords(**form.cleaned_data))
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, f"{problem.what} {problem.to_do}")
        return False
    not_a_person(request, form.confirmed)
    return True


@require_POST
def call_off(request: Asked, pk: int, session: int) -> HttpResponse:
    """Call a learning session off, or on again."""
    off = request.POST.get("do") != "on"
    actions.call_off_session(actor=request.viewer, at=request.at, programme=pk, session=session, off=off)
    return redirect("projects:programme", pk=pk)


def _led(viewer: Viewer, pk: int) -> queries.ProgrammeFacts:
    found = queries.programme(viewer=viewer, pk=pk)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    return found


def _small_form(request: Asked, found: queries.ProgrammeFacts, form: forms.MeasureForm | forms.SessionForm, title: str) -> HttpResponse:
    context = {"title": title, "form": form, "problems": problems(form), "programme": found}
    crumbs = [PROJECTS, PROGRAMMES, Crumb(found.title, found.href)]
    return render(request, "projects/programme_form.html", context | {"breadcrumbs": crumbs}, status=422 if form.errors else 200)
