"""Files that are something else than their name says, and text in every encoding."""

from __future__ import annotations

import io
import random

import pyarrow as pa
import pyarrow.parquet as pq
from tests.hostile.building import book, csv, ole, parts, rows, sheet, zipped
from tests.hostile.corpus import Case

TABLE = ("code,name", "R1A,Worcester")
GOOD = book(["code", "n"], ["R1A", 4])
WEB = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>"


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"code": ["R1A"]}), out)
    return out.getvalue()


def odf(kind: str) -> bytes:
    return zipped([("mimetype", f"application/vnd.oasis.opendocument.{kind}"), ("content.xml", "<office/>")])


def more(**extra: str | bytes) -> bytes:
    return zipped(parts({"May": sheet(rows(["a", "b"], ["c", 1]))}, extra={name.replace("__", "/"): content for name, content in extra.items()}))


def wrong(name: str, content: object, code: str, file: str = "file.xlsx") -> Case:
    return Case("Wrong kind", name, content, refused=code, file=file)  # type: ignore[arg-type]


WRONG = (
    wrong("workbook with a password", ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    wrong("old Excel file", ole("Workbook"), "old-excel", "file.xls"),
    wrong("very old Excel file", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(600), "old-excel", "file.xls"),
    wrong("old Word file named .xlsx", ole("WordDocument"), "document"),
    wrong("old PowerPoint file", ole("PowerPoint Document"), "document"),
    wrong("workbook with macros", more(**{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "macro", "file.xlsm"),
    wrong("workbook with old macro sheets", more(**{"xl/macrosheets/sheet1.xml": "<x/>"}), "macro"),
    wrong("macros hidden under another folder and case", more(**{"xl/Other/VbaProject.BIN": b"x"}), "macro"),
    wrong("binary workbook", more(**{"xl/workbook.bin": b"x"}), "binary-excel", "file.xlsb"),
    wrong("Word document", zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), "document"),
    wrong("presentation", zipped({"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"}), "document"),
    wrong("OpenDocument spreadsheet", odf("spreadsheet"), "open-document", "file.ods"),
    wrong("OpenDocument text", odf("text"), "document"),
    wrong("sign-in page saved as CSV", WEB, "web-page", "file.csv"),
    wrong("web table saved as .xls", b"\xef\xbb\xbf \r\n<TABLE><TR><TD>1</TD></TR></TABLE>", "web-page", "file.xls"),
    wrong("XHTML page", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>', "web-page"),
    wrong("PDF named .xlsx", b"%PDF-1.7\n1 0 obj", "pdf"),
    wrong("PDF behind some rubbish", b"\r\n\r\nrubbish\n%PDF-1.4\n", "pdf", "file.csv"),
    wrong("PNG", b"\x89PNG\r\n\x1a\n" + bytes(40), "image"),
    wrong("JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
    wrong("GIF", b"GIF89a....", "image"),
    wrong("photograph of a phone", b"\x00\x00\x00\x18ftypheic" + bytes(20), "image"),
    wrong("gzip", b"\x1f\x8b\x08\x00rest", "archive"),
    wrong("7-Zip", b"7z\xbc\xaf\x27\x1c", "archive"),
    wrong("RAR", b"Rar!\x1a\x07\x01\x00", "archive"),
    wrong("zip with a CSV inside", zipped({"data.csv": "a,b\n1,2\n"}), "archive"),
    wrong("empty zip", zipped({}), "archive"),
    wrong("Excel 2003 XML", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "old-excel"),
    wrong("some XML", b'<?xml version="1.0"?><staff><person/></staff>', "xml"),
    wrong("rich text", b"{\\rtf1\\ansi}", "document"),
    wrong("JSON list", b'[{"code": "R1A"}]', "json", "file.csv"),
    wrong("JSON object", b'{"code": "R1A"}', "json", "file.csv"),
    wrong("SQLite", b"SQLite format 3\x00" + bytes(80), "database"),
    wrong("Access database", b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(80), "database"),
    wrong("Windows program", b"MZ\x90\x00\x03" + bytes(80), "program"),
    wrong("Linux program", b"\x7fELF\x02\x01" + bytes(80), "program"),
    wrong("shell script", b"#!/bin/sh\nrm -rf /\n", "program", "file.csv"),
    wrong("Parquet", parquet, "parquet"),
    wrong("empty file", b"", "empty", "file.csv"),
    wrong("only spaces and line ends", b"  \r\n\t\r\n", "empty", "file.csv"),
    wrong("only a byte order mark", b"\xef\xbb\xbf", "empty", "file.csv"),
    wrong("only separators", b",,,\r\n,,,\r\n", "no-cells", "file.csv"),
    wrong("workbook without a filled cell", book([], []), "no-cells"),
    wrong("random bytes", random.Random(7).randbytes(5000), "not-text"),  # noqa: S311  the same bytes each time
    Case("Wrong kind", "CSV named .xlsx is read by what it is", csv(*TABLE), cells={"A2": "R1A"}, file="file.xlsx"),
    Case("Wrong kind", "workbook named .csv is read by what it is", GOOD, cells={"A2": "R1A", "B2": "4"}),
)

TYPED = ("name,figure", "O’Brien,£3", "Café,é")
READ = {"A2": "O’Brien", "B2": "£3", "A3": "Café", "B3": "é"}


def read_as(name: str, content: bytes, encoding: str, **more_: object) -> Case:
    return Case("Encodings", name, content, cells=READ, then=lambda found: found.encoding, gives=encoding, **more_)  # type: ignore[arg-type]


UTF16 = "\r\n".join(TYPED)
CP1252 = csv(*TYPED, encoding="cp1252")
ENCODINGS = (
    read_as("UTF-8", csv(*TYPED), "utf-8-sig"),
    read_as("UTF-8 with a mark", csv(*TYPED, encoding="utf-8-sig"), "utf-8-sig"),
    read_as("UTF-16 with a mark", UTF16.encode("utf-16"), "utf-16"),
    read_as("UTF-16 big-endian with a mark", b"\xfe\xff" + UTF16.encode("utf-16-be"), "utf-16"),
    read_as("UTF-16 whose mark is missing", (UTF16 + "\r\n").encode("utf-16-le"), "utf-16-le"),
    read_as("UTF-16 big-endian whose mark is missing", (UTF16 + "\r\n").encode("utf-16-be"), "utf-16-be"),
    read_as("UTF-32", UTF16.encode("utf-32"), "utf-32"),
    read_as("Windows-1252", CP1252, "cp1252"),
    read_as("two alphabets in one file", csv(*TYPED[:2]) + csv(TYPED[2], encoding="cp1252"), "mixed", notes=frozenset({"mixed-encoding"})),
    Case("Encodings", "two alphabets: the line is said", csv(*TYPED[:2]) + csv(TYPED[2], encoding="cp1252"),
         then=lambda found: [(note.code, note.row) for note in found.notes], gives=[("mixed-encoding", 2)]),
    Case("Encodings", "zero byte in a cell", b"code,n\r\nR1A\x00,4\r\n", refused="not-text"),
    Case("Encodings", "zero bytes at the end", b"code,n\r\nR1A,4\r\n" + bytes(512), refused="not-text"),
    Case("Encodings", "UTF-16 cut in half a letter", UTF16.encode("utf-16")[:-1], refused="encoding"),
    Case("Encodings", "UTF-8 cut in half a letter", csv(*TYPED)[:-4], cells={"A2": "O’Brien"}),
    Case("Encodings", "bytes Windows-1252 does not know", b"name,n\r\nM\x81ller,1\r\n", cells={"A2": "M\ufffdller"},
         notes=frozenset({"unreadable-letters"})),
    Case("Encodings", "opened and saved in the wrong alphabet", "name,n\r\nOâ€™Brien,1\r\n".encode(), cells={"A2": "Oâ€™Brien"},
         notes=frozenset({"letters-saved-twice"})),
    Case("Encodings", "line ends of an old Macintosh", csv(*TYPED, end="\r"), cells=READ),
    Case("Encodings", "line ends of Unix", csv(*TYPED, end="\n"), cells=READ),
    Case("Encodings", "all three line ends", b"a,b\r\nc,d\re,f\ng,h", cells={"A2": "c", "A3": "e", "A4": "g", "B4": "h"}),
    Case("Encodings", "signs that cannot be seen", b"code,n\r\nR\x071A,4\r\n", cells={"A2": "R1A"}, notes=frozenset({"control-letters"})),
    Case("Encodings", "escaped signs of a workbook", book(["a_x000D_b", "_x005F_x000D_"], ["_x0000_R1A", 1]),
         cells={"A1": "a\rb", "B1": "_x000D_", "A2": "R1A"}),
)  # fmt: skip
CASES = (*WRONG, *ENCODINGS)
