"""Pages on which people say what happened: notes, changes tried, baselines, and the history of all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.common.periods import EARLIEST
from espalier.exports.tables import csv_response
from espalier.measures import actions, forms, queries
from espalier.measures.forms import marking as typed
from espalier.measures.presenters import marking
from espalier.measures.presenters.entering import ALREADY
from espalier.measures.rules.marking import NOT_NOW, NOTES, personal_details
from espalier.measures.views.shared import place
from espalier.organisations import queries as organisations
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.measures.forms.marking import MarkForm


def marks(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Everything said of one chart, and all that became of it."""
    series = _series(request, measure, unit)
    page = queries.marks_page(viewer=request.viewer, page=request.GET.get("page", "1"), **series)
    if not page.work.may.note:
        raise PermissionDenied(page.work.may.note.reason)
    context = {"title": f"Notes and baselines: {page.definition.name}", "page": page, "m": marking, "me": request.viewer.account_id}
    return render(request, "measures/marks/all.html", context | _where(request, page.unit))


def new(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Put a note or a baseline on a chart: a baseline is looked at, before and after, and only then saved."""
    chart, kind = _drafted(request, measure, unit)
    form, found = _form(request, chart, kind), dict[str, object]()
    if request.method == "POST" and form.is_valid():
        facts, do = form.facts(kind), request.POST.get("do", "look")
        found = _looked(request, chart, facts)
        if _saves(do, found):
            done = _place(request, chart, form, facts, found)
            if done:
                return redirect(f"{_href(chart)}?marked={done.version}")
    return _draft_page(request, chart, kind, form, found)


def change(request: Asked, measure: str, unit: str, mark: UUID) -> HttpResponse:
    """Say a note or a reason differently."""
    series = _series(request, measure, unit)
    found = _mark(request, series, mark)
    start = {"words": found.words, "kind": found.kind, "version": found.version}
    form = typed.WordsForm(request.POST or None, initial=start, kind=found.kind)
    if request.method == "POST" and form.is_valid() and (done := _change(request, series, found, form)):
        return redirect(f"{_chart_href(series)}?marked={done.version}")
    context = {"title": f"Change: {marking.KINDS[found.kind]}", "mark": found, "form": form, "m": marking, "problems": problems(form)}
    context |= series | {"chart_href": _chart_href(series)} | _where(request, series["unit"])
    return render(request, "measures/marks/change.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: Asked, measure: str, unit: str, mark: UUID) -> HttpResponse:
    """End a note or a baseline; it stays in the history."""
    series = _series(request, measure, unit)
    done = _allowed(actions.end_mark)(
        actor=request.viewer, at=request.at, mark=mark, why=request.POST.get("why", "")[:300].replace("\x00", ""), **series
    )
    return redirect(f"{_chart_href(series)}?marked={done.version}")


@require_POST
def undo(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Take back the last thing done to a note or a baseline."""
    series = _series(request, measure, unit)
    version = forms.version_of(request.POST)
    done = _allowed(actions.undo_mark)(actor=request.viewer, at=request.at, version=version, **series)
    if done.already:
        messages.success(request, ALREADY)
    return redirect(f"{_chart_href(series)}?marked={done.version}")


@require_POST
def not_now(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Set a suggestion aside; who did, and when, stays in the history."""
    series = _series(request, measure, unit)
    draft = actions.Draft(pk=uuid4(), kind=NOT_NOW, starts_on=typed.day_of(request.POST) or EARLIEST)
    done = _allowed(actions.place_mark)(actor=request.viewer, at=request.at, draft=draft, seen="", **series)
    return redirect(f"{_chart_href(series)}?marked={done.version}")


def rules(request: Asked, measure: str, unit: str) -> HttpResponse:
    """What each of six rule sets says of one chart, and how often it would by chance."""
    where = organisations.unit(viewer=request.viewer, code=unit)
    shown = queries.chart(viewer=request.viewer, measure=measure, unit=where, by_rules=True)
    context = {"title": f"Rules side by side: {shown.definition.name}", "chart": shown, "m": marking}
    return render(request, "measures/marks/rules.html", context | _where(request, shown.unit))


def history(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Who changed which figure, when and why."""
    page = _history(request, measure, unit, page=request.GET.get("page", "1"))
    context = {"title": f"Changes of figures: {page.definition.name}", "page": page, "m": marking, "asked": request.GET}
    return render(request, "measures/marks/history.html", context | _where(request, page.unit))


def history_csv(request: Asked, measure: str, unit: str) -> HttpResponse:
    """All changes of the figures of one chart, as a file."""
    page = _history(request, measure, unit, page=None)
    return csv_response(f"{measure}-{unit}-changes.csv", *marking.history_table(page))


def _history(request: Asked, measure: str, unit: str, *, page: str | None) -> queries.HistoryPage:
    found = queries.figure_history(viewer=request.viewer, page=page, **_series(request, measure, unit))
    if not found.decision:
        raise PermissionDenied(found.decision.reason)
    return found


def _series(request: Asked, measure: str, unit: str) -> dict[str, Any]:
    what = queries.definition(viewer=request.viewer, code=measure)
    return {"definition": what, "unit": organisations.unit(viewer=request.viewer, code=unit)}


def _chart_href(series: dict[str, Any]) -> str:
    return f"{series['definition'].href}{series['unit'].code}/"


def _href(chart: queries.Chart) -> str:
    return f"{chart.definition.href}{chart.unit.code}/"


def _where(request: Asked, unit: organisations.UnitFacts) -> dict[str, Any]:
    return place(unit, organisations.way_up(viewer=request.viewer, unit_id=unit.pk, on=timezone.localdate()), own=True)


def _allowed(action: Any) -> Any:
    """Turn "this is not yours" into the page that says so."""

    def asked(**facts: Any) -> Any:
        try:
            return action(**facts)
        except actions.NotYours as problem:
            raise PermissionDenied(problem.what) from problem

    return asked


def _mark(request: Asked, series: dict[str, Any], pk: UUID) -> queries.Marked:
    """Return the mark, for those who may change it; for everybody else there is none."""
    may = queries.work_on(viewer=request.viewer, **series).may
    if not may.note:
        raise PermissionDenied(may.note.reason)
    found = queries.mark_of(viewer=request.viewer, pk=pk, **series)
    if found is None or found.ended_at or found.kind == NOT_NOW:
        raise NotFoundHere("There is no such note or baseline here.", suggestions=())
    if not may.mark and (found.kind not in NOTES or found.account_id != request.viewer.account_id):
        raise PermissionDenied("Only who wrote this, or the team's leader, changes it.")
    return found


def _change(request: Asked, series: dict[str, Any], found: queries.Marked, form: typed.WordsForm) -> actions.Placed | None:
    data = form.cleaned_data
    try:
        return actions.change_mark(
            actor=request.viewer, at=request.at, mark=found.pk, words=data["words"], kind=data.get("kind", found.kind),
            version=data["version"], **series,
        )  # fmt: skip
    except actions.UnableToMark as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    except UnableTo as problem:
        form.add_error(None, f"{problem} It says now: {found.words}")
    return None


def _drafted(request: Asked, measure: str, unit: str) -> tuple[queries.Chart, str]:
    """Return the chart to draw on and what is wanted; a note may stand on any figure there is."""
    kind = typed.kind_of(request.GET)
    where = organisations.unit(viewer=request.viewer, code=unit)
    chart = queries.chart(viewer=request.viewer, measure=measure, unit=where, everything=kind in NOTES, prefix="before")
    if not (may := chart.work.may.of(notes=kind in NOTES)):
        raise PermissionDenied(may.reason)
    return chart, kind


def _form(request: Asked, chart: queries.Chart, kind: str) -> MarkForm:
    since = typed.day_of(request.GET)
    start = {"starts_on": since.isoformat() if since else "", "kind": kind}
    saving = kind in NOTES or request.POST.get("do") in {"save", "save-anyway"}
    return typed.MarkForm(request.POST or None, initial=start, kind=kind, times=marking.times(chart), saving=saving)


def _looked(request: Asked, chart: queries.Chart, facts: dict[str, Any]) -> dict[str, object]:
    """Return what somebody should see before they save: what looks like a patient's details, and the chart afterwards."""
    details = [marking.CAUTIONS[code] for code in personal_details(facts["words"], on=facts["starts_on"])]
    if facts["kind"] in NOTES:
        return {"details": details}
    if facts["ends_on"] and facts["ends_on"] <= facts["starts_on"]:
        return {"details": details}  # saving says what is wrong; there is nothing to look at
    proposed = queries.Marked(
        pk=uuid4(), version=0, account_id=None, at=request.at, **{key: facts[key] for key in ("kind", "starts_on", "ends_on")},
        words=facts["words"], cause_known=facts["cause_known"],
    )  # fmt: skip
    after = queries.chart(viewer=request.viewer, measure=chart.definition.code, unit=chart.unit, proposed=proposed, prefix="after")
    return {"details": details, "after": after, "cautions": marking.baseline_cautions(facts["kind"], chart, after, facts)}


def _saves(do: str, found: dict[str, object]) -> bool:
    """Whether to save now: when asked to, and again when something looks like a patient's details."""
    return do == "save-anyway" or (do == "save" and not found["details"])


def _place(
    request: Asked, chart: queries.Chart, form: MarkForm, facts: dict[str, Any], found: dict[str, object]
) -> actions.Placed | None:
    draft = actions.Draft(pk=typed.number_of(request.POST), **facts)
    try:
        return actions.place_mark(
            actor=request.viewer, at=request.at, definition=chart.definition, unit=chart.unit, draft=draft,
            seen=request.POST.get("seen", ""),
        )  # fmt: skip
    except actions.DecidedMeanwhile as problem:
        found["meanwhile"] = str(problem)
    except actions.UnableToMark as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    return None


def _draft_page(request: Asked, chart: queries.Chart, kind: str, form: MarkForm, found: dict[str, object]) -> HttpResponse:
    context = {
        "title": marking.TITLES[kind], "chart": chart, "kind": kind, "form": form, "m": marking, "problems": problems(form),
        "pk": typed.number_of(request.POST), "notes": kind in NOTES, "asked": request.GET,
    }  # fmt: skip
    wrong = bool(form.errors or found.get("meanwhile"))
    return render(request, "measures/marks/new.html", context | found | _where(request, chart.unit), status=422 if wrong else 200)


def beside(request: Asked, shown: queries.Chart) -> dict[str, Any]:
    """Return what the chart page needs for notes and baselines: their words, and what was done a moment ago."""
    version = forms.version_of(request.GET, "marked")
    done = queries.version_of(viewer=request.viewer, definition=shown.definition, unit=shown.unit, version=version)
    return {"m": marking, "done": done}


