"""Pictures as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.exports.answers import file_name, file_response
from espalier.exports.tables import csv_response
from espalier.projects import queries
from espalier.projects.presenters import diagrams as words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.projects.queries import DiagramFacts, ProjectFacts


def file(request: Asked, pk: int, kind: str, diagram: int | None = None) -> HttpResponse:
    """One picture as SVG, PNG, PDF, or its words as CSV."""
    project = queries.project(viewer=request.viewer, pk=pk)
    found = queries.diagram(viewer=request.viewer, project=project, pk=diagram)
    if found is None or kind not in {"svg", "png", "pdf", "csv"}:
        raise NotFoundHere("There is no such file.", suggestions=(Suggestion(project.title, project.href),))
    name = f"{project.title} {found.line.name}"
    if kind == "csv":
        return csv_response(f"{file_name(name)}.csv", *words.outline(found))
    return file_response(name, kind, _made(request, kind, project, found))


def _made(request: Asked, kind: str, project: ProjectFacts, found: DiagramFacts) -> bytes | str:
    svg = words.drawn(found)
    if kind == "svg":
        return svg
    if kind == "png":
        from espalier.exports.images import png

        return png(svg)
    from espalier.exports.drawings import Drawn, drawing_pdf

    alt, says = words.says(found.line.kind, found.tops), " ".join(words.sums(found.line.kind, found.tops)).strip()
    place = f"{project.title} · {project.unit.name}"
    return drawing_pdf(Drawn(found.line.name, place, timezone.localdate(request.at), svg, alt, says, tuple(words.lines_of(found))))
