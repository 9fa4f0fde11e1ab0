"""Tell heading rows, data rows, totals and notes apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from espalier.imports.reading.book import KIND, Kind
from espalier.imports.reading.meanings import looks_like_period
from espalier.imports.reading.numbers import number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from espalier.imports.reading.book import Sheet

LOOK = 20
# A heading longer than this is a sentence.
LONGEST_HEADING = 120
NOTE_LENGTH = 60
MOST_TITLE_ROWS = 400
# A heading covers at least this share of the columns its rows fill.
COVERS = 0.5
TOTAL = re.compile(
    r"(?:grand |overall |sub-?|column |report )?totals?:?\Z|sum:?\Z|overall:?\Z|(?:overall )?(?:average|mean):?\Z"
    r"|total (?:for|of) .{1,40}\Z"
    r"|all (?:units|wards|teams|sites|rows|organisations|trusts)\Z", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table's headings stand (nowhere: ()), its first row of data (-1 when there is none), and how many cells its rows fill."""

    header: tuple[int, ...]
    data: int
    width: int

    @property
    def top(self) -> int:
        """First row of the table."""
        return self.header[0] if self.header else self.data

    @property
    def below(self) -> int:
        """First row below the headings."""
        return self.header[-1] + 1 if self.header else self.data


def filled(sheet: Sheet, row: int) -> int:
    """How many cells of a row hold something."""
    start, end = sheet.starts[row], sheet.starts[row + 1]
    return end - start - sheet.kinds.count(0, start, end) if end > start else 0


def filled_rows(sheet: Sheet, start: int, end: int) -> list[int]:
    """Rows that hold something."""
    return [row for row in range(start, end) if sheet.starts[row + 1] > sheet.starts[row]]


def is_value(text: str, kind: int) -> bool:
    """Whether a cell holds something counted rather than named: a number, a mark for a missing one, a day."""
    if kind & KIND in (Kind.NUMBER, Kind.DATE, Kind.BOOL, Kind.ERROR):
        return True
    return number_of(text).value is not None


def is_label_row(texts: tuple[str, ...], kinds: bytes) -> bool:
    """Whether all of a row's cells could be headings: words, or periods that run across (2019, 2020 …)."""
    values = []
    for text, kind in zip(texts, kinds, strict=True):
        if text and len(text) > LONGEST_HEADING:
            return False
        if text and (is_value(text, kind) or (kind & KIND == Kind.TEXT and text[0].isdigit() and looks_like_period(text))):
            values.append(text)
    return not values or (len(values) >= 2 and len(set(values)) == len(values) and all(map(looks_like_period, values)))


def find_heading(sheet: Sheet, start: int) -> Place | None:
    """Find the next table's headings at or below `start`."""
    if sheet.width == 1:
        return _one_column(sheet) if start == 0 else None
    labels: list[int] = []
    looked = 0
    for row in range(start, sheet.height):
        count = filled(sheet, row)
        if not count:
            continue
        looked += 1
        if looked > MOST_TITLE_ROWS:
            break
        texts, kinds = sheet.texts(row), sheet.kinds_of(row)
        if is_label_row(texts, kinds):
            if count >= 2:
                labels.append(row)
        elif count >= 2 and (place := _heading_above(sheet, labels, row)):
            return place
    return _all_words(sheet, labels) or (_no_heading(sheet) if start == 0 else None)


def _heading_above(sheet: Sheet, labels: list[int], data: int) -> Place | None:
    """The headings of a table whose first row with a value is `data`, or None when no row above can be one."""
    if not labels:
        return None
    below = [n for row in _next_filled(sheet, data, LOOK) if (n := filled(sheet, row)) >= 2]
    typical = median(below)
    counts = {row: filled(sheet, row) for row in labels}
    most = max(counts.values())
    if most < max(2, COVERS * typical):
        return None
    bottom = next(row for row in labels if counts[row] == most)
    header = _more_heading_rows(sheet, labels, bottom, data)
    first = next((row for row in range(header[-1] + 1, sheet.height) if filled(sheet, row)), -1)
    return Place(header, first, int(max(typical, most)))


def _more_heading_rows(sheet: Sheet, labels: list[int], bottom: int, data: int) -> tuple[int, ...]:
    """All rows of headings that run over several: groups above, or the finer names below a row that repeats itself."""
    header = [bottom]
    after = next((row for row in labels if bottom < row < data and not any(filled(sheet, r) for r in range(bottom + 1, row))), None)
    texts = [text for text in sheet.texts(bottom) if text]
    across = any(merge.top <= bottom <= merge.bottom and merge.right > merge.left for merge in sheet.merged)
    if after is not None and (len(set(texts)) < len(texts) or across) and _next_is(sheet, after, data):
        header.append(after)
    row = bottom - 1
    while row in labels and len(header) < 5 and is_group_row(sheet, row, header[0]):
        header.insert(0, row)
        row -= 1
    return tuple(header)


def _next_is(sheet: Sheet, row: int, wanted: int) -> bool:
    return next((r for r in range(row + 1, sheet.height) if filled(sheet, r)), -1) == wanted


def is_group_row(sheet: Sheet, row: int, below: int) -> bool:
    """Whether a row names groups of the headings below it, rather than being a title beside a note."""
    merged = {merge.left for merge in sheet.merged if merge.top <= row <= merge.bottom and (merge.right > merge.left or merge.bottom > row)}
    lower = sheet.texts(below)
    for at, text in enumerate(sheet.texts(row)):
        if not text:
            continue
        if len(text) > NOTE_LENGTH:
            return False
        over = at < len(lower) and bool(lower[at])
        fills_gap = at < len(lower) and not lower[at] and len(text) < NOTE_LENGTH // 2
        if not (over or fills_gap or at in merged):
            return False
    return True


def _one_column(sheet: Sheet) -> Place | None:
    """A list of short things below a name is a table; a sheet of sentences is not."""
    rows = filled_rows(sheet, 0, sheet.height)
    texts = [sheet.text(row, 0) for row in rows]
    if len(rows) < 2 or len(rows) < 0.9 * (rows[-1] - rows[0] + 1) or max(map(len, texts)) > NOTE_LENGTH:
        return None
    return Place((rows[0],) if not is_value(texts[0], sheet.kinds_of(rows[0])[0]) else (), rows[1], 1)


def _all_words(sheet: Sheet, labels: list[int]) -> Place | None:
    """A table without a single number: its first row that fills what the others fill is the heading."""
    if not labels:
        return None
    counts = {row: filled(sheet, row) for row in labels}
    typical = median(counts.values())
    heading = next((row for row in labels if counts[row] >= max(2, typical)), None)
    if heading is None or (counts[heading] < 3 and len(labels) < 2):
        return None
    data = next((row for row in range(heading + 1, sheet.height) if filled(sheet, row)), -1)
    return Place((heading,), data, int(max(typical, counts[heading])))


def _no_heading(sheet: Sheet) -> Place | None:
    """Rows of figures that begin at once: nobody wrote what the columns are."""
    rows = [row for row in _next_filled(sheet, 0, LOOK) if filled(sheet, row) >= 2]
    if not rows or is_label_row(sheet.texts(rows[0]), sheet.kinds_of(rows[0])):
        return None
    return Place((), rows[0], int(median(filled(sheet, row) for row in rows)))


def _next_filled(sheet: Sheet, row: int, how_many: int) -> Iterator[int]:
    for at in range(row, sheet.height):
        if filled(sheet, at):
            yield at
            how_many -= 1
            if not how_many:
                return


def find_next(sheet: Sheet, place: Place) -> int:
    """Row where the next table of the sheet begins (its title included), or the sheet's end.

    A new table is a row of headings after a blank row, above rows whose values stand under those headings.
    """
    if place.data < 0:
        return sheet.height
    gap, since = False, place.data
    valued = _value_columns(sheet, place.data)
    for row in range(place.data + 1, sheet.height):
        count = filled(sheet, row)
        if count < 2:
            # A title alone on its row, or nothing: what follows may be another table.
            since = row if not gap else since
            gap = True
            continue
        if gap and _starts_anew(sheet, row, valued):
            return since
        gap = False
    return sheet.height


def _value_columns(sheet: Sheet, first: int) -> set[int]:
    columns: set[int] = set()
    for row in _next_filled(sheet, first, 3):
        columns |= {
            at for at, (text, kind) in enumerate(zip(sheet.texts(row), sheet.kinds_of(row), strict=True)) if text and is_value(text, kind)
        }
    return columns


def _starts_anew(sheet: Sheet, row: int, valued: set[int]) -> bool:
    texts, kinds = sheet.texts(row), sheet.kinds_of(row)
    if not is_label_row(texts, kinds) or number_marks(texts, valued):
        return False
    below = next(iter(_next_filled(sheet, row + 1, 1)), None)
    return (
        below is not None and not is_label_row(sheet.texts(below), sheet.kinds_of(below)) and filled(sheet, below) <= filled(sheet, row) + 1
    )


def number_marks(texts: tuple[str, ...], valued: set[int]) -> bool:
    """Whether a row has marks for missing figures where the rows above had figures: then it is data after all."""
    return any(at in valued and text and number_of(text).missing not in {"", "blank"} for at, text in enumerate(texts))


def is_total(sheet: Sheet, row: int) -> bool:
    """Whether the first words of a row say that it adds up the others."""
    for text in sheet.texts(row)[:4]:
        if text:
            return bool(TOTAL.match(text))
    return False


def is_note(sheet: Sheet, row: int) -> bool:
    """Whether a row at the foot is a note: a sentence in its first cell and hardly anything beside it."""
    texts = [text for text in sheet.texts(row) if text]
    first = texts[0]
    wordy = len(first) > NOTE_LENGTH or first.lower().startswith(("source", "note", "footnote", "copyright", "©", "*", "[", "data quality"))
    return len(texts) <= 2 and wordy and not any(number_of(text).value is not None for text in texts[1:])


def side_by_side(sheet: Sheet, place: Place, rows: list[int]) -> list[tuple[int, int]]:
    """Where tables that stand beside each other begin and end; one stretch for the usual sheet.

    A column that is empty all the way down parts two tables only when the right one brings its own names: published sheets
    also leave columns empty for looks.
    """
    used = bytearray(sheet.width)
    for row in (*place.header, *rows[: LOOK * 10]):
        for at, kind in enumerate(sheet.kinds_of(row)):
            if kind:
                used[at] = 1
    starts = [at for at in range(1, sheet.width) if used[at] and not used[at - 1] and any(used[:at])]
    parts, left = [], 0
    for start in starts:
        if _names(sheet, start, rows) and _names(sheet, next(at for at in range(left, start) if used[at]), rows):
            parts.append((left, start))
            left = start
    return [*parts, (left, sheet.width)]


def _names(sheet: Sheet, column: int, rows: list[int]) -> bool:
    texts = [text for row in rows[:LOOK] if (text := sheet.text(row, column))]
    return bool(texts) and sum(number_of(text).wrong != "" for text in texts) > 0.8 * len(texts)
