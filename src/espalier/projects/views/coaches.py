"""Coaches: the list, a coach's own page, and a team with its coach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import actions, forms, queries
from espalier.projects.presenters import programmes as p
from espalier.ui.fields import NOT_AS_SENT, problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked

PROJECTS, COACHES = Crumb("Projects", "/projects/"), Crumb("Coaches", "/projects/coaches/")


def coaches(request: Asked) -> HttpResponse:
    """The list of coaches; whoever keeps it also sees who asks for one, and who would fit."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to see who coaches in your organisation.")
    page = queries.coaches_page(viewer=request.viewer)
    places = [(one.code, one.name) for one in page.places]
    form = forms.CoachForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        return redirect("projects:coaches")
    context = {"title": "Coaches", "page": page, "form": form, "p": p, "problems": problems(form), "breadcrumbs": [PROJECTS]}
    return render(request, "projects/coaches.html", context, status=422 if form.errors else 200)


def _kept(request: Asked, form: forms.CoachForm) -> bool:
    """Put somebody into the list; a name that means nobody, or several, is said beside the box."""
    found = organisations.person_to_ask_for(viewer=request.viewer, text=form.cleaned_data["who"])
    if not (account := found[0].account_id if len(found) == 1 else None):
        form.add_error("who", p.nobody_meant(len(found)))
        return False
    try:
        messages.success(request, _listed(request, form.cleaned_data, account))
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, str(problem))
        return False
    not_a_person(request, form.confirmed)
    return True


def _listed(request: Asked, said: dict[str, Any], account: int) -> str:
    unit = organisations.unit(viewer=request.viewer, code=said["place"])
    was = queries.listed_as(viewer=request.viewer, account_id=account, unit_id=unit.pk)
    facts = {"capacity": int(said["capacity"]), "helps_with": said["helps"], "trained_on": said["trained"]}
    actions.keep_coach(actor=request.viewer, at=request.at, unit=unit, account_id=account, **facts)
    return p.coach_kept(was, unit.name)


@require_POST
def end(request: Asked, pk: int) -> HttpResponse:
    """Take somebody off the list."""
    actions.end_coach(actor=request.viewer, at=request.at, coach=pk, ended=request.POST.get("do") != "back")
    messages.success(request, "The list is changed. Projects keep their coach until their teams say otherwise.")
    return redirect("projects:coaches")


@require_POST
def propose(request: Asked, pk: int) -> HttpResponse:
    """Propose a coach to a team."""
    account = forms.number_in(request.POST.get("coach", ""))
    why = queries.why_this_coach(viewer=request.viewer, request=pk, account_id=account)
    actions.propose_coach(actor=request.viewer, at=request.at, request=pk, account_id=account, why=why)
    messages.success(request, "Proposed. The team's leader finds it on their home page and says yes or no.")
    return redirect("projects:coaches")


def mine(request: Asked) -> HttpResponse:
    """A coach's own page."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to see the projects you coach.")
    page = queries.my_coaching(viewer=request.viewer, at=request.at)
    context = {"title": "The projects I coach", "page": page, "p": p, "breadcrumbs": [PROJECTS, COACHES]}
    return render(request, "projects/coaching.html", context)


def team(request: Asked, pk: int) -> HttpResponse:
    """A team and its coach: asked for, proposed, and the notes between them."""
    found, block = _team(request, pk)
    form = forms.NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_note(actor=request.viewer, at=request.at, project=pk, words=form.cleaned_data["words"])
        not_a_person(request, form.confirmed)
        return redirect("projects:team-coach", pk=pk)
    return _team_page(request, found, block, form, forms.AskForm())


def _team_page(
    request: Asked, found: queries.ProjectFacts, block: queries.AskBlock, form: forms.NoteForm, asked: forms.AskForm
) -> HttpResponse:
    context = {"title": f"Coach: {found.title}", "block": block, "project": found, "form": form, "ask": asked}
    context |= {"notes": queries.notes_of(viewer=request.viewer, project=found), "problems": (*problems(asked), *problems(form))}
    where = {"breadcrumbs": [PROJECTS, Crumb(found.title, found.href)], "here": Here(found.unit.name, found.unit.kind_name)}
    return render(request, "projects/coach.html", context | where, status=422 if form.errors or asked.errors else 200)


def _team(request: Asked, pk: int) -> tuple[queries.ProjectFacts, queries.AskBlock]:
    found = queries.project(viewer=request.viewer, pk=pk)
    block = queries.ask_block(viewer=request.viewer, project=found)
    if block is None:
        raise PermissionDenied("A team and its coach see this page.")
    return found, block


@require_POST
def ask(request: Asked, pk: int) -> HttpResponse:
    """Ask for a coach, ask no longer, or answer a proposal."""
    who: dict[str, Any] = {"actor": request.viewer, "at": request.at, "project": pk}
    do = request.POST.get("do", "ask")
    if do == "ask":
        return _ask(request, pk)
    if do == "withdraw":
        actions.withdraw_request(**who)
    elif do in {"yes", "no"}:
        actions.answer_proposal(**who, agreed=do == "yes")
    else:
        messages.error(request, f"Nothing is changed. {NOT_AS_SENT}")
    return redirect("projects:team-coach", pk=pk)


def _ask(request: Asked, pk: int) -> HttpResponse:
    form = forms.AskForm(request.POST)
    if not form.is_valid():
        return _team_page(request, *_team(request, pk), forms.NoteForm(), form)
    actions.ask_for_coach(actor=request.viewer, at=request.at, project=pk, words=form.cleaned_data["words"])
    not_a_person(request, form.confirmed)
    return redirect("projects:team-coach", pk=pk)


@require_POST
def note(request: Asked, pk: int, note: int) -> HttpResponse:
    """Take one's own note away, or put it back."""
    removed = request.POST.get("do") != "back"
    actions.remove_note(actor=request.viewer, at=request.at, project=pk, note=note, removed=removed)
    messages.success(request, "Your note is gone." if removed else "Your note is back.")
    return redirect("projects:team-coach", pk=pk)
