"""Path data: lines, dots and signs, each kind in one path so that a chart stays small."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final

from plotthedots.codes import Variation
from plotthedots.drawing.theme import PAINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


Point = tuple[float, float]

# Class, words and shape for each kind of signal: shape as well as colour, so nobody needs to see blue.
KINDS: Final[dict[int, tuple[str, str]]] = {
    Variation.IMPROVEMENT: ("ptd-better", "better than usual"),
    Variation.CONCERN: ("ptd-worse", "worse than usual"),
    Variation.HIGH: ("ptd-higher", "higher than usual"),
    Variation.LOW: ("ptd-lower", "lower than usual"),
    Variation.SPECIAL: ("ptd-other", "unusual pattern"),
}


def short(number: float) -> str:
    """Write a coordinate with at most one decimal and nothing spare.

    >>> short(12.04), short(-0.5), short(3.26)
    ('12', '-.5', '3.3')
    """
    text = f"{number:.1f}"
    if text.endswith(".0"):
        return "0" if text == "-0.0" else text[:-2]
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def pair(x: float, y: float) -> str:
    """Write two coordinates; a minus sign separates as well as a space does."""
    second = short(y)
    return short(x) + (second if second.startswith("-") else f" {second}")


def polyline(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Return one path through the points, broken where a height is missing (NaN)."""
    parts: list[str] = []
    pen = False
    for x, y in zip(xs, ys, strict=True):
        if isnan(y):
            pen = False
            continue
        parts.append(("L" if pen else "M") + pair(x, y))
        pen = True
    return "".join(parts)


def steps(edges: Sequence[tuple[float, float]], heights: Sequence[float]) -> str:
    """Return level lines, one for each (from, to, height); a missing height draws nothing."""
    return "".join(f"M{pair(a, y)}H{short(b)}" for (a, b), y in zip(edges, heights, strict=True) if not isnan(y))


def dots(points: Iterable[Point]) -> str:
    """Return dots: strokes of no length with round ends, six bytes each."""
    return "".join(f"M{pair(x, y)}h0" for x, y in points)


def diamonds(points: Iterable[Point], size: float) -> str:
    """Return diamonds of half-width `size`."""
    side = short(size)
    return "".join(f"M{pair(x, y - size)}l{side} {side}-{side} {side}-{side}-{side}z" for x, y in points)


def squares(points: Iterable[Point], size: float) -> str:
    """Return squares of half-width `size`."""
    side = short(2 * size)
    return "".join(f"M{pair(x - size, y - size)}h{side}v{side}h-{side}z" for x, y in points)


def triangles_up(points: Iterable[Point], size: float) -> str:
    """Return triangles that point up."""
    side, tall = short(2 * size), short(1.75 * size)
    return "".join(f"M{pair(x - size, y + 0.75 * size)}h{side}l-{short(size)}-{tall}z" for x, y in points)


def triangles_down(points: Iterable[Point], size: float) -> str:
    """Return triangles that point down."""
    side, tall = short(2 * size), short(1.75 * size)
    return "".join(f"M{pair(x - size, y - 0.75 * size)}h{side}l-{short(size)} {tall}z" for x, y in points)


def hourglasses(points: Iterable[Point], size: float) -> str:
    """Return hourglasses: neither up nor down, and no other shape has two halves."""
    side = short(2 * size)
    return "".join(f"M{pair(x - size, y - size)}h{side}l-{side} {side}h{side}z" for x, y in points)


SHAPES: Final[dict[int, tuple[Callable[[Iterable[Point], float], str], float]]] = {
    # The second number makes the shapes look equally large: a diamond of half-width 4 beside a
    # square of half-width 3. Whole numbers at size 4, because small charts count their bytes.
    Variation.IMPROVEMENT: (diamonds, 1.0),
    Variation.CONCERN: (squares, 0.75),
    Variation.HIGH: (triangles_up, 1.0),
    Variation.LOW: (triangles_down, 1.0),
    Variation.SPECIAL: (hourglasses, 0.75),
}


def signs(kinds: Sequence[int], points: Sequence[Point], size: float) -> str:
    """Return one path element for each kind of signal that occurs."""
    out: list[str] = []
    for kind, (shape, grow) in SHAPES.items():
        there = [place for place, one in zip(points, kinds, strict=True) if one == kind and not isnan(place[1])]
        if there:
            out.append(sign(kind, shape(there, size * grow)))
    return "".join(out)


def sign(kind: int, data: str) -> str:
    """Return the path element of one kind of signal."""
    return f'<path class="{KINDS[kind][0]}"{PAINTS[kind]} d="{data}"/>'
