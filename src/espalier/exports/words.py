"""The words of files: the same signs and the same way to write numbers as on pages."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from espalier.ui.filters import change, difference, figure, number, period
from espalier.ui.signs import ASSURANCE, VARIATION

if TYPE_CHECKING:
    from espalier.exports.shapes import Picture, Table

BETTER = {"up": "higher is better", "down": "lower is better", "none": "neither higher nor lower is better"}
MARKS = {"better": "better than usual", "worse": "worse than usual", "high": "higher than usual", "low": "lower than usual", "": ""}
MEASURED = {"percent": "per cent", "count": "count", "rate": "per 1,000", "score": "score", "days": "days"}
MADE_WITH = "Made with Espalier"


def written(picture: Picture, value: float | None) -> str:
    """Write one value of a chart in its own terms."""
    how = difference if picture.differenced else figure
    return how(value, picture.measured_in, picture.decimals)


def latest(picture: Picture) -> str:
    """Say the newest figure and of when it is."""
    if picture.value is None or picture.period is None:
        return "No figure yet"
    if not picture.differenced:
        return f"{written(picture, picture.value)} in {period(picture.period, picture.grain)}"
    how = change(picture.value, picture.measured_in, picture.decimals)
    return f"{how} in {period(picture.period, picture.grain)}, against the same time a year before"


def middle(picture: Picture) -> str:
    """Name the middle line: a chart without limits is drawn around its median."""
    return "Average" if any(point.upper is not None or point.lower is not None for point in picture.points) else "Median"


def source(picture: Picture) -> str:
    """Say where the figures come from, as one sentence."""
    return f"Source: {picture.source.rstrip('. ')}."


def shares(table: Table) -> list[float]:
    """Return how much of the width each column of a table needs, by its longest cell: a date narrow, a sentence wide."""
    longest = [min(max(len(cell) for cell in column), 60) + 8 for column in zip(table.head, *table.rows, strict=True)]
    return [one / sum(longest) for one in longest]


def lowest(picture: Picture, limit: float | None) -> float | None:
    """Return a lower limit that can be drawn: none below nought where no figure can be, as on the page's own chart."""
    return None if limit is not None and limit < 0 and floored(picture) else limit


def floored(picture: Picture) -> bool:
    """Whether a lower limit lies below nought though no figure can: the axis then begins at nought."""
    below = any(point.lower is not None and point.lower < 0 for point in picture.points) and not picture.differenced
    return below and all(point.value is None or point.value >= 0 for point in picture.points)


def steps(picture: Picture) -> tuple[int, str]:
    """Return how far apart the labels of a time axis stand, so that there are about six: (7, "days"), (6, "months")."""
    each, unit = {"day": (1, "days"), "week": (7, "days"), "quarter": (3, "months"), "year": (12, "months")}.get(
        picture.grain, (1, "months")
    )
    return max(1, -(-len(picture.points) // 6)) * each, unit


def sign(picture: Picture) -> str:
    """Say in two or three words what the chart says."""
    words = VARIATION.get(picture.variation, VARIATION["unknown"]).words
    return f"{words}; {ASSURANCE[picture.assurance].words}" if picture.assurance else words


def meaning(picture: Picture) -> str:
    """Say what that means, in a sentence or two."""
    words = VARIATION.get(picture.variation, VARIATION["unknown"]).meaning
    return f"{words} {ASSURANCE[picture.assurance].meaning}" if picture.assurance else words


def alternative(picture: Picture) -> str:
    """Say in words what the drawing shows, for whoever cannot see it: the drawing's own description, and the sign."""
    drawn = re.search(r"<desc[^>]*>(.*?)</desc>", picture.svg or picture.spark, re.DOTALL)
    described = html.unescape(drawn[1]) if drawn else f"{number(len(picture.points))} figures."
    return f"Chart. {picture.title}. {latest(picture)}, {sign(picture)}. {described}"
