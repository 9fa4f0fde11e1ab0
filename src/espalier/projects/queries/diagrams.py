"""Pictures of a project as far as a viewer may see them, the library to start from, and the change ideas of a project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.safestring import mark_safe

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.projects.models import Diagram, Member, Node
from espalier.projects.permissions import READS
from espalier.projects.rules.diagram_library import Ready, matching, read_library
from espalier.projects.rules.diagram_shapes import SMALL
from espalier.projects.rules.diagram_svg import laid_out, svg
from espalier.projects.rules.diagrams import DRIVERS, Box, tree

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts
    from espalier.projects.rules.diagrams import Branch

FIELDS = ("pk", "parent_id", "kind", "words", "rank", "amount", "waits", "state", "version")
NAMES = {"drivers": "Driver diagram", "fishbone": "Fishbone", "process": "Process map", "pareto": "Pareto chart"}
MOST_PROJECTS = 200
TRIED = ("testing", "adopted", "adapted", "abandoned")


@dataclass(frozen=True, slots=True)
class DiagramLine:
    """A picture in a list."""

    pk: int
    kind: str
    title: str
    project_id: int

    @property
    def name(self) -> str:
        """What it is called: its own title, or what kind of picture it is."""
        return self.title or NAMES[self.kind]

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/{self.project_id}/diagram/" + ("" if self.kind == DRIVERS else f"{self.pk}/")


@dataclass(frozen=True, slots=True)
class DiagramFacts:
    """One picture with all its boxes, and the other pictures of the project."""

    line: DiagramLine
    boxes: tuple[Box, ...]
    others: tuple[DiagramLine, ...]

    @property
    def tops(self) -> tuple[Branch, ...]:
        """Its boxes as a tree."""
        return tree(self.boxes)


def diagrams(*, viewer: Viewer, project_id: int) -> tuple[DiagramLine, ...]:
    """Return the pictures of a project, the driver diagram first."""
    del viewer
    rows = Diagram.objects.filter(project_id=project_id).order_by("pk").values_list("pk", "kind", "title", "project_id")
    return tuple(sorted((DiagramLine(*row) for row in rows), key=lambda one: one.kind != DRIVERS))


def diagram(*, viewer: Viewer, project: ProjectFacts, pk: int | None = None) -> DiagramFacts | None:
    """Return a picture: the driver diagram, or that of a number. None where the driver diagram is not begun yet."""
    rows = diagrams(viewer=viewer, project_id=project.pk)
    line = next((one for one in rows if (one.kind == DRIVERS if pk is None else one.pk == pk)), None)
    if line is None and pk is not None:
        raise NotFoundHere("There is no such picture in this project.", suggestions=(Suggestion(project.title, project.href),))
    if line is None:
        return None
    return DiagramFacts(line, boxes_of(line.pk), tuple(one for one in rows if one.pk != line.pk))


def boxes_of(diagram_id: int) -> tuple[Box, ...]:
    """Return the boxes that stand in a picture now."""
    rows = Node.objects.filter(diagram_id=diagram_id, removed_at=None).order_by("pk").values_list(*FIELDS)
    return tuple(Box(*row) for row in rows)


def change_ideas(*, viewer: Viewer, project_id: int) -> tuple[tuple[int, str, str], ...]:
    """Return the change ideas of a project as its diagram reads: number, words, state."""
    del viewer
    rows = Node.objects.filter(project_id=project_id, diagram__kind=DRIVERS, removed_at=None).order_by("pk").values_list(*FIELDS)
    boxes = [one.box for top in tree(Box(*row) for row in rows) for one in top.walk()]
    return tuple((box.pk, box.words, box.state) for box in boxes if box.kind == "idea")


@dataclass(frozen=True, slots=True)
class DiagramOverview:
    """The driver diagram as the project's page shows it. svg is "" where it is not begun."""

    href: str
    svg: str
    drivers: tuple[str, ...]
    ideas: int
    tried: int
    may_change: bool


def overview_diagram(*, viewer: Viewer, project: ProjectFacts) -> DiagramOverview | None:
    """Return the driver diagram in small; None for somebody who could neither see nor begin one."""
    del viewer
    rows = Node.objects.filter(project_id=project.pk, diagram__kind=DRIVERS, removed_at=None).order_by("pk").values_list(*FIELDS)
    tops = tree(Box(*row) for row in rows)
    if not tops and not project.may_change:
        return None
    ideas = [one.box for top in tops for one in top.walk() if one.box.kind == "idea"]
    names = tuple(one.box.words for one in tops[0].below) if tops else ()
    says = f"Aim: {tops[0].box.words}. Main drivers: {'; '.join(names) or 'none yet'}." if tops else ""
    drawn = svg(laid_out(DRIVERS, tops, SMALL), title="Driver diagram", says=says, name="drivers") if tops else ""
    tried = sum(box.state in TRIED for box in ideas)
    shown = mark_safe(drawn)  # noqa: S308  every word was escaped
    return DiagramOverview(f"{project.href}diagram/", shown, names, len(ideas), tried, bool(project.may_change))


def ready_diagrams(*, viewer: Viewer, words: str = "") -> tuple[Ready, ...]:
    """Return the library of diagrams to start from, or those that fit some words."""
    del viewer
    return matching(read_library(settings.CONTENT_DIR / "projects" / "diagrams"), words)


def ready_diagram(*, viewer: Viewer, code: str) -> Ready:
    """Return one diagram of the library."""
    found = next((one for one in ready_diagrams(viewer=viewer) if one.code == code), None)
    if found is None:
        raise NotFoundHere("There is no such diagram to start from.", suggestions=(Suggestion("All diagrams", "/projects/diagrams/"),))
    return found


def my_projects(*, viewer: Viewer) -> tuple[tuple[int, str], ...]:
    """Return the projects in which the viewer may change things, those changed last first: number and name."""
    if viewer.is_visitor:
        return ()
    mine = Member.objects.filter(account_id=viewer.account_id or 0, until=None).exclude(role__in=READS)
    return tuple(mine.order_by("-project__changed_at", "-project").values_list("project_id", "project__title")[:MOST_PROJECTS])
