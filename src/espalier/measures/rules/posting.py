"""What a batch of figures sent by a program must be: each wrong one is named, and then none is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date  # noqa: TC003  the example below uses it
from typing import TYPE_CHECKING, Any

from espalier.common.errors import UnableTo
from espalier.common.periods import Grain, period_start, step
from espalier.measures.rules.entering import UnableToStoreFigure, checked_value, needs_denominator
from espalier.measures.rules.periods_read import day_of, reader_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_PROBLEMS = 50  # named in one answer; who has more has one mistake in all of them
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WRITTEN: Mapping[Grain, str] = {
    "day": "Write the day like 2026-03-04.",
    "week": "Write the Monday of the week like 2026-03-02.",
    "month": "Write the month like 2026-03, or its first day.",
    "quarter": "Write the first month of the quarter like 2026-04, its first day, or Q1 2026/27.",
    "year": "Write the year like 2026, or its first day.",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One figure as a program sent it; place is where it stands in the batch, counted from 0."""

    place: int
    measure: str
    unit: str
    period: str
    numerator: float
    denominator: float | None


@dataclass(frozen=True, slots=True)
class Ready:
    """One figure that can be stored."""

    place: int
    measure: str
    unit: str
    period_on: date
    numerator: float
    denominator: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class SentProblem:
    """What is wrong with one figure of a batch."""

    where: str
    what: str
    to_do: str


class UnableToPost(UnableTo):
    """Some figures of a batch cannot be stored, so none was."""

    code = "figures"

    def __init__(self, problems: Sequence[SentProblem]) -> None:
        self.problems = tuple(problems[:MOST_PROBLEMS])
        count = f"{len(problems):,} figure{' is' if len(problems) == 1 else 's are'}"
        super().__init__(f"{count} not right, so nothing was stored.", where="body, figures", to_do="Mend them and send the batch again.")


def sent_period(text: str, grain: Grain) -> date:
    """Read a period as programs write it: by its first day, or as a pasted row names it.

    A day inside a longer period is refused, though a pasted one is taken: a program that sends it counts in other periods.

    >>> sent_period("2026-03", "month"), sent_period("2026-03-02", "week"), sent_period("Q1 2026/27", "quarter")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 2), datetime.date(2026, 4, 1))
    """
    if not _DAY.fullmatch(text):
        return reader_for(grain, [text])(text)
    day = day_of(text)
    if day != period_start(day, grain):
        raise ValueError(f"is not the first day of a {grain}")
    return day


def check_sent(sent: Sequence[Sent], definitions: Mapping[str, Mapping[str, Any]], *, today: date) -> tuple[Ready, ...]:
    """Return the figures as they will be stored, or raise with everything that is wrong with any of them."""
    ready: list[Ready] = []
    problems: list[SentProblem] = []
    seen: dict[tuple[str, str, date], int] = {}
    for one in sent:
        try:
            made = _ready(one, definitions[one.measure], today)
        except UnableTo as wrong:
            problems.append(SentProblem(f"figures[{one.place}].{wrong.where or 'period'}", wrong.what, wrong.to_do))
            continue
        key = (made.measure, made.unit, made.period_on)
        if key in seen:
            what = f"{made.measure} at {made.unit} in {made.period_on} stands at figures[{seen[key]}] too."
            problems.append(SentProblem(f"figures[{one.place}]", what, "Keep one of them."))
        seen.setdefault(key, one.place)
        ready.append(made)
    if problems:
        raise UnableToPost(problems)
    return tuple(ready)


def _ready(one: Sent, definition: Mapping[str, Any], today: date) -> Ready:
    day = _day(one.period, definition, today)
    if one.denominator is not None and not needs_denominator(definition):
        raise UnableTo("This measure is a plain count.", where="denominator", to_do="Leave the denominator out.")
    try:
        value = checked_value(definition, one.numerator, one.denominator)
    except UnableToStoreFigure as wrong:
        raise UnableTo(wrong.what, where=wrong.field, to_do=wrong.to_do) from None
    return Ready(one.place, one.measure, one.unit, day, one.numerator, one.denominator, value)


def _day(text: str, definition: Mapping[str, Any], today: date) -> date:
    grain: Grain = definition.get("frequency", "month")
    try:
        day = sent_period(text, grain)
    except ValueError as problem:
        raise UnableTo(f"{text[:20]!r} {problem}.", to_do=WRITTEN[grain]) from None
    if day > today:
        raise UnableTo(f"{day} has not begun.", to_do="Leave out periods of the future.")
    if (after := step(day, grain, 1)) > today:
        raise UnableTo(f"The {grain} from {day} is not over yet.", to_do=f"It can be sent from {after}.")
    if day.year < 1900:
        raise UnableTo(f"{day} is too long ago.", to_do="Check the year.")
    return day
