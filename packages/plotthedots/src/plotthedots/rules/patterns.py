"""Rules about order: shift, trend, alternating, hugging the centre, avoiding it.

Sources: Nelson (1984), The Shewhart control chart: tests for special causes, Journal of Quality Technology 16(4),
237-239; Perla, Provost and Murray (2011), The run chart, BMJ Quality & Safety 20(1), 46-51 for points that are skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from plotthedots.codes import Flag
from plotthedots.rules.packed import Packed, pack
from plotthedots.rules.runs import in_run, put_back, spread, starts_of_runs, without

if TYPE_CHECKING:
    from plotthedots.arrays import Floats
    from plotthedots.rules.base import Block
    from plotthedots.settings import Settings


def shift(block: Block, settings: Settings) -> dict[Flag, Packed]:
    """Return the points in a run on one side of the centre. A point on the centre breaks it, or is passed over."""
    high, low = block.sides
    if settings.on_centre == "break":
        return {Flag.SHIFT_HIGH: in_run(high, settings.shift), Flag.SHIFT_LOW: in_run(low, settings.shift)}
    above, below = block.loose_sides
    keep = above | below | np.isnan(block.x)  # a missing point is not on the centre: it breaks the run
    out = {}
    for flag, bits in ((Flag.SHIFT_HIGH, above), (Flag.SHIFT_LOW, below)):
        closed, order = without(bits, keep)
        out[flag] = pack(put_back(in_run(closed, settings.shift), order))
    return out


def trend(block: Block, settings: Settings) -> dict[Flag, Packed]:
    """Return the points of a run of rising or falling points, so many points being one step fewer.

    An equal neighbour breaks it; or is passed over, so that equal points count once (the first is marked).
    """
    if settings.ties == "break":
        rising, falling = block.steps
        rows, steps = block.rows, settings.trend - 1
        return {
            Flag.TREND_UP: spread(starts_of_runs(rising, steps), settings.trend, rows),
            Flag.TREND_DOWN: spread(starts_of_runs(falling, steps), settings.trend, rows),
        }
    return _trend_without_ties(block.x, settings.trend)


def _trend_without_ties(x: Floats, length: int) -> dict[Flag, Packed]:
    keep = np.ones(x.shape, dtype=np.bool_)
    keep[1:] = x[1:] != x[:-1]
    order = np.argsort(~keep, axis=0, kind="stable")
    closed = np.take_along_axis(np.where(keep, x, np.nan), order, axis=0)
    out = {}
    for flag, steps in ((Flag.TREND_UP, closed[1:] > closed[:-1]), (Flag.TREND_DOWN, closed[1:] < closed[:-1])):
        out[flag] = pack(put_back(spread(starts_of_runs(steps, length - 1), length, x.shape[0]), order))
    return out


def alternating(block: Block, settings: Settings) -> dict[Flag, Packed]:
    """Return the points of a run that goes up and down by turns."""
    rising, falling = block.steps
    turns: Packed = (rising[1:] & falling[:-1]) | (falling[1:] & rising[:-1])
    found = spread(starts_of_runs(turns, settings.alternating - 2), settings.alternating, block.rows)
    return {Flag.ALTERNATING: found}


def hugging(block: Block, settings: Settings) -> dict[Flag, Packed]:
    """Return the points of a run within one sigma of the centre; without limits there is no such run."""
    high, low = block.stray
    known = ~np.isnan(block.x) & ~np.isnan(block.estimate.spread) & (block.estimate.spread > 0)
    return {Flag.HUGGING: in_run(pack(known) & ~high & ~low, settings.hugging)}


def avoiding(block: Block, settings: Settings) -> dict[Flag, Packed]:
    """Return the points of a run in which every point lies beyond one sigma, on either side."""
    high, low = block.stray
    return {Flag.AVOIDING: in_run(high | low, settings.avoiding)}
