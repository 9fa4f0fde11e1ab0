"""Name the columns of a table, however many rows its headings run over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.imports.reading.book import column_letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.imports.reading.book import Sheet

JOIN = " › "
# Rows looked at for a filled cell in a column without a heading; the rest of a long sheet is like them.
SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: `at` is its position in the sheet from 0, `name` is unique in the table.

    `written` holds the headings as they stand, from the top. Over several rows they are joined ("EU › All staff"); a column
    without one is called by its letter (code no-heading); a name that comes again is numbered (code same-heading).
    """

    at: int
    name: str
    written: tuple[str, ...]
    code: str = ""


def headings_of(sheet: Sheet, header: tuple[int, ...], rows: Sequence[int], left: int, right: int) -> tuple[Column, ...]:
    """The columns between two positions that have a heading or hold something."""
    levels = [_spread(sheet, row, header) for row in header]
    used = _used(sheet, rows)
    found: list[tuple[int, tuple[str, ...]]] = []
    for at in range(left, right):
        written = tuple(dict.fromkeys(text for level in levels if (text := level.get(at, ""))))
        if written or at in used:
            found.append((at, written))
    return _named(found)


def _named(found: list[tuple[int, tuple[str, ...]]]) -> tuple[Column, ...]:
    joined = {at: JOIN.join(" ".join(text.split()) for text in written)[:200] for at, written in found}
    times = Counter(joined.values())
    seen: Counter[str] = Counter()
    taken = set(joined.values())
    columns = []
    for at, written in found:
        name, code = joined[at], ""
        if not name:
            name, code = f"Column {column_letters(at)}", "no-heading"
        elif times[name] > 1:
            seen[name] += 1
            while (numbered := f"{name} ({seen[name]})") in taken:
                seen[name] += 1
            name, code = numbered, "same-heading"
        columns.append(Column(at, name, written, code))
    return tuple(columns)


def _used(sheet: Sheet, rows: Sequence[int]) -> set[int]:
    used: set[int] = set()
    for row in rows[:SAMPLE]:
        used.update(at for at, kind in enumerate(sheet.kinds_of(row)) if kind)
        if len(used) == sheet.width:
            break
    return used


def _spread(sheet: Sheet, row: int, header: tuple[int, ...]) -> dict[int, str]:
    """Headings of one row by column; the name of a group stands over each of its columns."""
    own = {at: text for at, text in enumerate(sheet.texts(row)) if text}
    spread = dict(own)
    merged: set[int] = set()
    for merge in sheet.merged:
        if merge.top <= row <= merge.bottom and merge.left < sheet.width:
            text = sheet.text(merge.top, merge.left)
            columns = range(merge.left, min(merge.right, sheet.width - 1) + 1)
            merged.update(columns)
            spread.update(dict.fromkeys(columns, text))
    if row != header[-1]:
        lower = sheet.texts(header[header.index(row) + 1])
        group = ""
        for at in range(sheet.width):
            if at in merged:
                group = ""
            elif at in own:
                # Without merging, a name stands for the columns after it only when there is a finer name right below.
                group = own[at] if at < len(lower) and lower[at] else ""
            elif group and at < len(lower) and lower[at]:
                spread[at] = group
    return spread
