"""What the made-up project says it is worth: hours, costs and a benefit, each a range with who says so."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from espalier.projects import actions

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer


def add(*, at: datetime, project: int, alex: Viewer) -> None:
    """Say it as a ward leader would, some weeks ago."""
    said = at - timedelta(days=60)
    day = said.date()
    before = day - timedelta(days=120)
    for line in (
        ("time", "Forms and calls after a fall", "hours", "month", 6, 10, None, day, "ward leader", "estimated", "two hours a fall"),
        ("time", "Looking for a walking aid at night", "hours", "week", 1, 3, None, day, "night staff", "assumed", "asked twice"),
        ("cost", "Twelve night lights", "pounds", "once", 236, 236, True, before, "ward leader", "counted", "the bill"),
        ("cost", "Testing and counting", "hours", "week", 1, 2, None, before, "ward leader", "estimated", "our diary"),
        ("benefit", "Days in bed after a fall", "bed-days", "year", 20, 45, None, day, "our coach", "estimated", "length of stay"),
    ):
        kind, what, amount, per, low, high, releases, since, says, how, source = line
        value = actions.NewValue(
            kind=kind, what=what, amount=amount, per=per, low=Decimal(low), high=Decimal(high), releases=releases, since=since, until=None,
            says=says, how=how, source=source,
        )  # fmt: skip
        actions.add_value(actor=alex, at=said, project=project, value=value)
