"""One measure over everything below a unit: many small charts, and an honest word about chance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.paging import Page, page_of
from espalier.common.periods import YEAR_BEFORE, number_of, start_of_number, step
from espalier.measures.charting import ENOUGH, Compare, Judged, Sure, judge, surest
from espalier.measures.queries import figures, marking
from espalier.measures.queries.cards import Card, card
from espalier.measures.queries.definitions import Definition, definition
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.measures.rules.marking import Decided
    from espalier.organisations.queries import Placed, UnitFacts

Order = Literal["region", "attention", "name"]
CHARTS_A_PAGE = 200
FLAGGED = ("concerning", "improving", "high", "low")
_ATTENTION = {"concerning": 0, "low": 1, "high": 1, "improving": 2, "steady": 3, "unknown": 4}
NO_REGION = "Region not known"
OTHERS = "Others: walk-in centres, other providers and short records"
MAIN_KINDS = ("trust",)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person asked to see; everything has a default that works."""

    order: Order = "region"
    compare: Compare = "each-month"
    level: str = "organisation"
    region: str = ""
    kind: str = ""
    signal: str = ""
    page: str = "1"
    until: date | None = None  # the last month shown; None is the newest there is


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading."""

    name: str
    code: str
    total: int  # of all pages, not only this one
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a filter, with how many charts it leaves."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything the page says; codes and numbers, not words."""

    definition: Definition
    unit: UnitFacts
    choice: Choice
    newest: date | None
    oldest: date | None
    top: Card | None
    groups: tuple[Group, ...]
    page: Page
    judged: int  # charts with enough points to say what is usual
    counts: dict[str, int]  # by variation, over all charts that pass the filters
    by_chance: float  # how many of the judged charts chance alone could flag
    sure: int  # how many still stand out when all are read together, whatever signal is chosen
    sure_chance: float  # how many of these are expected to be chance
    lean: float  # how closely figures were taken to follow the month before
    lag1_median: float
    coverage: figures.Coverage | None
    missing: tuple[UnitFacts, ...]
    not_placed: tuple[UnitFacts, ...]  # in no region that we know
    not_placed_share: float  # of the denominators (or numerators of a count) in the newest month
    regions: tuple[Option, ...]
    kinds: tuple[Option, ...]
    method: str
    decided: int = 0  # charts drawn with baselines that the viewer's own organisation decided, which the public does not see


@dataclass(frozen=True, slots=True)
class _Line:
    """One series before it is drawn."""

    index: int
    unit: UnitFacts
    region: str
    region_code: str
    other: bool
    variation: str
    sure: bool


def wall(*, viewer: Viewer, measure: str, unit: UnitFacts, choice: Choice) -> Wall:
    """Read, judge and arrange; only the charts of the shown page are drawn."""
    what = definition(viewer=viewer, code=measure)
    there = figures.where(viewer=viewer, measures=[what.pk], unit_id=unit.pk)
    if not there:
        return _empty(what, unit, choice)
    if what.frequency not in YEAR_BEFORE:
        choice = replace(choice, compare="each-month")
    newest = figures.as_asked({what.pk: there[what.pk].newest}, choice.until, what)
    until = newest[what.pk]
    decided = marking.decided_by_unit(there[what.pk].marks)
    rows = _rows(viewer, what, unit, newest, choice, since=marking.frozen_since(decided))
    if rows.key.size == 0:
        here = Suggestion(f"{what.name}, newest months", what.href)
        raise NotFoundHere(f"There are no figures for {until:%B %Y} or the three years before.", suggestions=(here,))
    judged = judge(rows.block(), what.words, compare=choice.compare, decided=decided)
    sure = surest(judged)
    everything = _lines(viewer, judged, sure, unit, choice)
    kept = sum(line.sure for line in _filtered(everything, replace(choice, signal="")))
    shown = _sorted(_filtered(everything, choice), choice)
    page = page_of(choice.page, size=CHARTS_A_PAGE, total=len(shown))
    enough = [line.index for line in shown if judged.settled[line.index] >= ENOUGH]
    covered = figures.coverage(viewer=viewer, definition=what, unit_id=unit.pk, on=until) if what.rolls_up else None
    homeless = [line.unit.pk for line in everything if not line.region_code] if unit.code == organisations.NATION else []
    facts = {line.unit.pk: line.unit for line in everything}
    return Wall(
        definition=what, unit=unit, choice=choice, newest=until, oldest=_oldest(rows, what, until),
        top=_top(viewer, what, unit, rows, newest, choice, decided=decided),
        groups=_groups(shown, page, choice, lambda line: card(judged, line.index, unit=line.unit, definition=what, newest=until)),
        page=page, judged=len(enough), counts=dict(Counter(line.variation for line in shown)),
        by_chance=float(judged.chance[enough].sum()), lag1_median=_median(judged.lag1[enough]),
        sure=kept, sure_chance=sure.expected(kept), lean=sure.lean,
        coverage=covered, missing=tuple(facts[pk] for pk in (covered.missing if covered else ()) if pk in facts),
        not_placed=tuple(facts[pk] for pk in homeless), not_placed_share=_share(rows, homeless, number_of(until, what.frequency)),
        regions=_options(everything, lambda line: (line.region_code, line.region)),
        kinds=_options(everything, lambda line: (line.unit.kind, line.unit.kind_plural)), method=judged.method,
        decided=sum(line.unit.pk in decided for line in shown) if choice.compare == "each-month" else 0,
    )  # fmt: skip


def _oldest(rows: figures.Rows, what: Definition, until: date) -> date:
    """Return the first period shown: for months three years before the last, or the first there is."""
    return max(step(until, what.frequency, 1 - figures.periods_shown(what)), start_of_number(int(rows.month.min()), what.frequency))


def _median(lag1: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """The middle correlation with the month before; a series that never changes has none."""
    known = lag1[~np.isnan(lag1)]
    return float(np.median(known)) if known.size else 0.0


def _empty(what: Definition, unit: UnitFacts, choice: Choice) -> Wall:
    return Wall(
        definition=what, unit=unit, choice=choice, newest=None, oldest=None, top=None, groups=(),
        page=page_of(1, size=CHARTS_A_PAGE, total=0), judged=0, counts={}, by_chance=0.0, sure=0, sure_chance=0.0,
        lean=0.0, lag1_median=0.0, coverage=None, missing=(),
        not_placed=(), not_placed_share=0.0, regions=(), kinds=(), method="",
    )  # fmt: skip


def _rows(
    viewer: Viewer, what: Definition, unit: UnitFacts, newest: dict[int, date], choice: Choice, *, since: dict[int, date]
) -> figures.Rows:
    """Read what is judged; the unit's own rows are among them where it has any of its own, or where all are sums."""
    if choice.level in {"system", "region"} and what.rolls_up:
        ancestors = organisations.ids_of_kind_below(viewer=viewer, unit_id=unit.pk, kind=choice.level)
        return figures.added_up(viewer=viewer, of=[what], newest=newest, ancestors=[unit.pk, *ancestors], compare=choice.compare)
    inside = organisations.below(viewer=viewer, unit_id=unit.pk)
    return figures.stored(viewer=viewer, of=[what], newest=newest, unit_ids=inside, compare=choice.compare, since=since)


def _top(
    viewer: Viewer,
    what: Definition,
    unit: UnitFacts,
    rows: figures.Rows,
    newest: dict[int, date],
    choice: Choice,
    *,
    decided: dict[int, Decided],
) -> Card | None:
    """Return the card of the unit itself: its own series, or the sum of what lies below it."""
    own, summed = rows.of(unit.pk), what.rolls_up
    if own.key.size == 0 and summed:
        own = figures.added_up(viewer=viewer, of=[what], newest=newest, ancestors=[unit.pk], compare=choice.compare)
    block = own.block()
    if block.keys.size == 0:
        return None
    judged = judge(block, what.words, compare=choice.compare, decided=decided if rows.of(unit.pk).key.size else None)
    if judged.observed[0] == 0:
        return None  # too short to hold two months a year apart
    return card(judged, 0, unit=unit, definition=what, newest=newest[what.pk], added_up=summed)


def _lines(viewer: Viewer, judged: Judged, sure: Sure, unit: UnitFacts, choice: Choice) -> list[_Line]:
    """Name every series and say in which region its unit lay in the month of its last figure."""
    stays = organisations.placed_in_kind(viewer=viewer, pks=judged.block.keys.tolist(), kind="region")
    facts = organisations.units(viewer=viewer, pks={*judged.block.keys.tolist(), *(stay.ancestor_id for stay in stays)})
    homes: dict[int, list[Placed]] = {}
    for stay in stays:
        homes.setdefault(stay.unit_id, []).append(stay)
    lines = []
    for index, pk in enumerate(judged.block.keys.tolist()):
        if not _wanted(facts[pk], unit, choice) or judged.observed[index] == 0:
            continue
        day = judged.block.months(index)[int(judged.last[index])]
        home = next((facts[stay.ancestor_id] for stay in homes.get(pk, ()) if stay.since <= day < stay.until), None)
        other = (facts[pk].is_organisation and facts[pk].kind not in MAIN_KINDS) or judged.observed[index] < ENOUGH
        region = (home.name, home.code) if home else (NO_REGION, "")
        lines.append(_Line(index, facts[pk], *region, other, judged.variation[index], bool(sure.kept[index])))
    return lines


def _wanted(facts: UnitFacts, root: UnitFacts, choice: Choice) -> bool:
    """Keep one level: organisations below a nation, region or system; everything below an organisation."""
    if facts.pk == root.pk:
        return False
    if choice.level in {"system", "region"}:
        return facts.kind == choice.level
    return root.is_organisation or facts.is_organisation


def _filtered(lines: list[_Line], choice: Choice) -> list[_Line]:
    def passes(line: _Line) -> bool:
        signal = choice.signal in {"", line.variation} or (choice.signal == "flagged" and line.variation in FLAGGED)
        signal = signal or (choice.signal == "sure" and line.sure)
        region = choice.region in {"", line.region_code or "none"}
        return signal and region and choice.kind in {"", line.unit.kind}

    return [line for line in lines if passes(line)]


def _sorted(lines: list[_Line], choice: Choice) -> list[_Line]:
    def place(line: _Line) -> tuple[object, ...]:
        if choice.order == "attention":
            return (_ATTENTION[line.variation], line.unit.name)
        if choice.order == "name":
            return (line.unit.name,)
        return (line.other, not line.region_code, line.region, line.unit.name)

    return sorted(lines, key=place)


def _groups(lines: list[_Line], page: Page, choice: Choice, draw: Callable[[_Line], Card]) -> tuple[Group, ...]:
    """Put the lines of the page under headings; other orders than by region have one heading."""
    if choice.order != "region":
        return (Group("", "", len(lines), tuple(draw(line) for line in lines[page.start : page.stop])),) if lines else ()
    heads = Counter(_head(line) for line in lines)
    groups: dict[tuple[str, str], list[Card]] = {}
    for line in lines[page.start : page.stop]:
        groups.setdefault(_head(line), []).append(draw(line))
    return tuple(Group(name, code, heads[name, code], tuple(cards)) for (name, code), cards in groups.items())


def _head(line: _Line) -> tuple[str, str]:
    return (OTHERS, "") if line.other else (line.region, line.region_code)


def _share(rows: figures.Rows, units: Collection[int], newest: int) -> float:
    """Return which share of the newest period's people these units saw: of denominators, or of counts."""
    now = rows.month == newest
    weight = np.where(np.isnan(rows.denominator), rows.numerator, rows.denominator)
    total = float(np.nansum(weight[now]))
    part = float(np.nansum(weight[now & np.isin(rows.key, np.fromiter(units, dtype=np.int64))]))
    return part / total if total else 0.0


def _options(lines: list[_Line], of: Callable[[_Line], tuple[str, str]]) -> tuple[Option, ...]:
    counts = Counter(of(line) for line in lines)
    return tuple(
        Option(code or "none", name, number)
        for (code, name), number in sorted(counts.items(), key=lambda item: (not item[0][0], item[0][1]))
    )
