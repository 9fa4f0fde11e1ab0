"""A believable England, built by calling actions: real places and real figures, and a few made-up teams beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils import timezone

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.common.periods import add_months, month_start
from espalier.demo import files, papers, projects, teams
from espalier.imports.tables import read_tables_at
from espalier.measures import actions as measures
from espalier.organisations import actions as organisations

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

Say = Callable[[str], None]
PUBLISHED = ("ae_attendances_2016_2019", "sickness_2023")


def load(*, only_if_empty: bool, say: Say) -> int:
    """Load everything that is missing; what is there already is left as it is, so loading twice changes nothing."""
    del only_if_empty  # every step below leaves alone what is there
    at = timezone.now()  # noqa: TID251  a command is where time enters
    actor = system_viewer()
    with acting_as(actor):
        places = organisations.load_open_places(actor=actor, at=at, content_dir=settings.CONTENT_DIR)
        say(f"Places: {places.units:,} units of England and Wales.")
        measures.publish_definitions(actor=actor, at=at, folder=settings.CONTENT_DIR / "measures")
        for name in PUBLISHED:
            _figures(actor, at, name, say)
        teams.make(actor=actor, at=at, last=settings.DEMO_LAST_MONTH or add_months(month_start(at.date()), -2), say=say)
        files.give(at=at)
    papers.make(at=at, say=say)
    projects.make(at=at, say=say)
    _tidy()
    return 0


def _figures(actor: Viewer, at: datetime, name: str, say: Say) -> None:
    files = sorted((settings.CONTENT_DIR / "data").glob(f"{name}*.parquet"))
    reading = measures.read_published([table for path in files for table in read_tables_at(path)])
    done = measures.store_figures(actor=actor, at=at, why=f"Published open data: {name}", figures=reading.figures)
    say(f"Figures from {name}: {done.new:,} new, {done.unchanged:,} as they were.")


def _tidy() -> None:
    """Let the planner know what was loaded; outside the transaction, and only where this role may."""
    with connection.cursor() as cursor:
        for table in ("measures_point", "measures_series", "organisations_below", "organisations_unit", "organisations_relation"):
            cursor.execute(f"ANALYZE {table}")
