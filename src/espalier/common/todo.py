"""What is due from somebody: the one small shape that each room fills for the home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do, with one link that does it.

    A room offers them as `queries.due(*, viewer, at) -> tuple[Due, ...]`: few questions, at most 20 lines, the most
    pressing first. Nothing sensitive stands in one: the same words go into letters.

    >>> from datetime import date
    >>> Due("Falls: March figure", do="Enter", href="/enter/", place="Ward 7", due_on=date(2025, 4, 10)).overdue(date(2025, 4, 11))
    True
    """

    what: str
    do: str  # the words of the link: "Enter", "Answer"
    href: str
    place: str = ""
    from_whom: str = ""
    since_on: date | None = None
    due_on: date | None = None

    def overdue(self, today: date) -> bool:
        """Whether the day it was due has passed."""
        return self.due_on is not None and self.due_on < today
