"""What a team types at the end of a month."""

from __future__ import annotations

from dataclasses import dataclass

Seen = tuple[float | None, float | None, float | None]  # numerator, denominator, value as they stood
NOTHING: Seen = (None, None, None)


@dataclass(frozen=True, slots=True)
class MonthWords:
    """What a team says at the end of a month; said is its own score of progress."""

    tried: str = ""
    learned: str = ""
    need: str = ""
    said: float | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """One figure as typed, with what stood there when the page was opened."""

    numerator: float
    denominator: float | None
    seen: Seen
