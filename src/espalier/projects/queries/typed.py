"""What registers kept elsewhere say of projects and tests, for their own pages; and the words such registers use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from espalier.imports.presets import Preset
from espalier.projects.models import TypedCycle
from espalier.projects.rules.typed import typed_project, typed_test
from espalier.projects.rules.typed_words import read_registers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts
    from espalier.projects.rules.typed import TypedProject, TypedTest
    from espalier.projects.rules.typed_words import Registers


@cache
def registers() -> Registers:
    """Return what registers call things, read once: content changes with a new start."""
    return read_registers(settings.CONTENT_DIR)


def register_layouts() -> Iterable[Preset]:
    """Return the layouts of registers, as the room of files takes them."""
    return (Preset(one.kind, one.name, one.needs, one.columns, one.fixed) for one in registers().presets)


@dataclass(frozen=True, slots=True)
class OverviewTyped:
    """What a register says of a project, as its page shows it."""

    said: TypedProject
    at: datetime  # when its newest file was stored
    tests: int
    led: bool
    mine: bool  # the viewer brought it in


def overview_typed(*, viewer: Viewer, project: ProjectFacts) -> OverviewTyped | None:
    """Return what a register says of a project; None where it was begun here. It asks nothing: the project was read with it.

    A name that stands in a register is for those who look after the project: whom it means is not known here.
    """
    del viewer
    if (kept := project.register) is None:
        return None
    said = typed_project(kept.said)
    if not (kept.mine or project.may_change):
        said = said._replace(leader_said="")
    return OverviewTyped(said, kept.at, kept.tests, any(one.role == "leader" for one in project.members), kept.mine)


def typed_test_of(*, viewer: Viewer, cycle_id: int) -> TypedTest | None:
    """Return what a register says of a test, in its own words; None where the test was begun here."""
    del viewer  # row-level security shows it with its project
    said = TypedCycle.objects.filter(cycle_id=cycle_id).values_list("said", flat=True).first()
    return typed_test(said) if said else None
