"""Workbooks: real numbers, real days, and text that is never run.

Every text is stored as a text (write_string), so a name that begins like a formula stays a name, and +44 stays +44.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from espalier.exports import words
from espalier.exports.axes import even
from espalier.exports.shapes import Figure, Heading, Picture, Row, Table, Words, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from espalier.exports.shapes import Block, Document

_HEAD = ("Month", "Number", "Out of", "Figure", "Average", "Lower limit", "Upper limit", "Target", "What stands out", "Rules")
_INK, _GREY, _BLUE, _ORANGE, _BAND = "#1d2a25", "#56655e", "#005eb8", "#b84a00", "#e4ebe6"
_STANDS_OUT = {"better": (_BLUE, "diamond"), "worse": (_ORANGE, "square"), "high": ("#6a3d9a", "triangle"), "low": ("#6a3d9a", "triangle")}
_WIDEST = 90


class Book:
    """One workbook being written, with its few styles."""

    def __init__(self, title: str, *, constant_memory: bool = False) -> None:
        import xlsxwriter

        self.buffer = io.BytesIO()
        # Numbers that are none are left empty by the writer below; nothing here may become a formula or a link.
        self.book = xlsxwriter.Workbook(
            self.buffer,
            {
                "in_memory": not constant_memory, "constant_memory": constant_memory,
                "strings_to_formulas": False, "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )  # fmt: skip
        self.book.set_properties({"title": plain(title), "comments": words.MADE_WITH})
        make = self.book.add_format
        self.bold = make({"bold": True})
        self.key = make({"bold": True, "text_wrap": True, "valign": "top"})
        self.large = make({"bold": True, "font_size": 16})
        self.head = make({"bold": True, "bg_color": _BAND, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.wrapped = make({"text_wrap": True, "valign": "top"})
        self.month = make({"num_format": "mmm yyyy", "align": "left"})
        self.day = make({"num_format": "d mmmm yyyy", "align": "left", "valign": "top"})
        self.named: set[str] = set()

    def sheet(self, name: str) -> Any:
        """Add a sheet; its name loses what a sheet's name may not hold, and two never clash."""
        short = re.sub(r"[\[\]:*?/\\']", " ", plain(name)).strip()[:28] or "Sheet"
        free, number = short, 1
        while free.lower() in self.named or free.lower() == "history":
            number += 1
            free = f"{short[: 31 - len(str(number)) - 1]} {number}"
        self.named.add(free.lower())
        return self.book.add_worksheet(free)

    def done(self) -> bytes:
        """Close the workbook and return it."""
        self.book.close()
        return self.buffer.getvalue()


def put(sheet: Any, row: int, column: int, value: object, style: Any = None) -> None:
    """Write one cell by what it is: number, day or text."""
    from datetime import date

    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)  # a day: xlsxwriter takes dates as they are
    else:
        sheet.write_string(row, column, plain(value), style)


def workbook(document: Document) -> bytes:
    """Write a document: what it says on the first sheet, a sheet for each chart with its figures, and what they mean."""
    book = Book(document.title)
    _front(book, document)
    for picture in document.pictures:
        _chart_sheet(book, picture)
    _about(book, document.pictures, document.made_on)
    return book.done()


def long(title: str, head: Sequence[str], body: Iterable[Sequence[object]], about: Mapping[str, Mapping[str, Any]], made_on: date) -> bytes:
    """Write very many figures as one long sheet, a row written and forgotten at a time; a sheet each would open for minutes."""
    book = Book(title, constant_memory=True)
    sheet, last = book.sheet("Figures"), 0
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head) - 1, 16)
    for column, text in enumerate(head):
        put(sheet, 0, column, text, book.head)
    for last, row in enumerate(body, start=1):
        for column, value in enumerate(row):
            put(sheet, last, column, value, book.month if hasattr(value, "month") else None)
    sheet.autofilter(0, 0, max(last, 1), len(head) - 1)
    pairs: list[tuple[str, object]] = [(words.MADE_WITH, made_on)]
    for code, facts in about.items():
        pairs += [("Measure", f"{facts['name']} ({code})"), ("What is measured", facts["definition"]), ("Source", facts["source"])]
        pairs += [("Average and limits", facts["method"])]
    _pairs(book, book.sheet("About"), pairs)
    return book.done()


def table_workbook(title: str, head: Sequence[str], body: Sequence[Sequence[object]], about: Sequence[tuple[str, object]]) -> bytes:
    """Write one table with a sheet on what it means."""
    book = Book(title)
    sheet = book.sheet("Table")
    sheet.freeze_panes(1, 1)
    for column, text in enumerate(head):
        put(sheet, 0, column, text, book.head)
    for number, row in enumerate(body, start=1):
        for column, value in enumerate(row):
            put(sheet, number, column, value, book.month if hasattr(value, "month") else None)
    sheet.set_column(0, len(head) - 1, 18)
    sheet.autofilter(0, 0, max(len(body), 1), len(head) - 1)
    _pairs(book, book.sheet("About"), about)
    return book.done()


def _front(book: Book, document: Document) -> None:
    sheet = book.sheet("Contents")
    _to_print(sheet, 44)
    put(sheet, 0, 0, document.title, book.large)
    lines: list[tuple[object, object]] = [
        ("Place", document.place), ("For", document.for_whom), ("Made on", document.made_on), ("Introduction", document.introduction),
    ]  # fmt: skip
    for block in document.blocks:
        lines += _lines(block)
    for number, (key, value) in enumerate([(key, value) for key, value in lines if value not in {None, ""}], start=2):
        _pair(book, sheet, number, key, value)


def _lines(block: Block) -> list[tuple[object, object]]:
    """Say a block as lines of two cells."""
    if isinstance(block, Heading):
        return [(block.text, " ")]
    if isinstance(block, Words):
        return [("", block.text)]
    if isinstance(block, Figure):
        return [(block.title, block.alt)]
    if isinstance(block, Table):
        return [
            (row[0], "; ".join(f"{head}: {cell}" for head, cell in zip(block.head[1:], row[1:], strict=True) if cell)) for row in block.rows
        ]
    if isinstance(block, Row):
        named = [(one.title, f"{words.latest(one)}, {words.sign(one)}. {one.words}".strip()) for one in block.pictures]
        return [(block.heading, block.words or " "), *named]
    return [(block.title, f"{words.latest(block)}, {words.sign(block)}"), ("", block.words)]


def _chart_sheet(book: Book, picture: Picture) -> None:
    sheet = book.sheet(f"{picture.name} {picture.unit}")
    put(sheet, 0, 0, picture.title, book.large)
    put(sheet, 1, 0, f"{words.latest(picture)}, {words.sign(picture)}. {picture.words}".strip())
    marks = _marks(picture)
    # Cells keep every digit; only what is shown is rounded.
    shown = book.book.add_format({"num_format": f"#,##0{'.' * bool(picture.decimals)}{'0' * picture.decimals}"})
    head = (*_HEAD[:4], words.middle(picture), *_HEAD[5:])
    for column, text in enumerate((*head, *(words.MARKS[mark].capitalize() for mark in marks))):
        put(sheet, 3, column, text, book.head)
    for number, (p, goal) in enumerate(zip(picture.points, picture.goals, strict=True), start=4):
        cells = (p.on, p.numerator, p.denominator, p.value, p.centre, p.lower, p.upper, goal, words.MARKS[p.mark],
                 " ".join(p.rules),
                 *(p.value if p.mark == mark else None for mark in marks))  # fmt: skip
        for column, value in enumerate(cells):
            put(
                sheet,
                number,
                column,
                value,
                (book.month if words.steps(picture)[1] == "months" else book.day)
                if column == 0
                else shown
                if 3 <= column <= 7 or column > 9
                else None,
            )
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_paper(9)
    sheet.set_column(0, 7, 9.5)
    sheet.set_column(8, 8, 18)
    sheet.set_column(9, 13, 10)
    if picture.points:
        sheet.insert_chart(3, 10 + len(marks), _drawn(book, sheet.get_name(), picture), {"description": words.alternative(picture)})


def _drawn(book: Book, name: str, picture: Picture) -> Any:
    """A chart of Excel's own over the same cells, so that whoever changes a figure sees the line move."""
    chart: Any = book.book.add_chart({"type": "line"})
    first, last = 4, 3 + len(picture.points)
    for column, text, line in (
        (3, "Figure", {"color": _GREY, "width": 1.75}), (4, words.middle(picture), {"color": _INK, "width": 1.25}),
        (5, "Lower limit", {"color": _GREY, "dash_type": "dash", "width": 1}),
        (6, "Upper limit", {"color": _GREY, "dash_type": "dash", "width": 1}),
        (7, "Target", {"color": _INK, "dash_type": "long_dash", "width": 1}),
    ):  # fmt: skip
        if column == 7 and all(goal is None for goal in picture.goals):
            continue
        series: dict[str, Any] = {
            "name": text, "categories": [name, first, 0, last, 0], "values": [name, first, column, last, column], "line": line,
        }  # fmt: skip
        if column == 3:
            series |= {"marker": {"type": "circle", "size": 5, "fill": {"color": _GREY}, "border": {"color": _GREY}}}
        chart.add_series(series)
    for column, mark in enumerate(_marks(picture), start=len(_HEAD)):
        colour, shape = _STANDS_OUT[mark]
        marker = {"type": shape, "size": 9, "fill": {"color": colour}, "border": {"color": colour}}
        place = [name, first, column, last, column]
        chart.add_series(
            {"name": words.MARKS[mark], "categories": [name, first, 0, last, 0], "values": place, "line": {"none": True}, "marker": marker}
        )
    # A title with these signs would be read as a place in the workbook.
    chart.set_title({"name": re.sub("[=!]", " ", plain(picture.title)), "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    _axes(chart, picture)
    chart.set_size({"width": 720, "height": 400})
    return chart


def _axes(chart: Any, picture: Picture) -> None:
    """Periods along the foot, figures in round steps with their unit."""
    many, unit = words.steps(picture)
    months = {"date_axis": True, "label_position": "low", "num_format": "d mmm yyyy" if unit == "days" else "mmm yyyy"}
    chart.set_x_axis(months | {"major_unit": many, "major_unit_type": unit, "major_gridlines": {"visible": False}})
    lines = [line for p in picture.points for line in (p.value, words.lowest(picture, p.lower), p.upper)] + list(picture.goals)
    seen = [number for number in lines if number is not None] + ([0.0] if words.floored(picture) else [])
    least, most, step = even(min(seen, default=0.0), max(seen, default=1.0))
    sign = "%" if picture.measured_in == "percent" and not picture.differenced else ""
    figures = {"min": least, "max": most, "major_unit": step, "major_gridlines": {"visible": True, "line": {"color": _BAND}}}
    chart.set_y_axis(figures | {"num_format": f'#,##{"0" if step >= 1 else "0.0" if step >= 0.1 else "0.00"}"{sign}"'})


def _marks(picture: Picture) -> list[str]:
    """Return how its figures stand out, each a column and a series of its own: shape and colour then stand in the legend too."""
    return [mark for mark in _STANDS_OUT if any(p.mark == mark for p in picture.points)]


def _about(book: Book, pictures: Sequence[Picture], made_on: date) -> None:
    """Say once for each measure what it is, where it comes from and how its usual range was worked out."""
    pairs: list[tuple[str, object]] = [(words.MADE_WITH, made_on)]
    for one in {picture.measure: picture for picture in pictures}.values():
        pairs += [
            ("Measure", f"{one.name} ({one.measure}){', made up' if one.made_up else ''}"), ("What is measured", one.definition),
            ("Measured in", f"{words.MEASURED.get(one.measured_in, one.measured_in)}; {words.BETTER[one.improvement]}"),
            ("Source", one.source), ("Average and limits", one.method), ("", " "),
        ]  # fmt: skip
    _pairs(book, book.sheet("About"), pairs)


def _pairs(book: Book, sheet: Any, pairs: Sequence[tuple[str, object]]) -> None:
    _to_print(sheet, 24)
    for number, (key, value) in enumerate(pairs):
        _pair(book, sheet, number, key, value)


def _pair(book: Book, sheet: Any, number: int, key: object, value: object) -> None:
    """Write two cells beside each other, high enough for their words: not every program makes a row higher by itself."""
    put(sheet, number, 0, key, book.key)
    put(sheet, number, 1, value, book.day if hasattr(value, "year") else book.wrapped)
    lines = max(sum(-(-max(len(part), 1) // (_WIDEST - 8)) for part in str(value).split("\n")), -(-len(str(key)) // 44))
    if lines > 1:
        sheet.set_row(number, 15.5 * min(lines, 26))


def _to_print(sheet: Any, first: int) -> None:
    """Two columns of words that fit across one sheet of paper."""
    sheet.set_column(0, 0, first)
    sheet.set_column(1, 1, _WIDEST)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
