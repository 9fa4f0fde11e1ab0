"""Pure decisions: what a report or a board page holds, how one change alters it, and which rows a board page has."""

from espalier.insight.rules.gaps import Gap, read_gaps
from espalier.insight.rules.papers import (
    MOST_CHARTS,
    Change,
    Chosen,
    Concern,
    Content,
    Decided,
    Signed,
    UnableToChange,
    changed,
    content_from,
    content_to,
    piece,
    said,
)

__all__ = [
    "MOST_CHARTS", "Change", "Chosen", "Concern", "Content", "Decided", "Gap", "Signed", "UnableToChange", "changed", "content_from",
    "content_to", "piece", "read_gaps", "said",
]  # fmt: skip
