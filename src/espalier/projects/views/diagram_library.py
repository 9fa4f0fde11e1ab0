"""Driver diagrams to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect

from espalier.projects import actions, queries
from espalier.projects.forms.diagrams import whole
from espalier.projects.presenters import diagrams as words
from espalier.projects.rules.diagrams import DRIVERS, UnableToDraw
from espalier.projects.views.projects import HOME
from espalier.ui.fields import Problem
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.projects.rules.diagram_library import Ready

LIBRARY = Crumb("Diagrams to start from", "/projects/diagrams/")
LONGEST_SEARCH = 100


def all_ready(request: Asked) -> HttpResponse:
    """Every diagram to start from, or those that fit some words."""
    q = request.GET.get("q", "")[:LONGEST_SEARCH]
    found = queries.ready_diagrams(viewer=request.viewer, words=q)
    context = {"title": LIBRARY.label, "breadcrumbs": [HOME], "found": found, "q": q, "project": whole(request.GET, "project")}
    return render(request, "projects/diagrams_ready.html", context)


def one_ready(request: Asked, code: str) -> HttpResponse:
    """One diagram to start from: looked at, and taken into a project."""
    ready = queries.ready_diagram(viewer=request.viewer, code=code)
    if request.method != "POST":
        return _page(request, ready)
    try:
        return redirect(_take(request, ready))
    except UnableToDraw as problem:
        return _page(request, ready, problem)


def _page(request: Asked, ready: Ready, problem: UnableToDraw | None = None) -> HttpResponse:
    context = {
        "title": ready.name, "breadcrumbs": [HOME, LIBRARY], "ready": ready, "svg": words.drawn_ready(ready), "w": words,
        "mine": queries.my_projects(viewer=request.viewer), "project": whole(request.GET, "project"),
        "problems": (Problem(str(problem), "#id_project"),) if problem else (),
    }  # fmt: skip
    return render(request, "projects/diagram_ready.html", context, status=422 if problem else 200)


def _take(request: Asked, ready: Ready) -> str:
    """Copy a diagram's boxes into a project: as its first diagram, or below the aim of the one it has."""
    if not (number := whole(request.POST, "project")):
        raise UnableToDraw("Choose the project it is for.", to_do="Begin one first if you have none.", code="project")
    project = queries.project(viewer=request.viewer, pk=number)
    standing = queries.diagram(viewer=request.viewer, project=project)
    if standing:
        actions.copy_boxes(actor=request.viewer, at=request.at, diagram=standing.line.pk, boxes=ready.boxes)
    else:
        begun = actions.Begun(DRIVERS, "", words.aim_words(project) or ready.boxes[0].words, ready.boxes)
        actions.begin_diagram(actor=request.viewer, at=request.at, project=number, begun=begun)
    messages.success(request, "Its boxes are in your diagram now. Change the words to your own, and remove what does not fit.")
    return f"{project.href}diagram/"
