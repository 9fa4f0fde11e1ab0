"""Read the dates of a column, and never guess: what can be read two ways is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.imports.reading.book import Problem


class Order(StrEnum):
    """Which of two numbers comes first in 03/04/2026."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Grain(StrEnum):
    """How long a period a text names."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FINANCIAL_YEAR = "financial-year"


@dataclass(frozen=True, slots=True)
class DateRead:
    """One text read: `day` is the first day of what it names, None when `wrong` (a code) says why not.

    `moment` is set when the text also held a time of day, as the clock on the wall showed it.
    """

    day: date | None
    grain: Grain | None = None
    moment: datetime | None = None
    wrong: str = ""
    what: str = ""
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class DateReading:
    """How the dates of one column read. While `asks`, the texts that could mean two days stand in `open` and have no day."""

    order: Order | None
    decided_by: str  # the text that decided the order, "" when none had to
    asks: bool
    grain: Grain | None  # the grain of all, None when they differ or there is none
    read: Mapping[str, DateRead]  # by the text as written
    open: tuple[str, ...] = ()
    dates: int = 0
    blanks: int = 0
    wrong: int = 0
    problems: tuple[Problem, ...] = field(default=())

    def of(self, text: str) -> DateRead | None:
        """What a text of this column names; None for a blank."""
        return self.read.get(text)

    @property
    def share(self) -> float:
        """Share of the filled cells that name a period, answers outstanding included."""
        filled = self.dates + self.wrong
        return self.dates / filled if filled else 0.0


def dates_of(texts: Sequence[str], kinds: bytes = b"", *, order: Order | None = None) -> DateReading:
    """Read a column of dates. `order` is a person's answer when the column asked."""
    read: dict[str, DateRead] = {}
    for text in texts:
        if text and text not in read:
            try:
                read[text] = DateRead(date.fromisoformat(text[:10]), Grain.DAY)
            except ValueError:
                read[text] = DateRead(None, None, None, "not-a-date", f'"{text}" is not a date', "Change it.")
    good = sum(1 for text in texts if text and read[text].day)
    filled = sum(1 for text in texts if text)
    return DateReading(order, "", False, Grain.DAY if good else None, read, (), good, len(texts) - filled, filled - good)
