"""What cannot be done to a place, each with a sentence for the person who wished it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from espalier.organisations.models import PART_OF, Below, Kind, Relation, Unit
from espalier.organisations.queries.units import UnitFacts, way_up
from espalier.organisations.rules import changing as rules
from espalier.organisations.rules.changing import UnableToChange

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.organisations.rules.changing import Stay

DAY = timedelta(days=1)


def siblings_named(*, parent_id: int, on: date, names: Collection[str], but: int = 0) -> str:
    """Return a name of the list that something directly in a place bears already on or after a day."""
    inside = Relation.objects.filter(Q(until=None) | Q(until__gt=on), kind=PART_OF, parent_id=parent_id).exclude(child_id=but)
    taken = {" ".join(name.split()).casefold() for name in inside.values_list("child__name", flat=True)}
    return next((name for name in names if " ".join(name.split()).casefold() in taken), "")


def refuse_unless_open(unit: UnitFacts, on: date) -> None:
    """Refuse a day on which a place is not yet, or no longer, there."""
    if unit.opened_on is not None and unit.opened_on > on:
        raise UnableToChange(f"{unit.name} opens on {unit.opened_on:%-d %B %Y}.", to_do="Choose that day or a later one.", code="not-open")
    if unit.closed_on is not None and unit.closed_on < on:
        closed = f"{unit.name} closed on {unit.closed_on:%-d %B %Y}."
        raise UnableToChange(closed, to_do="Choose an earlier day, or another place.", code="closed")


def refuse_closing(unit: UnitFacts, until: date | None) -> None:
    """Refuse a place that closes before the end of a stay in it; until None is for good."""
    if unit.closed_on is not None and (until is None or until > unit.closed_on + DAY):
        raise UnableToChange(
            f"{unit.name} closes on {unit.closed_on:%-d %B %Y}, so nothing more can be put in it.",
            to_do="Choose another place.", code="closes",
        )  # fmt: skip


def kind_of(unit: UnitFacts) -> rules.KindOf:
    """Return what the rules must know of a unit's kind."""
    return rules.KindOf(unit.kind, unit.rank, unit.is_organisation)


def refuse_wrong_kind(child: rules.KindOf, child_name: str, parent: UnitFacts) -> None:
    """Refuse to put what is higher into what is lower."""
    if not rules.may_lie_in(child, kind_of(parent)):
        raise UnableToChange(
            f"{child_name} cannot be part of {parent.name}: a {parent.kind_name.lower()} stands no higher.",
            to_do="Choose a place that stands higher.", code="kind",
        )  # fmt: skip


def refuse_deep(viewer: Viewer, parent: UnitFacts, on: date, unit_id: int | None = None) -> tuple[UnitFacts, ...]:
    """Refuse what would stand too many steps from the top; returns the way up from the parent."""
    up = way_up(viewer=viewer, unit_id=parent.pk, on=on)
    inside = Below.objects.filter(ancestor_id=unit_id, until__gt=on).order_by("-depth").values_list("depth", flat=True)
    below = 0 if unit_id is None else inside.first() or 0
    if len(up) + 2 + below > rules.DEEPEST:
        raise UnableToChange(f"That would be more than {rules.DEEPEST} steps from the top.", to_do="Choose a higher place.", code="deep")
    return up


def refuse_other_nation(viewer: Viewer, unit: UnitFacts, other: UnitFacts, on: date, up: tuple[UnitFacts, ...]) -> None:
    """Refuse what would join two trees: nothing of England comes to lie in Wales, nothing made up in either."""
    own = way_up(viewer=viewer, unit_id=unit.pk, on=on)
    if unit.country != other.country or (own or (unit,))[0].pk != (up or (other,))[0].pk:
        raise UnableToChange(
            f"{unit.name} and {other.name} do not belong to the same nation.", to_do="Choose a place in the same one.", code="nation"
        )


def refuse_loop(unit: UnitFacts, other: UnitFacts, on: date, until: date | None) -> None:
    """Nothing can lie in itself, nor in what lies in it on any day of the stay."""
    later = Q(since__lt=until) if until is not None else Q()
    if Below.objects.filter(later, ancestor_id=unit.pk, unit_id=other.pk, until__gt=on).exists():
        raise UnableToChange(f"{other.name} lies in {unit.name}, or will.", to_do="Choose a place outside it.", code="loop")


def refuse_taken(parent: UnitFacts, on: date, names: Collection[str], but: int = 0) -> None:
    """Refuse a name that something else directly in the same place bears: people could not tell them apart."""
    if len({" ".join(one.split()).casefold() for one in names}) < len(names):
        raise UnableToChange("Two of the new places have the same name.", to_do="Give each its own.", code="name-taken")
    if taken := siblings_named(parent_id=parent.pk, on=on, names=names, but=but):
        raise UnableToChange(f"There is a place called {taken} in {parent.name} already.", to_do="Choose another name.", code="name-taken")


def refuse_closing_at_once(unit: UnitFacts, on: date) -> None:
    """Refuse to close a place before it opened."""
    if unit.opened_on is not None and on <= unit.opened_on:
        raise UnableToChange(
            f"{unit.name} opened on {unit.opened_on:%-d %B %Y}: it cannot close before.", to_do="Choose a later day.", code="day"
        )


def refuse_wrong_children(children: Iterable[Stay], other: UnitFacts) -> None:
    """Refuse where something that would be handed over cannot lie in the other place."""
    kinds = Kind.objects.filter(pk__in=Unit.objects.filter(pk__in={s.child for s in children}).values("kind_id"))
    for name, code, rank, house in kinds.values_list("plural", "code", "rank", "is_organisation"):
        refuse_wrong_kind(rules.KindOf(code, rank, house), name, other)
