"""What the page for putting a figure in shows: the month asked for, what stands there, and what came before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.periods import period_start
from espalier.measures.models import Point, PointVersion, Series
from espalier.measures.permissions import Decision, may_enter
from espalier.measures.queries.definitions import Definition, definition
from espalier.measures.rules import missing_periods, needs_denominator

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

RECENT = 6


@dataclass(frozen=True, slots=True)
class Known:
    """One month's figure as it stands."""

    month: date
    numerator: float | None
    denominator: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a month's figure, newest first."""

    at: datetime
    old: float | None
    new: float | None
    removed: bool
    why: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved a moment ago, so that it can be taken back."""

    version: UUID
    month: date
    value: float | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Everything the page says; codes and numbers, not words."""

    definition: Definition
    unit: UnitFacts
    decision: Decision
    month: date
    missing: tuple[date, ...]
    standing: Known | None
    recent: tuple[Known, ...]
    changes: tuple[Change, ...]
    two_numbers: bool
    saved: Saved | None

    def href_of(self, day: date) -> str:
        """Return the address of the page for one period."""
        return f"{self.href}?month={day:%Y-%m}" if self.definition.frequency == "month" else f"{self.href}?period={day.isoformat()}"

    @property
    def chart_href(self) -> str:
        """The chart's address."""
        return f"{self.definition.href}{self.unit.code}/"

    @property
    def href(self) -> str:
        """The page's address, which lands on the oldest missing month."""
        return f"{self.definition.href}{self.unit.code}/enter/"


def entry_page(*, viewer: Viewer, measure: str, unit: UnitFacts, month: date | None, today: date, saved: UUID | None = None) -> EntryPage:
    """Land on the oldest period without a figure, unless another is asked for."""
    what = definition(viewer=viewer, code=measure)
    points = Point.objects.filter(series__in=Series.objects.filter(measure_id=what.pk, unit_id=unit.pk, stratum="").values("pk"))
    known = {row[0]: Known(*row) for row in points.order_by("period_on").values_list("period_on", "numerator", "denominator", "value")}
    missing = missing_periods(known, today=today, frequency=what.frequency)
    asked = period_start(month, what.frequency) if month else (missing[0] if missing else max(known))
    return EntryPage(
        definition=what, unit=unit, decision=may_enter(viewer=viewer, unit=unit, definition=what.words),
        month=asked, missing=missing, standing=known.get(asked),
        recent=tuple(one for one in list(known.values())[-RECENT:][::-1]), changes=_changes(what, unit, asked),
        two_numbers=needs_denominator(what.words), saved=_saved(what, unit, saved),
    )  # fmt: skip


def _saved(what: Definition, unit: UnitFacts, version: UUID | None) -> Saved | None:
    if version is None:
        return None
    series = Series.objects.filter(measure_id=what.pk, unit_id=unit.pk, stratum="").values("pk")
    row = PointVersion.objects.filter(pk=version, series_id__in=series).values_list("pk", "period_on", "new_value").first()
    return Saved(*row) if row else None


def _changes(what: Definition, unit: UnitFacts, month: date) -> tuple[Change, ...]:
    series = Series.objects.filter(measure_id=what.pk, unit_id=unit.pk, stratum="").values("pk")
    rows = PointVersion.objects.filter(series_id__in=series, period_on=month).order_by("-at")
    return tuple(Change(*row) for row in rows.values_list("at", "old_value", "new_value", "removed", "why")[:10])
