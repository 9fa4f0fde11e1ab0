"""The signs a chart carries: what changed, and whether the target will be met. Codes in, words and a shape out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. Its shape alone must tell it apart, so that it works in grey, in print and in forced colours."""

    code: str
    words: str  # on a card, after the icon
    meaning: str  # in the key to the signs
    icon: str  # name of the drawing in ui/_signs.html


def _signs(*several: Sign) -> dict[str, Sign]:
    return {sign.code: sign for sign in several}


VARIATION = _signs(
    Sign(
        "concerning",
        "worse than usual",
        "Something has changed, and for the worse. It is unlikely to be chance.",
        "worse",
    ),
    Sign("improving", "better than usual", "Something has changed for the better. It is unlikely to be chance.", "better"),
    Sign("steady", "as usual", "The ups and downs are those we would expect by chance.", "usual"),
    Sign("high", "higher than usual", "Something has risen. For this measure neither direction is better.", "higher"),
    Sign("low", "lower than usual", "Something has fallen. For this measure neither direction is better.", "lower"),
    Sign("unknown", "not enough data", "There are too few points to say what is usual.", "unknown"),
)

ASSURANCE = _signs(
    Sign("pass", "will meet the target", "At this level the target will be met, month after month.", "met"),
    Sign(
        "fail",
        "will not meet the target",
        "At this level the target will not be met without a change to the work.",
        "missed",
    ),
    Sign(
        "hit_or_miss",
        "hit or miss",
        "At this level the target is met in some months and missed in others, by chance.",
        "hit-or-miss",
    ),
)
