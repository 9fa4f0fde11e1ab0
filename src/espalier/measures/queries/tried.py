"""Changes tried on a chart: told by the room above that keeps them, which this room does not know.

Whoever keeps them fills the one place here (config/wiring.py), and a test finds it empty. It answers with something to ask
along in a question that is asked anyway, so that a chart where nobody tried anything costs no question more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import OuterRef

from espalier.common.periods import period_start
from espalier.measures import charting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.postgres.expressions import ArraySubquery

    from espalier.common.periods import Grain


@dataclass(frozen=True, slots=True)
class Tried:
    """One change tried: its number, what it was called, and where one can read how it went."""

    number: int
    title: str
    starts_on: date
    ends_on: date | None
    decision: str  # adopt, adapt, abandon; "" while it runs
    href: str
    project: str = ""

    @property
    def label(self) -> str:
        """What stands on the chart."""
        return f"T{self.number}"


class TellsTried(Protocol):
    """Give what to ask along for the tests of one measure at one unit: rows with the names of Tried, as JSON.

    Row-level security chooses what this viewer may read.
    """

    def __call__(self, *, measure_code: OuterRef, unit_id: int) -> ArraySubquery: ...


_told_by: list[TellsTried] = []


def fill(tells: TellsTried) -> None:
    """Say who keeps what was tried."""
    _told_by[:] = [tells]


def is_filled() -> bool:
    """Whether somebody tells: for the test that finds the gap."""
    return bool(_told_by)


def asked_along(*, unit_id: int) -> dict[str, ArraySubquery]:
    """Return what a question about series, grouped by measure, asks along."""
    return {"tried": _told_by[0](measure_code=OuterRef("measure__code"), unit_id=unit_id)} if _told_by else {}


def read(rows: Iterable[dict[str, Any]] | None) -> tuple[Tried, ...]:
    """Read tests back from what the database wrote as JSON."""
    return tuple(
        Tried(
            row["number"], row["title"], date.fromisoformat(row["starts_on"]),
            date.fromisoformat(row["ends_on"]) if row["ends_on"] else None, row["decision"], row["href"], row["project"],
        )
        for row in rows or ()
    )  # fmt: skip


def drawn(tried: Iterable[Tried], grain: Grain) -> tuple[charting.Noted, ...]:
    """Return tests as charts draw them: on the period in which each began."""
    return tuple(charting.Noted(one.number, period_start(one.starts_on, grain), one.title, one.label) for one in tried)
