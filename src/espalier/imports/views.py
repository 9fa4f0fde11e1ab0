"""Pages on which a file comes in: give it, say how it is read, check, store, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.imports import actions, forms, presenters, queries, returned
from espalier.imports.kinds import kind_of, kinds_for, why_not
from espalier.imports.states import State
from espalier.ui.fields import Problem
from espalier.ui.fields import problems as problems_of
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from uuid import UUID

    from espalier.access.requests import Asked

TOP = (Crumb("Load a file", "/imports/"),)
WRONG = 422


def start(request: Asked) -> HttpResponse:
    """Give a file; see the files given before."""
    if reason := why_not(request.viewer):
        raise PermissionDenied(reason)
    form = forms.FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (pk := _kept(request, form)):
        return redirect("imports:file", pk=pk)
    recent = queries.recent(viewer=request.viewer)
    context = {"title": "Load a file", "form": form, "recent": recent, "p": presenters}
    offered = presenters.kinds_offered(kinds_for(request.viewer))
    context |= offered
    context["asked"] = presenters.kind_asked(offered["kinds"], request.POST.get("kind") or request.GET.get("kind", ""))
    return render(request, "imports/start.html", context | {"problems": problems_of(form)}, status=WRONG if form.errors else 200)


def _kept(request: Asked, form: forms.FileForm) -> UUID | None:
    given, kinds = form.cleaned_data["file"], kinds_for(request.viewer)
    asked = request.POST.get("kind", "")
    kind = next((one.code for one in kinds if one.code == asked), kinds[0].code)
    try:
        return actions.keep_file(
            actor=request.viewer, at=request.at, kind=kind, name=given.name or "file", content=given.chunks(), size=given.size
        )
    except UnableTo as problem:
        form.add_error("file", str(problem))
        return None


def where(request: Asked, pk: UUID) -> HttpResponse:
    """Go on where the file stands."""
    return redirect(queries.file(viewer=request.viewer, pk=pk).step_href)


def table(request: Asked, pk: UUID) -> HttpResponse:
    """Choose one of several tables."""
    file = queries.file(viewer=request.viewer, pk=pk)
    if request.method == "POST" and (chosen := forms.number_from(request.POST, "table")) >= 0:
        actions.choose_table(actor=request.viewer, at=request.at, pk=pk, table=chosen)
        return redirect("imports:columns", pk=pk)
    if not file.tables or file.step not in {"table", "columns", "check"}:
        return redirect(file.step_href)
    wrong = [Problem("Select a table", "#id_table")] if request.method == "POST" else []
    context = {"title": "Which table?", "file": file, "p": presenters, "problems": wrong, "breadcrumbs": TOP}
    return render(request, "imports/table.html", context, status=WRONG if wrong else 200)


def columns(request: Asked, pk: UUID) -> HttpResponse:
    """Say which column is which."""
    file = queries.file(viewer=request.viewer, pk=pk)
    if file.step not in {"columns", "check"} or file.chosen is None:
        return redirect(file.step_href)
    layout, wrong = None, {}
    if request.method == "POST":
        layout = forms.layout_from(request.POST, kind_of(file.kind).fields)
        wrong = actions.choose_columns(actor=request.viewer, at=request.at, pk=pk, layout=layout)
        if not wrong:
            return redirect("imports:file", pk=pk)
    return _columns_page(request, queries.columns(viewer=request.viewer, file=file, layout=layout, wrong=wrong), wrong)


def _columns_page(request: Asked, page: queries.Columns, wrong: dict[str, str]) -> HttpResponse:
    found = [Problem(text, f"#id_{code}-column") for code, text in wrong.items()]
    context = {"title": "Which column is which?", "page": page, "file": page.file, "p": presenters, "problems": found, "breadcrumbs": TOP}
    return render(request, "imports/columns.html", context, status=WRONG if wrong else 200)


def check(request: Asked, pk: UUID) -> HttpResponse:
    """See what would change, and agree to it."""
    file = queries.file(viewer=request.viewer, pk=pk)
    if request.method == "POST":
        actions.agree(actor=request.viewer, at=request.at, pk=pk, **forms.agreed(request.POST))
        return redirect("imports:file", pk=pk)
    if file.step != "check":
        return redirect(file.step_href)
    return render(request, "imports/check.html", {"title": f"Check: {file.name}", "file": file, "p": presenters, "breadcrumbs": TOP})


def working(request: Asked, pk: UUID) -> HttpResponse:
    """See how far a larger file has come; the page asks again by itself, with or without a script."""
    file = queries.file(viewer=request.viewer, pk=pk)
    if file.step != "working":
        return redirect(file.step_href)
    context = {"title": presenters.work(file), "file": file, "p": presenters, "breadcrumbs": TOP}
    return render(request, "imports/working.html", context | {"now": queries.working(file=file, at=request.at)})


def done(request: Asked, pk: UUID) -> HttpResponse:
    """See what was stored, where, and take it back."""
    file = queries.file(viewer=request.viewer, pk=pk)
    if file.step != "done":
        return redirect(file.step_href)
    context = {"title": presenters.done_title(file), "file": file, "p": presenters, "breadcrumbs": TOP, "undo": file.may_undo(request.at)}
    return render(request, "imports/done.html", context)


def problems(request: Asked, pk: UUID, ending: str) -> HttpResponse:
    """Give the file back with a Problem column."""
    file = queries.file(viewer=request.viewer, pk=pk)
    if ending not in returned.TYPES or file.state not in {State.CHECKED, State.STORED}:
        raise NotFoundHere("There is nothing to mend in this file.")
    content = returned.with_problems(viewer=request.viewer, at=request.at, pk=pk, ending=ending)
    answer = HttpResponse(content, content_type=returned.TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="to-mend-{str(pk)[:8]}.{ending}"'
    return answer


@require_POST
def undo(request: Asked, pk: UUID) -> HttpResponse:
    """Take back what a file stored."""
    actions.take_back(actor=request.viewer, at=request.at, pk=pk)
    return redirect("imports:file", pk=pk)


@require_POST
def forget(request: Asked, pk: UUID) -> HttpResponse:
    """Remove a file."""
    name = queries.file(viewer=request.viewer, pk=pk).name
    actions.forget(actor=request.viewer, at=request.at, pk=pk)
    messages.success(request, f"{name} was removed. What was stored from it stays.")
    return redirect("imports:start")


