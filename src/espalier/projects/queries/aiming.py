"""The aim of a project as its form shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from espalier.projects.models import Project
from espalier.projects.rules.aims import Aim, sign

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts

AIM = ("title", "aim_what", "aim_from", "aim_to", "aim_unit", "aim_by", "aim_for", "patient_would", "method")
DAYS = frozenset({"aim_by", "ended_on"})


@dataclass(frozen=True, slots=True)
class AimFacts:
    """The parts of an aim, and a short sign of them."""

    words: Mapping[str, Any]
    sign: str


def aim_of(*, viewer: Viewer, pk: int) -> AimFacts:
    """Return the parts of a project's aim; the viewer was asked about already."""
    del viewer
    words = Project.objects.values(*AIM).get(pk=pk)
    return AimFacts(words, sign(*words.values()))


def shown_aim(project: ProjectFacts) -> AimFacts:
    """Return the same of a project that was read already."""
    words = {name: getattr(project, name) for name in AIM}
    return AimFacts(words, sign(*words.values()))


def aim_in(project: ProjectFacts) -> Aim:
    """Return the aim of a project as rules take it."""
    return Aim(project.aim_what, project.aim_from, project.aim_to, project.aim_unit, project.aim_by, project.aim_for)


def plain_values(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as JSON can hold them: days as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in words.items()}


def read_values(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as the table holds them, from what plain_values gave."""
    return {name: date.fromisoformat(value) if name in DAYS and value else value for name, value in words.items()}
