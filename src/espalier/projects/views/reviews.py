"""Learning reviews, and how to speak up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.forms import reviews as forms
from espalier.projects.views.projects import HOME
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from espalier.access.requests import Asked

LIST = Crumb("Learning reviews", "/projects/reviews/")
BEGIN = {
    "title": "Begin a learning review",
    "button": "Begin",
    "lead": ["Your team sees it first. You can open it to the organisation later."],
}


def all_reviews(request: Asked) -> HttpResponse:
    """The learning reviews one may see."""
    may = bool(queries.places_to_review(viewer=request.viewer))
    context = {"title": "Learning reviews", "lines": queries.reviews(viewer=request.viewer), "may": may, "breadcrumbs": [HOME]}
    return render(request, "projects/reviews.html", context)


def new(request: Asked) -> HttpResponse:
    """Begin a review."""
    if not (places := queries.places_to_review(viewer=request.viewer)):
        raise PermissionDenied("Sign in with a role in a team to begin a learning review.")
    form = forms.NewReviewForm(request.POST or None, places=[(one.code, one.name) for one in places])
    if request.method == "POST" and form.is_valid() and (pk := _begun(request, form)):
        return redirect(f"/projects/reviews/{pk}/")
    return _form(request, form, BEGIN, LIST)


def _begun(request: Asked, form: forms.NewReviewForm) -> int | None:
    typed = form.cleaned_data
    place = organisations.unit(viewer=request.viewer, code=typed["place"])
    facts: dict[str, Any] = {"unit": place, "title": typed["title"], "happened_on": typed["happened_on"]}
    try:
        pk = actions.begin_review(actor=request.viewer, at=request.at, **facts)
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, str(problem))
        return None
    not_a_person(request, form.confirmed)
    return pk


def review(request: Asked, pk: int) -> HttpResponse:
    """One review: all its sections, and what it ended in."""
    found = queries.review(viewer=request.viewer, pk=pk)
    context = {"title": found.title, "review": found, "breadcrumbs": [HOME, LIST], "here": Here(found.unit.name, found.unit.kind_name)}
    return render(request, "projects/review.html", context)


def section(request: Asked, pk: int, key: str) -> HttpResponse:
    """Write one section."""
    found = _writable(request, pk)
    part = found.section(key)
    form = forms.SectionForm(request.POST or None, initial={"words": part.words}, section=part)
    if request.method == "POST" and form.is_valid() and _written(request, found, part, form):
        return redirect(f"{found.href}#{key}")
    meant = {"title": part.title, "button": "Save", "lead": part.hints, "seen": _seen(request, part), "stands": _stands(form)}
    return _form(request, form, meant, LIST, Crumb(found.title, found.href))


@require_POST
def undo(request: Asked, pk: int, key: str) -> HttpResponse:
    """Bring back what stood in a section before."""
    found = _writable(request, pk)
    actions.undo_section(actor=request.viewer, at=request.at, pk=pk, key=key, seen=_seen(request, found.section(key)))
    messages.success(request, "The words before are back.")
    return redirect(f"{found.href}#{key}")


@require_POST
def state(request: Asked, pk: int) -> HttpResponse:
    """Close a review, open it again, or say who reads it."""
    do = request.POST.get("do", "")
    facts: dict[str, Any] = {"actor": request.viewer, "at": request.at, "pk": pk}
    if do == "open-to":
        actions.open_review_to(whom=request.POST.get("to", "")[:20], **facts)
    else:
        actions.close_review(back=_back(request, pk, do), **facts)
    messages.success(request, "Saved.")
    return redirect(f"/projects/reviews/{pk}/")


def idea(request: Asked, pk: int) -> HttpResponse:
    """Make something a change idea of a project."""
    found = _writable(request, pk)
    form = forms.IdeaForm(request.POST or None, projects=queries.projects_for_ideas(viewer=request.viewer))
    if request.method == "POST" and form.is_valid():
        not_a_person(request, form.confirmed)
        return _made(request, found, form)
    meant = {"title": "Make this a change idea", "button": "Make it a change idea", "lead": [found.section("what-we-change").words]}
    return _form(request, form, meant, LIST, Crumb(found.title, found.href))


def speaking_up(request: Asked) -> HttpResponse:
    """How to raise a concern. It asks for nothing and keeps nothing."""
    context = {"title": "Speaking up", "page": queries.speaking_up(viewer=request.viewer), "breadcrumbs": [HOME]}
    return render(request, "projects/speaking_up.html", context)


def _back(request: Asked, pk: int, do: str) -> bool:
    """Whether a review is opened again; a press that says nothing known closes nothing."""
    found = queries.review(viewer=request.viewer, pk=pk)
    if not (found.may_write or found.may_reopen):
        raise PermissionDenied(found.may_write.reason)
    if do not in {"close", "reopen"}:
        raise UnableTo("We do not know what was asked for.", to_do="Go back and press one of the buttons.")
    return do == "reopen"


def _made(request: Asked, found: queries.ReviewFacts, form: forms.IdeaForm) -> HttpResponse:
    words, to = form.cleaned_data["words"], form.cleaned_data["project"]
    if to == "new":
        return redirect(f"/projects/new/?title={quote(words)}")
    actions.make_idea(actor=request.viewer, at=request.at, pk=found.pk, project=int(to), words=words)
    messages.success(request, "It is a change idea now. Your project can try it.")
    return redirect(f"/projects/{to}/")


def _written(request: Asked, found: queries.ReviewFacts, part: queries.SectionFacts, form: forms.SectionForm) -> bool:
    """Store a section; where somebody else wrote meanwhile, show theirs beside what was typed."""
    words = form.cleaned_data["words"]
    try:
        actions.write_section(actor=request.viewer, at=request.at, pk=found.pk, key=part.key, words=words, seen=_seen(request, part))
    except actions.WroteMeanwhile as problem:
        form.add_error(None, str(problem))
        form.meanwhile = problem  # type: ignore[attr-defined]
        return False
    not_a_person(request, form.confirmed)
    return True


def _stands(form: forms.SectionForm) -> tuple[str, ...]:
    other = getattr(form, "meanwhile", None)
    return (other.now or "Nothing: it was emptied.",) if other else ()


def _seen(request: Asked, part: queries.SectionFacts) -> int:
    """The version the person saw: as sent, and as it stands for a page that is opened now."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else part.version


def _writable(request: Asked, pk: int) -> queries.ReviewFacts:
    found = queries.review(viewer=request.viewer, pk=pk)
    if not found.may_write:
        raise PermissionDenied(found.may_write.reason)
    return found


def _form(request: Asked, form: Form, meant: dict[str, Any], *way: Crumb) -> HttpResponse:
    context = {"form": form, "breadcrumbs": [HOME, *way], "problems": problems(form), **meant}
    if other := getattr(form, "meanwhile", None):
        context["seen"] = other.version  # they have seen it now
    return render(request, "projects/one_form.html", context, status=422 if form.errors else 200)
