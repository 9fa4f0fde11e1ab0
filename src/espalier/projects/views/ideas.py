"""Ideas: one question, what became of each, and what a phone kept while it was off-line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import UnableTo
from espalier.projects import actions, permissions, queries
from espalier.projects.forms import ideas as forms
from espalier.projects.presenters import ideas as words
from espalier.projects.views import queueing
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.organisations.queries import UnitFacts

Typed = forms.WordsForm | forms.AnswerForm | forms.OwnMoveForm
HOME = Crumb("Projects", "/projects/")
IDEAS = Crumb("Ideas", "/projects/ideas/")


def _signed_in(request: Asked) -> None:
    if not (decision := permissions.may_note(viewer=request.viewer)):
        raise PermissionDenied(decision.reason)


@never_cache
@require_http_methods(["GET", "POST"])
def ideas(request: Asked) -> HttpResponse:
    """Note an idea; below, one's own and those that were shared, and what became of each."""
    _signed_in(request)
    places = queries.my_units(viewer=request.viewer)
    form = forms.NoteForm(request.POST or None, places=places)
    if form.is_bound and form.is_valid():
        return _noted(request, form)
    return _page(request, form, places)


def _noted(request: Asked, form: forms.NoteForm) -> HttpResponse:
    said = form.cleaned_data["words"]
    noted = actions.note_idea(actor=request.viewer, at=request.at, idea=form.number(), words=said, unit_id=form.unit_id(), anew=True)
    not_a_person(request, form.confirmed)
    messages.success(request, words.kept(again=noted.again))
    return redirect(IDEAS.href)


def _page(request: Asked, form: forms.NoteForm, places: tuple[UnitFacts, ...]) -> HttpResponse:
    asked = request.GET
    search, state = asked.get("q", "").replace("\x00", "")[:100].strip(), forms.state_of(asked)
    context = {
        "title": "Ideas", "form": form, "w": words,
        "page": queries.ideas_page(viewer=request.viewer, places=places, words=search, state=state),
        "q": search, "state": state, "number": uuid4(), "taken_back": _number(asked.get("undo", "")), "breadcrumbs": [HOME],
        "problems": problems(form),
    }  # fmt: skip
    return render(request, "projects/ideas.html", context, status=422 if form.errors else 200)


def _number(text: str) -> UUID | None:
    try:
        return forms.number_of(text) if text else None
    except UnableTo:
        return None


@require_GET
def shell(request: Asked) -> HttpResponse:
    """Show the page that a phone keeps for when it is off-line: the same for everybody, so that nothing personal can stand in it."""
    return render(request, "projects/ideas_offline.html", {"title": "Ideas", "w": words})


@never_cache
@require_http_methods(["GET", "POST"])
def queue(request: Asked) -> HttpResponse:
    """Take one idea that a phone kept."""
    return queueing.answer(request, _take)


def _take(request: Asked) -> dict[str, object]:
    one = forms.from_queue(request.POST)
    noted = actions.note_idea(
        actor=request.viewer, at=request.at, idea=one.idea, words=one.words, unit_id=one.unit_id, made_at=one.made_at, edition=one.edition
    )
    return {"id": str(one.idea), "again": noted.again, "words": noted.words, "edition": noted.edition}


def idea(request: Asked, pk: UUID) -> HttpResponse:
    """One idea, and what can become of it; a visitor sees none."""
    return _one(request, queries.idea_facts(viewer=request.viewer, pk=pk), None)


def _one(request: Asked, found: queries.IdeaFacts, typed: Typed | None) -> HttpResponse:
    context = {
        "title": "One idea", "idea": found, "w": words, "breadcrumbs": [HOME, IDEAS],
        "form": typed if isinstance(typed, forms.WordsForm) else forms.WordsForm(initial={"words": found.words}),
        "answer": typed if isinstance(typed, forms.AnswerForm) else forms.AnswerForm(answers=words.answers(found)),
        "move": typed if isinstance(typed, forms.OwnMoveForm) else forms.OwnMoveForm(),
        "projects": queries.my_projects(viewer=request.viewer) if found.may_answer else (),
        "problems": problems(typed) if typed else (), "here": Here(found.unit.name, found.unit.kind_name) if found.unit else None,
    }  # fmt: skip
    return render(request, "projects/idea.html", context, status=422 if typed else 200)


@require_POST
def change(request: Asked, pk: UUID) -> HttpResponse:
    """Do one thing with an idea."""
    do = request.POST.get("do", "")
    found = queries.idea_facts(viewer=request.viewer, pk=pk, taken_back=do == "bring-back")
    if do not in DOES:
        raise UnableTo("Nothing was chosen.", to_do="Go back and choose what becomes of the idea.", code="nothing")
    if (typed := _typed(request, found, do)) and not typed.is_valid():
        return _one(request, found, typed)
    said = DOES[do](request, pk)
    not_a_person(request, typed.confirmed if typed else ())
    messages.success(request, said)
    return redirect(_after(request, found, do))


def _typed(request: Asked, found: queries.IdeaFacts, do: str) -> Typed | None:
    """Return the form that was sent, where there is one to put right."""
    if do == "words":
        return forms.WordsForm(request.POST)
    if do == "move" and found.is_mine:
        return forms.OwnMoveForm(request.POST)
    if do == "move" and found.may_answer:
        return forms.AnswerForm(request.POST, answers=words.answers(found))
    return None


def _after(request: Asked, found: queries.IdeaFacts, do: str) -> str:
    if do == "take-back":
        return f"{IDEAS.href}?undo={found.pk}"
    return IDEAS.href if request.POST.get("from") == "list" else found.href


def _word(request: Asked, pk: UUID) -> str:
    form = forms.WordsForm(request.POST)
    form.is_valid()
    actions.word_idea(actor=request.viewer, at=request.at, idea=pk, words=form.cleaned_data["words"])
    return "Changed."


def _share(request: Asked, pk: UUID) -> str:
    actions.share_idea(actor=request.viewer, at=request.at, idea=pk, shared=True)
    return "Shared. Your team sees it now, and whoever leads it can answer."


def _unshare(request: Asked, pk: UUID) -> str:
    actions.share_idea(actor=request.viewer, at=request.at, idea=pk, shared=False)
    return "Only you see it now."


def _move(request: Asked, pk: UUID) -> str:
    form = forms.OwnMoveForm(request.POST)  # read once more: who may answer at all is said by the action
    form.is_valid()
    state, reason = form.cleaned_data.get("state", ""), form.cleaned_data.get("reason", "")
    if request.POST.get("with") == "team":
        actions.share_idea(actor=request.viewer, at=request.at, idea=pk, shared=True)
    actions.move_idea(actor=request.viewer, at=request.at, idea=pk, state=state, reason=reason)
    mine = queries.idea_facts(viewer=request.viewer, pk=pk).is_mine
    return words.SAID.get(state, "Done.") if mine else "Answered. The person who had the idea is told."


def _become(request: Asked, pk: UUID) -> str:
    text = request.POST.get("project", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise UnableTo("No project was chosen.", to_do="Go back and choose one of your projects.", code="nothing")
    actions.became_project(actor=request.viewer, at=request.at, idea=pk, project=int(text))
    return "The idea and the project now point at each other."


def _take_back(request: Asked, pk: UUID) -> str:
    actions.take_back_idea(actor=request.viewer, at=request.at, idea=pk)
    return "Taken back. Nobody sees it any more."


def _bring_back(request: Asked, pk: UUID) -> str:
    actions.bring_back_idea(actor=request.viewer, at=request.at, idea=pk)
    return "It is back."


def _read(request: Asked, pk: UUID) -> str:
    actions.read_answer(actor=request.viewer, at=request.at, idea=pk)
    return "Marked as read."


DOES: Mapping[str, Callable[[Asked, UUID], str]] = {
    "words": _word, "share": _share, "unshare": _unshare, "move": _move, "project": _become, "take-back": _take_back,
    "bring-back": _bring_back, "read": _read,
}  # fmt: skip
