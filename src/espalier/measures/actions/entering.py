"""Figures that a person of the team typed or pasted, each with undo."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from espalier.access.viewer import VISITOR
from espalier.audit.recording import record
from espalier.common.errors import Suggestion, UnableTo
from espalier.measures.models import Point, PointVersion, Series
from espalier.measures.permissions import may_enter
from espalier.measures.rules import SHARED, UnableToStoreFigure, checked_value, refuse_period, scope_of
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.common.periods import Grain
    from espalier.measures.queries import Definition
    from espalier.measures.rules import PastedRow
    from espalier.organisations.queries import UnitFacts


@dataclass(frozen=True, slots=True)
class Numbers:
    """What stands at one period of one series; all None where there is nothing."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What entering a figure did; the version is what undo takes back."""

    version: uuid.UUID
    period_on: date
    old: Numbers
    new: Numbers
    already: bool = False  # on undo: it was taken back before, and nothing was done now


class UnableToEnter(UnableTo):
    """Somebody may not put figures in here."""

    code = "not-allowed"


class ChangedMeanwhile(UnableTo):
    """Somebody else stored another figure since the page was opened; both are shown and nothing is overwritten."""

    code = "changed"

    def __init__(self, now: Numbers) -> None:
        self.now = now
        super().__init__("Somebody else changed this figure while you were typing.", to_do="Look at both, then save the right one.")


@transaction.atomic
def enter_figure(
    *,
    actor: Viewer,
    at: datetime,
    definition: Definition,
    unit: UnitFacts,
    period_on: date,
    numerator: float,
    denominator: float | None,
    seen: Numbers,
    why: str = "",
    stratum: str = "",
) -> Entered:
    """Store one typed figure, keep what stood before, and refuse to write over what the person has not seen."""
    _refuse_unless_allowed(actor, definition, unit)
    refuse_period(period_on, today=timezone.localdate(at), frequency=definition.frequency)
    value = checked_value(definition.words, numerator, denominator)
    series = _series_for(definition, unit.pk, stratum)
    point, made = Point.objects.select_for_update().get_or_create(series=series, period_on=period_on)
    old = Numbers() if made else Numbers(point.numerator, point.denominator, point.value)
    new = Numbers(numerator, denominator, value)
    if old == new and (stored := _newest_version(series, period_on, "pk")):  # the same form sent twice: stored once, and both hear so
        return Entered(stored, period_on, old, new)
    if old != seen:
        raise ChangedMeanwhile(old)
    return Entered(_keep(point, old, new, actor=actor, at=at, why=why or "typed in"), period_on, old, new)


@dataclass(frozen=True, slots=True)
class Block:
    """What storing a pasted block did, or with a dry run would do; the batch is what undo takes back."""

    batch: uuid.UUID
    new: tuple[date, ...]
    changed: tuple[tuple[date, Numbers, Numbers], ...]
    unchanged: int
    kept: tuple[date, ...] = ()  # on undo: periods that somebody has changed since, left as they are
    already: bool = False  # on undo: it was taken back before, and nothing was done now


@transaction.atomic
def enter_block(
    *,
    actor: Viewer,
    at: datetime,
    definition: Definition,
    unit: UnitFacts,
    rows: Sequence[PastedRow],
    dry_run: bool = False,
    stratum: str = "",
) -> Block:
    """Store a pasted block, all of it or none; with a dry run only say what it would do."""
    _refuse_unless_allowed(actor, definition, unit)
    _refuse_rows(rows, today=timezone.localdate(at), frequency=definition.frequency)
    series = _series_for(definition, unit.pk, stratum)
    Series.objects.select_for_update().get(pk=series.pk)  # the same block sent twice at once: the second waits, then finds it stored
    batch, new, changed, unchanged = uuid.uuid4(), [], [], 0
    standing = {
        point.period_on: point for point in Point.objects.select_for_update().filter(series=series, period_on__in=[r.month for r in rows])
    }
    for row in rows:
        wanted = Numbers(row.numerator, row.denominator, row.value)
        point = standing.get(row.month)
        old = Numbers(point.numerator, point.denominator, point.value) if point else Numbers()
        if old == wanted:
            unchanged += 1
            continue
        (changed.append((row.month, old, wanted)) if point else new.append(row.month))
        if not dry_run:
            point = point or Point.objects.create(series=series, period_on=row.month)
            _keep(point, old, wanted, actor=actor, at=at, why="pasted in", batch=batch)
    if not dry_run and (new or changed):
        detail = {"new": len(new), "changed": len(changed)}
        record(actor=actor, verb="paste", object_kind="series", object_id=str(series.pk), at=at, detail=detail)
    elif not dry_run and rows:  # the same block sent twice: both hear of the one that was stored
        batch = _newest_version(series, rows[0].month, "batch") or batch
    return Block(batch, tuple(new), tuple(changed), unchanged)


def _refuse_rows(rows: Sequence[PastedRow], *, today: date, frequency: Grain) -> None:
    """Refuse a block with a period that is not over, or that two of its rows claim."""
    seen: set[date] = set()
    for row in rows:
        refuse_period(row.month, today=today, frequency=frequency, field="block")
        if row.month in seen:
            when = f"{row.month:%B %Y}" if frequency == "month" else f"{row.month.day} {row.month:%B %Y}"
            raise UnableToStoreFigure(f"{when} stands in two rows.", to_do="Keep one of them.", field="block")
        seen.add(row.month)


@transaction.atomic
def undo_block(
    *, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts, batch: uuid.UUID | None, stratum: str = ""
) -> Block:
    """Take back a pasted block: each period goes back unless somebody changed it since; those are named and left.

    Pressed again it does nothing: what it took back before is no change of somebody else's.
    """
    _refuse_unless_allowed(actor, definition, unit)
    series = _series_for(definition, unit.pk, stratum)
    kept = list(PointVersion.objects.filter(batch=batch, series_id=series.pk)) if batch else []
    if not kept:
        raise UnableTo("There is nothing to undo.", to_do="Open the chart and look at the figures.", code="no-version")
    back, left, before = [], [], 0
    standing = {point.period_on: point for point in Point.objects.select_for_update().filter(series=series)}
    undone = uuid.uuid4()
    for version in kept:
        point = standing.get(version.period_on)
        now = Numbers(point.numerator, point.denominator, point.value) if point else Numbers()
        if point is None or now != Numbers(version.new_numerator, version.new_denominator, version.new_value):
            if _was_taken_back(version):
                before += 1
            else:
                left.append(version.period_on)
            continue
        old = Numbers(version.old_numerator, version.old_denominator, version.old_value)
        _keep(point, now, old, actor=actor, at=at, why="undone", batch=undone)
        back.append((version.period_on, now, old))
    if before and not back:
        return Block(undone, (), (), before, tuple(sorted(left)), already=True)
    record(actor=actor, verb="undo", object_kind="series", object_id=str(series.pk), at=at, detail={"months": len(back), "left": len(left)})
    return Block(undone, (), tuple(back), 0, tuple(sorted(left)))


def _refuse_unless_allowed(actor: Viewer, definition: Definition, unit: UnitFacts) -> None:
    if not (decision := may_enter(viewer=actor, unit=unit, definition=definition.words)):
        raise UnableToEnter(decision.reason)


@transaction.atomic
def undo_entry(
    *, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts, version: uuid.UUID | None, stratum: str = ""
) -> Entered:
    """Put back what stood before an entry, unless somebody has changed the figure since; pressed again it does nothing."""
    _refuse_unless_allowed(actor, definition, unit)
    kept = version and PointVersion.objects.filter(pk=version, series_id=_series_for(definition, unit.pk, stratum).pk).first()
    if not kept:
        raise UnableTo("There is nothing to undo.", to_do="Open the chart and look at the figure.", code="no-version")
    point = Point.objects.select_for_update().filter(series_id=kept.series_id, period_on=kept.period_on).first()
    now = Numbers(point.numerator, point.denominator, point.value) if point else Numbers()
    if point is None or now != Numbers(kept.new_numerator, kept.new_denominator, kept.new_value):
        if newest := _was_taken_back(kept):
            return Entered(newest, kept.period_on, now, now, already=True)
        see = Suggestion("Open the page for figures", f"{definition.href}{unit.code}/enter/{f'?group={stratum}' if stratum else ''}")
        what, to_do = "Somebody has changed this figure since.", "Look at what stands there now, and type the right figure."
        raise UnableTo(what, to_do=to_do, code="changed-since", see=see)
    back = Numbers(kept.old_numerator, kept.old_denominator, kept.old_value)
    return Entered(_keep(point, now, back, actor=actor, at=at, why="undone"), kept.period_on, now, back)


def _was_taken_back(kept: PointVersion) -> uuid.UUID | None:
    """Return the version that took this one back, where nothing has happened since: then a second click has nothing left to do."""
    last = PointVersion.objects.filter(series_id=kept.series_id, period_on=kept.period_on).order_by("-at").first()
    if last is None or last.pk == kept.pk or last.why != "undone":
        return None
    from_it = (last.old_numerator, last.old_denominator, last.old_value) == (kept.new_numerator, kept.new_denominator, kept.new_value)
    to_it = (last.new_numerator, last.new_denominator, last.new_value) == (kept.old_numerator, kept.old_denominator, kept.old_value)
    return last.pk if from_it and to_it else None


def _newest_version(series: Series, period_on: date, field: str) -> uuid.UUID | None:
    kept = PointVersion.objects.filter(series_id=series.pk, period_on=period_on).order_by("-at")
    return kept.values_list(field, flat=True).first()


def _series_for(definition: Definition, unit_id: int, stratum: str) -> Series:
    """Return the series in which a unit's figures (of a group) stand, or a new one: open, or of a shared measure the organisation's."""
    known = Series.objects.filter(measure_id=definition.pk, unit_id=unit_id, made_by="figures").order_by("owner_id")
    if found := known.filter(stratum=stratum).first():
        return found
    owner = organisations.owner_of(viewer=VISITOR, unit_id=unit_id) if scope_of(definition.words) == SHARED else None
    return Series.objects.create(measure_id=definition.pk, unit_id=unit_id, stratum=stratum, owner_id=owner)


def _keep(point: Point, old: Numbers, new: Numbers, *, actor: Viewer, at: datetime, why: str, batch: uuid.UUID | None = None) -> uuid.UUID:
    """Write the figure, or remove it where it goes back to nothing, with its version and its event."""
    if new == Numbers():
        point.delete()
    else:
        Point.objects.filter(pk=point.pk).update(numerator=new.numerator, denominator=new.denominator, value=new.value)
    version = uuid.uuid4()
    PointVersion.objects.create(
        pk=version, series_id=point.series_id, period_on=point.period_on, old_numerator=old.numerator, old_denominator=old.denominator,
        old_value=old.value, new_numerator=new.numerator, new_denominator=new.denominator, new_value=new.value,
        batch=batch, removed=new == Numbers(), account_id=actor.account_id, at=at, why=why[:300],
    )  # fmt: skip
    if batch is not None:
        return version  # the block has one event of its own
    record(
        actor=actor, verb="enter", object_kind="point", object_id=f"{point.series_id} {point.period_on}", at=at, detail={"why": why[:120]}
    )
    return version
