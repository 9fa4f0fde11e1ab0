"""A team's month end: typed, saved, sent, pulled back, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import UnableTo
from espalier.projects import actions, forms, queries
from espalier.projects.presenters import programmes as p
from espalier.ui.fields import NOT_AS_SENT, problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from espalier.access.requests import Asked

PROJECTS = Crumb("Projects", "/projects/")


def month_end(request: Asked, pk: int) -> HttpResponse:
    """The month of a team; it lands on the oldest that is not sent."""
    page, now = _page(request, pk, request.GET.get("month", "")), None
    form = forms.MonthForm(request.POST or None, boxes=page.boxes, initial=p.typed(page))
    if request.method == "POST" and form.is_valid():
        done, now = _save(request, page, form)
        if done:
            return redirect(f"{page.href_of(page.month)}&saved={done.version}")
    return _month_page(request, page, form, forms.AnswerForm(), now)


def _month_page(
    request: Asked, page: queries.MonthEnd, form: forms.MonthForm, reply: forms.AnswerForm, now: queries.Sent | None = None
) -> HttpResponse:
    context = {"title": f"Month end: {page.project.title}", "page": page, "form": form, "now": now, "p": p}
    context |= {"problems": (*problems(reply), *problems(form))}
    context |= {"answer": reply, "breadcrumbs": [PROJECTS, Crumb(page.project.title, page.project.href)]}
    context |= {"here": Here(page.project.unit.name, page.project.unit.kind_name)}
    return render(request, "projects/month_end.html", context, status=422 if form.errors or reply.errors or now else 200)


def _page(request: Asked, pk: int, asked: str) -> queries.MonthEnd:
    month = forms.month_in(asked) if asked else None
    saved = forms.number_in(request.GET.get("saved", ""))
    page = queries.month_end(viewer=request.viewer, pk=pk, month=month, at=request.at, saved=saved)
    if not (page.project.my_role or page.may_answer):
        raise PermissionDenied("Its team, its coach and who leads the programme see a team's month.")
    return page


def _save(request: Asked, page: queries.MonthEnd, form: forms.MonthForm) -> tuple[actions.Saved | None, queries.Sent | None]:
    """Store what was typed; return what was done, or what somebody else of the team has stored meanwhile."""
    try:
        return _saved(request, page, form), None
    except actions.FigureRefused as wrong:
        form.refuse(wrong.mark, wrong.box, str(wrong))
    except actions.MonthChanged as other:
        return None, other.now
    except actions.MonthEmpty as empty:
        form.add_error(None, f"{empty.what} {empty.to_do}")
    return None, None


def _saved(request: Asked, page: queries.MonthEnd, form: forms.MonthForm) -> actions.Saved:
    if page.month is None:
        raise PermissionDenied("No month of this programme is over yet.")
    figures = {code: actions.Typed(top, below, seen) for code, (top, below, seen) in form.figures().items()}
    not_a_person(request, form.confirmed)
    return actions.save_month(
        actor=request.viewer, at=request.at, project=page.project.pk, month=page.month, words=actions.MonthWords(**form.words()),
        figures=figures, seen=form.cleaned_data["version"] or 0, send=request.POST.get("do") == "send",
    )  # fmt: skip


def _month(request: Asked) -> date:
    return forms.month_in(request.POST.get("month", ""))


@require_POST
def pull_back(request: Asked, pk: int) -> HttpResponse:
    """Make a month that was sent a draft again."""
    month = _month(request)
    actions.pull_back(actor=request.viewer, at=request.at, project=pk, month=month)
    messages.success(request, "It is a draft again. Your coach is told that you are changing it.")
    return redirect(f"/projects/{pk}/month/?month={month:%Y-%m}")


@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Put back what stood before the last save."""
    month, version = _month(request), forms.number_in(request.POST.get("version", ""))
    actions.undo_month(actor=request.viewer, at=request.at, project=pk, month=month, version=version)
    messages.success(request, "Undone. What stood before is back.")
    return redirect(f"/projects/{pk}/month/?month={month:%Y-%m}")


def _answered(request: Asked, pk: int, month: date, form: forms.AnswerForm, *, complete: bool) -> bool:
    """Store the answer; one without words, or sent by no button of the page, is said beside the box."""
    if request.POST.get("do") not in {"reply", "complete"}:
        return _asked_again(form, f"Nothing is stored. {NOT_AS_SENT}")
    try:
        reply = form.cleaned_data["reply"]
        actions.answer_month(actor=request.viewer, at=request.at, project=pk, month=month, reply=reply, complete=complete)
    except UnableTo as problem:
        if problem.code != "no-words":
            raise
        return _asked_again(form, f"{problem.what} {problem.to_do}")
    not_a_person(request, form.confirmed)
    return True


def _asked_again(form: forms.AnswerForm, said: str) -> bool:
    form.add_error("reply", said)
    return False


@require_POST
def answer(request: Asked, pk: int) -> HttpResponse:
    """Answer a team's month."""
    month, form, complete = _month(request), forms.AnswerForm(request.POST), request.POST.get("do") == "complete"
    if not form.is_valid() or not _answered(request, pk, month, form, complete=complete):
        page = _page(request, pk, f"{month:%Y-%m}")
        return _month_page(request, page, forms.MonthForm(boxes=page.boxes, initial=p.typed(page)), form)
    messages.success(
        request, "Done: nothing is left to do with this month." if complete else "The team finds your answer on its home page."
    )
    return redirect(f"/projects/{pk}/month/?month={month:%Y-%m}")
