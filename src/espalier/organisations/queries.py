"""Reads of units, the tree on a day, and people.

The tree itself has no row-level security: the names of organisations are public, and so range and text operators keep
their indexes (docs/adr). What is about people or figures is guarded where it lives.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Subquery
from django.db.models.functions import Length, Now

from espalier.access.viewer import Held, Viewer
from espalier.common.errors import NotFoundHere, Suggestion
from espalier.organisations.models import PART_OF, SUCCEEDED_BY, Below, Grant, Kind, Person, Relation, Sharing, Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from espalier.access.models import Account

NATION = "ENG"
ALIKE = 0.4  # how like a name must be to a text with a slip in it
SUMS = "sums"  # the kind of agreement that pages give: to count in a sum
AGREE = ("team-leader", "qi-lead")


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and why, in words for the person who asked."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as pages show it."""

    pk: int
    code: str
    name: str
    kind: str
    kind_name: str
    kind_plural: str
    rank: int
    is_organisation: bool
    country: str
    opened_on: date | None
    closed_on: date | None
    made_up: bool
    source: str

    @property
    def href(self) -> str:
        """The unit's page."""
        return f"/units/{self.code}/"


@dataclass(frozen=True, slots=True)
class Related:
    """A unit on the other side of a dated relation."""

    unit: UnitFacts
    since: date | None
    until: date | None
    inferred: bool
    verified: bool
    source: str


@dataclass(frozen=True, slots=True)
class Relations:
    """All dated relations of one unit."""

    part_of: tuple[Related, ...]
    followed_by: tuple[Related, ...]
    took_over_from: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit below another for a stretch of time (half-open)."""

    ancestor_id: int
    unit_id: int
    since: date
    until: date


_FACTS = (
    "pk",
    "code",
    "name",
    "kind_id",
    "kind__name",
    "kind__plural",
    "kind__rank",
    "kind__is_organisation",
    "country",
    "opened_on",
    "closed_on",
    "made_up",
    "source",
)


def _facts(rows: Iterable[tuple[Any, ...]]) -> list[UnitFacts]:
    return [UnitFacts(*row) for row in rows]


def units(*, viewer: Viewer, pks: Collection[int]) -> dict[int, UnitFacts]:
    """Return the facts of many units by number."""
    del viewer  # names are public; the argument keeps the shape of every read
    return {facts.pk: facts for facts in _facts(Unit.objects.filter(pk__in=pks).values_list(*_FACTS))}


def unit(*, viewer: Viewer, code: str) -> UnitFacts:
    """Return one unit, or an error that carries near matches."""
    found = _facts(Unit.objects.filter(code=code.upper()).values_list(*_FACTS)) or _facts(
        Unit.objects.filter(code__iexact=code).values_list(*_FACTS)
    )
    if found:
        return found[0]
    near = tuple(Suggestion(f"{match.name} ({match.code})", match.href) for match in near_matches(viewer=viewer, text=code))
    raise NotFoundHere(f"We know no organisation or team with the code {code[:40]!r}.", suggestions=near)


def find(*, viewer: Viewer, codes: Collection[str]) -> dict[str, UnitFacts]:
    """Return units by code; unknown codes are absent."""
    del viewer
    return {facts.code: facts for facts in _facts(Unit.objects.filter(code__in=codes).values_list(*_FACTS))}


def search(*, viewer: Viewer, text: str, limit: int = 40) -> tuple[UnitFacts, ...]:
    """Find units by code or by words of their name; open and higher ones first.

    Every word must stand in the name, in any order, so "london ambulance" finds the London Ambulance Service.
    """
    del viewer
    text = " ".join(text.split())[:100]
    if not text:
        return ()
    condition = Q()
    for word in text.split():
        condition &= Q(name__icontains=word)
    found = Unit.objects.filter(Q(code__iexact=text) | condition).order_by(
        F("closed_on").asc(nulls_first=True),
        "kind__rank",
        Length("name"),
        "name",
    )
    return tuple(_facts(found.values_list(*_FACTS)[:limit]))


def near_matches(*, viewer: Viewer, text: str, limit: int = 5) -> tuple[UnitFacts, ...]:
    """Find units whose code or name is nearly the text: a slip of the finger still leads somewhere."""
    del viewer
    text = text.strip()[:60]
    if not text:
        return ()
    codes = Unit.objects.filter(code__istartswith=text[:2]).annotate(gap=Length("code")).order_by("gap", "code").values_list(*_FACTS)
    with connection.cursor() as cursor:  # the operator of the next line then finds through the index what may be like it
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)])
    by_name = (
        Unit.objects.filter(name__trigram_word_similar=text)
        .annotate(likeness=TrigramWordSimilarity(text, "name"))
        .filter(likeness__gt=ALIKE, closed_on=None)
        .order_by("-likeness", "kind__rank", "name")
        .values_list(*_FACTS)
    )
    close = [facts for facts in _facts(codes[:400]) if _one_slip(facts.code, text.upper())]
    return tuple({facts.code: facts for facts in [*close, *_facts(by_name[:limit])]}.values())[:limit]


def _one_slip(code: str, typed: str) -> bool:
    """Whether one letter was changed, left out, put in or swapped."""
    if abs(len(code) - len(typed)) > 1 or code == typed:
        return False
    if len(code) == len(typed):
        differ = [index for index in range(len(code)) if code[index] != typed[index]]
        swapped = len(differ) == 2 and code[differ[0]] == typed[differ[1]] and code[differ[1]] == typed[differ[0]]
        return len(differ) == 1 or swapped
    long, short = sorted((code, typed), key=len, reverse=True)
    return any(long[:index] + long[index + 1 :] == short for index in range(len(long)))


def ids_of_codes(codes: Collection[str]) -> dict[str, int]:
    """Return the numbers of units by code; unknown codes are absent."""
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))


def below(*, viewer: Viewer, unit_id: int) -> QuerySet[Below, Any]:
    """Return the keys of everything that was ever below a unit, itself included, for another room's condition."""
    del viewer
    return Below.objects.filter(ancestor_id=unit_id).values("unit_id")


def ids_of_kind_below(*, viewer: Viewer, unit_id: int, kind: str) -> list[int]:
    """Return the numbers of all units of a kind that ever lay below one."""
    inside = below(viewer=viewer, unit_id=unit_id)
    return list(Unit.objects.filter(pk__in=inside, kind_id=kind).values_list("pk", flat=True))


def stays_below(*, viewer: Viewer, ancestors: Collection[int]) -> QuerySet[Below, Any]:
    """Return, for another room's sum by date, who lay below these units from when until when."""
    del viewer
    return Below.objects.filter(ancestor_id__in=ancestors, depth__gt=0).order_by().values("ancestor_id", "unit_id", "since", "until")


def steps() -> QuerySet[Below, Any]:
    """Return, for another room's condition, who lay anywhere below whom, from when until when."""
    return Below.objects.filter(depth__gt=0).order_by().values("ancestor_id", "unit_id", "since", "until")


def placed_in_kind(*, viewer: Viewer, pks: Collection[int], kind: str) -> tuple[Placed, ...]:
    """Return in which region (or other kind) each of these units lay, and when."""
    del viewer
    rows = Below.objects.filter(ancestor__kind_id=kind, unit_id__in=list(pks)).values_list("ancestor_id", "unit_id", "since", "until")
    return tuple(Placed(*row) for row in rows)


def way_up(*, viewer: Viewer, unit_id: int, on: date) -> tuple[UnitFacts, ...]:
    """Return the units above one on a day, from the nation down."""
    del viewer
    above = Below.objects.filter(unit_id=unit_id, depth__gt=0, since__lte=on, until__gt=on).order_by("-depth")
    return tuple(_facts(above.values_list("ancestor_id", *(f"ancestor__{name}" for name in _FACTS[1:]))))


def children(*, viewer: Viewer, unit_id: int, on: date) -> tuple[UnitFacts, ...]:
    """Return what lies directly below a unit on a day, in the order of pages."""
    del viewer
    inside = Below.objects.filter(ancestor_id=unit_id, depth=1, since__lte=on, until__gt=on).values("unit_id")
    return tuple(_facts(Unit.objects.filter(pk__in=inside).order_by("kind__rank", "kind__plural", "name").values_list(*_FACTS)))


def relations(*, viewer: Viewer, unit_id: int) -> Relations:
    """Return everything a unit was part of, took over from or was followed by, newest first."""
    del viewer
    names = [f"{side}__{name}" for side in ("child", "parent") for name in _FACTS]
    found = Relation.objects.filter(Q(child_id=unit_id) | Q(parent_id=unit_id, kind=SUCCEEDED_BY)).order_by(
        F("since").desc(nulls_last=True)
    )
    rows: list[tuple[Any, ...]] = list(found.values_list("kind", "since", "until", "inferred", "verified", "source", *names))
    whole = [(row[0], UnitFacts(*row[6 : 6 + len(_FACTS)]), UnitFacts(*row[6 + len(_FACTS) :]), row[1:6]) for row in rows]
    return Relations(
        part_of=tuple(Related(parent, *facts) for kind, _, parent, facts in whole if kind == PART_OF),
        followed_by=tuple(Related(parent, *facts) for kind, child, parent, facts in whole if kind == SUCCEEDED_BY and child.pk == unit_id),
        took_over_from=tuple(
            Related(child, *facts) for kind, child, parent, facts in whole if kind == SUCCEEDED_BY and parent.pk == unit_id
        ),
    )


def count_below(*, viewer: Viewer, unit_id: int, on: date) -> tuple[tuple[str, str, int], ...]:
    """Return how many of each kind lie below a unit on a day: (name, plural, count), from the top down."""
    del viewer
    # Joined, not looked up in a list: on a day a unit lies below another once, and a nation has 60,000.
    inside = Below.objects.filter(ancestor_id=unit_id, depth__gt=0, since__lte=on, until__gt=on)
    kinds = inside.order_by("unit__kind__rank").values_list("unit__kind__name", "unit__kind__plural")
    return tuple((name, plural, number) for name, plural, number in kinds.annotate(number=Count("pk")))


def holds_here(*, viewer: Viewer, unit_id: int, roles: Collection[str]) -> bool:
    """Whether the viewer holds one of the roles today at a unit or at what it is part of, up to its organisation.

    A role at a system or region gives no right inside an organisation: that stays with the organisation.
    """
    at = [held.unit_id for held in viewer.grants if held.role in roles]
    inside = Below.objects.filter(unit_id=unit_id, ancestor_id__in=at, since__lte=Now(), until__gt=Now())
    top = Kind.objects.filter(is_organisation=True).order_by("rank").values("rank")[:1]
    return inside.filter(ancestor__kind__rank__gte=Subquery(top)).exists()


@dataclass(frozen=True, slots=True)
class Agreement:
    """One thing a unit shares, or did: which measure ("" is all it shares), with whom, and whether by name."""

    pk: int
    unit: UnitFacts
    shared_with: UnitFacts
    measure_code: str
    by_name: bool
    since: date
    until: date | None


def agreements(*, viewer: Viewer, unit_id: int, on: date) -> tuple[Agreement, ...]:
    """Return what holds for a unit on a day: what it agreed itself, and what units above it agreed for all below them."""
    above = Below.objects.filter(unit_id=unit_id, since__lte=on, until__gt=on).values("ancestor_id")
    holding = Sharing.objects.filter(Q(until=None) | Q(until__gt=on), unit_id__in=above, what=SUMS, since__lte=on)
    rows: list[tuple[Any, ...]] = list(
        holding.order_by("-since", "pk").values_list("pk", "unit_id", "shared_with_id", "measure_code", "by_name", "since", "until")
    )
    facts = units(viewer=viewer, pks={pk for row in rows for pk in row[1:3]})
    return tuple(Agreement(pk, facts[giver], facts[taker], *rest) for pk, giver, taker, *rest in rows)


def owner_of(*, viewer: Viewer, unit_id: int) -> int:
    """Return the number of the organisation that decides about a unit's figures: itself, the one above it, or the unit."""
    del viewer
    inside = Below.objects.filter(unit_id=unit_id, ancestor__kind__is_organisation=True, since__lte=Now(), until__gt=Now())
    return inside.order_by("depth").values_list("ancestor_id", flat=True).first() or unit_id


def owners_of(pks: Collection[int]) -> dict[int, int]:
    """Return the deciding organisation of many units by number, as owner_of does for one."""
    inside = Below.objects.filter(unit_id__in=pks, ancestor__kind__is_organisation=True, since__lte=Now(), until__gt=Now())
    return {pk: pk for pk in pks} | dict(inside.order_by("-depth").values_list("unit_id", "ancestor_id"))


def above_organisation(up: Iterable[UnitFacts]) -> tuple[UnitFacts, ...]:
    """Return the units of a way up that stand above the organisation, the nearest first: those to share figures with."""
    return tuple(takewhile(lambda one: not one.is_organisation, up))[::-1]


def may_agree(*, viewer: Viewer, unit: UnitFacts) -> Decision:
    """Whether the viewer may decide what a unit shares: who leads it, or leads improvement in its organisation."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to decide what is shared.")
    if holds_here(viewer=viewer, unit_id=unit.pk, roles=AGREE):
        return Decision(allowed=True)
    return Decision(allowed=False, reason=f"Only those who lead {unit.name}, or its organisation, decide what it shares.")


def holds_inside(*, viewer: Viewer, unit_id: int) -> bool:
    """Whether the viewer holds any role today in the organisation a unit belongs to, at whatever unit of it."""
    over = Below.objects.filter(unit_id=unit_id, ancestor__kind__is_organisation=True, since__lte=Now(), until__gt=Now())
    at = [held.unit_id for held in viewer.grants]
    inside = Below.objects.filter(unit_id__in=at, since__lte=Now(), until__gt=Now())
    return inside.filter(ancestor_id__in=over.values("ancestor_id")).exists()


def people_at(*, viewer: Viewer, unit_id: int) -> int:
    """Return how many people hold a role at a unit today: so many would see what is shared with it."""
    del viewer
    held = Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=Now()), unit_id=unit_id, since__lte=Now())
    return held.values("person_id").distinct().count()


def demo_people(*, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Return the made-up people of the demonstration: sign-in name and shown name."""
    del viewer
    return tuple(Person.objects.filter(made_up=True, account__is_demo=True).order_by("pk").values_list("account__username", "name"))


def viewer_for(account: Account) -> Viewer:
    """Build the frozen viewer of an account: the person behind it and the roles held today.

    An account without a person yet (somebody who joined a minute ago) is a viewer who holds nothing.
    """
    held = Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=Now()), person__account_id=account.pk, since__lte=Now())
    rows = list(held.order_by("unit_id", "role").values_list("person_id", "person__name", "role", "unit_id"))
    if not rows:
        person = Person.objects.filter(account_id=account.pk).values_list("pk", "name").first()
        return Viewer(account_id=account.pk, person_id=person and person[0], name=person[1] if person else account.username)
    return Viewer(
        account_id=account.pk, person_id=rows[0][0], name=rows[0][1], grants=tuple(Held(role, unit_id) for *_, role, unit_id in rows)
    )
