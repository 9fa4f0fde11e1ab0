"""Many projects at once, as far as a viewer may read them: how they stand, where, for what, and what they come to.

What is counted and what is listed come from the same function of the database, so a count and the list behind it cannot
differ. The function asks what row-level security asks (migrations/0081_portfolio, 0110_places_kept).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from espalier.access.roles import all_roles
from espalier.common.paging import Page, page_of
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.models import Cycle
from espalier.projects.rules.portfolio import STANDINGS, a_year_before, read_gaps
from espalier.projects.rules.standing import STILL_AFTER
from espalier.projects.rules.value import HOW, Key, Span, Total, order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Moved
    from espalier.organisations.queries import UnitFacts

A_PAGE, LOOKED_AT = 20, 5  # projects on a page; of one measure, whose charts are judged too
MOST_TESTS = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """Which projects of a place are listed, as it stands in the address. None asks for all."""

    standing: str = ""
    part: str = ""  # a part of the place, by code
    gap: str | None = None  # "" asks for those without a main measure
    better: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many projects stand how; better: of which the main measure is better than usual."""

    by_standing: Mapping[str, int]
    better: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_standing.values())


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the place, or one gap, with its counts."""

    code: str
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class WorthSum:
    """A sum of like things over many projects, and how many of them say it."""

    total: Total
    projects: int


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """A place's projects on one page."""

    unit: UnitFacts
    counts: Counts
    better_by_standing: Mapping[str, int]
    by_place: tuple[Row, ...]
    by_gap: tuple[Row, ...]
    sums: tuple[WorthSum, ...]
    saying: int


@cache
def gap_names() -> dict[str, str]:
    """Return what gaps are called, in the order of content/gaps.yaml."""
    return read_gaps(settings.CONTENT_DIR / "gaps.yaml")


def portfolio_home(*, viewer: Viewer) -> str:
    """Return the code of the highest place whose portfolio the viewer may see; "" for none."""
    roles = all_roles().with_right(permissions.SEE_PORTFOLIO)
    held = organisations.units(viewer=viewer, pks={one.unit_id for one in viewer.grants if one.role in roles})
    return min(held.values(), key=lambda one: (one.rank, one.code)).code if held else ""


def portfolio(*, viewer: Viewer, unit: UnitFacts, at: datetime, today: date) -> PortfolioPage:
    """Count the projects of a place and add up what their people say they are worth."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM projects_portfolio_told(%s, %s, %s, %s)", _given(unit, at, today))
        (told,) = cursor.fetchone() or ("{}",)
    found = json.loads(told) if isinstance(told, str) else told
    rows = [(place, standing, gap, better, number) for place, standing, gap, better, number in found["counts"] or ()]
    named = organisations.units(viewer=viewer, pks={row[0] for row in rows})
    parts = sorted({row[0] for row in rows}, key=lambda pk: (pk != unit.pk, named[pk].name))
    gaps = [*gap_names(), *sorted({row[2] for row in rows} - gap_names().keys() - {""}), ""]
    return PortfolioPage(
        unit, _counts(rows), Counter({one: sum(row[4] for row in rows if row[1] == one and row[3]) for one in STANDINGS}),
        tuple(Row(named[pk].code, named[pk].name, _counts(row for row in rows if row[0] == pk)) for pk in parts),
        tuple(Row(gap, gap_names().get(gap, gap), _counts(row for row in rows if row[2] == gap)) for gap in gaps),
        _sums(found["sums"] or ()), found["saying"],
    )  # fmt: skip


def _given(unit: UnitFacts, at: datetime, today: date) -> list[Any]:
    return [unit.pk, at - STILL_AFTER, a_year_before(today), today]


def _counts(rows: Iterable[tuple[int, str, str, bool, int]]) -> Counts:
    several = list(rows)
    return Counts({one: sum(row[4] for row in several if row[1] == one) for one in STANDINGS}, sum(row[4] for row in several if row[3]))


def _sums(rows: Iterable[list[Any]]) -> tuple[WorthSum, ...]:
    found = []
    for kind, amount, yearly, releases, low, high, lines, how, projects in rows:
        found.append(WorthSum(Total(Key(kind, amount, yearly, releases), Span(Decimal(low), Decimal(high)), lines, HOW[how]), projects))
    return tuple(sorted(found, key=lambda one: order(one.total.key)))


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """One project of a portfolio."""

    pk: int
    title: str
    place: str
    place_code: str
    part: str
    standing: str
    better: bool
    gap: str
    main_code: str
    supports: float
    begun_at: datetime
    changed_at: datetime
    ended_on: date | None
    held: int
    measured_at: str  # where it looks at the measure that was asked for; "" where none was

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/{self.pk}/"


@dataclass(frozen=True, slots=True)
class Lines:
    """One page of a list."""

    lines: tuple[PortfolioLine, ...]
    page: Page
    part: UnitFacts | None


# Of the projects in `cut` (project_id, place_id, standing, better, gap), what a line says but where one measure is looked at.
_LINE = """
p.id, p.title, (SELECT u.name FROM organisations_unit u WHERE u.id = p.unit_id),
(SELECT u.code FROM organisations_unit u WHERE u.id = p.unit_id), (SELECT u.name FROM organisations_unit u WHERE u.id = cut.place_id),
cut.standing, cut.better, cut.gap, p.main_code, p.supports, p.begun_at, p.changed_at, p.ended_on, coalesce((p.weighed ->> 'held')::int, 0)
"""
_CHOSEN = f"""
WITH chosen AS MATERIALIZED (
    SELECT s.* FROM projects_portfolio(%s, %s, %s, %s) s
    WHERE (%s = '' OR s.standing = %s) AND (%s::bigint IS NULL OR s.place_id = %s) AND (%s::text IS NULL OR s.gap = %s)
      AND (s.better OR NOT %s)
), cut AS (SELECT * FROM chosen ORDER BY changed_at DESC, project_id DESC LIMIT %s OFFSET %s)
SELECT (SELECT count(*) FROM chosen), {_LINE}, ''
FROM cut JOIN projects_project p ON p.id = cut.project_id ORDER BY cut.changed_at DESC, cut.project_id DESC
"""  # noqa: S608  names of our own columns
# Of a measure that is chosen: where each project looks at it, too.
_SEEN_IN = f"""
SELECT {_LINE}, (SELECT u.code FROM projects_counted c JOIN organisations_unit u ON u.id = c.unit_id
    WHERE c.project_id = p.id AND c.measure_code = %s AND c.removed_at IS NULL AND c.kind IN ('outcome', 'process')
    ORDER BY c.rank, c.id LIMIT 1)
FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY o(one, nth)
CROSS JOIN LATERAL (SELECT (one ->> 0)::bigint AS project_id, (one ->> 1)::bigint AS place_id, one ->> 2 AS standing,
    (one ->> 3)::boolean AS better, one ->> 4 AS gap) cut
JOIN projects_project p ON p.id = cut.project_id ORDER BY o.nth
"""  # noqa: S608  names of our own columns


def portfolio_lines(*, viewer: Viewer, unit: UnitFacts, asked: Asked, page: str, at: datetime, today: date) -> Lines:
    """Return one page of the projects behind a count, those changed last first."""
    part = organisations.find(viewer=viewer, codes={asked.part}).get(asked.part) if asked.part else None
    if asked.part and part is None:
        return Lines((), page_of(1, size=A_PAGE, total=0), None)
    return Lines(*_page(_given(unit, at, today), asked, part, page, A_PAGE), part)


def portfolio_file(*, viewer: Viewer, unit: UnitFacts, asked: Asked, at: datetime, today: date) -> tuple[PortfolioLine, ...]:
    """Return all projects behind a count, for a file."""
    part = organisations.find(viewer=viewer, codes={asked.part}).get(asked.part) if asked.part else None
    return () if asked.part and part is None else _lines(_given(unit, at, today), asked, part, None, 0)[1]


def _page(given: list[Any], asked: Asked, part: UnitFacts | None, page: str, size: int) -> tuple[tuple[PortfolioLine, ...], Page]:
    """Return one page; a number past the end shows the last one, at the price of asking again."""
    wanted = page_of(page, size=size, total=10**9).number
    total, lines = _lines(given, asked, part, size, (wanted - 1) * size)
    if not lines and wanted > 1:
        total, lines = _lines(given, asked, part, size, 0)
        wanted = page_of(page, size=size, total=total).number
        total, lines = _lines(given, asked, part, size, (wanted - 1) * size)
    return lines, page_of(wanted, size=size, total=total)


def _lines(given: list[Any], asked: Asked, part: UnitFacts | None, limit: int | None, offset: int) -> tuple[int, tuple[PortfolioLine, ...]]:
    place = part.pk if part else None
    chosen = [asked.standing, asked.standing, place, place, asked.gap, asked.gap, asked.better, limit, offset]
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN, [*given, *chosen])
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), tuple(PortfolioLine(*row[1:]) for row in rows)


@dataclass(frozen=True, slots=True)
class MeasuredIn:
    """A measure, and how many projects are meant to move it."""

    code: str
    name: str
    projects: int | None  # not counted where another measure is looked at


@dataclass(frozen=True, slots=True)
class Tested:
    """One test of a project, as the line of sight names it."""

    number: int
    title: str
    decision: str
    href: str


@dataclass(frozen=True, slots=True)
class InSight:
    """One project that is meant to move a measure: its tests, and whether its chart moved since it began."""

    line: PortfolioLine
    tests: tuple[Tested, ...]
    more_tests: int
    moved: Moved | None  # None where the figures cannot be seen, or there are none


@dataclass(frozen=True, slots=True)
class Sight:
    """From one measure to the projects that are meant to move it."""

    choices: tuple[MeasuredIn, ...]
    chosen: MeasuredIn | None
    here: Moved | None  # the place's own chart, over a year
    lines: tuple[InSight, ...]
    page: Page


def sight(*, viewer: Viewer, unit: UnitFacts, code: str, page: str, at: datetime, today: date) -> Sight:
    """Return which measures projects of a place are meant to move; for a chosen one, the projects, their tests, and what moved."""
    given = _given(unit, at, today)
    wanted = page_of(page, size=LOOKED_AT, total=10**9).number
    found = _in_sight(given, code, wanted)
    if code and not found["total"]:  # nobody means to move it: all there are, with their counts
        found = _in_sight(given, "", 1)
    elif code and not found["chosen"]:  # past the end
        wanted = page_of(page, size=LOOKED_AT, total=found["total"]).number
        found = _in_sight(given, code, wanted)
    counted: dict[str, int | None] = dict(found["measures"] or ())
    if found["total"]:  # only this one is counted
        counted[code] = found["total"]
    known = measures.named(viewer=viewer, codes=set(counted))
    choices = [MeasuredIn(one.code, one.name, counted[one.code]) for one in known.values()]
    choices.sort(key=lambda one: (0 if found["total"] else -(one.projects or 0), one.name))
    chosen = next((one for one in choices if one.code == code), None)
    if chosen is None:
        return Sight(tuple(choices), None, None, (), page_of(1, size=LOOKED_AT, total=0))
    with connection.cursor() as cursor:
        cursor.execute(_SEEN_IN, [code, json.dumps(found["chosen"])])
        lines = tuple(PortfolioLine(*row) for row in cursor.fetchall())
    here, told = _seen(viewer, unit, code, lines, today)
    return Sight(tuple(choices), chosen, here, told, page_of(wanted, size=LOOKED_AT, total=found["total"]))


def _in_sight(given: list[Any], code: str, page: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM projects_portfolio_sight(%s, %s, %s, %s, %s, %s, %s)", [*given, code, LOOKED_AT, (page - 1) * LOOKED_AT]
        )
        (told,) = cursor.fetchone() or ("{}",)
    return dict(json.loads(told) if isinstance(told, str) else told)


def _seen(
    viewer: Viewer, unit: UnitFacts, code: str, lines: tuple[PortfolioLine, ...], today: date
) -> tuple[Moved | None, tuple[InSight, ...]]:
    """Look at the place's own chart over a year, and at each project's since it began, in the same few questions."""
    year = a_year_before(today).replace(day=1)
    tests = _tests([one.pk for one in lines])
    asked = {one.pk: ((code, one.measured_at), timezone.localdate(one.begun_at).replace(day=1)) for one in lines}
    found = measures.moved_each(viewer=viewer, wanted=[*asked.values(), ((code, unit.code), year)])
    told = tuple(
        InSight(
            one, tests.get(one.pk, ())[:MOST_TESTS], max(0, len(tests.get(one.pk, ())) - MOST_TESTS),
            found.get(asked[one.pk]),
        )
        for one in lines
    )  # fmt: skip
    return found.get(((code, unit.code), year)), told


def _tests(pks: list[int]) -> dict[int, tuple[Tested, ...]]:
    found: dict[int, list[Tested]] = {}
    rows = Cycle.objects.filter(project_id__in=pks).order_by("project_id", "-starts_on", "-pk")
    for pk, number, title, decision in rows.values_list("project_id", "number", "title", "decision"):
        found.setdefault(pk, []).append(Tested(number, title, decision, f"/projects/{pk}/tests/{number}/"))
    return {pk: tuple(several) for pk, several in found.items()}
