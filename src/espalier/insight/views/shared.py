"""What several pages of this room need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from espalier.insight import forms, presenters, queries
from espalier.measures import queries as measures
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.exports.shapes import Document
    from espalier.insight.actions import ChangedMeanwhile
    from espalier.insight.queries import PaperFacts
    from espalier.measures.queries import Definition

HOME = Crumb("For the board", "/insight/")
REPORTS = Crumb("Reports", "/insight/reports/")
TEMPLATES = {"report": "report", "board": "board_edit"}


def laid_out(request: Asked, paper: PaperFacts, *, large: bool = True, among: Sequence[Definition] | None = None) -> Document:
    """The paper with its charts as they are now."""
    pictures = queries.pictures_of(viewer=request.viewer, paper=paper, large=large, among=among)
    return presenters.document(paper, pictures, queries.gaps(), timezone.localdate())


def edit_page(request: Asked, paper: PaperFacts, wrong: forms.Posted | None = None, other: ChangedMeanwhile | None = None) -> HttpResponse:
    """The page on which a paper is changed; wrong and other say what could not be stored, with what was typed."""
    known = measures.definitions(viewer=request.viewer)
    names = [(one.code, one.name) for one in known]
    context = paper_context(request, paper) | {
        "add": forms.AddForm(prefix="add-chart", measures=names, initial={"unit": paper.unit.code}), "forms": forms, "wrong": wrong,
        "other": other, "problems": problems(wrong.form) if wrong and wrong.form else (), "names": dict(names),
    }  # fmt: skip
    if paper.kind == "report":
        context["document"] = laid_out(request, paper, among=known)
    return render(request, f"insight/{TEMPLATES[paper.kind]}.html", context, status=422 if wrong else 200)


def paper_context(request: Asked, paper: PaperFacts) -> dict[str, Any]:
    """What every page of a paper shows; its history only where it was asked for."""
    asked = paper.pk and paper.may_write and "changes" in request.GET
    return {
        "title": paper.content.title, "paper": paper, "p": presenters, "gaps": queries.gaps(),
        "steps": queries.history(viewer=request.viewer, pk=paper.pk) if asked else (),
        "frozen": queries.frozen_lines(viewer=request.viewer, pk=paper.pk) if paper.pk else (),
        "breadcrumbs": [HOME, REPORTS if paper.kind == "report" else Crumb(paper.unit.name, paper.unit.href)],
        "here": Here(paper.unit.name, paper.unit.kind_name),
    }  # fmt: skip


def charts_known(request: Asked) -> list[tuple[str, str]]:
    """The charts one may choose from."""
    return [(one.code, one.name) for one in measures.definitions(viewer=request.viewer)]
