"""Files made to hurt whoever opens them: too large, too deep, or lying about it."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from tests.hostile import building
from tests.hostile.building import MAIN, XML, book, book_of, parts, relations, rows, sheet, strings, workbook_xml, zipped
from tests.hostile.corpus import Case

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
GOOD = sheet(rows(["code", "n"], ["R1A", 4]))


def with_part(part: str, text: str) -> bytes:
    return zipped(parts({"May": GOOD}, extra={part: text}))


def declared(declaration: str, body: str) -> str:
    return XML + declaration + body


def bomb(name: str, content: object, code: str, *, writes: bool = False, file: str = "file.xlsx") -> Case:
    return Case("Bombs", name, content, refused=code, writes=writes, file=file)  # type: ignore[arg-type]


def survives(name: str, content: object, **expect: object) -> Case:
    return Case("Bombs", name, content, file="file.xlsx", **expect)  # type: ignore[arg-type]


def streamed(part: str, start: str, middle: bytes, times: int, end: str) -> bytes:
    """A workbook one part of which repeats itself, squeezed as it is written."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts({"May": GOOD}, extra={part: None}).items():
            archive.writestr(name, text)
        with archive.open(part, "w", force_zip64=True) as file:
            file.write(start.encode())
            for _ in range(times):
                file.write(middle)
            file.write(end.encode())
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
START, END = f'{XML}<worksheet xmlns="{MAIN}"><sheetData>', "</sheetData></worksheet>"


def spaces() -> bytes:
    return streamed(SHEET, START, b" " * 1_000_000, 450, END)


def well_packed() -> bytes:
    return streamed(SHEET, START, b"<row/>" * 100_000, 200, END)


def many_texts() -> bytes:
    middle = "".join(f"<si><t>{n}</t></si>" for n in range(1000)).encode()
    return streamed(TEXTS, f'{XML}<sst xmlns="{MAIN}">', middle, 1100, "</sst>")


def long_text() -> bytes:
    return streamed(TEXTS, f'{XML}<sst xmlns="{MAIN}"><si><t>', os.urandom(500_000).hex().encode(), 100, "</t></si></sst>")


def many_cells() -> bytes:
    line = "".join(f'<c r="{building.letters(at)}{{0}}"><v>{at}</v></c>' for at in range(1000))
    return book_of("".join(f'<row r="{n}">{line.replace("{0}", str(n))}</row>' for n in range(1, 1102)))


def echoing() -> bytes:
    """One long text, pointed to a hundred thousand times: gigabytes for whoever copies it each time."""
    data = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001))
    return book_of(data, shared=strings("x" * 32_000))


def million_sheets() -> bytes:
    return zipped(parts({"May": GOOD}, extra={"xl/workbook.xml": workbook_xml(f"s{n}" for n in range(1_000_000))}))


def many_parts(how_many: int) -> bytes:
    return zipped([("[Content_Types].xml", building.CONTENT), *((f"p{n}", "") for n in range(how_many))])


def inside_out() -> bytes:
    inner = zipped({"0.dll": "0" * 5_000_000})
    return zipped({f"{n}.zip": inner for n in range(20)})


def sparse(size: int):
    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.write(b"code,n\n")
            file.truncate(size)

    return write


def full_width(first: int, last: int) -> str:
    return '<row r="1">' + "".join(f'<c r="{building.letters(at)}1"><v>1</v></c>' for at in range(first, last)) + "</row>"


def duplicated() -> bytes:
    content = bytearray(zipped(parts({"May": GOOD}, extra={"xl/worksheets/sheet2.xml": GOOD})))
    return bytes(content.replace(b"xl/worksheets/sheet2.xml", b"xl/worksheets/sheet1.xml"))


def locked() -> bytes:
    content = bytearray(zipped(parts({"May": GOOD})))
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    return bytes(content)


def spoiled() -> bytes:
    content = bytearray(zipped(parts({"May": sheet(rows(*(["R1A", n] for n in range(3000))))})))
    middle = content.find(b"sheet1.xml") + 200
    content[middle : middle + 40] = bytes(40)
    return bytes(content)


def only_cell(reference: str) -> bytes:
    number = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return book_of(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{number}"><c r="{reference}"><v>1</v></c></row>')


PACKED = (
    bomb("450 MB of spaces in one sheet", spaces, "unpacks-too-large"),
    bomb("20 million rows without a cell, each well packed", well_packed, "unpacks-too-large"),
    bomb("1.2 million rows without a cell", lambda: book_of("".join(f"<row>{n}</row>" for n in range(1_200_000))), "too-many-rows"),
    bomb("directory that says 4 GB", building.lying_sizes(book(["a"]), 0xFFFF_FFF0), "unpacks-too-large"),
    bomb("directory that says less than there is", building.lying_sizes(book(*(["R1A", n] for n in range(2000))), 900), "damaged"),
    bomb("zip files in a zip file", inside_out, "archive"),
    survives("zip file beside the sheets is never opened", with_part("xl/embeddings/a.zip", "PK"), cells={"A2": "R1A"}),
    bomb("500 parts that share the same bytes", building.overlapping(500), "unpacks-too-large"),
    bomb("5,000 parts", lambda: many_parts(5_000), "too-many-parts"),
    bomb("100,000 parts", lambda: many_parts(100_000), "too-many-parts"),
    bomb("a million sheets", million_sheets, "too-many-sheets"),
    bomb("300 sheets", zipped(parts({f"s{n}": GOOD for n in range(300)})), "too-many-sheets"),
    bomb("part with a password", locked, "encrypted"),
    bomb("part whose name climbs out", with_part("../../evil.xml", "<x/>"), "paths"),
    bomb("part whose name begins at the root", with_part("/etc/cron.d/evil", "x"), "paths"),
    bomb("part with a Windows path", with_part("xl\\..\\..\\evil.xml", "x"), "paths"),
    bomb("part on another drive", with_part("C:evil.xml", "x"), "paths"),
    bomb("sheet that lies outside the file", zipped(parts({"May": GOOD}, extra={"xl/_rels/workbook.xml.rels": relations(1).replace(
        "worksheets/sheet1.xml", "../../../../etc/passwd")})), "damaged"),
    bomb("sheet that must be fetched", zipped(parts({"May": GOOD}, extra={"xl/_rels/workbook.xml.rels": relations(1).replace(
        'Target="worksheets/sheet1.xml"', 'Target="http://127.0.0.1:9/x.xml" TargetMode="External"')})), "no-cells"),
    bomb("two parts of one name", duplicated, "damaged"),
    bomb("cut short", book(*(["R1A", n] for n in range(2000)))[:-400], "damaged"),
    bomb("cut in the middle", book(*(["R1A", n] for n in range(2000)))[:2000], "damaged"),
    bomb("spoiled in the middle", spoiled, "damaged"),
    bomb("workbook without a list of sheets", zipped(parts({"May": GOOD}, extra={"xl/_rels/workbook.xml.rels": None})), "damaged"),
    bomb("workbook without its sheet", zipped(parts({"May": GOOD}, extra={SHEET: None})), "damaged"),
    bomb("workbook without a workbook", zipped(parts({"May": GOOD}, extra={"xl/workbook.xml": None})), "damaged"),
    bomb("sheet that is no XML", with_part(SHEET, "hello"), "damaged"),
    bomb("sheet whose XML breaks off", with_part(SHEET, GOOD[:-40]), "damaged"),
)  # fmt: skip
XMLS = (
    bomb("entities that multiply, in a sheet", with_part(SHEET, declared(LAUGHS, f'<worksheet xmlns="{MAIN}"><sheetData/>&j;</worksheet>')), "entities"),
    bomb("entities that multiply, in the texts", with_part(TEXTS, declared(LAUGHS, "<sst><si><t>&j;</t></si></sst>")), "entities"),
    bomb("entities that multiply, in the list of sheets", with_part("xl/workbook.xml", declared(LAUGHS, "<workbook/>")), "entities"),
    bomb("entities that multiply, in the styles", with_part("xl/styles.xml", declared(LAUGHS, "<styleSheet/>")), "entities"),
    bomb("entities that multiply, in the relations", with_part("_rels/.rels", declared(LAUGHS, "<Relationships/>")), "entities"),
    bomb("file of the machine in a cell", with_part(SHEET, declared(OUTSIDE, f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>&a;'
         "</t></is></c></row></sheetData></worksheet>")), "entities"),
    bomb("declarations on another machine", with_part(SHEET, declared('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', "<worksheet/>")), "entities"),
    bomb("parameter entities", with_part(SHEET, declared('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', "<worksheet/>")), "entities"),
    survives("100,000 elements inside each other", lambda: with_part(SHEET, GOOD.replace("</worksheet>", "<a>" * 100_000 + "</a>" * 100_000 + "</worksheet>")),
             cells={"A2": "R1A"}),
    survives("attribute of 2 MB", lambda: with_part(SHEET, GOOD.replace("<sheetData>", f'<x y="{"a" * 2_000_000}"/><sheetData>')), cells={"A2": "R1A"}),
    survives("names with a prefix", with_part(SHEET, f'{XML}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:v>R1A</x:v></x:c>'
             "</x:row></x:sheetData></x:worksheet>"), cells={"A1": "R1A"}),
    bomb("a million shared texts", many_texts, "too-many-cells"),
    bomb("one text of 100 MB", long_text, "too-much-text"),
    bomb("cell of 40,000 letters", book(["x" * 40_000, 1]), "cell-too-long"),
    survives("shared texts that lie about their number", zipped(parts({"May": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')}, shared=strings(
        "R1A").replace("<sst ", '<sst count="4000000000" uniqueCount="4000000000" '))), cells={"A1": "R1A"}),
    survives("one long text pointed to 200,000 times", echoing, then=lambda found: (found.sheets[0].height, len(found.sheets[0].text(99_999, 1))), gives=(100_000, 32_000)),
)  # fmt: skip
SIZES = (
    bomb("1 GB, refused before a byte is read", sparse(1_000_000_000), "file-too-large", writes=True),
    bomb("61 MB", sparse(61_000_000), "file-too-large", writes=True, file="file.csv"),
    bomb("16,384 filled columns", lambda: book_of(full_width(0, 16_384)), "too-wide"),
    bomb("a cell in the last column", only_cell("XFD2"), "too-wide"),
    bomb("column beyond the last", only_cell("XFE2"), "damaged"),
    bomb("column of four letters", only_cell("AAAA2"), "damaged"),
    bomb("row beyond the last", only_cell("A1048577"), "damaged"),
    bomb("row of many digits", book_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'), "damaged"),
    survives("a cell in the last row", only_cell("A1048576"), then=lambda found: found.sheets[0].height, gives=1_048_576),
    bomb("rows that run backwards", book_of('<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'), "damaged"),
    bomb("cells that run backwards", book_of('<row r="1"><c r="C1"><v>1</v></c><c r="A1"><v>1</v></c></row>'), "damaged"),
    bomb("cell whose name is no name", book_of('<row r="1"><c r="1A"><v>1</v></c></row>'), "damaged"),
    bomb("text that is not in the list", book_of('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "damaged"),
    bomb("text with a number below nought", book_of('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), "damaged"),
    survives("rows and cells without names", book_of("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"), cells={"B1": "2", "A2": "3"}),
    survives("size that says the whole sheet is full", book_of(rows(["code", 1]), before='<dimension ref="A1:XFD1048576"/>'), cells={"A1": "code", "B1": "1"}),
    survives("size that says one cell", book_of(rows(["code", "n"], ["R1A", 4]), before='<dimension ref="A1"/>'), cells={"B2": "4"}),
    survives("formats out to the last column", book_of('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>'), then=lambda found: found.sheets[0].width, gives=1),
    survives("block merged over the whole sheet", book_of(rows(["code", "n"], ["R1A", 4]), after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
             cells={"B2": "4"}),
    survives("200,000 merged blocks", lambda: book_of(rows(["code", "n"], ["R1A", 4]), after="<mergeCells>" + "".join(
        f'<mergeCell ref="A{n}:B{n + 1}"/>' for n in range(3, 400_003, 2)) + "</mergeCells>"),
             cells={"B2": "4"}),
    survives("every column hidden", book_of(rows(["code", "n"], ["R1A", 4]), before='<cols><col min="1" max="16384" hidden="1"/></cols>'),
             then=lambda found: found.sheets[0].hidden_columns >= {0, 1}, gives=True),
    bomb("1.1 million filled cells in a workbook", many_cells, "too-many-cells"),
    bomb("1.1 million rows of CSV", lambda: b"a\n" * 1_100_000, "too-many-cells", file="file.csv"),
    bomb("1.1 million cells of CSV", lambda: b"a,b,c,d\n" * 275_000, "too-many-cells", file="file.csv"),
    bomb("3,000 columns of CSV", ",".join(f"c{n}" for n in range(3000)).encode(), "too-wide", file="file.csv"),
    bomb("50 million separators", lambda: b"," * 50_000_000 + b"x", "too-large", file="file.csv"),
    bomb("50 million line ends", lambda: b"a,b" + b"\n" * 50_000_000 + b"c,d", "too-many-rows", file="file.csv"),
    bomb("50 MB without a line end", lambda: b"a" * 50_000_000, "cell-too-long", file="file.csv"),
    bomb("50 million quotation marks", lambda: b'"' * 50_000_001, "cell-too-long", file="file.csv"),
    bomb("quotation mark that is never closed", b'code,n\r\nR1A,"4\r\n' + b"R1B,5\r\n" * 50, "quotes", file="file.csv"),
    bomb("quotation mark that swallows a long file", b'code,n\r\nR1A,"4\r\n' + b"R1B,5\r\n" * 50_000, "cell-too-long", file="file.csv"),
)  # fmt: skip
CASES = (*PACKED, *XMLS, *SIZES)
