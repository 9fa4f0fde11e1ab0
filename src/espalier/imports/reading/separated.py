"""Read separated text: CSV, and its relatives with semicolons, tabs or bars between the cells.

Nothing in such a file says how it was written, so encoding and separator are found from what it holds, and told.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, BinaryIO

from espalier.imports.reading.book import Kind, Level, Problem, SheetBuilder
from espalier.imports.reading.sniffing import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from espalier.imports.reading.book import Limits

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_ROWS = 200
AS_UTF8 = "Save it again as “CSV UTF-8”."
FEWER = "Split it into smaller files."
MANY_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# UTF-8 read as Windows-1252 and saved again: â€™ for ’, Ã© for é.
TWICE = re.compile("â€[™œ\u009d“”]|Ã[©¨¡³¶¼±\u00ad]|Â£")
# Some systems write ="00123" so that Excel keeps the zeros.
GUARDED = re.compile(r'="([^"=]*)"\Z')
HEAD = 4096
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_separated(name: str, file: BinaryIO, limits: Limits) -> tuple[SheetBuilder, dict[str, int], list[Problem], str, str]:
    """One sheet, its texts, notes on how it was read, the encoding and the separator."""
    encoding, notes = encoding_of(name, file)
    try:
        sample = list(itertools.islice(_lines(file, encoding), SAMPLE_ROWS))
    except UnicodeError as error:
        raise _unreadable(name) from error
    hint = re.fullmatch(r"sep=(.)\s*", sample[0], re.IGNORECASE) if sample else None
    separator = hint[1] if hint else separator_of(sample)
    for strict in (True, False):
        lines = _lines(file, encoding)
        if hint:
            next(lines)
        reading = _Reading(name, limits)
        try:
            reading.read(lines, separator, strict=strict)
        except csv.Error as error:
            # `"5" drain"` is a slip a person can live with; a quotation mark never closed swallows every row after it.
            if strict and "expected after" in str(error):
                notes.append(_stray_quote(reading.row))
                continue
            if "field larger" in str(error):
                raise _too_long(name, reading.row, limits) from error
            raise _unclosed(name, reading.row) from error
        except UnicodeError as error:
            raise _unreadable(name) from error
        return reading.builder, reading.words, [*notes, *reading.notes()], encoding, separator
    raise _unclosed(name, 0)


class _Reading:
    """The rows of one file, and what was met on the way."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.words: dict[str, int] = {}
        self.builder = SheetBuilder("", self.words)
        self.row = self.cells = self.letters = 0
        self.first: dict[str, tuple[int, str]] = {}

    def read(self, lines: Iterator[str], separator: str, *, strict: bool) -> None:
        csv.field_size_limit(self.limits.text_length)
        quotes = 0
        reader = csv.reader(lines, delimiter=separator, strict=strict)
        for texts in reader:
            self._add(texts)
            if not strict:
                # Read without strictness, a quotation mark that opens the last cell would end unseen.
                quotes += sum(text.count("\n") for text in texts)
                if quotes > SAMPLE_ROWS and quotes > self.row:
                    raise csv.Error("a cell runs over many lines")

    def _add(self, typed: list[str]) -> None:
        self.row += 1
        if self.row > self.limits.rows:
            raise refusal(self.name, "too-many-rows", f"it has more than {self.limits.rows:,} rows", FEWER)
        texts = [text.strip() for text in typed]
        self._look(texts)
        before = len(self.words)
        kinds = bytes([Kind.TEXT if text else Kind.EMPTY for text in texts])
        self.builder.add(texts, kinds)
        self.cells = len(self.builder.ids)
        if len(self.words) > before:
            self.letters += sum(map(len, texts))
        self._check()

    def _check(self) -> None:
        limits = self.limits
        if self.builder.width > limits.columns:
            what = f"row {self.row:,} has {self.builder.width:,} columns; the most is {limits.columns:,}"
            raise refusal(self.name, "too-wide", what, "Save only the columns that are needed.")
        if self.cells > limits.cells:
            raise refusal(self.name, "too-many-cells", f"it has more than {limits.cells:,} cells", FEWER)
        if self.letters > limits.text_total:
            raise refusal(self.name, "too-much-text", "it holds far more text than a table does", FEWER)

    def _look(self, texts: list[str]) -> None:
        """Put right what only disturbs, and remember where it was."""
        for at, text in enumerate(texts):
            if text.isalnum() and text.isascii():
                continue
            if text.startswith('="') and (guarded := GUARDED.match(text)):
                texts[at] = guarded[1]
            elif CONTROL.search(text):
                texts[at] = CONTROL.sub("", text)
                self.first.setdefault("control-letters", (self.row - 1, texts[at]))
            if "\ufffd" in text:
                self.first.setdefault("unreadable-letters", (self.row - 1, text))
            elif not text.isascii() and TWICE.search(text):
                self.first.setdefault("letters-saved-twice", (self.row - 1, text))

    def notes(self) -> list[Problem]:
        """What was met, each once with its first place."""
        said = {
            "control-letters": "Signs that cannot be seen were dropped",
            "unreadable-letters": "Some letters were lost before the file reached us",
            "letters-saved-twice": "Some letters look wrong, as when a file is opened and saved in another alphabet",
        }
        return [
            Problem(code, Level.NOTE, said[code], f"Look at the names in this row. {AS_UTF8}", row=row, value=text[:200])
            for code, (row, text) in self.first.items()
        ]


def _stray_quote(row: int) -> Problem:
    return Problem("stray-quote", Level.NOTE, "A quotation mark stands inside a cell", "Check that this row reads as it should.", row=row)


def _unclosed(name: str, row: int) -> Exception:
    what = f"a quotation mark in row {row + 1:,} or below is not closed"
    return refusal(name, "quotes", what, 'Look there for a single " and correct it.')


def _unreadable(name: str) -> Exception:
    return refusal(name, "encoding", "its letters cannot be read to the end", AS_UTF8)


def _too_long(name: str, row: int, limits: Limits) -> Exception:
    what = f"a cell in row {row + 1:,} holds more than {limits.text_length:,} letters, or a quotation mark there is not closed"
    return refusal(name, "cell-too-long", what, 'Look there for a single " and correct it.')


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """The file's lines from its start, each with its own ending, whichever of the three it is."""
    file.seek(0)
    if encoding == "mixed":
        return _mixed_lines(file)
    errors = "replace" if encoding == "cp1252" else "strict"
    return iter(io.TextIOWrapper(io.BufferedReader(_Borrowed(file), 1 << 16), encoding=encoding, errors=errors, newline=""))


class _Borrowed(io.RawIOBase):
    """Passes reads on, so that the file outlives the decoder that stood on it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any, /) -> int:
        piece = self.file.read(len(into))
        into[: len(piece)] = piece
        return len(piece)


def _mixed_lines(file: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(file):
        try:
            text = line.decode("utf-8-sig" if number == 0 else "utf-8")
        except UnicodeDecodeError:
            text = line.decode("cp1252", "replace")
        yield text


def encoding_of(name: str, file: BinaryIO) -> tuple[str, list[Problem]]:
    """Find the encoding. Letters that are not UTF-8 are read as Windows-1252; where both stand in one file, the rows are said."""
    file.seek(0)
    content = file.read()
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32", []
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", []
    zero = content.find(b"\0")
    if zero >= 0:
        return _with_zeros(name, content, zero), []
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(content)
    return "utf-8-sig", []


def _with_zeros(name: str, content: bytes, zero: int) -> str:
    """UTF-16 whose mark is missing has a zero in every other place; any other zero means that this is no text."""
    start = content[:HEAD] if len(content) % 2 == 0 else b""
    for encoding, others in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if others and others.count(0) > 0.6 * len(others) and start.count(0) < 0.55 * len(start):
            return encoding
    line = content.count(b"\n", 0, zero) + 1
    what = f"line {line:,} holds a zero byte, which no text has"
    raise refusal(name, "not-text", what, "Export it again; if it is a spreadsheet, save it as .xlsx or CSV UTF-8.")


def _not_utf8(content: bytes) -> tuple[str, list[Problem]]:
    if not MANY_BYTES.search(content):
        return "cp1252", []
    bad = []
    for number, line in enumerate(content.split(b"\n")):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            bad.append(number)
    if not any(MANY_BYTES.search(line) for number, line in enumerate(content.split(b"\n")) if number not in set(bad)):
        return "cp1252", []
    rows = ", ".join(f"{number + 1:,}" for number in bad[:10]) + (" …" if len(bad) > 10 else "")
    what = f"The file mixes two alphabets: lines {rows} are written in another than the rest"
    return "mixed", [Problem("mixed-encoding", Level.NOTE, what, f"Look at the names there. {AS_UTF8}", row=bad[0])]


def separator_of(sample: list[str]) -> str:
    """The separator under which most rows have the same number of cells, and the more cells the better.

    >>> separator_of(["code;rate", "R1A;1,5", "R1B;2,25"])
    ';'
    """
    best, most = ",", 0.0
    for separator in SEPARATORS:
        score = _score(sample, separator)
        if score > most:
            best, most = separator, score
    return best


def _score(sample: list[str], separator: str) -> float:
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=separator) if any(row)]
    except csv.Error:
        return 0.0
    common = Counter(width for width in widths if width > 1).most_common(1)
    if not common:
        return 0.0
    width, rows = common[0]
    # A heading of that many cells counts for much: decimal commas stand in every row but the first.
    first = next((at for at, found in enumerate(widths) if found > 1), 0)
    return rows * math.log2(width) + (len(widths) / 2 if widths[first] == width else 0)
