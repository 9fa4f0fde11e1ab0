"""Two small pictures of our own, in plain SVG: a line on a given scale, and differences with their intervals.

They use the classes of the large charts, so that a page's colours (and a reader's own) hold for them too.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDE, HIGH = 280, 130
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 20, 20
INK, QUIET, DOT = "#212b32", "#4c6272", "#005eb8"


def group_picture(
    values: Sequence[float | None], *, low: float, high: float, title: str, desc: str, prefix: str, labels: tuple[str, str]
) -> str:
    """Draw one group's figures between low and high; a figure that is missing or not shown breaks the line."""
    reach = (high - low) or 1.0
    step = (WIDE - LEFT - RIGHT) / max(1, len(values) - 1)
    spots = [
        None if value is None else (LEFT + index * step, TOP + (HIGH - TOP - BOTTOM) * (1 - (value - low) / reach))
        for index, value in enumerate(values)
    ]
    line, pen = "", "M"
    for spot in spots:
        line += "" if spot is None else f"{pen}{spot[0]:.1f} {spot[1]:.1f}"
        pen = "M" if spot is None else "L"
    dots = "".join(f"M{spot[0]:.1f} {spot[1]:.1f}h0" for spot in spots if spot)
    return (
        f"{_begin(WIDE, HIGH, title, desc, prefix)}"
        f'<text x="{LEFT}" y="13">{escape(labels[1])}</text><text x="{LEFT}" y="{HIGH - 6}">{escape(labels[0])}</text>'
        f'<path class="ptd-grid" fill="none" stroke="#d8dde0" d="M{LEFT} {TOP}H{WIDE - RIGHT}M{LEFT} {HIGH - BOTTOM}H{WIDE - RIGHT}"/>'
        f'<path class="ptd-line" fill="none" stroke="{DOT}" stroke-width="1.5" d="{line}"/>'
        f'<path class="ptd-dot" fill="none" stroke="{DOT}" stroke-width="4.5" stroke-linecap="round" d="{dots}"/></svg>'
    )


def gap_picture(
    points: Sequence[tuple[int, float, float, float]],
    *,
    periods: int,
    ends: tuple[str, str],
    title: str,
    desc: str,
    write: Callable[[float], str],
) -> str:
    """Draw differences (place in time, value, lower, upper) with their intervals, and the line of no difference."""
    wide, high, left, right, top, bottom = 760, 280, 12, 64, 28, 34
    lowest, highest = min(0.0, *(point[2] for point in points)), max(0.0, *(point[3] for point in points))
    reach = (highest - lowest) or 1.0

    def height(value: float) -> float:
        return top + (high - top - bottom) * (1 - (value - lowest) / reach)

    step = (wide - left - right) / max(1, periods)
    drawn = [(left + (at + 0.5) * step, height(value), height(low), height(up)) for at, value, low, up in points]
    bars = "".join(f"M{x:.1f} {low:.1f}V{up:.1f}" for x, _, low, up in drawn)
    dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y, _, _ in drawn)
    nought = height(0.0)
    return (
        f"{_begin(wide, high, title, desc, 'gap')}"
        f'<text x="{left}" y="16">{escape(write(highest))}</text>'
        f'<text x="{left}" y="{high - bottom + 2:.0f}">{escape(write(lowest)) if lowest else ""}</text>'
        f'<text x="{wide - right + 8}" y="{nought + 4:.1f}">no gap</text>'
        f'<path class="ptd-target" fill="none" stroke="{INK}" stroke-dasharray="6 4" d="M{left} {nought:.1f}H{wide - right}"/>'
        f'<path class="ptd-limit" fill="none" stroke="{QUIET}" stroke-width="2" d="{bars}"/>'
        f'<path class="ptd-dot" fill="none" stroke="{DOT}" stroke-width="7" stroke-linecap="round" d="{dots}"/>'
        f'<text x="{left}" y="{high - 8}">{escape(ends[0])}</text>'
        f'<text x="{wide - right}" y="{high - 8}" text-anchor="end">{escape(ends[1])}</text></svg>'
    )


def _begin(wide: int, high: int, title: str, desc: str, prefix: str) -> str:
    return (
        f'<svg class="ptd ptd-full" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" '
        f'aria-labelledby="{prefix} {prefix}-d" font-family="Arial,sans-serif" font-size="13" fill="{QUIET}">'
        f'<title id="{prefix}">{escape(title)}</title><desc id="{prefix}-d">{escape(desc)}</desc>'
    )
