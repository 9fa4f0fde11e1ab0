"""A project's story: read, written, taken along as a file, and offered to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import NotFoundHere, Suggestion, UnableTo
from espalier.exports.answers import file_response, made
from espalier.projects import actions, queries
from espalier.projects.forms import stories as forms
from espalier.projects.presenters import stories as words
from espalier.projects.rules.stories import ASKED, BY_KEY, REFUSED
from espalier.projects.views.shared import about
from espalier.ui.fields import problems
from espalier.ui.not_a_person import TICK
from espalier.ui.pages import Crumb, render

WITHDRAW = "withdraw"

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.projects.queries import ProjectFacts, StoryPage


def story(request: Asked, pk: int) -> HttpResponse:
    """The story of a project on one page; for whoever reads only what is public, its public edition."""
    project = queries.project(viewer=request.viewer, pk=pk)
    if (public := queries.public_instead(project=project)) is not None:
        return redirect(public or _not_public(project))
    page = _page(request, project)
    return render(request, "projects/story.html", about(request, page.project, "Story") | {"page": page, "story": page.told, "s": words})


def _page(request: Asked, project: ProjectFacts) -> StoryPage:
    return queries.story_page(viewer=request.viewer, project=project, today=timezone.localdate(request.at))


def _not_public(project: ProjectFacts) -> str:
    raise NotFoundHere("The team has not made its story public.", suggestions=(Suggestion(project.title, project.href),))


def file(request: Asked, pk: int, kind: str) -> HttpResponse:
    """The story as PDF or slides."""
    project = queries.project(viewer=request.viewer, pk=pk)
    if kind not in words.FILES:
        raise NotFoundHere("We make no such file of a story.", suggestions=(Suggestion(project.title, project.href),))
    if (public := queries.public_instead(project=project)) is not None:
        return redirect(f"{public or _not_public(project)}story.{kind}")
    today = timezone.localdate(request.at)
    told = queries.told(viewer=request.viewer, project=project, today=today)
    return file_response(f"{project.title} story", kind, made(kind, words.document(told, made_on=today)))


def write(request: Asked, pk: int, section: str) -> HttpResponse:
    """Write one part of the story."""
    project = _mine(request, pk)
    if (part := BY_KEY.get(section)) is None:
        raise NotFoundHere("A story has no such part.", suggestions=(Suggestion(project.title, f"{project.href}story/"),))
    now, seen = queries.section_of(viewer=request.viewer, project=project, section=section)
    form = forms.StorySectionForm(request.POST or None, initial={"words": now}, section=part)
    if request.method == "POST" and form.is_valid() and _written(request, project, section, form):
        return redirect(f"{project.href}story/#{section}")
    meant = {"title": part.title, "button": "Save", "lead": [], "seen": request.POST.get("seen", seen), "stands": _stands(form, now)}
    return _form(request, project, form, meant | ({"seen": seen} if hasattr(form, "meanwhile") else {}))


def _written(request: Asked, project: ProjectFacts, section: str, form: forms.StorySectionForm) -> bool:
    typed, seen = form.cleaned_data["words"], request.POST.get("seen", "")[:40]
    try:
        actions.write_story(actor=request.viewer, at=request.at, project=project.pk, section=section, words=typed, seen=seen)
    except actions.StoryChanged as problem:
        form.add_error(None, str(problem))
        form.meanwhile = problem  # type: ignore[attr-defined]
        return False
    not_a_person(request, form.confirmed)
    return True


def _stands(form: Form, now: str) -> tuple[str, ...]:
    return (now or "Nothing: it was emptied.",) if hasattr(form, "meanwhile") else ()


def voice(request: Asked, pk: int, number: int | None = None) -> HttpResponse:
    """Add a voice to the story, or mend one."""
    project = _mine(request, pk)
    standing = queries.voice_of(project=project, pk=number) if number else None
    initial = {"words": standing.words, "said_by": standing.said_by, "asked": ["yes"]} if standing else {}
    form = forms.VoiceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _said(request, project, number, form):
        return redirect(f"{project.href}story/#voices")
    lead = ["A few words say more than a report. They stand with a part, like “a patient” or “a nurse”, never with a name."]
    return _form(request, project, form, {"title": "Change these words" if standing else "Add a voice", "button": "Save", "lead": lead})


def _said(request: Asked, project: ProjectFacts, number: int | None, form: forms.VoiceForm) -> bool:
    facts = {"words": form.cleaned_data["words"], "said_by": form.cleaned_data["said_by"]}
    try:
        actions.add_voice(actor=request.viewer, at=request.at, project=project.pk, voice=number, **facts)
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, f"{problem.what} {problem.to_do}")
        return False
    not_a_person(request, form.confirmed)
    return True


@require_POST
def remove(request: Asked, pk: int, number: int) -> HttpResponse:
    """Take a voice out; "Undo" on the page puts it back."""
    actions.remove_voice(actor=request.viewer, at=request.at, project=pk, voice=number)
    messages.success(request, "Taken out. You can undo it at the foot of the story.")
    return redirect(f"/projects/{pk}/story/#voices")


@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Take back the newest change of the story."""
    edit = queries.edit_of(request.POST.get("edit", ""))
    actions.undo_story(actor=request.viewer, at=request.at, project=pk, edit=edit)
    messages.success(request, "It is as it was before.")
    return redirect(f"/projects/{pk}/story/")


def publish(request: Asked, pk: int) -> HttpResponse:
    """Whether everybody may read the story: asked by who leads, answered by partners, taken back by either."""
    page = _page(request, _mine(request, pk))
    form, looks = _publish_forms(request, page)
    if request.method == "POST" and _done(request, page, form, looks):
        not_a_person(request, looks.confirmed)
        return redirect(f"{page.project.href}story/public/")
    asked = None if looks.errors else page.asked
    context = about(request, page.project, "Who reads the story") | {
        "page": page, "story": queries.content_of(asked.pk) if asked else page.told, "s": words, "form": form, "looks": looks,
        "problems": looks.problems() or (problems(form) if form.is_bound else ()), "steps": words.history(page),
    }  # fmt: skip
    return render(request, "projects/story_public.html", context, status=422 if context["problems"] else 200)


def _publish_forms(request: Asked, page: StoryPage) -> tuple[forms.AnswerStoryForm, forms.AskEverybodyForm]:
    """Return what a partner answers, and what looks at the words once more; of the two, what was sent is filled in."""
    do, texts = request.POST.get("do", ""), words.placed(queries.words_in(page.told))
    ticked = request.POST.get(TICK, "") if do == "ask" else None
    return forms.AnswerStoryForm(request.POST if do == "answer" else None), forms.AskEverybodyForm(ticked, texts=texts)


def _done(request: Asked, page: StoryPage, form: forms.AnswerStoryForm, looks: forms.AskEverybodyForm) -> bool:
    """Do what was pressed; False where the form must be shown again."""
    do = request.POST.get("do", "")
    facts: dict[str, Any] = {"actor": request.viewer, "at": request.at, "project": page.project.pk}
    if any(one.is_bound and not one.is_valid() for one in (form, looks)):
        return False
    if do == "answer":
        now = actions.answer_story(edition=_number(request), says=form.cleaned_data["says"], **facts)
    elif do == "ask":
        now = actions.ask_to_publish(**facts)
    else:
        now = _withdrawn(do, facts)
    messages.success(request, words.SAID[_then(now, do, page)])
    return True


def _then(now: str, do: str, page: StoryPage) -> str:
    """Return what to say of what was done: a no may leave an earlier edition public."""
    if now == REFUSED and page.public is not None:
        return "stays"
    return do if now == ASKED else now


def _withdrawn(do: str, facts: dict[str, Any]) -> str:
    if do != WITHDRAW:
        raise UnableTo("We do not know what was asked for.", to_do="Go back and press one of the buttons.")
    actions.withdraw_story(**facts)
    return WITHDRAW


def _number(request: Asked) -> int:
    text = request.POST.get("edition", "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def came_from(request: Asked, pk: int) -> HttpResponse:
    """Say what was altered and whether it worked here."""
    project = _mine(request, pk)
    origin = queries.origin_of(project.pk)
    if origin is None:
        raise NotFoundHere("This project was not adopted from a story.", suggestions=(Suggestion(project.title, project.href),))
    form = forms.WentForm(request.POST or None, initial=words.as_answered(origin))
    if request.method == "POST" and form.is_valid():
        actions.say_how_it_went(actor=request.viewer, at=request.at, project=pk, **form.facts())
        not_a_person(request, form.confirmed)
        messages.success(request, "Thank you. Others learn from it.")
        return redirect(f"{project.href}story/")
    return _form(request, project, form, {"title": "How did it go here?", "button": "Save", "lead": words.came_from(origin)})


def _mine(request: Asked, pk: int) -> ProjectFacts:
    project = queries.project(viewer=request.viewer, pk=pk)
    if not project.may_change:
        raise PermissionDenied(project.may_change.reason)
    return project


def _form(request: Asked, project: ProjectFacts, form: Form, meant: dict[str, Any]) -> HttpResponse:
    context = about(request, project) | {"form": form, "problems": problems(form), **meant}
    context["breadcrumbs"] = [*context["breadcrumbs"], Crumb(project.title, project.href), Crumb("Story", f"{project.href}story/")]
    return render(request, "projects/one_form.html", context, status=422 if form.errors else 200)
