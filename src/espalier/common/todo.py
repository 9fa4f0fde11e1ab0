"""What is due from somebody: the one small shape that each room fills for the home page, and the one statement that asks for it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    Rows = Sequence[dict[str, Any]]
    Tell = Callable[[Rows], Iterable[Any]]  # lines of what is due; a page that asks for something else tells that

MOST = 20  # lines of one room
_NAMED = re.compile(r"%\((\w+)\)s")


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


@dataclass(frozen=True, slots=True)
class Asking:
    """One question about what is due, not asked yet: its SQL, its parameters, and how the rows are told.

    The rows come as JSON, so days and moments in them are text: `day_of` and `date.fromisoformat` read them. A room offers
    its questions as `queries.asking(*, viewer, at) -> tuple[Asking, ...]`, so that the home page asks all rooms at once.
    """

    sql: str
    parameters: tuple[Any, ...]
    tell: Tell

    @classmethod
    def of(cls, rows: QuerySet[Any, Any], tell: Tell) -> Asking:
        """Make one of a query set; its `values` name the columns."""
        try:
            sql, parameters = rows.query.sql_with_params()
        except EmptyResultSet:  # Django knows without asking that there are no rows
            sql, parameters = "SELECT NULL WHERE false", ()
        return cls(sql, tuple(parameters), tell)

    @classmethod
    def named(cls, sql: str, given: Mapping[str, Any], tell: Tell) -> Asking:
        """Make one of SQL that names its parameters, as in %(me)s: in one statement with others only their order counts."""
        return cls(_NAMED.sub("%s", sql), tuple(given[name] for name in _NAMED.findall(sql)), tell)


def day_of(moment: str | None) -> date | None:
    """Return the day of a moment in a row, by the clock on the wall."""
    return timezone.localdate(datetime.fromisoformat(moment)) if moment else None


def gather(rooms: Mapping[str, Sequence[Asking]]) -> dict[str, tuple[Due, ...]]:
    """Ask the questions of all rooms in one statement, and return at most 20 lines of each; no statement where nobody asks."""
    answered = iter(answers([one for questions in rooms.values() for one in questions]))
    return {room: tuple(line for one in questions for line in one.tell(next(answered)))[:MOST] for room, questions in rooms.items()}


def answers(asked: Sequence[Asking]) -> list[Rows]:
    """Ask several questions in one statement, and return the rows of each as they come; no statement where nobody asks."""
    if not asked:
        return []
    parts = ", ".join(f"ARRAY(SELECT to_jsonb(one)::text FROM ({one.sql}) one)" for one in asked)  # noqa: S608  values are parameters
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [value for one in asked for value in one.parameters])
        return [[json.loads(row) for row in rows] for rows in cursor.fetchone()]
