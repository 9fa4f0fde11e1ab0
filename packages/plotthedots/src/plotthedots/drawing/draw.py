"""One chart as an SVG string, made by hand: small, accessible, and themed by the page."""

from __future__ import annotations

import re
from html import escape
from math import isnan
from typing import TYPE_CHECKING, Final, Literal

from plotthedots.drawing.full import full
from plotthedots.drawing.picture import Note, Picture, picture
from plotthedots.drawing.scale import Unit
from plotthedots.drawing.spark import spark
from plotthedots.drawing.times import Dates, labels
from plotthedots.errors import DrawError, choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotthedots.result import Result

_ID: Final = re.compile(r"[A-Za-z][\w-]*")
_SIZES: Final = ("full", "spark")
_MOST: Final = 5000


def draw(
    result: Result,
    index: int,
    *,
    title: str,
    desc: str | None = None,
    dates: Dates | None = None,
    size: Literal["full", "spark"] = "full",
    unit: str = "",
    notes: Sequence[tuple[int, str]] = (),
    target: float | None = None,
    prefix: str = "ptd",
) -> str:
    """Return one series of a result as an svg element.

    Page CSS decides every colour (`plotthedots.CSS` is a start): elements carry classes and plain
    attributes, never a style attribute, so strict content policies hold. As a file it looks the same.

    title and desc: what a screen reader says; desc defaults to a sentence of facts ("full" only).
    dates: one for each point, missing points too (those of the batch, where it has some); first days of months are written "Apr 2016".
    unit: put behind numbers; "%" takes proportions (0.95) and writes percentages (95%).
    notes: (point, words); a target here only moves the line, it does not judge again.
    prefix: start of the ids; give each chart of a page its own prefix or index.

    >>> from plotthedots.batch import Batch
    >>> from plotthedots.evaluation import evaluate
    >>> svg = draw(evaluate(Batch.of([[4, 5, 3, 4]])), 0, title="Falls on the ward", size="spark")
    >>> svg[:42], "Falls on the ward" in svg
    ('<svg class="ptd ptd-spark" viewBox="0 0 24', True)
    """
    if size not in _SIZES:
        message = f"There is no size {size!r}. {choices(size, _SIZES)}"
        raise DrawError("size", message)
    if not _ID.fullmatch(prefix):
        message = f"prefix is {prefix!r}; an id starts with a letter and holds letters, digits, - and _."
        raise DrawError("prefix", message)
    view = picture(result, index, Unit(unit), target)
    if dates is None and result.batch.dates is not None:
        dates = result.batch.dates[result.offsets[index] : result.offsets[index + 1]]
    if not 0 < view.points <= _MOST:
        message = f"Series {index} has {view.points} points; a chart shows 1 to {_MOST}. Draw a shorter stretch."
        raise DrawError("points", message)
    words = labels(dates, view.points) if size == "full" or (desc is None and dates is not None) else []
    said = _summary(view, words) if desc is None and size == "full" else desc
    key = f"{prefix}-{index}"
    names, ids = f'<title id="{key}">{escape(title)}</title>', key
    if said:
        names, ids = f'{names}<desc id="{key}d">{escape(said)}</desc>', f"{key} {key}d"
    if size == "spark":
        return spark(view, names, ids)
    return full(view, words, _checked(notes, view.points), names, ids)


def _checked(notes: Sequence[tuple[int, str]], points: int) -> list[Note]:
    for point, words in notes:
        if not 0 <= point < points:
            message = f"The note {words!r} is on point {point}, but the series has points 0 to {points - 1}."
            raise DrawError("note-point", message)
    return [Note(point, words) for point, words in notes]


def _summary(view: Picture, words: Sequence[str]) -> str:
    """Say in one breath what the chart shows: period, latest value, centre and limits."""
    series, unit = view.series, view.unit
    out = f"{view.points} points, {words[0]} to {words[-1]}."
    if series.last < 0:
        return f"{out} No data yet."
    out += f" Latest {unit.brief(float(series.values[series.last]))} ({words[series.last]})."
    out += f" {view.middle} {unit.brief(float(series.centre[series.last]))}"
    lower, upper = float(series.lower[series.last]), float(series.upper[series.last])
    if not isnan(lower):
        out += f", usual range {unit.brief(lower)} to {unit.brief(upper)}"
    signals = sum(kind > 1 for kind in view.kinds)
    return f"{out}. {signals or 'No'} point{'' if signals == 1 else 's'} outside chance variation."
