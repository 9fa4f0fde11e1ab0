"""What hangs on places: people, agreements, and what every other room says of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.affected import Affected, Counting, gather
from espalier.organisations.models import PART_OF, Below, Relation, Removal, Unit
from espalier.organisations.queries.units import FACTS, UnitFacts, facts_of
from espalier.organisations.rules import changing as rules

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries.planning import Plan

LISTED = 12


@dataclass(frozen=True, slots=True)
class Effects:
    """What a plan would do, counted: the places it moves or closes, those below, and what hangs on all of them."""

    places: tuple[UnitFacts, ...]  # that come to lie elsewhere or close with it, the first few
    number: int
    below: int  # everything that lies below the place
    hangs: tuple[Affected, ...]


def affected(*, viewer: Viewer, unit_ids: Collection[int], on: date | None) -> Counting:
    """Count people with a post or a role at these units from a day on, and agreements; never who."""
    del viewer
    return Counting(
        "(SELECT ARRAY[people, agreements] FROM organisations_affected(%s, %s))",
        (list(unit_ids), on),
        (
            Affected("person with a post or a role", "people with a post or a role"),
            Affected("agreement to share figures", "agreements to share figures", "Each holds for the days on which it was given."),
        ),
    )


def effects(*, viewer: Viewer, plan: Plan) -> Effects:
    """Count what a plan concerns: the place with all that lies below it on the day."""
    wish = plan.wish
    elsewhere = {s.child for s in plan.before} - {wish.unit.pk}
    below = list(Below.objects.filter(ancestor_id=wish.unit.pk, since__lte=wish.on, until__gt=wish.on).values_list("unit_id", flat=True))
    concerned = [] if wish.what == rules.ADD else [wish.unit.pk] if wish.what in {rules.SPLIT, rules.RENAME} else below or [wish.unit.pk]
    moved = Unit.objects.filter(pk__in=elsewhere).order_by("kind__rank", "name").values_list(*FACTS)[:LISTED] if elsewhere else []
    listed = facts_of(moved)
    hangs = gather(viewer=viewer, unit_ids=concerned, on=wish.on) if concerned else ()
    return Effects(tuple(listed), len(elsewhere), len(set(below) - {wish.unit.pk}), hangs)


def what_keeps(*, viewer: Viewer, unit_id: int) -> str:
    """Say why a place cannot be deleted; empty when nothing has ever been in it, at it, or come after it."""
    kind = Relation.objects.filter(parent_id=unit_id).order_by("kind").values_list("kind", flat=True).first()
    if kind:
        return "other places lie in it, or did" if kind == PART_OF else "it took over from another place"
    hangs = gather(viewer=viewer, unit_ids=[unit_id], on=None)
    return " and ".join(f"it has {one.number:,} {one.one if one.number == 1 else one.many}" for one in hangs)


def waiting(*, viewer: Viewer, unit_id: int) -> tuple[str, date] | None:
    """Return why, and from which day on, a place will be gone for good; None where nobody asked for that."""
    del viewer
    return Removal.objects.filter(pk=unit_id).values_list("why", "due_on").first()
