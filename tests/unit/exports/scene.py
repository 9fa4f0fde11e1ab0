"""One chart and one document, with figures made by hand, for the tests of every kind of file."""

from dataclasses import replace
from datetime import date

from espalier.exports.shapes import Document, Heading, Picture, Point, Row, Table, Words

# Text that a spreadsheet would run, or that would break a file; each must come out as the text it is.
PAYLOADS = (
    '=HYPERLINK("http://127.0.0.1/","x")', "+44 20 7946 0000", "-2+3", "@SUM(1,1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0",
    "{=1+1}", '#import "x" *b* $x$ [y]', "<script>alert(1)</script>", "Ward\x007 \x0b\ufffe", "🙂 ä",
)  # fmt: skip
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 330" role="img"><title>T</title><desc>Four points &amp; no more.</desc>'
    '<path d="M0 0L720 330" stroke="#005eb8"/><text x="20" y="40" font-family="Arial,sans-serif" font-size="20">86.6%</text></svg>'
)
POINTS = (
    Point(date(2026, 1, 1), 866.0, 1000.0, 86.6, 85.0, 80.0, 90.0),
    Point(date(2026, 2, 1), None, None, None, 85.0, 80.0, 90.0),
    Point(date(2026, 3, 1), 951.0, 1000.0, 95.1, 85.0, 80.0, 90.0, ("outside",), "better"),
    Point(date(2026, 4, 1), 1.0, 3.0, 100 / 3, 85.0, 80.0, 90.0, ("outside", "shift"), "worse"),
)


def picture(**instead):
    return replace(
        Picture(
            measure="ae", unit="RJ1", name="Seen in four hours", place="A trust", measured_in="percent", decimals=1, improvement="up",
            svg=SVG, spark=SVG, variation="concerning", assurance="fail", value=100 / 3, period=date(2026, 4, 1), target=95.0, points=POINTS,
            definition="Of all people who came.", source="A published file", method="XmR",
        ),
        **instead,
    )  # fmt: skip


def document(*blocks, **instead):
    return replace(Document("A report", "A trust", date(2026, 5, 4), "the board", "What we see.", blocks or (picture(),)), **instead)


def everything(text="words"):
    """Every kind of block, each with the same text in it wherever a person could have put it."""
    one = picture(name=text, place=text, words=text, definition=text, source=text)
    table = Table(text, (text, "Who"), ((text, text),))
    return Document(text, text, date(2026, 5, 4), text, text, (one, Heading(text), Words(text), table, Row(text, text, (one,))))
