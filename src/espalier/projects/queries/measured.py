"""The page of what a project measures: charts, tests on them, and how many to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from espalier.measures import queries as measures
from espalier.projects import permissions
from espalier.projects.models import Counted, Edit
from espalier.projects.queries.cycles import cycles_of, marks
from espalier.projects.queries.measuring import CountedFacts, counted_of, drawn
from espalier.projects.rules.sampling import sample

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.exports.shapes import Picture
    from espalier.projects.queries.projects import ProjectFacts

__all__ = ["MeasuresPage", "TakenOut", "measures_page", "sample"]
MOST_TAKEN_OUT = 10


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """What a project measures, drawn, with its tests."""

    project: ProjectFacts
    counted: tuple[CountedFacts, ...]
    pictures: Mapping[int, Picture]
    tried: Mapping[tuple[str, str], tuple[measures.Tried, ...]]
    may_enter: Mapping[int, bool]
    taken_out: tuple[TakenOut, ...]  # the newest first; empty for whoever may not put them back
    as_everybody: bool  # the viewer sees the charts without what staff said on them


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A measure that was taken out of a project; edit is the change that is taken back to put it in again."""

    name: str
    edit: UUID


def measures_page(*, viewer: Viewer, project: ProjectFacts, today: date) -> MeasuresPage:
    """Return the measures of a project with their charts, small and large, and which of them this viewer may fill."""
    counted = counted_of(viewer=viewer, project=project)
    tried = marks(cycles_of(project=project, today=today), counted, title="") if counted else {}
    asked = counted if project.may_change else ()
    may = measures.may_enter_each(viewer=viewer, wanted=[(one.unit, one.definition.words) for one in asked]) if asked else ()
    return MeasuresPage(
        project, counted, drawn(viewer=viewer, counted=counted, tried=tried), tried,
        {one.pk: bool(yes) for one, yes in zip(asked, may, strict=True)}, _taken_out(viewer, project) if project.may_change else (),
        permissions.sees_as_everybody(viewer=viewer, my_role=project.my_role),
    )  # fmt: skip


def _taken_out(viewer: Viewer, project: ProjectFacts) -> tuple[TakenOut, ...]:
    """Return the measures that can be put back: those whose newest change is that they were taken out."""
    newest = Edit.objects.filter(project_id=project.pk, kind="counted", object_id=OuterRef("pk")).order_by("-at").values("pk")[:1]
    rows = Counted.objects.filter(project_id=project.pk, removed_at__isnull=False).annotate(edit=Subquery(newest)).exclude(edit=None)
    found = list(rows.order_by("-removed_at").values_list("measure_code", "edit")[:MOST_TAKEN_OUT])
    known = measures.named(viewer=viewer, codes={code for code, _ in found}) if found else {}
    return tuple(TakenOut(known[code].name, edit) for code, edit in found if code in known)
