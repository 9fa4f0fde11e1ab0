"""Whether charts moved since a day: for whoever asks what became of something that was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from espalier.measures import charting
from espalier.measures.queries import marking
from espalier.measures.queries.definitions import named
from espalier.measures.queries.picking import stored
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.measures.queries.picking import Pair

NEWEST = 3  # figures whose average says where a chart is now


@dataclass(frozen=True, slots=True)
class Moved:
    """What a chart shows since a day."""

    figures: int  # periods with a figure since
    better: bool  # some of them stand out as better than usual, and none after that as worse
    held: int  # figures from the first that stood out as better up to the newest; 0 where one stood out as worse after it
    worse: bool  # the newest is worse than usual
    now: float | None  # the average of the newest three since


def moved(*, viewer: Viewer, pairs: Iterable[Pair], since: date) -> dict[Pair, Moved]:
    """Say of each of these charts what became of it since a day; a chart that cannot be seen or has no figures is absent.

    Baselines that people set count as on the chart's own page: what was better before a new baseline stays so.
    """
    return {pair: found for (pair, _), found in moved_each(viewer=viewer, wanted=[(pair, since) for pair in pairs]).items()}


def moved_each(*, viewer: Viewer, wanted: Iterable[tuple[Pair, date]]) -> dict[tuple[Pair, date], Moved]:
    """Say the same of charts that are each looked at since a day of their own, in as few questions."""
    days: dict[Pair, set[date]] = {}
    for pair, day in wanted:
        days.setdefault(pair, set()).add(day)
    if not days:
        return {}
    known = named(viewer=viewer, codes={measure for measure, _ in days})
    places = organisations.find(viewer=viewer, codes={unit for _, unit in days})
    there = [(known[m], places[u]) for m, u in days if m in known and u in places]
    rows, said = stored(there)
    block = rows.block()
    found: dict[tuple[Pair, date], Moved] = {}
    for index, key in enumerate(block.keys.tolist()):
        what, unit = there[key]
        decided = {key: marking.decided_of(said[key])} if key in said else None
        judged, pair = charting.judge(block.only(index), what.words, decided=decided), (what.code, unit.code)
        found |= {(pair, day): _moved(judged, day) for day in days[pair]}
    return found


def _moved(judged: charting.Judged, since: date) -> Moved:
    values = np.asarray(judged.block.value)
    after = [
        (float(value), mark)
        for day, value, mark in zip(judged.block.months(0), values, charting.marks(judged, 0), strict=True)
        if day >= since and not np.isnan(value)
    ]
    marks = [mark for _, mark in after]
    first = marks.index("better") if "better" in marks else len(marks)
    held = 0 if "worse" in marks[first:] else len(marks) - first
    newest = [value for value, _ in after][-NEWEST:]
    return Moved(
        len(after), better=held > 0, held=held, worse=judged.variation[0] == "concerning",
        now=sum(newest) / len(newest) if len(newest) == NEWEST else None,
    )  # fmt: skip
