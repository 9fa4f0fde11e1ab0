"""What a project is worth, added up honestly: ranges stay ranges, and unlike things are never put together.

Nobody knows the one number, so there is none. Time stays time, money that leaves a budget stays apart from money that
does not, and what comes once stays apart from what comes every year.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

TIME, COST, BENEFIT, RATE = "time", "cost", "benefit", "rate"
HOURS, POUNDS, AN_HOUR = "hours", "pounds", "pounds-an-hour"
# What each kind can be counted in. A rate says what an hour is worth, and is never added to anything.
AMOUNTS = {
    TIME: (HOURS,), COST: (POUNDS, HOURS), BENEFIT: (POUNDS, "bed-days", "appointments", "miles", "kg-carbon"), RATE: (AN_HOUR,),
}  # fmt: skip
ONCE = "once"
A_YEAR = {"week": 52, "month": 12, "year": 1}  # how often in a year; what comes once is in none of them
HOW = ("counted", "estimated", "assumed")  # from the surest to the least sure
RUNNING, OVER, TO_COME = "running", "over", "to-come"


@dataclass(frozen=True, slots=True)
class Span:
    """From a low to a high amount.

    >>> Span(Decimal(2), Decimal(3)) + Span(Decimal(10), Decimal(20))
    Span(low=Decimal('12'), high=Decimal('23'))
    >>> Span(Decimal(10), Decimal(20)) - Span(Decimal(2), Decimal(3))
    Span(low=Decimal('7'), high=Decimal('18'))
    """

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        """Refuse a range that runs backwards."""
        if self.low > self.high:
            raise ValueError(f"A range goes from low to high, and {self.low} is more than {self.high}.")

    def __add__(self, other: Span) -> Span:
        """Both low is the lowest, both high is the highest."""
        return Span(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        """Return what is left: least where there was little and much goes off it."""
        return Span(self.low - other.high, self.high - other.low)

    def times(self, other: Span) -> Span:
        """Return so many of something worth so much; neither may be below nothing."""
        if self.low < 0 or other.low < 0:
            raise ValueError("Only amounts of nothing or more can be multiplied.")
        return Span(self.low * other.low, self.high * other.high)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that somebody says of a project's worth. releases: whether the money leaves or enters a budget (pounds only)."""

    kind: str
    amount: str
    per: str
    low: Decimal
    high: Decimal
    since: date
    until: date | None  # the last day
    how: str
    releases: bool | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """What may be added up with each other."""

    kind: str
    amount: str
    yearly: bool
    releases: bool | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of like things, in how many lines it rests, and the least sure way in which one of them is known."""

    key: Key
    span: Span
    lines: int
    how: str


def stands(line: Line, on: date) -> str:
    """Say whether a line counts on a day: what came once stays, what comes again stops counting after its last day."""
    if line.since > on:
        return TO_COME
    return OVER if line.per != ONCE and line.until is not None and line.until < on else RUNNING


def of_line(line: Line) -> Span:
    """Return what a line comes to in a year, or once.

    >>> from datetime import date
    >>> of_line(Line("time", "hours", "week", Decimal(2), Decimal(3), date(2026, 1, 1), None, "counted"))
    Span(low=Decimal('104'), high=Decimal('156'))
    """
    factor = Decimal(A_YEAR.get(line.per, 1))
    return Span(line.low * factor, line.high * factor)


def totals(lines: Iterable[Line], *, on: date) -> tuple[Total, ...]:
    """Add up what counts on a day, each kind of thing by itself, in the order of AMOUNTS.

    >>> from datetime import date
    >>> day = date(2026, 1, 1)
    >>> a = Line("benefit", "pounds", "year", Decimal(100), Decimal(300), day, None, "counted", True)
    >>> b = Line("benefit", "pounds", "month", Decimal(1), Decimal(2), day, None, "assumed", True)
    >>> c = Line("benefit", "pounds", "year", Decimal(900), Decimal(900), day, None, "counted", False)
    >>> [(str(t.span.low), str(t.span.high), t.lines, t.how) for t in totals([a, b, c], on=day)]
    [('112', '324', 2, 'assumed'), ('900', '900', 1, 'counted')]
    """
    found: dict[Key, Total] = {}
    for line in lines:
        if line.kind == RATE or stands(line, on) != RUNNING:
            continue
        key, before = _key(line), found.get(_key(line))
        if before is None:
            found[key] = Total(key, of_line(line), 1, line.how)
        else:
            found[key] = Total(key, before.span + of_line(line), before.lines + 1, max(before.how, line.how, key=HOW.index))
    return tuple(found[key] for key in sorted(found, key=order))


def _key(line: Line) -> Key:
    return Key(line.kind, line.amount, line.per != ONCE, line.releases if line.amount == POUNDS else None)


def order(key: Key) -> tuple[int, int, bool, bool]:
    """Where a sum stands among others: time, costs, benefits; yearly before once; money of a budget first."""
    return (list(AMOUNTS).index(key.kind), AMOUNTS[key.kind].index(key.amount), not key.yearly, not key.releases)


def left(found: Iterable[Total]) -> tuple[tuple[bool, Span], ...]:
    """Return what is left of money that enters a budget when what leaves it is paid: (yearly, range), where both are said.

    Only money that enters or leaves a budget is set against each other; hours and other good things are not.

    >>> from datetime import date
    >>> day = date(2026, 1, 1)
    >>> saves = Line("benefit", "pounds", "year", Decimal(100), Decimal(300), day, None, "counted", True)
    >>> costs = Line("cost", "pounds", "year", Decimal(50), Decimal(120), day, None, "counted", True)
    >>> left(totals([saves, costs], on=day))
    ((True, Span(low=Decimal('-20'), high=Decimal('250'))),)
    """
    by_key = {one.key: one.span for one in found}
    both = []
    for yearly in (True, False):
        gained, paid = (by_key.get(Key(kind, POUNDS, yearly, releases=True)) for kind in (BENEFIT, COST))
        if gained and paid:
            both.append((yearly, gained - paid))
    return tuple(both)


def worth(found: Iterable[Total], rate: Line | None) -> tuple[tuple[bool, Span], ...]:
    """Return what time freed would be worth at a rate that somebody gave; nothing where nobody gave one.

    It stands beside the sums and never in them: an hour freed is an hour for patients, not money in a bank.
    """
    if rate is None:
        return ()
    price = Span(rate.low, rate.high)
    return tuple((one.key.yearly, one.span.times(price)) for one in found if one.key.kind == TIME)
