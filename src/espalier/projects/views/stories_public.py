"""Stories that everybody may read: the list, one of them, its files, and taking it up for a team of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.exports.answers import file_response, made
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.forms import stories as forms
from espalier.projects.presenters import stories as words
from espalier.projects.views.shared import HOME, words_of
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.projects.queries import PublicStory

LIST = Crumb("Stories", "/projects/stories/")


def all_stories(request: Asked) -> HttpResponse:
    """The stories everybody may read, searched by words."""
    text = words_of(request.GET.get("q", ""))
    found = queries.stories_page(viewer=request.viewer, text=text, page=request.GET.get("page", "1"))
    context = {"title": "Stories", "found": found, "asked": request.GET, "breadcrumbs": [HOME]}
    return render(request, "projects/stories.html", context)


def story(request: Asked, story: int) -> HttpResponse:
    """One story."""
    found = queries.public_story(viewer=request.viewer, story_id=story)
    context = {"title": found.told.title, "found": found, "story": found.told, "s": words, "breadcrumbs": [HOME, LIST]}
    return render(request, "projects/public_story.html", context)


def file(request: Asked, story: int, kind: str) -> HttpResponse:
    """One story as PDF or slides."""
    found = queries.public_story(viewer=request.viewer, story_id=story)
    if kind not in words.FILES:
        raise NotFoundHere("We make no such file of a story.", suggestions=(queries.ALL_STORIES,))
    made_on = timezone.localdate(found.edition.asked_at)
    return file_response(f"{found.told.title} story", kind, made(kind, words.document(found.told, made_on=made_on)))


@require_POST
def withdraw(request: Asked, story: int) -> HttpResponse:
    """Take a story back: also for a partner who agreed to it and has left the project since."""
    found = queries.public_story(viewer=request.viewer, story_id=story)
    actions.withdraw_story(actor=request.viewer, at=request.at, project=found.edition.project_id)
    messages.success(request, "The story is withdrawn.")
    return redirect("/projects/stories/")


def adopt(request: Asked, story: int) -> HttpResponse:
    """Take up a story, or one of its changes, for a team of one's own."""
    found = queries.public_story(viewer=request.viewer, story_id=story)
    if not (places := queries.places_to_begin(viewer=request.viewer)):
        raise PermissionDenied("Sign in with a role in a team to take this up.")
    form = forms.AdoptForm(
        request.POST or None, changes=[one.words for one in found.told.changes], places=[(one.code, one.name) for one in places],
        initial={"title": found.told.title, "change": request.GET.get("change", "")[:3], "named": "no"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        return _adopted(request, found, form)
    return _asked(request, found, form)


def _asked(request: Asked, found: PublicStory, form: forms.AdoptForm) -> HttpResponse:
    lead = ["You begin a project of your own. It remembers where it came from. Only you can see it until you open it."]
    context = {"title": f"Take up: {found.told.title}", "button": "Begin", "lead": lead, "form": form, "problems": problems(form)}
    crumbs = {"breadcrumbs": [HOME, LIST, Crumb(found.told.title, found.href)]}
    return render(request, "projects/one_form.html", context | crumbs, status=422 if form.errors else 200)


def _adopted(request: Asked, found: PublicStory, form: forms.AdoptForm) -> HttpResponse:
    place = organisations.unit(viewer=request.viewer, code=form.cleaned_data["place"])
    try:
        pk = actions.adopt_story(actor=request.viewer, at=request.at, story=found.edition.story_id, unit=place, **form.facts())
    except UnableTo as problem:
        messages.error(request, f"{problem.what} {problem.to_do}")
        return redirect(found.href)
    not_a_person(request, form.confirmed)
    messages.success(request, "Your project has begun. Say later whether it worked for you: others learn from it.")
    return redirect(f"/projects/{pk}/")
