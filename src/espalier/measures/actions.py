"""Writes of definitions and points: keyword-only, one transaction, an audit event each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.common.periods import add_months
from espalier.measures.models import Measure, Point, PointVersion, Series
from espalier.measures.permissions import may_enter
from espalier.measures.rules import Figure, PastedRow, UnableToStoreFigure, checked_value, load_definitions, value_of
from espalier.measures.rules import parse_published as read_published
from espalier.organisations import actions as places
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from django.db.backends.utils import CursorWrapper

    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Definition
    from espalier.organisations.queries import UnitFacts


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing figures did, or with a dry run would do."""

    new: int
    changed: int
    unchanged: int
    unknown_units: tuple[str, ...] = ()


def publish_definitions(*, actor: Viewer, at: datetime, folder: Path) -> int:
    """Bring the definitions in the content folder into the database; one that did not change is left alone."""
    changed = 0
    with transaction.atomic():
        for definition in load_definitions(folder):
            code = str(definition["code"])
            columns = {key: definition[key] for key in ("version", "place", "name", "gap", "roll_up", "made_up")}
            facts = {**columns, "definition": definition}
            if Measure.objects.filter(code=code, **facts).exists():
                continue
            Measure.objects.update_or_create(code=code, defaults=facts)
            record(actor=actor, verb="publish", object_kind="measure", object_id=code, at=at)
            changed += 1
    return changed


@transaction.atomic
def store_figures(
    *,
    actor: Viewer,
    at: datetime,
    why: str,
    figures: Iterable[Figure],
    owner_id: int | None = None,
    dry_run: bool = False,
) -> Stored:
    """Store figures of open (or one owner's) series: all of them or none.

    A figure already stored is unchanged or becomes a new version; units that are not known are named and left out, so
    that a newer file with one new provider does not stop the rest. Loading the same file twice changes nothing.
    """
    rows = list(figures)
    measures = dict(Measure.objects.values_list("code", "pk"))
    if missing := {row.measure for row in rows} - measures.keys():
        raise UnableTo(f"There is no measure {min(missing)!r}.", to_do="Add its definition to content/measures first.", code="no-measure")
    units = organisations.ids_of_codes({row.unit for row in rows})
    unknown = tuple(sorted({row.unit for row in rows} - units.keys()))
    _fill_incoming((measures[row.measure], units[row.unit], row) for row in rows if row.unit in units)
    _refuse_twice_the_same()
    if not dry_run:
        _make_series(owner_id)
    done = _merge(actor=actor, at=at, why=why, owner_id=owner_id, dry_run=dry_run, unknown=unknown)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE incoming")
    if not dry_run and (done.new or done.changed):
        places.keep_while_reporting(actor=actor, at=at, until=_reported_until(rows, units))
        record(
            actor=actor,
            verb="store",
            object_kind="points",
            object_id=why[:120],
            at=at,
            detail={"new": done.new, "changed": done.changed, "unchanged": done.unchanged, "unknown": len(unknown)},
        )
    return done


def _reported_until(rows: list[Figure], units: dict[str, int]) -> dict[int, date]:
    """Return the day after the last month each unit reported."""
    last: dict[str, date] = {}
    for row in rows:
        last[row.unit] = max(last.get(row.unit, row.period_on), row.period_on)
    return {units[code]: add_months(month, 1) for code, month in last.items() if code in units}


def _fill_incoming(rows: Iterator[tuple[int, int, Figure]] | Iterable[tuple[int, int, Figure]]) -> None:
    """Copy the figures beside the tables: one statement then compares them all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE incoming (measure_id bigint, unit_id bigint, stratum text, period_on date,"
            " numerator float8, denominator float8, value float8) ON COMMIT DROP",
        )
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for measure_id, unit_id, row in rows:
                copy.write_row((measure_id, unit_id, row.stratum, row.period_on, row.numerator, row.denominator, row.value))
        cursor.execute("ANALYZE incoming")


def _refuse_twice_the_same() -> None:
    """Refuse two figures for the same period: which one is right is for a person to say."""
    with connection.cursor() as cursor:
        # Found by numbers first and named afterwards: grouped by name, the planner reads 50,000 names in order.
        cursor.execute(
            "WITH twice AS MATERIALIZED (SELECT unit_id, period_on FROM incoming"
            " GROUP BY measure_id, unit_id, stratum, period_on HAVING count(*) > 1 LIMIT 1)"
            " SELECT u.code, twice.period_on FROM twice JOIN organisations_unit u ON u.id = twice.unit_id",
        )
        if twice := cursor.fetchone():
            raise UnableTo(
                f"There are two figures for {twice[0]} in {twice[1]:%B %Y}.",
                to_do="Keep one of them and load the file again.",
                code="twice",
            )


def _make_series(owner_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO measures_series (measure_id, unit_id, stratum, owner_id)"
            " SELECT DISTINCT measure_id, unit_id, stratum, %s::bigint FROM incoming ON CONFLICT DO NOTHING",
            [owner_id],
        )


_MATCHED = (
    " FROM incoming i LEFT JOIN measures_series s ON s.measure_id = i.measure_id AND s.unit_id = i.unit_id"
    " AND s.stratum = i.stratum AND s.owner_id IS NOT DISTINCT FROM %(owner)s::bigint"
    " LEFT JOIN measures_point p ON p.series_id = s.id AND p.period_on = i.period_on"
)
_DIFFERS = "(p.numerator, p.denominator, p.value) IS DISTINCT FROM (i.numerator, i.denominator, i.value)"


def _merge(
    *,
    actor: Viewer,
    at: datetime,
    why: str,
    owner_id: int | None,
    dry_run: bool,
    unknown: tuple[str, ...],
) -> Stored:
    facts: dict[str, Any] = {"owner": owner_id, "account": actor.account_id, "at": at, "why": why[:300]}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FILTER (WHERE p.id IS NULL), count(*) FILTER (WHERE p.id IS NOT NULL AND {_DIFFERS}), count(*)" + _MATCHED,
            facts,
        )
        new, changed, total = cursor.fetchone()
        if not dry_run:
            _write_versions(cursor, facts)
            cursor.execute(
                "UPDATE measures_point p SET numerator = i.numerator, denominator = i.denominator, value = i.value"  # noqa: S608
                " FROM incoming i JOIN measures_series s ON s.measure_id = i.measure_id AND s.unit_id = i.unit_id AND s.stratum = i.stratum"
                " AND s.owner_id IS NOT DISTINCT FROM %(owner)s::bigint"
                f" WHERE p.series_id = s.id AND p.period_on = i.period_on AND {_DIFFERS}",
                facts,
            )
            cursor.execute(
                "INSERT INTO measures_point (series_id, period_on, numerator, denominator, value)"
                " SELECT s.id, i.period_on, i.numerator, i.denominator, i.value"
                + _MATCHED
                + " WHERE p.id IS NULL ORDER BY s.id, i.period_on",
                facts,
            )
    return Stored(new=new, changed=changed, unchanged=total - new - changed, unknown_units=unknown)


def _write_versions(cursor: CursorWrapper, facts: dict[str, Any]) -> None:
    """Keep what stood before, who changed it and why. INSERT, not COPY: row-level security allows no COPY."""
    cursor.execute(
        "INSERT INTO measures_pointversion (id, series_id, period_on, old_numerator, old_denominator, old_value,"
        " new_numerator, new_denominator, new_value, removed, account_id, at, why)"
        " SELECT gen_random_uuid(), s.id, p.period_on, p.numerator, p.denominator, p.value, i.numerator, i.denominator, i.value,"
        " false, %(account)s, %(at)s, %(why)s" + _MATCHED + f" WHERE p.id IS NOT NULL AND {_DIFFERS}",
        facts,
    )


@dataclass(frozen=True, slots=True)
class Numbers:
    """What stands at one month of one series; all None where there is nothing."""

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
) -> Entered:
    """Store one typed figure, keep what stood before, and refuse to write over what the person has not seen."""
    _refuse_unless_allowed(actor, definition, unit)
    if period_on > at.date():
        raise UnableToStoreFigure("That month has not begun.", to_do="Choose a month that is over.", field="month")
    value = checked_value(definition.words, numerator, denominator)
    series = _series_for(definition.pk, unit.pk)
    point, made = Point.objects.select_for_update().get_or_create(series=series, period_on=period_on)
    old = Numbers() if made else Numbers(point.numerator, point.denominator, point.value)
    if old != seen:
        raise ChangedMeanwhile(old)
    new = Numbers(numerator, denominator, value)
    return Entered(_keep(point, old, new, actor=actor, at=at, why=why or "typed in"), period_on, old, new)


@dataclass(frozen=True, slots=True)
class Block:
    """What storing a pasted block did, or with a dry run would do; the batch is what undo takes back."""

    batch: uuid.UUID
    new: tuple[date, ...]
    changed: tuple[tuple[date, Numbers, Numbers], ...]
    unchanged: int
    kept: tuple[date, ...] = ()  # on undo: months that somebody has changed since, left as they are


@transaction.atomic
def enter_block(
    *,
    actor: Viewer,
    at: datetime,
    definition: Definition,
    unit: UnitFacts,
    rows: Sequence[PastedRow],
    dry_run: bool = False,
) -> Block:
    """Store a pasted block, all of it or none; with a dry run only say what it would do."""
    _refuse_unless_allowed(actor, definition, unit)
    if late := [row.month for row in rows if row.month > at.date()]:
        raise UnableToStoreFigure(f"{late[0]:%B %Y} has not begun.", to_do="Leave out months of the future.", field="block")
    series = _series_for(definition.pk, unit.pk)
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
    return Block(batch, tuple(new), tuple(changed), unchanged)


@transaction.atomic
def undo_block(*, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts, batch: uuid.UUID | None) -> Block:
    """Take back a pasted block: each month goes back unless somebody changed it since; those are named and left."""
    _refuse_unless_allowed(actor, definition, unit)
    series = _series_for(definition.pk, unit.pk)
    kept = list(PointVersion.objects.filter(batch=batch, series_id=series.pk)) if batch else []
    if not kept:
        raise UnableTo("There is nothing to undo.", to_do="Open the chart and look at the figures.", code="no-version")
    back, left = [], []
    standing = {point.period_on: point for point in Point.objects.select_for_update().filter(series=series)}
    undone = uuid.uuid4()
    for version in kept:
        point = standing.get(version.period_on)
        now = Numbers(point.numerator, point.denominator, point.value) if point else Numbers()
        if point is None or now != Numbers(version.new_numerator, version.new_denominator, version.new_value):
            left.append(version.period_on)
            continue
        old = Numbers(version.old_numerator, version.old_denominator, version.old_value)
        _keep(point, now, old, actor=actor, at=at, why="undone", batch=undone)
        back.append((version.period_on, now, old))
    record(actor=actor, verb="undo", object_kind="series", object_id=str(series.pk), at=at, detail={"months": len(back), "left": len(left)})
    return Block(undone, (), tuple(back), 0, tuple(sorted(left)))


def _refuse_unless_allowed(actor: Viewer, definition: Definition, unit: UnitFacts) -> None:
    if not (decision := may_enter(viewer=actor, unit=unit, definition=definition.words)):
        raise UnableToEnter(decision.reason)


@transaction.atomic
def undo_entry(*, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts, version: uuid.UUID | None) -> Entered:
    """Put back what stood before an entry, unless somebody has changed the figure since."""
    _refuse_unless_allowed(actor, definition, unit)
    kept = version and PointVersion.objects.filter(pk=version, series_id=_series_for(definition.pk, unit.pk).pk).first()
    if not kept:
        raise UnableTo("There is nothing to undo.", to_do="Open the chart and look at the figure.", code="no-version")
    point = Point.objects.select_for_update().filter(series_id=kept.series_id, period_on=kept.period_on).first()
    now = Numbers(point.numerator, point.denominator, point.value) if point else Numbers()
    if point is None or now != Numbers(kept.new_numerator, kept.new_denominator, kept.new_value):
        raise UnableTo("Somebody has changed this figure since.", to_do="Open the month and type the right figure.", code="changed-since")
    back = Numbers(kept.old_numerator, kept.old_denominator, kept.old_value)
    return Entered(_keep(point, now, back, actor=actor, at=at, why="undone"), kept.period_on, now, back)


def _series_for(measure_id: int, unit_id: int) -> Series:
    """Return the series this person may see at a unit, or a new open one."""
    found = Series.objects.filter(measure_id=measure_id, unit_id=unit_id, stratum="").order_by("owner_id").first()
    return found or Series.objects.create(measure_id=measure_id, unit_id=unit_id)


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


__all__ = [
    "Block", "ChangedMeanwhile", "Entered", "Figure", "Numbers", "Stored", "UnableToEnter", "UnableToStoreFigure",
    "enter_block", "enter_figure", "publish_definitions", "read_published", "store_figures", "undo_block", "undo_entry", "value_of",
]  # fmt: skip
