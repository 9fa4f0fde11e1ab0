"""Turn the bytes of a file somebody gives us into plain text cells.

Every cell stays text: codes such as 00L or 72Q would lose their zeros or turn into numbers, and a wrong value can only
be reported word for word if nobody has changed it on the way. The reader knows formats, not what the cells mean.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MOST_BYTES = 60_000_000
# A small workbook can unpack into gigabytes; the directory of the zip file tells before anything is unpacked.
MOST_UNPACKED = 400_000_000
MOST_ROWS = 1_000_000
LONGEST_CELL = 20_000


class UnableToReadFile(UnableTo):
    """The file is not a table we can read; nothing of it is used."""

    code = "file"


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong in a file, so that a person can find the cell and put it right.

    `row` counts from 1 as people do; 0 means the whole file.
    """

    file: str
    sheet: str
    row: int
    column: str
    value: str
    what: str
    to_do: str

    @property
    def where(self) -> str:
        """Say the place in words: file, sheet, row and column, leaving out what does not apply."""
        parts = [self.file, self.sheet and f'sheet "{self.sheet}"', self.row and f"row {self.row}", self.column]
        return ", ".join(str(part) for part in parts if part)

    def __str__(self) -> str:
        shown = f' "{self.value[:60]}"' if self.value else ""
        return f"{self.where}:{shown} {self.what}. {self.to_do}"


@dataclass(frozen=True, slots=True)
class Header:
    """Where the named columns stand: `row` is the heading's position in `rows`, `columns` gives each its position."""

    row: int
    columns: dict[str, int]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as text. `rows[0]` is row 1 of the file as a person counts; `sheet` is empty for a CSV file."""

    file: str
    sheet: str
    rows: tuple[tuple[str, ...], ...]

    def problem(self, row: int, column: str, value: str, what: str, to_do: str) -> FileProblem:
        """Describe something wrong in this table; `row` is the position in `rows`, told to people as one more."""
        return FileProblem(self.file, self.sheet, row + 1, column, value, what, to_do)

    def find_header(self, wanted: Mapping[str, str], *, within: int = 30) -> Header | None:
        """Find the first row that holds every wanted heading, for published sheets begin with titles and notes.

        Letter case, line breaks and spaces do not count. None means that this is another kind of file.
        """
        plain = {name: plain_heading(heading) for name, heading in wanted.items()}
        for at, row in enumerate(self.rows[:within]):
            places = {plain_heading(cell): i for i, cell in reversed(list(enumerate(row)))}
            if all(heading in places for heading in plain.values()):
                return Header(at, {name: places[heading] for name, heading in plain.items()})
        return None


def plain_heading(heading: str) -> str:
    """Heading in lower case with single spaces, so that a heading broken over two lines is still found."""
    return " ".join(heading.lower().split())


def read_tables(file: str, content: bytes) -> tuple[Table, ...]:
    """Read a CSV, XLSX or Parquet file into one table a sheet, or say why it cannot be one.

    What the bytes are decides, not the ending of the name: a page that says "please sign in", saved as data.csv, is a
    common way to receive a wrong file.
    """
    if len(content) > MOST_BYTES:
        size = f"it has {len(content) // 1_000_000} MB and the most is {MOST_BYTES // 1_000_000} MB"
        raise _unable(file, size, "Split it into smaller files.")
    if not content.strip():
        raise _unable(file, "it is empty", "Download it again.")
    reader = _reader(file, content)
    tables = tuple(table for table in reader(file, content) if table.rows)
    if not tables:
        raise _unable(file, "it has no filled cells", "Open it and check that it holds a table.")
    return tables


def read_tables_at(path: Path) -> tuple[Table, ...]:
    """Read a file from disk, or say that it is not there."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unable(path.name, "it cannot be opened", "Check the name and the folder.") from error
    return read_tables(path.name, content)


def _reader(file: str, content: bytes) -> Callable[[str, bytes], tuple[Table, ...]]:
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        raise _unable(file, "it is a web page, not a table", "Open the link in a browser and save the file itself.")
    if start.startswith(b"pk\x03\x04"):
        return _xlsx
    if start.startswith(b"par1"):
        return _parquet
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%pdf")):
        raise _unable(file, "it is an old Excel or a PDF file", "Save it as .xlsx or as CSV.")
    return _csv


def _csv(file: str, content: bytes) -> tuple[Table, ...]:
    text = _decode(file, content)
    rows: list[tuple[str, ...]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            if len(rows) >= MOST_ROWS:
                raise _unable(file, f"it has more than {MOST_ROWS:,} rows", "Split it into smaller files.")
            rows.append(tuple(cell.strip() for cell in row))
    except csv.Error as error:
        where = f"{file}, row {len(rows) + 1}"
        raise _unable(where, "a quotation mark is not closed or a cell is too long", "Correct that row.") from error
    return (Table(file, "", _trim(rows)),)


def _decode(file: str, content: bytes) -> str:
    """Decode UTF-8 or, as some published files are, Windows-1252; a zero byte means it is no text at all."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        raise _unable(file, "it is not text", "Save it as CSV (UTF-8) or as .xlsx.")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unable(file, "its letters cannot be read", "Save it again as CSV (UTF-8).")


def _xlsx(file: str, content: bytes) -> tuple[Table, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise _unable(file, "it is damaged", "Download it again, or save it again from Excel.") from error
    if unpacked > MOST_UNPACKED:
        raise _unable(file, "it is far larger than it looks", "Save only the sheet that is needed as CSV.")
    # Heavy and needed for workbooks only: pages must not pay for it.
    import fastexcel

    try:
        book = fastexcel.read_excel(content)
        names = book.sheet_names
        sheets = [(name, book.load_sheet(name, header_row=None, dtypes="string").to_arrow()) for name in names]
    except (fastexcel.FastExcelError, ValueError) as error:
        raise _unable(file, "it is not a readable workbook", "Save it again from Excel as .xlsx.") from error
    tables = []
    for name, sheet in sheets:
        columns = [column.to_pylist() for column in sheet.columns]
        tables.append(Table(file, name, _trim(list(zip(*([_cell(v) for v in c] for c in columns), strict=True)))))
    return tuple(tables)


def _parquet(file: str, content: bytes) -> tuple[Table, ...]:
    """Read a Parquet file: the names of its columns become row 1, so that it reads like the CSV it came from."""
    import pyarrow.parquet as pq

    try:
        frame = pq.read_table(io.BytesIO(content))  # type: ignore[no-untyped-call]
    except (OSError, ValueError, NotImplementedError) as error:
        raise _unable(file, "it is not a readable Parquet file", "Download it again.") from error
    columns = [[_cell(value) for value in column.to_pylist()] for column in frame.columns]
    return (Table(file, "", (tuple(frame.column_names), *zip(*columns, strict=True))),)


def _cell(value: object) -> str:
    """Cell as text; None (an empty cell) and an empty string are the same to a reader."""
    return "" if value is None else str(value).strip()[:LONGEST_CELL]


def _trim(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Drop empty rows at the end only, so that row numbers stay those a person sees."""
    last = len(rows)
    while last and not any(rows[last - 1]):
        last -= 1
    return tuple(rows[:last])


def _unable(where: str, what: str, to_do: str) -> UnableToReadFile:
    return UnableToReadFile(f"Cannot read the file: {what}.", where=where, to_do=to_do)
