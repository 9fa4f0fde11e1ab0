"""The large chart: dots, centre, limits, target, phases, notes and words a reader needs."""

from __future__ import annotations

import itertools
from html import escape
from math import isnan
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.drawing.marks import KINDS, SHAPES, Point, dots, pair, polyline, short, sign, signs, steps
from plotthedots.drawing.scale import Axis, nice
from plotthedots.drawing.theme import BAND, DOT, FAINT, INK, QUIET
from plotthedots.drawing.times import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotthedots.arrays import Floats
    from plotthedots.drawing.picture import Note, Picture

WIDTH: Final = 720
HEIGHT: Final = 330
_LETTER: Final = 6.6  # average width of a letter of 13 units, a little generous
_TOP: Final = 16  # free above the chart
_NOTES_TOP: Final = 22  # where the first note is written
_FOOT: Final = 58
_LINE: Final = 15  # from one line of text to the next
_NOTE_ROWS: Final = 2
_SIZE: Final = 6.4
_DOT: Final = 7.0
_DASHES: Final = ("8 4", "2 2", "12 3 2 3")  # of the first target, the second and the third
_ROOMY: Final = 9.0  # from one point to the next; closer than this, dots shrink


class Sheet:
    """Where things go on one chart: margins from the words they must hold, then x and y."""

    def __init__(self, view: Picture, words: Sequence[str], notes: Sequence[Note]) -> None:
        """Lay out the sheet; words are the labels of the points."""
        self.view, self.words = view, words
        # Without data there is nothing to measure, so the axis stays bare.
        ticks, decimals = nice(view.low, view.high, view.unit) if view.series.last >= 0 else ((), 0)
        self.tick_words = view.unit.scale(ticks, decimals)
        self.left = 16 + _LETTER * max((len(word) for word in self.tick_words), default=1)
        self.labels = _line_labels(view)
        self.right = WIDTH - 14 - _LETTER * max((len(word) for word, _ in self.labels), default=0)
        self.top = _NOTES_TOP + _LINE * min(len(notes), _NOTE_ROWS) if notes else float(_TOP)
        self.bottom = HEIGHT - _FOOT
        self.axis = Axis(view.low, view.high, ticks, decimals, self.top, self.bottom)
        inner = 8.0
        wide = self.right - self.left - 2 * inner
        self.across = wide / max(view.points - 1, 1)
        # A single point stands in the middle, its lines reaching both edges.
        self.first = self.left + inner + (wide / 2 if view.points == 1 else 0)
        self.grow = min(1.0, max(self.across / _ROOMY, 0.35))  # many points: smaller dots

    def x(self, point: float) -> float:
        """Return where a point lies across the sheet."""
        return self.first + self.across * point

    def edges(self) -> list[tuple[float, float]]:
        """Return where each phase begins and ends, half a step beyond its points."""
        return [(max(self.x(a - 0.5), self.left), min(self.x(b - 0.5), self.right)) for a, b in self.view.phases]


def full(view: Picture, words: Sequence[str], notes: Sequence[Note], names: str, labels: str) -> str:
    """Return the svg element; `names` is the title and desc markup, `labels` their ids."""
    sheet = Sheet(view, words, notes)
    ys = sheet.axis.places(view.series.values)
    return (
        f'<svg class="ptd ptd-full" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="{labels}" font-family="Arial,sans-serif" font-size="13" fill="{QUIET}">{names}'
        f"{_backdrop(sheet)}{_notes(sheet, notes, ys)}{_data(sheet, ys)}{_texts(sheet)}{_key(sheet)}</svg>"
    )


def _data(sheet: Sheet, ys: Sequence[float]) -> str:
    """Return the line, a dot for each common point and a sign for each special one."""
    view, thin = sheet.view, max(sheet.grow, 0.6)
    xs = [sheet.x(point) for point in range(view.points)]
    places: list[Point] = list(zip(xs, ys, strict=True))
    plain = [place for place, kind in zip(places, view.kinds, strict=True) if kind not in SHAPES and not isnan(place[1])]
    line = f'stroke-width="{short(1.5 * thin)}" stroke-linejoin="round" d="{polyline(xs, ys)}"'
    round_dots = f'stroke-width="{short(_DOT * sheet.grow)}" stroke-linecap="round" d="{dots(plain)}"'
    return (
        f'<g fill="none" stroke="{DOT}">{_gaps(sheet, ys)}'
        f'<path class="ptd-line" {line}/><path class="ptd-dot" {round_dots}/>{_left_out(sheet, places)}</g>'
        f'<g class="ptd-halo" stroke="#fff" stroke-width="1.5" paint-order="stroke">'
        f"{signs(view.kinds, places, _SIZE * thin)}</g>"
    )


def _left_out(sheet: Sheet, places: Sequence[Point]) -> str:
    """Return a paper-coloured hole in each excluded dot: it is drawn, but counts for nothing."""
    gone = sheet.view.series.excluded
    if gone is None or not gone.any():
        return ""
    holes = dots(place for place, out in zip(places, gone, strict=True) if out and not isnan(place[1]))
    return f'<path class="ptd-hole" stroke="#fff" stroke-width="{short(0.55 * _DOT * sheet.grow)}" stroke-linecap="round" d="{holes}"/>'


def _backdrop(sheet: Sheet) -> str:
    """Return grid, band, limits, centre, target and the borders of phases."""
    view, axis = sheet.view, sheet.axis
    grid = "".join(f"M{short(sheet.left)} {short(axis.place(tick))}H{short(sheet.right)}" for tick in axis.ticks)
    centre = steps(sheet.edges(), axis.places(view.series.centre[[a for a, _ in view.phases]]))
    lower, upper = (_limit(sheet, line) for line in (view.series.lower, view.series.upper))
    out = _band(sheet)
    out += f'<g fill="none"><path class="ptd-grid" stroke="{FAINT}" d="{grid}"/>'
    out += f'<path class="ptd-limit" stroke="{QUIET}" stroke-dasharray="2 3" d="{upper}{lower}"/>'
    out += f'<path class="ptd-centre" stroke="{QUIET}" stroke-width="1.2" d="{centre}"/>'
    for goal, dash in zip(view.goals, itertools.cycle(_DASHES)):
        line = "".join("M" + _stairs(part) for part in _outline(sheet, axis.places(goal.values)))
        out += f'<path class="ptd-target" stroke="{INK}" stroke-width="1.2" stroke-dasharray="{dash}" d="{line}"/>'
    borders = "".join(
        f"M{short(sheet.x(a - 0.5))} {short(sheet.top)}V{short(sheet.bottom)}" for a, _ in view.phases[1:]
    )
    if borders:
        out += f'<path class="ptd-note" stroke="{QUIET}" stroke-dasharray="1 3" d="{borders}"/>'
    return out + "</g>"


def _gaps(sheet: Sheet, ys: Sequence[float]) -> str:
    """Return a small cross on the axis for each missing point: a gap in the line alone is easily overlooked."""
    first = {a for a, _ in sheet.view.phases} if sheet.view.begins else set()  # those cannot have a value
    gone = [point for point, y in enumerate(ys) if isnan(y) and point not in first]
    here = [sheet.x(point) for point in gone] if sheet.view.series.last >= 0 else []
    data = "".join(f"M{pair(x - 3, sheet.bottom - 7)}l6 6m-6 0l6-6" for x in here)
    return f'<path class="ptd-gap" d="{data}"/>' if here else ""


def _outline(sheet: Sheet, heights: Sequence[float]) -> list[list[Point]]:
    """Return one stepped or level line for each phase, without its missing parts."""
    lines: list[list[Point]] = []
    for (a, b), (begin, end) in zip(sheet.view.phases, sheet.edges(), strict=True):
        known = [point for point in range(a, b) if not isnan(heights[point])]
        if not known:
            continue
        if min(heights[p] for p in known) == max(heights[p] for p in known):
            reach = max(sheet.x(known[0] - 0.5), begin), min(sheet.x(known[-1] + 0.5), end)
            lines.append([(x, heights[known[0]]) for x in reach])
            continue
        lines.append([])
        for point in known:
            left, right = max(sheet.x(point - 0.5), begin), min(sheet.x(point + 0.5), end)
            lines[-1] += [(left, heights[point]), (right, heights[point])]
    return lines


def _limit(sheet: Sheet, values: Floats) -> str:
    """Return a limit; the part beyond the end of the axis (below nought) is not drawn."""
    inside = np.where((values >= sheet.view.low) & (values <= sheet.view.high), values, np.nan)
    return "".join("M" + _stairs(line) for line in _outline(sheet, sheet.axis.places(inside)))


def _stairs(line: list[Point]) -> str:
    """Return a level or stepped line: across, then up or down."""
    out = pair(*line[0])
    before = line[0][1]
    for x, y in line[1:]:
        out += f"H{short(x)}" if y == before else f"V{short(y)}"
        before = y
    return out


def _band(sheet: Sheet) -> str:
    view, axis = sheet.view, sheet.axis
    low = _outline(sheet, axis.places(np.maximum(view.series.lower, view.low)))
    high = _outline(sheet, axis.places(np.minimum(view.series.upper, view.high)))
    data = ""
    for top, bottom in zip(high, low, strict=True):
        back = bottom[::-1]
        data += f"M{_stairs(top)}V{short(back[0][1])}{_stairs(back)[len(pair(*back[0])) :]}z"
    return f'<path class="ptd-band" fill="{BAND}" d="{data}"/>' if data else ""


def _line_labels(view: Picture) -> list[tuple[str, float]]:
    """Return the words beside the lines, with the value each stands at (the last phase's)."""
    series = view.series
    now = next((a for a, b in reversed(view.phases) if a <= series.last < b), 0)
    if series.last < 0:
        return []
    lines = [(view.middle, float(series.centre[now]))]
    lines += [(each.name, float(each.values[np.isfinite(each.values)][-1])) for each in view.goals]
    if series.lower[series.last] < series.upper[series.last]:
        lines += [("Upper limit", float(series.upper[series.last])), ("Lower limit", float(series.lower[series.last]))]
    return [
        (f"{word} {view.unit.brief(value)}", value)
        for word, value in lines
        if np.isfinite(value) and view.low <= value <= view.high
    ]


def _apart(heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Move labels apart so that none overlap, as little as possible, in their own order."""
    order = sorted(range(len(heights)), key=lambda each: heights[each])
    placed = [0.0] * len(heights)
    floor = top
    for each in order:
        placed[each] = floor = max(heights[each], floor)
        floor += _LINE
    ceiling = bottom
    for each in reversed(order):
        placed[each] = min(placed[each], ceiling)
        ceiling = placed[each] - _LINE
    return placed


def _texts(sheet: Sheet) -> str:
    """Return the words on both axes and beside the lines."""
    axis = sheet.axis
    left, right = short(sheet.left - 8), short(sheet.right + 7)
    if sheet.view.series.last < 0:
        middle = f'x="{short((sheet.left + sheet.right) / 2)}" y="{short((sheet.top + sheet.bottom) / 2)}"'
        return f'<text class="ptd-words" fill="{INK}" text-anchor="middle" {middle}>No data yet</text>'
    out = '<g text-anchor="end">'
    out += "".join(
        f'<text x="{left}" y="{short(axis.place(t) + 4.5)}">{w}</text>'
        for t, w in zip(axis.ticks, sheet.tick_words, strict=True)
    )
    out += "</g>"
    if sheet.labels:
        ys = _apart([axis.place(value) + 4.5 for _, value in sheet.labels], sheet.top, sheet.bottom)
        out += '<g class="ptd-lines">'
        out += "".join(
            f'<text x="{right}" y="{short(y)}">{escape(word)}</text>'
            for (word, _), y in zip(sheet.labels, ys, strict=True)
        )
        out += "</g>"
    out += '<g text-anchor="middle">'
    for point in chosen(sheet.words, sheet.right - sheet.left, _LETTER):
        place = sheet.x(point)
        word = sheet.words[point]
        # The first label must not run off the left edge of the sheet.
        place = max(place, _LETTER * len(word) / 2)
        out += f'<text x="{short(place)}" y="{short(sheet.bottom + 22)}">{escape(word)}</text>'
    return out + "</g>"


def _key(sheet: Sheet) -> str:
    """Return what the shapes mean, only for shapes that occur, and the method used."""
    y = HEIGHT - 10.0
    place = sheet.left + 6
    out = ""
    for kind, (shape, grow) in SHAPES.items():
        if kind in sheet.view.kinds:
            words = KINDS[kind][1]
            out += sign(kind, shape([(place, y - 4.5)], _SIZE * grow))
            out += f'<text x="{short(place + 12)}" y="{short(y)}">{words}</text>'
            place += 34 + _LETTER * len(words)
    if _gaps(sheet, sheet.axis.places(sheet.view.series.values)):
        out += f'<path class="ptd-gap" fill="none" stroke="{DOT}" d="M{pair(place - 3, y - 7.5)}l6 6m-6 0l6-6"/>'
        out += f'<text x="{short(place + 12)}" y="{short(y)}">no data</text>'
        place += 34 + _LETTER * len("no data")
    gone = sheet.view.series.excluded
    if gone is not None and gone.any():
        here = f'stroke-linecap="round" d="M{pair(place, y - 4.5)}h0"'
        out += f'<path class="ptd-dot" stroke="{DOT}" stroke-width="{_DOT}" {here}/>'
        out += f'<path class="ptd-hole" stroke="#fff" stroke-width="{short(0.55 * _DOT)}" {here}/>'
        out += f'<text x="{short(place + 12)}" y="{short(y)}">left out</text>'
    return out + f'<text text-anchor="end" x="{WIDTH - 4}" y="{short(y)}" font-size="11">{sheet.view.method}</text>'


def _notes(sheet: Sheet, notes: Sequence[Note], ys: Sequence[float]) -> str:
    """Return each note's words above the chart with a thin line down to its point."""
    out, lines = "", ""
    for count, note in enumerate(sorted(notes, key=lambda one: one.point)):
        x = sheet.x(note.point)
        y = _NOTES_TOP - 8 + _LINE * (count % _NOTE_ROWS)
        end = ys[note.point]
        end = sheet.bottom if isnan(end) else end - 8
        lines += f"M{short(x)} {short(y + 4)}V{short(end)}"
        half = _LETTER * len(note.words) / 2
        anchor = "end" if x + half > WIDTH else "start" if x - half < 0 else "middle"
        place = f'text-anchor="{anchor}" x="{short(x)}" y="{short(y)}"'
        out += f'<text class="ptd-words" fill="{INK}" {place}>{escape(note.words)}</text>'
    return f'<path class="ptd-note" fill="none" stroke="{QUIET}" d="{lines}"/>{out}' if out else ""
