"""A made-up project on a made-up ward, with everything a project can have, so that a visitor sees what it is for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.audit.recording import written
from espalier.demo import (
    project_core,
    project_cycles,
    project_diagrams,
    project_ideas,
    project_partners,
    project_programmes,
    project_story,
    project_team,
    project_value,
)  # fmt: skip
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from espalier.access.viewer import Viewer

TITLE = "Fewer falls at night (made up)"
TEAM = (("demo-nurse", "member"), ("demo-partner", "partner"), ("demo-improver", "coach"))


def person(username: str) -> Viewer:
    """Somebody of the demonstration."""
    return viewer_of(get_user_model().objects.filter(username=username).first())


def make(*, at: datetime, say: Callable[[str], None]) -> None:
    """Make it once, as the made-up ward leader would."""
    alex = person("demo-leader")
    if alex.is_visitor:
        return
    with acting_as(alex):
        if queries.projects(viewer=alex):
            return
        with written(at):
            _falls(alex, at)
    say("A made-up improvement project.")


def _falls(alex: Viewer, at: datetime) -> None:
    ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
    aim = actions.Aim(
        what="falls at night", start=8, goal=4, unit="falls a month", by=date(at.year + 1, 3, 31), for_whom="patients over 75 on Ward 7"
    )
    began = at - timedelta(days=240)
    pk = actions.begin_project(actor=alex, at=began, unit=ward, title=TITLE, aim=aim)
    for username, role in TEAM:
        actions.add_member(actor=alex, at=began, project=pk, account_id=person(username).account_id or 0, role=role)
    actions.open_to(actor=alex, at=began, project=pk, whom="organisation")
    project_diagrams.add(at=at, project=pk, alex=alex)
    project_core.add(at=at, project=pk, alex=alex)
    project_value.add(at=at, project=pk, alex=alex)
    project_cycles.add(at=at, project=pk, alex=alex, keeper=person("demo-nurse").account_id or 0, second=alex.account_id or 0)
    project_programmes.add(at=at, project=pk, alex=alex, person=person)
    project_partners.add(at=at, project=pk, alex=alex, bo=person("demo-partner"))
    project_ideas.add(at=at, project=pk, alex=alex, sam=person("demo-nurse"))
    project_team.add(at=at, project=pk, alex=alex, sam=person("demo-nurse"))
    project_story.add(at=at, project=pk, alex=alex, bo=person("demo-partner"), drew=person("demo-care"))
