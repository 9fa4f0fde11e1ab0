"""Where each box of a driver diagram and of a fishbone is drawn. Boxes never overlap and always lie inside the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.projects.rules.diagram_words import width_of, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from espalier.projects.rules.diagrams import Branch

SIZE, LINE, PAD = 14.0, 18.0, 10.0
EDGE = 1.5  # room for the outline of a box at the picture's rim


@dataclass(frozen=True, slots=True)
class Shape:
    """A box to draw: where, which lines, and how it looks (a code, colours are chosen when it is drawn)."""

    pk: int
    look: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    note: str = ""  # one line under the words: a state, a number of minutes
    bold: bool = False
    anchor: str = "start"

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half its height."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line to draw: points one after the other; curved ones swing from level to level."""

    points: tuple[tuple[float, float], ...]
    look: str = "link"


@dataclass(frozen=True, slots=True)
class Label:
    """Words without a box."""

    x: float
    y: float
    text: str
    look: str = "soft"
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture, laid out."""

    width: float
    height: float
    shapes: tuple[Shape, ...] = ()
    lines: tuple[Line, ...] = ()
    labels: tuple[Label, ...] = ()


STATES = {"new": "Not tried yet", "testing": "Being tested", "adopted": "Adopted", "adapted": "Adapted", "abandoned": "Abandoned"}
HEADS = ("Aim", "Main drivers", "What moves them", "Change ideas")


@dataclass(frozen=True, slots=True)
class Look:
    """Measures of a driver diagram: how wide a column is, and the room between columns and between boxes."""

    column: float = 236.0
    gap: float = 56.0
    between: float = 10.0
    top: float = 34.0
    deepest: int = 3
    most_lines: int = 0


WHOLE = Look()
SMALL = Look(column=232.0, gap=48.0, deepest=2, most_lines=3)


def boxed(branch: Branch, look: Look, x: float, y: float) -> Shape:
    """Return a box at a place, as high as its words need."""
    bold = branch.depth == 0
    lines = wrapped(branch.box.words, look.column - 2 * PAD, SIZE, bold=bold, most=look.most_lines)
    note = STATES.get(branch.box.state, "") if branch.box.kind == "idea" else ""
    height = len(lines) * LINE + 2 * PAD + (LINE if note else 0)
    kind = f"idea-{branch.box.state}" if note else branch.box.kind
    return Shape(branch.box.pk, kind, x, y, look.column, height, lines, note, bold)


def drivers(tops: tuple[Branch, ...], look: Look = WHOLE) -> Drawing:
    """Lay a driver diagram out: the aim on the left, each level in a column of its own, a box beside the middle of its own."""
    shapes: list[Shape] = []
    lines: list[Line] = []
    y = look.top
    for top in tops:
        y += _block(top, look, y, shapes, lines) + 2 * look.between
    deepest = min(max((top.height for top in tops), default=0), look.deepest)
    width = 2 * EDGE + (deepest + 1) * look.column + deepest * look.gap
    heads = [Label(_x(look, i), 18.0, HEADS[i], "head") for i in range(deepest + 1)]
    return Drawing(width, max(y - 2 * look.between, look.top) + EDGE, tuple(shapes), tuple(lines), tuple(heads))


def _x(look: Look, depth: int) -> float:
    return EDGE + depth * (look.column + look.gap)


def _needs(branch: Branch, look: Look) -> float:
    """Return the height that a box and all of its own need."""
    own = boxed(branch, look, 0, 0).height
    below = [_needs(one, look) for one in branch.below] if branch.depth < look.deepest else []
    return max(own, sum(below) + look.between * (len(below) - 1)) if below else own


def _block(branch: Branch, look: Look, y: float, shapes: list[Shape], lines: list[Line]) -> float:
    """Draw a branch from y downwards; return the height it took."""
    height = _needs(branch, look)
    own = boxed(branch, look, _x(look, branch.depth), y)
    below = branch.below if branch.depth < look.deepest else ()
    taken = sum(_needs(one, look) for one in below) + look.between * max(len(below) - 1, 0)
    shape = boxed(branch, look, own.x, y + (height - own.height) / 2)
    shapes.append(shape)
    at = y + (height - taken) / 2
    for one in below:
        place = len(shapes)
        at += _block(one, look, at, shapes, lines) + look.between
        child = shapes[place]
        lines.append(Line(((shape.right, shape.middle), (child.x, child.middle)), "link"))
    return height


# ---- Fishbone: bones above and below a spine that leads to the problem.

BONE, SLANT, HEAD, CAUSE = 268.0, 44.0, 220.0, 13.0


@dataclass(frozen=True, slots=True)
class _Cause:
    pk: int
    lines: tuple[str, ...]
    indent: float

    @property
    def height(self) -> float:
        return len(self.lines) * (LINE - 2) + 6


def _causes(bone: Branch) -> list[_Cause]:
    found = []
    for one in bone.walk():
        if one is bone:
            continue
        indent = 14.0 * (one.depth - bone.depth - 1)
        found.append(_Cause(one.box.pk, wrapped(one.box.words, BONE - SLANT - 40 - indent, CAUSE), indent))
    return found


def fishbone(tops: tuple[Branch, ...]) -> Drawing:
    """Lay a fishbone out: groups of causes as bones, alternately above and below the spine, in the order they are read."""
    if not tops:
        return Drawing(HEAD, LINE)
    top = tops[0]
    bones = [*top.below, *tops[1:]]
    upper, lower = bones[0::2], bones[1::2]
    high = max((_bone_height(one) for one in upper), default=0.0)
    low = max((_bone_height(one) for one in lower), default=0.0)
    head_lines = wrapped(top.box.words, HEAD - 2 * PAD, SIZE, bold=True)
    head_height = len(head_lines) * LINE + 2 * PAD
    spine = max(high, head_height / 2) + EDGE
    columns = max(len(upper), 1 if bones else 0)
    end = columns * BONE + 24
    head = Shape(top.box.pk, "aim", end, spine - head_height / 2, HEAD, head_height, head_lines, bold=True)
    shapes, lines = [head], [Line(((EDGE, spine), (end, spine)), "spine")]
    for side, row in ((-1, upper), (1, lower)):
        for i, bone in enumerate(row):
            _bone(bone, i * BONE, spine, side, shapes, lines)
    return Drawing(end + HEAD + EDGE, spine + max(low, head_height / 2) + EDGE, tuple(shapes), tuple(lines))


def _title(bone: Branch) -> tuple[tuple[str, ...], float]:
    lines = wrapped(bone.box.words, BONE - 60 - 2 * PAD, SIZE, bold=True)
    return lines, len(lines) * LINE + PAD


def _bone_height(bone: Branch) -> float:
    return _title(bone)[1] + 10 + sum(one.height for one in _causes(bone)) + 14


def _bone(bone: Branch, x: float, spine: float, side: int, shapes: list[Shape], lines: list[Line]) -> None:
    """Draw one bone: its name at the far end, its causes between the name and the spine."""
    words, title = _title(bone)
    height = _bone_height(bone)
    outer = spine + side * height
    top = outer if side < 0 else outer - title
    width = max(width_of(line, SIZE, bold=True) for line in words) + 2 * PAD
    shapes.append(Shape(bone.box.pk, "primary", x + EDGE, top, width, title, words, bold=True))
    start = (x + 24.0, outer + (title if side < 0 else -title))
    foot = (x + 24.0 + SLANT, spine)
    lines.append(Line((start, foot), "bone"))
    y = start[1] + 10 if side < 0 else spine + 14
    for one in _causes(bone):
        share = (y + 10 - start[1]) / (foot[1] - start[1]) if foot[1] != start[1] else 0.0
        at = start[0] + SLANT * min(max(share, 0.0), 1.0)
        left = x + 24.0 + SLANT + 10 + one.indent
        lines.append(Line(((at, y + 10), (left - 4, y + 10)), "twig"))
        shapes.append(Shape(one.pk, "cause", left, y, BONE - SLANT - 40 - one.indent, one.height, one.lines))
        y += one.height


def bounds_of(shapes: Iterable[Shape]) -> tuple[float, float, float, float]:
    """Return the smallest rectangle around shapes."""
    row = tuple(shapes)
    return min(s.x for s in row), min(s.y for s in row), max(s.right for s in row), max(s.bottom for s in row)
