"""Icons of our own drawing: what kind of variation, and whether the target will be met.

The sign inside is the one that marks points on the chart, so whoever can read the chart can read the icon. They are not the
icons of Making Data Count, and mean the same things.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from plotthedots.codes import Assurance, Variation
from plotthedots.drawing.marks import SHAPES, dots, sign
from plotthedots.drawing.theme import DOT, INK, QUIET
from plotthedots.errors import DrawError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE: Final = 40
_EDGE: Final = 1.5
_WORDS: Final[dict[Variation | Assurance, str]] = {
    Variation.COMMON: "As usual: chance variation only",
    Variation.IMPROVEMENT: "Better than usual",
    Variation.CONCERN: "Worse than usual",
    Variation.HIGH: "Higher than usual",
    Variation.LOW: "Lower than usual",
    Variation.SPECIAL: "An unusual pattern",
    Assurance.PASS: "Will meet the target, unless something changes",
    Assurance.FAIL: "Will miss the target, unless something changes",
    Assurance.RANDOM: "Will sometimes meet the target, by chance",
}
# Four dots from left to right, and the height of the target among them. Up is good here, whatever it is on the chart.
_PATHS: Final[dict[Assurance, tuple[Sequence[int], int]]] = {
    Assurance.PASS: ((14, 10, 15, 11), 26),
    Assurance.FAIL: ((30, 26, 31, 27), 15),
    Assurance.RANDOM: ((27, 14, 26, 13), 20),
}


def icon(code: Variation | Assurance, *, title: str = "", prefix: str = "ptd-icon") -> str:
    """Return one icon as an svg element of 40 by 40; give each icon of a page its own prefix.

    Where nothing is known (NONE) there is nothing to draw, and the string is empty. The words of the title are read out by
    screen readers; they default to what the icon means.

    >>> icon(Variation.IMPROVEMENT)[:45], icon(Assurance.NONE)
    ('<svg class="ptd ptd-icon" viewBox="0 0 40 40"', '')
    """
    if not isinstance(code, Variation | Assurance):
        message = f"{code!r} is no Variation or Assurance. Use ptd.Variation(result.variation[0]), for instance."
        raise DrawError("icon", message)
    if not code:
        return ""
    inside = _assured(code) if isinstance(code, Assurance) else _varied(code)
    said = f'<title id="{prefix}">{escape(title or _WORDS[code])}</title>'
    return (
        f'<svg class="ptd ptd-icon" viewBox="0 0 {_SIZE} {_SIZE}" xmlns="http://www.w3.org/2000/svg" role="img"'
        f' aria-labelledby="{prefix}">{said}{inside}</svg>'
    )


def _varied(code: Variation) -> str:
    """Return usual dots and, last, the sign of such points where they are special."""
    low = code == Variation.LOW
    heights = (23, 17, 22, 18) if code == Variation.COMMON else (15, 12) if low else (25, 28)
    out = _frame() + _dots(heights)
    if code in SHAPES:
        shape, grow = SHAPES[code]
        out += sign(code, shape([(27, 26 if low else 15)], 6.5 * grow))
    return out


def _assured(code: Assurance) -> str:
    """Return four dots and the target, broken as on the chart."""
    heights, target = _PATHS[code]
    line = f'stroke="{INK}" stroke-width="1.6" stroke-dasharray="5 3" d="M5 {target}H35"'
    return f'{_frame()}{_dots(heights)}<path class="ptd-target" fill="none" {line}/>'


def _frame() -> str:
    ring = f"M{_EDGE} {_SIZE // 2}a18.5 18.5 0 1 0 37 0a18.5 18.5 0 1 0-37 0z"
    return f'<path class="ptd-note" fill="none" stroke="{QUIET}" stroke-width="1.5" d="{ring}"/>'


def _dots(heights: Sequence[int]) -> str:
    line = dots((9 + 7.3 * place, height) for place, height in enumerate(heights))
    return f'<path class="ptd-dot" fill="none" stroke="{DOT}" stroke-width="5" stroke-linecap="round" d="{line}"/>'
