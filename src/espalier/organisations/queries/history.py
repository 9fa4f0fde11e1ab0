"""What a place was called, what it was part of and what lay in it on any day; and what people did to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from espalier.access.deciding import can_each
from espalier.access.decisions import YES
from espalier.organisations.models import SUCCEEDED_BY, Below, Change, Kind, Naming, Relation, Unit
from espalier.organisations.queries.affected import waiting
from espalier.organisations.queries.holding import names_of_accounts
from espalier.organisations.queries.planning import CHANGE, may_look_after
from espalier.organisations.queries.units import FACTS, UnitFacts, contents, facts_of, search, unit, way_up
from espalier.organisations.rules import REOPEN
from espalier.organisations.rules.changing import KindOf, may_lie_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer

SHOWN, NEAR, DONE = 80, 150, 20
REMOVE = "records.remove"


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a place on a day (None: before anything we know)."""

    on: date | None
    what: str  # opened, closed, named, joined, took-over, went-on, came, left
    other: UnitFacts | None = None
    name: str = ""
    was: str = ""
    inferred: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class AsOn:
    """What lay above and below a place on one day, each by the name it bore then."""

    on: date
    name: str
    up: tuple[UnitFacts, ...]
    inside: tuple[UnitFacts, ...]
    counts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """All that happened to a place, the newest first."""

    unit: UnitFacts
    up: tuple[UnitFacts, ...]
    happened: tuple[Happened, ...]
    more: int
    may: Decision


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that somebody did to a place."""

    pk: int
    what: str
    on: date
    said: dict[str, Any]
    at: datetime
    by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """A place that will be gone for good on a day."""

    why: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ChangingPage:
    """What can be done to a place, and what was."""

    unit: UnitFacts
    up: tuple[UnitFacts, ...]
    may: Decision
    may_remove: Decision
    done: tuple[Done, ...]
    leaving: Leaving | None
    is_lowest: bool = False  # nothing can lie in it
    may_above: Decision = YES  # move, merge, split or close it: who looks after the place above decides that

    @property
    def href(self) -> str:
        """The page's address."""
        return f"{self.unit.href}change/"

    @property
    def is_closed(self) -> bool:
        """Whether it closed, or will: then it can only be opened again."""
        return self.unit.closed_on is not None


def history_page(*, viewer: Viewer, code: str, today: date) -> HistoryPage:
    """Gather everything that happened to a place, and what is still to happen."""
    where = unit(viewer=viewer, code=code)
    day = min(today, where.closed_on) if where.closed_on else today
    names = list(Naming.objects.filter(unit_id=where.pk).order_by(F("since").asc(nulls_first=True)).values_list("name", "since"))
    happened = [*_of_relations(where), *_of_names(names)]
    if where.opened_on:
        happened.append(Happened(where.opened_on, "opened", name=names[0][0] if names else where.name))
    if where.closed_on:
        happened.append(Happened(where.closed_on, "closed"))
    dated = sorted((one for one in happened if one.on), key=lambda one: one.on, reverse=True)  # type: ignore[arg-type,return-value]
    whole = (*dated, *(one for one in happened if one.on is None))
    up = way_up(viewer=viewer, unit_id=where.pk, on=day)
    may = may_look_after(viewer=viewer, unit=where, today=today, up=up)
    return HistoryPage(where, up, whole[:SHOWN], max(0, len(whole) - SHOWN), may)


def _of_names(names: list[tuple[str, date | None]]) -> list[Happened]:
    return [Happened(since, "named", name=name, was=was) for (was, _), (name, since) in pairwise(names)]


def _of_relations(where: UnitFacts) -> list[Happened]:
    """What it was part of, what came and went in it, and what it took over or was followed by."""
    names = [f"{side}__{name}" for side in ("child", "parent") for name in FACTS]
    rows = Relation.objects.filter(Q(child_id=where.pk) | Q(parent_id=where.pk)).order_by(F("since").desc(nulls_last=True))
    found = []
    for kind, since, until, inferred, source, *facts in rows.values_list("kind", "since", "until", "inferred", "source", *names)[:2000]:
        child, parent = UnitFacts(*facts[: len(FACTS)]), UnitFacts(*facts[len(FACTS) :])
        if kind == SUCCEEDED_BY:
            mine = child.pk == where.pk
            found.append(Happened(since, "went-on" if mine else "took-over", parent if mine else child, source=source))
        elif child.pk == where.pk:
            found.append(Happened(since, "joined", parent, inferred=inferred, source=source))
        else:
            found += _came_and_went(where, child, since, until)
    return found


def _came_and_went(where: UnitFacts, child: UnitFacts, since: date | None, until: date | None) -> list[Happened]:
    """Only what came after the place itself, and what left before it closed: all that was there from the start is no news."""
    found = []
    if since is not None and since != where.opened_on:
        found.append(Happened(since, "came", child))
    if until is not None and (where.closed_on is None or until <= where.closed_on):
        found.append(Happened(until, "left", child))
    return found


def as_on(*, viewer: Viewer, where: UnitFacts, on: date) -> AsOn:
    """Return what lay above and directly below a place on a day, with the names of that day."""
    up = way_up(viewer=viewer, unit_id=where.pk, on=on)
    inside, counts = contents(viewer=viewer, unit_id=where.pk, on=on)
    shown = {one.pk for one in (*up, *inside, where)}
    then = dict(Naming.objects.filter(_covers(on), unit_id__in=shown).values_list("unit_id", "name"))
    name = then.get(where.pk, where.name)
    return AsOn(on, name, _named(up, then), _named(inside, then), counts)


def _covers(on: date) -> Q:
    return (Q(since=None) | Q(since__lte=on)) & (Q(until=None) | Q(until__gt=on))


def _named(units: Iterable[UnitFacts], then: dict[int, str]) -> tuple[UnitFacts, ...]:
    return tuple(replace(one, name=then.get(one.pk, one.name)) for one in units)


def changing_page(*, viewer: Viewer, code: str, today: date, with_done: bool = True, do: str = CHANGE) -> ChangingPage:
    """Gather what the viewer may do to a place, and what was done to it."""
    where = unit(viewer=viewer, code=code)
    day = min(today, where.closed_on) if where.closed_on else today
    up = way_up(viewer=viewer, unit_id=where.pk, on=day)
    may, may_above = _may(viewer, where, up, today, do)
    if not may:
        return ChangingPage(where, up, may, may, (), None)
    may_remove = may if do == REMOVE else may_look_after(viewer=viewer, unit=where, today=today, up=up, do=REMOVE)
    left = waiting(viewer=viewer, unit_id=where.pk)
    return ChangingPage(
        where, up, may, may_remove, done(viewer=viewer, unit_id=where.pk) if with_done else (), Leaving(*left) if left else None,
        is_lowest=not kinds_for(viewer=viewer, where=where),
        may_above=may_above,
    )


def _may(viewer: Viewer, where: UnitFacts, up: tuple[UnitFacts, ...], today: date, do: str) -> tuple[Decision, Decision]:
    """Whether the viewer may change a place, and whether they may change the one above it, in one question."""
    begun = where.opened_on is None or where.opened_on <= today
    if do != CHANGE or not up or where.closed_on is not None or not begun:
        return may_look_after(viewer=viewer, unit=where, today=today, up=up, do=do), YES
    above = up[-1]
    both = can_each(viewer=viewer, do=do, unit_ids=[where.pk, above.pk], names={where.pk: where.name, above.pk: above.name})
    return both[where.pk], both[above.pk]


def done(*, viewer: Viewer, unit_id: int) -> tuple[Done, ...]:
    """Return what people did to a place, or to others that concerned it, the newest first."""
    rows = list(
        Change.objects.filter(Q(unit_id=unit_id) | Q(touched__contains=[unit_id])).order_by("-done_at", "-pk")
        .values_list("pk", "what", "on", "said", "done_at", "done_by_id", "undone_at")[:DONE]
    )  # fmt: skip
    names = names_of_accounts(viewer=viewer, accounts=[row[5] for row in rows])
    return tuple(Done(pk, what, on, said, at, names.get(by or 0, ""), undone) for pk, what, on, said, at, by, undone in rows)


def choices_near(*, viewer: Viewer, where: UnitFacts, on: date, what: str) -> tuple[UnitFacts, ...]:
    """Return places of the same organisation into which one could go, or with which it could become one; few enough for a list."""
    del viewer
    over = Below.objects.filter(unit_id=where.pk, since__lte=on, until__gt=on, depth__gt=0)
    day = on
    if what == REOPEN and where.closed_on is not None:
        day = where.closed_on
        over = Below.objects.filter(unit_id=where.pk, since__lte=day, until__gt=day, depth__gt=0)
    house = over.filter(ancestor__kind__is_organisation=True).order_by("depth").values("ancestor_id")[:1]
    inside = Below.objects.filter(ancestor_id__in=house, since__lte=on, until__gt=on).exclude(unit_id=where.pk)
    same = Q(kind__is_organisation=where.is_organisation) if what == "merge" else Q(kind__rank__lt=where.rank)
    found = Unit.objects.filter(same, pk__in=inside.values("unit_id"), closed_on=None).order_by("kind__rank", "name")
    return tuple(facts_of(found.values_list(*FACTS)[:NEAR]))


def resolve(*, viewer: Viewer, text: str) -> tuple[UnitFacts, ...]:
    """Return the one place whose code or whole name somebody wrote; else what it may have been."""
    text = " ".join(text.split())[:200]
    exact = facts_of(Unit.objects.filter(Q(code__iexact=text) | Q(name__iexact=text)).order_by("code").values_list(*FACTS)[:5])
    return tuple(exact) or search(viewer=viewer, text=text, limit=5)


def kinds_for(*, viewer: Viewer, where: UnitFacts) -> tuple[tuple[str, str], ...]:
    """Return the kinds of place that can be added in one: (code, name), from the top down."""
    del viewer
    rows = Kind.objects.order_by("rank", "name").values_list("code", "name", "rank", "is_organisation")
    parent = KindOf(where.kind, where.rank, where.is_organisation)
    return tuple((code, name) for code, name, rank, house in rows if may_lie_in(KindOf(code, rank, house), parent))


