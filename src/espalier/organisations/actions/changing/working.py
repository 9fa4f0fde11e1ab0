"""Rows of the tree: read as they stand, written as a plan says, and put back exactly as they were."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, Q

from espalier.organisations.actions.places import rebuild_below
from espalier.organisations.models import PART_OF, SUCCEEDED_BY, Below, Naming, Relation, Unit
from espalier.organisations.rules import BY_HAND, DEEPEST, UnableToChange, on_day, short_name
from espalier.organisations.rules.changing import Named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from espalier.organisations.queries import NewPlace, Plan

    Rows = dict[str, list[list[Any]]]

RELATION = ("id", "child_id", "parent_id", "kind", "since", "until", "inferred", "verified", "source")
NAMING = ("id", "unit_id", "name", "since", "until")
UNIT = ("id", "name", "short_name", "opened_on", "closed_on")
DAYS = {"since", "until", "opened_on", "closed_on"}


def one_at_a_time() -> None:
    """Wait until nobody else changes the tree; the closure is made anew under the same lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(110, 0)")


def snapshot(touched: Collection[int]) -> Rows:
    """Return every row that says what these units are called, part of and followed by, as plain lists."""
    relations = Relation.objects.filter(child_id__in=touched).order_by("pk").values_list(*RELATION)
    names = Naming.objects.filter(unit_id__in=touched).order_by("pk").values_list(*NAMING)
    units = Unit.objects.filter(pk__in=touched).order_by("pk").values_list(*UNIT)
    return {"relations": _plain(relations), "names": _plain(names), "units": _plain(units)}


def _plain(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in rows]


def make_units(new: Iterable[NewPlace], like: Unit) -> dict[int, int]:
    """Store new units and return the number of each by the one it had in the plan."""
    made = {}
    for one in new:
        facts = {"kind_id": one.kind, "country": like.country, "opened_on": one.opened_on, "source": BY_HAND, "made_up": like.made_up}
        made[one.number] = Unit.objects.create(code=one.code, name=one.name, short_name=short_name(one.name)[:120], **facts).pk
    return made


def write(plan: Plan, made: Mapping[int, int], today: date) -> None:
    """Store a plan's rows: first what goes, then what is cut short, then what is new, so that none overlaps on the way."""
    _write_stays(plan, made)
    on, kept = plan.wish.on, {one.pk for one in plan.names_after}
    Naming.objects.filter(pk__in=[one.pk for one in plan.names_before if one.pk not in kept]).delete()
    for name in plan.names_after:
        if name.pk is not None:
            Naming.objects.filter(pk=name.pk).update(until=name.until)
    Naming.objects.bulk_create(Naming(unit_id=n.unit, name=n.name, since=n.since, until=n.until) for n in plan.names_after if n.pk is None)
    Relation.objects.bulk_create(
        Relation(child_id=old, parent_id=made.get(heir, heir), kind=SUCCEEDED_BY, since=on, source=BY_HAND)
        for old, heir in plan.successions
    )
    for day in set(plan.closes.values()):
        Unit.objects.filter(pk__in=[pk for pk, last in plan.closes.items() if last == day]).update(closed_on=day)
    Unit.objects.filter(pk__in=plan.reopens).update(closed_on=None)
    name_as_of(today, {name.unit for name in plan.names_after})
    concerned = {pk for s in (*plan.before, *plan.after) for pk in (s.child, s.parent)}
    concerned |= {pk for pk, _ in plan.versions} | set(plan.touched)
    Unit.objects.filter(pk__in=concerned).update(version=F("version") + 1)


def _write_stays(plan: Plan, made: Mapping[int, int]) -> None:
    before, kept = {s.pk: s for s in plan.before}, {s.pk for s in plan.after}
    Relation.objects.filter(pk__in=[pk for pk in before if pk not in kept]).delete()
    cut = [s for s in plan.after if s.pk is not None and s != before[s.pk]]
    for day in {s.until for s in cut}:
        Relation.objects.filter(pk__in=[s.pk for s in cut if s.until == day]).update(until=day)
    Relation.objects.bulk_create(
        [
            Relation(
                child_id=made.get(s.child, s.child), parent_id=made.get(s.parent, s.parent), kind=PART_OF, since=s.since, until=s.until,
                inferred=s.inferred, verified=s.verified, source=s.source,
            )
            for s in plan.after if s.pk is None
        ],
        batch_size=2000,
    )  # fmt: skip


def name_as_of(today: date, units: Collection[int] | None = None) -> int:
    """Bring the names that pages show into step with the dated ones; returns how many changed. None takes all units."""
    rows = Naming.objects.filter(Q(unit_id__in=units) if units is not None else Q()).order_by("pk")
    names: dict[int, list[Named]] = {}
    for row in rows.values_list("unit_id", "name", "since", "until", "pk"):
        names.setdefault(row[0], []).append(Named(*row))
    changed = 0
    for pk, several in names.items():
        now = on_day(several, today)
        if now is not None:
            facts = {"name": now.name, "short_name": short_name(now.name)[:120]}
            changed += Unit.objects.filter(pk=pk).exclude(name=now.name).update(**facts)
    return changed


def put_back(before: Rows, now: Rows) -> None:
    """Store the rows as they were, with the very numbers they had; what was added since the snapshot goes."""
    kept: tuple[tuple[Any, tuple[str, ...], str], ...] = ((Relation, RELATION, "relations"), (Naming, NAMING, "names"))
    for model, columns, part in kept:
        old, new = ({row[0]: row for row in rows[part]} for rows in (before, now))
        differ = [pk for pk in new if old.get(pk) != new[pk]]
        model.objects.filter(pk__in=differ).delete()
        missing = [row for pk, row in old.items() if new.get(pk) != row]
        model.objects.bulk_create([model(**_typed(columns, row)) for row in missing])
    for row in before["units"]:
        facts = _typed(UNIT, row)
        Unit.objects.filter(pk=facts.pop("id")).update(**facts, version=F("version") + 1)


def _typed(columns: tuple[str, ...], row: list[Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(cell) if name in DAYS and cell is not None else cell for name, cell in zip(columns, row, strict=True)
    }


def rebuild_and_check(touched: Collection[int]) -> None:
    """Make the closure anew and refuse a tree that is none: whatever was overlooked before, nothing wrong is stored."""
    rebuild_below()
    if Below.objects.filter(ancestor_id=F("unit_id"), depth__gt=0).exists():
        raise UnableToChange("A place would lie in itself.", to_do="Look at where the places lie on that day.", code="loop")
    if Below.objects.filter(depth__gt=DEEPEST).exists():
        raise UnableToChange(f"That would be more than {DEEPEST} steps from the top.", to_do="Choose a higher place.", code="deep")
    inside = Q(child_id__in=touched) | Q(parent_id__in=touched)
    lasting = Relation.objects.filter(inside, kind=PART_OF, parent__closed_on__isnull=False)
    outlives = lasting.filter(Q(until=None) | Q(until__gt=F("parent__closed_on") + 1)).values_list("child__name", "parent__name").first()
    if outlives:
        raise UnableToChange(
            f"{outlives[0]} would lie in {outlives[1]} after that has closed.", to_do="Move or close it first.", code="closed"
        )
