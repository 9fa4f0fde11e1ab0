"""One small chart with what it says: the card of a unit on a page of many, or of a measure on a unit's page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from espalier.common.paging import Page, page_of
from espalier.common.periods import YEAR_BEFORE, step
from espalier.measures.charting import Judged, judge, spark
from espalier.measures.queries import figures, marking
from espalier.measures.queries.changes import Latest, latest
from espalier.measures.queries.definitions import Definition, definitions
from espalier.measures.rules import expected_until, steps

CARDS_A_PAGE = 48
GAPS = ("health-wellbeing", "care-quality", "funding-efficiency", "staff-experience", "capability")  # order on pages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.measures.rules.marking import Decided
    from espalier.organisations.queries import UnitFacts


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows; codes, not words, so that every page says it alike."""

    code: str
    name: str
    kind: str
    href: str
    spark: str
    value: float | None
    period: date | None
    variation: str
    assurance: str
    observed: int
    late: bool
    closed_on: date | None
    added_up: bool
    made_up: bool
    definition: Definition

    @property
    def year_before(self) -> date | None:
        """The period of the same season a year before; none where there is no such thing."""
        back = YEAR_BEFORE.get(self.definition.frequency)
        return step(self.period, self.definition.frequency, -back) if self.period and back else None

    def for_all(self, unit: str) -> Card:
        """Return the same card, leading to the charts of everything below instead of to its own."""
        return replace(self, href=f"{self.definition.href}?unit={unit}")


def card(
    judged: Judged, index: int, *, unit: UnitFacts, definition: Definition, newest: date, added_up: bool = False, by: str = "unit"
) -> Card:
    """Make the card of one judged series, named by its unit or (by="measure") by its measure."""
    months, last = judged.block.months(index), int(judged.last[index])
    period = months[last] if last >= 0 else None
    code, name = (unit.code, unit.name) if by == "unit" else (definition.code, definition.name)
    return Card(
        code=code, name=name, kind=unit.kind_name, href=f"{definition.href}{unit.code}/",
        spark=spark(judged, index, title=name, prefix=f"s{definition.pk}-{unit.pk}"),
        value=float(judged.block.value[judged.block.part(index)][last]) if last >= 0 else None,
        period=period, variation=judged.variation[index], assurance=judged.assurance[index], observed=int(judged.observed[index]),
        late=period is not None and period < newest, closed_on=unit.closed_on, added_up=added_up,
        made_up=definition.made_up or unit.made_up, definition=definition,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cards:
    """One page of the cards of a unit; `without` names the measures that have no figure for it, at the end of the last page."""

    cards: tuple[Card, ...]
    shown: tuple[Definition, ...]
    page: Page
    without: tuple[Definition, ...]


def cards_page(
    *, viewer: Viewer, unit: UnitFacts, page: str | int = 1, size: int = CARDS_A_PAGE, name_the_rest: bool = False, first: str = ""
) -> Cards:
    """Return one page of the cards of a unit: what is read, judged and drawn is only what is shown.

    An organisation may keep hundreds of measures. Which of them can be drawn here is asked first, in one cheap question.
    first is the gap that comes before the others.
    """
    there = figures.present(viewer=viewer, unit_id=unit.pk)
    have = sorted(definitions(viewer=viewer, at=unit, which=there), key=lambda one: (one.gap != first, GAPS.index(one.gap)))
    at = page_of(page, size=size, total=len(have))
    shown = have[at.start : at.stop]
    return Cards(
        cards=_drawn(viewer, unit, {one.pk: one for one in shown}) if shown else (), shown=tuple(shown), page=at,
        without=definitions(viewer=viewer, at=unit, which=~there) if name_the_rest and at.number == at.pages else (),
    )  # fmt: skip


def cards_of_unit(*, viewer: Viewer, unit: UnitFacts, only: tuple[str, ...] = ()) -> tuple[Card, ...]:
    """Return one card for each measure that has figures at a unit, stored or added up from what lies below it.

    All measures are read in the same few queries, so a unit with forty costs no more round trips than one with four. A
    page that does not name the measures it wants uses cards_page: there may be hundreds.
    """
    return _drawn(viewer, unit, {one.pk: one for one in definitions(viewer=viewer, at=unit) if not only or one.code in only})


def _drawn(viewer: Viewer, unit: UnitFacts, known: dict[int, Definition]) -> tuple[Card, ...]:
    there = figures.where(viewer=viewer, measures=known, unit_id=unit.pk)
    newest = {pk: found.newest for pk, found in there.items()}
    here = {pk: newest[pk] for pk, found in there.items() if found.here}
    sums = [known[pk] for pk, found in there.items() if found.below and not found.here and known[pk].rolls_up]
    decided = {pk: marking.decided_of(one.mark for one in there[pk].marks if one.unit_id == unit.pk) for pk in here if there[pk].marks}
    since = marking.frozen_since(decided)
    rows = figures.stored(viewer=viewer, of=known.values(), newest=here, unit_ids=[unit.pk], key="measure_id", since=since)
    made = _cards(rows, unit, known, newest, decided, added_up=False)
    if sums:
        rows = figures.added_up(viewer=viewer, of=sums, newest=newest, ancestors=[unit.pk], key="measure_id")
        made += _cards(rows, unit, known, newest, {}, added_up=True)
    order = list(known)
    return tuple(sorted(made, key=lambda one: order.index(one.definition.pk)))


def _cards(
    rows: figures.Rows,
    unit: UnitFacts,
    known: dict[int, Definition],
    newest: dict[int, date],
    decided: dict[int, Decided],
    *,
    added_up: bool,
) -> list[Card]:
    made = []
    block = rows.block()
    for index, pk in enumerate(block.keys.tolist()):
        one = judge(block.only(index), known[pk].words, decided=decided)
        made.append(card(one, 0, unit=unit, definition=known[pk], newest=newest[pk], added_up=added_up, by="measure"))
    return made


@dataclass(frozen=True, slots=True)
class LateCard:
    """A card whose newest figure is not the newest that is due."""

    card: Card
    behind: int


def late_cards(cards: Iterable[Card], *, today: date) -> tuple[LateCard, ...]:
    """Pick the cards that lack what is due by now, as far as the cards themselves can tell: nothing more is asked."""
    found = []
    for one in cards:
        words = one.definition.words
        by_teams = words.get("entered_by") == "teams"
        due = expected_until(words, newest=None, today=today) if by_teams else None
        behind = steps(one.period, due, one.definition.frequency) if due and one.period else int(one.late)
        if behind > 0 and not one.closed_on and not one.added_up:
            found.append(LateCard(one, behind))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class UnitCharts:
    """What a unit's own page shows of its measures."""

    cards: tuple[Card, ...]
    total: int  # how many there are; the page shows the first
    late: tuple[LateCard, ...]
    latest: tuple[Latest, ...]


def charts_of_unit(*, viewer: Viewer, unit: UnitFacts, today: date, size: int, first: str = "") -> UnitCharts:
    """Return a unit's first charts, which of them are late, and what changed last; first is the gap that comes before the others."""
    drawn = cards_page(viewer=viewer, unit=unit, size=size, name_the_rest=False, first=first)
    own = any(not one.added_up for one in drawn.cards)  # what is added up changes with its parts, and is told there
    news = latest(viewer=viewer, unit=unit, known=drawn.shown) if own else ()
    return UnitCharts(drawn.cards, drawn.page.total, late_cards(drawn.cards, today=today), news)
