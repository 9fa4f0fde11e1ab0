"""A funnel as an SVG string: every unit a dot, the unusual ones signs with their names."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.codes import Variation
from plotthedots.drawing.marks import Point, dots, pair, polyline, short, signs
from plotthedots.drawing.scale import Axis, Unit, nice
from plotthedots.drawing.theme import DOT, FAINT, INK, QUIET
from plotthedots.errors import DrawError, choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotthedots.arrays import Floats
    from plotthedots.funnels.compare import Funnel

_WIDTH: Final = 720
_HEIGHT: Final = 400
_BOTTOM: Final = _HEIGHT - 64
_TOP: Final = 18
_LETTER: Final = 6.6
_LINE: Final = 15
_NAMES: Final = 12  # more names than this hide the dots they stand beside
_CURVE: Final = 160
_SIZE: Final = 6.0
_MOST: Final = 5000
_ID: Final = re.compile(r"[A-Za-z][\w-]*")
_SIDES: Final = {
    "up": (Variation.CONCERN, Variation.IMPROVEMENT),
    "down": (Variation.IMPROVEMENT, Variation.CONCERN),
    "none": (Variation.LOW, Variation.HIGH),
}
_WORDS: Final = {
    Variation.IMPROVEMENT: "better than chance explains",
    Variation.CONCERN: "worse than chance explains",
    Variation.HIGH: "higher than chance explains",
    Variation.LOW: "lower than chance explains",
}


def draw_funnel(
    comparison: Funnel,
    *,
    title: str,
    names: Sequence[str] | None = None,
    desc: str | None = None,
    improvement: str = "none",
    unit: str = "",
    size_label: str = "Size",
    prefix: str = "ptd-funnel",
    links: Sequence[str] | None = None,
    target_label: str | None = None,
    method: str | None = None,
) -> str:
    """Return a comparison as an svg element, in the style and with the classes of `draw`.

    A dot lies inside all limits, a ring between the first and the last, a sign beyond the last; names (one for each
    unit) are written beside the signs. The longer description names them all for screen readers.
    links (one for each unit, and then names too) makes every unit a link that says its name and value when the mouse or
    the keyboard comes to it; the page makes `.ptd-name text` clear (opacity 0) until `.ptd-name` is hovered over or has the focus.
    target_label, method: other words for the middle line and for the line at the foot.

    >>> from plotthedots.funnels.compare import funnel
    >>> one = funnel([8, 20, 34], [100, 100, 100], kind="proportions", target=0.2)
    >>> svg = draw_funnel(one, title="Readmitted", names=["Elm", "Oak", "Yew"], improvement="down", unit="%")
    >>> "worse than chance explains: Yew" in svg, svg.count("<text")
    (True, 16)
    """
    if improvement not in _SIDES:
        message = f"improvement cannot be {improvement!r}. {choices(improvement, _SIDES)}"
        raise DrawError("improvement", message)
    if not _ID.fullmatch(prefix):
        message = f"prefix is {prefix!r}; an id starts with a letter and holds letters, digits, - and _."
        raise DrawError("prefix", message)
    if names is not None and len(names) != comparison.units:
        message = f"There are {len(names)} names for {comparison.units} units. Give one for each, in the same order."
        raise DrawError("names", message)
    if links is not None and (names is None or len(links) != comparison.units):
        message = f"There are {len(links)} links for {comparison.units} units. Give one for each, in the same order, and names."
        raise DrawError("links", message)
    shown = int((~np.isnan(comparison.values)).sum())
    if not 0 < shown <= _MOST:
        message = f"There are {shown} units with data; a funnel shows 1 to {_MOST}."
        raise DrawError("units", message)
    sheet = _Sheet(comparison, Unit(unit), names, improvement, target_label)
    said = _said(sheet) if desc is None else desc
    return (
        f'<svg class="ptd ptd-full ptd-funnel" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' role="{"img" if links is None else "group"}" aria-labelledby="{prefix} {prefix}-d" font-family="Arial,sans-serif" font-size="13"'
        f' fill="{QUIET}"><title id="{prefix}">{escape(title)}</title><desc id="{prefix}-d">{escape(said)}</desc>'
        f"{_lines(sheet)}{_units(sheet)}{_texts(sheet, size_label, method)}{_links(sheet, links)}</svg>"
    )


class _Sheet:
    """Where things go: size across, value up."""

    def __init__(self, comparison: Funnel, unit: Unit, names: Sequence[str] | None, improvement: str, target: str | None = None) -> None:
        self.funnel, self.unit, self.names = comparison, unit, names
        self.kinds = _kinds(comparison, improvement)
        self.largest = float(np.nanmax(np.where(np.isnan(comparison.values), np.nan, comparison.denominators)))
        low, high = _ends(comparison)
        ticks, decimals = nice(low, high, unit)
        self.tick_words = unit.scale(ticks, decimals)
        self.left = 16 + _LETTER * max((len(word) for word in self.tick_words), default=1)
        self.axis = Axis(low, high, ticks, decimals, float(_TOP), float(_BOTTOM))
        self.labels = _line_labels(comparison, unit, target)
        self.right = _WIDTH - 14 - _LETTER * max(len(word) for word, _ in self.labels)
        self.xs = [self.x(size) for size in comparison.denominators.tolist()]
        self.ys = self.axis.places(comparison.values)

    def x(self, size: float) -> float:
        """Return where a size lies across the sheet."""
        return self.left + 8 + (self.right - self.left - 16) * size / self.largest


def _kinds(comparison: Funnel, improvement: str) -> list[int]:
    low, high = _SIDES[improvement]
    last = len(comparison.levels)
    return [high if beyond == last else low if beyond == -last else Variation.COMMON for beyond in comparison.beyond.tolist()]


def _ends(comparison: Funnel) -> tuple[float, float]:
    """Return the ends of the upright axis: all units, and the limits where a unit of middling size lies."""
    seen = comparison.values[~np.isnan(comparison.values)]
    widths = [np.nanmedian(line) for line in (comparison.lower[-1], comparison.upper[-1])]
    shown = np.concatenate([seen, widths, [comparison.target]])
    low, high = float(shown.min()), float(shown.max())
    air = (high - low) * 0.06 or max(abs(high) * 0.1, 0.05)
    top = min(high + air, 1.0) if comparison.kind == "proportions" else high + air
    return max(low - air, 0.0), max(top, high)


def _line_labels(comparison: Funnel, unit: Unit, target: str | None) -> list[tuple[str, float]]:
    """Return the words at the right end of the lines, with the value each ends at."""
    largest = [float(np.nanmax(comparison.denominators))]
    _, upper = comparison.limits_at(largest)
    said = [(f"{level * 100:g}% limit", float(line[0])) for level, line in zip(comparison.levels, upper, strict=True)]
    word = target or ("Expected" if comparison.kind == "ratios" else "Target")
    return [(f"{word} {unit.brief(comparison.target)}", comparison.target), *said]


def _lines(sheet: _Sheet) -> str:
    """Return grid, limits and target."""
    axis, funnel = sheet.axis, sheet.funnel
    grid = "".join(f"M{short(sheet.left)} {short(axis.place(t))}H{short(sheet.right)}" for t in axis.ticks)
    sizes = np.linspace(0, 1, _CURVE + 1)[1:] ** 2 * sheet.largest  # closer together where limits bend
    xs = [sheet.x(size) for size in sizes.tolist()]
    out = f'<g fill="none"><path class="ptd-grid" stroke="{FAINT}" d="{grid}"/>'
    for number, pair_of in enumerate(zip(*funnel.limits_at(sizes), strict=True)):
        data = "".join(polyline(xs, _inside(sheet, line)) for line in pair_of)
        dash = "2 3" if number + 1 == len(funnel.levels) else "6 4"
        out += f'<path class="ptd-limit" stroke="{QUIET}" stroke-dasharray="{dash}" d="{data}"/>'
    level = f"M{short(sheet.left)} {short(axis.place(funnel.target))}H{short(sheet.right)}"
    return f'{out}<path class="ptd-centre" stroke="{QUIET}" stroke-width="1.2" d="{level}"/></g>'


def _inside(sheet: _Sheet, line: Floats) -> list[float]:
    shown = (line >= sheet.axis.low) & (line <= sheet.axis.high)
    return sheet.axis.places(np.where(shown, line, np.nan))


def _units(sheet: _Sheet) -> str:
    """Return a dot, a ring or a sign for each unit, by how far out it lies."""
    places: list[Point] = list(zip(sheet.xs, sheet.ys, strict=True))
    beyond = sheet.funnel.beyond.tolist()
    seen = ~np.isnan(sheet.funnel.values)
    plain = [place for place, far, ok in zip(places, beyond, seen, strict=True) if ok and far == 0]
    last = len(sheet.funnel.levels)
    between = [place for place, far, ok in zip(places, beyond, seen, strict=True) if ok and 0 < abs(far) < last]
    rings = "".join(f"M{pair(x - 3.5, y)}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z" for x, y in between)
    return (
        f'<g fill="none" stroke="{DOT}"><path class="ptd-dot" stroke-width="6" stroke-linecap="round"'
        f' d="{dots(plain)}"/><path class="ptd-dot ptd-ring" stroke-width="1.8" d="{rings}"/></g>'
        f'<g class="ptd-halo" stroke="#fff" stroke-width="1.5" paint-order="stroke">'
        f"{signs(sheet.kinds, places, _SIZE)}</g>"
    )


def _texts(sheet: _Sheet, size_label: str, method: str | None) -> str:
    """Return the words on both axes, beside the lines and beside the signs."""
    axis = sheet.axis
    out = '<g text-anchor="end">'
    out += "".join(
        f'<text x="{short(sheet.left - 8)}" y="{short(axis.place(t) + 4.5)}">{escape(w)}</text>'
        for t, w in zip(axis.ticks, sheet.tick_words, strict=True)
    )
    out += '</g><g class="ptd-lines">'
    floor = float(_TOP)
    for word, value in sorted(sheet.labels, key=lambda one: -one[1]):
        floor = max(axis.place(min(max(value, axis.low), axis.high)) + 4.5, floor)
        out += f'<text x="{short(sheet.right + 7)}" y="{short(floor)}">{escape(word)}</text>'
        floor += _LINE
    out += '</g><g text-anchor="middle">'
    ticks, decimals = nice(0.0, sheet.largest, Unit(""))
    for tick, word in zip(ticks, Unit("").scale(ticks, decimals), strict=True):
        out += f'<text x="{short(sheet.x(tick))}" y="{short(_BOTTOM + 20)}">{word}</text>'
    middle = (sheet.left + sheet.right) / 2
    out += f'<text x="{short(middle)}" y="{short(_BOTTOM + 38)}">{escape(size_label)}</text></g>'
    method = method or f"Funnel plot, {sheet.funnel.limits} limits, over-dispersion: {sheet.funnel.dispersion}"
    out += f'<text x="{short(sheet.left)}" y="{short(_BOTTOM + 56)}">{escape(method)}</text>'
    return out + _names(sheet)


def _names(sheet: _Sheet) -> str:
    """Return the names of the unusual units, largest first, without any that would lie over another."""
    if sheet.names is None:
        return ""
    outside = [unit for unit, kind in enumerate(sheet.kinds) if kind != Variation.COMMON]
    outside.sort(key=lambda unit: -sheet.funnel.denominators[unit])
    taken: list[tuple[float, float, float]] = []
    out = ""
    for unit in outside:
        word = str(sheet.names[unit])
        wide = _LETTER * len(word)
        x, y = sheet.xs[unit], sheet.ys[unit]
        begin = x + 9 if x + 9 + wide < sheet.right else x - 9 - wide
        if len(taken) == _NAMES or any(a < begin + wide and begin < b and abs(y - at) < _LINE for a, b, at in taken):
            continue
        taken.append((begin, begin + wide, y))
        out += f'<text x="{short(begin)}" y="{short(y + 4.5)}">{escape(word)}</text>'
    return f'<g class="ptd-words" fill="{INK}">{out}</g>' if out else ""


def _links(sheet: _Sheet, links: Sequence[str] | None) -> str:
    """Return a link over each unit, from the smallest to the largest, with a name that stays in the picture."""
    if links is None or sheet.names is None:
        return ""
    funnel, out = sheet.funnel, ""
    for unit in np.argsort(funnel.denominators, kind="stable").tolist():
        value = float(funnel.values[unit])
        if np.isnan(value):
            continue
        x, y = sheet.xs[unit], sheet.ys[unit]
        word = escape(f"{sheet.names[unit]}: {sheet.unit.brief(value)}")
        room = _LETTER * len(word) / 2
        middle = min(max(x, room + 4), max(_WIDTH - room - 4, room + 4))
        above = y - 13 if y - 26 > 0 else y + 24
        out += (
            f'<a class="ptd-name" href="{escape(links[unit])}"><circle cx="{short(x)}" cy="{short(y)}" r="9" fill="none"'
            f' pointer-events="all"/><text x="{short(middle)}" y="{short(above)}" text-anchor="middle" fill="{INK}"'
            f' stroke="#fff" stroke-width="4" paint-order="stroke">{word}</text></a>'
        )
    return out


def _said(sheet: _Sheet) -> str:
    """Say what the funnel shows: how many units, the target, and who lies beyond the last limits."""
    funnel = sheet.funnel
    shown = int((~np.isnan(funnel.values)).sum())
    out = f"{shown} units compared with {sheet.unit.brief(funnel.target)}."
    for kind in (Variation.CONCERN, Variation.IMPROVEMENT, Variation.HIGH, Variation.LOW):
        units = [unit for unit, one in enumerate(sheet.kinds) if one == kind]
        if units:
            who = f": {', '.join(str(sheet.names[unit]) for unit in units)}" if sheet.names is not None else ""
            out += f" {len(units)} {_WORDS[kind]}{who}."
    if all(kind == Variation.COMMON for kind in sheet.kinds):
        out += " None lies beyond the limits."
    if funnel.overdispersed and funnel.dispersion == "none":
        out += " Units spread by more than chance, so the limits are too narrow to judge single units."
    return out
