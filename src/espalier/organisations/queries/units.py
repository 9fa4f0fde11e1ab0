"""Units, and the tree on a day.

The tree itself has no row-level security: the names of organisations are public, and so range and text operators keep
their indexes (docs/adr). What is about people or figures is guarded where it lives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models import F, JSONField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length, Now

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.organisations.models import PART_OF, SUCCEEDED_BY, Below, Relation, Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from espalier.access.viewer import Viewer

NATION = "ENG"
ORGANISATION_RANK = 30  # in content/units/kinds.yaml organisations and what lies in them have this rank or a larger one
ALIKE = 0.4  # how like a name must be to a text with a slip in it


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


FACTS = (
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


def facts_of(rows: Iterable[tuple[Any, ...]]) -> list[UnitFacts]:
    """Turn rows of FACTS into facts."""
    return [UnitFacts(*row) for row in rows]


def units(*, viewer: Viewer, pks: Collection[int]) -> dict[int, UnitFacts]:
    """Return the facts of many units by number."""
    del viewer  # names are public; the argument keeps the shape of every read
    return {facts.pk: facts for facts in facts_of(Unit.objects.filter(pk__in=pks).values_list(*FACTS))}


def unit(*, viewer: Viewer, code: str) -> UnitFacts:
    """Return one unit, or an error that carries near matches."""
    found = facts_of(Unit.objects.filter(code=code.upper()).values_list(*FACTS)) or facts_of(
        Unit.objects.filter(code__iexact=code).values_list(*FACTS)
    )
    if found:
        return found[0]
    near = tuple(Suggestion(f"{match.name} ({match.code})", match.href) for match in near_matches(viewer=viewer, text=code))
    raise NotFoundHere(f"We know no organisation or team with the code {code[:40]!r}.", suggestions=near)


def find(*, viewer: Viewer, codes: Collection[str]) -> dict[str, UnitFacts]:
    """Return units by code; unknown codes are absent."""
    del viewer
    return {facts.code: facts for facts in facts_of(Unit.objects.filter(code__in=codes).values_list(*FACTS))}


def search(*, viewer: Viewer, text: str, limit: int = 40, within: int | None = None) -> tuple[UnitFacts, ...]:
    """Find units by code or by words of their name, anywhere or only in and below one unit; open and higher ones first.

    Every word must stand in the name, in any order, so "london ambulance" finds the London Ambulance Service.
    """
    text = " ".join(text.split())[:100]
    if not text:
        return ()
    inside = Unit.objects.all() if within is None else Unit.objects.filter(pk__in=below(viewer=viewer, unit_id=within))
    condition = Q()
    for word in text.split():
        condition &= Q(name__icontains=word)
    found = inside.filter(Q(code__iexact=text) | condition).order_by(
        F("closed_on").asc(nulls_first=True),
        "kind__rank",
        Length("name"),
        "name",
    )
    return tuple(facts_of(found.values_list(*FACTS)[:limit]))


def near_matches(*, viewer: Viewer, text: str, limit: int = 5) -> tuple[UnitFacts, ...]:
    """Find units whose code or name is nearly the text: a slip of the finger still leads somewhere."""
    del viewer
    text = text.strip()[:60]
    if not text:
        return ()
    codes = Unit.objects.filter(code__istartswith=text[:2]).annotate(gap=Length("code")).order_by("gap", "code").values_list(*FACTS)
    with connection.cursor() as cursor:  # the operator of the next line then finds through the index what may be like it
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)])
    by_name = (
        Unit.objects.filter(name__trigram_word_similar=text)
        .annotate(likeness=TrigramWordSimilarity(text, "name"))
        .filter(likeness__gt=ALIKE, closed_on=None)
        .order_by("-likeness", "kind__rank", "name")
        .values_list(*FACTS)
    )
    close = [facts for facts in facts_of(codes[:400]) if _one_slip(facts.code, text.upper())]
    return tuple({facts.code: facts for facts in [*close, *facts_of(by_name[:limit])]}.values())[:limit]


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


def numbered(pk: Any) -> QuerySet[Unit, Any]:
    """Return, for another room's sub-select, the unit of a number in a row of that room's own."""
    return Unit.objects.filter(pk=pk)


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
    return tuple(facts_of(above.values_list("ancestor_id", *(f"ancestor__{name}" for name in FACTS[1:]))))


# Gathered first and then looked up one by one: the planner expects thousands, and would read every unit of the country.
_DIRECTLY_BELOW = """
SELECT unnest(ARRAY(SELECT unit_id FROM organisations_below WHERE ancestor_id = %s AND depth = 1 AND since <= %s AND until > %s))
"""


def _directly_below(unit_id: int, on: date) -> QuerySet[Unit]:
    return Unit.objects.filter(pk__in=RawSQL(_DIRECTLY_BELOW, [unit_id, on, on]))  # noqa: S611  fixed words


def children(*, viewer: Viewer, unit_id: int, on: date) -> tuple[UnitFacts, ...]:
    """Return what lies directly below a unit on a day, in the order of pages."""
    del viewer
    return tuple(facts_of(_directly_below(unit_id, on).order_by("kind__rank", "kind__plural", "name").values_list(*FACTS)))


# Counted by the kind's code and named afterwards; a nation has 60,000. On a day a unit lies below another once.
_COUNTS = """
SELECT jsonb_agg(jsonb_build_array(k.name, k.plural, c.number) ORDER BY k.rank, k.name) FROM (
    SELECT u.kind_id, count(*) AS number FROM organisations_below b JOIN organisations_unit u ON u.id = b.unit_id
    WHERE b.ancestor_id = %s AND b.depth > 0 AND b.since <= %s AND b.until > %s GROUP BY 1) c
JOIN organisations_kind k ON k.code = c.kind_id
"""
Counts = tuple[tuple[str, str, int], ...]


def contents(*, viewer: Viewer, unit_id: int, on: date) -> tuple[tuple[UnitFacts, ...], Counts]:
    """Return what lies directly below a unit on a day, and how many of each kind lie below it at all, in one question.

    The counts do not depend on the row, so the database works them out once and says them with every row.
    """
    del viewer
    counted = _directly_below(unit_id, on).annotate(counts=RawSQL(_COUNTS, [unit_id, on, on], output_field=JSONField()))  # noqa: S611  fixed words
    rows = list(counted.order_by("kind__rank", "kind__plural", "name").values_list(*FACTS, "counts"))
    return tuple(facts_of(row[:-1] for row in rows)), tuple(
        (name, plural, number) for name, plural, number in (rows[0][-1] if rows else ())
    )


def relations(*, viewer: Viewer, unit_id: int) -> Relations:
    """Return everything a unit was part of, took over from or was followed by, newest first."""
    del viewer
    names = [f"{side}__{name}" for side in ("child", "parent") for name in FACTS]
    found = Relation.objects.filter(Q(child_id=unit_id) | Q(parent_id=unit_id, kind=SUCCEEDED_BY)).order_by(
        F("since").desc(nulls_last=True)
    )
    rows: list[tuple[Any, ...]] = list(found.values_list("kind", "since", "until", "inferred", "verified", "source", *names))
    whole = [(row[0], UnitFacts(*row[6 : 6 + len(FACTS)]), UnitFacts(*row[6 + len(FACTS) :]), row[1:6]) for row in rows]
    return Relations(
        part_of=tuple(Related(parent, *facts) for kind, _, parent, facts in whole if kind == PART_OF),
        followed_by=tuple(Related(parent, *facts) for kind, child, parent, facts in whole if kind == SUCCEEDED_BY and child.pk == unit_id),
        took_over_from=tuple(
            Related(child, *facts) for kind, child, parent, facts in whole if kind == SUCCEEDED_BY and parent.pk == unit_id
        ),
    )


def list_units(
    *,
    viewer: Viewer,
    text: str = "",
    kind: str = "",
    inside: int | None = None,
    on: date | None = None,
    after: str = "",
    limit: int,
) -> tuple[UnitFacts, ...]:
    """Return units in the order of their codes, from after one on: for programs that walk through all of them."""
    del viewer
    found = Unit.objects.filter(code__gt=after).order_by("code")
    words = " ".join(text.split())[:100]
    condition = Q()
    for word in words.split():
        condition &= Q(name__icontains=word)
    if words:
        found = found.filter(Q(code__iexact=words) | condition)
    if kind:
        found = found.filter(kind_id=kind)
    if inside is not None:
        day = on or Now()
        found = found.filter(pk__in=Below.objects.filter(ancestor_id=inside, depth__gt=0, since__lte=day, until__gt=day).values("unit_id"))
    elif on is not None:
        found = found.filter(Q(opened_on=None) | Q(opened_on__lte=on), Q(closed_on=None) | Q(closed_on__gt=on))
    return tuple(facts_of(found.values_list(*FACTS)[:limit]))
