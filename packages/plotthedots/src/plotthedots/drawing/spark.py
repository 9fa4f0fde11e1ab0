"""The small chart of a wall: no words inside, under a thousand bytes for three years of months."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.drawing.marks import SHAPES, Point, signs, steps
from plotthedots.drawing.scale import Axis
from plotthedots.drawing.theme import BAND, DOT, INK, QUIET

if TYPE_CHECKING:
    from plotthedots.arrays import Floats
    from plotthedots.drawing.picture import Picture

WIDTH: Final = 240
HEIGHT: Final = 64
_EDGE: Final = 5
_SIZE: Final = 4


def spark(view: Picture, names: str, labels: str) -> str:
    """Return the svg element; `names` is the title and desc markup, `labels` their ids."""
    axis = Axis(view.low, view.high, (), 0, _EDGE, HEIGHT - _EDGE)
    across = (WIDTH - 2 * _EDGE) / max(view.points - 1, 1)
    begin = _EDGE if view.points > 1 else WIDTH / 2  # a single point stands in the middle
    xs = [round(begin + across * point) for point in range(view.points)]
    ys = np.round(axis.places(view.series.values)).tolist()
    places: list[Point] = list(zip(xs, ys, strict=True))
    return (
        f'<svg class="ptd ptd-spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{labels}">{names}'
        f'{_lines(view, axis, xs)}<g fill="none" stroke="{DOT}">'
        f'<path class="ptd-line" d="{_track(places)}"/>'
        f'<path class="ptd-dot" stroke-width="4" stroke-linecap="round" d="{_dots(view, places)}"/></g>'
        f"{signs(view.kinds, places, _SIZE)}</svg>"
    )


def _lines(view: Picture, axis: Axis, xs: list[int]) -> str:
    """Return the band between the limits, the centre line and the target."""
    edges = [(float(xs[a]), float(xs[b - 1])) for a, b in view.phases]
    first = [a for a, _ in view.phases]
    centre = steps(edges, [round(y) if not isnan(y) else y for y in axis.places(view.series.centre[first])])
    band = _band(view, axis, xs)
    out = f'<path class="ptd-band" fill="{BAND}" d="{band}"/>' if band else ""
    out += f'<path class="ptd-centre" stroke="{QUIET}" d="{centre}"/>'
    for goal in view.goals[:1]:
        line = _level(goal.values, axis, xs)
        out += f'<path class="ptd-target" fill="none" stroke="{INK}" stroke-dasharray="6 3" d="{line}"/>'
    return out


def _level(values: Floats, axis: Axis, xs: list[int]) -> str:
    """Return the target: one line across, or steps where it changes."""
    if values.min() == values.max():
        return f"M{_EDGE} {axis.place(float(values[0])):.0f}H{WIDTH - _EDGE}"
    out, before = "", float("nan")
    for x, y in zip(xs, np.round(axis.places(values)).tolist(), strict=True):
        if isnan(y):
            before = y
            continue
        out += f"M{x} {y:.0f}" if isnan(before) else f"H{x}" + (f"V{y:.0f}" if y != before else "")
        before = y
    return out


def _band(view: Picture, axis: Axis, xs: list[int]) -> str:
    """Return the area between the limits; a rectangle where they are level."""
    low = np.round(axis.places(np.maximum(view.series.lower, view.low)))
    high = np.round(axis.places(np.minimum(view.series.upper, view.high)))
    out = []
    for a, b in view.phases:
        known = [point for point in range(a, b) if np.isfinite(low[point] + high[point])]
        if not known:
            continue
        level = low[known].min() == low[known].max() and high[known].min() == high[known].max()
        kept = [known[0], known[-1]] if level else known
        there = [f"{xs[point]} {high[point]:.0f}" for point in kept]
        back = [f"{xs[point]} {low[point]:.0f}" for point in reversed(kept)]
        out.append("M" + "L".join(there + back) + "z")
    return "".join(out)


def _track(places: list[Point]) -> str:
    """Return the line in relative steps: two or three bytes a coordinate."""
    return _walk(places, "l", "")


def _dots(view: Picture, places: list[Point]) -> str:
    """Return a dot for each point that is no signal."""
    plain = [
        place if kind not in SHAPES else (place[0], np.nan) for place, kind in zip(places, view.kinds, strict=True)
    ]
    return _walk(plain, "m", "h0")


def _walk(places: list[Point], move: str, after: str) -> str:
    out: list[str] = []
    before: Point | None = None
    for x, y in places:
        if isnan(y):
            # A line must lift its pen at a gap; dots lift it anyway.
            before = before if after else None
            continue
        if before is None:
            out.append(f"M{x:.0f} {y:.0f}{after}")
        else:
            dx, dy = x - before[0], y - before[1]
            out.append(f"{move}{dx:.0f}{'' if dy < 0 else ' '}{dy:.0f}{after}")
        before = (x, y)
    return "".join(out)
