"""Changes of reports and board pages: one piece at a time, each to be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.insight import actions, forms, queries
from espalier.insight.rules import UnableToChange
from espalier.insight.views.shared import charts_known, edit_page, laid_out

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


@require_POST
def change(request: Asked, paper: int) -> HttpResponse:
    """Change one piece; what could not be stored comes back with what was typed."""
    what = queries.paper(viewer=request.viewer, pk=paper)
    asked = forms.posted(request.POST, measures=charts_known(request))
    if asked.change is None:
        return edit_page(request, what, wrong=asked)
    try:
        actions.change_paper(actor=request.viewer, at=request.at, paper=paper, seen=asked.seen, change=asked.change)
    except (UnableToChange, actions.ChangedMeanwhile) as problem:
        return _not_stored(request, what, asked, problem)
    not_a_person(request, asked.confirmed)
    return redirect(f"{_back(what)}#{asked.change.key or 'add'}")


def _not_stored(request: Asked, what: queries.PaperFacts, asked: forms.Posted, problem: Exception) -> HttpResponse:
    """Show what could not be stored: words that others changed beside those typed, anything else as an error."""
    if isinstance(problem, actions.ChangedMeanwhile):
        return edit_page(request, what, wrong=asked, other=problem)
    if asked.form is None:
        raise problem
    if isinstance(problem, actions.WhichPlace) and isinstance(asked.form, forms.AddForm):
        asked.form.offer([(one.code, f"{one.name} ({one.code})") for one in problem.places])
    asked.form.add_error("unit" if isinstance(problem, actions.WhichPlace) else None, str(problem))
    return edit_page(request, what, wrong=asked)


@require_POST
def undo(request: Asked, paper: int) -> HttpResponse:
    """Take back the newest change."""
    what = queries.paper(viewer=request.viewer, pk=paper)
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() and len(text) < 9 else 0
    actions.undo_change(actor=request.viewer, at=request.at, paper=paper, version=version)
    messages.success(request, "Undone.")
    return redirect(_back(what))


@require_POST
def put_away(request: Asked, paper: int) -> HttpResponse:
    """Put a report away, or bring it back."""
    back = request.POST.get("back") == "1"
    actions.put_away(actor=request.viewer, at=request.at, paper=paper, back=back)
    messages.success(request, "The report is back." if back else "The report was put away. You can bring it back from the list.")
    return redirect(f"/insight/reports/{paper}/" if back else "/insight/reports/")


@require_POST
def freeze(request: Asked, paper: int) -> HttpResponse:
    """Keep it as it stands today."""
    what = queries.paper(viewer=request.viewer, pk=paper)
    number = actions.freeze(actor=request.viewer, at=request.at, paper=paper, document=laid_out(request, what))
    messages.success(request, "Kept as it stands today. Later figures will not change it.")
    return redirect(f"/insight/papers/{paper}/frozen/{number}/")


def _back(what: queries.PaperFacts) -> str:
    return what.href if what.kind == "report" else f"{what.href}edit/"
