"""Who changed which figure of one series, when and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from espalier.access.decisions import Decision
from espalier.common.paging import Page, page_of
from espalier.measures.models import PointVersion, Series
from espalier.measures.permissions import may_enter, may_mark
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer
    from espalier.measures.queries.definitions import Definition
    from espalier.organisations.queries import UnitFacts

CHANGES_A_PAGE = 50
_FIELDS = ("pk", "at", "period_on", "old_numerator", "old_denominator", "old_value", "new_numerator", "new_denominator", "new_value")


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One change of one figure, with the numbers it was made of."""

    version: UUID
    at: datetime
    period_on: date
    old_numerator: float | None
    old_denominator: float | None
    old: float | None
    new_numerator: float | None
    new_denominator: float | None
    new: float | None
    removed: bool
    why: str
    account_id: int | None
    who: str = ""
    may_undo: bool = False


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Changes of one series, newest first; decision says whether this viewer may look at them."""

    definition: Definition
    unit: UnitFacts
    decision: Decision
    changes: tuple[FigureChange, ...]
    page: Page

    @property
    def chart_href(self) -> str:
        """The chart's address."""
        return f"{self.definition.href}{self.unit.code}/"


def figure_history(*, viewer: Viewer, definition: Definition, unit: UnitFacts, page: str | None = "1") -> HistoryPage:
    """Return one page of the changes of a series, or all of them (page=None); only to the organisation's own people.

    Reasons are written by colleagues for colleagues, so these are not for visitors even where the figures are.
    """
    decision = may_mark(viewer=viewer, unit=unit).note
    if not decision:
        whose = f"Only people of {unit.name}, or of the organisation it belongs to, see who changed its figures."
        decision = Decision(allowed=False, reason="Sign in to see who changed these figures." if viewer.is_visitor else whose)
        return HistoryPage(definition, unit, decision, (), page_of(1, size=CHANGES_A_PAGE, total=0))
    versions = PointVersion.objects.filter(
        series_id__in=Series.objects.filter(measure_id=definition.pk, unit_id=unit.pk, stratum="").values("pk")
    )
    total = versions.count()
    which = page_of(page or 1, size=CHANGES_A_PAGE if page else max(total, 1), total=total)
    rows = versions.order_by("-at", "-period_on", "pk").values_list(*_FIELDS, "removed", "why", "account_id")[which.start : which.stop]
    changes = [FigureChange(*row) for row in rows]
    enter = may_enter(viewer=viewer, unit=unit, definition=definition.words)
    undoable = _newest(versions, {one.period_on for one in changes}) if enter and page else set()
    names = organisations.names_of_accounts(viewer=viewer, accounts={one.account_id for one in changes})
    told = (replace(one, who=names.get(one.account_id or 0, ""), may_undo=one.version in undoable) for one in changes)
    return HistoryPage(definition, unit, decision, tuple(told), which)


def _newest(versions: QuerySet[PointVersion, Any], months: set[date]) -> set[UUID]:
    """Return the last change of each of these months: only that can be taken back, and undoing checks it again."""
    last = versions.filter(period_on__in=months).order_by("period_on", "-at").distinct("period_on")
    return set(last.values_list("pk", flat=True))
