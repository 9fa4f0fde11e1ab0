"""What may become of an idea, and when it was had: pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

STATES = ("new", "trying", "project", "done", "not-now")
LONGEST, LONGEST_REASON = 1000, 500
# From which state to which. A project is reached by naming it, never by a word alone; a slip can be taken back to new.
MOVES: dict[str, frozenset[str]] = {
    "new": frozenset({"trying", "project", "done", "not-now"}),
    "trying": frozenset({"new", "project", "done", "not-now"}),
    "project": frozenset({"new"}),
    "done": frozenset({"new", "trying", "project"}),
    "not-now": frozenset({"new", "trying", "project"}),
}
TOO_LONG_AGO = timedelta(days=366)  # a clock that says so is wrong: no queue waits a year


def why_not(before: str, after: str, *, reason: str, is_author: bool) -> str:
    """Say why an idea may not come into a state; empty where it may.

    Whoever had it owes nobody a reason. Somebody else who says yes, no or done to it owes them one.

    >>> why_not("new", "not-now", reason="", is_author=True)
    ''
    >>> why_not("new", "not-now", reason=" ", is_author=False)
    'Say why, in a sentence. The person who had the idea reads it.'
    """
    if after not in STATES:
        return "That is not something an idea can become."
    if after == before:
        return "That is how the idea stands already."
    if after not in MOVES[before]:
        return "From how it stands now, the idea cannot become that."
    if not is_author and not reason.strip():
        return "Say why, in a sentence. The person who had the idea reads it."
    if len(reason) > LONGEST_REASON:
        return f"Keep the reason under {LONGEST_REASON} characters."
    return ""


def had_at(said: datetime | None, received: datetime) -> datetime:
    """Return when an idea was had: what the phone says, save where its clock cannot be right (the future, or years ago).

    >>> from datetime import datetime, UTC
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> had_at(datetime(2026, 3, 1, 13, tzinfo=UTC), noon) == noon, had_at(datetime(1970, 1, 1, tzinfo=UTC), noon) == noon
    (True, True)
    """
    if said is None or said > received or received - said > TOO_LONG_AGO:
        return received
    return said


def newer(stored: int, sent: int) -> bool:
    """Whether words sent again are a later wording of the same idea. An older one that comes late changes nothing.

    >>> newer(1, 2), newer(2, 1), newer(1, 1)
    (True, False, False)
    """
    return sent > stored
