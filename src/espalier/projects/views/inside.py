"""What the pages inside a project share: where they stand, and the tabs beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.projects.presenters import cycles as words
from espalier.projects.presenters import tabs
from espalier.ui.pages import Crumb, Here

if TYPE_CHECKING:
    from espalier.projects.queries import ProjectFacts


def inside(project: ProjectFacts, tab: str) -> dict[str, Any]:
    """Return what every page inside a project gives to its template."""
    crumbs = [Crumb("Projects", "/projects/"), Crumb(project.title, project.href)]
    return {
        "project": project, "tabs": tabs(project, f"{project.href}{tab}/" if tab else project.href), "breadcrumbs": crumbs, "w": words,
        "here": Here(project.unit.name, project.unit.kind_name),
    }  # fmt: skip
