"""What a file held, as it was written: workbook, sheets and cells, and what there is to say about them.

A cell keeps the words the person typed beside what kind of cell it was: codes such as 00L keep their zeros, "N/A" stays
"N/A", and a wrong value can be told back word for word. Nothing here decides what a cell means.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class UnableToReadFile(UnableTo):
    """The file is not one we can read; nothing of it is used. `code` says which reason (see docs/reference/files-we-read.md)."""

    code = "file"


class Kind(IntEnum):
    """What a cell was in the file. A CSV file knows only EMPTY and TEXT: there every number is words until it is read."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    BOOL = 4
    ERROR = 5


# Set beside the kind in `Sheet.kinds` when the text is what a formula last gave.
FORMULA = 0x10
KIND = 0x0F


class Level(StrEnum):
    """How much a problem matters: a note to read, a question to answer, or something that cannot be used."""

    NOTE = "note"
    ASK = "ask"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing found in a file, so that a person can find the place and put it right.

    `row` and `column` are positions from 0 in the sheet (-1: the whole sheet or file); `place` tells them as people count.
    `code` is stable for tests and for grouping by cause.
    """

    code: str
    level: Level
    what: str
    to_do: str = ""
    sheet: str = ""
    row: int = -1
    column: int = -1
    value: str = ""

    @property
    def place(self) -> str:
        """Say sheet, row and column in words, leaving out what does not apply."""
        parts = [
            self.sheet and f'sheet "{self.sheet}"',
            f"row {self.row + 1}" if self.row >= 0 else "",
            f"column {column_letters(self.column)}" if self.column >= 0 else "",
        ]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `formula` means that the text is what the formula last gave, not something typed."""

    text: str
    kind: Kind
    formula: bool = False


EMPTY_CELL = Cell("", Kind.EMPTY)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block, positions from 0, both ends included. Only its top left cell holds text."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Cells:
    """A stretch of cells, down a column or along a row: `kinds[i]` belongs to `texts[i]`."""

    texts: tuple[str, ...]
    kinds: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Row and column positions count from 0; rows end at their last filled cell, so they differ in length.

    Texts stand once in `words` and each cell holds a number into it: 500,000 cells of a real file hold some 80,000
    different texts, and five bytes a cell is what keeps a hostile file small.
    """

    name: str
    hidden: bool
    starts: array[int]  # first cell of each row, and one past the last: len = height + 1
    ids: array[int]
    kinds: bytes
    words: Sequence[str]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Merge, ...] = ()
    problems: tuple[Problem, ...] = ()
    width: int = field(default=0)

    @property
    def height(self) -> int:
        """Rows, up to the last one with a filled cell."""
        return len(self.starts) - 1

    def length(self, row: int) -> int:
        """Cells in a row up to its last filled one; 0 for an empty row."""
        return self.starts[row + 1] - self.starts[row]

    def texts(self, row: int) -> tuple[str, ...]:
        """Texts of one row, up to its last filled cell."""
        words = self.words
        return tuple([words[i] for i in self.ids[self.starts[row] : self.starts[row + 1]]])

    def kinds_of(self, row: int) -> bytes:
        """Kinds of one row (with the FORMULA bit), up to its last filled cell."""
        return self.kinds[self.starts[row] : self.starts[row + 1]]

    def cell(self, row: int, column: int) -> Cell:
        """One cell; beyond the end of a row or of the sheet it is empty."""
        if not 0 <= row < self.height or not 0 <= column < self.length(row):
            return EMPTY_CELL
        at = self.starts[row] + column
        return Cell(self.words[self.ids[at]], Kind(self.kinds[at] & KIND), bool(self.kinds[at] & FORMULA))

    def text(self, row: int, column: int) -> str:
        """Text of one cell; empty beyond the end of a row."""
        start = self.starts[row]
        return self.words[self.ids[start + column]] if start + column < self.starts[row + 1] else ""

    def column(self, column: int, rows: Iterable[int]) -> Cells:
        """Cells of one column in the given rows."""
        words, ids, kinds, starts = self.words, self.ids, self.kinds, self.starts
        texts: list[str] = []
        found = bytearray()
        for row in rows:
            at = starts[row] + column
            if at < starts[row + 1]:
                texts.append(words[ids[at]])
                found.append(kinds[at] & KIND)
            else:
                texts.append("")
                found.append(0)
        return Cells(tuple(texts), bytes(found))


@dataclass(frozen=True, slots=True)
class Workbook:
    """What one file held. `format` is "csv" or "xlsx"; `notes` says how it was read (encoding, separator) and what was passed over."""

    name: str
    format: str
    sheets: tuple[Sheet, ...]
    notes: tuple[Problem, ...] = ()
    encoding: str = ""
    separator: str = ""


class SheetBuilder:
    """Puts a sheet together row by row, sharing texts between all sheets of a file."""

    def __init__(self, name: str, words: dict[str, int], *, hidden: bool = False) -> None:
        self.name, self.hidden, self.words = name, hidden, words
        self.starts, self.ids, self.kinds = array("I", [0]), array("I"), bytearray()
        self.width = 0
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merged: list[Merge] = []
        self.problems: list[Problem] = []

    def add(self, texts: Sequence[str], kinds: bytes | bytearray) -> None:
        """Add the next row; empty cells at its end are dropped."""
        last = len(texts)
        while last and not texts[last - 1]:
            last -= 1
        if last:
            words = self.words
            # The number of a new text is how many there were before it.
            self.ids.extend([words.setdefault(text, len(words)) for text in texts[:last]])
            self.kinds += kinds[:last]
            self.width = max(self.width, last)
        self.starts.append(len(self.ids))

    def skip_to(self, row: int) -> None:
        """Make the next row added be `row`: a workbook leaves empty rows out."""
        missing = row - (len(self.starts) - 1)
        if missing > 0:
            self.starts.extend([len(self.ids)] * missing)

    def build(self, words: Sequence[str]) -> Sheet:
        """The finished sheet, without the empty rows at its end."""
        while len(self.starts) > 1 and self.starts[-2] == self.starts[-1]:
            self.starts.pop()
        return Sheet(
            self.name, self.hidden, self.starts, self.ids, bytes(self.kinds), words, frozenset(self.hidden_rows),
            frozenset(self.hidden_columns), tuple(self.merged), tuple(self.problems), self.width,
        )  # fmt: skip


def column_letters(column: int) -> str:
    """Name of a column as a spreadsheet shows it.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost us. Each is far above what real files of teams need, and far below what hurts the machine."""

    file_bytes: int = 60_000_000
    unpacked_bytes: int = 400_000_000
    part_ratio: int = 150
    parts: int = 2_000
    sheets: int = 250
    rows: int = 1_048_576
    columns: int = 2_000
    cells: int = 1_000_000
    text_length: int = 32_767
    text_total: int = 80_000_000
    memory_bytes: int = 400_000_000
    cpu_seconds: int = 4
    wall_seconds: float = 30.0


LIMITS = Limits()
