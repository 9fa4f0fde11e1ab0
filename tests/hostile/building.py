"""Makes files byte by byte: workbooks whose parts say what we like, and text in any encoding.

Written without the reader's own code, and without a library that would refuse to write what is wrong.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTENT = XML + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
# Style numbers of `styles`: what each does to a number.
GENERAL, DATE, PERCENT, ZEROS, MONTH, MOMENT, LENGTH, CLOCK = range(8)
STYLES = (
    XML + f'<styleSheet xmlns="{MAIN}"><numFmts count="5">'
    '<numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="00000000"/>'
    '<numFmt numFmtId="166" formatCode="mmm\\-yy"/><numFmt numFmtId="167" formatCode="dd/mm/yyyy\\ hh:mm"/>'
    '<numFmt numFmtId="168" formatCode="[h]:mm:ss"/></numFmts>'
    '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="8"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/>'
    '<xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="168"/><xf numFmtId="20"/></cellXfs></styleSheet>'
)


def letters(column: int) -> str:
    found = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        found = chr(65 + rest) + found
        column -= 1
    return found


def cell(reference: str, value: object) -> str:
    """A cell: text inline, a number, or (number, style), or raw XML when it begins with <."""
    if isinstance(value, str) and value.startswith("<c"):
        return value
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, tuple):
        return f'<c r="{reference}" s="{value[1]}"><v>{value[0]}</v></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def rows(*lines: Iterable[object], first: int = 1, attributes: Mapping[int, str] | None = None) -> str:
    """sheetData's rows from lists of values; None leaves a cell out."""
    return "".join(
        f'<row r="{number}" {(attributes or {}).get(number, "")}>'
        + "".join(cell(f"{letters(at)}{number}", value) for at, value in enumerate(line) if value is not None)
        + "</row>"
        for number, line in enumerate(lines, first)
    )


def sheet(data: str, *, before: str = "", after: str = "") -> str:
    return f'{XML}<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def workbook_xml(names: Iterable[str], *, states: Mapping[str, str] | None = None, from_1904: bool = False) -> str:
    state = states or {}
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}" {state.get(name, "")}/>' for n, name in enumerate(names, 1)
    )
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr date1904="{int(from_1904)}"/><sheets>{sheets}</sheets></workbook>'


def relations(how_many: int, *, more: str = "") -> str:
    sheets = "".join(f'<Relationship Id="rId{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in range(1, how_many + 1))
    shared = f'<Relationship Id="s" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="{REL}/styles" Target="styles.xml"/>'
    return f'{XML}<Relationships xmlns="{RELS}">{sheets}{shared}{more}</Relationships>'


def strings(*texts: str) -> str:
    return f'{XML}<sst xmlns="{MAIN}">' + "".join(f"<si><t>{escape(text)}</t></si>" for text in texts) + "</sst>"


def parts(
    sheets: Mapping[str, str], *, shared: str = "", states: Mapping[str, str] | None = None, from_1904: bool = False,
    extra: Mapping[str, str | bytes | None] | None = None,
) -> dict[str, str | bytes]:  # fmt: skip
    """All parts of a workbook by name; `extra` adds, replaces, or with None takes away."""
    found: dict[str, str | bytes | None] = {
        "[Content_Types].xml": CONTENT,
        "_rels/.rels": f'{XML}<Relationships xmlns="{RELS}"><Relationship Id="r" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": workbook_xml(sheets, states=states, from_1904=from_1904),
        "xl/_rels/workbook.xml.rels": relations(len(sheets)),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": shared or strings(),
    }
    found |= {f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets.values(), 1)}
    found |= extra or {}
    return {name: content for name, content in found.items() if content is not None}


def zipped(content: Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=1) as archive:
        for name, data in content.items() if isinstance(content, Mapping) else content:
            archive.writestr(name, data)
    return out.getvalue()


def book(*lines: Iterable[object], **more: object) -> bytes:
    """A workbook of one sheet called May."""
    return zipped(parts({"May": sheet(rows(*lines))}, **more))  # type: ignore[arg-type]


def book_of(data: str, *, before: str = "", after: str = "", **more: object) -> bytes:
    """A workbook of one sheet with these very rows."""
    return zipped(parts({"May": sheet(data, before=before, after=after)}, **more))  # type: ignore[arg-type]


def csv(*lines: str, end: str = "\r\n", encoding: str = "utf-8") -> bytes:
    return (end.join(lines) + end).encode(encoding)


def ole(*streams: str) -> bytes:
    """The old container, with names of streams in its directory."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + b"".join(stream.encode("utf-16-le").ljust(128, b"\0") for stream in ("Root Entry", *streams)).ljust(1024, b"\0")


def lying_sizes(content: bytes, says: int) -> bytes:
    """The same archive, whose directory gives another unpacked size for every part."""
    changed = bytearray(content)
    at = 0
    while (at := changed.find(b"PK\x01\x02", at)) >= 0:
        changed[at + 24 : at + 28] = struct.pack("<I", says)
        at += 4
    return bytes(changed)


def overlapping(how_many: int) -> bytes:
    """An archive whose many parts are all the same few bytes."""
    content = zipped({"[Content_Types].xml": CONTENT, "xl/a.xml": "0" * 1_000_000})
    end = content.rfind(b"PK\x05\x06")
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 4)
    entry = content[second:end]
    copies = b"".join(entry.replace(b"xl/a.xml", f"x{n:06}x"[:8].encode()) for n in range(how_many))
    directory = content[first:second] + copies
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, how_many + 1, how_many + 1, len(directory), first, 0)
    return content[:first] + directory + tail
