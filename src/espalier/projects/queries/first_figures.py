"""The first figures of a measure in a project: several periods at once, so that a chart stands there in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.periods import period_start, step
from espalier.measures import queries as measures
from espalier.projects.queries.measuring import CountedFacts, one_counted

if TYPE_CHECKING:
    from datetime import date

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts

AT_ONCE = 3  # periods asked for: as many as people have in their heads


@dataclass(frozen=True, slots=True)
class FirstFigures:
    """Which periods of a measure are asked for, oldest first, and whether the viewer may put them in."""

    project: ProjectFacts
    counted: CountedFacts
    periods: tuple[date, ...]
    two_numbers: bool
    is_empty: bool  # nothing stands there yet
    may: Decision

    @property
    def href(self) -> str:
        """Its page."""
        return f"{self.counted.href}figures/"


def first_figures(*, viewer: Viewer, project: ProjectFacts, counted: int, today: date) -> FirstFigures:
    """Return the periods to ask for: the last three that are over, or the oldest three without a figure once there is one."""
    one = one_counted(viewer=viewer, project=project, pk=counted)
    page = measures.entry_page(viewer=viewer, measure=one.definition.code, unit=one.unit, month=None, today=today)
    this = period_start(today, one.definition.frequency)
    last = tuple(step(this, one.definition.frequency, back - AT_ONCE) for back in range(AT_ONCE))
    return FirstFigures(
        project, one, page.missing[:AT_ONCE] if page.recent else last, page.two_numbers, is_empty=not page.recent, may=page.decision
    )
