"""Slides whose charts are PowerPoint's own: the figures can be opened, changed and restyled, and stay readable without colour."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from espalier.exports import words
from espalier.exports.axes import even
from espalier.exports.shapes import Figure, Heading, Picture, Row, Table, Words, plain
from espalier.ui.filters import day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.exports.shapes import Block, Document

_INK, _GREY, _SOFT, _BLUE, _ORANGE, _PURPLE, _TITLE = "1D2A25", "7C8A96", "4A5A53", "005EB8", "B84A00", "6A3D9A", "1F4F3C"
# What stands out is a series of its own: shape and colour then stand in the legend too, and no program has to be trusted to
# keep the look of single points.
_STANDS_OUT = {"better": (_BLUE, "DIAMOND"), "worse": (_ORANGE, "SQUARE"), "high": (_PURPLE, "TRIANGLE"), "low": (_PURPLE, "TRIANGLE")}
_WIDE, _HIGH = 13.333, 7.5  # inches: a wide screen
_MARGIN = 0.6
_LARGE, _LINE = 30, 58  # the size of a title on its own; letters of a title that fit one line at the usual size
_UNKNOWN = "What we do not know yet"
_LONGEST = 900  # letters of one slide's text; more goes on to the next


def deck(document: Document) -> bytes:
    """Write a document as slides: a title, then one slide a chart, a row of charts, a table or a few paragraphs."""
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.slide_width, show.slide_height = Inches(_WIDE), Inches(_HIGH)
    show.core_properties.title = plain(document.title)
    show.core_properties.author = "Espalier"
    show.core_properties.language = "en-GB"
    _first(show, document)
    for block in _gathered(document.blocks):
        _slide_of(show, block)
    buffer = io.BytesIO()
    show.save(buffer)
    return buffer.getvalue()


def _first(show: Any, document: Document) -> None:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Inches

    slide = _titled(show, document.title, size=36)
    bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(0.22), Inches(_HIGH))
    bar.fill.solid()
    bar.fill.fore_color.rgb = _rgb(_TITLE)
    bar.line.fill.background()
    bar.name = "Decoration"
    lead = " · ".join(filter(None, [document.place, f"for {document.for_whom}" if document.for_whom else "", day(document.made_on)]))
    _text(slide, [lead, *document.introduction.split("\n\n"), f"{words.MADE_WITH}."], top=1.9, height=4.6, size=18)


def _gathered(blocks: Sequence[Block]) -> list[Block]:
    """Put rows without a chart together, so that nobody turns slide after slide that says nothing is known."""
    empty = [one for one in blocks if isinstance(one, Row) and not one.pictures]
    told = Table(_UNKNOWN, ("What we look at", "What would help"), tuple((one.heading, one.words) for one in empty))
    gathered: list[Block] = [one for one in blocks if not (isinstance(one, Row) and not one.pictures)]
    last = max((place for place, one in enumerate(gathered, start=1) if isinstance(one, Row)), default=0)
    return [*gathered[:last], told, *gathered[last:]] if len(empty) > 1 else list(blocks)


def _slide_of(show: Any, block: Block) -> None:
    if isinstance(block, Heading):
        _titled(show, block.text, size=36)
    elif isinstance(block, Words):
        _words(show, block.text)
    elif isinstance(block, Table):
        _table(_titled(show, block.caption), block)
    elif isinstance(block, Row):
        _row(show, block)
    elif isinstance(block, Figure):
        _figure(show, block)
    else:
        _one(show, block)


def _words(show: Any, text: str) -> None:
    """Words right after a heading stand on its slide, below it; other words get a slide that their first line names."""
    slides = list(show.slides)
    if len(slides) > 1 and len(slides[-1].shapes) == 1:
        _text(slides[-1], text.split("\n\n"), top=1.9, height=4.8, size=24 if len(text) < 300 else 18)
        return
    _text(_titled(show, text.split("\n", maxsplit=1)[0][:70]), text.split("\n\n"), top=1.5, height=5.2, size=18)


def _one(show: Any, picture: Picture) -> None:
    slide = _titled(show, picture.title)
    _text(slide, [f"{words.latest(picture)}: {words.sign(picture)}"], top=1.1, height=0.45, size=18, bold=True)
    room = 4.25 if picture.words else 5.2
    _chart(slide, picture, left=_MARGIN, top=1.65, width=_WIDE - 2 * _MARGIN, height=room)
    if picture.words:
        _text(slide, picture.words[:_LONGEST].split("\n\n"), top=5.95, height=1.0, size=16 if len(picture.words) < 330 else 12)
    _text(slide, [words.source(picture)], top=7.0, height=0.35, size=10, colour=_SOFT)
    method = f"{words.middle(picture)} and usual range: {picture.method}."
    _notes(slide, [picture.words, words.alternative(picture), words.meaning(picture), picture.definition, method])


def _figure(show: Any, figure: Figure) -> None:
    """Put a drawing on a slide of its own, as large as it goes, with the words that say the same."""
    from pptx.util import Inches

    from espalier.exports.images import png

    slide = _titled(show, figure.title)
    room, high = _WIDE - 2 * _MARGIN, 5.9
    width = min(room, high / figure.ratio)
    place = Inches((_WIDE - width) / 2), Inches(1.2 + max(0.0, (high - width * figure.ratio) / 2))
    shape = slide.shapes.add_picture(io.BytesIO(png(figure.svg)), *place, width=Inches(width))
    shape._element.nvPicPr.cNvPr.set("descr", plain(figure.alt))  # noqa: SLF001  the library has no other way
    _notes(slide, [figure.alt])


def _row(show: Any, row: Row) -> None:
    """Put up to three charts side by side; a row of more goes on with another slide."""
    several = [row.pictures[at : at + 3] for at in range(0, len(row.pictures), 3)] or [()]
    for part in several:
        slide = _titled(show, row.heading)
        each = (_WIDE - 2 * _MARGIN) / max(len(part), 1)
        for place, picture in enumerate(part):
            left = _MARGIN + place * each
            _text(slide, [picture.title], top=1.15, height=0.75, size=13, bold=True, left=left, width=each - 0.2)
            _chart(slide, picture, left=left, top=1.9, width=each - 0.2, height=3.4, legend=len(part) == 1)
            says = f"{words.latest(picture)}: {words.sign(picture)}"
            _text(slide, [says], top=5.3, height=0.5, size=13, left=left, width=each - 0.2, bold=True)
            _text(slide, [picture.words[:300]], top=5.85, height=1.0, size=13, left=left, width=each - 0.2)
        if row.words:
            _text(slide, row.words.split("\n\n"), top=6.6 if part else 1.6, height=0.7, size=16 if part else 20)
        _notes(slide, [row.words, *(words.alternative(one) for one in part)])


def _titled(show: Any, title: str, *, size: int = 26) -> Any:
    """Add a slide with a real title, which is what a screen reader and the list of slides go by."""
    from pptx.util import Inches

    slide = show.slides.add_slide(show.slide_layouts[5])
    shape = slide.shapes.title
    shape.left, shape.top, shape.width = Inches(_MARGIN), Inches(0.3), Inches(_WIDE - 2 * _MARGIN)
    shape.height = Inches(0.75 if size < _LARGE else 1.4)
    # One line where it can be: a second one would run into what stands below.
    fits = size if len(title) <= _LINE or size >= _LARGE else max(14, size * _LINE // len(title))
    _write(shape.text_frame, [title], size=fits, colour=_TITLE, bold=True)
    return slide


def _text(
    slide: Any, lines: list[str], *, top: float, height: float, size: int, left: float = _MARGIN, width: float = _WIDE - 2 * _MARGIN,
    colour: str = _INK, bold: bool = False,
) -> None:  # fmt: skip
    from pptx.util import Inches

    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    _write(box.text_frame, lines, size=size, colour=colour, bold=bold)


def _write(frame: Any, lines: list[str], *, size: int, colour: str, bold: bool = False) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for number, line in enumerate([plain(one).strip() for one in lines if one.strip()]):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(size * 0.4)
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Arial"
        run.font.color.rgb = _rgb(colour)


def _notes(slide: Any, lines: list[str]) -> None:
    slide.notes_slide.notes_text_frame.text = "\n\n".join(plain(line) for line in lines if line)


def _chart(slide: Any, picture: Picture, *, left: float, top: float, width: float, height: float, legend: bool = True) -> None:
    """Draw with PowerPoint's own chart: figures, average, limits and target as series; what stands out by colour and by shape."""
    from pptx.chart import data as chart_data
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Inches, Pt

    data: Any = chart_data.CategoryChartData(number_format="General")  # type: ignore[no-untyped-call]
    data.categories = [point.on for point in picture.points]
    for name, column in _columns(picture):
        data.add_series(name, column)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, Inches(left), Inches(top), Inches(width), Inches(height), data)
    frame.name = plain(picture.title)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", plain(words.alternative(picture)))  # noqa: SLF001  the library has no other way
    chart = frame.chart
    chart.has_title = False
    chart.font.name, chart.font.size = "Arial", Pt(11)
    chart.has_legend = legend
    if legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = Pt(12)
    _axes(chart, picture)
    for series, (name, _) in zip(chart.plots[0].series, _columns(picture), strict=True):
        _line(series, name)


def _columns(picture: Picture) -> list[tuple[str, list[float | None]]]:
    points = picture.points
    several: list[tuple[str, list[float | None]]] = [("Figure", [p.value for p in points])]
    several.append((words.middle(picture), [p.centre for p in points]))
    if any(p.upper is not None or p.lower is not None for p in points):
        several += [("Lower limit", [words.lowest(picture, p.lower) for p in points]), ("Upper limit", [p.upper for p in points])]
        several = [one for one in several if one[0] != "Lower limit" or any(value is not None for value in one[1])]
    if any(goal is not None for goal in picture.goals):
        several.append(("Target", list(picture.goals)))
    for mark in _STANDS_OUT:
        if any(p.mark == mark for p in points):
            several.append((words.MARKS[mark], [p.value if p.mark == mark else None for p in points]))
    return several


def _axes(chart: Any, picture: Picture) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    months, figures = chart.category_axis, chart.value_axis
    for axis in (months, figures):
        axis.tick_labels.font.size = Pt(11)
        axis.format.line.color.rgb = _rgb("AEB7BD")
    form = "d mmm yyyy" if picture.grain in {"day", "week"} else "mmm yyyy"
    months.tick_labels.number_format, months.tick_labels.number_format_is_linked = form, False
    months.has_major_gridlines = False
    months.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _label_every(months, *words.steps(picture))
    figures.major_gridlines.format.line.color.rgb = _rgb("E3E8EB")
    seen = [number for _, column in _columns(picture) for number in column if number is not None]
    seen += [0.0] if words.floored(picture) else []
    least, most, step = even(min(seen, default=0.0), max(seen, default=1.0))
    figures.minimum_scale, figures.maximum_scale, figures.major_unit = least, most, step
    sign = "%" if picture.measured_in == "percent" and not picture.differenced else ""
    form = f'#,##{"0" if step >= 1 else "0.0" if step >= 0.1 else "0.00"}"{sign}"'
    figures.tick_labels.number_format, figures.tick_labels.number_format_is_linked = form, False


def _label_every(axis: Any, many: int, unit: str) -> None:
    """Write a label every so many months or days; left alone, programs name some months twice."""
    from pptx.oxml.ns import qn
    from pptx.oxml.xmlchemy import OxmlElement

    if axis._element.tag != qn("c:dateAx"):  # noqa: SLF001  the library has no other way
        return
    for tag, value in (("c:baseTimeUnit", unit), ("c:majorUnit", str(many)), ("c:majorTimeUnit", unit)):
        for old in axis._element.findall(qn(tag)):  # noqa: SLF001
            axis._element.remove(old)  # noqa: SLF001
        made = OxmlElement(tag)
        made.set("val", value)
        axis._element.append(made)  # noqa: SLF001


def _line(series: Any, name: str) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    series.smooth = False
    out = next((look for mark, look in _STANDS_OUT.items() if words.MARKS[mark] == name), None)
    if out:
        series.format.line.fill.background()
        series.marker.style = getattr(XL_MARKER_STYLE, out[1])
        _paint(series.marker, out[0], 10)
        return
    colour, width, dash = {
        "Figure": (_GREY, 2.0, None), "Average": (_INK, 1.25, None), "Median": (_INK, 1.25, None),
        "Target": (_INK, 1.5, MSO_LINE.LONG_DASH),
        "Lower limit": (_SOFT, 1.25, MSO_LINE.ROUND_DOT), "Upper limit": (_SOFT, 1.25, MSO_LINE.ROUND_DOT),
    }[name]  # fmt: skip
    series.format.line.color.rgb, series.format.line.width = _rgb(colour), Pt(width)
    if dash:
        series.format.line.dash_style = dash
    series.marker.style = XL_MARKER_STYLE.CIRCLE if name == "Figure" else XL_MARKER_STYLE.NONE
    if name == "Figure":
        _paint(series.marker, _GREY, 6)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour)  # type: ignore[no-untyped-call]


def _paint(marker: Any, colour: str, size: int) -> None:
    marker.size = size
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = _rgb(colour)
    marker.format.line.color.rgb = _rgb(colour)


def _table(slide: Any, block: Table) -> None:
    from pptx.util import Inches

    height = min(5.4, 0.5 * (len(block.rows) + 1))
    place = (Inches(_MARGIN), Inches(1.4), Inches(_WIDE - 2 * _MARGIN), Inches(height))
    shape = slide.shapes.add_table(len(block.rows) + 1, len(block.head), *place)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", plain(block.caption))  # noqa: SLF001  the library has no other way
    for number, share in enumerate(words.shares(block)):
        shape.table.columns[number].width = Inches(share * (_WIDE - 2 * _MARGIN))
    for number, row in enumerate((block.head, *block.rows)):
        for column, cell in enumerate(row):
            frame = shape.table.cell(number, column).text_frame
            _write(frame, [cell or "–"], size=14, colour="FFFFFF" if number == 0 else _INK, bold=number == 0)
            fill = shape.table.cell(number, column).fill
            fill.solid()
            fill.fore_color.rgb = _rgb(_TITLE if number == 0 else "FFFFFF" if number % 2 else "F4F6F2")
