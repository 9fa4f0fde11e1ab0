"""Which column is which: what we think, what a person says, and the lines that come of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from espalier.imports import presets
from espalier.imports.found import ACROSS, CELLS, as_rows, places_of, question_of
from espalier.imports.kinds import Field, Holds, Line, Trouble
from espalier.imports.reading import Grain, Order, Role, dates_of, number_of
from espalier.imports.reading.dates import Answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from espalier.imports.kinds import Kind
    from espalier.imports.progress import Tell
    from espalier.imports.reading import DateReading, FoundTable, LongRow, NumberRead

FILTERS = 3
# A spreadsheet writes this mark before a text that begins like a formula; our own files carry it too. It is no part of the text.
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def plain(text: str) -> str:
    """Return a text without what a database cannot hold."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def plain_all(thing: Any) -> Any:
    """Return a JSON value with every text in it made storable."""
    if isinstance(thing, str):
        return plain(thing)
    if isinstance(thing, dict):
        return {plain_all(key): plain_all(value) for key, value in thing.items()}
    return [plain_all(one) for one in thing] if isinstance(thing, list | tuple) else thing


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field stands: in a column, or the same for all rows; which way dates run; which rows count."""

    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""  # to what the file's dates ask: which comes first, a month or a financial year, where years begin
    filters: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return {
            "columns": dict(self.columns), "fixed": dict(self.fixed), "answer": self.answer, "filters": [list(one) for one in self.filters]
        }  # fmt: skip

    @property
    def answers(self) -> Answers:
        """Return the answer as the reader of dates takes it."""
        order = Order(self.answer) if self.answer in set(Order) else None
        slash = Grain(self.answer) if self.answer in {Grain.MONTH, Grain.FINANCIAL_YEAR} else None
        return Answers(order, slash, int(self.answer) if self.answer in {"1", "4"} else None)

    @property
    def across(self) -> bool:
        """Whether periods run across the top."""
        return bool({ACROSS, CELLS} & set(self.columns.values()))


def mapping_of(stored: Mapping[str, Any]) -> Layout:
    """Read a stored mapping."""
    filters = tuple((str(name), str(text)) for name, text in stored.get("filters", ()))
    return Layout(dict(stored.get("columns", {})), dict(stored.get("fixed", {})), str(stored.get("answer", "")), filters)


def guessed(kind: Kind, table: Mapping[str, Any]) -> Layout:
    """Return what we think: by a layout we know, else by the reader's roles, then by the words of the headings. A column is used once."""
    preset = presets.known(kind.code, table["names"])
    columns = presets.found(preset, table["names"]) if preset else {}
    for one in kind.fields:
        if one.code in columns:
            continue
        found = next((name for name in _candidates(one, table) if name not in columns.values()), "")
        if found:
            columns[one.code] = found
    # A month in the title is written into the box, where the person sees it: it is never taken unseen.
    open_ = [one.code for one in kind.fields if one.holds is Holds.PERIOD and one.code not in columns]
    titled = {code: table["titled"] for code in open_ if table["titled"]}
    said = {code: text for code, text in preset.fixed.items() if code not in columns} if preset else {}
    return Layout(columns=columns, fixed=titled | said)


def _candidates(one: Field, table: Mapping[str, Any]) -> Iterable[str]:
    names = [name for name in table["names"] if name not in {ACROSS, CELLS}]
    turned = table["across_role"] in {Role.PERIOD, Role.UNIT_NAME}
    if turned and table["across_role"] in one.roles:
        yield ACROSS
    if turned and one.holds is Holds.NUMBER:
        yield from ([CELLS] if "value" in one.roles else [])
        return
    plain_names = {" ".join(name.casefold().split()): name for name in names}
    yield from (plain_names[word] for word in one.synonyms if word in plain_names)
    for role in one.roles:
        yield from table["roles"].get(role, ())
    yield from (
        name for word in one.synonyms for heading, name in plain_names.items() if re.search(rf"\b{re.escape(word)}\b", heading)
    )  # fmt: skip


def wrong_in(kind: Kind, table: Mapping[str, Any], mapping: Layout, choices: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, str]:
    """Return, by field, what a mapping lacks or says twice."""
    wrong: dict[str, str] = {}
    used: dict[str, str] = {}
    for one in kind.fields:
        column, fixed = mapping.columns.get(one.code, ""), mapping.fixed.get(one.code, "")
        if column and column not in table["names"]:
            wrong[one.code] = "Select a column of this file"
        elif column and column in used:
            wrong[one.code] = f"This column is used for “{used[column]}” already"
        elif fixed and choices.get(one.code) and fixed not in {code for code, _ in choices[one.code]}:
            wrong[one.code] = "Select one from the list"
        elif one.required and not column and not fixed:
            wrong[one.code] = f"Say where we find: {one.name.lower()}"
        if column:
            used[column] = one.name
    if mapping.across and not {ACROSS, CELLS} <= set(mapping.columns.values()):
        both = "When headings run across the top, the numbers stand below them: choose both"
        wrong.setdefault(next(iter(mapping.columns), "period"), both)
    given = {code for code, name in mapping.columns.items() if name} | {code for code, text in mapping.fixed.items() if text}
    return wrong or dict(kind.lacks(given=given, chosen=mapping.fixed))


@dataclass(slots=True)
class Read:
    """The lines of a table under a mapping. While `asks` holds texts that could mean two days, there are none."""

    lines: list[Line] = field(default_factory=list)
    broken: list[Line] = field(default_factory=list)  # those with a trouble, each cell that could not be read None; for kinds that look
    troubles: list[Trouble] = field(default_factory=list)
    asks: dict[str, Any] = field(default_factory=dict)
    filtered: int = 0
    empty: int = 0


def lines_of(table: FoundTable, kind: Kind, mapping: Layout, tell: Tell) -> Read:
    """Turn a table into lines; what cannot be read as a period or number is a trouble of its cell."""
    long = as_rows(table, answers=mapping.answers, across=mapping.across)
    places = places_of(long)
    at = [places.get(mapping.columns.get(one.code, ""), -1) for one in kind.fields]
    keep = [(places.get(name, -1), " ".join(text.casefold().split())) for name, text in mapping.filters]
    read, rows = Read(), []
    for row in long.rows():
        if all(place < 0 or " ".join(row.texts[place].casefold().split()) == text for place, text in keep):
            rows.append(row)
        else:
            read.filtered += 1
    fixed = [mapping.fixed.get(one.code, "") for one in kind.fields]
    days = _days(kind.fields, at, rows, fixed, mapping.answers)
    means = [_meaning(one, place, rows, said, mapping.answers, days) for one, place, said in zip(kind.fields, at, fixed, strict=True)]
    read.asks = next((one.asks for one in means if one.asks), {})
    if not read.asks:
        _fill(read, rows, kind, at, means, tell)
    return read


@dataclass(slots=True)
class _Meaning:
    """What the texts of one field mean, each text read once however often it stands there."""

    of: Callable[[str], Any]
    fixed: str = ""
    asks: dict[str, Any] = field(default_factory=dict)


def _days(
    fields: Sequence[Field], at: Sequence[int], rows: Sequence[LongRow], fixed: Sequence[str], answers: Answers
) -> DateReading | None:
    """Read all columns of days as one: who writes first days as 13/04/2020 writes last days in the same order."""
    columns = [place for one, place in zip(fields, at, strict=True) if one.holds is Holds.DAY and place >= 0]
    alone = [said for one, place, said in zip(fields, at, fixed, strict=True) if one.holds is Holds.DAY and place < 0 and said]
    texts = [row.texts[place] for place in columns for row in rows] + alone
    kinds = bytes(row.kinds[place] for place in columns for row in rows) + b"\x01" * len(alone)
    return dates_of(texts, kinds, order=answers.order, slash=answers.slash, quarters_from=answers.quarters_from) if texts else None


def _meaning(
    one: Field, place: int, rows: Sequence[LongRow], fixed: str, answers: Answers, days: DateReading | None
) -> _Meaning:  # fmt: skip
    if one.holds is Holds.DAY and days is not None:
        return _Meaning(days.of, fixed, question_of(days))
    if one.holds is Holds.PERIOD:
        texts = [row.texts[place] for row in rows] if place >= 0 else [fixed]
        kinds = bytes(row.kinds[place] for row in rows) if place >= 0 else b"\x01"
        reading = dates_of(texts, kinds, order=answers.order, slash=answers.slash, quarters_from=answers.quarters_from)
        return _Meaning(reading.of, fixed, question_of(reading))
    if one.holds is Holds.NUMBER:
        known: dict[str, NumberRead] = {}

        def number(text: str) -> NumberRead:
            if text not in known:
                known[text] = number_of(text)
            return known[text]

        return _Meaning(number, fixed)
    return _Meaning(lambda text: plain(_GUARDED.sub("", text)), fixed)


def _fill(read: Read, rows: Sequence[LongRow], kind: Kind, at: Sequence[int], means: Sequence[_Meaning], tell: Tell) -> None:
    """Make the lines. Each text is read once and each column in one go: a large file has few different texts."""
    fields = kind.fields
    core = [i for i, one in enumerate(fields) if one.code in kind.core]
    texts = [[row.texts[place] for row in rows] if place >= 0 else [mean.fixed] * len(rows) for place, mean in zip(at, means, strict=True)]
    known = [{text: mean.of(text) if text else None for text in set(column)} for mean, column in zip(means, texts, strict=True)]
    values = [list(map(of.__getitem__, column)) for of, column in zip(known, texts, strict=True)]
    numbers = [i for i, one in enumerate(fields) if one.holds is Holds.NUMBER]
    floats = {i: {text: _float(number) for text, number in known[i].items()} for i in numbers}
    odd = [{text for text, value in of.items() if _is_wrong(one, text, value)} for one, of in zip(fields, known, strict=True)]
    spots: dict[tuple[int, ...], tuple[int, ...]] = {}
    for done, (row, said, meant) in enumerate(zip(rows, zip(*texts, strict=True), zip(*values, strict=True), strict=True)):
        if not done % 2_000:
            tell("Reading rows", done, len(rows))
        if all(_is_nothing(fields[i], meant[i]) for i in core):
            read.empty += 1
            continue
        columns = spots.get(row.columns)
        if columns is None:
            columns = spots[row.columns] = tuple(row.columns[place] if place >= 0 else -1 for place in at)
        if any(text in bad for text, bad in zip(said, odd, strict=True) if bad):
            read.troubles += _wrong_of(row.row, fields, columns, said, meant)[: None if kind.in_part else 1]
            if kind.in_part:
                read.broken.append(_in_part(row.row, fields, columns, said, meant))
            continue
        whole = list(meant)
        for i in numbers:
            whole[i] = floats[i][said[i]]
        read.lines.append(Line(row.row, columns, said, tuple(whole)))


def _in_part(
    row: int, fields: Sequence[Field], columns: tuple[int, ...], texts: tuple[str, ...], values: Sequence[Any]
) -> Line:  # fmt: skip
    """Return a row as far as it could be read."""
    read = (None if _is_wrong(one, text, value) else value for one, text, value in zip(fields, texts, values, strict=True))
    whole = (_float(value) if one.holds is Holds.NUMBER else value for one, value in zip(fields, read, strict=True))
    return Line(row, columns, texts, tuple(whole))


def _is_nothing(one: Field, value: Any) -> bool:
    return value is None or (one.holds is Holds.NUMBER and bool(value.missing))


def _is_wrong(one: Field, text: str, value: Any) -> bool:
    if not text:
        return one.required
    if one.holds is Holds.DAY:
        return value is None or value.day is None or value.grain is not Grain.DAY
    if one.holds is Holds.PERIOD:
        return value is None or value.day is None
    return one.holds is Holds.NUMBER and bool(value.wrong)


def _float(read: NumberRead | None) -> float | None:
    return None if read is None or read.value is None else float(read.value)


def _wrong_of(
    row: int, fields: Sequence[Field], columns: Sequence[int], texts: Sequence[str], values: Sequence[Any]
) -> list[Trouble]:  # fmt: skip
    """Return the cells of a row that cannot be used. Of a figure only the first is told, because the next may go with it."""
    wrong = [i for i, one in enumerate(fields) if _is_wrong(one, texts[i], values[i])]
    return [_wrong_cell(row, fields[at], columns[at], plain(texts[at]), values[at]) for at in wrong]


def _wrong_cell(row: int, one: Field, column: int, text: str, value: Any) -> Trouble:
    if not text:
        return Trouble(row, column, "", f"{one.name} is missing", "Fill it in.", f"missing-{one.code}")
    if one.holds is Holds.NUMBER:
        return Trouble(row, column, text, value.what, value.to_do, f"number-{value.wrong}")
    if one.holds is Holds.DAY and (value is None or not value.what):
        return Trouble(row, column, text, f'"{text[:60]}" is not a day', "Write it like 29/05/2026, or leave it empty.", "day-none")
    if value is None or not value.what:
        return Trouble(row, column, text, f'"{text[:60]}" is not a month', "Write it like April 2019.", "period-none")
    what = value.what[:1].upper() + value.what[1:]  # here it begins a sentence: "There is no month 13"
    return Trouble(row, column, text, what, value.to_do, f"period-{value.wrong}")


__all__ = ["FILTERS", "Layout", "Read", "guessed", "lines_of", "mapping_of", "plain", "plain_all", "wrong_in"]
