"""Read the cells of one sheet of a workbook as they stream by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from espalier.imports.reading.book import FORMULA, Kind, Level, Merge, Problem, column_letters
from espalier.imports.reading.package import BOMB, DAMAGED
from espalier.imports.reading.sniffing import refusal
from espalier.imports.reading.styles import MOST_EXACT, PLAIN, iso_text, number_text
from espalier.imports.reading.xmlparts import parse, unescaped

if TYPE_CHECKING:
    from espalier.imports.reading.book import SheetBuilder
    from espalier.imports.reading.package import Package
    from espalier.imports.reading.styles import Style

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MOST_MERGES = 100_000
MOST_PIECES = 1_000
# Plain numbers: a member of an enumeration costs several look-ups, half a million times over.
EMPTY, TEXT, NUMBER = int(Kind.EMPTY), int(Kind.TEXT), int(Kind.NUMBER)
BLOCK = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\Z")
FEWER_ROWS = "Split it into smaller files."
FEWER_COLUMNS = "Delete what stands far to the right, or save only the columns that are needed."


class SheetReader:
    """Reads sheets of one workbook one after the other; texts, styles and the count of all cells are shared."""

    def __init__(self, package: Package, texts: list[str], styles: list[Style], words: dict[str, int], *, from_1904: bool) -> None:
        self.package, self.limits, self.shared, self.styles = package, package.limits, texts, styles
        self.words, self.from_1904 = words, from_1904
        self.cells = self.typed = 0
        self.columns: dict[str, int] = {}
        self.numbers: dict[tuple[str, str | None], tuple[str, int]] = {}

    def read(self, part: str, builder: SheetBuilder) -> None:
        """Read one sheet into the builder."""
        _Sheet(self, builder).read(part)

    def column_of(self, reference: str) -> int:
        """Position of the column a cell's reference names, which is not trusted to be one."""
        letters = reference.rstrip("0123456789")
        at = self.columns.get(letters)
        if at is None:
            if not 0 < len(letters) <= 3 or not (letters.isascii() and letters.isalpha()):
                raise self.damaged()
            at = 0
            for letter in letters.upper():
                at = at * 26 + ord(letter) - 64
            at -= 1
            if at >= LAST_COLUMN:
                raise self.damaged()
            self.columns[letters] = at
        return at

    def number(self, raw: str, style: str | None) -> tuple[str, int]:
        """Text and kind of a stored number under the style its cell names; most numbers of a file come more than once."""
        found = self.numbers.get((raw, style))
        if found is None:
            at = int(style) if style and style.isdecimal() and len(style) < 8 else -1
            known = self.styles[at] if 0 <= at < len(self.styles) else PLAIN
            text, kind = number_text(raw, known, from_1904=self.from_1904)
            found = self.numbers[raw, style] = (text, int(kind))
        return found

    def damaged(self) -> Exception:
        """The error for a sheet whose cells contradict themselves."""
        return refusal(self.package.name, "damaged", "one of its sheets is damaged", DAMAGED)


class _Sheet:
    """Handlers for one sheet. Kept to few steps a cell, for there may be a million: a cell's attributes are looked at once, at its end."""

    __slots__ = ("aside", "builder", "cell", "column", "formula", "inline", "kinds", "next_column", "pieces", "prefix", "reader", "row",
                 "rows", "seen", "texts", "value")  # fmt: skip

    def __init__(self, reader: SheetReader, builder: SheetBuilder) -> None:
        self.reader, self.builder = reader, builder
        self.row = self.rows = self.next_column = self.column = 0
        self.cell: dict[str, str] = {}
        self.formula = self.aside = False
        self.pieces: list[str] = []
        self.value = self.inline = self.prefix = ""
        self.texts: list[str] = []
        self.kinds = bytearray()
        self.seen: set[str] = set()

    def read(self, part: str) -> None:
        parse(self.reader.package, part, self.start, self.end, self.pieces.append)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.prefix:
            tag = tag.removeprefix(self.prefix)
        if tag == "c":
            self.cell = attributes
            self.value = self.inline = ""
            self.formula = False
        elif tag in {"v", "t"}:
            self.pieces.clear()
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self._start_row(attributes)
        else:
            self._start_rarer(tag, attributes)

    def _start_rarer(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "rPh":
            self.aside = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col" and attributes.get("hidden") in {"1", "true"}:
            self._hide_columns(attributes)
        elif tag.endswith(":worksheet"):
            self.prefix = tag.removesuffix("worksheet")

    def end(self, tag: str) -> None:
        if self.prefix:
            tag = tag.removeprefix(self.prefix)
        if tag == "v":
            self.value = "".join(self.pieces)
            self.pieces.clear()
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._end_row()
        elif tag == "t" and not self.aside:
            self.inline += "".join(self.pieces)
            self.pieces.clear()
        elif tag == "rPh":
            self.aside = False
        elif len(self.pieces) > MOST_PIECES:
            # Text outside of cells (a formula, a rule) means nothing to us, and must not pile up.
            self.pieces.clear()

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        row = int(given) - 1 if given and given.isdecimal() and len(given) < 8 else len(self.builder.starts) - 1
        if not len(self.builder.starts) - 1 <= row < LAST_ROW:
            raise self.reader.damaged()
        self.rows += 1
        if row >= self.reader.limits.rows or self.rows > self.reader.limits.rows:
            raise refusal(self.reader.package.name, "too-many-rows", f"it has more than {self.reader.limits.rows:,} rows", FEWER_ROWS)
        self.row, self.next_column = row, 0
        self.texts, self.kinds = [], bytearray()
        if attributes.get("hidden") in {"1", "true"}:
            self.builder.hidden_rows.add(row)

    def _end_cell(self) -> None:
        reference = self.cell.get("r")
        self.column = column = self.reader.column_of(reference) if reference else self.next_column
        self.next_column = column + 1
        if not self.value and not self.inline:
            if self.formula:
                self._note("formula-without-value", "Open the file in Excel, save it and choose it again.")
            return
        text, kind = self._meaning()
        if not text:
            return
        texts = self.texts
        if column != len(texts) or column >= self.reader.limits.columns:
            self._pad(column)
        texts.append(text)
        self.kinds.append(kind | FORMULA if self.formula else kind)

    def _pad(self, column: int) -> None:
        """Fill the row up with empty cells to the column that comes next."""
        missing = column - len(self.texts)
        if missing < 0:
            raise self.reader.damaged()
        if column >= self.reader.limits.columns:
            what = f"it has a filled cell in column {column_letters(column)}; the most is {self.reader.limits.columns:,} columns"
            raise refusal(self.reader.package.name, "too-wide", what, FEWER_COLUMNS)
        self.kinds.extend(bytes(missing))
        self.texts.extend([""] * missing)

    def _meaning(self) -> tuple[str, int]:
        """Text and kind of the cell just read."""
        kind, value = self.cell.get("t", "n"), self.value
        if kind == "s":
            shared = self.reader.shared
            if not (value.isdecimal() and len(value) < 9 and int(value) < len(shared)):
                raise self.reader.damaged()
            return shared[int(value)], TEXT
        if kind == "n":
            value = value.strip()
            style = self.cell.get("s")
            text, of = self.reader.number(value, style) if value else ("", EMPTY)
            if len(text) > 15 and of == NUMBER and abs(float(text.rstrip("%"))) >= MOST_EXACT:
                self._note("digits-lost", "Keep such numbers as text.", text)
            return text, of
        return self._rarer(kind, value)

    def _rarer(self, kind: str, value: str) -> tuple[str, int]:
        if kind == "b":
            return ("TRUE" if value.strip() in {"1", "true"} else "FALSE"), Kind.BOOL
        if kind == "e":
            return value.strip()[:50], Kind.ERROR
        if kind == "d":
            return iso_text(value.strip()[:50])
        text = unescaped(self.inline or value).strip()
        if len(text) > self.reader.limits.text_length:
            raise refusal(self.reader.package.name, "cell-too-long", f"a cell holds {len(text):,} letters", BOMB)
        if text and text not in self.reader.words:
            self.reader.typed += len(text)
            if self.reader.typed > self.reader.limits.text_total:
                raise refusal(self.reader.package.name, "too-much-text", "it holds far more text than a table does", BOMB)
        return text, Kind.TEXT

    def _end_row(self) -> None:
        if not self.texts:
            return
        self.reader.cells += len(self.texts)
        if self.reader.cells > self.reader.limits.cells:
            most = f"it has more than {self.reader.limits.cells:,} cells"
            raise refusal(self.reader.package.name, "too-many-cells", most, FEWER_ROWS)
        self.builder.skip_to(self.row)
        self.builder.add(self.texts, self.kinds)
        self.texts, self.kinds = [], bytearray()

    def _note(self, code: str, to_do: str, value: str = "") -> None:
        """Say a thing once a sheet, with its first place."""
        if code not in self.seen:
            self.seen.add(code)
            what = {"formula-without-value": "A formula has no stored result", "digits-lost": "A long number has lost its last digits"}[
                code
            ]
            self.builder.problems.append(Problem(code, Level.WRONG, what, to_do, self.builder.name, self.row, self.column, value))

    def _merge(self, block: str) -> None:
        hit = BLOCK.match(block)
        if hit and len(self.builder.merged) < MOST_MERGES:
            left, right = self.reader.column_of(hit[1]), self.reader.column_of(hit[3])
            self.builder.merged.append(Merge(int(hit[2]) - 1, left, int(hit[4]) - 1, right))

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdecimal() and last.isdecimal() and len(first) < 6 and len(last) < 6:
            self.builder.hidden_columns.update(range(int(first) - 1, min(int(last), self.reader.limits.columns)))
