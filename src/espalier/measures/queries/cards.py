"""One small chart with what it says: the card of a unit on a page of many, or of a measure on a unit's page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from espalier.common.periods import YEAR_BEFORE, step
from espalier.measures.charting import Judged, judge, spark
from espalier.measures.queries import figures
from espalier.measures.queries.changes import Latest, latest
from espalier.measures.queries.definitions import Definition, definitions
from espalier.measures.rules import expected_until, steps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from espalier.access.viewer import Viewer
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


def cards_of_unit(*, viewer: Viewer, unit: UnitFacts, only: tuple[str, ...] = ()) -> tuple[Card, ...]:
    """Return one card for each measure that has figures at a unit, stored or added up from what lies below it.

    All measures are read in the same few queries, so a unit with forty costs no more round trips than one with four.
    """
    known = {one.pk: one for one in definitions(viewer=viewer) if not only or one.code in only}
    there = figures.where(viewer=viewer, measures=known, unit_id=unit.pk)
    newest = {pk: found.newest for pk, found in there.items()}
    here = {pk: newest[pk] for pk, found in there.items() if found.here}
    sums = [known[pk] for pk, found in there.items() if found.below and not found.here and known[pk].roll_up == "sum"]
    rows = figures.stored(viewer=viewer, of=known.values(), newest=here, unit_ids=[unit.pk], key="measure_id")
    made = _cards(rows, unit, known, newest, added_up=False)
    if sums:
        rows = figures.added_up(viewer=viewer, of=sums, newest=newest, ancestors=[unit.pk], key="measure_id")
        made += _cards(rows, unit, known, newest, added_up=True)
    order = list(known)
    return tuple(sorted(made, key=lambda one: order.index(one.definition.pk)))


def _cards(rows: figures.Rows, unit: UnitFacts, known: dict[int, Definition], newest: dict[int, date], *, added_up: bool) -> list[Card]:
    made = []
    block = rows.block()
    for index, pk in enumerate(block.keys.tolist()):
        one = block.only(index)
        made.append(
            card(judge(one, known[pk].words), 0, unit=unit, definition=known[pk], newest=newest[pk], added_up=added_up, by="measure")
        )
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
    late: tuple[LateCard, ...]
    latest: tuple[Latest, ...]


def charts_of_unit(*, viewer: Viewer, unit: UnitFacts, today: date) -> UnitCharts:
    """Return a unit's charts, which of them are late, and what changed last."""
    cards = cards_of_unit(viewer=viewer, unit=unit)
    known = {card.definition.code: card.definition for card in cards}
    return UnitCharts(cards, late_cards(cards, today=today), latest(viewer=viewer, unit=unit, known=tuple(known.values())) if cards else ())
