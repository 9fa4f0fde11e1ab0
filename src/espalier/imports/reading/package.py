"""Look into a workbook's package before anything in it is unpacked.

An .xlsx is a zip archive of XML parts. Its directory tells what unpacking would cost, and it is written by whoever made the
file: sizes in it are checked again while reading, for they may lie.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from espalier.imports.reading.sniffing import SAVE_AS, TABLE_NEEDED, UNPACK, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from espalier.imports.reading.book import Limits

CHUNK = 1 << 16
# Below this a part may be squeezed however hard: a small sheet of equal rows packs very well.
SMALL_PART = 4_000_000
DAMAGED = "Open it in Excel and save it again as .xlsx; if Excel cannot open it either, ask for the file again."
WITHOUT_MACROS = "Open it in Excel, choose File, Save as, and save it as “Excel Workbook (.xlsx)”, which leaves them out."
BOMB = "Save only the sheet that is needed, as a new workbook or as CSV UTF-8."
OTHER_PACKAGES = (
    ("xl/workbook.bin", "binary-excel", "it is a binary Excel workbook (.xlsb)", SAVE_AS),
    ("word/document.xml", "document", "it is a Word document", TABLE_NEEDED),
    ("ppt/presentation.xml", "document", "it is a PowerPoint file", TABLE_NEEDED),
)


class Package:
    """The parts of one workbook, by name without regard to case, each read as a stream that stops at what may be unpacked."""

    def __init__(self, name: str, file: BinaryIO, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.unpacked = 0
        try:
            self.archive = zipfile.ZipFile(file)
            entries = self.archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise refusal(name, "damaged", "it is cut short or damaged", DAMAGED) from error
        check_directory(name, entries, limits)
        self.parts = {entry.filename.lower(): entry for entry in entries}
        self._check_kind()

    def _check_kind(self) -> None:
        if "mimetype" in self.parts:
            kind = b"".join(self.stream("mimetype"))[:200]
            if b"opendocument.spreadsheet" in kind:
                raise refusal(self.name, "open-document", "it is an OpenDocument spreadsheet (.ods)",
                              "Open it in LibreOffice or Excel and save it as .xlsx or CSV UTF-8.")  # fmt: skip
            if b"opendocument" in kind:
                raise refusal(self.name, "document", "it is an OpenDocument text or presentation", TABLE_NEEDED)
        for part, code, what, to_do in OTHER_PACKAGES:
            if part in self.parts:
                raise refusal(self.name, code, what, to_do)
        if any(part.endswith("vbaproject.bin") or part.startswith("xl/macrosheets/") for part in self.parts):
            raise refusal(self.name, "macro", "it holds macros (small programs), which we never open",
                          WITHOUT_MACROS)  # fmt: skip
        if "[content_types].xml" not in self.parts:
            raise refusal(self.name, "archive", "it is a zip archive, not a workbook", UNPACK)

    def stream(self, part: str) -> Iterator[bytes]:
        """Unpack one part piece by piece, and stop as soon as all parts together give more than the limit."""
        entry = self.parts.get(part.lower())
        if entry is None:
            raise refusal(self.name, "damaged", f"its part {part[:80]} is missing", DAMAGED)
        try:
            with self.archive.open(entry) as file:
                while piece := file.read(CHUNK):
                    self.unpacked += len(piece)
                    if self.unpacked > self.limits.unpacked_bytes:
                        raise refusal(self.name, "unpacks-too-large", "it unpacks into far more than it looks", BOMB)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise refusal(self.name, "damaged", "one of its parts is damaged", DAMAGED) from error
        except RuntimeError as error:  # what zipfile raises for a part with a password
            raise refusal(self.name, "encrypted", "it is locked with a password", SAVE_AS) from error


def check_directory(name: str, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse by the directory alone: too many parts, too much inside, squeezed too hard, names that lead elsewhere, overlaps."""
    if len(entries) > limits.parts:
        raise refusal(name, "too-many-parts", f"it holds {len(entries):,} parts; the most is {limits.parts:,}", BOMB)
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise refusal(name, "damaged", "it holds two parts of the same name", DAMAGED)
    if any(_leads_elsewhere(entry.filename) for entry in entries):
        raise refusal(name, "paths", "a part of it has a name that leads out of the file", DAMAGED)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refusal(name, "encrypted", "it is locked with a password", "Save it without a password and choose it again.")
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise refusal(name, "unpacks-too-large", "it unpacks into far more than it looks", BOMB)
    if any(e.file_size > SMALL_PART and e.file_size > limits.part_ratio * max(e.compress_size, 1) for e in entries):
        raise refusal(name, "unpacks-too-large", "it unpacks into far more than it looks", BOMB)
    ends = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < ends:
            raise refusal(name, "unpacks-too-large", "its parts share the same bytes", BOMB)
        ends = entry.header_offset + entry.compress_size


def _leads_elsewhere(part: str) -> bool:
    return part.startswith(("/", "\\")) or ":" in part or ".." in part.replace("\\", "/").split("/")
