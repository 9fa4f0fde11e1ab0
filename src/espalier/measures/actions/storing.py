"""Many figures at once: all of them or none, and what stood before is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.common.periods import EARLIEST, Grain, period_start, step
from espalier.measures.models import Measure
from espalier.measures.rules import ONLY_RELEASED, RELEASED, SHARED, scope_of
from espalier.organisations import actions as places
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime
    from uuid import UUID

    from django.db.backends.utils import CursorWrapper

    from espalier.access.viewer import Viewer
    from espalier.measures.rules import Figure


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing figures did, or with a dry run would do."""

    new: int
    changed: int
    unchanged: int
    unknown_units: tuple[str, ...] = ()


@transaction.atomic
def store_figures(
    *,
    actor: Viewer,
    at: datetime,
    why: str,
    figures: Iterable[Figure],
    owner_id: int | None = None,
    dry_run: bool = False,
    batch: UUID | None = None,
) -> Stored:
    """Store figures: all of them or none. Those of a shared measure belong to the organisation of their unit.

    A figure already stored is unchanged or becomes a new version; units that are not known are named and left out, so
    that a newer file with one new provider does not stop the rest. Loading the same file twice changes nothing.
    With a batch each new figure has a version too, so that all of them can be taken back together.
    """
    rows = list(figures)
    if late := [row for row in rows if row.period_on > at.date()]:
        what = f"There is a figure for {late[0].period_on:%B %Y}, which has not begun."
        raise UnableTo(what, to_do="Check the months of the file.", code="future")
    measures, grains, shared = _measures({row.measure for row in rows})
    if missing := {row.measure for row in rows} - measures.keys():
        raise UnableTo(f"There is no measure {min(missing)!r}.", to_do="Add its definition to content/measures first.", code="no-measure")
    _refuse_other_days(rows, grains)
    units = organisations.ids_of_codes({row.unit for row in rows})
    unknown = tuple(sorted({row.unit for row in rows} - units.keys()))
    owners = _owners(rows, shared, units, owner_id)
    _fill_incoming((measures[row.measure], units[row.unit], owners(row), row) for row in rows if row.unit in units)
    _refuse_twice_the_same()
    if not dry_run:
        _make_series()
    done = _merge(actor=actor, at=at, why=why, dry_run=dry_run, unknown=unknown, batch=batch)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE incoming")
    if not dry_run and (done.new or done.changed):
        places.keep_while_reporting(actor=actor, at=at, until=_reported_until(rows, units, grains))
        record(
            actor=actor,
            verb="store",
            object_kind="points",
            object_id=why[:120],
            at=at,
            detail={"new": done.new, "changed": done.changed, "unchanged": done.unchanged, "unknown": len(unknown)},
        )
    return done


def _measures(wanted: set[str]) -> tuple[dict[str, int], dict[str, Grain], set[str]]:
    """Return the number of each measure by its code, the length of its periods, and which are shared."""
    rows = list(Measure.objects.filter(code__in=wanted).values_list("code", "pk", "definition"))
    scopes = {code: scope_of(definition) for code, _, definition in rows}
    if about_people := sorted(code for code, scope in scopes.items() if scope == RELEASED):
        raise UnableTo(ONLY_RELEASED, where=about_people[0], to_do="Leave out that measure.", code="released")
    grains: dict[str, Grain] = {code: definition["frequency"] for code, _, definition in rows}
    return {code: pk for code, pk, _ in rows}, grains, {code for code, scope in scopes.items() if scope == SHARED}


def _owners(rows: list[Figure], shared: set[str], units: dict[str, int], owner_id: int | None) -> Callable[[Figure], int | None]:
    """Return whose each figure is: of an open measure nobody's, of a shared one the organisation's of its unit."""
    theirs = organisations.owners_of({units[row.unit] for row in rows if row.measure in shared and row.unit in units})
    return lambda row: theirs[units[row.unit]] if row.measure in shared and owner_id is None else owner_id


def _refuse_other_days(rows: list[Figure], grains: dict[str, Grain]) -> None:
    """Refuse a day on which no period begins: beside the right one it would be a second figure for one period."""
    for code, day in {(row.measure, row.period_on) for row in rows}:
        if (start := period_start(day, grains[code])) != day:
            what = f"No {grains[code]} begins on {day.day} {day:%B %Y}, and {code} is counted by the {grains[code]}."
            raise UnableTo(what, to_do=f"Write {start.day} {start:%B %Y}.", code="not-a-start")


def _reported_until(rows: list[Figure], units: dict[str, int], grains: dict[str, Grain]) -> dict[int, date]:
    """Return the day after the last period each unit reported."""
    last: dict[str, date] = {}
    for unit, measure, day in {(row.unit, row.measure, row.period_on) for row in rows}:
        last[unit] = max(last.get(unit, EARLIEST), step(day, grains[measure], 1))
    return {units[code]: until for code, until in last.items() if code in units}


def _fill_incoming(rows: Iterable[tuple[int, int, int | None, Figure]]) -> None:
    """Copy the figures beside the tables: one statement then compares them all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE incoming (measure_id bigint, unit_id bigint, owner_id bigint, stratum text, period_on date,"
            " numerator float8, denominator float8, value float8) ON COMMIT DROP",
        )
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for measure_id, unit_id, owner_id, row in rows:
                copy.write_row((measure_id, unit_id, owner_id, row.stratum, row.period_on, row.numerator, row.denominator, row.value))
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


def _make_series() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO measures_series (measure_id, unit_id, stratum, owner_id)"
            " SELECT DISTINCT measure_id, unit_id, stratum, owner_id FROM incoming ON CONFLICT DO NOTHING",
        )


_MATCHED = (
    " FROM incoming i LEFT JOIN measures_series s ON s.measure_id = i.measure_id AND s.unit_id = i.unit_id"
    " AND s.stratum = i.stratum AND s.owner_id IS NOT DISTINCT FROM i.owner_id AND s.made_by = 'figures'"
    " LEFT JOIN measures_point p ON p.series_id = s.id AND p.period_on = i.period_on"
)
_DIFFERS = "(p.numerator, p.denominator, p.value) IS DISTINCT FROM (i.numerator, i.denominator, i.value)"
_HAS_FIGURES = "EXISTS (SELECT 1 FROM measures_point q WHERE q.series_id = s.id)"


def _merge(
    *,
    actor: Viewer,
    at: datetime,
    why: str,
    dry_run: bool,
    unknown: tuple[str, ...],
    batch: UUID | None,
) -> Stored:
    facts: dict[str, Any] = {"account": actor.account_id, "at": at, "why": why[:300], "batch": batch}
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
                " AND s.owner_id IS NOT DISTINCT FROM i.owner_id AND s.made_by = 'figures'"
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
    """Keep what stood before, who changed it and why. INSERT, not COPY: row-level security allows no COPY.

    A new month of a series that had figures is a version too, so that a chart can be drawn as it stood on any day. Of a
    series nobody knew before, nothing stood: its first load would only double the table.
    """
    cursor.execute(
        "INSERT INTO measures_pointversion (id, series_id, period_on, old_numerator, old_denominator, old_value,"
        " new_numerator, new_denominator, new_value, removed, batch, account_id, at, why)"
        " SELECT gen_random_uuid(), s.id, i.period_on, p.numerator, p.denominator, p.value, i.numerator, i.denominator, i.value,"
        " false, %(batch)s::uuid, %(account)s, %(at)s, %(why)s" + _MATCHED
        + f" WHERE CASE WHEN p.id IS NULL THEN %(batch)s::uuid IS NOT NULL OR {_HAS_FIGURES} ELSE {_DIFFERS} END",
        facts,
    )
