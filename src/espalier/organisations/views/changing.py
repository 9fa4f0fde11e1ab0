"""Pages on which places are changed, and their history is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from espalier.organisations import actions, queries
from espalier.organisations.forms import changing as forms
from espalier.organisations.presenters import changing as presenters
from espalier.organisations.rules import ADD, CLOSE, MERGE, MOVE, RENAME, REOPEN, SPLIT, ChangedMeanwhile, UnableToChange
from espalier.ui.fields import Problem, problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.organisations.queries import ChangingPage, UnitFacts

# A place that somebody wrote.
NO_PLACE = "We know no place called {}, or more than one"


def history(request: Asked, code: str) -> HttpResponse:
    """Names, places, mergers and closings of one place; and what lay above and below it on a day."""
    page = queries.history_page(viewer=request.viewer, code=code, today=request.at.date())
    asked = forms.day_asked(request.GET)
    form, then = asked or forms.DayForm(), None
    if asked is not None and asked.is_valid():
        then = queries.as_on(viewer=request.viewer, where=page.unit, on=asked.cleaned_data["on"])
    context = {"title": f"History of {page.unit.name}", "page": page, "form": form, "then": then, "p": presenters}
    context |= _where(page.unit, page.up) | {"problems": problems(form), "today": request.at.date()}
    return render(request, "organisations/history.html", context, status=422 if form.errors else 200)


@never_cache
def change(request: Asked, code: str) -> HttpResponse:
    """What can be done to a place, and what was done."""
    page = _page(request, code)
    just = next((one for one in page.done if str(one.pk) == request.GET.get("done") and one.undone_at is None), None)
    context = {"title": f"Change {page.unit.name}", "page": page, "just": just, "p": presenters}
    return render(request, "organisations/change.html", context | _where(page.unit, page.up))


@never_cache
def act(request: Asked, code: str, what: str) -> HttpResponse:
    """One kind of change: written, looked at, and only then done."""
    page = _page(request, code, with_done=False)
    form, found = _form(request, page, what), dict[str, Any]()
    if form.is_bound and form.is_valid() and request.POST.get("do") != "again":
        found = _looked(request, page, what, form)
        if request.POST.get("do") == "confirm" and "plan" in found and (done := _done(request, page, found)):
            return redirect(f"{done[0]}?done={done[1]}")
    wrong = (*problems(form), *found.pop("problems", ()))
    context = {"title": presenters.title(what, page.unit), "page": page, "what": what, "form": form, "p": presenters, "problems": wrong}
    context |= {"posted": request.POST, "just": _last(request, page, found)} | found | _where(page.unit, page.up)
    return render(request, "organisations/change_form.html", context, status=409 if "conflict" in found else 422 if wrong else 200)


@require_POST
def undo(request: Asked, code: str) -> HttpResponse:
    """Take back one change."""
    page = _page(request, code)
    number = request.POST.get("change", "")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
    try:
        actions.undo_change(actor=request.viewer, at=request.at, pk=pk)
    except UnableToChange as trouble:
        messages.error(request, f"That cannot be undone. {trouble}")
    else:
        messages.success(request, "Undone. Everything is as it was before.")
    return redirect(page.href)


@never_cache
def remove(request: Asked, code: str) -> HttpResponse:
    """Delete an empty place after a wait, or bring it back."""
    page = _page(request, code, with_done=False, do="records.remove")
    form = forms.RemoveForm(request.POST if request.POST.get("do") == "remove" else None)
    if request.method == "POST" and (answer := _removed(request, page, form)):
        return answer
    context = {"title": f"Delete {page.unit.name}", "page": page, "form": form, "problems": problems(form), "p": presenters}
    context["keeps"] = queries.what_keeps(viewer=request.viewer, unit_id=page.unit.pk)
    return render(request, "organisations/change_remove.html", context | _where(page.unit, page.up), status=422 if form.errors else 200)


def _removed(request: Asked, page: ChangingPage, form: Any) -> HttpResponse | None:
    if request.POST.get("do") == "keep":
        actions.keep_place(actor=request.viewer, at=request.at, unit=page.unit)
        messages.success(request, "Brought back. It stays.")
    elif form.is_valid():
        try:
            actions.ask_removal(actor=request.viewer, at=request.at, unit=page.unit, why=form.cleaned_data["why"])
        except UnableToChange as trouble:
            messages.error(request, str(trouble))
    else:
        return None
    return redirect(f"{page.href}remove/")


def _page(request: Asked, code: str, **more: Any) -> ChangingPage:
    page = queries.changing_page(viewer=request.viewer, code=code, today=request.at.date(), **more)
    if not page.may:
        raise PermissionDenied(page.may.reason)
    return page


def _where(unit: UnitFacts, up: tuple[UnitFacts, ...]) -> dict[str, Any]:
    crumbs = tuple(Crumb(one.name, one.href) for one in (*up, unit))
    return {"breadcrumbs": crumbs, "here": Here(unit.name, unit.kind_name, tuple(reversed(crumbs[:-1])))}


def _form(request: Asked, page: ChangingPage, what: str) -> Any:
    """The form of one kind of change; what cannot be done to this place has no page."""
    if what not in {href.split("/")[-2] for href, *_ in presenters.offered(page)}:
        if what in {MOVE, MERGE, SPLIT, CLOSE} and not page.may_above:
            raise PermissionDenied(page.may_above.reason)
        raise Http404
    kinds = queries.kinds_for(viewer=request.viewer, where=page.unit) if what == ADD else ()
    today = request.at.date()
    holds = what == CLOSE and bool(queries.children(viewer=request.viewer, unit_id=page.unit.pk, on=today))
    start = {"on": today, "last": today, "name": page.unit.name if what == RENAME else ""}
    data = request.POST if request.method == "POST" else None
    return forms.form_for(what, data, start=start, near=_near(request, page, what), kinds=kinds, holds=holds)


def _near(request: Asked, page: ChangingPage, what: str) -> list[tuple[str, str]]:
    """Places to choose from, where another place is asked for."""
    if what not in {MOVE, MERGE, REOPEN}:
        return []
    near = queries.choices_near(viewer=request.viewer, where=page.unit, on=request.at.date(), what=what)
    return [(one.code, f"{one.name} ({one.kind_name.lower()})") for one in near]


def _looked(request: Asked, page: ChangingPage, what: str, form: Any) -> dict[str, Any]:
    """Work out what would happen; what cannot be is said above the form."""
    facts, today = form.facts(), request.at.date()
    several = queries.resolve(viewer=request.viewer, text=facts["other"]) if "other" in facts else ()
    if "other" in facts and len(several) != 1:
        return {"problems": (Problem(NO_PLACE.format(facts["other"][:60]), "#id_written"),), "several": several}
    facts |= {"other": several[0]} if several else {}
    try:
        plan = queries.plan(viewer=request.viewer, today=today, wish=queries.Wish(what, page.unit, **facts))
    except UnableToChange as trouble:
        return {"problems": (Problem(str(trouble), f"#{form[next(iter(form.fields))].first_id}"),)}
    effects = queries.effects(viewer=request.viewer, plan=plan)
    return {"plan": plan, "effects": effects, "lines": presenters.will_happen(plan, effects, today)}


def _last(request: Asked, page: ChangingPage, found: dict[str, Any]) -> queries.Done | None:
    """What somebody else did meanwhile, to be shown beside what this person wrote."""
    return next(iter(queries.done(viewer=request.viewer, unit_id=page.unit.pk)), None) if "conflict" in found else None


def _done(request: Asked, page: ChangingPage, found: dict[str, Any]) -> tuple[str, int] | None:
    """Do it, and return where to read of it; None where somebody else was faster, and both are shown."""
    try:
        pk = actions.change_place(actor=request.viewer, at=request.at, wish=found["plan"].wish, seen=request.POST.get("seen", ""))
    except ChangedMeanwhile as trouble:
        found["conflict"] = trouble
        return None
    except UnableToChange as trouble:
        found["problems"] = (Problem(str(trouble), "#maincontent"),)
        return None
    return page.href, pk
