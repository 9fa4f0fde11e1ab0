"""Read a workbook: its directory, its shared texts and styles, then sheet after sheet.

Runs in a child process with little memory. What a part says about its own size is never believed.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from espalier.imports.reading.book import Level, Problem, SheetBuilder
from espalier.imports.reading.package import DAMAGED, Package
from espalier.imports.reading.sheetparts import SheetReader
from espalier.imports.reading.sniffing import refusal
from espalier.imports.reading.styles import BUILT_IN, PLAIN, Style, style_of
from espalier.imports.reading.xmlparts import elements, parse, unescaped

if TYPE_CHECKING:
    from typing import BinaryIO

    from espalier.imports.reading.book import Limits

FEWER = "Split the workbook, or save only the sheet that is needed as CSV UTF-8."


class Parts:
    """Where the parts of one workbook are, and what its sheets share."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.main = _target(package, "_rels/.rels", "officeDocument") or "xl/workbook.xml"
        self.folder, base = posixpath.split(self.main)
        self.relations = _relations(package, posixpath.join(self.folder, "_rels", base + ".rels"), self.folder)
        self.from_1904 = False
        self.sheets: list[tuple[str, str, bool]] = []  # name, relation, hidden
        self._read_main()

    def _read_main(self) -> None:
        for tag, attributes in elements(self.package, self.main, code="too-many-sheets"):
            if tag == "workbookPr":
                self.from_1904 = attributes.get("date1904") in {"1", "true", "on"}
            elif tag == "sheet":
                hidden = attributes.get("state", "visible") != "visible"
                self.sheets.append((unescaped(attributes.get("name", ""))[:200], attributes.get("id", ""), hidden))
        most = self.package.limits.sheets
        if len(self.sheets) > most:
            raise refusal(self.package.name, "too-many-sheets", f"it has {len(self.sheets):,} sheets; the most is {most}", FEWER)

    def shared(self, kind: str) -> str:
        """The part of a kind that all sheets share (sharedStrings, styles), "" when there is none."""
        for its_kind, target in self.relations.values():
            if its_kind == kind:
                return target
        return ""


def read_workbook(name: str, file: BinaryIO, limits: Limits) -> tuple[list[SheetBuilder], dict[str, int], list[Problem]]:
    """All sheets with cells, the texts they share, and what was passed over."""
    package = Package(name, file, limits)
    parts = Parts(package)
    texts = read_texts(package, parts.shared("sharedStrings"))
    styles = read_styles(package, parts.shared("styles"))
    words: dict[str, int] = {}
    sheets, notes = [], []
    reader = SheetReader(package, texts, styles, words, from_1904=parts.from_1904)
    for sheet, relation, hidden in parts.sheets:
        kind, target = parts.relations.get(relation, ("", ""))
        if kind != "worksheet":
            notes.append(Problem("not-a-sheet-of-cells", Level.NOTE, f"“{sheet}” is a chart, not a sheet of cells", sheet=sheet))
            continue
        builder = SheetBuilder(sheet, words, hidden=hidden)
        reader.read(target, builder)
        sheets.append(builder)
    return sheets, words, notes


def read_texts(package: Package, part: str) -> list[str]:
    """The texts that cells point to by number."""
    reading = _Texts(package)
    if part:
        parse(package, part, reading.start, reading.end, reading.characters)
    return reading.texts


class _Texts:
    """Gathers the shared texts. Phonetic hints that stand beside a text are not part of it."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.texts: list[str] = []
        self.pieces: list[str] = []
        self.inside = self.aside = False
        self.total = 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "t":
            self.inside = not self.aside
        elif local == "rPh":
            self.aside = True
        elif local == "si":
            self.pieces.clear()

    def end(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if local == "t":
            self.inside = False
        elif local == "rPh":
            self.aside = False
        elif local == "si":
            self.texts.append(unescaped("".join(self.pieces)).strip())
            _check_texts(self.package, len(self.texts), len(self.texts[-1]))

    def characters(self, piece: str) -> None:
        if self.inside:
            self.total += len(piece)
            if self.total > self.package.limits.text_total:
                raise refusal(self.package.name, "too-much-text", "it holds far more text than a table does", FEWER)
            self.pieces.append(piece)


def _check_texts(package: Package, count: int, length: int) -> None:
    if count > package.limits.cells:
        raise refusal(package.name, "too-many-cells", f"it has more than {package.limits.cells:,} different texts", FEWER)
    if length > package.limits.text_length:
        raise refusal(package.name, "cell-too-long", f"a cell holds {length:,} letters; the most is {package.limits.text_length:,}", FEWER)


def read_styles(package: Package, part: str) -> list[Style]:
    """What the format of each cell style does to a number; a style we do not know changes nothing."""
    if not part:
        return []
    custom: dict[str, str] = {}
    used: list[Style] = []
    inside = ""
    for tag, attributes in elements(package, part):
        if tag in {"cellXfs", "cellStyleXfs", "dxfs", "cellStyles"}:
            inside = tag
        elif tag == "numFmt":
            custom[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and inside == "cellXfs":
            number = attributes.get("numFmtId", "0")
            used.append(style_of(custom[number]) if number in custom else BUILT_IN.get(int(number) if number.isdigit() else 0, PLAIN))
    return used


def _relations(package: Package, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relation id → (kind, part). A target outside the file is dropped: nothing is ever fetched."""
    if part.lower() not in package.parts:
        raise refusal(package.name, "damaged", "its list of sheets is missing", DAMAGED)
    found = {}
    for tag, attributes in elements(package, part):
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], whole)
    return found


def _target(package: Package, part: str, kind: str) -> str:
    if part not in package.parts:
        return ""
    return next((target for its_kind, target in _relations(package, part, "").values() if its_kind == kind), "")
