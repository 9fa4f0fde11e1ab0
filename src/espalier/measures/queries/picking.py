"""Chosen charts: these measures at these places, whatever they are, in a few questions to the database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection

from espalier.measures.charting import judge
from espalier.measures.models import Series
from espalier.measures.queries import figures, marking
from espalier.measures.queries import tried as trying
from espalier.measures.queries.cards import Card, card
from espalier.measures.queries.definitions import definitions, named
from espalier.measures.queries.exporting import picture
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from espalier.access.viewer import Viewer
    from espalier.exports.shapes import Picture
    from espalier.measures.queries.definitions import Definition
    from espalier.organisations.queries import UnitFacts

    Chosen = tuple[Definition, UnitFacts]
    Said = Mapping[int, tuple[marking.Marked, ...]]

Pair = tuple[str, str]  # code of the measure, code of the place


def pictures(
    *,
    viewer: Viewer,
    pairs: Iterable[Pair],
    large: bool = True,
    small: bool = True,
    among: Sequence[Definition] | None = None,
    places: Mapping[str, UnitFacts] | None = None,
    tried: Mapping[Pair, Sequence[trying.Tried]] | None = None,
) -> dict[Pair, Picture]:
    """Return the charts of these pairs, as far as this viewer may see them; what cannot be seen or is not there is absent.

    A chart is drawn with the notes and baselines its page shows to the same viewer. Stored figures and what was said of
    them come in one question for all pairs. Only pairs without any are added up from below: two questions more
    for each place they are at. A page that has read the definitions or the places already hands them over; and it says
    itself what was tried.
    """
    wanted = list(dict.fromkeys(pairs))
    known = {one.code: one for one in among or ()}
    if lacking := {measure for measure, _ in wanted} - known.keys():  # what an organisation made on a page is in no list of the library
        known |= named(viewer=viewer, codes=lacking)
    places = dict(places or {})
    if unknown := {unit for _, unit in wanted} - places.keys():
        places |= organisations.find(viewer=viewer, codes=unknown)
    there = [(known[m], places[u]) for m, u in wanted if m in known and u in places]
    rows, said = stored(there)
    found = dict(_drawn(rows, dict(enumerate(there)), said, large=large, small=small, tried=tried or {}))
    missing = [chosen for chosen in there if (chosen[0].code, chosen[1].code) not in found and chosen[0].rolls_up]
    for unit in {unit.pk: unit for _, unit in missing}.values():
        of = [what for what, at in missing if at.pk == unit.pk]
        sums = _added_up(viewer, of, unit)
        found |= dict(_drawn(sums, {what.pk: (what, unit) for what in of}, {}, large=large, small=small, tried=tried or {}))
    return {pair: found[pair] for pair in wanted if pair in found}


# The newest periods of each series, counted from its own last one, as on its page; more where a frozen range rests on them.
# What was said of a series stands beside its last period only.
_STORED = f"""
SELECT w.place - 1, p.period_on, p.numerator, p.denominator, p.value, CASE WHEN p.period_on = newest.last THEN said.marks::text END
FROM unnest(%s::bigint[], %s::bigint[], %s::interval[]) WITH ORDINALITY AS w(measure_id, unit_id, back, place)
     JOIN measures_series s ON s.measure_id = w.measure_id AND s.unit_id = w.unit_id AND s.stratum = ''
     CROSS JOIN LATERAL (SELECT max(period_on) AS last FROM measures_point WHERE series_id = s.id) newest
     LEFT JOIN LATERAL ({marking.SAID_OF_SERIES}) said ON true
     JOIN measures_point p ON p.series_id = s.id AND p.period_on > least(newest.last - w.back, said.frozen_since - interval '1 day')
"""  # noqa: S608  fixed words
_TIMES = {"day": (1, "days"), "week": (7, "days"), "month": (1, "months"), "quarter": (3, "months"), "year": (12, "months")}


def stored(there: Sequence[Chosen]) -> tuple[figures.Rows, Said]:
    """Read the figures of pairs, and what was said of them; both are keyed by the pair's place in the list."""
    # Written as the database reads a length of time, so that a month is a month and not thirty days.
    backs = [f"{figures.periods_shown(what) * _TIMES[what.frequency][0]} {_TIMES[what.frequency][1]}" for what, _ in there]
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [[what.pk for what, _ in there], [unit.pk for _, unit in there], backs])
        rows = cursor.fetchall()
    said = {place: tuple(one.mark for one in marking.found_in(json.loads(marks))) for place, *_, marks in rows if marks}
    return figures.rows_of([row[:5] for row in rows], {place: what.frequency for place, (what, _) in enumerate(there)}), said


def cards_of_places(*, viewer: Viewer, definition: Definition, units: Sequence[UnitFacts]) -> tuple[Card, ...]:
    """Return one card for each of these places that has figures of its own for a measure, in the order given: one question."""
    del viewer
    if not units:
        return ()
    rows, said = stored([(definition, unit) for unit in units])
    block = rows.block()
    if not block.keys.size:
        return ()
    decided = {key: marking.decided_of(marks) for key, marks in said.items()}
    judged = judge(block, definition.words, decided=decided or None)
    newest = max(block.months(index)[-1] for index in range(block.keys.size))
    keys = enumerate(block.keys.tolist())
    return tuple(card(judged, index, unit=units[key], definition=definition, newest=newest) for index, key in keys)


def _added_up(viewer: Viewer, of: Sequence[Definition], unit: UnitFacts) -> figures.Rows:
    """Add up what lies below one place; rows are keyed by measure."""
    there = figures.where(viewer=viewer, measures=[one.pk for one in of], unit_id=unit.pk)
    newest = {pk: found.newest for pk, found in there.items() if found.below}
    if not newest:
        return figures.rows_of([])
    return figures.added_up(viewer=viewer, of=of, newest=newest, ancestors=[unit.pk], key="measure_id")


def _drawn(
    rows: figures.Rows,
    there: Mapping[int, Chosen],
    said: Said,
    *,
    large: bool,
    small: bool,
    tried: Mapping[Pair, Sequence[trying.Tried]],
) -> Iterator[tuple[Pair, Picture]]:
    block = rows.block()
    for index, key in enumerate(block.keys.tolist()):
        what, unit = there[key]
        marks = marking.numbered(said.get(key, ()))
        judged = judge(block.only(index), what.words, decided={key: marking.decided_of(marks)} if marks else None)
        notes = (*marking.drawn(marks), *trying.drawn(tried.get((what.code, unit.code), ()), what.frequency))
        yield (what.code, unit.code), picture(judged, 0, definition=what, unit=unit, large=large, small=small, notes=notes)


def pairs_below(*, viewer: Viewer, unit_id: int, measures: Sequence[str] = (), most: int = 10_000) -> tuple[Pair, ...]:
    """Name every stored chart at and below a place that this viewer may see, in the order of measures and names."""
    at = organisations.units(viewer=viewer, pks=[unit_id]).get(unit_id)
    known = {one.pk: one.code for one in definitions(viewer=viewer, at=at) if not measures or one.code in measures}
    inside = organisations.below(viewer=viewer, unit_id=unit_id)
    series = Series.objects.filter(measure_id__in=known, unit_id__in=inside, stratum="").order_by("measure_id", "unit_id")
    pairs = list(series.values_list("measure_id", "unit_id").distinct()[:most])
    units = organisations.units(viewer=viewer, pks={unit for _, unit in pairs})
    order = {pk: number for number, pk in enumerate(known)}
    there = sorted((order[m], units[u].name, known[m], units[u].code) for m, u in pairs)
    return tuple((measure, unit) for *_, measure, unit in there)
