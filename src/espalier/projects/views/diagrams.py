"""Pictures of a project: looked at, changed box by box, kept as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect

from espalier.audit.confirming import not_a_person
from espalier.projects import actions, queries
from espalier.projects.forms import diagrams as typed
from espalier.projects.presenters import diagrams as words
from espalier.projects.rules.diagrams import DRIVERS, UnableToDraw
from espalier.projects.views.projects import HOME
from espalier.ui.fields import Problem
from espalier.ui.fields import problems as problems_of
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.projects.queries import DiagramFacts, ProjectFacts

CONFLICT, UNPROCESSABLE = 409, 422
NOTHING = typed.Opened()


def picture(request: Asked, pk: int, diagram: int | None = None) -> HttpResponse:
    """A picture and its outline; the driver diagram where no other is named."""
    project = queries.project(viewer=request.viewer, pk=pk)
    found = queries.diagram(viewer=request.viewer, project=project, pk=diagram)
    if request.method == "POST":
        return _change(request, project, found)
    return _page(request, project, found, typed.opened(request.GET))


def new(request: Asked, pk: int) -> HttpResponse:
    """Choose another kind of picture, and begin it."""
    project = queries.project(viewer=request.viewer, pk=pk)
    return _begun(request, project, typed.asked(request.POST)) if request.method == "POST" else _choose(request, project)


def _begun(request: Asked, project: ProjectFacts, asked: typed.Asked) -> HttpResponse:
    ids = f"%s-{asked.kind}" if asked.kind in words.NEW else "%s"
    looks = typed.looked_at(asked, ids=ids, called=words.NEW.get(asked.kind, ("", ""))[1])
    if not looks.is_valid():
        return _choose(request, project, asked, looks=looks, problems=problems_of(looks))
    try:
        begun = actions.Begun(asked.kind, asked.title, asked.words)
        made = actions.begin_diagram(actor=request.viewer, at=request.at, project=project.pk, begun=begun)
    except UnableToDraw as problem:
        return _choose(request, project, asked, looks=looks, problems=_problems(problem, f"#words-{asked.kind}"))
    not_a_person(request, looks.confirmed)
    return redirect(f"{project.href}diagram/" + ("" if asked.kind == DRIVERS else f"{made}/"))


def _choose(
    request: Asked, project: ProjectFacts, asked: typed.Asked | None = None, *, looks: typed.BoxWords | None = None,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:  # fmt: skip
    each = {kind: looks if looks and asked and asked.kind == kind else typed.BoxWords(auto_id=f"%s-{kind}") for kind in words.NEW}
    context = _frame(project, "Add a picture") | {
        "kinds": words.NEW, "about": words.ABOUT, "asked": asked, "looks": each, "problems": problems,
    }  # fmt: skip
    return render(request, "projects/diagram_new.html", context, status=UNPROCESSABLE if problems else 200)


def _page(
    request: Asked, project: ProjectFacts, found: DiagramFacts | None, opened: typed.Opened, *, status: int = 200, **said: Any
) -> HttpResponse:
    """Show a picture, or how to begin one."""
    if found is None:
        ready = queries.ready_diagrams(viewer=request.viewer)
        context = _frame(project, "Driver diagram") | {"aim": words.aim_words(project), "ready": ready, "looks": typed.BoxWords()}
        return render(request, "projects/diagram_begin.html", context | said, status=status)
    opened = opened if project.may_change else NOTHING
    look = {name: said.pop(name) for name in ("asked", "now") if name in said}
    shown = {"shown": words.shown(found, opened, **look), "w": words, "opened": opened, "looks": typed.places()}
    context = _frame(project, found.line.name) | shown
    template = "projects/diagram_print.html" if request.GET.get("view") == "print" else "projects/diagram.html"
    return render(request, template, context | said, status=status)


def _frame(project: ProjectFacts, title: str) -> dict[str, Any]:
    return {
        "title": f"{title}: {project.title}", "project": project, "breadcrumbs": [HOME, Crumb(project.title, project.href)],
        "here": Here(project.unit.name, project.unit.kind_name), "heading": title,
    }  # fmt: skip


def _problems(problem: UnableToDraw, href: str) -> tuple[Problem, ...]:
    return (Problem(str(problem), href),)


def _change(request: Asked, project: ProjectFacts, found: DiagramFacts | None) -> HttpResponse:
    """Do one thing, and come back to where it was done. What could not be done comes back with what was typed."""
    asked = typed.asked(request.POST)
    looks = typed.looked_at(asked, ids=f"{asked.place}%s" if found else "id_%s")
    if not looks.is_valid():
        return _not_done(request, project, found, asked, looks)
    try:
        to = _begin(request, project, asked) if found is None else DONE.get(asked.do, _unknown)(request, found, asked)
    except UnableToDraw as problem:
        return _not_done(request, project, found, asked, looks, problem)
    not_a_person(request, looks.confirmed)
    if found:
        messages.success(request, words.SAID[asked.do])
    return redirect(f"{found.line.href if found else project.href + 'diagram/'}{to}")


def _beside(asked: typed.Asked, found: DiagramFacts | None) -> str:
    """Return where on the page something was typed or pressed."""
    if found is None:
        return "#id_words"
    return f"#{asked.place}words" if asked.do in {"add", "save"} else "#open" if asked.box else "#maincontent"


def _not_done(
    request: Asked, project: ProjectFacts, found: DiagramFacts | None, asked: typed.Asked, looks: typed.BoxWords,
    problem: UnableToDraw | None = None,
) -> HttpResponse:  # fmt: skip
    said: dict[str, Any] = {"asked": asked, "looks": typed.places(looks, asked.place) if found else looks, "status": UNPROCESSABLE}
    said["problems"] = _problems(problem, _beside(asked, found)) if problem else problems_of(looks)
    if isinstance(problem, actions.BoxChanged):
        said |= {"status": CONFLICT, "now": problem.now}
        found = queries.diagram(viewer=request.viewer, project=project, pk=_number(found))
    return _page(request, project, found, typed.Opened(asked.box, asked.add), **said)


def _number(found: DiagramFacts | None) -> int | None:
    return None if found is None or found.line.kind == DRIVERS else found.line.pk


def _begin(request: Asked, project: ProjectFacts, asked: typed.Asked) -> str:
    actions.begin_diagram(actor=request.viewer, at=request.at, project=project.pk, begun=actions.Begun(DRIVERS, "", asked.words))
    return ""


def _words(asked: typed.Asked, kind: str) -> actions.Words:
    amount, waits = words.AMOUNTS.get(kind, ("", ""))
    return actions.Words(
        asked.words, typed.number(asked.amount, what=amount) if amount else None,
        typed.number(asked.waits, what=waits) if waits else None, asked.state,
    )  # fmt: skip


def _add(request: Asked, found: DiagramFacts, asked: typed.Asked) -> str:
    made = actions.add_node(
        actor=request.viewer, at=request.at, diagram=found.line.pk, spot=asked.spot, words=_words(asked, found.line.kind)
    )
    if asked.beside:
        return f"?box={made}&add=after#new"
    return f"?box={asked.box}#open" if asked.box else "#new"


def _save(request: Asked, found: DiagramFacts, asked: typed.Asked) -> str:
    actions.change_node(
        actor=request.viewer, at=request.at, node=asked.box or 0, seen=asked.version, words=_words(asked, found.line.kind)
    )
    return f"?box={asked.box}&add=after#new" if request.POST.get("next") == "type" else f"#box-{asked.box}"


def _move(request: Asked, found: DiagramFacts, asked: typed.Asked) -> str:
    del found
    to: dict[str, Any] = {"spot": asked.spot} if asked.do == "move" else {"how": asked.do}
    actions.move_node(actor=request.viewer, at=request.at, node=asked.box or 0, seen=asked.version, **to)
    stays_closed = asked.do == "move" or request.POST.get("stay")
    return f"#box-{asked.box}" if stays_closed else f"?box={asked.box}#open"


def _remove(request: Asked, found: DiagramFacts, asked: typed.Asked) -> str:
    del found
    actions.remove_node(actor=request.viewer, at=request.at, node=asked.box or 0, seen=request.POST.get("sign", ""))
    return ""


def _undo(request: Asked, found: DiagramFacts, asked: typed.Asked) -> str:
    del asked
    actions.undo_last(actor=request.viewer, at=request.at, diagram=found.line.pk)
    return ""


def _unknown(request: Asked, found: DiagramFacts, asked: typed.Asked) -> str:
    del request, found
    raise UnableToDraw("We do not know that button.", to_do="Open the page again.", code=f"do-{asked.do[:10]}")


DONE: dict[str, Callable[[Asked, DiagramFacts, typed.Asked], str]] = {
    "add": _add, "save": _save, "up": _move, "down": _move, "in": _move, "out": _move, "move": _move, "remove": _remove, "undo": _undo,
}  # fmt: skip
