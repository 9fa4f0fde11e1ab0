"""Guess what each column of a table is for, from its heading and from what it holds."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from espalier.imports.reading.book import Kind
from espalier.imports.reading.meanings import looks_like_period
from espalier.imports.reading.numbers import number_of

if TYPE_CHECKING:
    from espalier.imports.reading.finding import FoundTable

SAMPLE = 2_000
DISTINCT = 200


class Role(StrEnum):
    """What a column is for."""

    UNIT_CODE = "unit-code"
    UNIT_NAME = "unit-name"
    PERIOD = "period"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    VALUE = "value"
    MEASURE = "measure"
    SPLIT = "split"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Guess:
    """What we think a column is for. `column` is its position in the table's columns; `why` is a code: heading, content, both, place."""

    column: int
    role: Role
    sure: bool
    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a column looks like, in shares of its filled cells; `distinct` counts different texts."""

    column: int
    heading: str
    filled: int
    distinct: int
    numbers: float
    missing: float
    periods: float
    codes: float
    length: float

    @property
    def figures(self) -> bool:
        """Whether the column holds figures: numbers, and marks where one is not given."""
        return self.filled > 0 and self.numbers + self.missing > 0.9 and (self.numbers > 0 or self.missing == 1) and self.periods < 0.9


# Codes of NHS organisations, wards and sites: three to six letters and digits, with a digit among them mostly.
A_CODE = re.compile(r"(?=.*\d)[A-Z0-9]{2,9}\Z|[A-Z]{2,4}\Z|[EWSN]\d{8}\Z|(?=.*\d)[A-Z0-9]+(?:[-_][A-Z0-9]+)+\Z")
HEADINGS = {
    Role.PERIOD: "month date period year quarter week day|week ending|financial year|reporting period|as at",
    Role.NUMERATOR: "numerator events cases lost met compliant completed breaches yes|count of|days lost|number of (?!staff|patients|beds)",
    Role.DENOMINATOR: "denominator total available population headcount eligible base possible|out of|bed days"
    "|number of (?:staff|patients|beds)",
    Role.UNIT_CODE: "code ods id identifier ref|org code",
    Role.UNIT_NAME: "organisation organization org trust provider ward team unit site hospital service region name ics icb ccg department"
    " directorate division practice",
    Role.MEASURE: "measure indicator metric kpi",
    Role.SPLIT: "group sex gender age ethnic\\w* nationality band grade deprivation quintile decile fifth category type breakdown",
    Role.VALUE: "value rate percent percentage figure result score fte average mean median per",
}


def _pattern(words: str) -> re.Pattern[str]:
    """One pattern for single words parted by spaces, then phrases parted by bars; a % sign is a word of its own."""
    single, *phrases = words.split("|")
    return re.compile(rf"\b(?:{'|'.join([*single.split(), *phrases])})\b", re.IGNORECASE)


PATTERNS = tuple((role, _pattern(words)) for role, words in HEADINGS.items())


def look_at(table: FoundTable, column: int) -> Look:
    """Look at a sample of one column: its first rows, each text once and weighted by how often it comes."""
    few = table.rows if len(table.rows) <= SAMPLE else table.rows[:: len(table.rows) // SAMPLE]
    cells = table.sheet.column(table.columns[column].at, few)
    counts = Counter(text for text in cells.texts if text)
    filled = counts.total()
    dates = cells.kinds.count(Kind.DATE)
    numbers = missing = periods = codes = length = 0
    for text, n in counts.most_common(DISTINCT):
        read = number_of(text)
        numbers += n if read.value is not None else 0
        missing += n if read.missing else 0
        periods += n if looks_like_period(text) else 0
        codes += n if len(text) < 40 and A_CODE.match(text) and not text.isdigit() else 0
        length += n * len(text)
    seen = sum(n for _, n in counts.most_common(DISTINCT)) or 1
    return Look(
        column, table.columns[column].name, filled, len(counts), numbers / seen, missing / seen,
        max(periods / seen, dates / filled if filled else 0.0), codes / seen, length / seen,
    )  # fmt: skip


def named(heading: str) -> set[Role]:
    """Roles a heading speaks of; several may be spoken of at once ("Organisation code")."""
    said = {role for role, pattern in PATTERNS if pattern.search(heading.replace("_", " "))}
    return said | {Role.VALUE} if "%" in heading else said


def roles_of(looks: list[Look], periods: list[int]) -> tuple[Guess, ...]:
    """One guess a column. `periods` are the columns of a wide table, whose headings are periods and whose cells are figures."""
    guesses = {look.column: _guess(look) for look in looks}
    _only_one(guesses, looks, Role.PERIOD, Role.OTHER, by=lambda look: (look.periods, look.distinct))
    figures = [look for look in looks if look.figures and guesses[look.column].role not in {Role.PERIOD, Role.UNIT_CODE}]
    if len(figures) == 1 and guesses[figures[0].column].role is Role.OTHER:
        guesses[figures[0].column] = Guess(figures[0].column, Role.VALUE, sure=True, why="content")
    _units(guesses, looks)
    for column in periods:
        guesses[column] = Guess(column, Role.VALUE, sure=True, why="heading")
    return tuple(guesses[column] for column in sorted(guesses))


def _guess(look: Look) -> Guess:
    """What one column is, by its heading and its content together."""
    said = named(look.heading)
    if not look.filled:
        return Guess(look.column, Role.OTHER, sure=False, why="empty")
    if look.periods > 0.8 and (Role.PERIOD in said or look.numbers < 0.5):
        return Guess(look.column, Role.PERIOD, sure=True, why="both" if Role.PERIOD in said else "content")
    return _figure(look, said) if look.figures else _words(look, said)


def _figure(look: Look, said: set[Role]) -> Guess:
    role = next((role for role in (Role.NUMERATOR, Role.DENOMINATOR, Role.VALUE) if role in said), None)
    if role is None and Role.UNIT_CODE in said:
        return Guess(look.column, Role.UNIT_CODE, sure=False, why="heading")
    return Guess(look.column, role or Role.OTHER, sure=role is not None, why="both" if role else "content")


def _words(look: Look, said: set[Role]) -> Guess:
    if Role.UNIT_CODE in said and look.length <= 12:
        return Guess(look.column, Role.UNIT_CODE, sure=True, why="both" if look.codes > 0.5 else "heading")
    if look.codes > 0.8 and look.distinct > 1:
        return Guess(look.column, Role.UNIT_CODE, sure=not said, why="content")
    role = next((role for role in (Role.MEASURE, Role.SPLIT, Role.UNIT_NAME) if role in said), Role.OTHER)
    return Guess(look.column, role, sure=role is not Role.OTHER, why="heading" if role is not Role.OTHER else "unknown")


def _only_one(guesses: dict[int, Guess], looks: list[Look], role: Role, otherwise: Role, *, by: object) -> None:
    """Leave a role to the column that fits it best; others of the kind (a second date) are named by the person."""
    having = [look for look in looks if guesses[look.column].role is role]
    if len(having) > 1 and callable(by):
        best = max(having, key=by)
        for look in having:
            if look is not best:
                guesses[look.column] = Guess(look.column, otherwise, sure=False, why="second")


def _units(guesses: dict[int, Guess], looks: list[Look]) -> None:
    """Of several columns of codes and names (region, system, organisation) the finest is the unit; the others tell where it lies."""
    for role in (Role.UNIT_CODE, Role.UNIT_NAME):
        having = [look for look in looks if guesses[look.column].role is role]
        if not having:
            continue
        # The finest has the most different texts; of equals the last, for tables go from large to small.
        best = max(having, key=lambda look: (look.distinct, look.column))
        for look in having:
            if look is not best:
                guesses[look.column] = Guess(look.column, Role.OTHER, sure=False, why="coarser")
    if not any(guess.role in {Role.UNIT_CODE, Role.UNIT_NAME} for guess in guesses.values()):
        _by_place(guesses, looks)
    elif not any(guess.role is Role.UNIT_NAME for guess in guesses.values()):
        _by_place(guesses, looks, sure=False)


def _by_place(guesses: dict[int, Guess], looks: list[Look], *, sure: bool = False) -> None:
    """With no heading to go by, the words that differ most are the names."""
    words = [look for look in looks if guesses[look.column].role is Role.OTHER and look.numbers + look.missing < 0.2 and look.filled]
    if words:
        best = max(words, key=lambda look: look.distinct)
        if best.distinct > 1:
            guesses[best.column] = Guess(best.column, Role.UNIT_NAME, sure=sure, why="place")
