"""Pages of charts: load, ask, render."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.exports.tables import csv_response
from espalier.measures import actions, forms, presenters, queries
from espalier.measures.presenters import entering
from espalier.measures.rules import read_block
from espalier.organisations import queries as organisations
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.access.requests import Asked
    from espalier.measures.rules import PastedRow


def all_charts(request: Asked) -> HttpResponse:
    """Every measure, with the chart of one nation, region, system or organisation."""
    unit = organisations.unit(viewer=request.viewer, code=request.GET.get("unit") or organisations.NATION)
    cards = queries.cards_of_unit(viewer=request.viewer, unit=unit)
    known = queries.definitions(viewer=request.viewer)
    context = {"title": "All charts", "unit": unit, "cards": cards, "groups": presenters.by_gap(known, cards)}
    return render(request, "measures/all.html", context)


def wall(request: Asked, measure: str) -> HttpResponse:
    """One measure over everything below a nation, region, system or organisation."""
    shown = _wall(request, measure)
    up = organisations.way_up(viewer=request.viewer, unit_id=shown.unit.pk, on=shown.newest or timezone.localdate())
    context = {
        "title": f"{shown.definition.name}: {shown.unit.name}", "wall": shown, "words": presenters.summary(shown),
        "view": forms.chosen(request.GET, "view")["view"], "p": presenters, "asked": request.GET,
        **_place(shown.unit, up, own=True),
    }  # fmt: skip
    return render(request, "measures/wall.html", context)


def wall_csv(request: Asked, measure: str) -> HttpResponse:
    """The newest figure of everything on the page, as a file."""
    shown = _wall(request, measure)
    return csv_response(f"{measure}-{shown.unit.code}.csv", *presenters.wall_table(shown))


def chart(request: Asked, measure: str, unit: str) -> HttpResponse:
    """One measure at one place, large, with what it says."""
    shown = _chart(request, measure, unit)
    up = organisations.way_up(viewer=request.viewer, unit_id=shown.unit.pk, on=shown.period or shown.newest)
    context = {
        "title": f"{shown.definition.name}: {shown.unit.name}", "chart": shown, "pasted": forms.version_of(request.GET, "pasted"),
        "sentences": presenters.sentences(shown),
        "p": presenters, "asked": request.GET, **_place(shown.unit, up, own=True),
    }  # fmt: skip
    return render(request, "measures/chart.html", context)


def enter(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Put in one month's figure; it lands on the oldest month without one."""
    page = _entry_page(request, measure, unit)
    if not page.decision:
        raise PermissionDenied(page.decision.reason)
    form = forms.EntryForm(request.POST or None, initial=entering.typed(page), **entering.boxes(page))
    now = None
    if request.method == "POST" and form.is_valid():
        done, now = _store(request, page, form)
        if done:
            return redirect(f"{page.href}?saved={done.version}")
    context = {"title": entering.entry_title(page), "page": page, "form": form, "now": now, "p": entering, "problems": problems(form)}
    status = 422 if form.errors or now else 200
    return render(request, "measures/enter.html", context | _place(page.unit, _up(request, page), own=True), status=status)


def paste(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Put in a block copied from a spreadsheet: checked first, stored when it is seen to be right."""
    page = _entry_page(request, measure, unit)
    if not page.decision:
        raise PermissionDenied(page.decision.reason)
    form, pasted, preview = forms.PasteForm(request.POST or None), None, None
    if request.method == "POST" and form.is_valid():
        pasted = read_block(form.cleaned_data["block"], page.definition.words)
        store = request.POST.get("do") == ("take-good" if pasted.problems else "store")
        preview = _store_block(request, page, pasted.rows, form, dry_run=not store)
        if preview and store:
            return redirect(f"{page.chart_href}?pasted={preview.batch}")
    context = {
        "title": f"Paste figures: {page.definition.name}",
        "page": page,
        "form": form,
        "pasted": pasted,
        "preview": preview,
        "p": entering,
    }
    place = _place(page.unit, _up(request, page), own=True) | {"problems": problems(form)}
    return render(request, "measures/paste.html", context | place, status=422 if form.errors else 200)


def _store_block(
    request: Asked,
    page: queries.EntryPage,
    rows: Sequence[PastedRow],
    form: forms.PasteForm,
    *,
    dry_run: bool,
) -> actions.Block | None:
    try:
        return actions.enter_block(
            actor=request.viewer, at=request.at, definition=page.definition, unit=page.unit, rows=rows, dry_run=dry_run
        )
    except actions.UnableToStoreFigure as problem:
        form.add_error("block", str(problem))
        return None


@require_POST
def undo_paste(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Take back a pasted block."""
    page = _entry_page(request, measure, unit)
    done = actions.undo_block(
        actor=request.viewer, at=request.at, definition=page.definition, unit=page.unit, batch=forms.version_of(request.POST, "batch"),
    )  # fmt: skip
    messages.success(request, entering.block_undone(done))
    return redirect(page.chart_href if page.recent else page.href)


@require_POST
def undo(request: Asked, measure: str, unit: str) -> HttpResponse:
    """Take back an entry."""
    page = _entry_page(request, measure, unit)
    done = actions.undo_entry(
        actor=request.viewer, at=request.at, definition=page.definition, unit=page.unit, version=forms.version_of(request.POST),
    )  # fmt: skip
    messages.success(request, entering.undone(page, done))
    return redirect(page.href)


def _entry_page(request: Asked, measure: str, unit: str) -> queries.EntryPage:
    place = organisations.unit(viewer=request.viewer, code=unit)
    month = forms.month_of({"until": request.GET.get("month", "")}, request.path)
    saved = forms.version_of(request.GET, "saved")
    return queries.entry_page(viewer=request.viewer, measure=measure, unit=place, month=month, saved=saved, today=timezone.localdate())


def _store(request: Asked, page: queries.EntryPage, form: forms.EntryForm) -> tuple[actions.Entered | None, actions.Numbers | None]:
    """Store what was typed; return what was done, or what somebody else has stored meanwhile."""
    numerator, denominator = form.numbers()
    try:
        done = actions.enter_figure(
            actor=request.viewer, at=request.at, definition=page.definition, unit=page.unit, period_on=page.month,
            numerator=numerator, denominator=denominator, seen=actions.Numbers(*form.before()), why=form.cleaned_data["why"],
        )  # fmt: skip
    except actions.UnableToStoreFigure as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return None, None
    except actions.ChangedMeanwhile as other:
        return None, other.now
    return done, None


def _up(request: Asked, page: queries.EntryPage) -> tuple[organisations.UnitFacts, ...]:
    return organisations.way_up(viewer=request.viewer, unit_id=page.unit.pk, on=timezone.localdate())


def chart_csv(request: Asked, measure: str, unit: str) -> HttpResponse:
    """The figures below a chart, as a file."""
    shown = _chart(request, measure, unit)
    return csv_response(f"{measure}-{unit}.csv", *presenters.chart_table(shown))


def chart_svg(request: Asked, measure: str, unit: str) -> HttpResponse:
    """The picture alone, as a file."""
    answer = HttpResponse(_chart(request, measure, unit).svg, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{measure}-{unit}.svg"'
    return answer


def _wall(request: Asked, measure: str) -> queries.Wall:
    unit = organisations.unit(viewer=request.viewer, code=request.GET.get("unit") or organisations.NATION)
    asked: dict[str, Any] = forms.chosen(request.GET, "order", "compare", "level", "region", "kind", "signal", "page")
    choice = queries.Choice(**asked, until=forms.month_of(request.GET, request.path))
    return queries.wall(viewer=request.viewer, measure=measure, unit=unit, choice=choice)


def _chart(request: Asked, measure: str, unit: str) -> queries.Chart:
    place = organisations.unit(viewer=request.viewer, code=unit)
    asked: dict[str, Any] = forms.chosen(request.GET, "compare", "months", "rules")
    return queries.chart(
        viewer=request.viewer,
        measure=measure,
        unit=place,
        compare=asked["compare"],
        everything=asked["months"] == "all",
        rules=asked["rules"] or None,
        until=forms.month_of(request.GET, request.path),
    )


def _place(unit: organisations.UnitFacts, up: tuple[organisations.UnitFacts, ...], *, own: bool) -> dict[str, Any]:
    """Where a page stands: the way up as breadcrumbs, and the switcher in the header."""
    crumbs = [Crumb(one.name, one.href) for one in (*up, *((unit,) if own else ()))]
    return {"breadcrumbs": crumbs, "here": Here(unit.name, unit.kind_name, tuple(Crumb(one.name, one.href) for one in reversed(up)))}
