"""Board pages: read, changed, and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from espalier.exports.answers import file_response, made
from espalier.insight import actions, queries
from espalier.insight.views.shared import edit_page, laid_out, paper_context
from espalier.organisations import queries as organisations
from espalier.ui.pages import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def board(request: Asked, code: str) -> HttpResponse:
    """One screen: are we closing the gaps, and are we able to?"""
    paper = _board(request, code)
    context = paper_context(request, paper) | {"document": laid_out(request, paper, large=False)}
    return render(request, "insight/board.html", context)


def edit(request: Asked, code: str) -> HttpResponse:
    """Change a board page; the first change begins a page of the place's own."""
    paper = _board(request, code)
    if not paper.may_write:
        raise PermissionDenied(paper.may_write.reason)
    if request.method == "POST" and not paper.pk:
        actions.open_board_page(actor=request.viewer, at=request.at, unit=paper.unit, content=paper.content)
        return redirect(f"{paper.href}edit/")
    return edit_page(request, paper)


def board_file(request: Asked, code: str, kind: str) -> HttpResponse:
    """A board page as a file."""
    paper = _board(request, code)
    return file_response(paper.content.title, kind, made(kind, laid_out(request, paper)))


def _board(request: Asked, code: str) -> queries.PaperFacts:
    return queries.board_page(viewer=request.viewer, unit=organisations.unit(viewer=request.viewer, code=code))
