"""What a change of a place would do, worked out before anything is stored: the preview and the action read the same plan."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, Q

from espalier.access.deciding import can_each
from espalier.access.decisions import YES, Decision
from espalier.organisations.models import PART_OF, Below, Kind, Naming, Relation, Unit
from espalier.organisations.queries.refusing import (
    DAY,
    kind_of,
    refuse_closing,
    refuse_closing_at_once,
    refuse_deep,
    refuse_loop,
    refuse_other_nation,
    refuse_taken,
    refuse_unless_open,
    refuse_wrong_children,
    refuse_wrong_kind,
)
from espalier.organisations.queries.units import UnitFacts, way_up
from espalier.organisations.rules import changing as rules
from espalier.organisations.rules.changing import Named, Stay, UnableToChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from espalier.access.viewer import Viewer

CHANGE = "units.change"
UP, TOO = "up", "close"  # what becomes of what lies in a place that closes


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do to a place, from a day on. Which of the fields count depends on what."""

    what: str
    unit: UnitFacts
    on: date  # the first day of the new order; a place closes at the end of the day before
    name: str = ""  # add, rename; merge: what the place that goes on is called from then on
    code: str = ""
    kind: str = ""
    other: UnitFacts | None = None  # move, reopen: the new parent; merge: the place that goes on
    names: tuple[str, ...] = ()  # split: the new places
    ends: bool = False  # split: the old place closes
    inside: str = ""  # close: what becomes of the places in it


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place that the plan makes; until it is stored it has a number below zero."""

    number: int
    code: str
    name: str
    kind: str
    opened_on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row that would change: as it stands, and as it would."""

    wish: Wish
    parent: UnitFacts | None  # what the place is part of on that day
    versions: tuple[tuple[int, int], ...]
    new: tuple[NewPlace, ...] = ()
    before: tuple[Stay, ...] = ()
    after: tuple[Stay, ...] = ()
    successions: tuple[tuple[int, int], ...] = ()
    names_before: tuple[Named, ...] = ()
    names_after: tuple[Named, ...] = ()
    closes: Mapping[int, date] = field(default_factory=dict)
    reopens: tuple[int, ...] = ()
    people_from: tuple[int, ...] = ()
    people_to: int | None = None

    @property
    def seen(self) -> str:
        """What the person has seen of the places named: the confirmation carries it back."""
        return _mark(self.versions)

    @property
    def touched(self) -> tuple[int, ...]:
        """Numbers of the stored units whose own rows change."""
        found = {s.child for s in (*self.before, *self.after)} | {n.unit for n in self.names_after}
        found |= {*self.closes, *self.reopens, *(old for old, _ in self.successions)}
        return tuple(sorted(pk for pk in found if pk > 0))

    @property
    def moving(self) -> int:
        """How many places in it come to lie directly elsewhere."""
        children = {s.child for s in self.before} - {self.wish.unit.pk}
        return len(children - set(self.closes))


def _mark(versions: Iterable[tuple[int, int]]) -> str:
    return ",".join(f"{pk}:{version}" for pk, version in versions)


def seen_now(wish: Wish) -> str:
    """Return what somebody would have seen who looked now."""
    return _mark(_versions(wish.unit, wish.other))


def plan(*, viewer: Viewer, today: date, wish: Wish) -> Plan:
    """Work out what a wish would do, or say why it cannot be."""
    if not (decision := may_change(viewer=viewer, wish=wish, today=today)):
        raise UnableToChange(decision.reason, code="not-allowed")
    _refuse_odd_day(wish)
    return _PLANS[wish.what](viewer, wish)


def may_change(*, viewer: Viewer, wish: Wish, today: date) -> Decision:
    """Whether the viewer may do it, at every place that it concerns.

    What moves a place, or ends it, is decided by who looks after the place it is part of: an administrator of a hospital
    closes its wards, not the hospital.
    """
    places = {wish.unit.pk: wish.unit.name}
    if wish.what not in {rules.ADD, rules.RENAME} or wish.unit.closed_on is not None:
        above = parent_of(viewer=viewer, unit=wish.unit, on=today)
        places = {above.pk: above.name} if above else places
    if wish.other is not None:
        places[wish.other.pk] = wish.other.name
    return next((no for no in can_each(viewer=viewer, do=CHANGE, unit_ids=list(places), names=places).values() if not no), YES)


def may_look_after(
    *, viewer: Viewer, unit: UnitFacts, today: date, do: str = CHANGE, up: tuple[UnitFacts, ...] | None = None
) -> Decision:
    """Whether the viewer may change a place at all; a closed one is looked after where it last lay.

    up is the way up on its last day, where the caller has it.
    """
    places = {unit.pk: unit.name}
    if unit.closed_on is not None or (unit.opened_on is not None and unit.opened_on > today):
        above = parent_of(viewer=viewer, unit=unit, on=today) if up is None else _open_one(up, today)
        places = {above.pk: above.name} if above else places
    return can_each(viewer=viewer, do=do, unit_ids=list(places), names=places)[next(iter(places))]


def parent_of(*, viewer: Viewer, unit: UnitFacts, on: date) -> UnitFacts | None:
    """Return what a unit is part of on a day; of one closed by then the nearest that it last lay in and that is still open."""
    day = on
    if unit.closed_on is not None and unit.closed_on < on:
        day = unit.closed_on
    elif unit.opened_on is not None and unit.opened_on > on:
        day = unit.opened_on
    return _open_one(way_up(viewer=viewer, unit_id=unit.pk, on=day), on)


def _open_one(up: tuple[UnitFacts, ...], on: date) -> UnitFacts | None:
    """Return the nearest of a way up that is still open on a day."""
    return next((one for one in reversed(up) if one.closed_on is None or one.closed_on >= on), None)


def _refuse_odd_day(wish: Wish) -> None:
    if not date(1900, 1, 1) <= wish.on <= date(2200, 1, 1):
        raise UnableToChange("That day is too far away.", to_do="Choose a day between 1900 and 2200.", code="day")
    unit = wish.unit
    if wish.what == rules.REOPEN:
        if unit.closed_on is None or unit.closed_on >= wish.on:
            raise UnableToChange(f"{unit.name} is not closed on that day.", to_do="Choose a day after it closed.", code="open")
        return
    refuse_unless_open(unit, wish.on)


def _stays(children: Iterable[int] | Q) -> tuple[Stay, ...]:
    """Read every stay of these units, the earliest first."""
    which = children if isinstance(children, Q) else Q(child_id__in=list(children))
    rows = Relation.objects.filter(which, kind=PART_OF).order_by("child_id", F("since").asc(nulls_first=True))
    return tuple(Stay(*row) for row in rows.values_list("child_id", "parent_id", "since", "until", "inferred", "verified", "source", "pk"))


def _by_child(stays: Iterable[Stay]) -> dict[int, list[Stay]]:
    found: dict[int, list[Stay]] = {}
    for stay in stays:
        found.setdefault(stay.child, []).append(stay)
    return found


def _stays_of_children(parent: int, on: date) -> tuple[Stay, ...]:
    """Read every stay of each unit that on a day or later lies directly in one."""
    now = Relation.objects.filter(Q(until=None) | Q(until__gt=on), kind=PART_OF, parent_id=parent)
    return _stays(Q(child_id__in=now.values("child_id")))


def _versions(*units: UnitFacts | None) -> tuple[tuple[int, int], ...]:
    pks = [one.pk for one in units if one is not None]
    return tuple(sorted(Unit.objects.filter(pk__in=pks).values_list("pk", "version")))


def _named(unit: UnitFacts) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """Return the names of a unit as stored, and as they hold: one never renamed has borne its name always."""
    rows = Naming.objects.filter(unit_id=unit.pk).order_by(F("since").asc(nulls_first=True))
    stored = tuple(Named(*row) for row in rows.values_list("unit_id", "name", "since", "until", "pk"))
    return stored, stored or (Named(unit.pk, unit.name, None, None),)


def _the_stay(wish: Wish, stays: Iterable[Stay]) -> Stay:
    """Return what a unit is part of on the day; the top of a tree is part of nothing and stays where it is."""
    here = rules.on_day(stays, wish.on)
    if here is None:
        raise UnableToChange(f"{wish.unit.name} is part of nothing on that day.", to_do="Choose another day.", code="top")
    return here


def _new(wish: Wish, names: Iterable[str], kind: str, up: Iterable[UnitFacts]) -> tuple[NewPlace, ...]:
    """Give new places numbers and, where nobody chose one, codes that are nobody else's."""
    house = next((one.code for one in reversed(tuple(up)) if one.is_organisation), wish.unit.code)
    found: list[NewPlace] = []
    for number, name in enumerate(names, start=1):
        code = wish.code.upper()
        if code:
            if not rules.CODE.fullmatch(code):
                raise UnableToChange("A code has 2 to 40 letters, digits and dashes.", to_do="Choose another, or none.", code="code")
            if Unit.objects.filter(code__iexact=code).exists():
                raise UnableToChange(f"The code {code} is taken.", to_do="Choose another, or leave it empty.", code="code-taken")
        else:
            start = rules.code_from(name, house, frozenset())
            taken = Unit.objects.filter(code__istartswith=start).values_list("code", flat=True)
            code = rules.code_from(name, house, frozenset(one.upper() for one in taken) | {one.code for one in found})
        found.append(NewPlace(-number, code, name, kind, wish.on))
    return tuple(found)


def _add(viewer: Viewer, wish: Wish) -> Plan:
    parent = wish.unit
    kind = Kind.objects.filter(code=wish.kind).values_list("code", "rank", "is_organisation").first()
    if kind is None:
        raise UnableToChange("Say what kind of place it is.", to_do="Choose one from the list.", code="kind")
    refuse_closing(parent, None)
    refuse_wrong_kind(rules.KindOf(*kind), wish.name, parent)
    up = refuse_deep(viewer, parent, wish.on)
    refuse_taken(parent, wish.on, [wish.name])
    new = _new(wish, [wish.name], wish.kind, (*up, parent))
    return Plan(wish, parent, _versions(parent), new=new, after=(Stay(-1, parent.pk, wish.on, None),))


def _rename(viewer: Viewer, wish: Wish) -> Plan:
    stored, names = _named(wish.unit)
    now = rules.on_day(names, wish.on)
    if now is not None and now.name == wish.name:
        raise UnableToChange(f"{wish.name} is its name on that day already.", to_do="Write the new name.", code="same")
    parent = parent_of(viewer=viewer, unit=wish.unit, on=wish.on)
    if parent is not None:
        refuse_taken(parent, wish.on, [wish.name], but=wish.unit.pk)
    after = rules.named_from(names, wish.name, wish.on)
    return Plan(wish, parent, _versions(wish.unit), names_before=stored, names_after=after)


def _move(viewer: Viewer, wish: Wish) -> Plan:
    unit, other = wish.unit, _other(wish)
    before = _stays([unit.pk])
    here = _the_stay(wish, before)
    if here.parent == other.pk:
        raise UnableToChange(f"{unit.name} is part of {other.name} on that day already.", to_do="Choose another place or day.", code="same")
    refuse_unless_open(other, wish.on)
    refuse_closing(other, here.until)
    refuse_loop(unit, other, wish.on, here.until)
    refuse_wrong_kind(kind_of(unit), unit.name, other)
    up = refuse_deep(viewer, other, wish.on, unit.pk)
    refuse_other_nation(viewer, unit, other, wish.on, up)
    refuse_taken(other, wish.on, [unit.name], but=unit.pk)
    parent = parent_of(viewer=viewer, unit=unit, on=wish.on)
    return Plan(wish, parent, _versions(unit, other), before=before, after=rules.placed_from(before, other.pk, wish.on))


def _other(wish: Wish) -> UnitFacts:
    if wish.other is None:
        raise UnableToChange("Say which place.", to_do="Choose one from the list, or write its code or its whole name.", code="no-place")
    return wish.other


def _merge(viewer: Viewer, wish: Wish) -> Plan:
    unit, other = wish.unit, _other(wish)
    refuse_closing_at_once(unit, wish.on)
    refuse_unless_open(other, wish.on)
    refuse_closing(other, None)
    if unit.is_organisation != other.is_organisation or (unit.is_organisation and unit.rank != other.rank):
        raise UnableToChange(f"{unit.name} and {other.name} are too different to become one.", to_do="Choose a place like it.", code="kind")
    refuse_loop(unit, other, wish.on, None)
    refuse_loop(other, unit, wish.on, None)
    up = refuse_deep(viewer, other, wish.on, unit.pk)
    refuse_other_nation(viewer, unit, other, wish.on, up)
    own, children = _stays([unit.pk]), _stays_of_children(unit.pk, wish.on)
    _the_stay(wish, own)
    refuse_wrong_children(children, other)
    after = [part for stays in _by_child(children).values() for part in rules.handed_over(stays, unit.pk, other.pk, wish.on)]
    names_before, names = _named(other) if wish.name and not rules.same_name(wish.name, other.name) else ((), ())
    return Plan(
        wish, parent_of(viewer=viewer, unit=unit, on=wish.on), _versions(unit, other), before=(*own, *children),
        after=(*rules.ended_on(own, wish.on), *after), successions=((unit.pk, other.pk),), closes={unit.pk: wish.on - DAY},
        names_before=names_before, names_after=rules.named_from(names, wish.name, wish.on),
        people_from=(unit.pk,), people_to=other.pk,
    )  # fmt: skip


def _split(viewer: Viewer, wish: Wish) -> Plan:
    unit = wish.unit
    if not 1 <= len(wish.names) <= rules.MOST_NEW or (wish.ends and len(wish.names) < 2):
        least = 2 if wish.ends else 1
        raise UnableToChange(f"Name {least} to {rules.MOST_NEW} new places.", to_do="Write one name on each line.", code="names")
    own = _stays([unit.pk])
    here = _the_stay(wish, own)
    parent = parent_of(viewer=viewer, unit=unit, on=wish.on)
    if parent is None or here.parent != parent.pk:
        raise UnableToChange(f"{unit.name} is part of nothing on that day.", to_do="Choose another day.", code="top")
    refuse_wrong_kind(kind_of(unit), unit.name, parent)  # the new places come to lie where it does, and are of its kind
    refuse_taken(parent, wish.on, wish.names, but=unit.pk if wish.ends else 0)
    up = way_up(viewer=viewer, unit_id=unit.pk, on=wish.on)
    new = _new(replace(wish, code=""), wish.names, unit.kind, (*up, unit) if not unit.is_organisation else up)
    copies = tuple(stay for one in new for stay in rules.copied_from(own, one.number, wish.on))
    found = Plan(wish, parent, _versions(unit), new=new, after=copies, successions=tuple((unit.pk, one.number) for one in new))
    return found if not wish.ends else _ended(found, own, new[0].number)


def _ended(found: Plan, own: tuple[Stay, ...], heir: int) -> Plan:
    """A place that closes as it is split: what lies in it, and its people, go to the first of the new ones."""
    unit, on = found.wish.unit, found.wish.on
    refuse_closing_at_once(unit, on)
    children = _stays_of_children(unit.pk, on)
    moved = [part for stays in _by_child(children).values() for part in rules.handed_over(stays, unit.pk, heir, on)]
    return replace(
        found, before=(*own, *children), after=(*rules.ended_on(own, on), *moved, *found.after), closes={unit.pk: on - DAY},
        people_from=(unit.pk,), people_to=heir,
    )  # fmt: skip


def _close(viewer: Viewer, wish: Wish) -> Plan:
    unit = wish.unit
    refuse_closing_at_once(unit, wish.on)
    if unit.closed_on is not None and unit.closed_on < wish.on:
        raise UnableToChange(f"{unit.name} closes on {unit.closed_on:%-d %B %Y} already.", to_do="Undo that first.", code="same")
    own, children = _stays([unit.pk]), _stays_of_children(unit.pk, wish.on)
    _the_stay(wish, own)
    parent = parent_of(viewer=viewer, unit=unit, on=wish.on)
    if children and wish.inside not in {UP, TOO}:
        raise UnableToChange(f"Other places lie in {unit.name}.", to_do="Say what becomes of them.", code="not-empty")
    found = Plan(
        wish, parent, _versions(unit), before=own, after=rules.ended_on(own, wish.on), closes={unit.pk: wish.on - DAY},
        people_from=(unit.pk,),
    )  # fmt: skip
    if wish.inside == TOO and children:
        return _all_closed(found)
    if children and parent is not None:
        refuse_wrong_children(children, parent)
        moved = [part for stays in _by_child(children).values() for part in rules.handed_over(stays, unit.pk, parent.pk, wish.on)]
        return replace(found, before=(*own, *children), after=(*found.after, *moved))
    return found


def _all_closed(found: Plan) -> Plan:
    """Close everything that lies in a place together with it."""
    on = found.wish.on
    inside = Below.objects.filter(ancestor_id=found.wish.unit.pk, until__gt=on)
    rows = list(Unit.objects.filter(pk__in=inside.values("unit_id")).values_list("pk", "name", "opened_on", "closed_on"))
    for _, name, opened, _ in rows:
        if opened is not None and opened >= on:
            raise UnableToChange(f"{name} opens on {opened:%-d %B %Y}.", to_do="Move it first, or choose a later day.", code="day")
    before = _stays([pk for pk, *_ in rows])
    closes = {pk: on - DAY for pk, _, _, closed in rows if closed is None or closed >= on}
    after = [part for stays in _by_child(before).values() for part in rules.ended_on(stays, on)]
    return replace(found, before=before, after=tuple(after), closes=closes, people_from=tuple(closes))


def _reopen(viewer: Viewer, wish: Wish) -> Plan:
    unit, other = wish.unit, _other(wish)
    refuse_unless_open(other, wish.on)
    refuse_closing(other, None)
    refuse_wrong_kind(kind_of(unit), unit.name, other)
    refuse_loop(unit, other, wish.on, None)
    refuse_deep(viewer, other, wish.on, unit.pk)
    if unit.country != other.country:
        raise UnableToChange(f"{unit.name} and {other.name} are not in the same nation.", to_do="Choose another place.", code="nation")
    refuse_taken(other, wish.on, [unit.name], but=unit.pk)
    before = _stays([unit.pk])
    again = Stay(unit.pk, other.pk, wish.on, None)
    return Plan(wish, other, _versions(unit, other), before=before, after=(*rules.ended_on(before, wish.on), again), reopens=(unit.pk,))


_PLANS: dict[str, Callable[[Viewer, Wish], Plan]] = {
    rules.ADD: _add, rules.RENAME: _rename, rules.MOVE: _move, rules.MERGE: _merge, rules.SPLIT: _split, rules.CLOSE: _close,
    rules.REOPEN: _reopen,
}  # fmt: skip
