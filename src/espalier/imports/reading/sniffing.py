"""Tell from its first bytes what a file is, whatever its name says.

A page that says "please sign in" saved as data.csv, or a web table saved as .xls, are the usual ways to receive a wrong file.
"""

from __future__ import annotations

from dataclasses import dataclass

from espalier.imports.reading.book import UnableToReadFile

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Wrong:
    """A kind of file we do not read: how it begins, what to call it and what to do."""

    code: str
    starts: tuple[bytes, ...]
    what: str
    to_do: str


SAVE_AS = "Open it in Excel, choose File, Save as, and save it as “Excel Workbook (.xlsx)” or “CSV UTF-8”."
UNPACK = "Unpack it and choose the file inside."
TABLE_NEEDED = "Choose the spreadsheet or CSV file that holds the figures."

WRONG = (
    Wrong("pdf", (b"%pdf",), "it is a PDF document", "Ask for the figures as .xlsx or CSV: a PDF holds only their picture."),
    Wrong("web-page", (b"<!doctype", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<div"), "it is a web page",
          "If a link gave you this file, sign in and download it again. If Excel opens it: " + SAVE_AS[0].lower() + SAVE_AS[1:]),
    Wrong("image", (b"\x89png", b"\xff\xd8\xff", b"gif8", b"ii*\x00", b"mm\x00*", b"bm\x00", b"riff"), "it is a picture", TABLE_NEEDED),
    Wrong("archive", (b"\x1f\x8b", b"7z\xbc\xaf", b"rar!", b"bzh9", b"\xfd7zxz", b"\x28\xb5\x2f\xfd"), "it is a packed archive", UNPACK),
    Wrong("document", (b"{\\rtf", b"%!ps"), "it is a text document", TABLE_NEEDED),
    Wrong("database", (b"sqlite format 3", b"\x00\x01\x00\x00standard"), "it is a database", "Export the table as CSV and choose that."),
    Wrong("program", (b"mz\x90", b"\x7felf", b"#!/"), "it is a program", TABLE_NEEDED),
    Wrong("parquet", (b"par1",), "it is a Parquet file", "Save the table as CSV UTF-8 and choose that."),
    Wrong("old-excel", (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00"),
          "it is a very old Excel file", SAVE_AS),
    Wrong("json", (b'{"', b"[{", b"{\n", b"{\r\n", b"[["), "it is JSON, not a table", "Save the table as CSV UTF-8."),
)  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams in the old container say what it holds; they stand there as UTF-16.
IN_OLE = (
    ("encrypted", "EncryptedPackage", "it is locked with a password",
     "Open it in Excel with the password, choose File, Info, Protect Workbook, Encrypt with Password, empty the box and save."),
    ("document", "WordDocument", "it is a Word document", TABLE_NEEDED),
    ("document", "PowerPoint Document", "it is a PowerPoint file", TABLE_NEEDED),
    ("old-excel", "", "it is an old Excel file (.xls)", SAVE_AS),
)  # fmt: skip


def kind_of(name: str, head: bytes, whole_ole: bytes = b"") -> str:
    """Say "zip" or "text", or refuse a file that is neither. `whole_ole` is looked through when the old container is met."""
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise refusal(name, "empty", "it is empty", "Check that the right file was saved, and choose it again.")
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise refusal(name, "archive", "it is an empty or split archive", UNPACK)
    if head.startswith(OLE):
        raise _ole(name, whole_ole or head)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").lower()
    if start.startswith(b"<?xml"):
        raise _xml(name, start)
    if start[4:8] == b"ftyp":
        raise refusal(name, "image", "it is a picture or a film", TABLE_NEEDED)
    for wrong in WRONG:
        if head.lower().startswith(wrong.starts) or start.startswith(wrong.starts) or (wrong.code == "pdf" and b"%pdf-1" in start[:1024]):
            raise refusal(name, wrong.code, wrong.what, wrong.to_do)
    return "text"


def _ole(name: str, content: bytes) -> UnableToReadFile:
    for code, stream, what, to_do in IN_OLE:
        if stream.encode("utf-16-le") in content:
            return refusal(name, code, what, to_do)
    return refusal(name, "old-excel", IN_OLE[-1][2], SAVE_AS)


def _xml(name: str, start: bytes) -> UnableToReadFile:
    if b"<html" in start:
        return refusal(name, "web-page", "it is a web page", SAVE_AS)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return refusal(name, "old-excel", "it is an Excel 2003 XML file", SAVE_AS)
    return refusal(name, "xml", "it is an XML file, not a table", TABLE_NEEDED)


def refusal(name: str, code: str, what: str, to_do: str) -> UnableToReadFile:
    """The error for a file that cannot be used at all."""
    return UnableToReadFile(f"This file cannot be read: {what}.", where=name, to_do=to_do, code=code)
