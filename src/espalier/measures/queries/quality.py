"""How good the figures of a unit are: complete, in time, and what is odd about them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from espalier.common.periods import step
from espalier.measures.models import Point, PointVersion
from espalier.measures.queries import figures
from espalier.measures.queries.late import Stretch, all_together, chosen_measures, newest_of, stretches
from espalier.measures.rules import Oddities, Reported, expected_until, is_silent, oddities, steps
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.measures.charting import Block
    from espalier.measures.queries.definitions import Definition
    from espalier.organisations.queries import UnitFacts

MOST = 200


@dataclass(frozen=True, slots=True)
class Quality:
    """What was found in the newest three years of one series."""

    definition: Definition
    unit: UnitFacts
    last: date
    expected: int  # periods from the first shown to the newest expected
    reported: int
    behind: int
    corrected: int  # periods changed after they had been stored
    same: int
    no_denominator: tuple[date, ...]
    jumps: tuple[date, ...]
    heaped: bool

    @property
    def href(self) -> str:
        """The chart."""
        return f"{self.definition.href}{self.unit.code}/"

    @property
    def silent(self) -> bool:
        """Whether nothing has come for more than a year: then only what did come is judged for being complete."""
        return is_silent(self.behind, self.definition.frequency)

    @property
    def findings(self) -> int:
        """How many kinds of things are worth a look."""
        found = (self.silent, self.reported < self.expected, self.corrected, self.same, self.no_denominator, self.jumps, self.heaped)
        return sum(map(bool, found))


@dataclass(frozen=True, slots=True)
class QualityPage:
    """Everything the page says; codes and numbers, not words."""

    unit: UnitFacts
    measure: str
    measures: tuple[Definition, ...]
    rows: tuple[Quality, ...]
    looked_at: int
    found: int  # how many have anything to look at
    counts: tuple[tuple[str, int], ...]
    all_together: bool  # whether all measures can be looked at in one list


def quality(*, viewer: Viewer, unit: UnitFacts, today: date, measure: str = "") -> QualityPage:
    """Look through every series at a unit and below it, those with most to look at first."""
    known, wanted, code = chosen_measures(viewer=viewer, unit=unit, measure=measure)
    by_pk = {one.pk: one for one in wanted}
    inside = Q(unit_id__in=organisations.below(viewer=viewer, unit_id=unit.pk), measure_id__in=list(by_pk))
    there = stretches(viewer=viewer, where=inside)
    newest: dict[int, date] = {}
    for row in there:
        newest[row.measure_id] = max(row.last, newest.get(row.measure_id, row.last))
    due = newest | newest_of(viewer=viewer, measures=[pk for pk in newest if by_pk[pk].words.get("entered_by") != "teams"])
    facts = organisations.units(viewer=viewer, pks={row.unit_id for row in there})
    corrected = _corrected(viewer, there)
    until = {pk: expected_until(by_pk[pk].words, newest=due[pk], today=today) or due[pk] for pk in newest}
    block = _newest_years(there, by_pk, newest)
    made = _rows(block, {row.series_id: (row, by_pk[row.measure_id]) for row in there}, facts, until, corrected)
    rows = sorted(made, key=lambda one: (-one.findings, one.unit.name, one.definition.name))
    return QualityPage(
        unit, code, known, tuple(rows[:MOST]), len(rows), sum(1 for one in rows if one.findings), _counts(rows), all_together(unit)
    )


def _newest_years(there: Collection[Stretch], known: dict[int, Definition], newest: dict[int, date]) -> Block:
    """Read the newest periods of every series, each measure by its own grain, in one question."""
    where = Q(pk__in=[])
    for pk, last in newest.items():
        grain = known[pk].frequency
        mine = [row.series_id for row in there if row.measure_id == pk]
        where |= Q(series_id__in=mine, period_on__gt=step(last, grain, -figures.SHOWN[grain]))
    rows = list(Point.objects.filter(where).values_list("series_id", "period_on", "numerator", "denominator", "value"))
    read = {row[0] for row in rows}
    grains = {row.series_id: known[row.measure_id].frequency for row in there if row.series_id in read}
    one = set(grains.values())
    return figures.rows_of(rows, one.pop() if len(one) == 1 else grains).block()


def _rows(
    block: Block,
    whose: dict[int, tuple[Stretch, Definition]],
    facts: dict[int, UnitFacts],
    until: dict[int, date],
    corrected: dict[int, int],
) -> list[Quality]:
    made = []
    for index, pk in enumerate(block.keys.tolist()):
        if pk not in whose:
            continue  # another owner's series of the same unit and measure that began meanwhile
        row, what = whose[pk]
        months, found, unit, due = block.months(index), _look(block, index), facts[row.unit_id], until[what.pk]
        last = unit.closed_on if unit.closed_on and unit.closed_on < due else due
        behind = max(0, steps(months[-1], last, what.frequency))
        # Who has sent nothing for a year has gone; only what they did send is judged.
        silent = is_silent(behind, what.frequency)
        behind = 0 if silent and what.words.get("entered_by") != "teams" else behind
        made.append(Quality(
            definition=what, unit=unit, last=months[-1], reported=found.reported, behind=behind,
            expected=len(months) + (0 if silent else behind), corrected=corrected.get(pk, 0),
            same=found.same, no_denominator=tuple(months[at] for at in found.no_denominator),
            jumps=tuple(months[at] for at in found.jumps), heaped=found.heaped,
        ))  # fmt: skip
    return made


def _look(block: Block, index: int) -> Oddities:
    part = block.part(index)
    columns = [
        [None if math.isnan(one) else one for one in column[part].tolist()] for column in (block.numerator, block.denominator, block.value)
    ]
    return oddities([Reported(*row) for row in zip(*columns, strict=True)])


def _corrected(viewer: Viewer, there: Collection[Stretch]) -> dict[int, int]:
    """Count, by series, the periods whose figure was changed after it had been stored."""
    del viewer
    rows = PointVersion.objects.filter(series_id__in=[row.series_id for row in there], old_value__isnull=False, removed=False)
    return dict(rows.order_by().values_list("series_id").annotate(number=Count("period_on", distinct=True)))


def _counts(rows: Collection[Quality]) -> tuple[tuple[str, int], ...]:
    several = {
        "silent": sum(1 for one in rows if one.silent),
        "missing": sum(1 for one in rows if one.reported < one.expected), "corrected": sum(1 for one in rows if one.corrected),
        "same": sum(1 for one in rows if one.same), "jumps": sum(1 for one in rows if one.jumps),
        "no-denominator": sum(1 for one in rows if one.no_denominator), "heaped": sum(1 for one in rows if one.heaped),
    }  # fmt: skip
    return tuple((code, number) for code, number in several.items() if number)
