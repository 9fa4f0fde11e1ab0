"""Units and their dated relations, as published files say them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Q

from espalier.audit.recording import record
from espalier.imports.tables import FileProblem, read_tables
from espalier.organisations.models import PART_OF, SUCCEEDED_BY, Below, Kind, Relation, Unit
from espalier.organisations.rules import (
    ENGLAND,
    PlacesReading,
    RelationFact,
    Sighting,
    UnitFact,
    load_kinds,
    load_tree,
    parse_places,
    short_name,
    tidy_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from espalier.access.viewer import Viewer

NOT_KNOWN = "region not known"
TOP = {"nation", "region", "national-group"}
STILL_REPORTS = "it went on reporting"
BATCH = 2000


@dataclass(frozen=True, slots=True)
class PlacesLoaded:
    """What loading the packed places did; all zero when they were there already."""

    kinds: int
    units: int
    relations: int


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One fact of one known unit that a file would change. Empty is "not known"."""

    code: str
    name: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class UnitsPreview:
    """What a file of units would do (dry run) or did. With problems nothing is ever stored."""

    file: str
    as_of: date
    new: tuple[UnitFact, ...]
    changed: tuple[UnitChange, ...]
    unchanged: int
    unplaced: tuple[str, ...]
    problems: tuple[FileProblem, ...]
    stored: bool


@transaction.atomic
def load_open_places(*, actor: Viewer, at: datetime, content_dir: Path) -> PlacesLoaded:
    """Load kinds and the packed editions of real places into an empty tree.

    Once England is there it only brings the kinds up to date: a newer file somebody loaded since would otherwise be
    overwritten by the older packed ones at the next start.
    """
    kinds = load_kinds(content_dir / "units")
    Kind.objects.bulk_create(
        [Kind(code=k.code, name=k.name, plural=k.plural, rank=k.rank, is_organisation=k.is_organisation) for k in kinds],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "plural", "rank", "is_organisation"],
    )
    if Unit.objects.filter(code=ENGLAND).exists():
        return PlacesLoaded(len(kinds), 0, 0)
    tree = load_tree(content_dir)
    ids = _create_units(tree.units)
    copy_relations(tree.relations, ids)
    rebuild_below()
    detail = {"units": len(ids), "relations": len(tree.relations)}
    record(actor=actor, verb="load", object_kind="units", object_id="open-places", at=at, detail=detail)
    return PlacesLoaded(len(kinds), len(ids), len(tree.relations))


@transaction.atomic
def import_units(
    *,
    actor: Viewer,
    at: datetime,
    file: str,
    content: bytes,
    as_of: date | None = None,
    source: str = "",
    dry_run: bool = False,
) -> UnitsPreview:
    """Compare a file of units with the tree and, unless it is a dry run, store what is new or changed.

    `as_of` is the day the file describes; without it, the day of loading. A unit missing from the file is left alone:
    the ODS drops closed bodies after some years, which does not undo them. A parent counts as unchanged when the unit
    already lies anywhere below it, so that a coarse file never tears a practice out of its network.
    """
    day = as_of or at.date()
    tables = read_tables(file, content)
    reading = parse_places(tables, as_of=day, source=source or file)
    known = {unit.code: unit for unit in Unit.objects.filter(code__in=[u.code for u in reading.units])}
    new = tuple(_ready(unit) for unit in reading.units if unit.code not in known)
    placed, unplaced = _placed(reading, new)
    changed = (*_changed_facts(reading.units, known), *_changed_parents(placed, known, day))
    touched = {change.code for change in changed}
    preview = UnitsPreview(
        file,
        day,
        new,
        changed,
        sum(1 for code in known if code not in touched),
        unplaced,
        reading.problems,
        stored=False,
    )
    if dry_run or reading.problems:
        return preview
    _store(reading, new, changed, placed, day)
    detail = {"new": len(new), "changed": len(changed), "as_of": day.isoformat()}
    record(actor=actor, verb="import", object_kind="units", object_id=file[:120], at=at, detail=detail)
    return replace(preview, stored=True)


def rebuild_below() -> int:
    """Rebuild the closure whole, once, after relations changed; returns how many rows it has.

    Posts and roles at a unit that now lies in another organisation come to belong to that one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_rebuild_below()")
        made = int(cursor.fetchone()[0])
        cursor.execute("SELECT organisations_reown()")
    return made


def _create_units(units: Iterable[UnitFact]) -> dict[str, int]:
    rows = [
        Unit(
            code=u.code,
            name=u.name[:200],
            short_name=u.short_name[:120],
            kind_id=u.kind,
            country=u.country,
            opened_on=u.opened_on,
            closed_on=u.closed_on,
            source=u.source[:200],
        )
        for u in units
    ]
    return {unit.code: unit.pk for unit in Unit.objects.bulk_create(rows, batch_size=BATCH)}


def copy_relations(relations: Iterable[RelationFact], ids: Mapping[str, int]) -> None:
    """Write relations in one go, by the codes of units that are there."""
    columns = "child_id, parent_id, kind, since, until, inferred, verified, source"
    with connection.cursor() as cursor, cursor.copy(f"COPY organisations_relation ({columns}) FROM STDIN") as copy:
        for r in relations:
            copy.write_row((ids[r.child], ids[r.parent], r.kind, r.since, r.until, r.inferred, r.verified, r.source[:200]))


def _ready(unit: UnitFact) -> UnitFact:
    name = tidy_name(unit.name)
    return replace(unit, name=name, short_name=short_name(name))


def _placed(reading: PlacesReading, new: Iterable[UnitFact]) -> tuple[dict[str, Sighting], tuple[str, ...]]:
    """Choose one parent for each unit; one whose parent nobody knows stands under England, and is named."""
    inside = {unit.code for unit in reading.units}
    parents = {s.parent for s in reading.sightings}
    inside |= set(Unit.objects.filter(code__in=parents).values_list("code", flat=True))
    placed = {s.child: s for s in reading.sightings if s.parent in inside}
    return placed, tuple(sorted(unit.code for unit in new if unit.code not in placed and unit.kind not in TOP))


def _changed_facts(units: Iterable[UnitFact], known: Mapping[str, Unit]) -> list[UnitChange]:
    changes: list[UnitChange] = []
    for fact in units:
        unit = known.get(fact.code)
        if unit is None:
            continue
        # The file shouts its names; only other letters make another name.
        if " ".join(fact.name.split()).lower() != unit.name.lower():
            changes.append(UnitChange(unit.code, unit.name, "name", unit.name, tidy_name(fact.name)))
        for what, old, new in (
            ("opened_on", unit.opened_on, fact.opened_on),
            ("closed_on", unit.closed_on, fact.closed_on),
        ):
            if new is not None and new != old:
                changes.append(UnitChange(unit.code, unit.name, what, old.isoformat() if old else "", new.isoformat()))
    return changes


def _changed_parents(placed: Mapping[str, Sighting], known: Mapping[str, Unit], day: date) -> list[UnitChange]:
    """Find known units that did not lie below the file's parent on its day, and whose last move is older than it."""
    codes = [code for code in placed if code in known]
    lies = set(
        Below.objects.filter(unit__code__in=codes, depth__gt=0, since__lte=day, until__gt=day).values_list("unit__code", "ancestor__code"),
    )
    now = {
        child: (parent, since)
        for child, parent, since in Relation.objects.filter(_open_on(day), child__code__in=codes, kind=PART_OF).values_list(
            "child__code", "parent__code", "since"
        )
    }
    changes = []
    for code in codes:
        parent = placed[code].parent
        old, since = now.get(code, ("", None))
        closed = known[code].closed_on
        if (code, parent) in lies or (since and since >= day) or (closed and closed < day):
            continue
        changes.append(UnitChange(code, known[code].name, "part_of", old, parent))
    return changes


def _open_on(day: date) -> Q:
    return (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gt=day))


def _store(
    reading: PlacesReading,
    new: tuple[UnitFact, ...],
    changed: tuple[UnitChange, ...],
    placed: Mapping[str, Sighting],
    day: date,
) -> None:
    _create_units(new)
    codes = {*placed, *(s.parent for s in placed.values()), *(u.code for u in new), *(c.code for c in changed), ENGLAND}
    codes |= {code for s in reading.successions for code in (s.child, s.parent)}
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    ids = {code: unit.pk for code, unit in units.items()}
    _change_facts(changed, units)
    moved = [c for c in changed if c.what == "part_of"]
    Relation.objects.filter(_open_on(day), child__code__in=[c.code for c in moved], kind=PART_OF).update(until=day)
    relations = [RelationFact(c.code, c.new, PART_OF, day, None, source=reading.source) for c in moved]
    relations += [part for unit in new for part in _first_relations(unit, placed.get(unit.code), day, reading.source)]
    relations += _new_successions(reading, ids)
    copy_relations(relations, ids)
    _end_closed(units, changed)
    rebuild_below()


def _change_facts(changed: Iterable[UnitChange], units: Mapping[str, Unit]) -> None:
    touched = {}
    for change in changed:
        unit = units[change.code]
        if change.what == "name":
            unit.name, unit.short_name = change.new[:200], short_name(change.new)[:120]
        elif change.what in {"opened_on", "closed_on"}:
            setattr(unit, change.what, date.fromisoformat(change.new))
        touched[unit.pk] = unit
    Unit.objects.bulk_update(touched.values(), ["name", "short_name", "opened_on", "closed_on"], batch_size=BATCH)


def _first_relations(unit: UnitFact, seen: Sighting | None, day: date, source: str) -> list[RelationFact]:
    """Place a new unit from its opening; the time before the file is inferred."""
    if unit.kind == "nation":
        return []
    parent = seen.parent if seen else ENGLAND
    end = unit.closed_on + timedelta(days=1) if unit.closed_on else None
    known = min(day, end) if end else day
    start = max(known, unit.opened_on) if unit.opened_on else known
    said = source if seen else NOT_KNOWN
    parts = [
        RelationFact(unit.code, parent, PART_OF, unit.opened_on, known, inferred=True, source=said),
        RelationFact(unit.code, parent, PART_OF, start, end, source=said),
    ]
    return [p for p in parts if p.since is None or p.until is None or p.since < p.until]


def _new_successions(reading: PlacesReading, ids: Mapping[str, int]) -> list[RelationFact]:
    known = set(Relation.objects.filter(kind=SUCCEEDED_BY).values_list("child_id", "parent_id"))
    return [
        RelationFact(s.child, s.parent, SUCCEEDED_BY, s.on, None, verified=s.verified, source=s.source)
        for s in reading.successions
        if s.child in ids and s.parent in ids and (ids[s.child], ids[s.parent]) not in known
    ]


def _end_closed(units: Mapping[str, Unit], changed: Iterable[UnitChange]) -> None:
    """A body that has closed is part of nothing from the day after."""
    for change in changed:
        if change.what == "closed_on":
            end = date.fromisoformat(change.new) + timedelta(days=1)
            stays = Relation.objects.filter(child_id=units[change.code].pk, kind=PART_OF)
            stays.filter(since__gte=end).delete()
            stays.filter(Q(until=None) | Q(until__gt=end)).update(until=end)


@transaction.atomic
def keep_while_reporting(*, actor: Viewer, at: datetime, until: Mapping[int, date]) -> int:
    """Let units lie where they last lay for as long as they report figures; returns how many had to be stretched.

    A merged trust often reports under its old code for some months. Cut off on its closing day, those months would be
    missing from its region and from England, so the stay is stretched and marked inferred.
    """
    ends: dict[int, tuple[int, date | None]] = {}
    rows = Relation.objects.filter(child_id__in=until, kind=PART_OF).order_by("child_id", F("until").asc(nulls_last=True))
    for child, parent, end in rows.values_list("child_id", "parent_id", "until"):
        ends[child] = (parent, end)
    short = {child: (parent, end) for child, (parent, end) in ends.items() if end is not None and end < until[child]}
    Relation.objects.bulk_create(
        Relation(child_id=child, parent_id=parent, kind=PART_OF, since=end, until=until[child], inferred=True, source=STILL_REPORTS)
        for child, (parent, end) in short.items()
    )
    if short:
        rebuild_below()
        record(actor=actor, verb="stretch", object_kind="units", object_id="part_of", at=at, detail={"units": len(short)})
    return len(short)
