"""How each project of many stands, so that every one is in one place and the places add up to all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from espalier.projects.rules.standing import is_still

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

PLANNING, MOVING, STILL, STAYING, FINISHED, SUSTAINED, NOT_SHOWN, STOPPED = STANDINGS = (
    "planning", "moving", "still", "staying", "finished", "sustained", "not-shown", "stopped",
)  # fmt: skip
ACTIVE = (PLANNING, MOVING, STILL, STAYING)  # work that goes on


def standing(*, state: str, changed_at: datetime, ended_on: date | None, better: bool, at: datetime, today: date) -> str:
    """Say how a project stands: in one of STANDINGS, always.

    Sustained is said late and only by the chart: a year after the end, and its main measure still better than usual. A year
    after the end without that is "not shown", which is no reproach: often nobody goes on counting.

    >>> from datetime import UTC, date, datetime
    >>> now, day = datetime(2026, 6, 1, tzinfo=UTC), date(2026, 6, 1)
    >>> [standing(state="finished", changed_at=now, ended_on=end, better=True, at=now, today=day)
    ...  for end in (date(2025, 6, 1), date(2025, 6, 2), None)]
    ['sustained', 'finished', 'finished']
    """
    if state == "active":
        return STILL if is_still(state=state, changed_at=changed_at, at=at) else MOVING
    if state == "finished" and ended_on is not None and ended_on <= a_year_before(today):
        return SUSTAINED if better else NOT_SHOWN
    return {"planning": PLANNING, "sustaining": STAYING, "finished": FINISHED, "stopped": STOPPED}[state]


def a_year_before(day: date) -> date:
    """Return the same day a year before; of 29 February, the 28th.

    >>> from datetime import date
    >>> a_year_before(date(2024, 2, 29)).isoformat()
    '2023-02-28'
    """
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def read_gaps(file: Path) -> dict[str, str]:
    """Return the names of the gaps that projects are meant to close, in the order of the file."""
    return {one["code"]: one["name"] for one in yaml.safe_load(file.read_text(encoding="utf-8"))["gaps"]}
