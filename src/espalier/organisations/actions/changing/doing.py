"""Add, rename, move, merge, split, close and reopen places, and undo that: each in one transaction, from a day on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction

from espalier.audit.recording import record
from espalier.common.affected import gather
from espalier.organisations.actions.changing.working import make_units, one_at_a_time, put_back, rebuild_and_check, snapshot, write
from espalier.organisations.models import Change, Relation, Unit
from espalier.organisations.queries import may_look_after, plan, seen_now, units
from espalier.organisations.rules import ChangedMeanwhile, UnableToChange

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import Plan, Wish


@transaction.atomic
def change_place(*, actor: Viewer, at: datetime, wish: Wish, seen: str) -> int:
    """Do what was looked at, and return the number under which it can be undone.

    The plan is made again under the lock: if somebody changed one of the places since the person looked (`seen`), nothing
    is stored. What lies before the day is never touched, so figures stay where they lay on each day.
    """
    one_at_a_time()
    if seen != seen_now(wish):
        raise ChangedMeanwhile(
            f"Somebody changed {wish.unit.name} since you looked.", to_do="Nothing was stored. Look at what stands now, and decide again."
        )
    # What the page had read was read before the lock; what counts is what stands now.
    now = units(viewer=actor, pks=[one.pk for one in (wish.unit, wish.other) if one])
    wish = replace(wish, unit=now[wish.unit.pk], other=now[wish.other.pk] if wish.other else None)
    doing = plan(viewer=actor, today=at.date(), wish=wish)
    before = snapshot(doing.touched)
    made = make_units(doing.new, Unit.objects.get(pk=wish.unit.pk))
    write(doing, made, at.date())
    touched = sorted({*doing.touched, *made.values()})
    done = Change.objects.create(
        unit_id=wish.unit.pk, what=wish.what, on=wish.on, touched=touched, before=before, after={}, said=_said(doing),
        done_at=at, done_by_id=actor.account_id,
    )  # fmt: skip
    rebuild_and_check(touched)
    if doing.people_from:
        heir = made.get(doing.people_to or 0, doing.people_to)
        _call("SELECT organisations_follow(%s, %s, %s, %s)", [done.pk, list(doing.people_from), heir, wish.on])
    done.after = snapshot(touched) | {"new": sorted(made.values())}
    done.save(update_fields=["after"])
    detail = {"before": before, "after": done.after, "on": wish.on.isoformat()}
    record(actor=actor, verb=wish.what, object_kind="unit", object_id=wish.unit.code, at=at, detail=detail)
    return int(done.pk)


def _said(doing: Plan) -> dict[str, Any]:
    """Return names as they were when it was done, for lists: what is renamed later still reads as it was decided."""
    wish = doing.wish
    return {
        "name": wish.name, "names": [one.name for one in doing.new], "codes": [one.code for one in doing.new],
        "other": wish.other.name if wish.other else "", "place": wish.unit.name, "ends": wish.ends, "inside": wish.inside,
        "was": doing.parent.name if doing.parent else "",
    }  # fmt: skip


def _call(statement: str, facts: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)


@transaction.atomic
def undo_change(*, actor: Viewer, at: datetime, pk: int) -> None:
    """Put everything back as it stood before a change, to the last row; refused where something has changed on top of it."""
    one_at_a_time()
    done = Change.objects.select_for_update().filter(pk=pk).first()
    if done is None:
        raise UnableToChange("There is nothing like that to undo.", to_do="Look at the list of what was done.", code="nothing")
    where = units(viewer=actor, pks=[done.unit_id])[done.unit_id]
    if not (decision := may_look_after(viewer=actor, unit=where, today=at.date())):
        raise UnableToChange(decision.reason, code="not-allowed")
    if done.undone_at is not None:
        return
    new = done.after["new"]
    now = snapshot(done.touched)
    if now | {"new": new} != done.after or _hangs_on(actor, new, done.touched):
        raise ChangedMeanwhile(
            "Something has changed since, and would be lost.", to_do="Undo what came later first, or make a new change.", code="changed"
        )
    _call("SELECT organisations_unfollow(%s)", [done.pk])
    put_back(done.before, now)
    delete_units(new)
    rebuild_and_check([one for one in done.touched if one not in new])
    done.undone_at = at
    done.save(update_fields=["undone_at"])
    detail = {"before": done.after, "after": done.before, "what": done.what, "change": done.pk}
    record(actor=actor, verb="undo", object_kind="unit", object_id=where.code, at=at, detail=detail)


def _hangs_on(actor: Viewer, new: list[int], touched: list[int]) -> bool:
    """Whether anything was put into a place that undoing would take away, beyond what the change itself put there."""
    if not new:
        return False
    children = Relation.objects.filter(parent_id__in=new).exclude(child_id__in=touched).exists()
    later = Change.objects.filter(unit_id__in=new, undone_at=None).exists()
    elsewhere = gather(viewer=actor, unit_ids=new, on=None, but=("organisations",))
    return children or later or _hanging(new) > 0 or bool(elsewhere)


def _hanging(new: list[int]) -> int:
    """Return how many posts, roles and agreements stand at new places that did not follow there by the change itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_hanging(%s)", [new])
        return int(cursor.fetchone()[0])


def delete_units(pks: list[int]) -> None:
    """Take units away for good. The database refuses at once, not at the end, if anything still speaks of one."""
    if not pks:
        return
    try:
        with transaction.atomic():
            _call("SET CONSTRAINTS ALL IMMEDIATE", [])
            Relation.objects.filter(child_id__in=pks).delete()
            _call("DELETE FROM organisations_change WHERE unit_id = ANY (%s)", [pks])
            _call("DELETE FROM organisations_naming WHERE unit_id = ANY (%s)", [pks])
            _call("DELETE FROM organisations_removal WHERE unit_id = ANY (%s)", [pks])
            _call("DELETE FROM organisations_below WHERE unit_id = ANY (%s) OR ancestor_id = ANY (%s)", [pks, pks])
            _call("DELETE FROM organisations_part WHERE unit_id = ANY (%s) OR ancestor_id = ANY (%s) OR part_id = ANY (%s)", [pks] * 3)
            _call("DELETE FROM organisations_unit WHERE id = ANY (%s)", [pks])
            _call("SET CONSTRAINTS ALL DEFERRED", [])
    except IntegrityError as trouble:
        raise ChangedMeanwhile(
            "Something still belongs to it, and would be lost.", to_do="Close the place instead: then its past stays.", code="not-empty"
        ) from trouble
