"""What the page for putting a figure in shows: the month asked for, what stands there, and what came before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.periods import period_start
from espalier.measures.models import Point, PointVersion, Series
from espalier.measures.permissions import may_enter
from espalier.measures.queries.definitions import Definition, definition, splits_of
from espalier.measures.rules import PastedRow, checked_value, missing_periods, needs_denominator
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.measures.rules import Category, Dimension
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

    dimensions: tuple[Dimension, ...] = ()  # by which it is split
    group: Category | None = None  # whose figure it is; None is everybody's

    @property
    def stratum(self) -> str:
        """The name of the series."""
        return self.group.stratum if self.group else ""

    def href_of(self, day: date) -> str:
        """Return the address of the page for one period."""
        when = f"month={day:%Y-%m}" if self.definition.frequency == "month" else f"period={day.isoformat()}"
        return f"{self.href}{'&' if self.group else '?'}{when}"

    def saved_href(self, version: UUID) -> str:
        """Return the address of the page that says what was saved."""
        return f"{self.href}{'&' if self.group else '?'}saved={version}"

    def pasted_href(self, batch: UUID) -> str:
        """Return where somebody goes after pasting: to the chart, or for one group to the page of all groups."""
        return f"{self.chart_href}split/{self.group.dimension}/" if self.group else f"{self.chart_href}?pasted={batch}"

    def beside(self, page: str) -> str:
        """Return the address of another page about the same figures: paste, undo …"""
        return f"{self.chart_href}{page}/{self._of_group}"

    @property
    def _of_group(self) -> str:
        return f"?group={self.stratum}" if self.group else ""

    @property
    def chart_href(self) -> str:
        """The chart's address."""
        return f"{self.definition.href}{self.unit.code}/"

    @property
    def href(self) -> str:
        """The page's address, which lands on the oldest missing month."""
        return f"{self.definition.href}{self.unit.code}/enter/{self._of_group}"


def entry_page(
    *, viewer: Viewer, measure: str, unit: UnitFacts, month: date | None, today: date, saved: UUID | None = None, group: str = ""
) -> EntryPage:
    """Land on the oldest period without a figure, unless another is asked for; group is one of those it is split into."""
    what = definition(viewer=viewer, code=measure)
    known_groups = splits_of(what)
    chosen = _group(what, known_groups, group)
    series = Series.objects.filter(measure_id=what.pk, unit_id=unit.pk, stratum=chosen.stratum if chosen else "")
    points = Point.objects.filter(series__in=series.values("pk"))
    known = {row[0]: Known(*row) for row in points.order_by("period_on").values_list("period_on", "numerator", "denominator", "value")}
    missing = missing_periods(known, today=today, frequency=what.frequency)
    asked = period_start(month, what.frequency) if month else (missing[0] if missing else max(known))
    return EntryPage(
        definition=what, unit=unit, decision=may_enter(viewer=viewer, unit=unit, definition=what.words),
        month=asked, missing=missing, standing=known.get(asked),
        recent=tuple(one for one in list(known.values())[-RECENT:][::-1]), changes=_changes(series, asked),
        two_numbers=needs_denominator(what.words), saved=_saved(series, saved), dimensions=known_groups, group=chosen,
    )  # fmt: skip


def standing(
    *, viewer: Viewer, measures: Collection[int], unit_ids: Collection[int], period_on: date
) -> dict[tuple[int, int], Known]:
    """Return what stands in one period, by measure and place: for a page that asks for several figures at once."""
    del viewer
    points = Point.objects.filter(
        series__measure_id__in=measures, series__unit_id__in=unit_ids, series__stratum="", period_on=period_on
    )
    rows = points.values_list("series__measure_id", "series__unit_id", "period_on", "numerator", "denominator", "value")
    return {(measure, unit): Known(month, top, below, value) for measure, unit, month, top, below, value in rows}


def two_numbers(what: Definition) -> bool:
    """Whether a figure of this measure is typed as how many out of how many."""
    return needs_denominator(what.words)


def typed_rows(*, definition: Definition, numbers: Sequence[tuple[date, float, float | None]]) -> list[PastedRow]:
    """Return figures that were typed for several periods as a block that can be stored, or say what cannot be right about one."""
    return [
        PastedRow(row, day, top, below, checked_value(definition.words, top, below)) for row, (day, top, below) in enumerate(numbers, 1)
    ]


def _group(what: Definition, dimensions: tuple[Dimension, ...], asked: str) -> Category | None:
    """Return the group in the address; one that this measure is not split into has no page."""
    if not asked:
        return None
    found = next((one for dimension in dimensions for one in dimension.categories if one.stratum == asked), None)
    if found is None:
        raise NotFoundHere(f"{what.name} has no group {asked[:40]!r}.", suggestions=(Suggestion("Everybody together", what.href),))
    return found


def _saved(series: QuerySet[Series], version: UUID | None) -> Saved | None:
    if version is None:
        return None
    row = PointVersion.objects.filter(pk=version, series_id__in=series.values("pk")).values_list("pk", "period_on", "new_value").first()
    return Saved(*row) if row else None


def _changes(series: QuerySet[Series], month: date) -> tuple[Change, ...]:
    rows = PointVersion.objects.filter(series_id__in=series.values("pk"), period_on=month).order_by("-at")
    return tuple(Change(*row) for row in rows.values_list("at", "old_value", "new_value", "removed", "why")[:10])


def may_begin(*, viewer: Viewer, measure: str, unit: str) -> bool:
    """Whether the viewer may put the first figure of a measure in at a unit, by their codes."""
    where, what = organisations.unit(viewer=viewer, code=unit), definition(viewer=viewer, code=measure)
    return bool(may_enter(viewer=viewer, unit=where, definition=what.words))
