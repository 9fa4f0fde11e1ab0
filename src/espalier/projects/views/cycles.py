"""Tests of change: all of a project in ramps, a new one, and one on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import UnableTo
from espalier.measures import queries as measures
from espalier.projects import actions, queries
from espalier.projects.forms import cycles as forms
from espalier.projects.presenters import cycles as words
from espalier.projects.presenters import measuring, typed_test_rows
from espalier.projects.views.inside import inside
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.projects.queries.cycles import TestPage
    from espalier.projects.queries.measuring import CountedFacts


def tests(request: Asked, pk: int) -> HttpResponse:
    """All tests of a project, in ramps, and how its predictions did."""
    project = queries.project(viewer=request.viewer, pk=pk)
    page = queries.tests_page(viewer=request.viewer, project=project, today=timezone.localdate(request.at))
    context = {"title": f"Tests of change: {project.title}", "page": page} | inside(project, "tests")
    return render(request, "projects/tests.html", context)


tests.__test__ = False  # type: ignore[attr-defined]  # a page, not a test of ours


def new(request: Asked, pk: int) -> HttpResponse:
    """Begin a test with four answers; after another one the first two are filled in."""
    project = _mine(request, pk)
    before = _before(request, project)
    form = _new_form(request, project, before)
    if request.method == "POST" and form.is_valid() and (number := _begun(request, project, form, before)):
        return redirect(f"{project.href}tests/{number}/?begun=yes")
    context = {"title": "New test", "form": form, "before": before, "problems": problems(form)} | inside(project, "tests")
    return render(request, "projects/new_test.html", context, status=422 if form.errors else 200)


def _mine(request: Asked, pk: int) -> queries.ProjectFacts:
    project = queries.project(viewer=request.viewer, pk=pk)
    if not project.may_change:
        raise PermissionDenied(project.may_change.reason)
    return project


def _before(request: Asked, project: queries.ProjectFacts) -> queries.CycleFacts | None:
    asked = request.POST.get("follows") or request.GET.get("follows") or ""
    known = queries.cycles_of(project=project, today=timezone.localdate(request.at)) if asked else ()
    return next((one for one in known if str(one.number) == asked), None)


def _new_form(request: Asked, project: queries.ProjectFacts, before: queries.CycleFacts | None) -> forms.NewTestForm:
    counted = queries.counted_of(viewer=request.viewer, project=project)
    ideas = [(str(one.pk), one.words) for one in queries.ideas_of(project=project) if one.state != "abandoned"]
    first = before.idea_id if before else request.GET.get("idea")
    start = {
        "starts_on": timezone.localdate(request.at), "idea": str(first or (ideas[0][0] if ideas else "")),
        "measure": str(before.counted_id or "") if before else "", "who": before.who if before else "",
    }  # fmt: skip
    listed = [(str(one.pk), one.definition.short_name) for one in counted]
    return forms.NewTestForm(request.POST or None, initial=start, ideas=ideas, measures=listed, units=measuring.units(counted))


def _begun(
    request: Asked, project: queries.ProjectFacts, form: forms.NewTestForm, before: queries.CycleFacts | None
) -> int | None:
    answers = actions.NewTest(follows=before.number if before else None, **form.told())
    try:
        number = actions.begin_test(actor=request.viewer, at=request.at, project=project.pk, new=answers)
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, str(problem))
        return None
    not_a_person(request, form.confirmed)
    return number


def test(request: Asked, pk: int, number: int) -> HttpResponse:
    """One test on one page: plan, do, study, act."""
    project = queries.project(viewer=request.viewer, pk=pk)
    page = queries.test_page(viewer=request.viewer, project=project, number=number, today=timezone.localdate(request.at))
    box = request.POST.get("box", "") if request.method == "POST" else ""
    boxes, stopped = _boxes(request, page, box), None
    if box and boxes[box].is_valid():
        stopped = _saved(request, page, box, boxes[box])
        if stopped is None and not boxes[box].errors:
            return redirect(f"{page.cycle.href}?saved={box}#{box}")
    return _test_page(request, page, boxes, box, stopped)


test.__test__ = False  # type: ignore[attr-defined]  # a page, not a test of ours


def _may_enter(request: Asked, counted: CountedFacts) -> bool:
    return all(measures.may_enter_each(viewer=request.viewer, wanted=[(counted.unit, counted.definition.words)]))


def _test_page(
    request: Asked, page: TestPage, boxes: dict[str, Any], box: str, stopped: actions.TestChangedMeanwhile | None
) -> HttpResponse:
    asked, wrong = boxes.get(box), bool(stopped or (box and boxes[box].errors))
    changed = request.GET.get("saved") or request.GET.get("begun")
    mine = changed and page.project.may_change
    edit = queries.last_edit(project_id=page.project.pk, kind="cycle", object_id=page.cycle.pk) if mine else None
    context = {
        "title": f"Test {page.cycle.number}: {page.cycle.title}", "page": page, "boxes": boxes, "box": box, "stopped": stopped,
        "edit": edit, "typed": typed_test_rows(page.typed, page.cycle) if page.typed else (),
        "saved": request.GET.get("saved", ""), "begun": request.GET.get("begun", ""), "problems": problems(asked) if asked else (),
        "wide": True, "may_enter": page.project.may_change and page.cycle.counted and _may_enter(request, page.cycle.counted),
    }  # fmt: skip
    return render(request, "projects/test.html", context | inside(page.project, "tests"), status=422 if wrong else 200)


def _boxes(request: Asked, page: TestPage, box: str) -> dict[str, Any]:
    """One form a box; only the one that was sent is filled from what was sent."""
    sent = {name: request.POST if name == box else None for name in ("plan", "do", "study", "act", "task")}
    if box and box not in sent:
        raise Http404
    one, people = page.cycle, measuring.people(page.project)
    listed = [(str(each.pk), each.definition.short_name) for each in page.counted]
    return {
        "plan": forms.PlanForm(sent["plan"], initial=words.plan_initial(one), measures=listed, units=measuring.units(page.counted)),
        "do": forms.DoForm(sent["do"], initial={"happened": one.happened, "ends_on": one.ends_on}),
        "study": forms.StudyForm(sent["study"], initial={"learned": one.learned}),
        "act": forms.ActForm(sent["act"], initial={"decision": one.decision}),
        "task": forms.TaskForm(sent["task"], people=people),
    }


def _saved(request: Asked, page: TestPage, box: str, form: Any) -> actions.TestChangedMeanwhile | None:
    """Save one box; return what somebody else saved meanwhile, for the page to show both."""
    try:
        _send(request, page, box, form)
    except actions.TestChangedMeanwhile as stopped:
        return stopped
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, str(problem))
    return None


def _send(request: Asked, page: TestPage, box: str, form: Any) -> None:
    where: dict[str, Any] = {"actor": request.viewer, "at": request.at, "project": page.project.pk, "number": page.cycle.number}
    if box == "task":
        actions.add_task(**where, **form.told())
    elif box == "act":
        actions.decide_test(**where, decision=form.cleaned_data["decision"], seen=request.POST.get("seen", ""))
    else:
        actions.change_test(**where, box=box, told=form.told(), seen=request.POST.get("seen", ""))
    not_a_person(request, getattr(form, "confirmed", ()))  # what is decided has no words


@require_POST
def task(request: Asked, pk: int, number: int, task: int) -> HttpResponse:
    """Tick a task off, open it again or take it away."""
    actions.change_task(actor=request.viewer, at=request.at, project=pk, task=task, to=request.POST.get("to", "done"))
    edit = queries.last_edit(project_id=pk, kind="task", object_id=task)
    asked = f"?task={edit.pk}" if edit else ""
    return redirect(f"/projects/{pk}/tests/{number}/{asked}#do")


@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Take back a change of a test, a task or a measure."""
    kind = actions.take_back(actor=request.viewer, at=request.at, project=pk, edit=_edit(request))
    messages.success(request, "Taken back.")
    number = request.POST.get("number", "")
    inside_test = f"tests/{number}/" if number.isdecimal() and kind != "begun" else "tests/"
    return redirect(f"/projects/{pk}/{'measures/' if kind == 'counted' else inside_test}")


def _edit(request: Asked) -> UUID | None:
    return queries.edit_of(request.POST.get("edit", ""))
