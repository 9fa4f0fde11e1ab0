"""What every page of one project needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.projects import presenters
from espalier.ui.pages import Crumb, Here

if TYPE_CHECKING:
    from espalier.access.requests import Asked
    from espalier.projects.queries import ProjectFacts

HOME = Crumb("Projects", "/projects/")


def about(request: Asked, project: ProjectFacts, title: str = "") -> dict[str, Any]:
    """Return the context of a page of one project: its name, its parts, the way up. title is the page's own, if it has one."""
    return {
        "title": f"{title}: {project.title}" if title else project.title, "project": project, "p": presenters,
        "tabs": presenters.tabs(project, request.path), "here": Here(project.unit.name, project.unit.kind_name),
        "breadcrumbs": [HOME],
    }  # fmt: skip


def words_of(typed: str) -> str:
    """Return words to search for, as the database takes them."""
    return " ".join(typed.replace("\0", "").split())[:80]
