"""What was frozen: opened as it stood, compared with now, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.exports.answers import file_response, made
from espalier.insight import presenters, queries
from espalier.insight.views.shared import HOME, REPORTS
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def frozen(request: Asked, paper: int, number: int) -> HttpResponse:
    """A report or board page as it stood on its day."""
    kept = queries.frozen(viewer=request.viewer, pk=paper, number=number)
    live = f"/insight/reports/{paper}/" if kept.kind == "report" else f"/insight/board/{kept.unit.code}/"
    context = {
        "title": f"{kept.document.title}, as it stood", "kept": kept, "document": kept.document, "p": presenters, "live": live,
        "since": presenters.since_words(queries.new_since(viewer=request.viewer, document=kept.document)),
        "breadcrumbs": [HOME, *([REPORTS] if kept.kind == "report" else []), Crumb(kept.document.title, live)],
        "here": Here(kept.unit.name, kept.unit.kind_name),
    }  # fmt: skip
    return render(request, "insight/frozen.html", context)


def frozen_file(request: Asked, paper: int, number: int, kind: str) -> HttpResponse:
    """A file made from what was frozen, not from what is known now."""
    kept = queries.frozen(viewer=request.viewer, pk=paper, number=number)
    return file_response(f"{kept.document.title} {kept.frozen_on}", kind, made(kind, kept.document))
