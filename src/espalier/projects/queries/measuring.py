"""What a project measures: its charts, who keeps the figures, and what else could be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects.models import Counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.exports.shapes import Picture
    from espalier.measures.queries import Definition
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.projects import ProjectFacts

TALLIED = {"count", "rate", "percent"}  # what can be counted by tapping; a mean of answers cannot


@dataclass(frozen=True, slots=True)
class CountedFacts:
    """A measure of a project, as it stands."""

    pk: int
    project_id: int
    kind: str
    keeper_id: int | None
    second_id: int | None
    definition: Definition
    unit: UnitFacts

    @property
    def pair(self) -> tuple[str, str]:
        """The codes by which charts are asked for."""
        return self.definition.code, self.unit.code

    @property
    def chart_href(self) -> str:
        """The chart's own page."""
        return f"{self.definition.href}{self.unit.code}/"

    @property
    def enter_href(self) -> str:
        """The page for figures: it lands on the oldest period without one."""
        return f"{self.chart_href}enter/"

    @property
    def href(self) -> str:
        """Where its kind and its people are changed."""
        return f"/projects/{self.project_id}/measures/{self.pk}/"

    @property
    def can_be_tallied(self) -> bool:
        """Whether its figures can be counted one tap at a time."""
        return self.definition.measured_in in TALLIED and self.definition.words.get("entered_by") == "teams"


def counted_of(*, viewer: Viewer, project: ProjectFacts) -> tuple[CountedFacts, ...]:
    """Return the measures of a project, outcome first, in one question or two."""
    counted = Counted.objects.filter(project_id=project.pk, removed_at=None).annotate(what=measures.along(OuterRef("measure_code")))
    rows = [row for row in counted.order_by("rank", "pk").values("pk", "kind", "keeper_id", "second_id", "unit_id", "what") if row["what"]]
    places = {project.unit.pk: project.unit}
    if elsewhere := {row["unit_id"] for row in rows} - places.keys():
        places |= organisations.units(viewer=viewer, pks=elsewhere)
    order = ("outcome", "process", "balancing")
    return tuple(
        CountedFacts(
            row["pk"], project.pk, row["kind"], row["keeper_id"], row["second_id"], measures.read(row["what"]), places[row["unit_id"]]
        )
        for row in sorted(rows, key=lambda one: order.index(one["kind"]))
        if row["unit_id"] in places
    )


def one_counted(*, viewer: Viewer, project: ProjectFacts, pk: int) -> CountedFacts:
    """Return one measure of a project."""
    for one in counted_of(viewer=viewer, project=project):
        if one.pk == pk:
            return one
    raise NotFoundHere(
        "This project has no such measure.", suggestions=(Suggestion("What this project measures", f"{project.href}measures/"),)
    )


def drawn(
    *, viewer: Viewer, counted: Sequence[CountedFacts], tried: Mapping[tuple[str, str], tuple[measures.Tried, ...]], large: bool = True
) -> dict[int, Picture]:
    """Return the charts of these measures that have figures, by the measure's number, with a mark for each test."""
    if not counted:
        return {}
    found = measures.pictures(
        viewer=viewer, pairs=[one.pair for one in counted], among=[one.definition for one in counted], large=large, tried=tried,
        places={one.unit.code: one.unit for one in counted},
    )  # fmt: skip
    return {one.pk: found[one.pair] for one in counted if one.pair in found}


@dataclass(frozen=True, slots=True)
class Choices:
    """What could be measured: what has figures here already, and the rest."""

    here: tuple[Definition, ...]
    others: tuple[Definition, ...]
    may_make: Decision  # a measure of the team's own


def choices(*, viewer: Viewer, project: ProjectFacts, chosen: Sequence[CountedFacts]) -> Choices:
    """Return the measures that could be added at the project's place, those with figures there first."""
    taken = {one.definition.pk for one in chosen if one.unit.pk == project.unit.pk}
    known = [one for one in measures.definitions(viewer=viewer, at=project.unit) if one.pk not in taken]
    there = measures.list_series(viewer=viewer, which=measures.Which(unit_id=project.unit.pk, stratum=""), limit=500)
    with_figures = {one.measure_id for one in there}
    own = [one for one in known if one.pk in with_figures or one.is_local]
    rest = [one for one in known if one not in own and one.words.get("entered_by") == "teams"]
    return Choices(tuple(own), tuple(rest), measures.may_define(viewer=viewer, unit=project.unit))
