"""Where a process map and a Pareto chart are drawn."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from espalier.projects.rules.diagram_shapes import EDGE, LINE, PAD, SIZE, Drawing, Label, Line, Shape
from espalier.projects.rules.diagram_words import wrapped
from espalier.projects.rules.diagrams import as_text, pareto, times

if TYPE_CHECKING:
    from espalier.projects.rules.diagrams import Branch

STEP, ARROW, PER_ROW, ROW_GAP = 176.0, 84.0, 4, 46.0


def process(tops: tuple[Branch, ...]) -> Drawing:
    """Lay a process out: steps from left to right, row by row, with what each takes and what is waited between."""
    steps = [top.box for top in tops]
    rows = [steps[i : i + PER_ROW] for i in range(0, len(steps), PER_ROW)]
    shapes: list[Shape] = []
    lines: list[Line] = []
    labels: list[Label] = []
    y = EDGE
    for row in rows:
        texts = [wrapped(box.words, STEP - 2 * PAD, SIZE) for box in row]
        height = max(len(text) for text in texts) * LINE + 2 * PAD + LINE
        for i, (box, text) in enumerate(zip(row, texts, strict=True)):
            note = as_text(box.amount) if box.amount is not None else "no time yet"
            shapes.append(Shape(box.pk, "step", EDGE + i * (STEP + ARROW), y, STEP, height, text, note))
        y += height + ROW_GAP
    for i, (one, other) in enumerate(pairwise(shapes)):
        _arrow(one, other, steps[i].waits, lines, labels)
    columns = min(len(steps), PER_ROW)
    width = max(2 * EDGE + columns * STEP + max(columns - 1, 0) * ARROW, 640.0)
    bottom = y - ROW_GAP + 18 if steps else y
    return Drawing(width, _summary(tops, width, bottom, shapes, labels), tuple(shapes), tuple(lines), tuple(labels))


def _arrow(one: Shape, other: Shape, waits: float | None, lines: list[Line], labels: list[Label]) -> None:
    """Lead from a step to the next; what is waited stands over the arrow."""
    words = f"waits {as_text(waits)}" if waits else ""
    if other.x > one.x:
        lines.append(Line(((one.right, one.middle), (other.x, other.middle)), "arrow"))
        for i, part in enumerate(("waits", as_text(waits)) if waits else ()):
            labels.append(Label((one.right + other.x) / 2 - 3, one.middle - 22 + 15 * i, part, "wait", "middle"))
        return
    between = (one.bottom + other.y) / 2
    first, last = one.x + one.width / 2, other.x + other.width / 2
    lines.append(Line(((first, one.bottom), (first, between), (last, between), (last, other.y)), "arrow"))
    if words:
        labels.append(Label((first + last) / 2, between - 6, words, "wait", "middle"))


def _summary(tops: tuple[Branch, ...], width: float, y: float, shapes: list[Shape], labels: list[Label]) -> float:
    """Draw one bar of the whole time: work and waiting; return where the picture ends."""
    total = times(top.box for top in tops)
    if not total.total or total.share is None:
        return y + EDGE
    part = (width - 2 * EDGE) * total.share
    labels.append(Label(EDGE, y + 16, f"Start to end: {as_text(total.total)}", "head"))
    bar = y + 26
    if part > 0:
        shapes.append(Shape(0, "work", EDGE, bar, part, 18, ()))
    if total.waiting:
        shapes.append(Shape(0, "waiting", EDGE + part, bar, width - 2 * EDGE - part, 18, ()))
    labels.append(Label(EDGE, bar + 38, f"Work {as_text(total.work)} ({total.share:.0%} of the time)", "work"))
    labels.append(Label(width - EDGE, bar + 38, f"Waiting {as_text(total.waiting)}" if total.waiting else "No waiting", "wait", "end"))
    return bar + 38 + 8


NAMES, BARS, ROW = 230.0, 560.0, 12.0


def pareto_chart(tops: tuple[Branch, ...]) -> Drawing:
    """Lay a Pareto chart out: bars lying down, so that long names can be read, and a line of what they come to together."""
    bars = pareto(top.box for top in tops)
    shapes: list[Shape] = []
    labels: list[Label] = []
    points: list[tuple[float, float]] = [(NAMES, 34.0)] if bars else []
    y = 34.0
    for bar in bars:
        text = wrapped(bar.box.words, NAMES - 20, SIZE)
        height = max(len(text) * LINE, 26.0)
        shapes.append(Shape(bar.box.pk, "name", 0, y, NAMES - 8, height, text))
        if bar.share:
            shapes.append(Shape(0, "bar", NAMES, y + 2, max(bar.share * BARS, 1.0), height - 4, ()))
        points.append((NAMES + bar.cumulative * BARS, y + height))
        often = f"{bar.box.amount or 0:,.6g}"
        labels.append(Label(NAMES + BARS + 14, y + height / 2 + 5, f"{often} · {bar.cumulative:.0%} so far", "text"))
        y += height + ROW
    lines = [Line(((NAMES + BARS * s, 28.0), (NAMES + BARS * s, y)), "guide" if s != 0.8 else "most") for s in (0, 0.5, 0.8, 1.0)]
    labels += [Label(NAMES + BARS * s, 18.0, f"{s:.0%}", "soft", "middle") for s in (0, 0.5, 0.8, 1.0)]
    if len(points) > 1:
        lines.append(Line(tuple(points), "cumulative"))
    return Drawing(NAMES + BARS + 170, y + EDGE, tuple(shapes), tuple(lines), tuple(labels))
