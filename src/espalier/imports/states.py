"""Where a file stands between being given and being stored."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """READING, CHECKING and STORING are work; the others wait for the person, or are the end."""

    READING = "reading"
    READ = "read"
    CHECKING = "checking"
    CHECKED = "checked"
    STORING = "storing"
    STORED = "stored"
    UNDOING = "undoing"
    UNDONE = "undone"
    REFUSED = "refused"  # the file cannot be read
    FAILED = "failed"  # we made a mistake; the file is kept


WORKING = (State.READING, State.CHECKING, State.STORING, State.UNDOING)
OPEN = (State.READ, State.CHECKED)
