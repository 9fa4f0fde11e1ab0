"""How wide words are when drawn, and where a line of them ends: worked out from the font's own widths, not guessed."""

from __future__ import annotations

# Widths of Helvetica, Arial and Liberation Sans, in thousandths of the size (Adobe's published font metrics), from " " to "~".
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 "
    "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 "
    "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
WIDTHS = {chr(32 + i): int(width) for i, width in enumerate(_WIDTHS.split())}
OTHER, WIDE = 700, 1050  # letters with marks are no wider than this; letters of other scripts take a whole square
_LAST_NARROW = "\u052f"
BOLD = 1.09  # bold letters are wider; no letter of the bold face in use is more than this on average of a line


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line is, in the units of the size.

    >>> round(width_of("Falls", 10), 1)
    21.1
    """
    thousandths = sum(WIDTHS.get(letter, OTHER if letter <= _LAST_NARROW else WIDE) for letter in text)
    return thousandths * size / 1000 * (BOLD if bold else 1.0)


def wrapped(text: str, width: float, size: float, *, bold: bool = False, most: int = 0) -> tuple[str, ...]:
    """Break words into lines no wider than width. A word too long for a line is broken inside; most: lines kept, then "…"."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, width, size, bold=bold)
        lines += whole
    lines += [line] if line else []
    return _shortened(lines, width, size, bold=bold, most=most) if most and len(lines) > most else tuple(lines)


def _pieces(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces, piece = [], ""
    for letter in word:
        if piece and width_of(piece + letter, size, bold=bold) > width:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def _shortened(lines: list[str], width: float, size: float, *, bold: bool, most: int) -> tuple[str, ...]:
    last = lines[most - 1]
    while last and width_of(f"{last}…", size, bold=bold) > width:
        last = last[:-1]
    return (*lines[: most - 1], f"{last.rstrip()}…")
