"""Read the dates of a column, and never guess: what can be read two ways is asked.

One value of a column that can be read only one way (13/04/2026) decides for all of them; a column in which none does, or in
which two contradict each other, asks. A suggestion is given with the question and is never used by itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from espalier.imports.reading.book import KIND, Kind, Level, Problem
from espalier.imports.reading.meanings import meanings_of
from espalier.imports.reading.periodwords import DateRead, Grain, Meanings, Order, Question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONDON = ZoneInfo("Europe/London")
cached_meanings = lru_cache(maxsize=20_000)(meanings_of)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answered, or the column decided: None where nothing is known."""

    order: Order | None = None
    slash: Grain | None = None  # MONTH or FINANCIAL_YEAR for 2011-12
    quarters_from: int | None = None  # 1 or 4 for Q1 2026


@dataclass(frozen=True, slots=True)
class DateReading:
    """How the dates of one column read. While `asks`, the texts that could mean two periods stand in `open` and have no day."""

    order: Order | None
    decided_by: str  # the text that decided the order, "" when none had to
    question: Question
    suggestion: Answers
    grain: Grain | None  # the grain of all, None when they differ or there is none
    read: Mapping[str, DateRead]  # by the text as written
    open: tuple[str, ...] = ()
    dates: int = 0
    blanks: int = 0
    wrong: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a person must answer before the column can be used."""
        return self.question is not Question.NONE

    def of(self, text: str) -> DateRead | None:
        """What a text of this column names; None for a blank."""
        return self.read.get(text)

    @property
    def share(self) -> float:
        """Share of the filled cells that name a period, those with two meanings included."""
        filled = self.dates + self.wrong
        return self.dates / filled if filled else 0.0


def dates_of(
    texts: Sequence[str],
    kinds: bytes = b"",
    *,
    order: Order | None = None,
    slash: Grain | None = None,
    quarters_from: int | None = None,
) -> DateReading:
    """Read a column of dates. `order`, `slash` and `quarters_from` are a person's answers when the column asked."""
    counts = Counter(text for text in texts if text)
    found = {text: cached_meanings(text) for text in counts}
    decided, decided_by, contradiction = _decide(found)
    known = Answers(order or decided.order, slash or decided.slash, quarters_from or decided.quarters_from)
    read: dict[str, DateRead] = {}
    waiting: list[str] = []
    for text, meanings in found.items():
        chosen = _choose(meanings, known)
        if chosen is None:
            waiting.append(text)
            chosen = DateRead(None, wrong="asks", what=f"“{text}” could mean two dates", to_do="Say which is meant.")
        read[text] = chosen
    question = found[waiting[0]].question if waiting else Question.NONE
    if contradiction and order is None:
        question = Question.DAY_OR_MONTH
    open_ = frozenset(waiting)
    dates = sum(n for text, n in counts.items() if read[text].day or text in open_)
    return DateReading(
        known.order, "" if order else decided_by, question, _suggest(waiting), _grain(read), read, tuple(waiting), dates,
        len(texts) - counts.total(), counts.total() - dates,
        (*_notes(found, kinds, texts), *([_mixed(contradiction)] if contradiction else [])),
    )  # fmt: skip


def _decide(found: Mapping[str, Meanings]) -> tuple[Answers, str, tuple[str, str] | None]:
    """What the texts that have one meaning decide for the others; and two texts that contradict each other."""
    first: dict[object, str] = {}
    for text, meanings in found.items():
        if meanings.evidence:
            first.setdefault(meanings.evidence, text)
    day, month = first.get(Order.DAY_FIRST), first.get(Order.MONTH_FIRST)
    contradiction = (day, month) if day and month else None
    order = None if contradiction else Order.DAY_FIRST if day else Order.MONTH_FIRST if month else None
    by_grain = [grain for grain in (Grain.MONTH, Grain.FINANCIAL_YEAR) if grain in first]
    return Answers(order, by_grain[0] if len(by_grain) == 1 else None), day or month or "", contradiction


def _choose(meanings: Meanings, known: Answers) -> DateRead | None:
    """The meaning under what is known; None while it is not known."""
    if meanings.evidence in (Order.DAY_FIRST, Order.MONTH_FIRST):
        swapped = known.order is not None and known.order != meanings.evidence
        return _swapped(meanings) if swapped else meanings.first
    if meanings.question is Question.DAY_OR_MONTH:
        return None if known.order is None else meanings.first if known.order is Order.DAY_FIRST else meanings.second
    if meanings.question is Question.MONTH_OR_YEAR:
        return None if known.slash is None else meanings.first if known.slash is Grain.MONTH else meanings.second
    if meanings.question is Question.WHICH_QUARTER:
        return None if known.quarters_from is None else meanings.first if known.quarters_from == 1 else meanings.second
    return meanings.first


def _swapped(meanings: Meanings) -> DateRead:
    """A text written in the other order than its column: told as wrong, for turning it round would be a guess."""
    other = meanings.second or meanings.first
    return DateRead(
        None, wrong="swapped", what=f"{other.what}; day and month seem swapped", to_do="Write it in the same order as the others."
    )


def _suggest(waiting: list[str]) -> Answers:
    """What is likely, to stand beside the question: first days of months, or else the British order."""
    numbers = [text.replace("-", "/").replace(".", "/").split("/") for text in waiting]
    pairs = [(parts[0].strip(), parts[1].strip()) for parts in numbers if len(parts) >= 3]
    month_first = len(pairs) > 2 and all(b in {"1", "01"} for _, b in pairs) and len({a for a, _ in pairs}) > 2
    return Answers(Order.MONTH_FIRST if month_first else Order.DAY_FIRST, Grain.FINANCIAL_YEAR, 4)


def _grain(read: Mapping[str, DateRead]) -> Grain | None:
    grains = {one.grain for one in read.values() if one.day}
    if len(grains) == 1:
        return grains.pop()
    return None


def _notes(found: Mapping[str, Meanings], kinds: bytes, texts: Sequence[str]) -> list[Problem]:
    said = {
        "serial": "Numbers here were read as a spreadsheet's days",
        "two-digit-year": "Years here have two digits",
    }
    notes = []
    for code, what in said.items():
        text = next((text for text, meanings in found.items() if meanings.note == code and meanings.first.day), None)
        if text is not None:
            day = found[text].first.day
            notes.append(Problem(code, Level.NOTE, f"{what}: {text} as {day:%d/%m/%Y}", "Check one against the source.", value=text))
    if kinds and any(kind & KIND == Kind.ERROR for kind in kinds):
        at = next(i for i, kind in enumerate(kinds) if kind & KIND == Kind.ERROR)
        notes.append(
            Problem("excel-error", Level.WRONG, "The column holds errors of the spreadsheet", "Mend the formula.", value=texts[at])
        )
    return notes


def _mixed(pair: tuple[str, str]) -> Problem:
    what = f"{pair[0]} has its day first and {pair[1]} its month"
    return Problem("mixed-orders", Level.ASK, what, "Write all dates of the column in one order, or say which is right.", value=pair[1])


@dataclass(frozen=True, slots=True)
class LondonMoment:
    """A time on a wall in England as a moment. When the clocks go back it comes `twice`, and is the earlier of the two."""

    at: datetime | None
    twice: bool = False
    wrong: str = ""
    what: str = ""
    to_do: str = ""


def in_london(moment: datetime) -> LondonMoment:
    """The moment at which clocks in England showed this time; there is none in the hour that is skipped in March.

    A moment that carries its own zone is only turned into London's time.
    """
    if moment.tzinfo is not None:
        return LondonMoment(moment.astimezone(LONDON))
    early, late = (moment.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return LondonMoment(early)
    if early.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != moment:
        skipped = f"{moment:%H:%M} did not exist on {moment:%d/%m/%Y}: the clocks went forward at 01:00"
        return LondonMoment(None, wrong="no-such-time", what=skipped, to_do=f"Write {moment + timedelta(hours=1):%H:%M} if that is meant.")
    return LondonMoment(early, twice=True)
