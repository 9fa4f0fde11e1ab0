"""Two more made-up projects: one that has just begun and only its team sees, and one that stands still."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.organisations import queries as organisations
from espalier.projects import actions

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

PLANNED = "Hot drinks while you wait (made up)"
STILL = "Letters home within a week (made up)"


def add(*, at: datetime, project: int, alex: Viewer) -> None:
    """Add them, and let the team of the first say how far it is."""
    began = at - timedelta(days=200)
    actions.add_place(actor=alex, at=began, project=project, code="DEMO-WARD-12")
    actions.move_project(actor=alex, at=began, project=project, to="active")
    lately = at - timedelta(days=20)
    actions.say_progress(actor=alex, at=lately, project=project, said=3.0, why="Nights feel calmer, and we fall less often.")
    ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
    actions.begin_project(actor=alex, at=at - timedelta(days=12), unit=ward, title=PLANNED, aim=actions.Aim(goal=10, unit="minutes’ wait"))
    pat = viewer_of(get_user_model().objects.filter(username="demo-improver").first())
    if not pat.is_visitor:
        with acting_as(pat):
            _still(pat, at - timedelta(days=150))


def _still(pat: Viewer, began: datetime) -> None:
    """A project of the whole hospital that nobody has touched for months."""
    hospital = organisations.unit(viewer=pat, code="DEMO-TRUST")
    aim = actions.Aim(start=62, goal=95, unit="% of letters", by=date(began.year + 1, 6, 30), for_whom="people who go home")
    pk = actions.begin_project(actor=pat, at=began, unit=hospital, title=STILL, aim=aim)
    actions.open_to(actor=pat, at=began, project=pk, whom="organisation")
    actions.move_project(actor=pat, at=began + timedelta(days=20), project=pk, to="active")
