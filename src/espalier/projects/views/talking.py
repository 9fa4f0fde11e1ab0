"""What people in a project say to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.projects import actions, forms, queries
from espalier.projects.presenters import programmes as p
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked

PROJECTS = Crumb("Projects", "/projects/")


def talk(request: Asked, pk: int) -> HttpResponse:
    """The conversation of a project, or about one test or month."""
    page = _page(request, pk)
    people = [(str(one.account_id), one.name or p.ROLES[one.role]) for one in page.others]
    form = forms.TalkForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        _say(request, page, form)
        return redirect(page.href)
    change = next((one for one in page.said if one.is_mine and str(one.pk) == request.GET.get("change")), None)
    changed = forms.RemarkForm(initial={"words": change.words if change else ""})
    return _talk_page(request, page, form, change.pk if change else 0, changed)


def _page(request: Asked, pk: int) -> queries.Talk:
    undo = forms.number_in(request.GET.get("undo", ""))
    return queries.talk(viewer=request.viewer, pk=pk, about=request.GET.get("about", "")[:80], undo=undo)


def _talk_page(request: Asked, page: queries.Talk, form: forms.TalkForm, change: int, changed: forms.RemarkForm) -> HttpResponse:
    """Show the conversation; change is the number of what is being put right."""
    context = {"title": f"Conversation: {page.project.title}", "page": page, "form": form, "p": p, "changed": changed}
    context |= {"problems": (*problems(changed), *problems(form))}
    crumbs = [PROJECTS, Crumb(page.project.title, page.project.href)]
    where = {"change": change, "breadcrumbs": crumbs, "here": Here(page.project.unit.name, page.project.unit.kind_name)}
    return render(request, "projects/talk.html", context | where, status=422 if form.errors or changed.errors else 200)


def _say(request: Asked, page: queries.Talk, form: forms.TalkForm) -> None:
    actions.say(
        actor=request.viewer, at=request.at, project=page.project.pk, words=form.cleaned_data["words"], about=page.about.text,
        to=form.meant_for(),
    )  # fmt: skip
    not_a_person(request, form.confirmed)


@require_POST
def heard(request: Asked, pk: int) -> HttpResponse:
    """Say that one has read what was meant for one."""
    actions.heard(actor=request.viewer, at=request.at, project=pk, about=request.POST.get("about", "")[:80])
    return redirect("projects:talk", pk=pk)


def _changed(request: Asked, pk: int, remark: int) -> HttpResponse:
    form = forms.RemarkForm(request.POST)
    if not form.is_valid():
        return _talk_page(request, _page(request, pk), forms.TalkForm(people=()), remark, form)
    actions.change_remark(actor=request.viewer, at=request.at, project=pk, remark=remark, words=form.cleaned_data["words"])
    not_a_person(request, form.confirmed)
    return redirect(f"/projects/{pk}/talk/#said-{remark}")


@require_POST
def remark(request: Asked, pk: int, remark: int) -> HttpResponse:
    """Put right, take away or bring back what one said."""
    do = request.POST.get("do", "")
    if do == "change":
        return _changed(request, pk, remark)
    actions.remove_remark(actor=request.viewer, at=request.at, project=pk, remark=remark, removed=do != "back")
    gone = f"?undo={remark}" if do == "remove" else ""
    return redirect(f"/projects/{pk}/talk/{gone}#said-{remark}")
