"""Pages on which a team puts figures in: typed, or pasted from a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.measures import actions, forms, queries
from espalier.measures.presenters import entering
from espalier.measures.rules import read_block
from espalier.measures.views.shared import place
from espalier.organisations import queries as organisations
from espalier.ui.fields import problems
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.measures.rules import Pasted


def enter(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Put in one month's (week's, day's …) figure; it lands on the oldest without one."""
    page = _entry_page(request, measure, unit)
    form, now = forms.EntryForm(request.POST or None, initial=entering.typed(page), **entering.boxes(page)), None
    if request.method == "POST" and form.is_valid():
        done, now = _store(request, page, form)
        if done:
            return redirect(page.saved_href(done.version))
    context = {"title": entering.entry_title(page), "page": page, "form": form, "now": now, "p": entering, "problems": problems(form)}
    where = place(page.unit, _up(request, page), own=True)
    return render(request, "measures/enter.html", context | where, status=422 if form.errors or now else 200)


def paste(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Put in a block copied from a spreadsheet: checked first, stored when it is seen to be right."""
    page = _entry_page(request, measure, unit)
    form, pasted, preview = forms.PasteForm(request.POST or None), None, None
    if request.method == "POST" and form.is_valid():
        pasted = read_block(form.cleaned_data["block"], page.definition.words, today=timezone.localdate(request.at))
        store = request.POST.get("do") == ("take-good" if pasted.problems else "store")
        preview = _store_block(request, page, pasted, form, dry_run=not store)
        if preview and store:
            return redirect(page.pasted_href(preview.batch))
    return _paste_page(request, page, form=form, pasted=preview and pasted, preview=preview)


def _paste_page(request: Asked, page: queries.EntryPage, *, form: forms.PasteForm, **found: object) -> HttpResponse:
    context = {"title": f"Paste figures: {page.definition.name}", "page": page, "form": form, "p": entering, "problems": problems(form)}
    where = place(page.unit, _up(request, page), own=True)
    return render(request, "measures/paste.html", context | found | where, status=422 if form.errors else 200)


def _store_block(
    request: Asked, page: queries.EntryPage, pasted: Pasted, form: forms.PasteForm, *, dry_run: bool
) -> actions.Block | None:
    if not (pasted.rows or pasted.problems):
        form.add_error("block", entering.nothing_read(page))
        return None
    try:
        return actions.enter_block(
            actor=request.viewer, at=request.at, definition=page.definition, unit=page.unit, rows=pasted.rows, dry_run=dry_run,
            stratum=page.stratum,
        )  # fmt: skip
    except actions.UnableToStoreFigure as problem:
        form.add_error("block", str(problem))
        return None


@require_POST
def undo_paste(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Take back a pasted block."""
    page = _entry_page(request, measure, unit)
    done = actions.undo_block(
        actor=request.viewer, at=request.at, definition=page.definition, unit=page.unit, stratum=page.stratum,
        batch=forms.version_of(request.POST, "batch"),
    )  # fmt: skip
    messages.success(request, entering.block_undone(page, done))
    return redirect(page.chart_href if page.recent and not page.group else page.href)


@require_POST
def undo(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Take back an entry."""
    page = _entry_page(request, measure, unit)
    done = actions.undo_entry(
        actor=request.viewer, at=request.at, definition=page.definition, unit=page.unit, stratum=page.stratum,
        version=forms.version_of(request.POST),
    )  # fmt: skip
    messages.success(request, entering.undone(page, done))
    return redirect(page.href)


def _entry_page(request: Asked, measure: str, unit: str) -> queries.EntryPage:
    """Return what the page shows, for those who may put figures in here; nobody else gets further."""
    where = organisations.unit(viewer=request.viewer, code=unit)
    month = forms.month_of({"until": request.GET.get("month") or request.GET.get("period", "")}, request.path)
    saved = forms.version_of(request.GET, "saved")
    page = queries.entry_page(
        viewer=request.viewer, measure=measure, unit=where, month=month, saved=saved, today=timezone.localdate(),
        group=request.GET.get("group", ""),
    )  # fmt: skip
    if not page.decision:
        raise PermissionDenied(page.decision.reason)
    return page


def _store(request: Asked, page: queries.EntryPage, form: forms.EntryForm) -> tuple[actions.Entered | None, actions.Numbers | None]:
    """Store what was typed; return what was done, or what somebody else has stored meanwhile."""
    (numerator, denominator), seen = form.numbers(), actions.Numbers(*form.before())
    try:
        done = actions.enter_figure(
            actor=request.viewer, at=request.at, definition=page.definition, unit=page.unit, stratum=page.stratum,
            period_on=page.month, numerator=numerator, denominator=denominator, seen=seen, why=form.cleaned_data["why"],
        )  # fmt: skip
    except actions.UnableToStoreFigure as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return None, None
    except actions.ChangedMeanwhile as other:
        return None, other.now
    return done, None


def _up(request: Asked, page: queries.EntryPage) -> tuple[organisations.UnitFacts, ...]:
    return organisations.way_up(viewer=request.viewer, unit_id=page.unit.pk, on=timezone.localdate())
