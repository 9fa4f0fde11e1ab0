"""A laid-out picture as SVG. Presentation attributes only: the page's policy lets no style through, and files need none."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from espalier.projects.rules.diagram_flows import pareto_chart, process
from espalier.projects.rules.diagram_shapes import LINE, PAD, SIZE, WHOLE, drivers, fishbone
from espalier.projects.rules.diagrams import FISHBONE, PARETO, PROCESS

if TYPE_CHECKING:
    from espalier.projects.rules.diagram_shapes import Drawing, Label, Line, Look, Shape
    from espalier.projects.rules.diagrams import Branch

INK, SOFT, BRAND = "#1d2a25", "#4a5a53", "#1f4f3c"
# fill, outline, words; words stand out from the fill by more than 4.5 to 1.
BOXES = {
    "aim": (BRAND, BRAND, "#ffffff"),
    "primary": ("#dcebe2", "#5f8f6f", INK),
    "secondary": ("#f4f6f2", "#a9b4ad", INK),
    "idea": ("#ffffff", "#a9b4ad", INK),
    "idea-new": ("#ffffff", "#a9b4ad", INK),
    "idea-testing": ("#e8f1fa", "#005eb8", INK),
    "idea-adopted": ("#dcebe2", BRAND, INK),
    "idea-adapted": ("#dcebe2", "#5f8f6f", INK),
    "idea-abandoned": ("#f4f6f2", "#a9b4ad", SOFT),
    "step": ("#f4f6f2", "#5f8f6f", INK),
    "cause": ("none", "none", INK),
    "name": ("none", "none", INK),
    "work": (BRAND, BRAND, INK),
    "waiting": ("#f3d9c4", "#b84a00", INK),
    "bar": ("#5f8f6f", "#5f8f6f", INK),
}
LINES = {
    "link": ("#a9b4ad", 1.5, ""),
    "spine": (BRAND, 3, ""),
    "bone": ("#5f8f6f", 2, ""),
    "twig": ("#a9b4ad", 1, ""),
    "arrow": (SOFT, 1.5, ""),
    "guide": ("#d7ddd6", 1, ""),
    "most": (SOFT, 1, "4 4"),
    "cumulative": ("#b84a00", 2.5, ""),
}
LABELS = {
    "head": (BRAND, 14, True),
    "soft": (SOFT, 13, False),
    "text": (INK, 13, False),
    "wait": ("#8f3a00", 13, False),
    "work": (BRAND, 13, True),
}
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"


def laid_out(kind: str, tops: tuple[Branch, ...], look: Look = WHOLE) -> Drawing:
    """Lay a picture of any kind out."""
    if kind == FISHBONE:
        return fishbone(tops)
    if kind == PROCESS:
        return process(tops)
    return pareto_chart(tops) if kind == PARETO else drivers(tops, look)


def svg(drawing: Drawing, *, title: str, says: str, name: str = "picture") -> str:
    """Write a picture. title and says are read out instead of it; name tells two pictures of one page apart."""
    width, height = f"{drawing.width:.0f}", f"{max(drawing.height, 1):.0f}"
    reads = f'role="img" aria-labelledby="{name}-title {name}-says"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" {reads}',
        f' font-family="{FONT}" font-size="{SIZE:.0f}" fill="{INK}">',
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-says">{escape(says)}</desc>',
        *(_line(one) for one in drawing.lines),
        *(_shape(one) for one in drawing.shapes),
        *(_label(one) for one in drawing.labels),
        "</svg>",
    ]
    return "".join(parts)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _line(one: Line) -> str:
    colour, width, dashes = LINES[one.look]
    (x, y), *rest = one.points
    if one.look == "link":
        ((end_x, end_y),) = rest
        middle = (x + end_x) / 2
        path = f"M{_n(x)} {_n(y)}C{_n(middle)} {_n(y)} {_n(middle)} {_n(end_y)} {_n(end_x)} {_n(end_y)}"
    else:
        path = f"M{_n(x)} {_n(y)}" + "".join(f"L{_n(a)} {_n(b)}" for a, b in rest)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    drawn = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>'
    return drawn + (_head(one) if one.look == "arrow" else "")


def _head(one: Line) -> str:
    """Draw the point of an arrow, in the direction of its last stretch."""
    (ax, ay), (bx, by) = one.points[-2:]
    if abs(bx - ax) >= abs(by - ay):
        points = f"{_n(bx)},{_n(by)} {_n(bx - 8)},{_n(by - 4.5)} {_n(bx - 8)},{_n(by + 4.5)}"
    else:
        points = f"{_n(bx)},{_n(by)} {_n(bx - 4.5)},{_n(by - 8)} {_n(bx + 4.5)},{_n(by - 8)}"
    return f'<polygon points="{points}" fill="{SOFT}"/>'


def _shape(one: Shape) -> str:
    fill, outline, ink = BOXES[one.look]
    bare = fill == "none"
    radius = "" if one.look in {"bar", "work", "waiting"} else ' rx="6"'
    place = f'x="{_n(one.x)}" y="{_n(one.y)}" width="{_n(one.width)}" height="{_n(one.height)}"'
    box = "" if bare else f'<rect {place}{radius} fill="{fill}" stroke="{outline}"/>'
    if not one.lines:
        return box
    small = one.look == "cause"
    x = one.x if bare else one.x + PAD
    size, step = (13, LINE - 2) if small else (SIZE, LINE)
    top = one.y + (0 if bare else (one.height - len(one.lines) * step - (LINE if one.note else 0)) / 2)
    spans = "".join(
        f'<tspan x="{_n(x)}" y="{_n(top + i * step + size * 0.92)}">{escape(line)}</tspan>' for i, line in enumerate(one.lines)
    )
    weight = ' font-weight="bold"' if one.bold else ""
    smaller = f' font-size="{size}"' if small else ""
    text = f'<text fill="{ink}"{weight}{smaller}>{spans}</text>'
    return box + text + _note(one, x, top + len(one.lines) * step)


def _note(one: Shape, x: float, top: float) -> str:
    if not one.note:
        return ""
    colour = {"idea-testing": "#005eb8", "idea-adopted": BRAND}.get(one.look, SOFT)
    return f'<text x="{_n(x)}" y="{_n(top + 14)}" font-size="12" font-weight="bold" fill="{colour}">{escape(one.note)}</text>'


def _label(one: Label) -> str:
    colour, size, bold = LABELS[one.look]
    weight = ' font-weight="bold"' if bold else ""
    anchor = f' text-anchor="{one.anchor}"' if one.anchor != "start" else ""
    return f'<text x="{_n(one.x)}" y="{_n(one.y)}" font-size="{size}"{weight}{anchor} fill="{colour}">{escape(one.text)}</text>'
